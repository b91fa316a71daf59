"""Figures of gates, and of the way back from them to m/z."""

from itertools import cycle

import matplotlib as mpl
import numpy as np
import pandas as pd
import seaborn as sns

from ..preprocessing import middles
from .spectra import plot_scatter
from .style import BLACK, BLUE, MZ_LABEL, SERIES_STYLES, SKY, VERMILION, inside, log_mz


def plot_gates(gates, y, ax, *, limits=(0, 1), cmap="cividis"):
    """Draw gates as a picture: a row for each spectrum, S above R, a column for each hidden unit.

    Parameters
    ----------
    gates : array_like, shape (n_spectra, hidden_dim)
    y : array_like of {0, 1}, shape (n_spectra,)
        1 for resistant.
    ax : Axes
    limits : (float, float) or None
        Gates at the ends of the colour scale. None stretches it from the lowest to the highest.
    cmap : str
        Matplotlib's name of the colours.

    Returns
    -------
    Axes

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> from maldinb import plots
    >>> ax = plots.plot_gates([[0.2, 0.4], [0.6, 0.8]], [1, 0], plt.figure().add_subplot())
    """
    gates, y = np.asarray(gates), np.asarray(y)
    low, high = limits or (None, None)
    sns.heatmap(
        gates[np.argsort(y, kind="stable")], cmap=cmap, vmin=low, vmax=high, cbar_kws={"label": "gate"},
        xticklabels=50 if gates.shape[1] > 100 else "auto", ax=ax,
    )  # fmt: skip
    n_s = (y == 0).sum()
    ax.axhline(n_s, color="white", linewidth=2)
    ax.set_yticks([n_s / 2, (n_s + len(y)) / 2], ["S", "R"], rotation=0)
    ax.tick_params(axis="y", length=0)
    ax.set(xlabel="hidden unit", ylabel="spectra")
    return ax


def plot_gate_spread(gates, ax):
    """Draw how gates are distributed between shut (0) and open (1), one row for each set of gates.

    Parameters
    ----------
    gates : dict
        Name -> gates, any shape.
    ax : Axes

    Returns
    -------
    Axes
        Letter values: the line is the median, the highest box holds the middle half of the gates, each lower pair half
        of what is left outside; points are the last few (Hofmann, Wickham and Kafadar 2017,
        doi:10.1080/10618600.2017.1305277).

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> from maldinb import plots
    >>> gates = {"a": [[0.4, 0.5], [0.5, 0.6]], "b": [0.1, 0.9]}
    >>> ax = plots.plot_gate_spread(gates, plt.figure().add_subplot())
    """
    # One set at a time, and its name as a number: text beside each of a million gates takes 200 MB and two seconds.
    for number, values in enumerate(map(np.ravel, gates.values())):
        names = pd.Categorical.from_codes(np.full(len(values), number), list(gates))
        sns.boxenplot(x=values, y=names, orient="h", color=SKY, k_depth="trustworthy", flier_kws={"s": 6}, ax=ax)
    ax.tick_params(axis="y", length=0)
    ax.set(xlabel="gate", xlim=(0, 1), ylabel="")
    return ax


def plot_effects(effect, importance, separates, ax):
    """Draw of each unit how well its gate tells R from S against how much its knock-out moves the odds.

    Parameters
    ----------
    effect, importance : array_like, shape (hidden_dim,)
        From `separating_gates` and `unit_importance`.
    separates : array_like of bool, shape (hidden_dim,)
    ax : Axes

    Returns
    -------
    Axes
        Units that separate lie on top of the others.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> from maldinb import plots
    >>> ax = plots.plot_effects([-0.2, 0.1], [0.3, 0.1], [True, False], plt.figure().add_subplot())
    """
    points, order = np.c_[np.abs(effect), importance], np.argsort(separates, kind="stable")
    names = np.where(separates, "separating", "other gates")
    plot_scatter(points[order], names[order], {"other gates": ("0.5", "o"), "separating": (VERMILION, "s")}, ax)
    ax.set(xlabel="effect: abs(AUROC within city - 1/2)", ylabel="knock-out: mean change\nof the log-odds")
    sns.move_legend(ax, "upper left", bbox_to_anchor=(1, 1), handletextpad=0.1)
    return ax


