"""One raw spectrum: what can be measured on it before any model sees it."""

import hashlib

import numpy as np

from ..preprocessing import (
    MIN_POINTS,
    SMOOTH_POLYORDER,
    SMOOTH_WINDOW,
    clip_negatives,
    smooth,
    snip_baseline,
    sqrt_transform,
)

#: A peak stands so many times the noise above its surroundings.
LEAST_PROMINENCE = 3.0
#: So many points in a row at the highest value of a spectrum are no peak's top, but the ceiling of the detector: of
#: 10,000 simulated spectra without one, nine have three in a row.
PLATEAU = 5
_REACH = 400  # points around a peak in which its surroundings lie
MAD = 1.4826  # from the median absolute deviation to a standard deviation, where noise is normal


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


def saturated_share(intensity):
    """Share of the points at which the detector was at its ceiling.

    A ceiling is a plateau: at least five points in a row at the highest value of the spectrum. Where single shots were
    clipped before they were summed, or counts were smoothed or rescaled point by point, none is left to be seen.

    Parameters
    ----------
    intensity : ndarray, shape (n_points,)

    Returns
    -------
    float

    Examples
    --------
    >>> saturated_share(np.array([1.0, 9, 9, 9, 9, 9, 2, 3, 9, 1])), saturated_share(np.array([1.0, 9, 9, 1, 9]))
    (0.5, 0.0)
    """
    at_top = np.concatenate([[False], intensity == intensity.max(), [False]])
    ends = np.flatnonzero(np.diff(at_top))
    lengths = ends[1::2] - ends[::2]
    return float(lengths[lengths >= PLATEAU].sum() / len(intensity)) if intensity.max() > 0 else 0.0


def find_peaks(mz, signal, noise):
    """Places of the peaks, read off a parabola through the highest point and its neighbours.

    Parameters
    ----------
    mz, signal : ndarray, shape (n_points,)
        In Da; smoothed square roots above the baseline.
    noise : float
        As from `noise_of`.

    Returns
    -------
    ndarray, shape (n_peaks,)
        In Da. A peak is a maximum whose prominence is at least 3 times the noise.
    """
    from scipy.signal import find_peaks as maxima  # a second, for whoever asks for peaks

    at, _ = maxima(signal, prominence=max(LEAST_PROMINENCE * noise, 1e-12), wlen=_REACH)
    left, middle, right = signal[at - 1], signal[at], signal[at + 1]
    shift = 0.5 * (left - right) / np.minimum(left - 2 * middle + right, -1e-12)
    step = np.where(shift > 0, mz[at + 1] - mz[at], mz[at] - mz[at - 1])
    return mz[at] + np.clip(shift, -0.5, 0.5) * step


def fingerprint(values):
    """A text that is equal for equal numbers, and for others as good as never."""
    return hashlib.blake2b(np.ascontiguousarray(values, dtype=float).tobytes(), digest_size=16).hexdigest()


def measure(mz, intensity):
    """Everything that is measured on one raw spectrum.

    Parameters
    ----------
    mz, intensity : ndarray, shape (n_points,)
        In Da and counts.

    Returns
    -------
    values : dict
        Columns of `quality_table`.
    peaks : ndarray, shape (n_peaks,)
        In Da.
    """
    counts = clip_negatives(intensity)
    values = {
        "low m/z": float(mz[0]) if len(mz) else np.nan,
        "high m/z": float(mz[-1]) if len(mz) else np.nan,
        "points": len(mz),
        "total count": float(counts.sum()),
        "fingerprint": fingerprint(intensity),
    }
    if len(mz) < MIN_POINTS or not counts.any():
        return values | {"empty": not counts.any() or None, "saturated share": 0.0}, np.empty(0)
    root = sqrt_transform(counts)
    smoothed = smooth(root)
    noise = noise_of(root, smoothed)
    signal = smoothed - snip_baseline(smoothed)
    peaks = find_peaks(mz, signal, noise)
    values |= {
        "saturated share": saturated_share(counts),
        "signal to noise": float(signal.max() / noise) if noise else np.nan,
        "peaks": len(peaks),
        "empty": not len(peaks),
    }
    return values, peaks
