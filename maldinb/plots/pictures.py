"""Figures as pictures that stand in a page itself, each with a text for those who do not see it."""

import base64
import io
from typing import NamedTuple

import matplotlib as mpl
from matplotlib.figure import Figure as Canvas

from .style import use_style

WIDTH = 5.2  # inches, so that text can still be read on a telephone


class Figure(NamedTuple):
    """A picture as an address that holds it all, its alternative text, and its caption."""

    src: str
    alt: str
    caption: str


def picture(draw, height, alt, caption, *, rows=1, width=WIDTH):
    """Draw on new Axes, one above the other, in the style of the course, which is put back afterwards."""
    with mpl.rc_context():
        use_style()
        figure = Canvas(figsize=(width, height), layout="constrained")
        draw(figure.subplots(rows))
        file = io.BytesIO()
        figure.savefig(file, format="png", dpi=160, metadata={"Software": None})
    return Figure("data:image/png;base64," + base64.b64encode(file.getvalue()).decode(), alt, caption)
