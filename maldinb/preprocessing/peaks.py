"""Where the peaks of a spectrum are, and what is noise."""

import numpy as np

from .settings import SMOOTH_POLYORDER, SMOOTH_WINDOW
from .steps import smooth

MAD = 1.4826  # from the median absolute deviation to a standard deviation, where noise is normal
_REACH = 400  # points around a peak in which its surroundings lie


def noise_of(root, smoothed):
    """Standard deviation of the noise: of what smoothing takes away, whatever the peaks.

    Parameters
    ----------
    root : ndarray, shape (n_points,)
        Square roots of intensities, in which counted ions are about equally noisy everywhere.
    smoothed : ndarray, shape (n_points,)
        The same, smoothed.

    Returns
    -------
    float
        1.4826 times the median absolute deviation of the difference, divided by the share of white noise that a
        Savitzky-Golay filter takes away.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> root = 100 + 2.5 * rng.normal(size=20000)
    >>> round(noise_of(root, smooth(root)), 1)
    2.5
    """
    rest = root - smoothed
    return float(MAD * np.median(np.abs(rest - np.median(rest))) / _SHARE)


def _share():
    """What is left of the standard deviation of white noise after subtracting its smoothed self."""
    impulse = np.zeros(2 * SMOOTH_WINDOW + 1)
    impulse[SMOOTH_WINDOW] = 1
    return np.sqrt(1 - smooth(impulse, SMOOTH_WINDOW, SMOOTH_POLYORDER)[SMOOTH_WINDOW])


_SHARE = _share()


def find_peaks(mz, signal, noise, least):
    """Places of the peaks, read off a parabola through the highest point and its neighbours.

    Parameters
    ----------
    mz, signal : ndarray, shape (n_points,)
        In Da; smoothed square roots above the baseline.
    noise : float
        As from `noise_of`.
    least : float
        How many times the noise a peak must stand above its surroundings.

    Returns
    -------
    peaks : ndarray, shape (n_peaks,)
        In Da.
    prominence : ndarray, shape (n_peaks,)
        Height above the surroundings, in the unit of `signal`.

    Examples
    --------
    >>> mz = np.arange(2000.0, 2100.0)
    >>> find_peaks(mz, np.exp(-0.5 * ((mz - 2050.25) / 9) ** 2), noise=0.05, least=3)[0].round(2)
    array([2050.25])
    """
    from scipy.signal import find_peaks as maxima  # a second, for whoever asks for peaks

    at, found = maxima(signal, prominence=max(least * noise, 1e-12), wlen=_REACH)
    left, middle, right = signal[at - 1], signal[at], signal[at + 1]
    shift = 0.5 * (left - right) / np.minimum(left - 2 * middle + right, -1e-12)
    step = np.where(shift > 0, mz[at + 1] - mz[at], mz[at] - mz[at - 1])
    return mz[at] + np.clip(shift, -0.5, 0.5) * step, found["prominences"]
