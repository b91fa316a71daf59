"""Recalibrate a raw spectrum: put its housekeeping peaks where their masses are, and everything else with them.

A comb of the masses is moved over the picked peaks, and the shift at which most of them meet is taken. Which number of
matches is chance, the spectrum tells itself, by shifts that no calibration has. Then a robust straight line is laid
through the errors of the matched peaks.
"""

from typing import NamedTuple

import numpy as np

from ..arguments import real
from .housekeeping import masses_of
from .peaks import MAD, find_peaks, noise_of
from .spectrum import SpectrumError, check_spectrum
from .steps import clip_negatives, smooth, snip_baseline, sqrt_transform, subtract_baseline

REACH = 6000.0  # ppm; shifts up to here are looked for
#: Chance is what matches at so many times these shifts: where another protein's peaks would have to lie.
CHANCE = (2, 6)
#: The best shift must stand so many standard deviations above what chance matches, and so many peaks must match.
LEAST_DEVIATIONS, FEWEST_PEAKS = 6.5, 4
LEAST_PROMINENCE = 2.0  # times the noise
STEP, WINDOW = 50.0, 250.0  # ppm; between the shifts that are tried, and from a mass to its peak
#: Of real spectra: how much the slope of the error differs between them, and a peak from the line.
SLOPE_SD, PEAK_SD = 17.0, 65.0  # ppm per kDa; ppm
MIDDLE = 5000.0  # Da, to which the offset belongs
_HUBER, _ROUNDS = 1.345, 3


class NotAligned(SpectrumError):
    """Too few housekeeping peaks are there; `matched` says how many."""

    def __init__(self, message, matched=0):
        super().__init__(message)
        self.matched = matched


class Calibration(NamedTuple):
    """The error of m/z, told by housekeeping peaks.

    Attributes
    ----------
    offset : float
        How far m/z lies too high at 5000 Da, in ppm.
    slope : float
        By how much that grows with m/z, in ppm per kDa.
    n_peaks : int
        How many housekeeping peaks were found.
    residual : float
        How far these lie from the line, in the median, in ppm: what is left after the alignment.
    """

    offset: float
    slope: float
    n_peaks: int
    residual: float

    def error(self, mz):
        """The error in ppm at some m/z in Da."""
        return self.offset + self.slope * (mz - MIDDLE) / 1000

    def corrected(self, mz):
        """m/z without the error."""
        return mz / (1 + 1e-6 * self.error(mz))


class Aligned(NamedTuple):
    """A spectrum's m/z after alignment, and what was found: see `Calibration`.

    Attributes
    ----------
    mz : ndarray, shape (n_points,)
        In Da.
    offset, slope, residual : float
        In ppm, ppm per kDa, and ppm.
    n_peaks : int
    """

    mz: np.ndarray
    offset: float
    slope: float
    n_peaks: int
    residual: float


def align(mz, intensity, masses=True, *, reach=REACH):
    """Recalibrate a raw spectrum to housekeeping peaks.

    Parameters
    ----------
    mz, intensity : array_like, shape (n_points,)
        In Da and counts.
    masses : str or array_like
        A species of `HOUSEKEEPING`, or m/z in Da that all isolates show; by default those of *K. pneumoniae*.
    reach : float
        The largest error to look for, in ppm. The farther, the more often is a wrong shift as good as the right one.

    Returns
    -------
    Aligned

    Raises
    ------
    SpectrumError
        If no more peaks match at one shift than by chance: another species, too few peaks, or noise.
    ValueError
        If there are no such masses.

    References
    ----------
    Ribosomal proteins as markers: Ryzhov and Fenselau 2001, doi:10.1021/ac0008791

    Examples
    --------
    >>> from maldinb.simulation import Simulation
    >>> mz, intensity = Simulation(n_spectra=12).raw(9)
    >>> found, moved = (align(axis, intensity) for axis in (mz, mz * (1 + 3000e-6)))
    >>> round(moved.offset - found.offset, -2), moved.n_peaks == found.n_peaks
    (3000.0, True)
    >>> bool(abs(moved.mz / found.mz - 1).max() < 20e-6)
    True
    """
    mz, intensity = check_spectrum(mz, intensity)
    root = sqrt_transform(clip_negatives(intensity))
    smoothed = smooth(root)
    signal = subtract_baseline(smoothed, snip_baseline(smoothed))
    found = calibrate(find_peaks(mz, signal, noise_of(root, smoothed), LEAST_PROMINENCE)[0], masses, reach=reach)
    return Aligned(found.corrected(mz), *found)


