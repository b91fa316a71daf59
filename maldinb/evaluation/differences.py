"""How much better is one model than another, on the same spectra, and how sure is that?"""

import numpy as np
import pandas as pd

from ..arguments import fraction, whole
from . import checks
from .discrimination import _bootstrap, auroc


def difference_table(scores, y, batch, reference, *, level=0.95, isolate=None, n_resamples=2000, random_state=0):
    """AUROC of each model less that of a reference, pooled and within batches, with paired intervals.

    Two models that score the same spectra stumble over the same ones. The interval of their difference is therefore
    narrower than the intervals of the two would suggest, and cannot be read off them: each resample draws isolates once
    for both.

    Parameters
    ----------
    scores : dict
        Name -> P(R) of every spectrum, shape (n,).
    y : array_like of {0, 1}, shape (n,)
        1 for resistant.
    batch : array_like of str, shape (n,)
        Batch (hospital, instrument, year) of each spectrum.
    reference : str
        Name of the model that the others are compared with.
    level : float
        Confidence of the intervals, between 0 and 1.
    isolate : array_like, shape (n,), optional
        Isolate of each spectrum: whole isolates are drawn.
    n_resamples : int
        Size of the bootstrap.
    random_state : int
        Its seed.

    Returns
    -------
    DataFrame
        A row for each other model: the ``difference`` of the pooled AUROCs with its interval, ``low`` to ``high``; the
        same ``within batch``, with ``within low`` and ``within high``: the mean over all batches with two isolates of
        each label or more, weighted by their pairs of an R and an S. NaN where there are too few isolates.

    Raises
    ------
    ValueError
        If there is no such reference, only one label, or the input is malformed.

    References
    ----------
    Percentiles of a stratified bootstrap, as in Robin et al. 2011, doi:10.1186/1471-2105-12-77

    Examples
    --------
    >>> y, batch = [0, 1] * 20, ["a"] * 20 + ["b"] * 20
    >>> good = [0.2, 0.9, 0.4, 0.6, 0.5, 0.4, 0.1, 0.8] * 5
    >>> difference_table({"good": good, "coin": [0.5] * 40}, y, batch, "coin").round(2)
           difference   low  high  within batch  within low  within high
    model
    good         0.41  0.31  0.48           0.4        0.33         0.47
    """
    if reference not in scores:
        raise ValueError(f"there is no score of {reference!r}; there are {', '.join(map(repr, scores))}")
    y = checks.targets(y)
    batch, isolate = checks.batches(batch, len(y)), checks.isolates(isolate, len(y))
    tails = (1 - fraction(level, "level")) / 2 * np.array([1, -1]) + [0, 1]
    how = {"n_resamples": whole(n_resamples, "n_resamples", 100), "random_state": random_state}
    for name, score in scores.items():
        scores = scores | {name: checks.scores(score, len(y), probability=False, name=f"the score of {name!r}")}
    everybody, each = [np.full(len(y), True)], [batch == name for name in np.unique(batch)]
    columns = [_differences(scores, reference, y, isolate, parts, tails, how) for parts in (everybody, each)]
    rows = {name: [*columns[0][name], *columns[1][name]] for name in scores if name != reference}
    names = ["difference", "low", "high", "within batch", "within low", "within high"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=names).rename_axis("model")


def _differences(scores, reference, y, isolate, parts, tails, how):
    """Value and limits of each score less the reference: means over parts, weighted by their pairs of an R and an S."""
    drawn, weights = {name: [] for name in scores}, []
    for here in parts:
        if min(len(np.unique(isolate[here & (y == label)])) for label in (0, 1)) < 2:
            continue
        mine = checks.isolates(isolate[here], here.sum())
        for name, score in scores.items():  # one seed: all see the same draws; the value itself comes first
            value = auroc(y[here], score[here])
            drawn[name].append([value, *_bootstrap(y[here], score[here], mine, **how)])
        weights.append(y[here].sum() * (1 - y[here]).sum())
    if not weights:
        return dict.fromkeys(scores, [np.nan] * 3)
    means = {name: np.average(values, axis=0, weights=weights) for name, values in drawn.items()}
    less = {name: mean - means[reference] for name, mean in means.items()}
    return {name: [one[0], *np.quantile(one[1:], tails)] for name, one in less.items()}
