"""One raw MALDI-TOF mass spectrum in, one row of bins out.

The chain is the one with which the MALDI-Kleb-AI scores were published, and its order matters::

    clip negatives -> square root -> smooth -> subtract baseline -> trim -> divide by the sum -> bin

Each step is a function of its own, so that a lesson can draw it; `preprocess` runs them all.
"""

from functools import cache

import numpy as np

MZ_MIN, MZ_MAX = 2000.0, 20000.0  # Da, both inclusive
BIN_WIDTH = 3.0  # Da
SMOOTH_WINDOW, SMOOTH_POLYORDER = 21, 2  # points
SNIP_HALF_WINDOW = 40  # points

#: The widest filter decides how short a spectrum may be.
MIN_POINTS = 2 * SNIP_HALF_WINDOW + 1

#: What a raw spectrum looks like. Of 29 real and 743 simulated ones none has a point in more than 0.9 Da, or less than
#: 76 % of the square roots in its baseline; processed once, none keeps more than 48 %, and in bins of 1.5 Da 58 %. The
#: points of an instrument lie farther apart the higher m/z is: where the distance stays the same, there are bins.
COARSEST, COARSEST_EQUIDISTANT = 2.5, 1.5  # Da from point to point, on average
MARGIN = 1000.0  # Da of the range that may not be missing
LEAST_BASELINE = 0.6

#: What, beside the width of a bin, determines a row.
PARAMETERS = {
    "mz_min": MZ_MIN,
    "mz_max": MZ_MAX,
    "smooth_window": SMOOTH_WINDOW,
    "smooth_polyorder": SMOOTH_POLYORDER,
    "snip_half_window": SNIP_HALF_WINDOW,
}

_NO_SIGNAL = "nothing stands above the baseline: no peaks between 2000 and 20000 Da"


class SpectrumError(ValueError):
    """A spectrum that cannot be turned into a row; the message says why."""


