"""Figures of variants of a model that were compared on the same splits."""

import numpy as np

from .style import BLUE, SKY, batch_styles


def plot_paired_scores(scores, reference, ax, *, ylabel="AUROC"):
    """Draw the score of every variant on every split; a line follows one split through all variants.

    Parameters
    ----------
    scores : DataFrame, shape (n_splits, n_variants)
        From `ablation.paired_scores`.
    reference : str
        The variant that is drawn first.
    ax : Axes
    ylabel : str
        What the scores are.

    Returns
    -------
    Axes
        Lines that run level: the split matters, the variant does not. Bars are means over the splits.

    Raises
    ------
    ValueError
        If no variant is called `reference`.
    """
    if reference not in scores.columns:
        raise ValueError(f"no variant is called {reference!r}; there are {', '.join(map(repr, scores.columns))}")
    scores = scores[[reference, *scores.columns.drop(reference)]]
    x = np.arange(scores.shape[1])
    for number, (_, row) in enumerate(scores.iterrows()):
        line = "one split" if number == 0 else None
        ax.plot(x, row, "o-", color=SKY, markersize=4, linewidth=0.8, alpha=0.7, label=line)
    ax.hlines(scores.mean(), x - 0.3, x + 0.3, color=BLUE, linewidth=3, label="mean", zorder=3)
    ax.set_xticks(x, scores.columns, rotation=20, ha="right")
    ax.set(ylabel=ylabel)
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1), borderaxespad=0, ncols=2)
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
    """
    rows, first = np.arange(len(comparison)), comparison.iloc[0]
    value = comparison["difference"].to_numpy()
    reach = np.abs(comparison[["low", "high"]].to_numpy() - value[:, None]).T
    ax.axvspan(
        -first["rope"], first["rope"], color="0.9", zorder=0, label=f"practically equal (within {first['rope']:g})"
    )
    ax.axvline(0, color="0.6", zorder=1)
    ax.errorbar(value, rows, xerr=reach, fmt="o", color=BLUE, capsize=4, linewidth=1.5)
    for row, (x, verdict) in enumerate(zip(value, comparison["verdict"], strict=True)):
        ax.annotate(f"{x:+.3f}, {verdict}", (x, row), (0, 5), textcoords="offset points", ha="center")
    ax.set_yticks(rows, comparison.index)
    ax.tick_params(axis="y", length=0)
    name = {"auroc": "AUROC"}.get(first["metric"], first["metric"].replace("_", " "))
    ax.set(xlabel=f"{first['reference']} less variant, {name}", ylim=(len(rows) - 0.5, -0.7))
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1), borderaxespad=0)
    return ax


def plot_batch_differences(differences, ax, *, reference="learned gate", xlabel="AUROC"):
    """Draw by how much the reference is better in each city that was left out, with the range over the seeds.

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
    """
    cities = sorted(set(differences["batch"]))
    variants = list(dict.fromkeys(differences["variant"]))
    for city, (color, _, marker) in batch_styles(cities).items():
        part = differences[differences["batch"] == city]
        rows = [variants.index(v) + 0.2 * (cities.index(city) - (len(cities) - 1) / 2) for v in part["variant"]]
        reach = np.abs(part[["lowest", "highest"]].to_numpy() - part[["difference"]].to_numpy()).T
        ax.errorbar(part["difference"], rows, xerr=reach, fmt=marker, color=color, capsize=3, label=city)
    ax.axvline(0, color="0.6", zorder=0)
    ax.set_yticks(range(len(variants)), variants)
    ax.tick_params(axis="y", length=0)
    ax.set(xlabel=f"{reference} less variant, {xlabel}", ylim=(len(variants) - 0.5, -0.5))
    ax.legend(title="city left out", loc="upper left", bbox_to_anchor=(1, 1), alignment="left")
    return ax
