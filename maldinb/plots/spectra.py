"""Figures of spectra, and of what is known of them."""

import matplotlib as mpl
import numpy as np

from .style import INTENSITY_LABEL, LABEL_STYLES, MZ_LABEL, SHARE_LABEL, SKY, batch_styles


def plot_spectrum(mz, intensity, ax, *, window=None, label=None, ylabel=INTENSITY_LABEL, **line):
    """Draw one spectrum, or one step of its preprocessing, as a line.

    Parameters
    ----------
    mz, intensity : array_like, shape (n_points,)
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
    """
    mz, intensity = np.asarray(mz), np.asarray(intensity)
    if window is not None:
        low, high = window
        seen = (mz >= low) & (mz <= high)
        if not seen.any():
            raise ValueError(f"no point of the spectrum lies in the window {low:g}-{high:g} Da")
        mz, intensity = mz[seen], intensity[seen]
        ax.set_xlim(low, high)
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
    """
    edges, row = np.asarray(edges), np.asarray(row)
    if window is not None:
        first, last = np.searchsorted(edges, window)
        edges, row = edges[first : last + 1], row[first:last]
    ax.stairs(row, edges, fill=True, color=SKY)
    ax.set(xlabel=MZ_LABEL, ylabel=SHARE_LABEL, xlim=(edges[0], edges[-1]))
    return ax


def plot_matrix(dataset, ax):
    """Draw all spectra as one picture: a row for each, sorted by city, darker where there are more ions.

    Parameters
    ----------
    dataset : SpectraDataset
    ax : Axes

    Returns
    -------
    Axes
    """
    order = np.argsort(dataset.batch.astype(str).to_numpy(), kind="stable")
    values = dataset.X.to_numpy()[order]
    # Columns of the picture are far fewer than bins: take the highest of each group, or narrow peaks vanish.
    group = max(1, values.shape[1] // 600)
    columns = values.shape[1] // group
    picture = values[:, : columns * group].reshape(len(values), columns, group).max(axis=2)
    low, high = np.quantile(picture, [0.75, 0.995])
    image = ax.imshow(
        picture, aspect="auto", cmap="cividis_r", norm=mpl.colors.LogNorm(max(low, high / 1e3), high),
        extent=(dataset.mz[0], dataset.mz[0] + columns * group * (dataset.mz[1] - dataset.mz[0]), len(values), 0),
        interpolation="nearest",
    )  # fmt: skip
    batches = dataset.batch.astype(str).to_numpy()[order]
    starts = [int(np.argmax(batches == b)) for b in dict.fromkeys(batches)]
    for start in starts[1:]:
        ax.axhline(start, color="white", linewidth=1.5)
    middles = [(a + b) / 2 for a, b in zip(starts, [*starts[1:], len(batches)], strict=True)]
    ax.set_yticks(middles, [f"{b}\n({n})" for b, n in zip(*np.unique(batches, return_counts=True), strict=True)])
    ax.tick_params(axis="y", length=0)
    ax.set(xlabel=MZ_LABEL)
    ax.figure.colorbar(image, ax=ax, label=SHARE_LABEL, extend="both")
    return ax


def plot_label_counts(dataset, ax, *, antibiotic=None):
    """Draw how many spectra of each city are labelled R, S, I or not at all, as stacked bars with their numbers.

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
    """
    antibiotic = antibiotic or dataset.info.get("antibiotic")
    if antibiotic not in dataset.info["counts"]:
        known = ", ".join(map(repr, dataset.info["counts"])) or "none"
        missing = "labels" if antibiotic is None else f"labels of {antibiotic!r}"
        raise ValueError(f"the data set was loaded without {missing}; it has counts of: {known}")
    cities = dataset.info["counts"][antibiotic]
    left = np.zeros(len(cities))
    for label, (color, _, hatch) in LABEL_STYLES.items():
        n = np.array([counts[label] for counts in cities.values()])
        if not n.any():
            continue
        bars = ax.barh(list(cities), n, left=left, color=color, hatch=hatch, edgecolor="white", label=label)
        inside = [str(v) if v > 0.02 * dataset.info["n_spectra"] else "" for v in n]
        ax.bar_label(
            bars, inside, label_type="center", bbox={"boxstyle": "round,pad=0.15", "fc": "white", "ec": "none"}
        )
        left += n
    ax.set(xlabel="spectra", title=antibiotic)
    ax.legend(ncols=4, loc="lower right", bbox_to_anchor=(1, 1.0), borderaxespad=0)
    return ax


def plot_batch_means(dataset, ax, *, window):
    """Draw the mean spectrum of each city within a range of m/z.

    Parameters
    ----------
    dataset : SpectraDataset
    ax : Axes
    window : (float, float)
        In Da.

    Returns
    -------
    Axes
    """
    seen = (dataset.mz >= window[0]) & (dataset.mz <= window[1])
    middles = dataset.mz[seen] + (dataset.mz[1] - dataset.mz[0]) / 2
    means = dataset.X.loc[:, seen].groupby(dataset.batch.to_numpy()).mean()
    for batch, (color, line, _) in batch_styles(dataset.batch).items():
        ax.plot(middles, means.loc[batch], color=color, linestyle=line, linewidth=1.5, label=batch)
    ax.set(xlabel=MZ_LABEL, ylabel="mean " + SHARE_LABEL, xlim=window)
    return ax


def plot_scatter(points, groups, styles, ax):
    """Draw points, such as the first two principal components, with a colour and marker for each group.

    Parameters
    ----------
    points : array_like, shape (n, 2)
    groups : array_like of str, shape (n,)
    styles : dict
        group -> (colour, marker).
    ax : Axes

    Returns
    -------
    Axes
    """
    points, groups = np.asarray(points), np.asarray(groups)
    for group, (color, marker) in styles.items():
        seen = groups == group
        if seen.any():
            ax.scatter(
                *points[seen].T,
                s=14,
                color=color,
                marker=marker,
                alpha=0.6,
                linewidth=0,
                label=f"{group} ({seen.sum()})",
            )
    ax.legend(handletextpad=0.1)
    return ax
