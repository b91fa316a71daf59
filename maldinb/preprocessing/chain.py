"""The whole chain: a raw spectrum, or one that somebody else has processed, in, one row of bins out."""

import numpy as np

from .alignment import LEAST_PROMINENCE, calibrate
from .bins import bin_edges, bin_intensities
from .housekeeping import masses_of
from .peaks import find_peaks, noise_of
from .settings import BIN_WIDTH
from .spectrum import NO_SIGNAL, SpectrumError, are_numbers, check_axis, check_baseline, check_inside, check_spectrum
from .steps import clip_negatives, normalize_tic, smooth, snip_baseline, sqrt_transform, subtract_baseline, trim


def preprocess(mz, intensity, bin_width=BIN_WIDTH, *, check=True, align=None):
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
    align : bool, str or array_like, optional
        Recalibrate m/z to the housekeeping peaks of a species before binning, as `align` does: its name, True for
        *K. pneumoniae*, or masses in Da. By default m/z stay as they are.

    Returns
    -------
    ndarray, shape (n_bins,)
        Sums to 1. Bins that the spectrum does not cover are 0.

    Raises
    ------
    SpectrumError
        If the spectrum is malformed, too short for the filters, outside 2000-20000 Da or without signal, or does not
        look raw; or if it is to be aligned and shows too few of the peaks.

    References
    ----------
    Rocchi et al. 2026, doi:10.1186/s12866-025-04657-2

    Examples
    --------
    >>> from maldinb.simulation import Simulation
    >>> mz, intensity = Simulation(n_spectra=12).raw(0)
    >>> row = preprocess(mz, intensity)
    >>> row.shape, float(row.sum().round(9))
    ((6000,), 1.0)
    """
    mz, intensity = check_spectrum(mz, intensity)
    if check:
        check_axis(mz)
    masses = masses_of(align)
    root = sqrt_transform(clip_negatives(intensity))
    y = smooth(root)
    baseline = snip_baseline(y)
    signal = subtract_baseline(y, baseline)
    if signal.sum() <= 1e-9 * y.sum():  # a straight line leaves rounding errors, and they must not become a spectrum
        raise SpectrumError(NO_SIGNAL)
    if check:
        check_baseline(y, baseline)
    if masses is not None:
        peaks, _ = find_peaks(mz, signal, noise_of(root, y), LEAST_PROMINENCE)
        mz = calibrate(peaks, masses).corrected(mz)
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

    Examples
    --------
    >>> row_of([2001.0, 2002.0, 2005.0], [5, 1, 2])[:3]
    array([6., 2., 0.])
    """
    edges = bin_edges(bin_width)[:-1]
    mz, intensity = check_spectrum(mz, intensity, least=1, inside=False)
    n = len(edges)
    if len(mz) == n and (np.allclose(mz, edges) or (are_numbers(mz) and (mz[0], mz[-1]) in ((0, n - 1), (1, n)))):
        return intensity
    if are_numbers(mz):
        raise SpectrumError(
            f"the first column counts {mz[0]:.0f}, {mz[1]:.0f}, ... {mz[-1]:.0f}: numbers of {len(mz)} bins, whose m/z "
            f"are not known; there would be {n} bins of {bin_width:g} Da"
        )
    check_inside(mz)
    return bin_intensities(*trim(mz, intensity), bin_width)
