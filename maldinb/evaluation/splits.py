"""Which spectra train a model and which test it, and the scores that come of it."""

import math

import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from sklearn.model_selection import StratifiedGroupKFold, train_test_split
from threadpoolctl import threadpool_limits

from ..arguments import fraction, whole
from ..memory import give_back
from . import checks
from .discrimination import pairs_within_batch
from .folds import fold_scores


def stratified_splits(y, batch, *, isolate=None, n_splits=5, random_state=0):
    """Folds for cross-validation, each with the same share of every batch x label as the whole.

    All spectra of one isolate fall into the same fold: a model must not be tested on what it has seen. Of a batch x
    label with fewer isolates than folds not every fold can have one: all such cells of one label are stratified as one.

    Parameters
    ----------
    y : array_like of {0, 1}, shape (n,)
        1 for resistant.
    batch : array_like of str, shape (n,)
        Batch (hospital, instrument, year) of each spectrum; one is enough.
    isolate : array_like, shape (n,), optional
        Isolate of each spectrum. Without, or where missing, a spectrum counts as an isolate of its own.
    n_splits : int
        Number of folds, at least 2.
    random_state : int
        Seed of the shuffling.

    Returns
    -------
    list of (train, test)
        Positions as arrays of int; each spectrum is in `test` exactly once.

    Raises
    ------
    ValueError
        If there are fewer isolates of a label than folds, or the input is malformed.

    Examples
    --------
    >>> splits = stratified_splits([0, 1] * 6, ["Rome"] * 12, n_splits=3)
    >>> [(len(train), len(test)) for train, test in splits]
    [(8, 4), (8, 4), (8, 4)]
    """
    y = checks.targets(y)
    n_splits = whole(n_splits, "n_splits", 2)
    isolate = checks.isolates(isolate, len(y))
    what = f"for {n_splits} folds; choose fewer folds"
    stratum = _strata(y, checks.batches(batch, len(y)), isolate, n_splits, what)
    folds = StratifiedGroupKFold(n_splits, shuffle=True, random_state=random_state)
    splits = [(train, test) for train, test in folds.split(stratum, stratum, isolate)]
    for i, (_, test) in enumerate(splits):
        if len(set(y[test])) < 2:
            raise ValueError(
                f"fold {i + 1} of {n_splits} has spectra of one label only, since isolates are kept together; "
                f"choose fewer folds"
            )
    return splits


def hold_out(y, batch, *, isolate=None, test_fraction=0.25, random_state=0):
    """One split into training and test set: for a test set that is put aside first and touched once, at the end.

    Parameters
    ----------
    y, batch, isolate, random_state
        As in `stratified_splits`.
    test_fraction : float
        Share of the isolates that is put aside, between 0 and 1.

    Returns
    -------
    train, test : ndarray of int
        Positions, increasing.

    Raises
    ------
    ValueError
        If there are too few isolates of a label for both sets, or the input is malformed.

    Examples
    --------
    >>> train, test = hold_out([0, 1] * 8, ["Rome"] * 16)
    >>> len(train), len(test)
    (12, 4)
    """
    y = checks.targets(y)
    test_fraction = fraction(test_fraction, "test_fraction")
    isolate = checks.isolates(isolate, len(y))
    fewest = math.ceil(round(1 / min(test_fraction, 1 - test_fraction), 9))
    what = f"for a test_fraction of {test_fraction:g}; choose one that is nearer to 0.5"
    stratum = _strata(y, checks.batches(batch, len(y)), isolate, fewest, what)
    ids, first = np.unique(isolate, return_index=True)  # an isolate is stratified by its first spectrum
    few = pd.Series(stratum[first]).value_counts()
    n_test = math.ceil(test_fraction * len(ids))
    if few.min() < 2 or min(n_test, len(ids) - n_test) < len(few):
        raise ValueError(
            f"{len(ids)} isolates in {len(few)} cells of one label and batch, the smallest of {few.min()}, cannot be "
            f"split with a share of {test_fraction:g} to test and each group in both parts; choose another "
            "test_fraction, or collect more"
        )
    _, chosen = train_test_split(ids, test_size=test_fraction, stratify=stratum[first], random_state=random_state)
    in_test = np.isin(isolate, chosen)
    checks.targets(y[in_test], where=" of the test set")
    checks.targets(y[~in_test], where=" of the training set")
    return np.flatnonzero(~in_test), np.flatnonzero(in_test)


