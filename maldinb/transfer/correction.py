"""Corrections per batch: what the spectra of a hospital have in common is taken out of them, without their labels."""

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted, validate_data

from ..arguments import whole
from ..evaluation import checks


class Correction(BaseEstimator):
    """What corrections per batch have in common: they learn from spectra and the names of their batches, nothing else.

    `fit` and `transform` take the batch of each spectrum and have no place for labels. There is no `fit_transform`, and
    a correction is no step of a scikit-learn pipeline, which would hand the labels on as if they were batches:
    `maldinb.evaluation.out_of_fold_scores` and `maldinb.evaluation.leave_one_batch_out_table` take it as
    ``correction=`` and fit it on the training spectra of each fold.

    A spectrum of a batch that was in `fit` is corrected by what was learned there. A batch that was not is corrected by
    the spectra of it that `transform` gets: it takes no labels of theirs, but at least `min_new` spectra.

    Parameters
    ----------
    min_new : int
        Fewest spectra that a new batch is corrected by, at least 2.

    Attributes
    ----------
    needs_new_spectra : bool
        True: a new batch takes unlabelled spectra of its own before any of them can be classified.
    batches_ : dict
        Batch -> what was learned of it.
    """

    needs_new_spectra = True

    def __init__(self, *, min_new=10):
        self.min_new = min_new

    def fit(self, X, batch):
        """Learn what the spectra of each batch have in common.

        Parameters
        ----------
        X : DataFrame or ndarray, shape (n, n_bins)
            Intensities, finite numbers.
        batch : array_like of str, shape (n,)
            Batch (hospital, instrument, year) of each spectrum.

        Returns
        -------
        Correction
            The correction itself.

        Raises
        ------
        ValueError
            If `X` is no matrix of finite numbers, a spectrum has no batch, or a parameter is out of its range.
        """
        whole(self.min_new, "min_new", 2)
        rows = validate_data(self, X, dtype=np.float64)
        batch = checks.batches(batch, len(rows))
        self._learn_all(rows, batch)
        self.batches_ = {name: self._learn(rows[batch == name]) for name in np.unique(batch).tolist()}
        return self

    def transform(self, X, batch):
        """Correct spectra.

        Parameters
        ----------
        X : DataFrame or ndarray, shape (n, n_bins)
            Intensities, with the bins of `fit`.
        batch : array_like of str, shape (n,)
            Batch of each spectrum.

        Returns
        -------
        DataFrame or ndarray, shape (n, n_bins)
            As `X`, with its index and columns if it has them.

        Raises
        ------
        NotFittedError
            Before `fit`.
        ValueError
            If `X` does not match that of `fit`, or a batch is new and has fewer than `min_new` spectra.
        """
        check_is_fitted(self)
        rows = validate_data(self, X, dtype=np.float64, reset=False)
        batch = checks.batches(batch, len(rows))
        corrected = np.empty_like(rows)
        for name in np.unique(batch).tolist():
            here = batch == name
            if name not in self.batches_ and here.sum() < self.min_new:
                raise ValueError(
                    f"{name} is a new batch, which takes at least {self.min_new} spectra (unlabelled ones will do) to "
                    f"be corrected by, and there are {here.sum()}; bring more, leave it out, or lower min_new"
                )
            learned = self.batches_[name] if name in self.batches_ else self._learn(rows[here])
            corrected[here] = self._correct(rows[here], learned)
        return pd.DataFrame(corrected, X.index, X.columns) if isinstance(X, pd.DataFrame) else corrected

    def _learn_all(self, rows, batch):
        """Learn what is common to all batches."""

    def _learn(self, rows):
        """What there is to know of one batch."""
        raise NotImplementedError

    def _correct(self, rows, learned):
        """Spectra of one batch without what was learned of it."""
        raise NotImplementedError


