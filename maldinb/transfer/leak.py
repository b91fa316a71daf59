"""A correction that sees labels: how a leak looks that makes scores rise and models worse."""

import numpy as np
import pandas as pd

from ..evaluation import checks
from .combat import ComBat


def combat_that_sees_labels(X, batch, y, *, scale=True):
    """ComBat with the label as a covariate, over all spectra at once: **a leak, here to be shown and not to be used**.

    To "protect" the difference between R and S while batches are aligned takes the label of every spectrum, also of
    those that a model is then tested on. The batches are left to differ as these labels ask for, and a model finds that
    again: even labels that were shuffled within batches can then be told from spectra. A new spectrum, whose label is
    yet to be found, cannot be corrected in this way at all.

    Parameters
    ----------
    X : DataFrame or ndarray, shape (n, n_bins)
        Intensities, of training and test spectra alike.
    batch : array_like of str, shape (n,)
        Batch of each spectrum.
    y : array_like of {0, 1}, shape (n,)
        1 for resistant.
    scale : bool
        Whether variances are corrected as well, or means only.

    Returns
    -------
    DataFrame or ndarray, shape (n, n_bins)
        As `X`.

    Raises
    ------
    ValueError
        If no batch has both R and S: the difference between them cannot be told from that between batches then.

    References
    ----------
    Nygaard, Rodland and Hovig 2016, doi:10.1093/biostatistics/kxv027, on the same adjustment before a test of groups.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> X, y, batch = rng.normal(size=(60, 500)), rng.integers(0, 2, 60), np.repeat(["Milan", "Rome"], [10, 50])
    >>> combat_that_sees_labels(X, batch, y).shape
    (60, 500)
    """
    y = checks.targets(y, len(X))
    batch = checks.batches(batch, len(y))
    rows = np.asarray(X, dtype=float)
    within = y.astype(float)
    inside = rows.copy()
    for name in np.unique(batch):
        here = batch == name
        within[here] -= y[here].mean()
        inside[here] -= rows[here].mean(axis=0)
    if not within.any():
        raise ValueError("no batch has both resistant and susceptible spectra, so that labels cannot be held apart")
    of_label = np.outer(y - y.mean(), within @ inside / (within @ within))  # least squares, along with the batches
    corrected = ComBat(scale=scale).fit(rows - of_label, batch).transform(rows - of_label, batch) + of_label
    return pd.DataFrame(corrected, X.index, X.columns) if isinstance(X, pd.DataFrame) else corrected
