"""Figures of spectra, and of what is known of them."""

import matplotlib as mpl
import numpy as np
import pandas as pd
import seaborn as sns

from ..preprocessing import middles
from .style import INTENSITY_LABEL, LABEL_STYLES, MZ_LABEL, SHARE_LABEL, SKY, batch_styles, hatch_labels, inside, log_mz


def plot_spectrum(mz, intensity, ax, *, window=None, label=None, ylabel=INTENSITY_LABEL, **line):
    """Draw one spectrum, or one step of its preprocessing, as a line.

    Parameters
    ----------
    mz, intensity : array_like, shape (n_points,)
        m/z in Da.
    ax : Axes
    window : (float, float), optional
        Show only this range of m/z, in Da.
    label : str, optional
        Name in the legend.
    ylabel : str
        What the intensity is.
    **line
        For `Axes.plot`.

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        If no point lies in the window.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> from maldinb import plots
    >>> ax = plots.plot_spectrum([2000.0, 2001.0, 2002.0], [10, 30, 20], plt.figure().add_subplot())
    """
    mz, intensity = np.asarray(mz), np.asarray(intensity)
    if window is not None:
        seen = inside(mz, window, "point of the spectrum")
        mz, intensity = mz[seen], intensity[seen]
        ax.set_xlim(*window)
    ax.plot(mz, intensity, label=label, **line)
    ax.set(xlabel=MZ_LABEL, ylabel=ylabel)
    return ax


def plot_bins(edges, row, ax, *, window=None):
    """Draw binned intensities as steps, each as wide as its bin.

    Parameters
    ----------
    edges : array_like, shape (n_bins + 1,)
        In Da.
    row : array_like, shape (n_bins,)
        Sums to 1.
    ax : Axes
    window : (float, float), optional
        Show only this range of m/z, in Da.

    Returns
    -------
    Axes

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> from maldinb import plots
    >>> ax = plots.plot_bins([2000, 2003, 2006], [0.4, 0.6], plt.figure().add_subplot())
    """
    edges, row = np.asarray(edges), np.asarray(row)
    if window is not None:
        first, last = np.searchsorted(edges, window)
        edges, row = edges[first : last + 1], row[first:last]
    ax.stairs(row, edges, fill=True, color=SKY)
    ax.set(xlabel=MZ_LABEL, ylabel=SHARE_LABEL, xlim=(edges[0], edges[-1]))
    return ax


def plot_matrix(dataset, ax):
    """Draw all spectra as one picture: a row for each, sorted by batch, darker where there is more signal.

    Parameters
    ----------
    dataset : SpectraDataset
    ax : Axes

    Returns
    -------
    Axes
        Columns of the picture are far fewer than bins, and widen in proportion to their m/z (in Da); the axis is
        logarithmic. A column shows the mean of its bins. Columns of a matrix that are no bins stand side by side.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> from maldinb import load_simulated, plots
    >>> ax = plots.plot_matrix(load_simulated(), plt.figure().add_subplot())
    """
    batch = dataset.batch.astype(str).to_numpy()
    order, n_columns = np.argsort(batch, kind="stable"), dataset.X.shape[1]
    width = 0.0 if dataset.mz is None else middles(dataset.mz)[1]
    places = dataset.mz if width else np.arange(1, n_columns + 1) - 0.5  # peaks and unknown columns: side by side
    edges = np.append(places, places[-1] + (width or 1))
    starts = np.unique(np.searchsorted(places, np.geomspace(places[0], places[-1], 600))) if width else range(n_columns)
    picture = np.add.reduceat(dataset.X.to_numpy()[order], starts, axis=1) / np.diff([*starts, n_columns])
    low, high = np.quantile(picture[picture > 0], [0.3, 0.999]) if (picture > 0).any() else (1, 1)
    spread = low < high and (picture >= 0).all()  # else present or absent, or no intensities
    image = ax.pcolormesh(
        edges[[*starts, n_columns]], np.arange(len(batch) + 1), picture, cmap="mako_r",
        norm=mpl.colors.LogNorm(low, high) if spread else None, rasterized=True,
    )  # fmt: skip
    names, first, n = np.unique(batch[order], return_index=True, return_counts=True)
    ax.hlines(first[1:], edges[0], edges[-1], color="white", linewidth=2)
    ax.set_yticks(first + n / 2, [f"{name}\n({count})" for name, count in zip(names, n, strict=True)])
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(len(batch), 0)
    if width:
        log_mz(ax)
    else:
        ax.set_xlabel("column" if dataset.mz is None else "column, by m/z")
    label = "value" if dataset.info.get("matrix") else SHARE_LABEL
    ax.figure.colorbar(image, ax=ax, label=label, extend="both" if spread else "neither")
    return ax


