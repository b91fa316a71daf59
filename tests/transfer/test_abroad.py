"""One model at home and abroad: who is in which part, and what the tables say of worlds whose truth is known."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.naive_bayes import GaussianNB

from maldinb import transfer


class Naming(ClassifierMixin, BaseEstimator):
    """Its scores name the isolates that it is asked about, and it keeps the names of those that it learned from."""

    learned = []

    def fit(self, X, y):
        self.learned.append(set(X[:, 0]))
        self.classes_ = np.array([0, 1])
        return self

    def predict_proba(self, X):
        return np.column_stack([1 - X[:, 0], X[:, 0]])


def world(n=400, moved=0.0, flipped=False, seed=0):
    """Scores of a model that is calibrated at home, and abroad moved by a constant or turned round."""
    rng, tables = np.random.default_rng(seed), []
    for part in ("calibration", "home", "abroad"):
        x = rng.normal(0, 2, n)
        there = part == "abroad"
        y = rng.random(n) < expit((-x if flipped and there else x) - moved * there)
        tables.append(pd.DataFrame({"left_out": "Rome", "part": part, "batch": part, "y": y * 1, "score": expit(x)}))
    return pd.concat(tables, ignore_index=True)


def test_each_isolate_has_one_part_and_none_is_judged_by_a_model_that_has_learned_from_it():
    n, rng = 120, np.random.default_rng(0)
    names, city = np.arange(n) / n, np.arange(n) % 3
    y = rng.permutation(n) % 2
    twice = np.repeat(np.arange(n), 2)
    Naming.learned.clear()
    scores = transfer.home_and_abroad(Naming(), names[twice, None], y[twice], city[twice].astype(str), isolate=twice)
    assert scores.groupby(["left_out", "part"]).size().unstack().to_numpy().tolist() == [[40, 16, 16]] * 3
    for (left_out, one), learned in zip(scores.groupby("left_out"), Naming.learned, strict=True):
        assert sorted([*one["score"], *learned]) == names.tolist()  # each isolate once, with all its spectra
        who = (one["score"] * n).round().astype(int)
        assert (y[who] == one["y"]).all() and (city[who].astype(str) == one["batch"]).all()
        assert ((one["batch"] == left_out) == (one["part"] == "abroad")).all()


def test_a_table_will_do_for_models_that_want_one():
    X = pd.DataFrame({"2000": np.tile([0.1, 0.9], 60)})
    y, batch = np.tile([0, 1], 60), np.repeat(["Milan", "Rome"], 60)
    model = GaussianNB()
    pd.testing.assert_frame_equal(
        transfer.home_and_abroad(model, X, y, batch), transfer.home_and_abroad(model, X.to_numpy(), y, batch)
    )


def test_a_shift_of_the_intercept_is_found_and_mended():
    scores = world(2000, moved=2)
    terms = transfer.calibration_abroad(scores).set_index(["part", "term"])["value"]
    assert terms["home"].tolist() == pytest.approx([0, 1], abs=0.15)
    assert terms["abroad"].tolist() == pytest.approx([-2, 1], abs=0.15)
    brier = transfer.update_table(scores, 100).set_index("probabilities")["brier"]
    mended = brier[["mean known", "intercept", "both"]]
    assert (mended < brier["as they come"] - 0.05).all() and (mended < brier["share of R only"] - 0.02).all()


def test_order_that_is_turned_round_is_not_mended_by_an_intercept():
    brier = transfer.update_table(world(2000, flipped=True), 200).set_index("probabilities")["brier"]
    assert brier["intercept"] > brier["share of R only"] > brier["both"] and brier["at home"] < brier["share of R only"]


def test_labelled_isolates_are_not_judged():
    scores = world(40)
    table = transfer.update_table(scores, 39, n_draws=40)
    assert table.set_index("probabilities").loc["intercept", "low"] < 0.02  # of a single isolate at a time
    with pytest.raises(ValueError, match="Rome has 40 isolates; with 40 of them labelled none is left to judge"):
        transfer.update_table(scores, 40)
    with pytest.raises(ValueError, match="Rome has 40 isolates; with 41 labelled none is left to judge"):
        transfer.coverage_abroad(scores, n_labelled=41)


def test_coverage_breaks_abroad_and_is_kept_by_a_calibration_there():
    table = transfer.coverage_abroad(world(2000, flipped=True), n_labelled=500)
    coverage = table.set_index(["part", "label"])["coverage"]
    assert coverage["home"].tolist() == pytest.approx([0.9] * 3, abs=0.04)
    assert (coverage["abroad"] < 0.6).all() and coverage["calibrated abroad"].tolist() == pytest.approx(
        [0.9] * 3, abs=0.05
    )
    sizes = table.set_index(["part", "label"])["isolates"].xs("all", level="label")
    assert sizes.to_dict() == {"home": 2000, "abroad": 2000, "calibrated abroad": 1500}


def test_abstaining_pays_at_home_and_not_where_the_order_is_turned_round():
    error = transfer.abstention_abroad(world(2000, flipped=True), [0.2, 1]).groupby("part")["error"].agg(list)
    assert error["home"][0] < error["home"][1] - 0.1 and error["abroad"][0] > error["abroad"][1] + 0.1


def test_what_is_wrong_is_named():
    X, y = np.arange(40.0)[:, None], np.arange(40) % 2
    with pytest.raises(ValueError, match="leaving a batch out takes at least two"):
        transfer.home_and_abroad(GaussianNB(), X, y, ["Rome"] * 40)
    with pytest.raises(ValueError, match="all 20 spectra outside Milan are resistant"):
        transfer.home_and_abroad(GaussianNB(), X, np.arange(40) >= 10, np.repeat(["Milan", "Rome"], 20))
    with pytest.raises(ValueError, match="X has 40 rows, but there are 39 labels"):
        transfer.home_and_abroad(GaussianNB(), X, y[:39], ["Rome"] * 39)
    one = world(20).assign(y=1)
    with pytest.raises(ValueError, match="of the part 'home' with Rome left out are resistant"):
        transfer.calibration_abroad(one)
    with pytest.raises(ValueError, match="all 20 spectra in Rome are resistant"):
        transfer.update_table(one)
    with pytest.raises(ValueError, match="it has no column left_out, part"):
        transfer.abstention_abroad(one[["y", "score"]])
    with pytest.raises(ValueError, match="Rome has no part calibration"):
        transfer.coverage_abroad(one[one["part"] != "calibration"])
