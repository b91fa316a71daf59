"""Colours, markers and names that all figures share.

Colours are those of Okabe and Ito, which colour-blind readers can tell apart, and colour is never the only signal:
cities also differ in line style and marker, labels in marker and hatching.
"""

from itertools import cycle

import matplotlib.pyplot as plt

BLACK, ORANGE, SKY, GREEN, YELLOW, BLUE, VERMILION, PURPLE = (
    "#000000", "#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#D55E00", "#CC79A7",
)  # fmt: skip

#: label -> colour, marker, hatching
LABEL_STYLES = {
    "R": (VERMILION, "o", "//"),
    "S": (SKY, "s", ""),
    "I": (YELLOW, "^", ".."),
    "unlabelled": ("0.8", "x", ""),
}

_BATCH_STYLES = {"Rome": (BLUE, "-", "o"), "Milan": (ORANGE, "--", "s"), "Catania": (GREEN, "-.", "^")}
_OTHER_STYLES = list(_BATCH_STYLES.values()) + [
    (PURPLE, ":", "D"),
    (VERMILION, (0, (5, 1)), "v"),
    (BLACK, (0, (1, 1)), "P"),
]
#: colour, line style and marker of models and other series that have no styles of their own, in turn
SERIES_STYLES = [
    (BLUE, "-", "o"),
    (VERMILION, "--", "s"),
    (GREEN, "-.", "^"),
    (PURPLE, ":", "D"),
    (ORANGE, (0, (5, 1)), "v"),
    (BLACK, (0, (1, 1)), "P"),
    (SKY, (0, (8, 2)), "X"),
    ("0.5", (0, (3, 1, 1, 1, 1, 1)), "*"),
]
MZ_LABEL, INTENSITY_LABEL = "m/z (Da)", "intensity (counts)"
SHARE_LABEL = "intensity (share of all ions)"


def use_style():
    """Set what all figures of the course have in common: size, layout, fonts."""
    plt.rcParams.update(
        {
            "figure.figsize": (8, 3.2),
            "figure.dpi": 96,
            "figure.constrained_layout.use": True,
            "font.size": 10,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.titlesize": 10,
            "axes.titlelocation": "left",
            "legend.frameon": False,
            "lines.linewidth": 1.0,
        }
    )


def batch_styles(batches):
    """Colour, line style and marker of each city: always the same for Rome, Milan and Catania.

    Parameters
    ----------
    batches : iterable of str

    Returns
    -------
    dict
        batch -> (colour, line style, marker), in sorted order.
    """
    batches = sorted(set(batches))
    if set(batches) <= set(_BATCH_STYLES):
        return {b: _BATCH_STYLES[b] for b in batches}
    return dict(zip(batches, cycle(_OTHER_STYLES)))  # noqa: B905 - the styles go round
