"""Alignment: the error of m/z is found where it is known, and nothing is aligned that shows too few of the masses."""

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from maldinb import preprocessing as pp
from maldinb.formats import read_spectrum
from maldinb.preprocessing.alignment import LEAST_PROMINENCE, REACH, NotAligned
from maldinb.simulation import Simulation
from maldinb.simulation.species import SPECIES_MZ

MASSES = pp.HOUSEKEEPING["Klebsiella pneumoniae"]
SPECTRA = Simulation(24)


def peaks_of(mz, intensity):
    root = pp.sqrt_transform(pp.clip_negatives(intensity))
    smoothed = pp.smooth(root)
    signal = pp.subtract_baseline(smoothed, pp.snip_baseline(smoothed))
    return pp.find_peaks(mz, signal, pp.noise_of(root, smoothed), LEAST_PROMINENCE)[0]


def is_refused(peaks, masses=MASSES):
    try:
        pp.calibrate(peaks, masses)
    except NotAligned:
        return True
    return False


def elsewhere(rng):
    """Masses of a species that shares none: each of ours, moved by 1.2 to 2 percent up or down."""
    return np.sort(MASSES * (1 + rng.choice([-1, 1], len(MASSES)) * rng.uniform(0.012, 0.02, len(MASSES))))


# --- masses -----------------------------------------------------------------------------------------------------------


def test_the_masses_are_those_that_spectra_of_the_simulation_show():
    away = np.abs(SPECIES_MZ[:, None] - MASSES).min(axis=0)
    assert (away < 0.1).sum() >= len(MASSES) - 2  # two are not drawn, as they are hardly ever seen
    assert (np.diff(MASSES) > 0).all() and MASSES[0] > 2000


@pytest.mark.parametrize("nothing", [False, None, np.False_])
def test_nothing_to_align_to(nothing):
    assert pp.target_of(nothing) is False and pp.masses_of(nothing) is None


def test_masses_may_be_named_or_given():
    assert pp.target_of(True) == pp.target_of(" klebsiella  PNEUMONIAE") == "Klebsiella pneumoniae"
    assert pp.target_of(MASSES[::-1]) == MASSES.tolist()
    assert pp.masses_of(True) is pp.masses_of("Klebsiella pneumoniae")


@pytest.mark.parametrize("wrong", ["Escherichia coli", "", 3, [4365.3], [np.nan] * 12, ["a"] * 12, -MASSES])
def test_what_is_no_list_of_masses_is_refused(wrong):
    with pytest.raises(ValueError, match="align"):
        pp.target_of(wrong)


# --- the line ---------------------------------------------------------------------------------------------------------


