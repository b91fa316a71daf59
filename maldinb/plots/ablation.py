"""Figures of variants of a model that were compared on the same splits."""

import numpy as np
import seaborn as sns

from .scores import plot_intervals
from .style import BLACK, batch_styles


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
