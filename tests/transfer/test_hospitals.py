"""Which hospitals can be left out one by one."""

import numpy as np
import pytest

from maldinb.transfer import comparable_hospitals


def cohort(*sizes):
    """Labels and batches, from the numbers of R and of S of each batch."""
    y = np.concatenate([np.repeat([1, 0], both) for both in sizes])
    return y, np.repeat([chr(ord("a") + i) for i in range(len(sizes))], [sum(both) for both in sizes])


def test_hospitals_with_isolates_enough_are_kept():
    y, batch = cohort((12, 30), (11, 40), (20, 12), (15, 0))
    kept, why = comparable_hospitals(y, batch)
    assert set(batch[kept]) == {"a", "c"} and kept.sum() == 74
    assert why == "2 of 4 hospitals have 12 or more isolates of each label; left out: b (11 R, 40 S), d (15 R, 0 S)"


@pytest.mark.parametrize("sizes", [[(50, 50)], [(50, 50), (11, 50)], [(5, 0)], [(0, 50), (50, 0)]])
def test_one_hospital_is_not_enough(sizes):
    kept, why = comparable_hospitals(*cohort(*sizes))
    assert not kept.any() and why.startswith("it takes two hospitals with 12 or more isolates of each label")
    assert f"a ({sizes[0][0]} R, {sizes[0][1]} S)" in why


def test_repeats_of_an_isolate_count_once():
    y, batch = cohort((12, 12), (12, 12))
    assert comparable_hospitals(y, batch)[0].all()
    isolate = np.arange(48) // 2
    assert not comparable_hospitals(y, batch, isolate)[0].any()
    assert comparable_hospitals(y, batch, isolate, fewest=6)[0].all()


def test_many_hospitals_are_not_all_named():
    why = comparable_hospitals(*cohort(*[(2, 2)] * 20)).why
    assert why.endswith("f (2 R, 2 S) and 14 more")


def test_malformed_input_is_refused():
    with pytest.raises(ValueError, match="batch"):
        comparable_hospitals([0, 1], ["a"])
    with pytest.raises(ValueError, match="fewest"):
        comparable_hospitals([0, 1], ["a", "b"], fewest=0)