def calibrate(peaks, masses=True, *, reach=REACH):
    """The error of m/z, told by peaks that were picked before.

    Parameters
    ----------
    peaks : array_like, shape (n_peaks,)
        In Da.
    masses, reach
        As in `align`.

    Returns
    -------
    Calibration

    Raises
    ------
    SpectrumError, ValueError
        As `align`.

    Examples
    --------
    >>> from maldinb.preprocessing import HOUSEKEEPING
    >>> found = calibrate(HOUSEKEEPING["Klebsiella pneumoniae"] * (1 + 400e-6))
    >>> round(found.offset), round(found.slope), found.n_peaks, round(found.residual)
    (400, 0, 34, 0)
    """
    reach = real(reach, "reach", STEP, 10000, what="a number of ppm")
    peaks, masses = np.asarray(peaks, float), masses_of(masses)
    shift = _best_shift(peaks, masses, reach)
    error = 1e6 * (peaks[:, None] / masses - 1)
    line = Calibration(shift, 0.0, 0, np.nan)
    for _ in range(2):  # once more, since a slope brings other peaks nearer
        away = error - line.error(masses)
        nearest = np.abs(away).argmin(axis=0), np.arange(len(masses))
        near = np.abs(away[nearest]) <= WINDOW
        line = _line(masses[near], error[nearest][near])
    return line


def _best_shift(peaks, masses, reach):
    """The shift in ppm at which most masses meet a peak, if that is more than chance."""
    far, width = CHANCE[1] * reach, 2 * int(WINDOW / STEP) + 1
    shifts = STEP * np.arange(-np.ceil(far / STEP), np.ceil(far / STEP) + 1)
    error = 1e6 * (peaks[:, None] / masses - 1)
    peak, mass = np.nonzero(np.abs(error) <= far)
    size = len(shifts) + width  # of a mass: where a peak begins to match it, and where it no longer does
    begins = mass * size + np.rint((error[peak, mass] - shifts[0]) / STEP).astype(int)
    begin, end = (np.bincount(at, minlength=len(masses) * size) for at in (begins, begins + width))
    met = (begin - end).reshape(len(masses), size).cumsum(axis=1) > 0
    matched = met[:, width // 2 : width // 2 + len(shifts)].sum(axis=0)
    chance = matched[np.abs(shifts) >= CHANCE[0] * reach]
    most = matched[np.abs(shifts) <= reach].max()
    needed = max(FEWEST_PEAKS, chance.mean() + LEAST_DEVIATIONS * chance.std())
    best = shifts[(matched == most) & (np.abs(shifts) <= reach)]
    if most < needed:
        raise NotAligned(
            f"no more than {most} of {len(masses)} housekeeping peaks are found at one shift within {reach:g} ppm, and "
            f"fewer than {np.ceil(needed):.0f} could be chance: another species, too few peaks, or noise?",
            int(most),
        )
    if np.ptp(best) > 2 * WINDOW:
        raise NotAligned(
            f"{most} of {len(masses)} housekeeping peaks are found at {best[0] + WINDOW:+.0f} ppm, and as many at "
            f"{best[-1] - WINDOW:+.0f} ppm: which of the two is the error of the calibration cannot be told",
            int(most),
        )
    return best.mean()


def _line(masses, error):
    """Huber's line through errors, with a slope that few peaks do not turn far: its prior is what real spectra show."""
    x = np.column_stack([np.ones(len(masses)), (masses - MIDDLE) / 1000])
    prior, weight = np.diag([0, (PEAK_SD / SLOPE_SD) ** 2]), np.ones(len(masses))
    for _ in range(_ROUNDS):
        line = np.linalg.solve((x.T * weight) @ x + prior, (x.T * weight) @ error)
        away = np.abs(error - x @ line)
        limit = _HUBER * max(MAD * np.median(away), 1.0)
        weight = limit / np.maximum(away, limit)
    return Calibration(float(line[0]), float(line[1]), len(masses), float(np.median(away)))
