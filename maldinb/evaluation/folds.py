"""One fold: what is fitted to its training part, and what that says of its test part."""

import numpy as np
from sklearn.base import clone


def fit_fold(estimator, X, y, train, test, *, correction=None, batch=None):
    """A clone of the model, fitted to the training spectra, and the test spectra as it should see them.

    Parameters
    ----------
    estimator : scikit-learn classifier
    X : DataFrame or ndarray, shape (n, n_bins)
    y : ndarray, shape (n,)
        What the model learns.
    train, test : ndarray of int
        Positions.
    correction : correction per batch, optional
        A clone is fitted to the training spectra and their batches. Labels are no part of the call: not even those of
        training spectra can get into the correction.
    batch : ndarray of str, shape (n,), optional
        What the correction takes.

    Returns
    -------
    estimator : scikit-learn classifier
    rows : DataFrame or ndarray, shape (len(test), n_bins)

    Examples
    --------
    >>> from sklearn.naive_bayes import GaussianNB
    >>> X, y = np.array([[0.0], [1.0], [0.1], [1.1], [0.2], [0.9]]), np.array([0, 1, 0, 1, 0, 1])
    >>> model, rows = fit_fold(GaussianNB(), X, y, np.arange(4), np.arange(4, 6))
    >>> model.predict(rows)
    array([0, 1])
    """
    seen, unseen = _rows(X, train), _rows(X, test)
    if correction is not None:
        correction = clone(correction).fit(seen, batch[train])
        seen, unseen = correction.transform(seen, batch[train]), correction.transform(unseen, batch[test])
    return clone(estimator).fit(seen, y[train]), unseen


def fold_scores(*args, **options):
    """P(R) of the test spectra, by a model as `fit_fold` returns it: an array, shape (len(test),).

    Examples
    --------
    >>> from sklearn.naive_bayes import GaussianNB
    >>> X, y = np.array([[0.0], [1.0], [0.1], [1.1], [0.2], [0.9]]), np.array([0, 1, 0, 1, 0, 1])
    >>> fold_scores(GaussianNB(), X, y, np.arange(4), np.arange(4, 6)).round(1)
    array([0., 1.])
    """
    model, rows = fit_fold(*args, **options)
    return model.predict_proba(rows)[:, 1]


def _rows(X, positions):
    """Some rows of a DataFrame or an array."""
    return X.iloc[positions] if hasattr(X, "iloc") else np.asarray(X)[positions]
