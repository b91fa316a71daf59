"""Figures of how well models do."""

from itertools import cycle

import numpy as np

from .style import BLUE, SERIES_STYLES, VERMILION


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


def plot_intervals(table, ax, *, reference=None, reference_label=None, value="auroc", xlabel="AUROC", decimals=2):
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
    decimals : int
        With which the values are written beside the points.

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
        ax.annotate(f"{x:.{decimals}f}", (x, row), (0, 5), textcoords="offset points", ha="center")
    if reference is not None:
        ax.axvline(reference, color=VERMILION, linestyle="--", label=reference_label or f"{reference:.2f}", zorder=0)
        ax.legend(loc="lower left", bbox_to_anchor=(0, 1), borderaxespad=0)
    names = [", ".join(map(str, name)) if isinstance(name, tuple) else str(name) for name in table.index]
    ax.set_yticks(rows, names)
    ax.set(xlabel=xlabel, ylim=(len(rows) - 0.5, -0.7))
    ax.tick_params(axis="y", length=0)
    return ax


def plot_reliability(table, ax):
    """Draw predicted against observed shares of R, with 95 % intervals and the number of isolates behind each.

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
    ax.annotate("isolates", (1.02, -0.09), va="center", color="0.3", fontsize=8, annotation_clip=False)
    ax.set(xlabel="predicted P(R), mean of a bin", ylabel="observed share of R", xlim=(0, 1), ylim=(-0.15, 1.03))
    ax.legend(loc="upper left")
    return ax


def plot_threshold_tradeoff(y, score, ax, *, isolate=None):
    """Draw very major and major errors against the threshold, and the rates that would be accepted.

    Parameters
    ----------
    y : array_like of {0, 1}, shape (n,)
        1 for resistant.
    score : array_like, shape (n,)
        P(R), from 0 to 1.
    ax : Axes
    isolate : array_like, shape (n,), optional
        Isolate of each spectrum, as in `evaluation.error_rates`.

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

    from ..evaluation import ACCEPTANCE_LIMITS, checks

    y = checks.labels(y)
    y, score = checks.by_isolate(y, checks.scores(score, len(y)), isolate)
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
        ``train_loss`` and, where there was a validation set, ``val_loss``: one value an epoch.
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
    if "val_loss" in history:
        validation = np.asarray(history["val_loss"], dtype=float)
        ax.plot(epochs, validation, color=VERMILION, linestyle="--", linewidth=1.5, label="validation")
        best = int(validation.argmin())
        ax.plot(epochs[best], validation[best], "o", color=VERMILION, label=f"best: epoch {best + 1}")
        ax.axvline(epochs[best], color="0.6", linestyle=":", zorder=0)
    ax.xaxis.get_major_locator().set_params(integer=True)
    ax.set(xlabel="epoch", ylabel="loss (cross-entropy)")
    ax.legend()
    return ax
