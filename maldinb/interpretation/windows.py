"""A peak is wider than a bin: windows of some Da, and one profile from the values of many spectra."""

import numpy as np

from ..arguments import is_real
from ..preprocessing import middles


class Windows:
    """Windows of one width, in Da, over bins or peaks; where columns have no m/z, each stands for itself.

    Parameters
    ----------
    mz : array_like, shape (n_bins,), or None
        In Da, rising: the lower edges of bins of one width, or, where distances differ, the position of each peak or
        bin. None: columns have no m/z, no two belong together, and `width` is not used.
    width : float
        In Da.

    Raises
    ------
    ValueError
        If `mz` does not rise, or the window is narrower than a bin or wider than all of them together.

    Examples
    --------
    >>> windows = Windows([2000, 2003, 2006, 2009, 2012], width=9)
    >>> windows.around([1, 1, 1, 1, 1])
    array([2., 3., 3., 3., 2.])
    >>> windows.side_by_side([1, 1, 1, 1, 1])
    array([3, 3, 3, 2, 2])
    >>> Windows([4365.3, 4370.1, 9540.2], width=15).around([1, 1, 1])  # the first two are one peak
    array([2., 2., 1.])
    """

    def __init__(self, mz, width):
        self.known = mz is not None
        if not self.known:
            return
        middle, narrowest = middles(mz)
        widest = middle[-1] - middle[0] + narrowest or np.inf  # a single column may be of any width
        hair = 1e-6  # so that rounding decides neither whether a width is allowed nor whether a bin at the end is in
        if not (is_real(width, narrowest * (1 - hair), widest * (1 + hair)) and width > 0):
            lowest = f"{narrowest:g} Da, one bin," if narrowest else "above 0 Da"
            raise ValueError(f"window is a width from {lowest} to {widest:g} Da, not {width!r}")
        self.first = np.searchsorted(middle, middle - width / 2 - hair * width)
        self.end = np.searchsorted(middle, middle + width / 2 - hair * width)
        number = np.floor((middle - middle[0]) / width + hair)
        self.starts = np.flatnonzero(np.diff(number, prepend=-1))

    def around(self, values):
        """Sums over the bins whose middle is in the window around that of each bin: (..., n_bins) -> (..., n_bins)."""
        values = self._of(values)
        if not self.known:
            return values
        total = np.cumsum(values, axis=-1, dtype=float)
        total = np.concatenate([np.zeros_like(total[..., :1]), total], axis=-1)
        return total[..., self.end] - total[..., self.first]

    def side_by_side(self, values):
        """Sums over windows side by side, in each of their bins: (..., n_bins) -> (..., n_bins)."""
        values = self._of(values)
        if not self.known:
            return values
        sums = np.add.reduceat(values, self.starts, axis=-1)
        return sums.repeat(np.diff(self.starts, append=len(self.first)), axis=-1)

    def slices(self, values):
        """The bins of each of the windows side by side."""
        n = self._of(values).shape[-1]
        starts = self.starts if self.known else range(n)
        return [slice(*ends) for ends in zip(starts, [*starts[1:], n], strict=True)]

    def _of(self, values):
        values = np.asarray(values)
        if self.known and values.shape[-1] != len(self.first):
            raise ValueError(f"mz has shape {self.first.shape}, but there are {values.shape[-1]} bins")
        return values


def sizes_of(values, n_bins, name="profile"):
    """Absolute values of a profile; ValueError if it does not hold one finite number for each bin."""
    sizes = np.abs(np.asarray(values, float))
    if sizes.shape != (n_bins,) or not np.isfinite(sizes).all():
        raise ValueError(f"{name} holds one finite number for each of {n_bins} bins; its shape is {sizes.shape}")
    return sizes


def profile(values, windows=None, *, distance=None):
    """One value per bin from one per spectrum and bin: how much it matters, with the sign of the direction.

    Values of different spectra may have different signs and would cancel, so the size is the mean of the absolute
    values, and the sign that of the mean.

    Parameters
    ----------
    values : array_like, shape (n_spectra, n_bins)
    windows : Windows, optional
        Values are first summed, signs and all, over the window around each bin: a peak is several bins wide, and what
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
        If there is no spectrum, or shapes differ.

    Examples
    --------
    >>> profile([[1.0, -2, 0, 4], [1, 1, 0, -2]])
    array([ 1. , -1.5,  0. ,  3. ])
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
    around = np.asarray if windows is None else windows.around
    return np.copysign(np.abs(around(values)).mean(axis=0), around(signed.mean(axis=0)))
