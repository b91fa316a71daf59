"""Paired differences: right in value and width, blind to what both models share, and whole isolates are drawn."""

import numpy as np
import pandas as pd
import pytest

from maldinb.evaluation import auroc_with_interval, difference_table, within_batch_auroc


@pytest.fixture
def scored():
    """Two models that share most of their noise."""
    rng = np.random.default_rng(0)
    y, batch = rng.integers(0, 2, 300), np.repeat(["Milan", "Rome"], [100, 200])
    common = rng.normal(y, 1)
    return y, batch, {"good": common + rng.normal(0, 0.2, 300), "worse": common + rng.normal(0, 0.8, 300)}


def test_values_are_those_of_the_single_scores(scored):
    y, batch, scores = scored
    row = difference_table(scores, y, batch, "worse").loc["good"]
    pooled = [auroc_with_interval(y, score).value for score in scores.values()]
    within = [within_batch_auroc(y, score, batch)[0] for score in scores.values()]
    assert row["difference"] == pytest.approx(pooled[0] - pooled[1])
    assert row["within batch"] == pytest.approx(within[0] - within[1])
    assert row["low"] < row["difference"] < row["high"] and row["within low"] < row["within batch"] < row["within high"]


def test_it_is_narrower_than_the_two_intervals_suggest(scored):
    y, batch, scores = scored
    row = difference_table(scores, y, batch, "worse").loc["good"]
    one, other = (auroc_with_interval(y, score) for score in scores.values())
    assert row["high"] - row["low"] < 0.8 * np.hypot(one.high - one.low, other.high - other.low)


def test_a_model_does_not_differ_from_itself(scored):
    y, batch, scores = scored
    table = difference_table({"a": scores["good"], "b": 2 * scores["good"]}, y, batch, "a")
    assert table.loc[["b"]].eq(0).all(axis=None) and list(table.index) == ["b"]


def test_the_truth_lies_in_most_intervals():
    """Two equally good models: zero is missed about once in twenty."""
    rng, missed = np.random.default_rng(1), 0
    for _ in range(60):
        y = np.repeat([0, 1], 30)
        scores = {name: rng.normal(y, 1) for name in "ab"}
        row = difference_table(scores, y, ["x"] * 60, "a", n_resamples=100).loc["b"]
        missed += not row["low"] <= 0 <= row["high"]
    assert 1 <= missed <= 9


def test_repeats_say_less_than_isolates(scored):
    y, batch, scores = scored
    twice = {name: np.tile(score, 2) for name, score in scores.items()}
    rows, isolate = (np.tile(y, 2), np.tile(batch, 2), "worse"), np.tile(np.arange(300), 2)
    known = difference_table(twice, *rows, isolate=isolate).loc["good"]
    once = difference_table(scores, y, batch, "worse").loc["good"]
    naive = difference_table(twice, *rows).loc["good"]
    assert known["high"] - known["low"] == pytest.approx(once["high"] - once["low"], rel=0.1)
    assert naive["high"] - naive["low"] < 0.85 * (known["high"] - known["low"])


def test_what_is_too_small_is_left_out(scored):
    y, batch, scores = scored
    more = np.append(y, [0, 0, 1]), np.append(batch, ["Turin"] * 3)
    scores = {name: np.append(score, [0.1, 0.2, 0.3]) for name, score in scores.items()}
    row = difference_table(scores, *more, "worse").loc["good"]
    kept = {name: score[:300] for name, score in scores.items()}
    columns = ["within batch", "within low", "within high"]
    pd.testing.assert_series_equal(row[columns], difference_table(kept, y, batch, "worse").loc["good", columns])
    few = difference_table({"a": [0, 1, 1], "b": [1, 0, 1]}, [0, 0, 1], ["x"] * 3, "a")
    assert few.isna().all(axis=None)


@pytest.mark.parametrize(
    "change, message",
    [
        ({"reference": "coin"}, "no score of 'coin'; there are 'good', 'worse'"),
        ({"y": [1] * 300}, "all 300 spectra are resistant"),
        ({"scores": {"worse": [0.5] * 299}}, "the score of 'worse' has shape"),
        ({"batch": ["Rome"]}, "batch has shape"),
        ({"level": 1}, "level"),
        ({"n_resamples": 5}, "n_resamples"),
    ],
)
def test_what_cannot_be_compared_is_refused(scored, change, message):
    y, batch, scores = scored
    with pytest.raises(ValueError, match=message):
        difference_table(**({"scores": scores, "y": y, "batch": batch, "reference": "worse"} | change))
