"""ComBat: locations and scales of batches, shrunk towards those of all bins."""

import numpy as np

from .correction import Correction, variance_within


class ComBat(Correction):
    """Shift and scale each bin of each batch to what all batches have in common, by parametric empirical Bayes.

    As `BatchScaler`, but what one bin says of a batch is shrunk towards what all bins of this batch say: batches of few
    spectra are corrected with more caution. Corrected spectra are intensities again, about the mean and with the
    variance that all batches share.

    Parameters
    ----------
    scale : bool
        Whether variances are corrected as well, or means only. Means are shrunk by the number of spectra either way;
        the R package sva and its descendants take it for 1 where means only are corrected.
    min_new : int
        Fewest spectra that a new batch is corrected by, at least 2.

    Attributes
    ----------
    mean_ : ndarray, shape (n_bins,)
        Of all spectra.
    deviation_ : ndarray, shape (n_bins,)
        Standard deviation within batches, with n less the number of batches as its degrees of freedom; 1 for a bin that
        is constant in each of them. Such a bin has no part in the shrinking, and gets the mean of all spectra.

    References
    ----------
    Johnson, Li and Rabinovic 2007, doi:10.1093/biostatistics/kxj037. There the variance within batches is divided by
    n; with our degrees of freedom one batch alone is left as it is.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> batch = np.repeat(["Milan", "Rome"], 50)
    >>> X = rng.normal(size=(100, 30)) + np.where(batch == "Rome", 5, 0)[:, None]
    >>> corrected = ComBat().fit(X, batch).transform(X, batch)
    >>> [round(Z[batch == "Rome"].mean() / Z[batch == "Milan"].mean()) for Z in (X + 5, corrected)]
    [2, 1]
    """

    def __init__(self, *, scale=True, min_new=10):
        super().__init__(min_new=min_new)
        self.scale = scale

    def _learn_all(self, rows, batch):
        self.mean_ = rows.mean(axis=0)
        variance = variance_within(rows, batch)
        self.varies_ = variance > 0
        self.deviation_ = np.sqrt(np.where(self.varies_, variance, 1))

    def _learn(self, rows):
        standard = (rows - self.mean_) / self.deviation_
        location, variance = standard.mean(axis=0), np.ones(rows.shape[1])
        if self.varies_.any():
            shrunk = shrink(standard[:, self.varies_], scale=self.scale)
            location[self.varies_], variance[self.varies_] = shrunk
        return location, np.sqrt(variance)

    def _correct(self, rows, learned):
        location, scale = learned
        standard = (rows - self.mean_) / self.deviation_
        return (standard - location) / scale * self.deviation_ + self.mean_


def shrink(standard, *, scale=True):
    """Location and variance of each bin of one batch, shrunk towards those of all bins.

    The prior of locations is normal, that of variances an inverse gamma, both with the moments that are seen over the
    bins. Each of the two estimates takes the other; what is returned is where both hold.

    Parameters
    ----------
    standard : ndarray, shape (n, n_bins)
        Spectra of one batch, less the mean of all batches and divided by the deviation within them.
    scale : bool
        Whether variances are estimated; without, or from a single spectrum, they are 1.

    Returns
    -------
    location, variance : ndarray, shape (n_bins,)
    """
    n, n_bins = standard.shape
    mean = standard.mean(axis=0)
    center, spread = mean.mean(), mean.var(ddof=1) if n_bins > 1 else 0.0

    def location(variance):
        return (n * spread * mean + variance * center) / (n * spread + variance)

    ones = np.ones(n_bins)
    seen = standard.var(axis=0, ddof=1) if n > 1 else ones
    if not scale or n == 1 or not seen.any():
        return location(ones), ones
    typical = seen.mean()
    # By the relative variance over bins, r, instead of the shape 2 + 1 / r and the rate (1 + 1 / r) * typical of the
    # inverse gamma: these are infinite where all bins have one variance.
    r = seen.var(ddof=1) / typical**2 if n_bins > 1 else 0.0
    variance, change = seen, np.inf
    while change > 1e-8:
        squares = (n - 1) * seen + n * (mean - location(variance)) ** 2
        updated = (r * squares / 2 + (1 + r) * typical) / (r * n / 2 + 1 + r)
        change, variance = np.abs(updated / np.where(variance > 0, variance, typical) - 1).max(), updated
    return location(variance), variance
