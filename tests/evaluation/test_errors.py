"""Errors are counted the right way round, and an isolate counts once."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from maldinb import evaluation as ev


def test_errors_are_counted_the_right_way_round():
    y = np.array([1, 1, 1, 1, 0, 0, 0])
    score = np.array([0.9, 0.5, 0.4, 0.8, 0.1, 0.6, 0.2])
    table = ev.error_rates(y, score)
    assert table["count"].to_dict() == {
        "sensitivity": 3, "specificity": 2, "very major error": 1, "major error": 1,
        "categorical agreement": 5,
    }  # fmt: skip
    assert table["of"].tolist() == [4, 3, 4, 3, 7] and table["value"].tolist() == [0.75, 2 / 3, 0.25, 1 / 3, 5 / 7]
    assert table["limit"].dropna().to_dict() == ev.ACCEPTANCE_LIMITS == {"very major error": 0.015, "major error": 0.03}
    assert ev.error_rates(y, score, 1)["value"].tolist() == [0, 1, 1, 0, 3 / 7]
    assert ev.error_rates(y, score, 0)["value"].tolist() == [1, 0, 0, 1, 4 / 7]


def test_predictive_values_follow_from_counts_where_the_prevalence_is_that_of_the_data():
    y = np.repeat([1, 0], [30, 70])
    score = np.concatenate([np.repeat([0.9, 0.1], [24, 6]), np.repeat([0.9, 0.1], [7, 63])])
    table = ev.predictive_values(y, score, 0.3)
    assert table["value"].tolist() == pytest.approx([24 / 31, 63 / 69])
    assert (table["low"] < table["value"]).all() and (table["value"] < table["high"]).all()
    assert ev.predictive_values(y, score, 0.01).iloc[0]["value"] < 0.08  # most who test positive are then S
    assert np.isnan(ev.predictive_values(y, score, 0.3, threshold=1).iloc[0]["value"])  # nothing is called R
    with pytest.raises(ValueError, match="prevalence"):
        ev.predictive_values(y, score, 1)


def test_predictive_values_cover_the_truth():
    rng = np.random.default_rng(0)
    found, cleared, p = 0.8, 0.9, 0.2
    called_r, called_s = found * p + (1 - cleared) * (1 - p), cleared * (1 - p) + (1 - found) * p
    truth = np.array([found * p / called_r, cleared * (1 - p) / called_s])
    y, covered = np.repeat([1, 0], [40, 60]), np.zeros(2)
    for _ in range(200):
        table = ev.predictive_values(y, np.where(rng.random(100) < np.where(y, found, 1 - cleared), 0.9, 0.1), p)
        covered += (table["low"] <= truth) & (truth <= table["high"])
    assert (covered >= 0.95 * 200).all()


def test_an_isolate_has_no_say_in_its_own_threshold():
    y, score = np.tile([0, 1], 10), np.linspace(0.05, 0.95, 20)
    splits = [(np.arange(10, 20), np.arange(10)), (np.arange(10), np.arange(10, 20))]
    before = ev.held_out_thresholds(y, score, splits, 0)
    moved = score.copy()
    moved[:10] = 0.5
    assert (ev.held_out_thresholds(y, moved, splits, 0)[:10] == before[:10]).all()
    assert before[0] == score[11] and before[10] == score[1]


def test_one_error_in_369_reaches_the_limit():
    """Known from tables: the exact interval of 1 out of 369 ends at 1.5 %, that of 0 out of n at 1 - 0.025^(1/n)."""
    y = np.repeat([1, 0], [369, 10])
    score = y.astype(float)
    assert ev.error_rates(y, score).loc["very major error", "high"] == pytest.approx(1 - 0.025 ** (1 / 369))
    score[0] = 0
    row = ev.error_rates(y, score).loc["very major error"]
    assert (row["count"], row["of"]) == (1, 369) and row["high"] == pytest.approx(0.015, abs=1e-4)
    assert row["low"] == pytest.approx(1 - 0.975 ** (1 / 369))


@given(st.lists(st.tuples(st.booleans(), st.sampled_from(np.linspace(0, 1, 11))), min_size=4), st.floats(0, 1))
def test_the_threshold_is_the_highest_that_keeps_its_promise(spectra, allowed):
    y, score = np.array(spectra).T
    y[:2] = 0, 1
    cutoff = ev.threshold_for(y, score, allowed)
    rates = ev.error_rates(y, score, cutoff.threshold)["value"]
    assert cutoff.very_major == rates["very major error"] and cutoff.major == rates["major error"]
    assert cutoff.very_major <= allowed + 1e-9
    if allowed < 1 and (higher := score[score > cutoff.threshold]).size:
        assert ev.error_rates(y, score, higher.min())["value"]["very major error"] > allowed


def repeated(rng, n=40):
    """Isolates that are all measured twice, with nearly the same score, right in about 80 %."""
    y = np.repeat([0, 1], n)
    right = rng.random(2 * n) < 0.8
    score = np.where(right == (y == 1), 0.7, 0.2)
    return np.repeat(y, 2), np.repeat(score, 2) + np.tile([0.0, 0.1], 2 * n), np.repeat(np.arange(2 * n), 2)


@pytest.mark.parametrize("what", ["errors", "calibration"])
def test_intervals_hold_what_they_promise_where_isolates_repeat(what):
    """Taken for independent, two spectra an isolate make 95 % intervals that cover less."""
    rng = np.random.default_rng(0)

    def covers(y, score, isolate):
        if what == "errors":
            row = ev.error_rates(y, score, isolate=isolate).loc["sensitivity"]
        else:
            row = ev.calibration_table(y, score, 2, isolate=isolate).iloc[1]
        return row["low"] <= 0.8 <= row["high"]

    trials = [repeated(rng) for _ in range(200)]
    assert np.mean([covers(*trial) for trial in trials]) >= 0.95
    assert np.mean([covers(y, score, None) for y, score, _ in trials]) < 0.93


def test_an_isolate_counts_once_with_its_mean_score():
    y, score, isolate = [1, 1, 1, 0, 0, 0], [0.9, 0.3, 0.4, 0.1, 0.2, 0.8], ["a", "a", "b", "c", None, "b"]
    table = ev.error_rates(y, score, isolate=isolate)  # "b" has two labels and so counts as two
    assert table["of"].tolist() == [2, 3, 2, 3, 5] and table["count"].tolist() == [1, 2, 1, 1, 3]
    assert ev.threshold_for(y, score, 0, isolate=isolate).threshold == 0.4
    assert ev.calibration_table(y, score, 2, isolate=isolate)["n"].tolist() == [3, 2]
    assert ev.expected_calibration_error(y, score, isolate=isolate) == ev.expected_calibration_error(
        [1, 1, 0, 0, 0], [0.6, 0.4, 0.1, 0.2, 0.8]
    )
    with pytest.raises(ValueError, match="isolate has shape"):
        ev.error_rates(y, score, isolate=["a"])


@pytest.mark.parametrize("function", [ev.error_rates, ev.threshold_for, ev.calibration_table, ev.brier])
def test_probabilities_are_required(function):
    with pytest.raises(ValueError, match="must be probabilities from 0 to 1, but runs from -1.5 to 3"):
        function([0, 1, 1], [-1.5, 0, 3])
    with pytest.raises(ValueError, match="score is nan at position 2"):
        function([0, 1, 1], [0.5, 0, np.nan])
    with pytest.raises(ValueError, match="there are 3 labels"):
        function([0, 1, 1], [0.5, 0])


def test_options_out_of_range():
    y, score = [0, 1, 1], [0.1, 0.6, 0.7]
    with pytest.raises(ValueError, match="threshold is a number from 0 to 1, not 50"):
        ev.error_rates(y, score, 50)
    with pytest.raises(ValueError, match="level is a number"):
        ev.error_rates(y, score, level=1)
    with pytest.raises(ValueError, match="max_very_major is a number from 0 to 1, not '3 %'"):
        ev.threshold_for(y, score, "3 %")
    with pytest.raises(ValueError, match="n_bins is a whole number of at least 1, not 0"):
        ev.calibration_table(y, score, 0)
    with pytest.raises(ValueError, match="n_splits is a whole number of at least 2, not 1"):
        ev.stratified_splits(y, ["Rome"] * 3, n_splits=1)
    with pytest.raises(ValueError, match="test_fraction is a number"):
        ev.hold_out(y, ["Rome"] * 3, test_fraction=1)
    with pytest.raises(ValueError, match=r"batch has shape \(2,\), but there are 3 spectra"):
        ev.stratified_splits(y, ["Rome"] * 2)
    with pytest.raises(ValueError, match="all 3 spectra are susceptible"):
        ev.error_rates([0, 0, 0], score)
