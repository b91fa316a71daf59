"""The control that knows no labels: a list of the m/z at which spectra vary most."""

import numpy as np

from ..interpretation import candidates
from ..interpretation.windows import Windows

WINDOW, APART = 15.0, 30.0  # Da: as in the course's maps of bins, and in its short lists


def list_without_labels(X, mz, n):
    """Where the coefficient of variation of the intensity is largest, resistant or not.

    Planted peaks come and go, and so such a list finds some of them. A list that is to know something of resistance has
    to do better than this one.

    Parameters
    ----------
    X : DataFrame or array_like, shape (n_spectra, n_bins)
    mz : array_like, shape (n_bins,)
        Lower edges of the bins, in Da.
    n : int
        How many m/z.

    Returns
    -------
    ndarray, shape (n,)
        In Da, the most variable first.

    Examples
    --------
    >>> from maldinb import load_simulated
    >>> data = load_simulated(n_spectra=24)
    >>> list_without_labels(data.X, data.mz, 3).shape
    (3,)
    """
    intensity = Windows(mz, WINDOW).around(np.asarray(X, float))
    mean = intensity.mean(axis=0)
    variation = np.divide(intensity.std(axis=0), mean, out=np.zeros_like(mean), where=mean > 0)
    return candidates(variation, mz, n, tolerance=APART)
