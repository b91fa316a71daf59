"""One raw spectrum: what can be measured on it before any model sees it."""

import hashlib

import numpy as np

from ..preprocessing import (
    LEAST_PROMINENCE,
    MIN_POINTS,
    clip_negatives,
    find_peaks,
    noise_of,
    smooth,
    snip_baseline,
    sqrt_transform,
)

#: What is counted as a peak stands so many times the noise above its surroundings. Lower ones help to tell the
#: calibration, where it takes many at one shift to count.
COUNTED = 3.0
#: So many points in a row at the highest value of a spectrum are no peak's top, but the ceiling of the detector: of
#: 10,000 simulated spectra without one, nine have three in a row.
PLATEAU = 5


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
        In Da: all that stand out by twice the noise, which are more than are counted.
    """
    counts = clip_negatives(intensity)
    values = {
        "low m/z": float(mz[0]) if len(mz) else np.nan,
        "high m/z": float(mz[-1]) if len(mz) else np.nan,
        "points": len(mz),
        "total count": float(counts.sum()),
        "negative share": float(np.mean(intensity < 0)) if len(mz) else np.nan,
        "fingerprint": fingerprint(intensity),
    }
    if len(mz) < MIN_POINTS or not counts.any():
        return values | {"empty": not counts.any() or None, "saturated share": 0.0}, np.empty(0)
    root = sqrt_transform(counts)
    smoothed = smooth(root)
    noise = noise_of(root, smoothed)
    signal = smoothed - snip_baseline(smoothed)
    peaks, prominence = find_peaks(mz, signal, noise, LEAST_PROMINENCE)
    counted = int((prominence >= COUNTED * noise).sum())
    values |= {
        "saturated share": saturated_share(counts),
        "signal to noise": float(signal.max() / noise) if noise else np.nan,
        "peaks": counted,
        "empty": not counted,
    }
    return values, peaks
