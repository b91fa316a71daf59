"""A conclusion holds only where the numbers bear its sentence, and is unknown where they do not tell."""

import numpy as np
import pandas as pd
import pytest

from maldinb import evaluation as ev
from maldinb.course import claim
from maldinb.evaluation import conclusions


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
        conclusions.lower_within(0.8, 0.7, one, "city"),
    ]
    assert all(c.holds is None and c.why == "there is only one city" for c in found)
    assert conclusions.loses_its_lead(0.8, []).holds is conclusions.travels(pd.DataFrame()).holds is None


def test_a_network_without_a_lead_cannot_lose_it():
    assert conclusions.loses_its_lead(0.45, [0.5]).holds is None
    assert conclusions.loses_its_lead(0.8, [0.75]).holds is False


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
    assert found.holds is False and "at least 6.0%" in found.why
    rates = [ev.error_rates(y, apart, t)["value"] for t in np.unique(apart)]
    assert not any(r["very major error"] <= 0.015 and r["major error"] <= 0.03 for r in rates)


def test_calibration_is_refuted_or_not_known_and_never_proven():
    line = pd.DataFrame(
        {"value": [0, 1.0], "low": [-1, 0.5], "high": [1, 1.5], "ideal": [0, 1.0]}, ["intercept", "slope"]
    )
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
    assert first == "? no isolate is in both parts (unknown: the metadata do not name the isolate of each spectrum)"
    assert second == "✓ no threshold will do"
