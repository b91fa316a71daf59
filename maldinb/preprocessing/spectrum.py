"""What a raw spectrum looks like, and what is wrong with one that does not."""

import numpy as np

from .bins import middles
from .settings import MIN_POINTS, MZ_MAX, MZ_MIN

#: Of 29 real and 743 simulated raw spectra none has a point in more than 0.9 Da, or less than 76 % of the square roots
#: in its baseline; processed once, none keeps more than 48 %, and in bins of 1.5 Da 58 %. The points of an instrument
#: lie farther apart the higher m/z is: where the distance stays the same, there are bins.
COARSEST, COARSEST_EQUIDISTANT = 2.5, 1.5  # Da from point to point, on average
MARGIN = 1000.0  # Da of the range that may not be missing
LEAST_BASELINE = 0.6

NO_SIGNAL = "nothing stands above the baseline: no peaks between 2000 and 20000 Da"
_TAKE_AS_IS = "If so, preprocess=False takes them as they are; preprocess='force' processes them all the same"


class SpectrumError(ValueError):
    """A spectrum that cannot be turned into a row; the message says why."""


def check_spectrum(mz, intensity, *, least=MIN_POINTS, inside=True):
    """Return both arrays as float64, or say what is wrong with them.

    Parameters
    ----------
    mz, intensity : array_like, shape (n_points,)
    least : int
        How many points there must be.
    inside : bool
        Whether m/z has to reach into 2000-20000 Da.

    Returns
    -------
    mz, intensity : ndarray of float64, shape (n_points,)

    Raises
    ------
    SpectrumError
        Names the first offending point, counted from 1.

    Examples
    --------
    >>> check_spectrum([2000, 2001, 2001], [5, 1, 2], least=3)
    Traceback (most recent call last):
    maldinb.preprocessing.spectrum.SpectrumError: m/z is repeated at point 3 (2001 Da); sort the points and
    merge repeated ones
    """
    mz, intensity = np.asarray(mz, dtype=float), np.asarray(intensity, dtype=float)
    if mz.ndim != 1 or mz.shape != intensity.shape:
        raise SpectrumError(
            f"m/z and intensity must be two columns of one length, not {mz.shape} and {intensity.shape}"
        )
    if len(mz) < least:
        raise SpectrumError(
            f"{len(mz)} points are too few for the filters, which need {least}: this seems to be a list of peaks, or a "
            "fragment. preprocess=False takes peaks as they are"
        )
    for name, values in (("m/z", mz), ("intensity", intensity)):
        if not np.isfinite(values).all():
            i = int(np.argmin(np.isfinite(values)))
            raise SpectrumError(f"{name} is {values[i]} at point {i + 1}; every value must be a finite number")
    if mz[0] < 0:
        raise SpectrumError(f"m/z is negative ({mz[0]:g} Da) at point 1")
    rises = mz[1:] > mz[:-1]
    if not rises.all():
        i = int(np.argmin(rises)) + 1
        what = "is repeated" if mz[i] == mz[i - 1] else f"falls from {mz[i - 1]:g} Da"
        raise SpectrumError(f"m/z {what} at point {i + 1} ({mz[i]:g} Da); sort the points and merge repeated ones")
    if inside:
        check_inside(mz)
    if not (intensity > 0).any():
        raise SpectrumError("all intensities are zero or negative: a failed acquisition?")
    return mz, intensity


def check_inside(mz):
    """Refuse a spectrum that has no point within 2000-20000 Da.

    Examples
    --------
    >>> check_inside(np.array([2.0, 20.0]))
    Traceback (most recent call last):
    maldinb.preprocessing.spectrum.SpectrumError: no point between 2000 and 20000 Da: m/z runs from 2 to 20;
    is it in Da?
    """
    if mz[-1] < MZ_MIN or mz[0] > MZ_MAX:
        raise SpectrumError(
            f"no point between {MZ_MIN:g} and {MZ_MAX:g} Da: m/z runs from {mz[0]:g} to {mz[-1]:g}; is it in Da?"
        )


def check_axis(mz):
    """Refuse m/z that are not those of a raw spectrum.

    Parameters
    ----------
    mz : ndarray, shape (n_points,)
        In Da, strictly increasing.

    Raises
    ------
    SpectrumError
        If they count bins; if points stand so far apart that they are bins or picked peaks; or if a kilodalton or more
        of 2000-20000 Da is missing, at an end or in between.

    Examples
    --------
    >>> check_axis(np.arange(6000.0))
    Traceback (most recent call last):
    maldinb.preprocessing.spectrum.SpectrumError: the first column counts 0, 1, 2, ...: these seem to be numbers
    of bins, not m/z. If so, preprocess=False takes them as they are; preprocess='force' processes them all the same
    """
    if are_numbers(mz):
        raise SpectrumError(
            f"the first column counts {mz[0]:.0f}, {mz[1]:.0f}, {mz[2]:.0f}, ...: these seem to be numbers of bins, "
            f"not m/z. {_TAKE_AS_IS}"
        )
    step = np.diff(mz).mean()
    equidistant = step > COARSEST_EQUIDISTANT and middles(mz)[1] > 0  # where it counts, for it takes a while to tell
    if step > (COARSEST_EQUIDISTANT if equidistant else COARSEST):
        what = "bins" if equidistant else "a list of peaks"
        raise SpectrumError(
            f"{len(mz)} points from {mz[0]:.0f} to {mz[-1]:.0f} Da, one in {step:.1f} Da: this seems to be {what}; raw "
            f"spectra have one in about 0.8 Da. {_TAKE_AS_IS}"
        )
    if mz[0] >= MZ_MIN + MARGIN or mz[-1] <= MZ_MAX - MARGIN:
        raise SpectrumError(
            f"m/z runs from {mz[0]:.0f} to {mz[-1]:.0f} Da only; a row stands for {MZ_MIN:.0f}-{MZ_MAX:.0f} Da, and "
            "would be compared with rows that hold all of it. preprocess='force' leaves the rest at 0"
        )
    gaps = np.diff(np.clip(mz, MZ_MIN, MZ_MAX))
    if gaps.max() >= MARGIN:
        i = int(np.argmax(gaps))
        raise SpectrumError(
            f"no point between {mz[i]:.0f} and {mz[i + 1]:.0f} Da: a part of the spectrum is missing. "
            "preprocess='force' leaves it at 0"
        )


def check_baseline(smoothed, baseline):
    """Refuse a spectrum that has lost its baseline already.

    Parameters
    ----------
    smoothed, baseline : ndarray, shape (n_points,)
        Square roots of intensities, smoothed, and their baseline.

    Raises
    ------
    SpectrumError
        If the baseline is less than `LEAST_BASELINE` of the whole.

    Examples
    --------
    >>> check_baseline(smoothed=np.array([10.0, 30.0, 10.0]), baseline=np.array([1.0, 1.0, 1.0]))
    Traceback (most recent call last):
    maldinb.preprocessing.spectrum.SpectrumError: hardly any baseline (6% of the square roots; raw spectra have
    75 % and more): this seems to be processed already. If so, ...
    """
    share = baseline.sum() / smoothed.sum()
    if share < LEAST_BASELINE:
        raise SpectrumError(
            f"hardly any baseline ({share:.0%} of the square roots; raw spectra have 75 % and more): this seems to be "
            f"processed already. {_TAKE_AS_IS}"
        )


def are_numbers(mz):
    """Whether m/z are 0, 1, 2, ..., or 1, 2, 3, ..., or some of these numbers."""
    return len(mz) > 2 and mz[0] < 100 and bool((mz == np.round(mz)).all() and np.median(np.diff(mz)) == 1)