def leave_one_batch_out(batch):
    """Train on all batches but one and test on that one: what a hospital may expect that was no part of the study.

    Parameters
    ----------
    batch : array_like of str, shape (n,)
        Batch (hospital, instrument, year) of each spectrum.

    Returns
    -------
    list of (batch, train, test)
        Name, and positions as arrays of int; batches in alphabetical order.

    Raises
    ------
    ValueError
        If there is only one batch, or a spectrum has none.

    Examples
    --------
    >>> leave_one_batch_out(["Rome", "Milan", "Rome"])
    [('Milan', array([0, 2]), array([1])), ('Rome', array([1]), array([0, 2]))]
    """
    batch = checks.batches(batch, len(batch))
    names = sorted(set(batch.tolist()))
    if len(names) < 2:
        raise ValueError(f"leaving a batch out takes at least two, and there is {', '.join(names) or 'none'}")
    return [(name, np.flatnonzero(batch != name), np.flatnonzero(batch == name)) for name in names]


def out_of_fold_scores(estimator, X, y, splits, *, n_jobs=None, correction=None, batch=None):
    """P(R) of every spectrum, by a model that has not seen it.

    Parameters
    ----------
    estimator : scikit-learn classifier
        With `predict_proba`. It is not fitted itself: each fold fits a clone.
    X : DataFrame or ndarray, shape (n, n_bins)
    y : Series or ndarray of {0, 1}, shape (n,)
    splits : list of (train, test)
        Such as `stratified_splits` returns; each spectrum is in `test` exactly once.
    n_jobs : int, optional
        Folds fitted at the same time, in threads with a core each (joblib); -1 takes all cores.
    correction : correction per batch, optional
        Such as `maldinb.transfer.BatchScaler`. Each fold fits a clone on its training spectra and their batches, and
        corrects both parts with it. It is never given a label.
    batch : array_like of str, shape (n,), optional
        Batch (hospital, instrument, year) of each spectrum: what a correction takes.

    Returns
    -------
    ndarray, shape (n,)

    Raises
    ------
    ValueError
        If a spectrum is tested twice or never or belongs to its own training set, if a fold has one label only, if
        there is a correction and no batch, or if the correction refuses a batch.

    Examples
    --------
    >>> from sklearn.naive_bayes import GaussianNB
    >>> y = np.tile([0, 1], 6)
    >>> X = y[:, None] + 0.01 * np.arange(12.0)[:, None]
    >>> splits = stratified_splits(y, ["Rome"] * 12, n_splits=3)
    >>> out_of_fold_scores(GaussianNB(), X, y, splits).round(1)
    array([0., 1., 0., 1., 0., 1., 0., 1., 0., 1., 0., 1.])
    """
    y = checks.targets_of(X, y)
    checks.gives_probabilities(estimator)
    if correction is not None and batch is None:
        raise ValueError("a correction takes the batch of each spectrum; give batch=, too")
    splits = check_splits(splits, y)
    batch = None if batch is None else checks.batches(batch, len(y))
    one_fold = delayed(fold_scores)
    calls = (one_fold(estimator, X, y, *split, correction=correction, batch=batch) for split in splits)
    with threadpool_limits(1):  # sums of several threads are rounded in another way
        tested = Parallel(n_jobs, prefer="threads")(calls)
    give_back()
    score = np.empty(len(y))
    score[np.concatenate([test for _, test in splits])] = np.concatenate(tested)
    return score


