"""Where differences come from: splits, seeds and batches."""

import pandas as pd

from .pairing import UNIT, grid_of, others, pair_of_grids, paired_scores, rows_of, sign
from .study import CROSS_VALIDATION, LEAVE_ONE_BATCH_OUT


def variance_components(table, metric="auroc", *, reference=None):
    """How much of the variance of scores is due to the splits, how much to the seeds?

    Each variant has a balanced table of splits x seeds. Its mean squares give the variances of three random effects:
    that of the split (some test spectra are easier), that of the seed (some initial weights are better everywhere), and
    the rest, where a seed does well on one split and badly on another. The rest is luck with the seed, too.

    Parameters
    ----------
    table : DataFrame
        From `run_study`; the cross-validation is used.
    metric : str
        One of `METRICS`.
    reference : str, optional
        Take apart the paired differences to this variant instead of the scores: what makes a comparison uncertain. Only
        seeds count that both variants have.

    Returns
    -------
    DataFrame
        A row for each variant: numbers of ``n_splits`` and ``n_seeds``; variances due to ``splits``, ``seeds`` and
        ``residual``; ``set_to_zero``, the names of those whose estimate came out negative, as it may where the truth is
        close to 0. A variant that draws no random numbers has one seed, and all its variance is due to the splits.

    Raises
    ------
    ValueError
        As in `paired_scores`; if there is no such variant, fewer than two splits, or only one seed.

    References
    ----------
    Searle, Casella and McCulloch 1992, Variance Components, doi:10.1002/9780470316856

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.dummy import DummyClassifier
    >>> from sklearn.naive_bayes import GaussianNB
    >>> from maldinb.ablation import run_study
    >>> X, y = np.arange(24.0)[:, None], np.repeat([0, 1], 12)
    >>> models = {"bayes": GaussianNB(), "coin": DummyClassifier(strategy="stratified")}
    >>> table = run_study(models, X, y, ["all"] * 24, n_repeats=1, leave_one_batch_out=False, progress=False)
    >>> variance_components(table)[["n_splits", "n_seeds"]]
             n_splits  n_seeds
    variant
    bayes           5        1
    coin            5        3
    """
    names = list(paired_scores(table, metric).columns)  # complete, or an error
    part = rows_of(table, metric, CROSS_VALIDATION).sort_values([*UNIT, "seed"])
    if reference is None:
        grids = {name: grid_of(part[part["variant"] == name], metric) for name in names}
    else:
        grids = {name: _differences(part, reference, name, metric) for name in others(names, reference)}
    if len(part[UNIT].drop_duplicates()) < 2:
        raise ValueError("variances take two or more splits, and the cross-validation has 1")
    if part["seed"].nunique() == 1:
        raise ValueError("the study has one seed, so what seeds do cannot be told from what splits do; use two or more")
    rows = {name: _components(grid) for name, grid in grids.items()}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("variant")


def batch_differences(table, reference="learned gate", metric="auroc"):
    """By how much the reference is better in each batch that was left out. With a handful of them, no test is made.

    Parameters
    ----------
    table : DataFrame
        From `run_study`, with ``leave_one_batch_out=True``.
    reference, metric
        As in `compare`.

    Returns
    -------
    DataFrame
        A row for each other variant and batch: ``variant``, ``batch``, the mean ``difference`` over the seeds (as in
        `compare`), and the ``lowest`` and ``highest`` for a seed.

    Raises
    ------
    ValueError
        As in `compare`.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.dummy import DummyClassifier
    >>> from sklearn.naive_bayes import GaussianNB
    >>> from maldinb.ablation import run_study
    >>> X, y = np.arange(24.0)[:, None], np.repeat([0, 1], 12)
    >>> models = {"bayes": GaussianNB(), "coin": DummyClassifier(strategy="stratified")}
    >>> batch = np.tile(["Milan", "Rome"], 12)
    >>> table = run_study(models, X, y, batch, n_repeats=0, progress=False)
    >>> batch_differences(table, "bayes")[["variant", "batch"]]
      variant  batch
    0    coin  Milan
    1    coin   Rome
    """
    names = list(paired_scores(table, metric, LEAVE_ONE_BATCH_OUT).columns)
    part = rows_of(table, metric, LEAVE_ONE_BATCH_OUT).sort_values([*UNIT, "seed"])
    batches = part.drop_duplicates(UNIT)["batch"]
    rows = [
        (name, batch, values.mean(), values.min(), values.max())
        for name in others(names, reference)
        for batch, values in zip(batches, _differences(part, reference, name, metric), strict=True)
    ]
    return pd.DataFrame(rows, columns=["variant", "batch", "difference", "lowest", "highest"])


def _differences(part, reference, name, metric):
    """By how much the reference is better, splits x seeds."""
    one, other = pair_of_grids(part, reference, name, metric)
    return sign(metric) * (one - other)


def _components(grid):
    """Variances of the random effects of rows and columns, and of the rest, from mean squares."""
    n, k = grid.shape
    rows, columns = grid.mean(axis=1), grid.mean(axis=0)
    sizes = {"n_splits": n, "n_seeds": k}
    if k == 1:
        return sizes | {"splits": float(rows.var(ddof=1)), "seeds": 0.0, "residual": 0.0, "set_to_zero": ""}
    rest = grid - rows[:, None] - columns + grid.mean()
    residual = float((rest**2).sum() / ((n - 1) * (k - 1)))
    found = {"splits": rows.var(ddof=1) - residual / k, "seeds": columns.var(ddof=1) - residual / n}
    negative = ", ".join(name for name, value in found.items() if value < 0)
    found = {name: max(0.0, float(value)) for name, value in found.items()}
    return sizes | found | {"residual": residual, "set_to_zero": negative}
