"""Figures of how well models do."""

from itertools import cycle

import matplotlib as mpl
import numpy as np
import pandas as pd

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

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> from maldinb import plots
    >>> ax = plots.plot_roc({"network": ([0, 1, 0, 1], [0.1, 0.8, 0.3, 0.2])}, plt.figure().add_subplot())
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


def plot_intervals(
    table, ax, *, value="auroc", group=None, styles=None, reference=None, reference_label=None, xlabel="AUROC",
    numbers="z.2f",
):  # fmt: skip
    """Draw values with their intervals, one line of the chart for each row of a table, the first on top.

    Parameters
    ----------
    table : DataFrame
        With the columns `value`, ``low`` and ``high``; its index names the rows.
    ax : Axes
    value : str
        Column of the values.
    group : str or int, optional
        Level of the index: rows that differ in nothing else are drawn close together, with a colour and a marker for
        each group.
    styles : dict, optional
        group -> (colour, marker).
    reference : str or float, optional
        A row, such as "city only", or a number: drawn as a vertical line, the floor that all have to be held against.
    reference_label : str, optional
        Name of that line in the legend; by default that of the row.
    xlabel : str
        What the values are.
    numbers : str or None
        Format in which they are written, in a column to the right; None leaves them out.

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        If the table has no such column or row.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> import pandas as pd
    >>> from maldinb import plots
    >>> table = pd.DataFrame({"auroc": [0.7, 0.8], "low": [0.6, 0.7], "high": [0.8, 0.9]}, index=["city", "network"])
    >>> ax = plots.plot_intervals(table, plt.figure().add_subplot(), reference="city")
    """
    if missing := {value, "low", "high"} - set(table.columns):
        raise ValueError(f"the table has no column {', '.join(sorted(missing))}; see score_table()")
    if isinstance(reference, str):
        if reference not in table.index:
            raise ValueError(f"no row is called {reference!r}; there are {', '.join(map(str, table.index))}")
        reference, reference_label = table.loc[reference, value], reference_label or reference
    if group is None:
        rows, names, of = np.arange(len(table)), table.index, np.full(len(table), "")
    else:
        rows, names = pd.factorize(table.index.droplevel(group))
        of = table.index.get_level_values(group).to_numpy()
    styles = styles or {g: style[::2] for g, style in zip(dict.fromkeys(of), cycle(SERIES_STYLES))}  # noqa: B905
    values = table[value].to_numpy(float)
    reach = np.abs(table[["low", "high"]].to_numpy(float) - values[:, None]).T
    for place, (name, (color, marker)) in enumerate(styles.items()):
        mine, shift = of == name, 0.7 * ((place + 0.5) / len(styles) - 0.5)
        ax.errorbar(
            values[mine], rows[mine] + shift, xerr=reach[:, mine], fmt=marker, color=color, capsize=3, linewidth=1.5,
            label=name,
        )  # fmt: skip
        for x, row in zip(values[mine], rows[mine] + shift, strict=True) if numbers else ():
            ax.annotate(
                f"{x:{numbers}}", (1, row), (4, 0), ("axes fraction", "data"), "offset points", va="center",
                fontsize="small" if group is not None else None,
            )  # fmt: skip
    if reference is not None:
        ax.axvline(reference, color="0.3", linestyle="--", label=reference_label or f"{reference:.2f}", zorder=0)
    if ax.get_legend_handles_labels()[0]:
        ax.legend(loc="lower left", bbox_to_anchor=(0, 1), borderaxespad=0, ncols=4)
    ax.set_yticks(range(len(names)), [", ".join(map(str, n)) if isinstance(n, tuple) else str(n) for n in names])
    ax.set(xlabel=xlabel, ylim=(len(names) - 0.5, -0.5))
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

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> from maldinb import evaluation, plots
    >>> table = evaluation.calibration_table([0, 1, 1, 1, 0], [0.1, 0.1, 0.5, 1.0, 0.0], n_bins=2)
    >>> ax = plots.plot_reliability(table, plt.figure().add_subplot())
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
        A threshold is acceptable where both curves lie below their limits; usually there is none. The axis of the rates
        is linear up to 1 % and logarithmic beyond, so that the limits can be told apart.

    Raises
    ------
    ValueError
        If there is only one label, or a score is no probability.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> from maldinb import plots
    >>> ax = plots.plot_threshold_tradeoff([0, 1, 0, 1], [0.1, 0.8, 0.3, 0.2], plt.figure().add_subplot())
    """
    from ..evaluation.errors import ACCEPTANCE_LIMITS, error_curves

    thresholds, missed, alarms = error_curves(y, score, isolate=isolate)
    curves = {
        "very major error": ("R called S", VERMILION, "-", ":", missed),
        "major error": ("S called R", BLUE, "--", "-.", alarms),
    }
    for name, (what, color, line, limit_line, rate) in curves.items():
        # The rate of a threshold holds from the score below it on.
        ax.step(thresholds, rate, where="pre", color=color, linestyle=line, linewidth=1.5, label=f"{name}: {what}")
        limit = ACCEPTANCE_LIMITS[name]
        ax.axhline(limit, color=color, linestyle=limit_line, label=f"limit for a {name}: {100 * limit:g} %")
    ax.set_yscale("symlog", linthresh=0.01)
    ax.set_yticks([0, 0.01, 0.03, 0.1, 0.3, 1])
    ax.yaxis.set_major_formatter(mpl.ticker.PercentFormatter(1, decimals=0, symbol=" %"))
    ax.minorticks_off()
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

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> from maldinb import plots
    >>> history = {"train_loss": [0.7, 0.5, 0.3], "val_loss": [0.6, 0.55, 0.8]}
    >>> ax = plots.plot_learning_curve(history, plt.figure().add_subplot())
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
