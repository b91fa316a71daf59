"""m/z against planted peaks, and against chance."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from maldinb.challenge.recovered import found_by, recovered

PEAKS = np.array([3000.0, 3500.0, 4210.0, 5100.0, 6020.0, 7500.0, 9100.0, 11000.0])
lists = st.lists(st.floats(2000, 12000), max_size=40)


@given(lists)
def test_an_m_z_finds_one_peak_and_a_peak_is_found_once(mz):
    right, found = found_by(mz, PEAKS, 12)
    assert right.sum() == found.sum() <= min(len(mz), len(PEAKS))
    near = np.abs(np.array(mz)[:, None] - PEAKS).min(axis=1, initial=np.inf) <= 12
    assert not (right & ~near).any()


@given(lists, st.integers(0, 40))
def test_the_first_of_a_list_are_marked_as_if_they_were_all(mz, n):
    assert found_by(mz, PEAKS, 12)[0][:n].tolist() == found_by(mz[:n], PEAKS, 12)[0].tolist()


@given(lists)
def test_saying_it_twice_finds_nothing_more(mz):
    assert found_by(mz + mz, PEAKS, 12)[0].sum() == found_by(mz, PEAKS, 12)[0].sum()


def test_the_truth_is_far_from_chance():
    all_right = recovered(PEAKS, PEAKS, 12)
    assert all_right.n_right() == 8 and all_right.n_right(3) == 3
    assert all_right.p < 0.01 and all_right.by_chance().mean() < 1
    off = recovered(PEAKS + 20, PEAKS, 12)
    assert off.n_right() == 0 and off.p == 1


@pytest.mark.parametrize("step", [5, 15, 23])
def test_listing_everything_wins_nothing(step):
    every = recovered(np.arange(2000, 12600, step), PEAKS, 12)
    assert every.n_right() == 8 and every.p > 0.5


def test_random_lists_are_seldom_better_than_chance():
    rng = np.random.default_rng(0)
    p = [recovered(rng.uniform(2500, 11500, 25), PEAKS, 12, n_draws=100).p for _ in range(100)]
    assert np.mean(np.array(p) <= 0.05) <= 0.1


def test_a_tolerance_as_wide_as_a_move_is_refused():
    with pytest.raises(ValueError, match="tolerance is at most 15 Da"):
        recovered(PEAKS, PEAKS, 16)
