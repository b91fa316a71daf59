"""Arguments are what they should be, or the error says what they should be."""

from fractions import Fraction

import numpy as np
import pytest

from maldinb.arguments import choice, fraction, is_real, is_whole, positive, real, whole

NAN, INF = float("nan"), float("inf")


@pytest.mark.parametrize("value", [2, np.int64(2), np.uint8(2)])
def test_whole_numbers_of_any_kind(value):
    assert is_whole(value, 2, 2) and type(whole(value, "n", 2)) is int


@pytest.mark.parametrize("value", [True, np.True_, 2.0, np.float64(2), "2", None, [2], NAN, 1])
def test_no_whole_number_of_two_or_more(value):
    assert not is_whole(value, 2)
    with pytest.raises(ValueError, match="^n is a whole number of at least 2, not "):
        whole(value, "n", 2)


@pytest.mark.parametrize("value", [1, 0.5, np.float32(0.5), np.int64(1), Fraction(1, 2)])
def test_numbers_of_any_kind(value):
    assert is_real(value, 0, 1) and type(real(value, "x", 0, 1)) is float and positive(value, "x") == value


@pytest.mark.parametrize("value", [True, np.True_, "0.5", None, [0.5], np.array(0.5), 0.5j, NAN, INF, -INF, 10**400])
def test_no_finite_number(value):
    assert not is_real(value)
    for check, limits in ((real, (-9, 9)), (positive, ()), (fraction, ())):
        with pytest.raises(ValueError, match="^x is a number .*, not "):
            check(value, "x", *limits)


def test_ends_are_in_or_out():
    assert [real(end, "x", 0, 1) for end in (0, 1)] == [fraction(end, "x", ends=True) for end in (0, 1)] == [0, 1]
    for end in (0, 1):
        with pytest.raises(ValueError, match=rf"x is a number from 0 to 1 \(exclusive\), not {end}"):
            fraction(end, "x")
    with pytest.raises(ValueError, match="x is a width in Da above 0, not 0"):
        positive(0, "x", what="a width in Da")


def test_a_choice_tells_true_from_one():
    assert choice("force", "x", (True, False, "force")) == "force" and choice(True, "x", (True, "force")) is True
    for value in (1, "no", None, ["force"], np.zeros(3)):
        with pytest.raises(ValueError, match="x is one of True, 'force', not "):
            choice(value, "x", (True, "force"))
