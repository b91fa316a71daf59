"""A conclusion holds only where the numbers bear its sentence, and is unknown where they do not tell."""

import numpy as np
import pandas as pd
import pytest

from maldinb import evaluation as ev
from maldinb.course import claim
from maldinb.evaluation import conclusions

LEAD = ev.Interval(0.8, 0.7, 0.9)


@pytest.mark.parametrize(
    ("low", "high", "holds"), [(0.51, 0.7, True), (0.3, 0.49, False), (0.4, 0.6, None), (np.nan, np.nan, None)]
)
def test_better_than_a_coin_wants_the_whole_interval(low, high, holds):
    assert conclusions.beats_a_coin(ev.Interval(0.5, low, high)).holds is holds


def test_a_row_of_a_table_will_do():
    table = ev.score_table({"a model": np.linspace(0, 1, 40)}, np.arange(40) > 19, ["Rome"] * 40)
    assert conclusions.beats_a_coin(table.loc["a model", ["auroc", "low", "high"]]).holds is True


def test_one_batch_tells_nothing_of_batches():
    one = ["Rome"] * 4
    found = [
        conclusions.batch_tells(ev.Interval(0.9, 0.8, 1), one, "city"),
        conclusions.lower_within(0.8, ev.Interval(0.7, 0.6, 0.75), one, "city"),
    ]
    assert all(c.holds is None and c.why == "there is only one city" for c in found)
    assert conclusions.loses_its_lead(LEAD, []).holds is conclusions.travels(pd.DataFrame()).holds is None


def test_a_network_without_a_lead_cannot_lose_it():
    assert conclusions.loses_its_lead(ev.Interval(0.55, 0.45, 0.65), [0.5]).holds is None
    assert conclusions.loses_its_lead(LEAD, [0.75]).holds is False
    assert conclusions.loses_its_lead(LEAD, [0.6]).holds is True


@pytest.mark.parametrize(("high", "holds"), [(0.75, True), (0.85, None)])
def test_lower_within_wants_the_whole_interval(high, holds):
    within = ev.Interval(0.7, 0.6, high)
    assert conclusions.lower_within(0.8, within, ["a", "b"]).holds is holds
    none = ev.Interval(np.nan, np.nan, np.nan)
    assert conclusions.lower_within(0.8, none, ["a", "b"])[1:] == (None, "there are too few isolates")
    assert conclusions.lower_within(0.5, ev.Interval(0.7, 0.6, 0.8), ["a", "b"]).holds is False


def test_better_probabilities_have_to_be_shown():
    rng = np.random.default_rng(0)
    y = rng.integers(0, 2, 200)
    assert conclusions.better_than_the_share(y, np.where(y, 0.7, 0.4)).holds is True
    assert conclusions.better_than_the_share(y, rng.random(200)).holds is False
    assert conclusions.better_than_the_share(y, np.full(200, y.mean())).holds is None
    y, score = np.array([1, 1, 1, 0, 0, 0, 0, 0]), np.array([0.6, 0.5, 0.2, 0.2, 0.3, 0.5, 0.3, 0.2])
    many = np.tile(y, 20), np.tile(score, 20)
    assert conclusions.better_than_the_share(*many).holds is True
    copies = np.tile(np.arange(8), 20)  # the same eight isolates again and again are no more evidence than once
    assert conclusions.better_than_the_share(*many, isolate=copies).holds is None


@pytest.mark.parametrize(
    ("intervals", "holds"),
    [
        ([(0.7, 0.6, 0.8), (0.8, 0.7, 0.9)], True),
        ([(0.7, 0.6, 0.8), (0.5, 0.4, 0.6)], None),
        ([(0.7, 0.6, 0.8), (0.5, 0.4, 0.6), (0.3, 0.2, 0.4)], False),
    ],
)
def test_a_network_travels_if_it_does_to_each_batch(intervals, holds):
    table = pd.DataFrame(intervals, columns=["auroc", "low", "high"]).assign(batch=list("abc")[: len(intervals)])
    assert conclusions.travels(table).holds is holds


def test_a_threshold_is_acceptable_only_if_both_errors_are():
    y = np.repeat([0, 1], 100)
    apart = np.linspace(0, 1, 200)
    assert conclusions.acceptable_threshold(y, apart).holds is True
    apart[[0, 1, 2, 3, -1, -2]] = 0.5, 0.5, 0.5, 0.5, 0.49, 0.49
    found = conclusions.acceptable_threshold(y, apart)
    assert found.holds is False and "at least 6.0 %" in found.why
    rates = [ev.error_rates(y, apart, t)["value"] for t in np.unique(apart)]
    assert not any(r["very major error"] <= 0.015 and r["major error"] <= 0.03 for r in rates)


def test_calibration_is_refuted_or_not_known_and_never_proven():
    columns = {"value": [0, 1.0], "low": [-1, 0.5], "high": [1, 1.5], "ideal": [0, 1.0]}
    line = pd.DataFrame(columns, index=["intercept", "slope"])
    assert conclusions.calibrated(line).holds is None
    assert conclusions.calibrated(line.assign(high=[1, 0.9])).holds is False
    assert conclusions.calibrated(line.assign(value=np.nan)).holds is None


def test_isolates_that_nobody_names_may_be_anywhere():
    splits = [([0, 1], [2, 3])]
    assert conclusions.isolates_apart(None, splits).holds is None
    assert conclusions.isolates_apart(["a", None, "b", "c"], splits).holds is None
    assert conclusions.isolates_apart(["a", None, "a", "c"], splits).holds is False
    assert conclusions.isolates_apart(["a", "a", "b", "c"], splits).holds is True


def test_a_conclusion_is_claimed_as_it_is(capsys):
    claim(**conclusions.isolates_apart(None, []).claimed)
    claim(**conclusions.acceptable_threshold([0, 1], [0.9, 0.1]).denied("no threshold will do").claimed)
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("? no isolate is both in training and in test (unknown: the metadata do not name")
    assert second == "✓ no threshold will do"
