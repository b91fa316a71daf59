"""Probabilities are held against what was true."""

import numpy as np
import pytest

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
