"""What a network has to beat: the batch alone, and models that need no network."""

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from . import checks
from .splits import check_splits


def batch_only_scores(y, batch, splits):
    """The score of a "model" that never looks at a spectrum: the share of R in its batch, among the training spectra.

    Parameters
    ----------
    y : array_like of {0, 1}, shape (n,)
        1 for resistant.
    batch : array_like of str, shape (n,)
        Batch (hospital, instrument, year) of each spectrum.
    splits : list of (train, test)
        As for `out_of_fold_scores`.

    Returns
    -------
    ndarray, shape (n,)
        For a batch that is not among the training spectra, the share of R in all of them.

    Raises
    ------
    ValueError
        As in `out_of_fold_scores`.

    Examples
    --------
    >>> splits = [([0, 2, 3], [1, 4, 5]), ([1, 4, 5], [0, 2, 3])]
    >>> batch_only_scores([1, 1, 0, 0, 0, 1], list("aabbba"), splits)
    array([1., 1., 0., 0., 0., 1.])
    """
    y = checks.targets(y)
    batch = checks.batches(batch, len(y))
    score = np.empty(len(y))
    for train, test in check_splits(splits, y):
        share = {name: y[train][batch[train] == name].mean() for name in np.unique(batch[train])}
        score[test] = [share.get(name, y[train].mean()) for name in batch[test]]
    return score


def baselines(random_state=0):
    """Models to compare a network with, unfitted.

    Each runs on one thread and gives the same result every time. Nothing is learned outside `fit`, so inside a
    cross-validation nothing is learned from test spectra.

    Parameters
    ----------
    random_state : int
        Seed of the forest and of the boosting.

    Returns
    -------
    dict
        Name -> scikit-learn estimator:

        "logistic regression"
            On standardised bins. Without standardising, intensities that sum to 1 are so small that the penalty
            leaves next to nothing of the coefficients.
        "random forest"
            100 trees, each on a resample of the spectra; each split sees a random subset of bins, as many as the square
            root of their number.
        "gradient boosting"
            100 small trees one after the other. Their splits see as few bins as those of the forest: searching all of
            them would take forty times as long.

    Examples
    --------
    >>> list(baselines())
    ['logistic regression', 'random forest', 'gradient boosting']
    """
    from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier  # a quarter of a second

    return {
        "logistic regression": make_pipeline(StandardScaler(), LogisticRegression(C=0.001, max_iter=1000)),
        "random forest": RandomForestClassifier(100, min_samples_leaf=3, n_jobs=1, random_state=random_state),
        "gradient boosting": GradientBoostingClassifier(max_features="sqrt", random_state=random_state),
    }