def comparable_batches(y, batch, splits):
    """The batches, if R can be compared with S within them in every test part; else one batch of all spectra.

    Parameters
    ----------
    y : array_like of {0, 1}, shape (n,)
        1 for resistant.
    batch : array_like of str, shape (n,)
        Batch (hospital, instrument, year) of each spectrum.
    splits : list of (train, test)
        Positions.

    Returns
    -------
    Series, shape (n,)
        With the index of `batch`, if it has one; "all" everywhere, where in some part no batch has both labels.

    Raises
    ------
    ValueError
        If the input is malformed.

    Examples
    --------
    >>> comparable_batches([0, 1, 0, 1], list("aabb"), [([0, 1], [2, 3])]).tolist()
    ['a', 'a', 'b', 'b']
    >>> comparable_batches([0, 0, 1, 1], list("aabb"), [([0, 1], [1, 2])]).tolist()
    ['all', 'all', 'all', 'all']
    """
    y, names = checks.targets(y), checks.batches(batch, len(y))
    index = batch.index if isinstance(batch, pd.Series) else None
    both = all(pairs_within_batch(y[test], names[test]) for _, test in splits)
    return pd.Series(names if both else "all", index if index is not None else range(len(y)))


def check_splits(splits, y):
    """Return the splits as a list of arrays, or say what is wrong with them.

    Parameters
    ----------
    splits : iterable of (train, test)
    y : ndarray of {0, 1}, shape (n,)

    Returns
    -------
    list of (train, test)

    Raises
    ------
    ValueError
        As in `out_of_fold_scores`.
    """
    splits = [(np.asarray(train), np.asarray(test)) for train, test in splits]
    if not splits:
        raise ValueError("splits is empty; see stratified_splits()")
    for i, (train, test) in enumerate(splits, start=1):
        for name, part in (("train", train), ("test", test)):
            if part.ndim != 1 or not len(part) or part.dtype.kind not in "iu":
                raise ValueError(f"fold {i}: {name} must be a list of positions, and not empty")
            if part.min() < 0 or part.max() >= len(y):
                raise ValueError(f"fold {i}: {name} holds positions outside 0-{len(y) - 1}")
        if (both := np.intersect1d(train, test)).size:
            raise ValueError(f"fold {i}: {len(both)} spectra are in both train and test, the first at {both[0]}")
        checks.targets(y[train], where=f" that train fold {i}")
    times = np.bincount(np.concatenate([test for _, test in splits]), minlength=len(y))
    if (times != 1).any():
        i = int(np.argmax(times != 1))
        raise ValueError(
            f"each spectrum must be tested by exactly one fold; the one at position {i} is tested by {times[i]} "
            f"({(times != 1).sum()} such spectra)"
        )
    return splits


def _strata(y, batch, isolate, fewest, what):
    """Number of each spectrum's batch x label; cells of fewer isolates than `fewest` are joined, label by label.

    `what` says in the message what as many are needed for.

    Raises
    ------
    ValueError
        If a label has fewer isolates than `fewest` in all batches together.
    """
    table = pd.DataFrame({"y": y, "batch": batch, "isolate": isolate})
    for label, n in table.groupby("y")["isolate"].nunique().items():
        if n < fewest:
            few = "1 isolate is" if n == 1 else f"{n} isolates are"
            raise ValueError(f"only {few} {checks.NAMES[label]}, and {fewest} are needed {what}, or collect more")
    small = table.groupby(["y", "batch"])["isolate"].transform("nunique") < fewest
    table.loc[small, "batch"] = ""
    # What was joined may still be too small: then the label is not stratified by batch at all.
    small = table.groupby(["y", "batch"])["isolate"].transform("nunique") < fewest
    table.loc[table["y"].isin(set(table.loc[small, "y"])), "batch"] = ""
    return table.groupby(["y", "batch"]).ngroup().to_numpy()
