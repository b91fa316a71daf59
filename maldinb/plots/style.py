"""Colours, markers and names that all figures share.

Colours are those of Okabe and Ito, which colour-blind readers can tell apart, and colour is never the only signal:
batches also differ in marker, labels in marker and hatching, other series in line style and marker.
"""

from itertools import cycle

import matplotlib as mpl
import seaborn as sns

BLACK, ORANGE, SKY, GREEN, YELLOW, BLUE, VERMILION, PURPLE = (
    "#000000", "#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#D55E00", "#CC79A7",
)  # fmt: skip

#: label -> colour, marker, hatching
LABEL_STYLES = {
    "R": (VERMILION, "o", "//"),
    "S": (SKY, "s", ""),
    "I": (YELLOW, "^", ".."),
    "unlabelled": ("0.8", "X", ""),
}

_BATCH_STYLES = {"Rome": (BLUE, "o"), "Milan": (ORANGE, "s"), "Catania": (GREEN, "^")}
_OTHER_STYLES = [*_BATCH_STYLES.values(), (PURPLE, "D"), (VERMILION, "v"), (BLACK, "P")]
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
SHARE_LABEL = "intensity (share of the sum)"


def use_style():
    """Set what all figures of the course have in common: size, layout, fonts, colours.

    Examples
    --------
    >>> from maldinb import plots
    >>> plots.use_style()
    """
    sns.set_theme(
        "paper", "ticks", [color for color, *_ in SERIES_STYLES], font="DejaVu Sans", font_scale=1.05,
        rc={
            "figure.figsize": (8, 3.2), "figure.dpi": 96, "figure.constrained_layout.use": True,
            "axes.spines.top": False, "axes.spines.right": False, "axes.titlelocation": "left",
            "legend.frameon": False, "lines.linewidth": 1.0,
        },
    )  # fmt: skip


def batch_styles(batches):
    """Colour and marker of each batch: always the same for Rome, Milan and Catania.

    Parameters
    ----------
    batches : iterable of str

    Returns
    -------
    dict
        batch -> (colour, marker), in sorted order.

    Examples
    --------
    >>> from maldinb import plots
    >>> plots.batch_styles(["Rome", "Milan", "Rome"])
    {'Milan': ('#E69F00', 's'), 'Rome': ('#0072B2', 'o')}
    """
    batches = sorted(set(batches))
    if set(batches) <= set(_BATCH_STYLES):
        return {b: _BATCH_STYLES[b] for b in batches}
    return dict(zip(batches, cycle(_OTHER_STYLES)))  # noqa: B905 - the styles go round


def inside(mz, window, what):
    """Which m/z lie in a window, ends included; ValueError if `what`, such as "bin", lies there nowhere."""
    seen = (mz >= window[0]) & (mz <= window[1])
    if not seen.any():
        raise ValueError(f"no {what} lies in the window {window[0]:g}-{window[1]:g} Da")
    return seen


def log_mz(ax):
    """Make the axis of m/z logarithmic: peaks widen with m/z, and most lie in its lower half."""
    ax.set(xscale="log", xlabel=f"{MZ_LABEL}, logarithmic")
    ax.xaxis.set_major_locator(mpl.ticker.LogLocator(subs=(1, 2, 3, 5)))
    ax.xaxis.set_major_formatter("{x:g}")
    ax.xaxis.set_minor_locator(mpl.ticker.NullLocator())


def hatch_labels(ax):
    """Hatch bars that have the colour of a label, and their patches in the legend: colour is not enough."""
    for patch in (*ax.patches, *ax.get_legend().get_patches()):
        for color, _, hatching in LABEL_STYLES.values():
            if mpl.colors.same_color(patch.get_facecolor(), color):
                patch.set_hatch(hatching)
