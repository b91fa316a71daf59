"""Figures of what probabilities are worth, at home and in another hospital."""

from itertools import cycle

import matplotlib as mpl

from .scores import plot_intervals
from .style import BLUE, GREEN, SERIES_STYLES, VERMILION, batch_styles

#: part -> colour and marker
_PARTS = {"home": (BLUE, "o"), "abroad": (VERMILION, "s"), "calibrated abroad": (GREEN, "^")}


def plot_coverage(table, ax, *, level=None):
    """Draw how often conformal sets hold the true label, with intervals.

    Parameters
    ----------
    table : DataFrame
        As `transfer.coverage_abroad` or `transfer.coverage_table` returns it.
    ax : Axes
    level : float, optional
        What was promised: drawn as a vertical line.

    Returns
    -------
    Axes
        A line of the chart for each label, with a colour and a marker for each part, home or abroad, or for each
        batch. Where an interval lies left of the promise, it was broken.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> from maldinb import plots, transfer
    >>> y, score = [0, 0, 0, 1, 1, 1], [0.1, 0.2, 0.6, 0.4, 0.7, 0.9]
    >>> table = transfer.coverage_table(transfer.ConformalSets(0.6).fit(score, y), y, score, ["Rome", "Milan"] * 3)
    >>> ax = plots.plot_coverage(table, plt.figure().add_subplot(), level=0.6)
    """
    abroad = "left_out" in table
    group = "part" if abroad else "batch"
    rows = table.set_index([*(["left_out"] if abroad else []), "label", group])
    styles = {part: _PARTS[part] for part in table["part"].unique()} if abroad else batch_styles(table["batch"])
    plot_intervals(
        rows, ax, value="coverage", group=group, styles=styles, reference=level, reference_label="promised",
        xlabel="share of isolates whose set holds their label", numbers=None,
    )  # fmt: skip
    ax.set(xlim=(-0.03, 1.03), ylabel="left out, label" if abroad else "label")
    return ax


def plot_abstention(table, ax):
    """Draw the error of the answers that are given against the share of isolates that get one.

    Parameters
    ----------
    table : DataFrame
        As `transfer.abstention_abroad` or `transfer.abstention_table` returns it.
    ax : Axes

    Returns
    -------
    Axes
        Home in full lines and abroad in broken ones, with a colour and a marker for each left-out batch; a single
        curve has its interval around it. A model that knows when it does not know has curves that rise to the right.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> from maldinb import plots, transfer
    >>> table = transfer.abstention_table([0, 0, 1, 1], [0.1, 0.6, 0.4, 0.8], [0.5, 1])
    >>> ax = plots.plot_abstention(table, plt.figure().add_subplot())
    """
    if "left_out" in table:
        styles = batch_styles(table["left_out"])
        for (name, part), one in table.groupby(["left_out", "part"], sort=False):
            color, marker = styles[name]
            line = "-" if part == "home" else "--"
            label = f"{name}, left out" if part == "abroad" else f"home without {name}"
            ax.plot(one["answered"], one["error"], color=color, marker=marker, linestyle=line, label=label)
        ax.legend(loc="upper left", bbox_to_anchor=(1, 1))
    else:
        ax.plot(table["answered"], table["error"], "o-", color=BLUE)
        ax.fill_between(table["answered"], table["low"], table["high"], color=BLUE, alpha=0.15, linewidth=0)
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(mpl.ticker.PercentFormatter(1, symbol=" %"))
    ax.set(xlabel="isolates answered, the surest first", ylabel="wrong answers", xlim=(0, 1.02), ylim=(-0.02, 1.02))
    return ax


def plot_decision_curve(table, ax):
    """Draw net benefit against the threshold on P(R) from which an isolate is handled as resistant.

    Parameters
    ----------
    table : DataFrame
        As `transfer.decision_curve` returns it.
    ax : Axes

    Returns
    -------
    Axes
        Of all strategies the highest is the best at a threshold. Net benefit below -0.1 is cut off.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> from maldinb import plots, transfer
    >>> table = transfer.decision_curve([0, 0, 1, 1], [0.1, 0.6, 0.4, 0.9])
    >>> ax = plots.plot_decision_curve(table, plt.figure().add_subplot())
    """
    from ..transfer.decisions import ALL, NONE  # lessons that draw spectra only need not wait for it

    plain = {ALL: ("0.5", (0, (6, 2))), NONE: ("0.2", ":")}
    styles = cycle(SERIES_STYLES)
    for name, one in table.groupby("strategy", sort=False):
        color, line = plain.get(name) or next(styles)[:2]
        ax.plot(one["threshold"], one["net_benefit"], color=color, linestyle=line, linewidth=1.5, label=name)
    top = max(table["net_benefit"].max(), 0)
    ax.set(xlabel="threshold on P(R)", ylabel="net benefit", xlim=(0, 1), ylim=(-0.1, 0.05 + 1.05 * top))
    ax.legend(loc="upper left", bbox_to_anchor=(1, 1))
    return ax
