"""Scores of all variants on the same splits, side by side: what every comparison starts from."""

from ..arguments import choice
from .fits import METRICS
from .study import CROSS_VALIDATION

UNIT = ["repeat", "fold"]


def paired_scores(table, metric="auroc", split=CROSS_VALIDATION):
    """Score of every variant on every split, averaged over the seeds.

    Parameters
    ----------
    table : DataFrame
        From `run_study`.
    metric : str
        One of `METRICS`.
    split : {"cross-validation", "leave-one-batch-out"}

    Returns
    -------
    DataFrame
        A row for each repeat and fold, a column for each variant, in the order of the table.

    Raises
    ------
    ValueError
        If there is no such metric or split, a score is NaN, or a variant lacks a split or a seed on some split.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.dummy import DummyClassifier
    >>> from sklearn.naive_bayes import GaussianNB
    >>> from maldinb.ablation import run_study
    >>> X, y = np.arange(24.0)[:, None], np.repeat([0, 1], 12)
    >>> models = {"bayes": GaussianNB(), "coin": DummyClassifier(strategy="stratified")}
    >>> table = run_study(models, X, y, ["all"] * 24, n_repeats=1, leave_one_batch_out=False, progress=False)
    >>> paired_scores(table)["bayes"].tolist()
    [1.0, 1.0, 1.0, 1.0, 1.0]
    """
    part = rows_of(table, metric, split)
    names = list(dict.fromkeys(part["variant"]))
    cells = part.groupby([*UNIT, "variant"])[metric]
    counts = cells.count().unstack().reindex(columns=names)
    for name in names:
        fits = counts[name].fillna(0).astype(int)
        if fits.nunique() > 1:
            repeat, fold = fits.idxmin()
            raise ValueError(
                f"variant {name!r} has {fits.min()} fits in repeat {repeat}, fold {fold} of the {split}, and "
                f"{fits.max()} elsewhere; a paired comparison needs all of them"
            )
    return cells.mean().unstack()[names].rename_axis(columns=None)


def rows_of(table, metric, split):
    """The rows of one kind of split, if they can be worked with."""
    metric = choice(metric, "metric", METRICS)
    part = table[table["split"] == split]
    if part.empty:
        there = ", ".join(map(repr, table["split"].unique())) or "nothing"
        raise ValueError(f"the study has no rows of split {split!r}; it has {there}")
    if missing := int(part[metric].isna().sum()):
        row = part[part[metric].isna()].iloc[0]
        raise ValueError(
            f"{metric} is NaN in {missing} rows of the {split}, the first that of variant {row['variant']!r}, repeat "
            f"{row['repeat']}, fold {row['fold']}; compare another metric, or use fewer folds"
        )
    return part


def others(names, reference):
    """All variants but the reference."""
    reference = choice(reference, "reference", names)
    rest = [name for name in names if name != reference]
    if not rest:
        raise ValueError(f"the study has only {reference!r}, and nothing to compare it with")
    return rest


def sign(metric):
    """What turns a difference of scores into an advantage: 1 where higher is better, else -1."""
    return 1 if METRICS[metric][1] else -1


def grid_of(part, metric):
    """Scores of one variant, splits x seeds; the rows must be sorted."""
    return part[metric].to_numpy().reshape(len(part.drop_duplicates(UNIT)), -1)


def pair_of_grids(part, reference, name, metric):
    """Scores of two variants, splits x seeds, with the seeds that both have; a single seed goes with all of them."""
    grids = [
        part[part["variant"] == one]
        .assign(seed=part["seed"].fillna(-1))
        .pivot(index=UNIT, columns="seed", values=metric)
        for one in (reference, name)
    ]
    if min(grid.shape[1] for grid in grids) > 1:
        both = grids[0].columns.intersection(grids[1].columns)
        grids = [grid[both] for grid in grids]
    return [grid.to_numpy() for grid in grids]
