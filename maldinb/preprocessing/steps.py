"""The steps from a raw spectrum to a normalised one, each a function of its own, so that a lesson can draw it."""

from functools import cache

import numpy as np

from .settings import MZ_MAX, MZ_MIN, SMOOTH_POLYORDER, SMOOTH_WINDOW, SNIP_HALF_WINDOW
from .spectrum import NO_SIGNAL, SpectrumError


def clip_negatives(intensity):
    """Set negative intensities, an artefact of the digitiser's offset, to 0.

    Parameters
    ----------
    intensity : ndarray, shape (n_points,)
        Intensity in counts.

    Returns
    -------
    ndarray, shape (n_points,)

    Examples
    --------
    >>> clip_negatives(np.array([-1.0, 4.0]))
    array([0., 4.])
    """
    return np.maximum(intensity, 0.0)


def sqrt_transform(intensity):
    """Take the square root, which makes the noise of counted ions about equally large everywhere.

    Parameters
    ----------
    intensity : ndarray, shape (n_points,)
        Intensity in counts, none negative.

    Returns
    -------
    ndarray, shape (n_points,)

    Examples
    --------
    >>> sqrt_transform(np.array([0.0, 4.0, 9.0]))
    array([0., 2., 3.])
    """
    return np.sqrt(intensity)


def smooth(intensity, window=SMOOTH_WINDOW, polyorder=SMOOTH_POLYORDER):
    """Smooth with a Savitzky-Golay filter: each point becomes the middle of a parabola fitted around it.

    Parameters
    ----------
    intensity : ndarray, shape (n_points,)
        At least `window` points.
    window : int
        Points in a window, odd.
    polyorder : int
        Order of the polynomial. At both ends of the spectrum it is read off where the point lies in the last window.

    Returns
    -------
    ndarray, shape (n_points,)

    References
    ----------
    Savitzky and Golay 1964, doi:10.1021/ac60214a047

    Examples
    --------
    >>> smooth(np.array([0.0, 0.0, 1.0, 0.0, 0.0]), window=5).round(2)
    array([-0.09,  0.34,  0.49,  0.34, -0.09])
    """
    # scipy.signal.savgol_filter gives the same to 1e-14 and takes as long (0.6 ms for 20000 points), but importing it
    # takes 1.8 s, and all of this package 0.9 s.
    half, fit = window // 2, _fit(window, polyorder)
    middle = np.convolve(intensity, fit[half], mode="valid")  # the row is symmetric, so it need not be turned round
    return np.concatenate([fit[:half] @ intensity[:window], middle, fit[half + 1 :] @ intensity[-window:]])


@cache
def _fit(window, polyorder):
    """From the points of a window to the fitted polynomial: shape (window, window)."""
    half = window // 2
    powers = np.vander(np.arange(-half, half + 1) / half, polyorder + 1)
    return powers @ np.linalg.pinv(powers)


def snip_baseline(intensity, half_window=SNIP_HALF_WINDOW):
    """Estimate the baseline by SNIP: clip each point to the mean of its two neighbours `w` points away.

    Windows run from `half_window` down to 1, so that the last clips, the narrow ones, leave a smooth curve.
    Both ends are continued by a straight line fitted to the outermost `half_window` points.

    Parameters
    ----------
    intensity : ndarray, shape (n_points,)
    half_window : int
        Widest half window, in points. Peaks narrower than about twice this are not baseline.

    Returns
    -------
    ndarray, shape (n_points,)

    References
    ----------
    Ryan et al. 1988, doi:10.1016/0168-583X(88)90063-8;
    Morhac and Matousek 2008, doi:10.1366/000370208783412762

    Examples
    --------
    >>> snip_baseline(np.array([2.0, 2.0, 9.0, 2.0, 2.0]), half_window=2)
    array([2., 2., 2., 2., 2.])
    """
    n = len(intensity)
    base = np.empty(n + 2 * half_window)
    base[half_window:-half_window] = intensity
    base[:half_window] = _extrapolate(intensity[:half_window], -half_window)
    base[-half_window:] = _extrapolate(intensity[-half_window:], half_window)
    mean = np.empty_like(base)
    for w in range(half_window, 0, -1):
        middle, mean_w = base[w:-w], mean[: len(base) - 2 * w]
        np.add(base[: -2 * w], base[2 * w :], out=mean_w)
        mean_w *= 0.5
        np.minimum(middle, mean_w, out=middle)
    return base[half_window:-half_window]


def _extrapolate(y, shift):
    """Values, `shift` points further on, of the straight line fitted to `y`."""
    x = np.arange(len(y)) - (len(y) - 1) / 2
    return y.mean() + (x @ y) / (x @ x) * (x + shift)


def subtract_baseline(intensity, baseline):
    """Subtract the baseline; what falls below it becomes 0.

    Parameters
    ----------
    intensity, baseline : ndarray, shape (n_points,)

    Returns
    -------
    ndarray, shape (n_points,)

    Examples
    --------
    >>> subtract_baseline(np.array([2.0, 9.0, 1.0]), np.array([2.0, 2.0, 2.0]))
    array([0., 7., 0.])
    """
    return np.maximum(intensity - baseline, 0.0)


def trim(mz, intensity, mz_min=MZ_MIN, mz_max=MZ_MAX):
    """Keep the points with ``mz_min <= mz <= mz_max``.

    Parameters
    ----------
    mz : ndarray, shape (n_points,)
        m/z in Da, increasing.
    intensity : ndarray, shape (n_points,)
    mz_min, mz_max : float
        Limits in Da, both inclusive.

    Returns
    -------
    mz, intensity : ndarray, shape (n_kept,)

    Examples
    --------
    >>> trim(np.array([1999.5, 2000.0, 2000.5]), np.array([7.0, 1.0, 2.0]))
    (array([2000. , 2000.5]), array([1., 2.]))
    """
    kept = slice(np.searchsorted(mz, mz_min, "left"), np.searchsorted(mz, mz_max, "right"))
    return mz[kept], intensity[kept]


def normalize_tic(intensity):
    """Divide by the total ion current, the sum of all intensities, so that spectra can be compared.

    Parameters
    ----------
    intensity : ndarray, shape (n_points,)

    Returns
    -------
    ndarray, shape (n_points,)
        Sums to 1.

    Raises
    ------
    SpectrumError
        If the sum is zero: nothing stands above the baseline.

    Examples
    --------
    >>> normalize_tic(np.array([1.0, 3.0]))
    array([0.25, 0.75])
    """
    total = intensity.sum()
    if not total > 0:
        raise SpectrumError(NO_SIGNAL)
    return intensity / total