def plot_profiles(profiles, ax, *, peaks=(), names=None, window=None):
    """Draw the largest tenth of profiles over m/z, above each other, each scaled to its largest value.

    Parameters
    ----------
    profiles : DataFrame, shape (n_bins, n_methods)
        Indexed by m/z in Da, as `interpretation.attributions` returns it, or by names of columns that have no m/z. The
        first is drawn on top.
    ax : Axes
    peaks : array_like
        Planted peaks, in Da: thin vertical lines.
    names : dict, optional
        m/z in Da -> text above the figure, from which a dotted line leads to that place.
    window : (float, float), optional
        Show only this range of m/z, in Da.

    Returns
    -------
    Axes
        Upwards are positive values, downwards negative ones; what a sign says depends on the method. Each is drawn over
        the size that nine tenths of the bins of its profile do not reach: every bin has some value, and from 0 this
        floor would fill the figure. Ranges of more than a factor of 2 have a logarithmic axis.

    Raises
    ------
    ValueError
        If no bin lies in the window.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> import pandas as pd
    >>> from maldinb import plots
    >>> profiles = pd.DataFrame({"gradient": [0.1, 0.9, -0.4]}, index=[2000.0, 2003.0, 2006.0])
    >>> ax = plots.plot_profiles(profiles, plt.figure().add_subplot(), peaks=[2003])
    """
    has_mz = pd.api.types.is_numeric_dtype(profiles.index) and profiles.index[0] > 0  # else names or numbers of columns
    mz = profiles.index.to_numpy(float) if has_mz else np.arange(float(len(profiles)))
    bins = has_mz and middles(mz)[1] > 0
    margin = 0 if bins else 0.02 * (mz[-1] - mz[0]) or 1  # a line at the edge would be cut off
    low, high = (mz[0] - margin, mz[-1] + margin) if window is None else window
    seen = inside(mz, (low, high), "bin")
    bottom, top = len(profiles.columns) - 0.4, -0.6
    if known := [peak for peak in peaks if low <= peak <= high]:
        ax.vlines(known, top, bottom, color="0.7", linewidth=0.8, label="planted peak", zorder=0)
        ax.legend(loc="lower right", bbox_to_anchor=(1, 1), borderaxespad=0)
    for row, (_, values) in enumerate(profiles.items()):
        above = (np.sign(values) * (values.abs() - values.abs().quantile(0.9)).clip(0)).to_numpy()[seen]
        height = 0.45 * above / max(np.abs(above).max(), 1e-300)
        for part, color in ((height.clip(min=0), VERMILION), (height.clip(max=0), BLUE)):
            if bins:
                ax.fill_between(mz[seen], row, row - part, color=color, linewidth=0.8)
            else:  # between peaks there is nothing
                ax.vlines(mz[seen], row, row - part, color=color, linewidth=2)
        ax.axhline(row, color="0.8", linewidth=0.8)
    if has_mz and high > 2 * low:
        log_mz(ax)
    else:
        ax.set_xlabel(MZ_LABEL if has_mz else "column")
    ax.set(xlim=(low, high), ylim=(bottom, top), ylabel="largest tenth of each map\n(up: above 0, down: below 0)")
    room = -np.inf  # where the last text ends, as a share of the axis
    for place, text in sorted((names or {}).items()):
        if low <= place <= high:
            x = ax.transAxes.inverted().transform(ax.transData.transform((place, 0)))[0]
            room = max(x, room + 0.022)
            ax.axvline(place, color=BLACK, linestyle=":", linewidth=0.6, zorder=0)
            ax.annotate(
                text, (x, 1), (room, 1.04), xycoords="axes fraction", rotation=90, ha="center", fontsize="small",
                arrowprops={"arrowstyle": "-", "linestyle": ":", "linewidth": 0.6},
            )  # fmt: skip
    ax.set_yticks(range(len(profiles.columns)), profiles.columns)
    ax.tick_params(axis="y", length=0)
    return ax


def plot_cascade(table, ax):
    """Draw what is left of each explanation as the network forgets, part by part, as a picture with its numbers.

    Parameters
    ----------
    table : DataFrame
        From `interpretation.cascade`: a row for each method, a column for each stage.
    ax : Axes

    Returns
    -------
    Axes
        The rank correlation with the map of the trained network.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> import pandas as pd
    >>> from maldinb import plots
    >>> table = pd.DataFrame({"head": [1.0, 0.3], "+ gate": [0.9, 0.2]}, index=["weight norm", "gradient"])
    >>> ax = plots.plot_cascade(table, plt.figure().add_subplot())
    """
    bar = {"label": "rank correlation with\nthe trained network's map"}
    numbers = table.round(2) + 0.0  # no -0.00
    sns.heatmap(table, annot=numbers, fmt=".2f", cmap="cividis", vmin=0, vmax=1, cbar_kws=bar, ax=ax)
    ax.tick_params(length=0)
    ax.set(xlabel="parts that have lost what they learned", ylabel="")
    return ax


def plot_perturbation(curves, ax, *, reference=None):
    """Draw the AUROC against the share of bins that were taken away, or put in.

    Parameters
    ----------
    curves : dict
        Name -> DataFrame with ``share`` and ``auroc``, as `interpretation.perturbation_curve` returns it.
    ax : Axes
    reference : float, optional
        AUROC of the unchanged spectra.

    Returns
    -------
    Axes
        The axis of the shares is linear up to 1 % and logarithmic beyond.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> import pandas as pd
    >>> from maldinb import plots
    >>> curve = pd.DataFrame({"share": [0, 0.1, 1], "auroc": [0.8, 0.6, 0.5]})
    >>> ax = plots.plot_perturbation({"gradient": curve}, plt.figure().add_subplot(), reference=0.8)
    """
    for (name, curve), (color, line, marker) in zip(curves.items(), cycle(SERIES_STYLES)):  # noqa: B905
        ax.plot(
            curve["share"], curve["auroc"], color=color, linestyle=line, marker=marker, markersize=4, linewidth=1.2,
            label=name,
        )  # fmt: skip
    if reference is not None:
        ax.axhline(reference, color=BLACK, linestyle=":", label="unchanged", zorder=0)
    ax.axhline(0.5, color="0.6", label="coin", zorder=0)
    ax.set_xscale("symlog", linthresh=0.01)
    ax.set_xticks([0, 0.01, 0.1, 1])
    ax.xaxis.set_major_formatter(mpl.ticker.PercentFormatter(1, decimals=0, symbol=" %"))
    ax.minorticks_off()
    ax.set(xlabel="share of bins (logarithmic from 1 %)", ylabel="AUROC", xlim=(0, 1))
    ax.legend(loc="upper left", bbox_to_anchor=(1, 1))
    return ax
