"""How a claim looks: one line of text where there is only text, and in a notebook a mark that one sees.

The mark differs in colour and in shape, and brings its own background: no colour stands out from both a white and a
black page. The style stands in each line, as a notebook has no other place for it.
"""

from __future__ import annotations

import html
import sys
from typing import NamedTuple


class _Mark(NamedTuple):
    said: str  # by a screen reader, and on hover
    colour: str  # behind the white sign
    corner: str


HELD, BROKEN, UNKNOWN = "✓", "✗", "?"
_MARKS = {
    HELD: _Mark("holds", "#00694e", "50%"),
    BROKEN: _Mark("does not hold", "#a8200d", "0"),
    UNKNOWN: _Mark("unknown", "#595959", "35%"),
}
#: How the HTML of a claim begins, and of nothing else.
BEGIN = '<div class="claim"'


def sign(mark: str) -> str:
    """A mark as HTML that is seen, read aloud, and explained on hover.

    Parameters
    ----------
    mark : {"✓", "✗", "?"}
    """
    said, colour, corner = _MARKS[mark]
    return (
        f'<span role="img" aria-label="{said}" title="{said}" style="display: inline-block; width: 1.4em; '
        "margin-right: 0.5em; text-indent: 0; text-align: center; line-height: 1.4; font-weight: bold; "
        f'color: #ffffff; background-color: {colour}; border-radius: {corner}">{mark}</span>'
    )


def bundle(mark: str, sentence: str, why: str = "") -> dict[str, str]:
    """A claim as text and as HTML, by their types.

    Parameters
    ----------
    mark : {"✓", "✗", "?"}
    sentence : str
        One line.
    why : str
        The numbers or the reason behind it.
    """
    style = "" if mark == UNKNOWN else ' style="white-space: nowrap"'  # a reason may be long, numbers are not
    behind = f" <small{style}>({html.escape(why)})</small>" if why else ""
    return {
        "text/plain": f"{mark} {sentence}" + (f" ({why})" if why else ""),
        "text/html": f'{BEGIN} style="padding-left: 1.9em; text-indent: -1.9em; line-height: 1.6">'
        f"{sign(mark)}{html.escape(sentence)}{behind}</div>",
    }


def show(mark: str, sentence: str, why: str = "") -> None:
    """Display a claim in a notebook, and print it elsewhere."""
    data = bundle(mark, sentence, why)
    if _in_a_notebook():
        from IPython.display import display

        display(data, raw=True)
    else:
        print(data["text/plain"])


def _in_a_notebook() -> bool:
    """Whether a kernel runs this, which can show more than text."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return getattr(shell, "kernel", None) is not None