class BatchScaler(Correction):
    """Shift and scale each bin within each batch to mean 0 and standard deviation 1.

    Where resistance and batch go together, the difference between the means of batches is in part biology, and goes
    with the rest.

    Parameters
    ----------
    center : bool
        Whether the mean of the batch is subtracted.
    scale : bool
        Whether what is left is divided by the standard deviation of the batch. A bin that is constant in a batch is
        not scaled there, and a single spectrum is scaled by the mean variance within the other batches.
    min_new : int
        Fewest spectra that a new batch is corrected by, at least 2.

    Examples
    --------
    >>> X, batch = np.array([[1.0], [3.0], [10.0], [30.0]]), ["Rome", "Rome", "Milan", "Milan"]
    >>> BatchScaler().fit(X, batch).transform(X, batch).ravel()
    array([-1.,  1., -1.,  1.])

    A batch that was not in `fit` is corrected by its own spectra:

    >>> correction = BatchScaler(min_new=3).fit(X, batch)
    >>> correction.transform(X[:3], ["Bari"] * 3).ravel().round(2)
    array([-0.95, -0.43,  1.38])
    >>> correction.transform(X[:1], ["Bari"])
    Traceback (most recent call last):
    ValueError: Bari is a new batch, which takes at least 3 spectra (unlabelled ones will do) to be corrected by, ...
    """

    def __init__(self, center=True, scale=True, *, min_new=10):
        super().__init__(min_new=min_new)
        self.center = center
        self.scale = scale

    def _learn_all(self, rows, batch):
        self.within_ = variance_within(rows, batch) if self.scale else None

    def _learn(self, rows):
        mean = rows.mean(axis=0) if self.center else 0.0
        if not self.scale:
            return mean, 1.0
        variance = self.within_ if len(rows) == 1 else variance_within(rows, np.zeros(len(rows)), 0)
        return mean, np.sqrt(np.where(variance > 0, variance, 1))

    def _correct(self, rows, learned):
        mean, scale = learned
        return (rows - mean) / scale


class BatchRanks(Correction):
    """Replace each intensity by its rank among those of the same bin and batch, scaled to 0 to 1.

    The rank is the share of the batch's spectra with less in this bin, and half of those with as much: .5 is the
    median. Nothing of a batch's distribution remains but the order.

    Parameters
    ----------
    min_new : int
        Fewest spectra that a new batch is corrected by, at least 2.

    Examples
    --------
    >>> X, batch = np.array([[1.0], [3.0], [10.0], [30.0]]), ["Rome", "Rome", "Milan", "Milan"]
    >>> BatchRanks().fit(X, batch).transform(X, batch).ravel()
    array([0.25, 0.75, 0.25, 0.75])
    """

    def _learn(self, rows):
        return np.sort(rows, axis=0)

    def _correct(self, rows, learned):
        ranks = np.empty_like(rows)
        for i, known in enumerate(learned.T):
            ranks[:, i] = np.searchsorted(known, rows[:, i]) + np.searchsorted(known, rows[:, i], side="right")
        return ranks / (2 * len(learned))


def variance_within(rows, batch, lost=1):
    """Variance of each bin about the means of its batches; exactly 0 where the bin is constant in each of them.

    Parameters
    ----------
    rows : ndarray of float, shape (n, n_bins)
    batch : ndarray, shape (n,)
    lost : int
        Degrees of freedom that each batch's mean takes: 1 for an unbiased variance, 0 for the mean square.

    Returns
    -------
    ndarray, shape (n_bins,)
        All 0 where no degree of freedom is left.
    """
    names = np.unique(batch)
    squares = sum(np.square(rows[batch == name] - rows[batch == name].mean(axis=0)).sum(axis=0) for name in names)
    variance = squares / max(len(rows) - lost * len(names), 1)
    rounding = 10 * np.finfo(float).eps * np.abs(rows).max(axis=0)  # what equal numbers may be off their mean
    return np.where(variance > rounding**2, variance, 0)
