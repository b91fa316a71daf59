"""Figures of variants of a model that were compared on the same splits."""

import numpy as np
import seaborn as sns

from .scores import plot_intervals
from .style import BLACK, BLUE, GREEN, ORANGE, SKY, VERMILION, batch_styles

#: verdict -> colour, line style
VERDICT_STYLES = {
    "better": (BLUE, "-"),
    "equivalent": (GREEN, "-."),
    "worse": (VERMILION, "--"),
    "undecided": ("0.4", ":"),
}


def plot_paired_scores(scores, reference, ax, *, xlabel="AUROC"):
    """Draw the score of every variant on every split, the splits of each variant in one and the same order.

    Parameters
    ----------
    scores : DataFrame, shape (n_splits, n_variants)
        From `ablation.paired_scores`.
    reference : str
        The variant that is drawn first.
    ax : Axes
    xlabel : str
        What the scores are.

    Returns
    -------
    Axes
        In each row, splits lie below each other in the order of their means over the variants: the dots of one split
        have the same height and colour in every row. Vertical lines are means over the splits.

    Raises
    ------
    ValueError
        If no variant is called `reference`.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> import pandas as pd
    >>> from maldinb import plots
    >>> scores = pd.DataFrame({"gate": [0.8, 0.7], "no gate": [0.7, 0.8]})
    >>> ax = plots.plot_paired_scores(scores, "gate", plt.figure().add_subplot())
    """
    if reference not in scores.columns:
        raise ValueError(f"no variant is called {reference!r}; there are {', '.join(map(repr, scores.columns))}")
    scores = scores[[reference, *scores.columns.drop(reference)]]
    in_order = scores.iloc[np.argsort(scores.mean(axis=1))].reset_index(drop=True).rename_axis("split")
    table = in_order.melt(var_name="variant", value_name="score", ignore_index=False).reset_index()
    rows = {"data": table, "x": "score", "y": "variant", "legend": False, "ax": ax}
    sns.stripplot(hue="split", palette="crest_r", dodge=True, jitter=False, size=5, **rows)
    sns.pointplot(errorbar=None, linestyle="none", marker="|", markersize=24, markeredgewidth=2, color=BLACK, **rows)
    ax.tick_params(axis="y", length=0)
    ax.set(xlabel=xlabel, ylabel="", title="dots: splits, the lowest on average on top; lines: means of the splits")
    return ax


def plot_differences(comparison, ax):
    """Draw by how much the reference is better than each variant, with intervals and the region of equivalence.

    Parameters
    ----------
    comparison : DataFrame
        From `ablation.compare`, with at least one row.
    ax : Axes

    Returns
    -------
    Axes
        An interval within the band: no difference worth having. One that reaches from the band to the outside: the
        study cannot tell.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> import pandas as pd
    >>> from maldinb import plots
    >>> row = {"reference": "gate", "metric": "auroc", "difference": 0.01, "low": -0.01, "high": 0.03, "rope": 0.02}
    >>> comparison = pd.DataFrame([row | {"verdict": "undecided"}], index=["no gate"])
    >>> ax = plots.plot_differences(comparison, plt.figure().add_subplot())
    """
    first = comparison.iloc[0]
    name = {"auroc": "AUROC"}.get(first["metric"], first["metric"].replace("_", " "))
    ax.axvspan(
        -first["rope"], first["rope"], color="0.9", zorder=0, label=f"practically equal (within {first['rope']:g})"
    )
    plot_intervals(
        comparison, ax, value="difference", reference=0.0, reference_label="no difference", numbers="+z.3f",
        xlabel=f"{first['reference']} less variant, {name}",
    )  # fmt: skip
    for text, verdict in zip(ax.texts, comparison["verdict"], strict=True):
        text.set_text(f"{text.get_text()}, {verdict}")
    return ax


def plot_batch_differences(differences, ax, *, reference="learned gate", xlabel="AUROC"):
    """Draw by how much the reference is better in each batch that was left out, with the range over the seeds.

    Parameters
    ----------
    differences : DataFrame
        From `ablation.batch_differences`.
    ax : Axes
    reference : str
        For the label.
    xlabel : str
        What the scores are.

    Returns
    -------
    Axes

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> import pandas as pd
    >>> from maldinb import plots
    >>> row = {"variant": "no gate", "batch": "Rome", "difference": 0.1, "lowest": 0.0, "highest": 0.2}
    >>> ax = plots.plot_batch_differences(pd.DataFrame([row]), plt.figure().add_subplot())
    """
    table = differences.set_index(["variant", "batch"]).rename(columns={"lowest": "low", "highest": "high"})
    return plot_intervals(
        table, ax, value="difference", group="batch", styles=batch_styles(differences["batch"]),
        reference=0.0, reference_label="no difference", numbers="+z.3f",
        xlabel=f"{reference} less variant, {xlabel} in the city that was left out",
    )  # fmt: skip


def plot_power(shares, ax, *, rope):
    """Draw how often a study gives each verdict, against the true difference.

    Parameters
    ----------
    shares : DataFrame
        From `ablation.power`.
    ax : Axes
    rope : float
        Half-width of the region of practical equivalence, which is drawn as a band.

    Returns
    -------
    Axes

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> import pandas as pd
    >>> from maldinb import plots
    >>> words = ["better", "equivalent", "worse", "undecided"]
    >>> shares = pd.DataFrame([[0.0, 0.8, 0.0, 0.2], [0.6, 0.0, 0.0, 0.4]], [0.0, 0.05], words)
    >>> ax = plots.plot_power(shares, plt.figure().add_subplot(), rope=0.02)
    """
    ax.axvspan(-rope, rope, color="0.92", zorder=0)
    for verdict, (color, line) in VERDICT_STYLES.items():
        ax.plot(shares.index, shares[verdict], color=color, linestyle=line, linewidth=1.8, label=f'"{verdict}"')
    ax.axhline(0.5, color="0.8", linewidth=0.8, zorder=0)
    ax.set(xlabel="true difference, AUROC", ylabel="share of studies", ylim=(-0.02, 1.02), yticks=np.linspace(0, 1, 5))
    ax.margins(x=0)
    return ax


def plot_shared_folds(n_splits, ax):
    """Draw which parts of the spectra each split of a cross-validation trains on, and which of them the first has, too.

    Parameters
    ----------
    n_splits : int
    ax : Axes

    Returns
    -------
    Axes

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> from maldinb import plots
    >>> ax = plots.plot_shared_folds(5, plt.figure().add_subplot())
    """
    styles = {
        "tested on": {"color": ORANGE, "hatch": "//"},
        "trained on, and in split 1 as well": {"color": BLUE},
        "trained on, not in split 1": {"color": SKY, "alpha": 0.5},
    }
    kind = np.where(np.arange(n_splits) == 0, 2, 1) + np.zeros((n_splits, 1), dtype=int)
    np.fill_diagonal(kind, 0)
    for (row, part), which in np.ndenumerate(kind):
        ax.barh(row + 1, 1, left=part, height=0.8, edgecolor="white", **list(styles.values())[which])
    for name, style in styles.items():
        ax.barh(np.nan, 0, label=name, edgecolor="white", **style)
    ax.legend(loc="upper left", bbox_to_anchor=(1.01, 1))
    ax.invert_yaxis()
    ax.set(
        xlim=(0, n_splits),
        xticks=[],
        yticks=range(1, n_splits + 1),
        ylabel="split",
        xlabel=f"all spectra, in {n_splits} parts",
    )
    ax.tick_params(axis="y", length=0)
    sns.despine(ax=ax, left=True, bottom=True)
    return ax
