"""Sets hold what they promise, where they promise it."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest
from sklearn.exceptions import NotFittedError

from maldinb.transfer import SETS, ConformalSets, abstention_table, coverage_table, fewest_isolates

levels = st.floats(0.05, 0.99)


@given(scores=st.lists(st.integers(0, 20), min_size=1, max_size=40), level=levels, label=st.integers(0, 1))
def test_each_isolate_of_a_label_left_out_in_turn_is_covered_as_often_as_promised(scores, level, label):
    """Split conformal prediction's promise, exactly: over all ways to pick the one that is judged, ties included."""
    score, letter = np.array(scores) / 20, "SR"[label]
    covered = []
    for i in range(len(score)):
        conformal = ConformalSets(level).fit(
            np.append(np.delete(score, i), 0.5), [label] * (len(score) - 1) + [1 - label]
        )
        covered.append(letter in conformal.sets(score[[i]])[0])
    assert np.mean(covered) >= level - 1e-9


def test_coverage_is_that_of_theory_and_not_more():
    rng, level, n = np.random.default_rng(0), 0.8, 24  # (n + 1) level is whole: then coverage is the level itself
    y, covered = np.repeat([0, 1], n), []
    for _ in range(400):
        known, new = (np.clip(rng.normal(0.3 + 0.3 * y, 0.2), 0, 1) for _ in range(2))
        known, new = known + 1e-9 * rng.random(2 * n), new + 1e-9 * rng.random(2 * n)  # no ties
        sets = ConformalSets(level).fit(np.clip(known, 0, 1), y).sets(np.clip(new, 0, 1))
        covered.append([np.mean(["R" in s for s in sets[n:]]), np.mean(["S" in s for s in sets[:n]])])
    assert np.mean(covered, axis=0) == pytest.approx([level, level], abs=0.02)


@given(level=levels)
def test_with_too_few_isolates_a_label_is_in_every_set(level):
    n = fewest_isolates(level)
    for count in (n - 1, n):
        y = [1] * count + [0] * 50
        conformal = ConformalSets(level).fit([0.9] * count + [0.1] * 50, y)
        assert conformal.calibration_.loc["R", ["isolates", "needed"]].tolist() == [count, n]
        assert ("R" in conformal.sets([0.5])[0]) == (count < n)


def test_sets_by_hand():
    y = [0] * 4 + [1] * 4
    conformal = ConformalSets(0.5).fit([0.1, 0.2, 0.3, 0.4, 0.6, 0.7, 0.8, 0.9], y)
    assert conformal.calibration_["limit"].tolist() == [0.7, 0.3]  # the third of five places
    assert conformal.sets([0.3, 0.31, 0.69, 0.7]).tolist() == ["{S}", "{}", "{}", "{R}"]
    assert set(ConformalSets(0.75).fit([0.1, 0.6, 0.6, 0.4, 0.4, 0.9], [0, 0, 0, 1, 1, 1]).sets([0.4, 0.6])) == {
        "{R, S}"
    }
    assert SETS == ("{R}", "{S}", "{R, S}", "{}")


def test_a_repeat_adds_nothing():
    score, y = [0.1, 0.2, 0.3, 0.6, 0.8, 0.9], [0, 0, 0, 1, 1, 1]
    once = ConformalSets(0.6).fit(score, y)
    again = ConformalSets(0.6).fit([0.1, *score], [0, *y], isolate=list("aabcdef"))
    assert again.calibration_.equals(once.calibration_)
    twice = coverage_table(once, [0, 0, *y], [0.1, 0.1, *score], isolate=list("aaabcdef"))
    assert twice.equals(coverage_table(once, y, score))


def test_coverage_by_hand():
    conformal = ConformalSets(0.5).fit([0.1, 0.2, 0.3, 0.4, 0.6, 0.7, 0.8, 0.9], [0] * 4 + [1] * 4)
    y, score, batch = [1, 1, 0, 0, 0], [0.9, 0.5, 0.2, 0.8, 0.1], ["Rome", "Rome", "Rome", "Milan", "Milan"]
    table = coverage_table(conformal, y, score, batch).set_index(["batch", "label"])
    assert table.index.tolist() == [("Milan", "S"), ("Milan", "all"), ("Rome", "R"), ("Rome", "S"), ("Rome", "all")]
    assert table["isolates"].tolist() == [2, 2, 2, 1, 3] and table["coverage"].tolist() == [0.5, 0.5, 0.5, 1, 2 / 3]
    assert table["answered"].tolist() == [1, 1, 0.5, 1, 2 / 3] and table["wrong"].tolist() == [0.5, 0.5, 0, 0, 0]
    low, high = binomtest(2, 3).proportion_ci(0.95, method="exact")
    assert table.loc[("Rome", "all"), ["low", "high"]].tolist() == pytest.approx([low, high])
    assert np.isnan(coverage_table(conformal, [1], [0.5])["wrong"]).all()  # nothing is answered


def test_abstention_by_hand():
    y, score = [1, 0, 1, 0, 1], [0.99, 0.05, 0.2, 0.6, 0.45]
    table = abstention_table(y, score, [0.2, 0.4, 0.6, 1])
    assert table["isolates"].tolist() == [1, 2, 3, 5] and table["error"].tolist() == pytest.approx([0, 0, 1 / 3, 3 / 5])
    ties = abstention_table([0, 1, 1], [0.3, 0.7, 0.5], [0.1])
    assert ties["isolates"].tolist() == [2] and ties["answered"].tolist() == pytest.approx([2 / 3])
    repeated = abstention_table([*y, 1, 1], [*score, 0.2, 0.2], [0.2, 0.4, 0.6, 1], isolate=list("abcdecc"))
    pd.testing.assert_frame_equal(repeated, table)


def test_a_calibrated_model_knows_when_it_does_not_know():
    rng = np.random.default_rng(0)
    score = rng.random(5000)
    error = abstention_table(rng.random(5000) < score, score)["error"]
    assert error.is_monotonic_increasing and error.iloc[0] < 0.05 < 0.22 < error.iloc[-1]


@pytest.mark.parametrize(
    "wrong, message",
    [
        (lambda: ConformalSets(90).fit([0.1, 0.9], [0, 1]), "level is a number from 0 to 1"),
        (lambda: ConformalSets().fit([0.1, 1.9], [0, 1]), "score must be probabilities"),
        (lambda: ConformalSets().fit([0.1], [0, 1]), "score has shape"),
        (lambda: fewest_isolates(1), "level is a number from 0 to 1"),
        (lambda: coverage_table(ConformalSets().fit([0.1], [0]), [0], [0.1], ["a", "b"]), "batch has shape"),
        (lambda: abstention_table([0, 1], [0.1, 0.9], [0.5, 50]), "shares are numbers above 0 and up to 1"),
    ],
)
def test_what_is_wrong_is_named(wrong, message):
    with pytest.raises(ValueError, match=message):
        wrong()


def test_no_sets_before_a_calibration():
    with pytest.raises(NotFittedError):
        ConformalSets().sets([0.1])
