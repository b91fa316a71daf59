"""Sizes of effects, against simulations in which they are known."""

import numpy as np
import pytest
from scipy.stats import norm, rankdata

from maldinb import interpretation as ip

RNG = np.random.default_rng(0)
BATCH = np.repeat(["Rome", "Milan", "Catania"], [90, 40, 20])
Y = np.concatenate([RNG.permutation(np.arange(n) < r) for n, r in ((90, 50), (40, 6), (20, 16))]).astype(int)


def gates(shift, n_units=2000, seed=0):
    """Gates that are higher in R by so many standard deviations, and know the city."""
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(len(Y), n_units)) + shift * Y[:, None] + (BATCH == "Rome")[:, None]
    return norm.cdf(values / 3)


def test_gates_that_know_nothing_have_the_effect_of_chance():
    found = ip.typical_effect(gates(0), Y, BATCH)
    assert found["by chance"] == ip.chance_effect(Y, BATCH)
    assert found["observed"] == pytest.approx(found["by chance"], rel=0.05)
    assert found["beyond chance"] < 0.02


@pytest.mark.parametrize("shift", [0.2, 0.5, -0.5])
def test_a_true_effect_is_found_again(shift):
    truth = abs(norm.cdf(shift / np.sqrt(2)) - 0.5)
    assert ip.typical_effect(gates(shift), Y, BATCH)["beyond chance"] == pytest.approx(truth, abs=0.012)


def test_a_gate_that_knows_the_city_has_an_effect_only_over_all():
    same = np.repeat((BATCH == "Rome")[:, None], 3, axis=1) * 0.5 + RNG.random((len(Y), 3)) * 1e-3
    assert ip.typical_effect(same, Y, BATCH)["observed"] < 0.2
    assert ip.typical_effect(same, Y, BATCH, within_batch=False)["observed"] > 0.05


def test_repeats_of_an_isolate_count_once():
    twice = np.repeat(np.arange(len(Y)), 2)
    once = ip.typical_effect(gates(0.3), Y, BATCH)
    again = ip.typical_effect(gates(0.3)[twice], Y[twice], BATCH[twice], isolate=twice)
    assert again.to_dict() == pytest.approx(once.to_dict())


def test_the_detectable_effect_is_detected_so_often():
    """In one city, with normal gates: the share of two-sided Mann-Whitney tests that find it."""
    y = np.arange(100) % 2
    for power in (0.5, 0.8):
        effect = ip.detectable_effect(y, ["Rome"] * 100, p=0.01, power=power)
        values = RNG.normal(size=(100, 4000)) + np.sqrt(2) * norm.ppf(0.5 + effect) * y[:, None]
        found = (y @ rankdata(values, axis=0) - 50 * 51 / 2) / 2500 - 0.5
        seen = np.abs(found) > norm.isf(0.005) * ip.chance_effect(y, ["Rome"] * 100)
        assert seen.mean() == pytest.approx(power, abs=0.05)


def test_of_few_spectra_no_effect_is_detectable():
    assert ip.detectable_effect([0, 1] * 3, ["Rome"] * 6, p=0.005, power=0.8) == np.inf


def test_the_best_gate_is_judged_elsewhere():
    rng = np.random.default_rng(3)
    chosen = [ip.best_gate(*rng.normal(0, 0.06, (2, 256))) for _ in range(200)]
    assert np.mean([c["chosen on"] for c in chosen]) > 0.65
    assert np.mean([c["held out"] for c in chosen]) == pytest.approx(0.5, abs=0.02)
    assert ip.best_gate([0.0, 0.0], [0.1, 0.2])["held out"] == 0.6


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ip.chance_effect([0, 1], ["Rome", "Milan"]), "no batch has both"),
        (lambda: ip.detectable_effect(Y, BATCH, p=0), "p is"),
        (lambda: ip.detectable_effect(Y, BATCH, p=0.1, power=1), "power is"),
        (lambda: ip.best_gate([0.1], [0.1, 0.2]), "the same units"),
        (lambda: ip.typical_effect(gates(0) + 1, Y, BATCH), "between 0 and 1"),
    ],
)
def test_what_makes_no_sense(call, message):
    with pytest.raises(ValueError, match=message):
        call()
