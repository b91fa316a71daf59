"""Figures of gates, and of the way back from them to m/z."""

from itertools import cycle

import numpy as np

from .style import BLACK, BLUE, LABEL_STYLES, MZ_LABEL, SERIES_STYLES, VERMILION


def plot_gates(gates, y, ax, *, limits=(0, 1)):
    """Draw gates as a picture: a row for each spectrum, S above R, a column for each hidden unit.

    Parameters
    ----------
    gates : array_like, shape (n_spectra, hidden_dim)
    y : array_like of {0, 1}, shape (n_spectra,)
        1 for resistant.
    ax : Axes
    limits : (float, float) or None
        Gates at the ends of the colour scale. None stretches it from the lowest to the highest.

    Returns
    -------
    Axes
    """
    gates, y = np.asarray(gates), np.asarray(y)
    order = np.argsort(y, kind="stable")
    low, high = (gates.min(), gates.max()) if limits is None else limits
    image = ax.imshow(gates[order], aspect="auto", cmap="cividis", vmin=low, vmax=high, interpolation="nearest")
    n_s = int((y == 0).sum())
    ax.axhline(n_s - 0.5, color="white", linewidth=2)
    ax.set_yticks([(n_s - 1) / 2, n_s + (len(y) - n_s - 1) / 2], ["S", "R"])
    ax.tick_params(axis="y", length=0)
    ax.set(xlabel="hidden unit", ylabel="spectra")
    ax.figure.colorbar(image, ax=ax, label="gate")
    return ax


def plot_gate_spread(gates, ax, *, bins=80):
    """Draw how gates are distributed between shut (0) and open (1), one outline for each set of gates.

    Parameters
    ----------
    gates : dict
        Name -> gates, any shape.
    ax : Axes
    bins : int
        From 0 to 1.

    Returns
    -------
    Axes
    """
    for (name, values), (color, line, _) in zip(gates.items(), cycle(SERIES_STYLES)):  # noqa: B905
        share, edges = np.histogram(np.ravel(values), bins=bins, range=(0, 1))
        ax.stairs(share / share.sum(), edges, color=color, linestyle=line, linewidth=1.5, label=name)
    ax.set(xlabel="gate", ylabel="share of gates", xlim=(0, 1), yscale="log")
    ax.legend(loc="upper left", bbox_to_anchor=(1, 1))
    return ax


