"""Augmentation: a model is trained on altered copies of its spectra, too, so that it learns what does not matter."""

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, ClassifierMixin, MetaEstimatorMixin, clone
from sklearn.utils import check_random_state
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import check_is_fitted, validate_data

from ..arguments import real, whole
from ..preprocessing.bins import middles


class Augmented(MetaEstimatorMixin, ClassifierMixin, BaseEstimator):
    """A classifier that is trained on its spectra and on altered copies of them.

    A copy has the label of its spectrum. Copies are made in `fit` only, of the spectra that it is given: those that are
    tested are neither copied nor altered.

    Parameters
    ----------
    estimator : scikit-learn classifier
        What is trained; a clone of it.
    shift_ppm : float
        Most that a copy is shifted along m/z, in ppm; the shift of each is drawn evenly from both sides. In Da it grows
        with m/z, as an error of calibration does: 1000 ppm are 2 Da at m/z 2000 and 20 Da at 20000.
    jitter : float
        Standard deviation of the logarithm of a factor that each intensity of a copy is multiplied by.
    noise : float
        Standard deviation of what is added to each intensity of a copy, as a share of the mean absolute intensity of
        its spectrum. Where none of these is negative, none becomes so.
    copies : int
        How many of each spectrum; 0 trains as without augmentation.
    mz : array_like, shape (n_bins,), optional
        Where the bins lie, in Da; by default what the columns of `X` say.
    random_state : int, RandomState or None
        Seed of the copies.

    Attributes
    ----------
    estimator_ : scikit-learn classifier
        The trained one.
    classes_ : ndarray
        Its labels, sorted.

    Examples
    --------
    >>> from sklearn.naive_bayes import GaussianNB
    >>> X = pd.DataFrame(np.eye(6)[[1, 2, 1, 2]], columns=["2000", "2003", "2006", "2009", "2012", "2015"])
    >>> model = Augmented(GaussianNB(), shift_ppm=1500, jitter=0.1, copies=20, random_state=0).fit(X, list("SRSR"))
    >>> model.predict(X).tolist(), model.estimator_.class_count_.tolist()
    (['S', 'R', 'S', 'R'], [42.0, 42.0])
    """

    def __init__(self, estimator, *, shift_ppm=1000.0, jitter=0.1, noise=0.1, copies=3, mz=None, random_state=None):
        self.estimator = estimator
        self.shift_ppm = shift_ppm
        self.jitter = jitter
        self.noise = noise
        self.copies = copies
        self.mz = mz
        self.random_state = random_state

    def fit(self, X, y):
        """Train on spectra and their copies.

        Parameters
        ----------
        X : DataFrame or ndarray, shape (n, n_bins)
            Intensities, finite numbers.
        y : array_like, shape (n,)
            Labels.

        Returns
        -------
        Augmented
            The classifier itself.

        Raises
        ------
        ValueError
            If an option is out of its range, `X` or `y` cannot be trained on, or spectra are to be shifted and nothing
            says where their bins lie.
        """
        ranges = {"shift_ppm": 1e5, "jitter": 10, "noise": 100}
        shift, jitter, noise = (real(getattr(self, name), name, 0, high) for name, high in ranges.items())
        copies = whole(self.copies, "copies", 0)
        rows, labels = validate_data(self, X, y, dtype=np.float64)
        middle = self._places(X, rows.shape[1]) if shift and copies else None
        floor = np.where(rows.min(axis=1, keepdims=True) < 0, -np.inf, 0)
        rng, many = check_random_state(self.random_state), [rows]
        for _ in range(copies):
            copied = shifted(rows, middle, rng.uniform(-shift, shift, len(rows))) if shift else rows.copy()
            copied *= np.exp(jitter * rng.normal(size=rows.shape))
            copied += noise * np.abs(rows).mean(axis=1, keepdims=True) * rng.normal(size=rows.shape)
            many.append(np.maximum(copied, floor))
        many = np.concatenate(many)
        many = pd.DataFrame(many, columns=X.columns) if isinstance(X, pd.DataFrame) else many
        self.estimator_ = clone(self.estimator).fit(many, np.tile(labels, copies + 1))
        self.classes_ = self.estimator_.classes_
        return self

    def predict(self, X):
        """Labels of spectra, as they are: an array, shape (n,)."""
        check_is_fitted(self)
        return self.estimator_.predict(X)

    @available_if(lambda self: hasattr(self.estimator, "predict_proba"))
    def predict_proba(self, X):
        """Probabilities of `classes_` for spectra, as they are: an array, shape (n, n_classes)."""
        check_is_fitted(self)
        return self.estimator_.predict_proba(X)

    def _places(self, X, n_bins):
        """Middles of the bins, in Da."""
        mz = getattr(X, "columns", None) if self.mz is None else self.mz
        try:
            middle, width = middles(np.asarray(mz, dtype=float) if mz is not None else None)
        except (TypeError, ValueError):
            raise ValueError(
                "to shift spectra takes the m/z of their bins, in Da and rising: as names of the columns of X, or as "
                "mz=; or set shift_ppm=0"
            ) from None
        if len(middle) != n_bins or not width:
            raise ValueError(
                f"spectra are shifted in bins of one width, and X has {n_bins} columns with {len(middle)} m/z of "
                f"{'one width' if width else 'none'}; set shift_ppm=0"
            )
        return middle


def shifted(rows, middle, ppm):
    """Rows whose peaks lie elsewhere: what was at m is at m * (1 + ppm / 1e6).

    Between the middles of bins the intensity is a straight line; beyond the first and the last it is as there.

    Parameters
    ----------
    rows : ndarray of float, shape (n, n_bins)
    middle : ndarray, shape (n_bins,)
        Middles of the bins, in Da.
    ppm : ndarray, shape (n,)
        Of each row.

    Returns
    -------
    ndarray, shape (n, n_bins)

    Examples
    --------
    >>> shifted(np.array([[0.0, 4, 0, 0]]), np.array([2000.0, 2002, 2004, 2006]), np.array([500])).round(3)
    array([[0.   , 1.999, 2.003, 0.   ]])
    """
    moved = np.empty_like(rows)
    for row, before, by in zip(moved, rows, ppm, strict=True):
        row[:] = np.interp(middle / (1 + by / 1e6), middle, before)
    return moved
