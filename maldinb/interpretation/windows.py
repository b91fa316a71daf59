"""A peak is wider than a bin: bins, windows of them, and one profile from the values of many spectra."""

import numpy as np
from scipy.ndimage import uniform_filter1d

from ..arguments import real, whole


def profile(values, n_bins=1, *, distance=None):
    """One value per bin from one per spectrum and bin: how much it matters, with the sign of the direction.

    Values of different spectra may have different signs and would cancel, so the size is the mean of the absolute
    values, and the sign that of the mean.

    Parameters
    ----------
    values : array_like, shape (n_spectra, n_bins)
    n_bins : int
        Values are first summed, signs and all, over so many neighbouring bins: a peak is several bins wide, and what
        they say one by one is mostly noise that cancels.
    distance : array_like, shape (n_spectra, n_bins), optional
        For values that have been multiplied with the distance from a baseline: that distance. Spectra above the
        baseline have values of the other sign than those below, so that the sign of their mean is chance. With the
        distance given, the sign is that of the mean of ``value x distance``: positive if more intensity speaks for R.

    Returns
    -------
    ndarray, shape (n_bins,)

    Raises
    ------
    ValueError
        If there is no spectrum, shapes differ, or `n_bins` is not from 1 to their number.
    """
    values = np.asarray(values, float)
    if values.ndim != 2 or not len(values):
        raise ValueError(
            f"values is an array of spectra x bins with at least one spectrum, not of shape {values.shape}"
        )
    signed = values
    if distance is not None:
        if np.shape(distance) != values.shape:
            raise ValueError(f"distance has shape {np.shape(distance)}, but values has {values.shape}")
        signed = values * distance
    return np.copysign(np.abs(in_windows(values, n_bins)).mean(axis=0), in_windows(signed.mean(axis=0), n_bins))


def in_windows(values, n_bins):
    """Sums over windows of neighbouring bins, one around each bin; there is nothing beyond the ends.

    Raises
    ------
    ValueError
        If `n_bins` is not from 1 to the number of bins.
    """
    values, n_bins = np.asarray(values), whole(n_bins, "n_bins", 1)
    if n_bins > values.shape[-1]:
        raise ValueError(f"n_bins is {n_bins}, but there are {values.shape[-1]} bins")
    return uniform_filter1d(values, n_bins, axis=-1, mode="constant") * n_bins


def in_blocks(values, n_bins):
    """The same over windows side by side; all bins of one get its sum, and the last may be narrower."""
    first = np.arange(0, values.shape[-1], n_bins)
    return np.add.reduceat(values, first, axis=-1).repeat(n_bins, axis=-1)[..., : values.shape[-1]]


def bins_in(window, mz, n_bins):
    """Number of bins in a window of some Da.

    Raises
    ------
    ValueError
        If the window is narrower than a bin or wider than all, or `mz` is no rising list of edges.
    """
    mz = check_mz(mz, n_bins)
    width = float(mz[1] - mz[0])
    return round(real(window, "window", width, width * n_bins, what="a width in Da") / width)


def check_mz(mz, n_bins):
    """Lower edges of bins as an array.

    Raises
    ------
    ValueError
        If there is not one for each bin, or they do not rise evenly.
    """
    mz = np.asarray(mz, float)
    if mz.shape != (n_bins,):
        raise ValueError(f"mz has shape {mz.shape}, but there are {n_bins} bins")
    if n_bins < 2 or not np.allclose(np.diff(mz), mz[1] - mz[0]) or mz[1] <= mz[0]:
        raise ValueError("mz holds the lower edges of at least two bins of one width, rising")
    return mz
