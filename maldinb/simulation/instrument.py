"""From a list of peaks to integer counts: what the mass spectrometer does to the molecules.

A time-of-flight instrument samples time at equal steps, and flight time grows with the root of m/z. So everything
here happens on a grid that is even in sqrt(m/z), and a peak's place is a (fractional) index on that grid.

References
----------
Coombes et al. 2005, doi:10.1177/117693510500100103: a virtual MALDI-TOF instrument
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

MZ_START, MZ_END = 2000.0, 20000.0  # Da
WING_STRIDE = 8  # points; what is broad is drawn on every 8th point and interpolated


@dataclass(frozen=True)
class Instrument:
    """What distinguishes the two kinds of spectrum file, and the instruments behind them.

    Attributes
    ----------
    decimals : int
        Decimals of m/z in the file.
    step : float
        Distance of points is ``step * sqrt(m/z)`` Da.
    starts : tuple of float
        First m/z in Da; differs a little between acquisition methods.
    level : float
        Median baseline at 5 kDa, in counts. All other intensities are relative to it.
    decay, shelf : tuple of float
        Baseline: height and length (Da) of the exponential decay of matrix ions; height, edge (Da) and width (Da)
        of the shelf behind it.
    dark : float
        Level of the detector without ions, relative to `level`.
    fwhm, fwhm_power : float
        Full width at half maximum of a peak at 5 kDa in Da, and the power of m/z with which it grows.
    wing : float
        Height of the broad wings of a peak, relative to the peak.
    gain, saturation, smear : float
        Variance of the noise per count, the counts beyond which it stops growing, and how far one sample leaks
        into the next.
    """

    decimals: int
    step: float
    starts: tuple
    level: float
    decay: tuple
    shelf: tuple
    dark: float
    fwhm: float
    fwhm_power: float
    wing: float
    gain: float
    saturation: float
    smear: float


INSTRUMENTS = {
    "A": Instrument(
        decimals=3,
        step=0.009345,
        starts=(1999.728, 1999.813, 1999.868),
        level=750.0,
        decay=(4.13, 443.0),
        shelf=(1.21, 7640.0, 1484.0),
        dark=0.10,
        fwhm=9.9,
        fwhm_power=0.68,
        wing=0.60,
        gain=4.0,
        saturation=np.inf,
        smear=0.5,
    ),
    "R": Instrument(
        decimals=6,
        step=0.00771,
        starts=(1999.240812, 1999.686087, 1999.913244),
        level=155.0,
        decay=(2.57, 833.0),
        shelf=(1.10, 7967.0, 1846.0),
        dark=0.02,
        fwhm=10.7,
        fwhm_power=0.75,
        wing=0.90,
        gain=0.75,
        saturation=60.0,
        smear=0.1,
    ),
}

#: Spread between spectra (standard deviations of logarithms unless a unit is given).
LEVEL_SD = 0.95
QUALITY_SD = 0.45  # how far peaks stand above the baseline
MATRIX_SHARE = 0.4  # a stronger spectrum has more baseline rather than higher peaks
WIDTH_SD = 0.2
DECAY_SD = 0.3  # of the matrix ions
DARK_SD = 0.5
TILT_SD = 0.2  # per 5 kDa
OFFSET_SD = 205.0  # ppm, calibration of the whole spectrum
SLOPE_SD = 17.0  # ppm per kDa
RESIDUAL_SD = 65.0  # ppm, of a single peak

TAIL, TAIL_LENGTH = 0.15, 1.0  # height relative to the peak; length in its standard deviations
FAINT = 0.004  # lower peaks and satellites are left out
SATELLITES = ((22.0, 0.08), (-18.0, 0.05))  # Da and relative height: sodium for a proton, loss of water
N_CLUSTERS, CLUSTER_LENGTH, CLUSTER_HEIGHT = 250, 900.0, 0.09  # matrix clusters: number, Da of their decay, height
WING_LENGTH = 6.0  # in standard deviations of the peak


class Conditions(NamedTuple):
    """What differs from one measurement to the next."""

    start: float  # Da, first m/z
    strength: float  # logarithm of the laser's
    quality: float  # logarithm of the height of peaks above the baseline
    tilt: float  # the same, per 5 kDa
    offset: float  # error of m/z at 5 kDa, ppm
    slope: float  # of that error, ppm per kDa


def draw_conditions(instrument, offset, rng):
    """Draw the conditions under which a spectrum is measured; `offset` is the laboratory's error in ppm."""
    start, strength = rng.choice(instrument.starts), rng.normal(0, LEVEL_SD)
    quality, tilt = rng.normal(0, QUALITY_SD) - MATRIX_SHARE * strength, rng.normal(0, TILT_SD)
    return Conditions(start, strength, quality, tilt, rng.normal(offset, OFFSET_SD), rng.normal(0, SLOPE_SD))


