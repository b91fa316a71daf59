"""Probabilities are held against what was true."""

import numpy as np
import pytest
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from maldinb import evaluation as ev


def test_calibration_by_hand():
    y = [0, 1, 1, 1, 0]
    score = [0.1, 0.1, 0.5, 1.0, 0.0]
    table = ev.calibration_table(y, score, n_bins=2)
    assert table["n"].tolist() == [3, 2] and table["from"].tolist() == [0, 0.5] and table["to"].tolist() == [0.5, 1]
    assert table["predicted"].tolist() == pytest.approx([0.2 / 3, 0.75])
    assert table["observed"].tolist() == pytest.approx([1 / 3, 1])
    assert (table["low"] <= table["observed"]).all() and (table["high"] >= table["observed"]).all()
    assert ev.expected_calibration_error(y, score, 2) == pytest.approx((3 * (1 / 3 - 0.2 / 3) + 2 * 0.25) / 5)
    assert ev.brier(y, score) == pytest.approx((0.01 + 0.81 + 0.25) / 5)
    assert ev.calibration_table(y, score, n_bins=10)["n"].tolist() == [1, 2, 1, 1]  # 0.1 belongs to 0.1-0.2


def test_a_calibrated_model_is_found_to_be_one():
    rng = np.random.default_rng(0)
    score = rng.random(20000)
    y = (rng.random(20000) < score).astype(int)
    assert ev.expected_calibration_error(y, score) < 0.015 < 0.1 < ev.expected_calibration_error(y, score**3)
    table = ev.calibration_table(y, score)
    assert ((table["low"] < table["predicted"]) & (table["predicted"] < table["high"])).sum() >= 8
    assert ev.brier([1, 1], [0.5, 1]) == 0.125  # one label is enough here


def test_the_line_of_calibrated_scores_is_the_diagonal_and_that_of_others_is_not():
    rng = np.random.default_rng(0)
    logit = rng.normal(0, 1.5, 20000)
    y = (rng.random(20000) < expit(logit)).astype(int)
    right, extreme, high = (ev.calibration_line(y, expit(x)) for x in (logit, 2 * logit, logit + 1))
    assert right["value"].tolist() == pytest.approx([0, 1], abs=0.05)
    assert extreme.loc["slope", "value"] == pytest.approx(0.5, abs=0.03)
    assert high.loc["intercept", "value"] == pytest.approx(-1, abs=0.05)  # P(R) is too high


def test_the_slope_is_that_of_a_logistic_regression_without_penalty():
    rng = np.random.default_rng(1)
    y, score = rng.integers(0, 2, 60), rng.random(60)
    other = LogisticRegression(C=np.inf, tol=1e-10).fit(np.log(score / (1 - score))[:, None], y)
    line = ev.calibration_line(y, score)
    assert line.loc["slope", "value"] == pytest.approx(other.coef_[0, 0], abs=1e-5)
    assert (line["low"] < line["value"]).all() and (line["value"] < line["high"]).all()


@pytest.mark.parametrize("score", [[0.3] * 4, [0, 0.1, 0.9, 1]])
def test_no_slope_is_made_up(score):
    line = ev.calibration_line([0, 0, 1, 1], score)
    assert np.isnan(line.loc["slope", "value"]) and np.isfinite(line.loc["intercept", "value"])


def test_wald_intervals_cover():
    rng, inside = np.random.default_rng(2), np.zeros(2)
    for _ in range(300):
        logit = rng.normal(0, 1, 200)
        line = ev.calibration_line((rng.random(200) < expit(logit)).astype(int), expit(logit))
        inside += (line["low"] <= line["ideal"]) & (line["ideal"] <= line["high"])
    assert (inside / 300 > 0.92).all()
