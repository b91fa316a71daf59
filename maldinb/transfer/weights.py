"""Weights that take the share of R out of what tells one batch from another."""

import numpy as np
import pandas as pd

from ..evaluation import checks


def prevalence_weights(y, batch):
    """Weights of training spectra with which every batch has the same share of R, and counts as much as before.

    For ``fit(X, y, sample_weight=...)``: that resistance is frequent in a hospital is then no reason any more to learn
    how this hospital's spectra look.

    Parameters
    ----------
    y : array_like of {0, 1}, shape (n,)
        1 for resistant; labels of training spectra only.
    batch : array_like of str, shape (n,)
        Batch of each spectrum.

    Returns
    -------
    Series or ndarray, shape (n,)
        The share of a label in all spectra by its share in the batch: above 1 where it is rare. With the index of `y`,
        if that is a Series.

    Raises
    ------
    ValueError
        Names a batch that has one label only, which no weights can mend.

    References
    ----------
    Kamiran and Calders 2012, doi:10.1007/s10115-011-0463-8

    Examples
    --------
    >>> prevalence_weights([1, 1, 1, 0, 1, 0, 0, 0], list("aaaabbbb")).round(2)
    array([0.67, 0.67, 0.67, 2.  , 2.  , 0.67, 0.67, 0.67])
    """
    labels = checks.targets(y)
    batch = checks.batches(batch, len(labels))
    weights = np.empty(len(labels))
    for name in np.unique(batch).tolist():
        here = batch == name
        share = checks.targets(labels[here], where=f" in {name}").mean()
        weights[here] = np.where(labels[here] == 1, labels.mean() / share, (1 - labels.mean()) / (1 - share))
    return pd.Series(weights, y.index) if isinstance(y, pd.Series) else weights