def record(peak_mz, peak_height, instrument, conditions, rng):
    """Record one spectrum.

    Parameters
    ----------
    peak_mz : ndarray, shape (n_peaks,)
        True m/z in Da.
    peak_height : ndarray, shape (n_peaks,)
        Relative to the baseline at 5 kDa.
    instrument : Instrument
    conditions : Conditions
    rng : numpy.random.Generator

    Returns
    -------
    mz, intensity : ndarray of float, shape (n_points,)
        m/z in Da, rounded like the file; intensity in whole counts.
    """
    root, mz = time_grid(instrument, conditions.start)
    height = peak_height * np.exp(conditions.quality + conditions.tilt * kda_beyond_5(peak_mz) / 5)
    error = miscalibration(conditions, peak_mz) + rng.normal(0, RESIDUAL_SD, len(peak_mz))
    ions = draw_peaks(root, peak_mz * (1 + 1e-6 * error), height, instrument, rng)
    ions += draw_clusters(root, instrument, rng) + baseline(mz, instrument, rng)
    return mz, count(instrument.level * np.exp(conditions.strength) * ions, instrument, rng)


def time_grid(instrument, start):
    """Points even in sqrt(m/z); also their m/z, rounded as the file rounds it."""
    start, half_step = np.sqrt(start), instrument.step / 2
    root = start + half_step * np.arange(int((np.sqrt(MZ_END) - start) / half_step) + 1)
    return root, np.round(root**2, instrument.decimals)


def miscalibration(conditions, mz):
    """Error of m/z in ppm, of the laboratory and of the spectrum; single peaks have errors of their own besides."""
    return conditions.offset + conditions.slope * kda_beyond_5(mz)


def kda_beyond_5(mz):
    """Distance from 5 kDa, in kDa."""
    return (mz - 5000) / 1000


def baseline(mz, instrument, rng):
    """Unresolved matrix ions and fragments, relative to their level at 5 kDa."""
    (decay, length), (shelf, edge, width) = instrument.decay, instrument.shelf
    coarse = mz[::64]  # smooth enough to be interpolated
    matrix = decay * np.exp(rng.normal(0, DECAY_SD) - (coarse - MZ_START) / length)
    proteins = shelf / (1 + np.exp((coarse - edge) / width))
    dark = instrument.dark * np.exp(rng.normal(0, DARK_SD))
    return np.interp(mz, coarse, matrix + proteins + dark)


def draw_peaks(root, peak_mz, height, instrument, rng):
    """Sum all peaks, their satellites and their wings, on the grid."""
    shifts, shares = np.array([(0.0, 1.0), *SATELLITES]).T
    mz, all_heights = (peak_mz + shifts[:, None]).ravel(), (height * shares[:, None]).ravel()
    visible = all_heights > FAINT
    mz, all_heights = mz[visible], all_heights[visible]
    width = peak_width(mz, instrument) * np.exp(rng.normal(0, WIDTH_SD))
    centre = (np.sqrt(mz) - root[0]) * 2 / instrument.step
    peaks = sum_shapes(bell_with_tail, len(root), centre, width, all_heights, reach=6)
    n_coarse, stride = len(root) // WING_STRIDE + 2, WING_STRIDE
    length, wing_height = WING_LENGTH * width / stride, instrument.wing * all_heights
    wings = sum_shapes(two_sided_decay, n_coarse, centre / stride, length, wing_height, reach=5)
    return peaks + np.interp(np.arange(len(root)) / stride, np.arange(n_coarse), wings)


def draw_clusters(root, instrument, rng):
    """Chemical noise: small peaks of matrix clusters, anywhere but ever fewer and lower towards heavy ions."""
    mz = MZ_START + rng.exponential(CLUSTER_LENGTH, N_CLUSTERS)
    height = CLUSTER_HEIGHT * rng.exponential(np.exp((MZ_START - mz) / (2 * CLUSTER_LENGTH)))
    centre = (np.sqrt(mz) - root[0]) * 2 / instrument.step
    return sum_shapes(bell, len(root), centre, peak_width(mz, instrument), height, reach=4)


def peak_width(mz, instrument):
    """Standard deviation of a peak in points."""
    fwhm = instrument.fwhm * (mz / 5000) ** instrument.fwhm_power
    return fwhm / 2.355 / (instrument.step * np.sqrt(mz))


def bell(x):
    """Gaussian; `x` in standard deviations."""
    return np.exp(-0.5 * x * x)


def bell_with_tail(x):
    """Gaussian with an exponential tail of ions that started late; `x` in standard deviations."""
    late = np.maximum(x, 0) / TAIL_LENGTH
    return bell(x) + TAIL * np.e * late * np.exp(-late)


def two_sided_decay(x):
    """Falls exponentially on both sides; `x` in decay lengths."""
    return np.exp(-np.abs(x))


def sum_shapes(shape, n_points, centre, width, height, reach):
    """Sum copies of `shape`, cut off at `reach` widths; centre and width in points."""
    window = np.arange(-int(reach * width.max()) - 1, int(reach * width.max()) + 2)
    index = np.rint(centre).astype(int)[:, None] + window
    values = height[:, None] * shape((index - centre[:, None]) / width[:, None])
    inside = (index >= 0) & (index < n_points)
    return np.bincount(index[inside], weights=values[inside], minlength=n_points)


def count(level, instrument, rng):
    """Turn expected intensity into whole counts with the detector's noise."""
    noise = rng.standard_normal(len(level))
    noise[1:] += instrument.smear * noise[:-1]
    noise /= np.sqrt(1 + instrument.smear**2)
    sd = np.sqrt(instrument.gain * level / (1 + level / instrument.saturation))
    return np.maximum(np.rint(level + sd * noise), 0.0)