@given(st.floats(-5700, 5700), st.floats(-40, 40), st.integers(0, 10**6))
def test_the_error_is_found_whatever_is_missing_or_different(offset, slope, seed):
    """A third of the peaks is missing, three are those of a variant, and forty others stand around."""
    rng = np.random.default_rng(seed)
    shown = rng.choice(MASSES, 2 * len(MASSES) // 3, replace=False)
    shown[:3] += rng.choice([14.0, -14.0, 1.0], 3)
    error = offset + slope * (shown - 5000) / 1000 + rng.normal(0, 65, len(shown))
    peaks = np.concatenate([shown * (1 + 1e-6 * error), rng.uniform(2000, 12000, 40)])
    found = pp.calibrate(peaks, MASSES)
    assert abs(found.offset - offset) < 120 and abs(found.slope - slope) < 45
    assert found.n_peaks >= 15 and found.residual < 110
    assert abs(found.corrected(5000 * (1 + 1e-6 * offset)) - 5000) < 0.6


def test_a_single_variant_does_not_turn_the_line():
    peaks = MASSES * (1 + 300e-6)
    peaks[-1] *= 1 + 240e-6
    found = pp.calibrate(peaks, MASSES)
    assert abs(found.offset - 300) < 8 and abs(found.slope) < 4


def test_two_shifts_that_are_as_good_are_none():
    peaks = np.concatenate([MASSES[::2] * (1 + 2500e-6), MASSES[1::2] * (1 - 2500e-6)])
    with pytest.raises(pp.SpectrumError, match=r"17 of 34 .* at -2500 ppm, and as many at \+2500 ppm"):
        pp.calibrate(peaks, MASSES)


@pytest.mark.parametrize("peaks", [[], [5000.0], MASSES[:3]])
def test_too_few_peaks(peaks):
    with pytest.raises(pp.SpectrumError, match=f"no more than {len(peaks) // 2 * 3} of 34|no more than [01] of 34"):
        pp.calibrate(peaks, MASSES)


def test_an_impossible_reach():
    with pytest.raises(ValueError, match="reach is a number of ppm from 50 to 10000, not 0"):
        pp.calibrate(MASSES, MASSES, reach=0)


def test_what_is_farther_than_the_reach_is_not_found():
    peaks = MASSES * (1 + 3000e-6)
    assert pp.calibrate(peaks, MASSES).n_peaks == len(MASSES)
    with pytest.raises(pp.SpectrumError, match="within 2000 ppm"):
        pp.calibrate(peaks, MASSES, reach=2000)


def test_the_reason_survives_the_way_from_another_process():
    with pytest.raises(NotAligned) as caught:
        pp.calibrate(MASSES[:3], MASSES)
    again = pickle.loads(pickle.dumps(caught.value))
    assert str(again) == str(caught.value) and again.matched == 3


# --- spectra ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shift", [-4500, -1000, 3000, 4200])
def test_simulated_spectra_are_aligned_from_wherever_they_are(shift):
    for i in range(0, 24, 3):
        mz, intensity = SPECTRA.raw(i)
        here, there = pp.align(mz, intensity), pp.align(mz * (1 + 1e-6 * shift), intensity)
        assert abs(there.offset - here.offset - shift) < 40 and abs(there.n_peaks - here.n_peaks) <= 1
        assert np.abs(there.mz / here.mz - 1)[mz < 10000].max() < 100e-6
        assert here.residual < 180 and (np.diff(here.mz) > 0).all()


def test_the_difference_between_cities_goes():
    city, found = SPECTRA.meta["City"], [pp.align(*SPECTRA.raw(i)) for i in range(24)]
    before = np.array([one.offset for one in found])
    after = np.array([pp.calibrate(peaks_of(one.mz, SPECTRA.raw(i)[1])).offset for i, one in enumerate(found)])
    rome = (city == "Rome").to_numpy()
    assert np.median(before[rome]) - np.median(before[~rome]) > 600
    assert np.abs(after).max() < 60


@pytest.mark.parametrize("shift", [-0.03, -0.02, -0.013, 0.013, 0.017, 0.023, 0.03])
def test_masses_moved_by_a_percent_or_more_are_refused(shift):
    peaks = [peaks_of(*SPECTRA.raw(i)) for i in range(0, 24, 4)]
    assert all(is_refused(some * (1 + shift)) for some in peaks)


def test_another_species_is_refused():
    rng = np.random.default_rng(0)
    peaks = [peaks_of(*SPECTRA.raw(i)) for i in range(12)]
    assert sum(not is_refused(some, elsewhere(rng)) for some in peaks for _ in range(10)) <= 1


@pytest.mark.parametrize("seed", range(8))
def test_noise_is_refused(seed):
    rng = np.random.default_rng(seed)
    mz = SPECTRA.raw(0)[0]
    with pytest.raises(pp.SpectrumError, match="another species, too few peaks, or noise"):
        pp.align(mz, rng.poisson(100 * np.exp(-mz / 6000)))


def test_the_reach_is_wide_enough_for_half_a_percent():
    assert REACH >= 5000


# --- rows -------------------------------------------------------------------------------------------------------------


def test_the_chain_bins_what_alignment_gives():
    mz, intensity = SPECTRA.raw(5)
    aligned = pp.preprocess(mz, intensity, 6, align=True)
    assert np.array_equal(aligned, pp.preprocess(pp.align(mz, intensity).mz, intensity, 6))
    assert np.array_equal(aligned, pp.preprocess(mz, intensity, 6, align=MASSES))
    assert np.array_equal(pp.preprocess(mz, intensity, 6), pp.preprocess(mz, intensity, 6, align=False))
    assert aligned.sum() == pytest.approx(1) and not np.array_equal(aligned, pp.preprocess(mz, intensity, 6))


def test_shifted_rows_become_alike_again():
    mz, intensity = SPECTRA.raw(5)
    plain, shifted = (pp.preprocess(axis, intensity) for axis in (mz, mz * 1.003))
    healed = [pp.preprocess(axis, intensity, align=True) for axis in (mz, mz * 1.003)]
    assert np.corrcoef(plain, shifted)[0, 1] < 0.9 < 0.99 < np.corrcoef(*healed)[0, 1]


def test_real_spectra(real_spectra):
    found, refused = {}, []
    for path in sorted((real_spectra / "spectra").glob("*.txt")):
        mz, intensity, *_ = read_spectrum(path)
        try:
            found[path.stem] = pp.align(mz, intensity)
        except pp.SpectrumError:
            refused.append(path.stem)
    assert refused == ["18s"]  # another species, by all that is known
    offset, n_peaks, residual = np.array([(one.offset, one.n_peaks, one.residual) for one in found.values()]).T
    assert np.median(np.abs(offset)) > 700 and np.median(residual) < 90 and np.median(n_peaks) >= 19


def test_real_spectra_match_no_other_masses(real_spectra):
    rng, peaks = np.random.default_rng(0), []
    for path in sorted((real_spectra / "spectra").glob("*.txt")):
        mz, intensity, *_ = read_spectrum(path)
        peaks.append(peaks_of(mz, intensity))
    assert all(is_refused(some * (1 + shift)) for some in peaks for shift in (-0.03, -0.013, 0.017, 0.03))
    assert sum(not is_refused(some, elsewhere(rng)) for some in peaks for _ in range(5)) <= 1
