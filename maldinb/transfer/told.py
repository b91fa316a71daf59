"""How well the hospital can be told from a spectrum."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import balanced_accuracy_score
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from ..arguments import whole
from ..evaluation import checks
from ..evaluation.folds import fit_fold


class Told(NamedTuple):
    """How often the batch is told, and how often it would be without a look at the spectra."""

    accuracy: float
    balanced_accuracy: float
    most_frequent: float
    n_batches: int

    def __str__(self):
        return (
            f"batch told for {self.accuracy:.0%} of the spectra (the most frequent: {self.most_frequent:.0%}), "
            f"balanced {self.balanced_accuracy:.0%} (a guess: {1 / self.n_batches:.0%})"
        )


def batch_told(X, batch, isolate=None, *, estimator=None, correction=None, n_splits=5, random_state=0):
    """How well a model tells the batch of spectra that it has not seen.

    That a batch can be told is no proof that this is what breaks a model elsewhere; that it cannot is no proof that the
    model will work there.

    Parameters
    ----------
    X : DataFrame or ndarray, shape (n, n_bins)
    batch : array_like of str, shape (n,)
        Batch (hospital, instrument, year) of each spectrum.
    isolate : array_like, shape (n,), optional
        Isolate of each spectrum. All of one isolate are in the same fold.
    estimator : scikit-learn classifier, optional
        By default logistic regression on standardised bins, with a penalty that grows with their number; for 6000 it is
        that of `maldinb.evaluation.baselines`. Others, such as a random forest, may tell what it cannot.
    correction : correction per batch, optional
        Fitted in each fold, to the training spectra. Give it here rather than corrected spectra: where the mean of all
        spectra of a batch is 0, those of its training and its test part are opposite, and a model does worse than a
        guess.
    n_splits : int
        Number of folds, at least 2.
    random_state : int
        Seed of the folds.

    Returns
    -------
    Told
        ``accuracy``, the share of spectra whose batch is told; ``balanced_accuracy``, the mean of the batches' shares;
        ``most_frequent``, the accuracy of always naming the most frequent batch; ``n_batches``, one of which a guess
        would hit. It can be printed.

    Raises
    ------
    ValueError
        If there are fewer than two batches, or one has fewer isolates than there are folds.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> batch = np.repeat(["Milan", "Rome"], [20, 30])
    >>> X = rng.normal(size=(50, 20)) + np.where(batch == "Rome", 1, 0)[:, None]
    >>> print(batch_told(X, batch))
    batch told for 96% of the spectra (the most frequent: 60%), balanced 95% (a guess: 50%)
    """
    batch = checks.batches(batch, len(X))
    isolate = checks.isolates(isolate, len(X))
    n_splits = whole(n_splits, "n_splits", 2)
    names, sizes = np.unique(batch, return_counts=True)
    if len(names) < 2:
        raise ValueError(f"to tell batches apart takes at least two, and there is {', '.join(names) or 'none'}")
    isolates = pd.Series(isolate).groupby(batch).nunique()
    if isolates.min() < n_splits:
        raise ValueError(
            f"{isolates.idxmin()} has too few isolates for {n_splits} folds: {isolates.min()}; leave it out, or choose "
            "fewer folds"
        )
    if estimator is None:
        estimator = make_pipeline(StandardScaler(), LogisticRegression(C=6 / np.shape(X)[1], max_iter=1000))
    folds = StratifiedGroupKFold(n_splits, shuffle=True, random_state=random_state)
    said = np.empty(len(batch), dtype=object)
    for train, test in folds.split(X, batch, isolate):
        model, rows = fit_fold(estimator, X, batch, train, test, correction=correction, batch=batch)
        said[test] = model.predict(rows)
    return Told(
        float(np.mean(said == batch)),
        float(balanced_accuracy_score(batch, said.astype(str))),
        float(sizes.max() / len(batch)),
        len(names),
    )
