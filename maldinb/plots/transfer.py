"""Figures of another hospital: what causes and cures do there, and what own isolates are worth."""

import numpy as np

from .scores import plot_intervals
from .style import BLACK, BLUE, GREEN, ORANGE, VERMILION

#: what a model was trained on -> colour, line style, marker
TRAINING_STYLES = {
    "others": (BLACK, ":", "D"),
    "own": (ORANGE, "--", "s"),
    "own and others": (BLUE, "-", "o"),
}
#: worlds of a table of causes -> colour, marker
CAUSE_STYLES = {"only": (VERMILION, "s"), "all but": (BLUE, "o")}
#: number of a cure -> axis label
CURE_LABELS = {
    "left out": "AUROC, left-out hospital",
    "within": "AUROC within hospitals",
    "batch told": "hospital told\n(balanced accuracy)",
    "recovery": "planted peaks found\n(average precision)",
}


def plot_profile_agreement(table, ax):
    """Draw how well R-less-S profiles agree: of two halves of each batch, and of halves of two batches.

    Parameters
    ----------
    table : DataFrame
        From `transfer.profile_agreement`.
    ax : Axes

    Returns
    -------
    Axes
        Vertical strokes are ceilings: what two batches would show if their profiles differed by chance only.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> import pandas as pd
    >>> from maldinb import plots
    >>> table = pd.DataFrame({"batch": ["Milan", "Milan", "Rome"], "other": ["Milan", "Rome", "Rome"]})
    >>> table = table.assign(correlation=[0.4, 0.1, 0.3], low=0.0, high=0.5, ceiling=[0.4, 0.35, 0.3])
    >>> ax = plots.plot_profile_agreement(table, plt.figure().add_subplot())
    """
    same = (table["batch"] == table["other"]).to_numpy()
    order = np.argsort(~same, kind="stable")
    table, same, rows = table.iloc[order], same[order], np.arange(len(table))
    value = table["correlation"].to_numpy()
    reach = np.abs(table[["low", "high"]].to_numpy() - value[:, None]).T
    kinds = {"two halves of one": (same, GREEN, "s"), "halves of two": (~same, BLUE, "o")}
    for name, (mine, color, marker) in kinds.items():
        bars = {"xerr": reach[:, mine], "fmt": marker, "color": color, "capsize": 3, "linewidth": 1.5, "label": name}
        ax.errorbar(value[mine], rows[mine], **bars)
    strokes = {"marker": "|", "markersize": 16, "markeredgewidth": 2, "linestyle": "none", "color": BLACK}
    ax.plot(table["ceiling"].to_numpy()[~same], rows[~same], label="ceiling", **strokes)
    ax.axvline(0, color="0.3", linestyle="--", label="no agreement", zorder=0)
    pairs = zip(table["batch"], table["other"], strict=True)
    ax.set_yticks(rows, [one if one == other else f"{one} and {other}" for one, other in pairs])
    ax.set(xlabel="agreement of R-less-S profiles\n(Pearson's r, 95 % of halvings)", ylim=(len(rows) - 0.5, -0.5))
    ax.tick_params(axis="y", length=0)
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1), borderaxespad=0, ncols=2)
    return ax


def plot_causes(table, ax, *, xlabel="AUROC in the left-out city"):
    """Draw each cause of a difference between cities, as the only one and as the only one that is missing.

    Parameters
    ----------
    table : DataFrame
        From `transfer.cause_table`.
    ax : Axes
    xlabel : str
        What was measured.

    Returns
    -------
    Axes
        A cause that matters by itself moves "only" from the line of nothing towards that of everything; one without
        which all would be well moves "all but" the other way.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> from maldinb import plots, transfer
    >>> table = transfer.cause_table(transfer.stored_causes().table)
    >>> ax = plots.plot_causes(table, plt.figure().add_subplot())
    """
    for name, line in (("nothing", ":"), ("everything", "--")):
        value = table.loc[(name, ""), "value"]
        ax.axvline(value, color="0.3", linestyle=line, label=f"{name} differs ({value:.2f})", zorder=0)
    causes = table.loc[list(CAUSE_STYLES)].swaplevel()
    return plot_intervals(causes, ax, value="value", group="differs", styles=CAUSE_STYLES, xlabel=xlabel)


