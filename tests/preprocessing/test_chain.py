"""The chain of preprocessing: against slow and obvious versions of itself, and against published numbers."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.signal import savgol_filter

from maldinb import preprocessing as pp
from maldinb.formats.text import parse_spectrum

MZ = np.round(np.arange(44.7, 141.5, 0.01) ** 2, 3)  # 1998-20000 Da, equidistant in sqrt(m/z) like an instrument's
FEW = MZ[::10]  # for properties that are tried on many spectra
N = len(MZ)

counts = arrays(float, len(FEW), elements=st.floats(0, 1e5, allow_subnormal=False))


def some_spectrum(seed=0):
    """Two peaks on a falling baseline with counting noise."""
    rng = np.random.default_rng(seed)
    shape = 400 * np.exp(-MZ / 3000) + 300 * np.exp(-(((MZ - 4365) / 8) ** 2)) + 90 * np.exp(-(((MZ - 9477) / 15) ** 2))
    return rng.poisson(shape + 3).astype(float)


def test_steps_do_what_their_names_say():
    y = np.array([-3.0, 0.0, 4.0])
    assert pp.clip_negatives(y).tolist() == [0, 0, 4]
    assert pp.sqrt_transform(y[1:]).tolist() == [0, 2]
    assert pp.subtract_baseline(np.array([1.0, 5.0]), np.array([2.0, 2.0])).tolist() == [0, 3]
    assert pp.normalize_tic(np.array([1.0, 3.0])).tolist() == [0.25, 0.75]


def test_smoothing_keeps_a_parabola_and_quietens_noise():
    x = np.linspace(-1, 1, 200)
    assert np.allclose(pp.smooth(3 * x**2 - x), 3 * x**2 - x)
    noise = np.random.default_rng(0).normal(size=5000)
    assert pp.smooth(noise).std() < 0.4


@given(counts, st.sampled_from([(21, 2), (5, 3), (31, 4)]))
def test_smoothing_is_savitzky_and_golays(y, options):
    assert np.allclose(pp.smooth(y, *options), savgol_filter(y, *options), rtol=1e-11, atol=1e-11 * (1 + y.max()))


def naive_snip(y, half_window):
    """SNIP point by point."""
    k, x = half_window, np.arange(half_window)
    left, right = np.polyfit(x, y[:k], 1), np.polyfit(x, y[-k:], 1)
    base = [np.polyval(left, i - k) for i in range(k)] + list(y) + [np.polyval(right, i + k) for i in range(k)]
    for w in range(k, 0, -1):
        clipped = list(base)
        for i in range(w, len(base) - w):
            clipped[i] = min(base[i], (base[i - w] + base[i + w]) / 2)
        base = clipped
    return np.array(base[k:-k])


def test_snip_is_the_published_recipe():
    y = np.sqrt(some_spectrum()[:300])
    assert np.allclose(pp.snip_baseline(y, 40), naive_snip(y, 40), rtol=1e-12)


@given(counts)
def test_the_baseline_lies_below_the_signal(y):
    assert (pp.snip_baseline(y) <= y).all()


def test_the_baseline_follows_a_straight_line_and_passes_under_a_peak():
    line = np.linspace(50, 10, 1000)
    peak = 100 * np.exp(-(((np.arange(1000) - 500) / 8) ** 2))
    assert np.allclose(pp.snip_baseline(line), line)
    assert np.allclose(pp.snip_baseline(line + peak)[450:550], line[450:550], atol=1.0)


def test_trim_includes_both_limits():
    mz = np.array([1999.999, 2000.0, 2000.001, 19999.0, 20000.0, 20000.001])
    assert pp.trim(mz, mz)[0].tolist() == mz[1:5].tolist()


@given(
    st.lists(st.floats(2000, 20000), min_size=1, max_size=200, unique=True).map(sorted),
    st.sampled_from([1.0, 3, 7.5, 100]),
)
def test_bins_are_those_of_pandas_cut(mz, width):
    mz = np.array(mz)
    edges = pp.bin_edges(width)
    by_pandas = np.bincount(pd.cut(mz, edges, include_lowest=True, labels=False), minlength=len(edges) - 1)
    assert pp.bin_intensities(mz, np.ones(len(mz)), width).tolist() == by_pandas.tolist()


def test_bins_are_closed_on_the_right_and_the_first_on_the_left_too():
    row = pp.bin_intensities(np.array([2000.0, 2003.0, 2003.000001, 20000.0]), np.array([1.0, 2, 4, 8]))
    assert row[0] == 3 and row[1] == 4 and row[-1] == 8


def test_bin_names_are_lower_edges():
    names = pp.bin_names()
    assert (len(names), names[0], names[1], names[-1]) == (6000, "2000", "2003", "19997")
    assert pp.bin_names(0.5)[1] == "2000.5" and len(pp.bin_names(7)) == 2572  # the last bin passes 20000 Da


@given(st.floats(0.01, 18000))
def test_every_point_has_a_bin(width):
    ends = np.array([2000.0, 20000.0])
    for one in (width, 18000 / 273):  # 273 times this one falls short of 18000, by rounding
        assert pp.bin_intensities(ends, np.ones(2), one).sum() == 2


@pytest.mark.parametrize("width", [0, -3, 20000, float("nan"), "3", None])
def test_an_impossible_bin_width_is_refused(width):
    with pytest.raises(ValueError, match="bin_width"):
        pp.bin_edges(width)


@given(counts, st.sampled_from([1.0, 3, 10]))
def test_a_row_is_a_distribution_or_an_error(y, width):
    try:
        row = pp.preprocess(FEW, y, width, check=False)
    except pp.SpectrumError:
        return
    assert (row >= 0).all() and row.sum() == pytest.approx(1, abs=1e-12)


@given(st.floats(0.01, 1000))
def test_how_long_one_measures_does_not_matter(factor):
    y = some_spectrum()
    assert np.allclose(pp.preprocess(MZ, factor * y), pp.preprocess(MZ, y), atol=1e-12)


def test_preprocess_is_its_steps_in_order():
    y = some_spectrum() - 5  # some are negative
    step = pp.smooth(pp.sqrt_transform(pp.clip_negatives(y)))
    mz, step = pp.trim(MZ, pp.subtract_baseline(step, pp.snip_baseline(step)))
    assert (pp.preprocess(MZ, y) == pp.bin_intensities(mz, pp.normalize_tic(step))).all()
    assert pp.bin_names()[int(np.argmax(pp.preprocess(MZ, y)))] in ("4361", "4364")


def changed(i, value, what="y"):
    mz, y = MZ.copy(), some_spectrum()
    (mz if what == "mz" else y)[i] = value
    return mz, y


@pytest.mark.parametrize(
    ("spectrum", "message"),
    [
        ((MZ[:80], some_spectrum()[:80]), "80 points are too few.*need 81"),
        ((MZ, some_spectrum()[1:]), "one length"),
        ((np.ones((5, 2)), np.ones((5, 2))), "two columns"),
        (changed(7, np.nan), "intensity is nan at point 8"),
        (changed(7, np.inf), "intensity is inf at point 8"),
        (changed(7, np.nan, "mz"), "m/z is nan at point 8"),
        (changed(0, -1.0, "mz"), "m/z is negative"),
        (changed(7, 19000.0, "mz"), "m/z falls from 19000 Da at point 9"),
        (changed(7, MZ[6], "mz"), "m/z is repeated at point 8"),
        ((MZ / 100, some_spectrum()), "no point between 2000 and 20000 Da.*is it in Da"),
        ((MZ, np.zeros(N)), "all intensities are zero"),
        ((MZ, np.full(N, 7.0)), "nothing stands above the baseline"),
    ],
)
def test_a_bad_spectrum_is_refused_with_the_reason(spectrum, message):
    with pytest.raises(pp.SpectrumError, match=message):
        pp.preprocess(*spectrum)


def test_inputs_are_left_as_they_were():
    y = some_spectrum() - 5
    before = y.copy()
    y.flags.writeable = False
    pp.preprocess(MZ, y)
    assert (y == before).all()


# First bins of a real spectrum, as printed by the authors of the data set (github.com/EttoreRocchi/MaldiAMRKit).
PRINTED_EARLY = [0.000039, 0.000041, 0.000083, 0.000123, 0.000112]
# The same by their release 0.22.1, to nine digits.
PEER_0_22_1 = [4.75381548e-05, 5.14811097e-05, 8.15296751e-05, 1.26360582e-04, 1.23806391e-04]


def test_a_real_spectrum_gives_the_numbers_of_the_reference(real_spectra):
    mz, y = parse_spectrum((real_spectra / "spectra" / "1s.txt").read_bytes())
    assert np.allclose(pp.preprocess(mz, y)[:5], PEER_0_22_1, rtol=1e-8)


def test_the_numbers_printed_by_the_authors_come_from_an_earlier_window(real_spectra):
    """Their first releases smoothed over 20 points, not 21: so four bins come out to every digit, the fifth nearly."""
    mz, y = parse_spectrum((real_spectra / "spectra" / "1s.txt").read_bytes())
    y = savgol_filter(pp.sqrt_transform(y), 20, 2)
    mz, y = pp.trim(mz, pp.subtract_baseline(y, pp.snip_baseline(y)))
    first = pp.bin_intensities(mz, pp.normalize_tic(y))[:5]
    assert first[:4].round(6).tolist() == PRINTED_EARLY[:4]
    assert first[4] == pytest.approx(PRINTED_EARLY[4], abs=4e-6)  # why, is not known