def plot_label_counts(dataset, ax, *, antibiotic=None):
    """Draw how many spectra of each batch are labelled R, S, I or not at all, as stacked bars with their numbers.

    Parameters
    ----------
    dataset : SpectraDataset
    ax : Axes
    antibiotic : str, optional
        By default the one that the data set was loaded for.

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        If the data set was loaded without labels, or without those of this antibiotic.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> from maldinb import load_simulated, plots
    >>> ax = plots.plot_label_counts(load_simulated(), plt.figure().add_subplot())
    """
    antibiotic = antibiotic or dataset.info.get("antibiotic")
    if antibiotic not in dataset.info["counts"]:
        known = ", ".join(map(repr, dataset.info["counts"])) or "none"
        missing = "labels" if antibiotic is None else f"labels of {antibiotic!r}"
        raise ValueError(f"the data set was loaded without {missing}; it has counts of: {known}")
    counts = pd.DataFrame(dataset.info["counts"][antibiotic]).T[list(LABEL_STYLES)]
    counts = counts.loc[:, counts.any()]
    counts.plot.barh(stacked=True, width=0.8, color=[LABEL_STYLES[label][0] for label in counts], ec="white", ax=ax)
    box = {"boxstyle": "round,pad=0.15", "fc": "white", "ec": "none"}
    for bars in ax.containers:
        inside = [f"{n:.0f}" if n > 0.02 * dataset.info["n_spectra"] else "" for n in bars.datavalues]
        ax.bar_label(bars, inside, label_type="center", bbox=box)
    ax.legend(ncols=4, loc="lower right", bbox_to_anchor=(1, 1), borderaxespad=0)
    hatch_labels(ax)
    ax.set(xlabel="spectra", title=antibiotic)
    ax.invert_yaxis()  # from top to bottom, as in the picture of all spectra
    return ax


def plot_batch_means(dataset, ax, *, window):
    """Draw the mean spectrum of each batch within a range of m/z, and where the middle half of its spectra lie.

    Parameters
    ----------
    dataset : SpectraDataset
    ax : Axes
    window : (float, float)
        In Da.

    Returns
    -------
    Axes
        A marker for each bin; bands reach from the first to the third quartile.

    Raises
    ------
    ValueError
        If no column lies in the window, or columns have no m/z.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> from maldinb import load_simulated, plots
    >>> ax = plots.plot_batch_means(load_simulated(), plt.figure().add_subplot(), window=(4330, 4400))
    """
    if dataset.mz is None:
        raise ValueError("columns of the data set have no m/z, and a window is a range of m/z")
    seen = inside(dataset.mz, window, "column")
    places, batch = middles(dataset.mz)[0][seen], pd.Index(dataset.batch.astype(str), name="")
    rows = dataset.X.loc[:, seen].set_axis(places, axis=1).set_axis(batch)
    styles, label = batch_styles(batch), "value" if dataset.info.get("matrix") else SHARE_LABEL
    sns.lineplot(
        rows.melt(var_name=MZ_LABEL, value_name=label, ignore_index=False).reset_index(),
        x=MZ_LABEL, y=label, hue="", style="", hue_order=styles, style_order=styles,
        palette={batch: color for batch, (color, _) in styles.items()},
        markers={batch: marker for batch, (_, marker) in styles.items()},
        dashes=False, markersize=4, markeredgewidth=0, errorbar=("pi", 50), ax=ax,
    )  # fmt: skip
    ax.set(xlim=window, ylim=(0 if (rows >= 0).all(axis=None) else None, None))
    ax.locator_params(axis="x", nbins=5)
    return ax


def plot_scatter(points, groups, styles, ax):
    """Draw points, such as the first two principal components, with a colour and marker for each group.

    Parameters
    ----------
    points : array_like, shape (n, 2)
        Drawn in this order, so that no group hides another.
    groups : array_like of str, shape (n,)
    styles : dict
        group -> (colour, marker). Points of other groups are left out.
    ax : Axes

    Returns
    -------
    Axes
        With the number of points of each group in the legend.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> from maldinb import plots
    >>> styles = plots.batch_styles(["Milan", "Rome"])
    >>> ax = plots.plot_scatter([[0, 1], [2, 3]], ["Rome", "Milan"], styles, plt.figure().add_subplot())
    """
    groups = pd.Series(np.asarray(groups))
    names = {group: f"{group} ({n})" for group in styles if (n := (groups == group).sum())}
    x, y = np.asarray(points)[groups.isin(styles)].T
    hue = groups[groups.isin(styles)].map(names).to_numpy()
    sns.scatterplot(
        x=x, y=y, hue=hue, style=hue, hue_order=names.values(), style_order=names.values(),
        palette={name: styles[group][0] for group, name in names.items()},
        markers={name: styles[group][1] for group, name in names.items()},
        s=16, alpha=0.6, linewidth=0, ax=ax,
    )  # fmt: skip
    ax.legend(handletextpad=0.1)
    return ax


def plot_label_histogram(values, y, ax, *, stat="count", bins=20, binrange=None):
    """Draw how often a number, such as P(R) or a gate, has each value in R and in S.

    Parameters
    ----------
    values : array_like, shape (n,)
    y : array_like of {0, 1}, shape (n,)
        1 for resistant.
    ax : Axes
    stat : {"count", "probability"}
        Numbers, or shares of R and of S.
    bins : int
    binrange : (float, float), optional
        By default from the lowest to the highest value.

    Returns
    -------
    Axes

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> from maldinb import plots
    >>> ax = plots.plot_label_histogram([0.1, 0.4, 0.9], [0, 1, 1], plt.figure().add_subplot(), bins=4)
    """
    y = np.asarray(y)
    names = {label: f"{label} ({np.sum(y == of)})" for of, label in enumerate("SR")}
    sns.histplot(
        x=np.asarray(values), hue=np.where(y == 1, names["R"], names["S"]), hue_order=names.values(),
        palette={name: LABEL_STYLES[label][0] for label, name in names.items()},
        stat=stat, common_norm=False, bins=bins, binrange=binrange, multiple="dodge", shrink=0.8, alpha=1, ax=ax,
    )  # fmt: skip
    sns.move_legend(ax, "lower left", bbox_to_anchor=(0, 1), ncols=2, borderaxespad=0)
    hatch_labels(ax)
    ax.set(ylabel="spectra" if stat == "count" else "share of R or of S")
    return ax