def plot_cures(table, axes, *, chance=None):
    """Draw the four numbers of each cure, one beside the other.

    Parameters
    ----------
    table : DataFrame
        From `transfer.mean_over_seeds`: ``value``, ``low`` and ``high``, indexed by ``cure``, ``number`` and what else
        tells rows apart, such as ``world``, which gets colours and markers.
    axes : sequence of Axes
        Four, side by side.
    chance : dict, optional
        number -> what knows nothing would score; by default 0.5 for AUROC.

    Returns
    -------
    ndarray of Axes

    Raises
    ------
    ValueError
        If there are not four Axes, or the index has no such levels.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> from maldinb import plots, transfer
    >>> table = transfer.stored_cures().table
    >>> table = transfer.mean_over_seeds(table[table["model"] == "gradient boosting"], ["cure", "world"],
    ...                                  ["left out", "within", "batch told", "recovery"])
    >>> axes = plots.plot_cures(table, plt.figure().subplots(1, 4), chance={"batch told": 1 / 3})
    """
    axes = np.ravel(axes)
    if len(axes) != len(CURE_LABELS):
        raise ValueError(f"four numbers take four Axes, not {len(axes)}")
    if missing := {"cure", "number"} - set(table.index.names):
        raise ValueError(f"the index has no level {', '.join(sorted(missing))}; see transfer.mean_over_seeds()")
    others = [name for name in table.index.names if name not in ("cure", "number")]
    chance = {"left out": 0.5, "within": 0.5} | (chance or {})
    for ax, (number, label) in zip(axes, CURE_LABELS.items(), strict=True):
        rows = table.xs(number, level="number")
        rows = rows.assign(low=rows["low"].clip(0), high=rows["high"].clip(upper=1))  # Student's know no bounds
        options = {"reference": chance.get(number), "reference_label": "chance", "xlabel": label, "numbers": None}
        plot_intervals(rows, ax, value="value", group=others[0] if others else None, **options)
        if ax is not axes[0]:
            ax.set_yticklabels([])
        if ax.get_legend():
            ax.get_legend().remove()
    axes[-1].legend(*axes[0].get_legend_handles_labels(), loc="upper left", bbox_to_anchor=(1.01, 1))
    return axes


def plot_local_curve(curve, ax, *, value="auroc"):
    """Draw what labelled isolates of one's own are worth, alone and together with those of the others.

    Parameters
    ----------
    curve : DataFrame
        Rows of one batch from `transfer.local_curve`, or means over several: ``isolates``, ``trained on``, `value`,
        ``low`` and ``high``.
    ax : Axes
    value : str
        Column of the scores.

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        If there are several rows for the same isolates and training.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> import pandas as pd
    >>> from maldinb import plots
    >>> curve = pd.DataFrame({"isolates": [0, 50, 50], "trained on": ["others", "own", "own and others"],
    ...                       "auroc": [0.5, 0.8, 0.7], "low": [0.4, 0.7, 0.6], "high": [0.6, 0.9, 0.8]})
    >>> ax = plots.plot_local_curve(curve, plt.figure().add_subplot())
    """
    if curve.duplicated(["isolates", "trained on"]).any():
        raise ValueError("several rows have the same isolates and training: draw one batch, or means over them")
    at_zero = curve[curve["trained on"] == "others"]
    apart = 0.008 * max(curve["isolates"].max(), 1)  # so that intervals do not hide each other
    for shift, (name, (color, line, marker)) in zip((0, apart, -apart), TRAINING_STYLES.items(), strict=True):
        mine = curve[curve["trained on"] == name].sort_values("isolates")
        x, y = mine["isolates"] + shift, mine[value]
        reach = np.abs(mine[["low", "high"]].to_numpy() - y.to_numpy()[:, None]).T
        ax.errorbar(x, y, yerr=reach, fmt=marker, color=color, linestyle=line, capsize=3, linewidth=1.5, label=name)
        if name == "others" and len(mine):
            ax.axhline(y.iloc[0], color=color, linestyle=line, linewidth=0.8, zorder=0)
        if name == "own and others" and len(mine) and len(at_zero):
            ax.plot([0, x.iloc[0]], [at_zero[value].iloc[0], y.iloc[0]], color=color, linestyle=line, linewidth=1.5)
    ax.axhline(0.5, color="0.7", linewidth=0.8, linestyle="-.", label="coin", zorder=0)
    ax.set(xlabel="labelled isolates of this hospital", ylabel="AUROC on its other isolates")
    ax.set_xticks(sorted(set(curve["isolates"])))
    ax.legend(title="trained on", loc="upper left", bbox_to_anchor=(1.01, 1), alignment="left")
    return ax