def clip_negatives(intensity):
    """Set negative intensities, an artefact of the digitiser's offset, to 0.

    Parameters
    ----------
    intensity : ndarray, shape (n_points,)
        Intensity in counts.

    Returns
    -------
    ndarray, shape (n_points,)
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
    """
    # scipy.signal.savgol_filter does the same, but importing it takes longer than all other imports together.
    half = window // 2
    powers = np.vander(np.arange(-half, half + 1) / half, polyorder + 1)
    fit = powers @ np.linalg.pinv(powers)  # (window, window): from the points of a window to the fitted polynomial
    middle = np.convolve(intensity, fit[half], mode="valid")  # the row is symmetric, so it need not be turned round
    return np.concatenate([fit[:half] @ intensity[:window], middle, fit[half + 1 :] @ intensity[-window:]])


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
    """
    total = intensity.sum()
    if not total > 0:
        raise SpectrumError(_NO_SIGNAL)
    return intensity / total


def bin_edges(bin_width=BIN_WIDTH):
    """Edges of the bins from 2000 Da up to 20000 Da or, where `bin_width` does not divide the range, just past it.

    Parameters
    ----------
    bin_width : float
        Width in Da, above 0 and at most 18000.

    Returns
    -------
    ndarray, shape (n_bins + 1,)
        In Da; 6001 edges for 3 Da.

    Raises
    ------
    ValueError
        If `bin_width` is out of range.
    """
    if not (isinstance(bin_width, (int, float, np.number)) and 0.01 <= bin_width <= MZ_MAX - MZ_MIN):
        raise ValueError(f"bin_width is a width in Da from 0.01 to {MZ_MAX - MZ_MIN:.0f}, not {bin_width!r}")
    n_bins = int(np.ceil(round((MZ_MAX - MZ_MIN) / bin_width, 9)))
    edges = MZ_MIN + bin_width * np.arange(n_bins + 1)
    edges[-1] = max(edges[-1], MZ_MAX)  # rounding must not leave a point at 20000 Da without a bin
    return edges


@cache
def bin_names(bin_width=BIN_WIDTH):
    """Names of the bins, their lower edges: ("2000", "2003", ..., "19997") for 3 Da."""
    return tuple(f"{edge:.10g}" for edge in bin_edges(bin_width)[:-1])


def bin_intensities(mz, intensity, bin_width=BIN_WIDTH):
    """Sum the intensities that fall into each bin. Bins are closed on the right, the first on the left too.

    Parameters
    ----------
    mz : ndarray, shape (n_points,)
        m/z in Da, increasing, within 2000-20000.
    intensity : ndarray, shape (n_points,)
    bin_width : float
        Width in Da.

    Returns
    -------
    ndarray, shape (n_bins,)
    """
    edges = bin_edges(bin_width)
    # Both arrays are sorted: looking up the few edges among the many points is faster than the other way round.
    points = np.diff(np.searchsorted(mz, edges[1:], side="right"), prepend=0)
    bins = np.repeat(np.arange(len(points)), points)
    return np.bincount(bins, weights=intensity, minlength=len(points))


def preprocess(mz, intensity, bin_width=BIN_WIDTH, *, check=True):
    """Run the whole chain on one raw spectrum.

    Parameters
    ----------
    mz : array_like, shape (n_points,)
        m/z in Da, strictly increasing.
    intensity : array_like, shape (n_points,)
        Intensity in counts.
    bin_width : float
        Width of a bin in Da.
    check : bool
        Refuse what does not look like a raw spectrum: see `check_axis` and `check_baseline`.

    Returns
    -------
    ndarray, shape (n_bins,)
        Sums to 1. Bins that the spectrum does not cover are 0.

    Raises
    ------
    SpectrumError
        If the spectrum is malformed, too short for the filters, outside 2000-20000 Da or without signal, or does not
        look raw.

    References
    ----------
    Rocchi et al. 2026, doi:10.1186/s12866-025-04657-2
    """
    mz, intensity = check_spectrum(mz, intensity)
    if check:
        check_axis(mz)
    y = smooth(sqrt_transform(clip_negatives(intensity)))
    baseline = snip_baseline(y)
    signal = subtract_baseline(y, baseline)
    if signal.sum() <= 1e-9 * y.sum():  # a straight line leaves rounding errors, and they must not become a spectrum
        raise SpectrumError(_NO_SIGNAL)
    if check:
        check_baseline(y, baseline)
    mz, y = trim(mz, signal)
    return bin_intensities(mz, normalize_tic(y), bin_width)


def row_of(mz, intensity, bin_width=BIN_WIDTH):
    """Sum intensities into bins as they are, for spectra that somebody else has processed, and for lists of peaks.

    Parameters
    ----------
    mz : array_like, shape (n_points,)
        m/z in Da, strictly increasing. Where there is one point for each bin, these may also be the lower edges of the
        bins, or their numbers from 0.
    intensity : array_like, shape (n_points,)
    bin_width : float
        Width of a bin in Da.

    Returns
    -------
    ndarray, shape (n_bins,)
        What lies outside 2000-20000 Da is left out. Nothing is normalised.

    Raises
    ------
    SpectrumError
        If the spectrum is malformed or outside 2000-20000 Da, or holds numbers of bins of another width.
    """
    edges = bin_edges(bin_width)[:-1]
    mz, intensity = check_spectrum(mz, intensity, least=1, inside=False)
    n = len(edges)
    if len(mz) == n and (np.allclose(mz, edges) or (_are_numbers(mz) and (mz[0], mz[-1]) in ((0, n - 1), (1, n)))):
        return intensity
    if _are_numbers(mz):
        raise SpectrumError(
            f"the first column counts {mz[0]:.0f}, {mz[1]:.0f}, ... {mz[-1]:.0f}: numbers of {len(mz)} bins, whose m/z "
            f"are not known; there would be {n} bins of {bin_width:g} Da"
        )
    check_inside(mz)
    return bin_intensities(*trim(mz, intensity), bin_width)


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
    """Refuse a spectrum that has no point within 2000-20000 Da."""
    if mz[-1] < MZ_MIN or mz[0] > MZ_MAX:
        raise SpectrumError(
            f"no point between {MZ_MIN:g} and {MZ_MAX:g} Da: m/z runs from {mz[0]:g} to {mz[-1]:g}; is it in Da?"
        )


_TAKE_AS_IS = "If so, preprocess=False takes them as they are; preprocess='force' processes them all the same"


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
    """
    if _are_numbers(mz):
        raise SpectrumError(
            f"the first column counts {mz[0]:.0f}, {mz[1]:.0f}, {mz[2]:.0f}, ...: these seem to be numbers of bins, "
            f"not m/z. {_TAKE_AS_IS}"
        )
    steps = np.diff(mz)
    step = steps.mean()
    equidistant = np.isclose(steps, np.median(steps), rtol=1e-3).mean() > 0.5  # but for empty bins that were left out
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
    """
    share = baseline.sum() / smoothed.sum()
    if share < LEAST_BASELINE:
        raise SpectrumError(
            f"hardly any baseline ({share:.0%} of the square roots; raw spectra have 75 % and more): this seems to be "
            f"processed already. {_TAKE_AS_IS}"
        )


def _are_numbers(mz):
    """Whether m/z are 0, 1, 2, ..., or 1, 2, 3, ..., or some of these numbers."""
    return len(mz) > 2 and mz[0] < 100 and bool((mz == np.round(mz)).all() and np.median(np.diff(mz)) == 1)