def plot_gate_of_unit(gates, y, ax, *, bins=20):
    """Draw how often one unit's gate, or all gates of a few spectra, have each value in R and in S.

    Parameters
    ----------
    gates : array_like, shape (n,)
    y : array_like of {0, 1}, shape (n,)
        Label of each.
    ax : Axes
    bins : int

    Returns
    -------
    Axes
    """
    gates, y = np.asarray(gates), np.asarray(y)
    edges = np.histogram_bin_edges(gates, bins)
    for label, shift in (("S", 0.1), ("R", 0.5)):
        of_label = gates[y == (label == "R")]
        share = np.histogram(of_label, edges)[0] / max(1, len(of_label))
        color, _, hatch = LABEL_STYLES[label]
        width = np.diff(edges)
        ax.bar(
            edges[:-1] + shift * width, share, 0.4 * width, align="edge", color=color, hatch=hatch, edgecolor="white",
            label=f"{label} ({len(of_label)})",
        )  # fmt: skip
    ax.set(xlabel="gate", ylabel="share of R or of S")
    ax.legend()
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
    """
    effect, importance, separates = np.abs(effect), np.asarray(importance), np.asarray(separates, bool)
    for seen, color, marker, name in (
        (~separates, "0.5", "o", "other gates"),
        (separates, VERMILION, "s", "separating"),
    ):
        ax.scatter(
            effect[seen], importance[seen], s=16, color=color, marker=marker, alpha=0.7, linewidth=0,
            label=f"{name} ({seen.sum()})",
        )  # fmt: skip
    ax.set(xlabel="effect: abs(AUROC within city - 1/2)", ylabel="knock-out: mean change\nof the log-odds")
    ax.legend(loc="upper left", bbox_to_anchor=(1, 1), handletextpad=0.1)
    return ax


def plot_profiles(profiles, ax, *, peaks=(), names=None, window=None):
    """Draw profiles over m/z above each other: what stands out of each over its median size, scaled to the largest.

    Parameters
    ----------
    profiles : DataFrame, shape (n_bins, n_methods)
        Indexed by m/z, as `interpretation.attributions` returns it. The first is drawn on top.
    ax : Axes
    peaks : array_like
        Known peaks, in Da: thin vertical lines.
    names : dict, optional
        m/z in Da -> text above the figure at that place, where a dotted line stands.
    window : (float, float), optional
        Show only this range of m/z, in Da.

    Returns
    -------
    Axes
        Deflections upwards are positive values (they speak for R), those downwards negative ones.

    Raises
    ------
    ValueError
        If no bin lies in the window.
    """
    mz = profiles.index.to_numpy(float)
    window = (mz[0], mz[-1]) if window is None else window
    seen = (mz >= window[0]) & (mz <= window[1])
    if not seen.any():
        raise ValueError(f"no bin lies in the window {window[0]:g}-{window[1]:g} Da")
    peaks = [peak for peak in peaks if window[0] <= peak <= window[1]]
    rows = np.arange(len(profiles.columns))
    if peaks:
        ax.vlines(peaks, -0.6, len(rows) - 0.4, color=VERMILION, linewidth=0.8, alpha=0.5, label="known peak", zorder=0)
        ax.legend(loc="lower right", bbox_to_anchor=(1, 1), borderaxespad=0)
    for row, name in zip(rows, profiles.columns, strict=True):
        values = profiles[name].to_numpy()
        # Every bin has some value. Drawn from 0, this floor would fill the figure and change its sign from bin to bin.
        above = np.copysign(np.clip(np.abs(values) - np.median(np.abs(values)), 0, None), values)[seen]
        ax.axhline(row, color="0.8", linewidth=0.6, zorder=0)
        ax.plot(mz[seen], row - 0.45 * above / max(np.abs(above).max(), 1e-300), color=BLUE, linewidth=0.8)
    for place, text in (names or {}).items():
        if window[0] <= place <= window[1]:
            ax.plot([place, place], [-0.6, len(rows) - 0.4], color=BLACK, linestyle=":", linewidth=0.6, zorder=0)
            ax.annotate(text, (place, -0.6), (0, 2), textcoords="offset points", rotation=90, ha="center", fontsize=8)
    ax.set_yticks(rows, list(profiles.columns))
    ax.tick_params(axis="y", length=0)
    ax.set(xlabel=MZ_LABEL, xlim=window, ylim=(len(rows) - 0.4, -0.6))
    return ax


def plot_cascade(table, ax):
    """Draw what is left of each explanation as the network forgets, part by part.

    Parameters
    ----------
    table : DataFrame
        From `interpretation.cascade`: a row for each method, a column for each stage.
    ax : Axes

    Returns
    -------
    Axes
    """
    stages = ["trained", *table.columns]
    for (name, row), (color, line, marker), shift in zip(
        table.iterrows(), cycle(SERIES_STYLES), cycle(np.linspace(-0.12, 0.12, 8))
    ):  # noqa: B905
        x = np.arange(len(stages)) + shift
        ax.plot(x, [1, *row], color=color, linestyle=line, marker=marker, markersize=5, linewidth=1.2, label=name)
    ax.axhline(0, color="0.6", zorder=0)
    ax.set_xticks(range(len(stages)), stages)
    ax.set(xlabel="parts that have lost what they learned", ylabel="rank correlation\nwith the trained network's")
    ax.legend(loc="upper left", bbox_to_anchor=(1, 1))
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
    """
    from matplotlib.ticker import PercentFormatter

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
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0, symbol=" %"))
    ax.minorticks_off()
    ax.set(xlabel="share of bins", ylabel="AUROC", xlim=(0, 1))
    ax.legend(loc="upper left", bbox_to_anchor=(1, 1))
    return ax
