"""Windows of some Da on any axis are those that one would count out by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from networks import axis
from scipy.ndimage import uniform_filter1d

from maldinb.interpretation import Windows
from maldinb.preprocessing import middles

#: Distances of 1-40 peaks, in quarters of a Da so that sums are exact.
DISTANCES = st.lists(st.integers(1, 400), max_size=40).map(lambda quarters: np.array(quarters) / 4)


@given(DISTANCES, st.integers(1, 2000), st.integers(0, 2**32 - 1))
def test_windows_of_peaks_at_any_distance(distances, width, seed):
    at, narrowest = middles(2000 + np.append(0, np.cumsum(distances)))
    width = np.clip(width / 4, narrowest, at[-1] - at[0] + narrowest) if len(at) > 1 else width / 4
    values, windows = np.random.default_rng(seed).normal(size=(2, len(at))), Windows(at, width)
    near = (at >= at[:, None] - width / 2) & (at < at[:, None] + width / 2)
    assert windows.around(values) == pytest.approx(values @ near.T, abs=1e-12)
    together = (at - at[0]) // width == ((at - at[0]) // width)[:, None]
    assert windows.side_by_side(values) == pytest.approx(values @ together.T, abs=1e-12)
    slices = windows.slices(values)
    assert np.concatenate([np.arange(len(at))[one] for one in slices]).tolist() == list(range(len(at)))


def test_without_mz_no_two_columns_belong_together():
    windows, values = Windows(None, 15.0), np.arange(6.0).reshape(2, 3)
    for use in (windows.around, windows.side_by_side):
        assert np.array_equal(use(values), values)
    assert windows.slices(values) == [slice(0, 1), slice(1, 2), slice(2, 3)]
    with pytest.raises(ValueError, match="columns have no m/z here"):
        middles(None)


@given(st.integers(1, 40), st.sampled_from([0.1, 0.3, 1 / 3, 2.5, 3, 7]), arrays(float, 40, elements=st.floats(-5, 5)))
def test_on_bins_of_one_width_a_window_is_a_number_of_bins(size, width, values):
    """However the width is rounded."""
    windows = Windows(2000 + width * np.arange(40), size * width)
    expected = uniform_filter1d(values, size, mode="constant") * size
    assert windows.around(values) == pytest.approx(expected, abs=1e-12)
    assert [len(range(40)[one]) for one in windows.slices(values)][:-1] == [size] * ((40 - 1) // size)


@pytest.mark.parametrize("width", [0, -15.0, float("nan"), True, "15", 2.9, 91, None, np.inf])
def test_widths_that_make_no_window(width):
    with pytest.raises(ValueError, match="window is a width from 3 Da, one bin, to 90 Da, not"):
        Windows(axis(30), width)


@pytest.mark.parametrize("mz", [axis(30)[::-1], [2000, 2000], [], [[2000, 2003]], [2000, np.nan], 2000])
def test_edges_that_do_not_rise(mz):
    with pytest.raises(ValueError, match="mz holds the lower edges of bins, or positions, rising; its shape is"):
        Windows(mz, 15.0)


def test_windows_of_other_bins():
    windows = Windows(axis(30), 15.0)
    for use in (windows.around, windows.side_by_side, windows.slices):
        with pytest.raises(ValueError, match=r"mz has shape \(30,\), but there are 29 bins"):
            use(np.zeros((4, 29)))
