"""Every figure of the course, drawn on given Axes and returning them.

Colours are those of Okabe and Ito, which colour-blind readers can tell apart, and colour is never the only signal:
cities also differ in line style and marker, labels in marker and hatching.
"""

from itertools import cycle

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np

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
    """
    antibiotic = antibiotic or dataset.info["antibiotic"]
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


def plot_roc(curves, ax):
    """Draw ROC curves: of R the share called resistant against that of S, for every threshold.

    Parameters
    ----------
    curves : dict
        Name -> (y, score): labels (1 for resistant) and scores, both of shape (n,).
    ax : Axes

    Returns
    -------
    Axes
        With the AUROC of each curve in the legend, and a diagonal where a coin would be.
    """
    from sklearn.metrics import roc_auc_score, roc_curve  # lessons that draw spectra only need not wait for it

    for (name, (y, score)), (color, line, _) in zip(curves.items(), cycle(SERIES_STYLES)):  # noqa: B905
        wrong, right, _ = roc_curve(y, score, drop_intermediate=False)
        label = f"{name} ({roc_auc_score(y, score):.2f})"
        ax.plot(wrong, right, color=color, linestyle=line, linewidth=1.5, label=label)
    ax.plot([0, 1], [0, 1], color="0.6", label="coin (0.50)", zorder=0)
    ax.set(xlabel="S called resistant (major errors)", ylabel="R called resistant (sensitivity)", aspect="equal")
    ax.legend(title="AUROC", loc="upper left", bbox_to_anchor=(1, 1), alignment="left")
    return ax


def plot_intervals(table, ax, *, reference=None, reference_label=None, value="auroc", xlabel="AUROC"):
    """Draw values with their intervals, one line of the chart for each row of a table, the first on top.

    Parameters
    ----------
    table : DataFrame
        With the columns `value`, ``low`` and ``high``; its index names the rows.
    ax : Axes
    reference : str or float, optional
        A row, such as "city only", or a number: drawn as a vertical line, the floor that all have to be held against.
    reference_label : str, optional
        Name of that line in the legend; by default that of the row.
    value : str
        Column of the values.
    xlabel : str
        What they are.

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        If the table has no such column or row.
    """
    if missing := {value, "low", "high"} - set(table.columns):
        raise ValueError(f"the table has no column {', '.join(sorted(missing))}; see score_table()")
    if isinstance(reference, str):
        if reference not in table.index:
            raise ValueError(f"no row is called {reference!r}; there are {', '.join(map(str, table.index))}")
        reference, reference_label = table.loc[reference, value], reference_label or reference
    values, rows = table[value].to_numpy(float), np.arange(len(table))
    reach = np.abs(table[["low", "high"]].to_numpy(float) - values[:, None]).T
    ax.errorbar(values, rows, xerr=reach, fmt="o", color=BLUE, capsize=4, linewidth=1.5)
    for row, x in zip(rows, values, strict=True):
        ax.annotate(f"{x:.2f}", (x, row), (0, 5), textcoords="offset points", ha="center")
    if reference is not None:
        ax.axvline(reference, color=VERMILION, linestyle="--", label=reference_label or f"{reference:.2f}", zorder=0)
        ax.legend(loc="lower left", bbox_to_anchor=(0, 1), borderaxespad=0)
    names = [", ".join(map(str, name)) if isinstance(name, tuple) else str(name) for name in table.index]
    ax.set_yticks(rows, names)
    ax.set(xlabel=xlabel, ylim=(len(rows) - 0.5, -0.7))
    ax.tick_params(axis="y", length=0)
    return ax


def plot_reliability(table, ax):
    """Draw predicted against observed shares of R, with 95 % intervals and the number of spectra behind each.

    Parameters
    ----------
    table : DataFrame
        As `evaluation.calibration_table` returns it.
    ax : Axes

    Returns
    -------
    Axes
        A perfectly calibrated model follows the diagonal.
    """
    x, y = table["predicted"].to_numpy(), table["observed"].to_numpy()
    reach = np.abs(table[["low", "high"]].to_numpy() - y[:, None]).T
    ax.plot([0, 1], [0, 1], color="0.6", label="perfect", zorder=0)
    ax.errorbar(x, y, yerr=reach, fmt="o-", color=BLUE, capsize=3, label="observed, 95 % interval")
    for middle, n in zip((table["from"] + table["to"]) / 2, table["n"], strict=True):
        ax.annotate(str(n), (middle, -0.09), ha="center", va="center", color="0.3", fontsize=8)
    ax.annotate("spectra", (1.02, -0.09), va="center", color="0.3", fontsize=8, annotation_clip=False)
    ax.set(xlabel="predicted P(R), mean of a bin", ylabel="observed share of R", xlim=(0, 1), ylim=(-0.15, 1.03))
    ax.legend(loc="upper left")
    return ax


def plot_threshold_tradeoff(y, score, ax):
    """Draw very major and major errors against the threshold, and the rates that would be accepted.

    Parameters
    ----------
    y : array_like of {0, 1}, shape (n,)
        1 for resistant.
    score : array_like, shape (n,)
        P(R), from 0 to 1.
    ax : Axes

    Returns
    -------
    Axes
        A threshold is acceptable where both curves lie below their limits; usually there is none.

    Raises
    ------
    ValueError
        If there is only one label, or a score is no probability.
    """
    from matplotlib.ticker import PercentFormatter

    from .evaluation import ACCEPTANCE_LIMITS, checks

    y = checks.labels(y)
    score = checks.scores(score, len(y))
    thresholds = np.unique(np.concatenate([[0], score, [1]]))
    r, s = np.sort(score[y == 1]), np.sort(score[y == 0])
    curves = {
        "very major error": ("R called S", VERMILION, "-", ":", np.searchsorted(r, thresholds) / len(r)),
        "major error": ("S called R", BLUE, "--", "-.", 1 - np.searchsorted(s, thresholds) / len(s)),
    }
    for name, (what, color, line, limit_line, rate) in curves.items():
        # The rate of a threshold holds from the score below it on.
        ax.step(thresholds, rate, where="pre", color=color, linestyle=line, linewidth=1.5, label=f"{name}: {what}")
        limit = ACCEPTANCE_LIMITS[name]
        ax.axhline(limit, color=color, linestyle=limit_line, label=f"limit for a {name}: {100 * limit:g} %")
    ax.yaxis.set_major_formatter(PercentFormatter(1, symbol=" %"))
    ax.set(xlabel="threshold on P(R)", ylabel="share of R or of S", xlim=(0, 1), ylim=(0, 1))
    ax.legend(loc="upper left", bbox_to_anchor=(1, 1))
    return ax


def plot_learning_curve(history, ax):
    """Draw the losses of each epoch, and mark the epoch with the lowest validation loss.

    Parameters
    ----------
    history : dict or DataFrame
        ``train_loss`` and, where there was a validation set, ``validation_loss`` or ``val_loss``: one value an epoch.
    ax : Axes

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        If there is no training loss.
    """
    if "train_loss" not in history:
        raise ValueError(f"the history has no train_loss; it has {', '.join(map(str, history)) or 'nothing'}")
    train = np.asarray(history["train_loss"], dtype=float)
    epochs = np.arange(1, len(train) + 1)
    ax.plot(epochs, train, color=BLUE, linewidth=1.5, label="training")
    name = next((name for name in ("validation_loss", "val_loss") if name in history), None)
    if name is not None and np.isfinite(validation := np.asarray(history[name], dtype=float)).any():
        ax.plot(epochs, validation, color=VERMILION, linestyle="--", linewidth=1.5, label="validation")
        best = int(np.nanargmin(validation))
        ax.plot(epochs[best], validation[best], "o", color=VERMILION, label=f"best: epoch {best + 1}")
        ax.axvline(epochs[best], color="0.6", linestyle=":", zorder=0)
    ax.xaxis.get_major_locator().set_params(integer=True)
    ax.set(xlabel="epoch", ylabel="loss (cross-entropy)")
    ax.legend()
    return ax
