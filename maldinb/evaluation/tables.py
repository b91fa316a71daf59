"""Several models side by side."""

import numpy as np
import pandas as pd
from sklearn.pipeline import Pipeline
from tqdm.auto import tqdm

from . import checks
from .calibration import brier
from .discrimination import auroc, auroc_with_interval, within_batch_auroc
from .folds import fold_scores
from .splits import leave_one_batch_out


def score_table(scores, y, batch, *, level=0.95, isolate=None):
    """Scores of several models on the same spectra, side by side.

    Parameters
    ----------
    scores : dict
        Name -> P(R) of every spectrum, shape (n,).
    y : array_like of {0, 1}, shape (n,)
        1 for resistant.
    batch : array_like of str, shape (n,)
        Batch (hospital, instrument, year) of each spectrum.
    level : float
        Confidence of the intervals, between 0 and 1.
    isolate : array_like, shape (n,), optional
        Isolate of each spectrum, for the intervals.

    Returns
    -------
    DataFrame
        A row for each model: the pooled ``auroc`` with its interval ``low`` to ``high``; ``within batch``, the mean of
        the batches' own AUROCs as in `within_batch_auroc`, and each of them, ``within Rome`` and so on, NaN where a
        batch has one label only; ``brier``.

    Raises
    ------
    ValueError
        Names the model whose score is at fault; or no batch has both labels.

    Examples
    --------
    >>> y, batch = [0, 1] * 4, list("aaaabbbb")
    >>> score = [0.1, 0.4, 0.3, 0.8, 0.2, 0.9, 0.6, 0.5]
    >>> score_table({"a model": score, "a coin": [0.5] * 8}, y, batch).round(2)
             auroc   low  high  within batch  within a  within b  brier
    model
    a model   0.88  0.35  0.99          0.88       1.0      0.75   0.14
    a coin    0.50  0.50  0.50          0.50       0.5      0.50   0.25
    """
    if not isinstance(scores, dict) or not scores:
        raise ValueError('scores is a dict such as {"forest": out_of_fold_scores(...)}, and not empty')
    y = checks.targets(y)
    rows = {}
    for name, score in scores.items():
        score = checks.scores(score, len(y), name=f"the score of {name!r}")
        pooled = auroc_with_interval(y, score, level=level, isolate=isolate)
        mean, batches = within_batch_auroc(y, score, batch)
        rows[name] = {"auroc": pooled.value, "low": pooled.low, "high": pooled.high, "within batch": mean}
        rows[name] |= {f"within {one}": value for one, value in batches.items()}
        rows[name]["brier"] = brier(y, score)
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("model")


def leave_one_batch_out_table(estimators, X, y, batch, *, level=0.95, isolate=None, correction=None, progress=False):
    """AUROC in each batch of models that were trained in the others.

    Parameters
    ----------
    estimators : scikit-learn classifier, or dict of name -> classifier
        With `predict_proba`; a single one gets the name of its class. They are not fitted themselves: each batch
        fits a clone.
    X : DataFrame or ndarray, shape (n, n_bins)
    y : Series or ndarray of {0, 1}, shape (n,)
        1 for resistant.
    batch : array_like of str, shape (n,)
        Batch (hospital, instrument, year) of each spectrum.
    level : float
        Confidence of the intervals, between 0 and 1.
    isolate : array_like, shape (n,), optional
        Isolate of each spectrum, for the intervals.
    correction : correction per batch, optional
        As in `out_of_fold_scores`. The batch that is left out is corrected by its own spectra, unlabelled.
    progress : bool
        Show a progress bar.

    Returns
    -------
    DataFrame
        A row for each model and held-out batch: ``model``, ``batch``, numbers of ``R`` and ``S`` there, ``auroc`` with
        its interval ``low`` to ``high``, NaN for a batch with a single isolate of one label.

    Raises
    ------
    ValueError
        Names the batch if it, or all others together, have one label only, or the correction refuses one.

    Examples
    --------
    >>> from sklearn.naive_bayes import GaussianNB
    >>> X, y = np.arange(16.0).reshape(16, 1) % 8, np.arange(16) % 8 > 3
    >>> batch = np.repeat(["Milan", "Rome"], 8)
    >>> leave_one_batch_out_table(GaussianNB(), X, y, batch).round(2)
            model  batch  R  S  auroc  low  high
    0  GaussianNB  Milan  4  4    1.0  0.4   1.0
    1  GaussianNB   Rome  4  4    1.0  0.4   1.0
    """
    if not isinstance(estimators, dict):
        last = estimators[-1] if isinstance(estimators, Pipeline) else estimators
        estimators = {type(last).__name__: estimators}
    if not estimators:
        raise ValueError("there is no estimator; see baselines()")
    y = checks.targets_of(X, y)
    batch, isolate = checks.batches(batch, len(y)), checks.isolates(isolate, len(y))
    splits = leave_one_batch_out(batch)
    for where, part in ((" in ", 2), (" outside ", 1)):  # before anything is fitted
        for split in splits:
            checks.targets(y[split[part]], where=where + split[0])
    rows, fits = [], [(name, *split) for name in estimators for split in splits]
    for name, left_out, train, test in tqdm(fits, "left out", unit="fit", disable=not progress):
        score = fold_scores(estimators[name], X, y, train, test, correction=correction, batch=batch)
        fewest = min(len(np.unique(isolate[test][y[test] == label])) for label in (0, 1))
        if fewest > 1:
            interval = auroc_with_interval(y[test], score, level=level, isolate=isolate[test])
        else:  # a single R, or a single S: a score, and no way to tell how uncertain it is
            interval = auroc(y[test], score), np.nan, np.nan
        rows.append((name, left_out, int(y[test].sum()), int((1 - y[test]).sum()), *interval))
    return pd.DataFrame(rows, columns=["model", "batch", "R", "S", "auroc", "low", "high"])
