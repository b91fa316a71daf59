"""The spread of gates adds up, effects are within a city, and by chance nothing is found more often than promised."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import kstest

from maldinb import interpretation as ip
from maldinb.evaluation import within_batch_auroc

SHARES = {"Rome": 0.6, "Milan": 0.15, "Catania": 0.8}  # of R, as unlike as in the real cities


def null(rng, n=90, units=20, *, know_city=0.0):
    """Gates, labels and cities, where gates may know the city but nothing of the label."""
    city = rng.choice(list(SHARES), n)
    y = (rng.random(n) < pd.Series(city).map(SHARES).to_numpy()).astype(int)
    shift = know_city * (pd.Series(city).map(SHARES).to_numpy() - 0.5)
    gates = 1 / (1 + np.exp(-rng.normal(size=(n, units)) - shift[:, None]))
    return gates, y, city


# --- spread


def test_the_spread_by_hand():
    summary = ip.gate_summary([[0.2, 0.6], [0.4, 0.8]])
    assert summary.drop(["1 %", "99 %"]).to_dict() == pytest.approx(
        {
            "mean": 0.5,
            "sd": np.sqrt(0.05),
            "sd between units": 0.2,
            "sd between spectra": 0.1,
            "share between spectra": 0.2,
            "within .4-.6": 0.5,
        }
    )
    assert 0.2 < summary["1 %"] < 0.21 and 0.79 < summary["99 %"] < 0.8
    constant = ip.gate_summary(np.full((3, 4), 0.5))
    assert constant["sd"] == constant["share between spectra"] == 0 and constant["within .4-.6"] == 1


@given(arrays(float, st.tuples(st.integers(2, 6), st.integers(1, 6)), elements=st.floats(0, 1)))
def test_the_variance_is_that_between_units_plus_that_between_spectra(gates):
    summary = ip.gate_summary(gates)
    parts = summary["sd between units"] ** 2 + summary["sd between spectra"] ** 2
    assert parts == pytest.approx(summary["sd"] ** 2, abs=1e-12)
    assert 0 <= summary["share between spectra"] <= 1 + 1e-9


# --- effects


def test_effects_are_those_of_the_auroc_within_a_city():
    gates, y, city = null(np.random.default_rng(0))
    gates = gates.round(1)  # ties
    city[:5], y[:5] = "Bari", 1  # a city with one label
    expected = [within_batch_auroc(y, unit, city)[0] - 0.5 for unit in gates.T]
    assert ip.gate_effects(gates, y, city) == pytest.approx(expected)
    table = ip.separating_gates(gates, y, city, n_permutations=100)
    assert table["effect"].to_numpy() == pytest.approx(expected) and table.index.name == "unit"
    pooled = ip.separating_gates(gates, y, city, n_permutations=100, within_batch=False)
    everywhere = [within_batch_auroc(y, unit, ["all"] * 90)[0] - 0.5 for unit in gates.T]
    assert pooled["effect"].to_numpy() == pytest.approx(everywhere)


def test_signs_and_limits_of_effects():
    y, city = np.array([1, 1, 0, 0]), ["Rome"] * 4
    gates = np.column_stack([y, 1 - y, [0.5] * 4, [0.3, 0.1, 0.2, 0.2]])
    assert ip.gate_effects(gates, y, city).tolist() == [0.5, -0.5, 0, 0]


def test_a_city_with_one_label_has_no_weight():
    gates, y, city = null(np.random.default_rng(1))
    alone = ip.separating_gates(gates, y, city)
    more = ip.separating_gates(np.vstack([gates, np.ones((5, 20))]), np.append(y, [1] * 5), np.append(city, ["Z"] * 5))
    pd.testing.assert_frame_equal(alone, more)


def test_repeats_of_an_isolate_count_once():
    rng = np.random.default_rng(2)
    gates, y, city = null(rng, units=200)
    single = ip.separating_gates(gates, y, city)
    four, isolate = np.repeat(np.arange(90), 4), np.repeat(np.arange(90), 4)
    noise = rng.normal(scale=0.001, size=(90, 4, 200))
    noise -= noise.mean(axis=1, keepdims=True)  # of each isolate the mean stays
    repeats = np.clip(gates[four] + noise.reshape(360, 200), 0, 1)
    known = ip.separating_gates(repeats, y[four], city[four], isolate=isolate)
    assert known["effect"].to_numpy() == pytest.approx(single["effect"].to_numpy(), abs=0.005)
    assert np.abs(known["p"] - single["p"]).max() < 0.12 and (single["p"] < 0.05).mean() < 0.1
    blind = ip.separating_gates(repeats, y[four], city[four])
    assert (blind["p"] < 0.05).mean() > 0.2  # copies pass for evidence


def test_repeats_with_different_labels_or_cities_stay_apart():
    gates = [[0.1], [0.9], [0.2], [0.8], [0.3], [0.5]]
    y, city = [0, 1, 0, 1, 0, 0], ["Rome"] * 4 + ["Milan"] * 2
    both = ip.separating_gates(gates, y, city, isolate=["a", "a", "b", "b", "a", "c"], n_permutations=100)
    pd.testing.assert_frame_equal(both, ip.separating_gates(gates, y, city, n_permutations=100))


# --- p-values and false discoveries


def test_p_values_are_uniform_under_the_null():
    """Within city, also where cities differ in both labels and gates. Permuted freely they are not."""
    rng = np.random.default_rng(3)
    for know_city in (0.0, 4.0):
        gates, y, city = null(rng, units=1500, know_city=know_city)
        p = ip.separating_gates(gates, y, city, n_permutations=400)["p"]
        assert kstest(p, "uniform").pvalue > 0.01
        assert 1 / 401 <= p.min() and p.max() <= 1
        assert [(p <= level).mean() for level in (0.05, 0.25)] == pytest.approx([0.05, 0.25], abs=0.04)
    free = ip.separating_gates(gates, y, city, n_permutations=400, within_batch=False)["p"]
    assert (free < 0.05).mean() > 0.5


def test_p_is_never_zero_and_two_sided():
    y, city = np.tile([0, 1], 40), np.repeat(["Rome", "Milan"], 40)
    gates = np.column_stack([y, 1 - y, np.full(80, 0.5)]) * 0.8 + 0.1
    table = ip.separating_gates(gates, y, city, n_permutations=300)
    assert table["p"].tolist() == [1 / 301, 1 / 301, 1] and table["separates"].tolist() == [True, True, False]
    assert table["q"].tolist() == pytest.approx([1.5 / 301, 1.5 / 301, 1])


@pytest.mark.parametrize("alpha", [0.05, 0.2])
def test_by_chance_discoveries_are_as_rare_as_promised(alpha):
    """Where no unit differs, every discovery is a false one: they may occur in a share alpha of the studies."""
    rng, found = np.random.default_rng(4), []
    for seed in range(250):
        gates, y, city = null(rng, n=60, units=12, know_city=4.0)
        table = ip.separating_gates(gates, y, city, n_permutations=400, alpha=alpha, random_state=seed)
        found.append(table["separates"].any())
    error = np.sqrt(alpha * (1 - alpha) / 250)
    assert alpha - 3 * error <= np.mean(found) <= alpha + 3 * error  # the units are independent: no less, either


def test_of_what_is_found_beside_planted_units_few_are_false():
    rng, power, false = np.random.default_rng(5), [], []
    for seed in range(100):
        gates, y, city = null(rng, units=40, know_city=4.0)
        gates[:, :8] = np.clip(gates[:, :8] + 0.35 * y[:, None] * np.tile([1, -1], 4), 0, 1)
        found = ip.separating_gates(gates, y, city, n_permutations=400, alpha=0.1, random_state=seed)["separates"]
        power.append(found[:8].mean())
        false.append(found[8:].sum() / max(found.sum(), 1))
    assert np.mean(power) > 0.9 and np.mean(false) < 0.1 + 3 * np.std(false) / 10


def test_it_repeats_with_the_seed():
    gates, y, city = null(np.random.default_rng(6))
    first, again, other = (ip.separating_gates(gates, y, city, random_state=seed) for seed in (0, 0, 1))
    pd.testing.assert_frame_equal(first, again)
    assert (first["p"] != other["p"]).any() and (first["p"] - other["p"]).abs().max() < 0.08


# --- labels without meaning


@given(st.integers(0, 10**6))
def test_shuffled_labels_keep_the_counts_of_each_city(seed):
    _, y, city = null(np.random.default_rng(seed), n=40)
    before = y.copy()
    shuffled = ip.shuffled_within_batch(y, city, random_state=seed)
    assert (y == before).all()
    assert all(shuffled[city == one].sum() == y[city == one].sum() for one in SHARES)


def test_shuffled_labels_are_of_the_kind_that_was_given():
    _, y, city = null(np.random.default_rng(0))
    series = pd.Series(y, index=[f"id{i}" for i in range(90)], name="R")
    shuffled = ip.shuffled_within_batch(series, city)
    assert shuffled.index.equals(series.index) and shuffled.name == "R"
    assert (shuffled.to_numpy() == ip.shuffled_within_batch(y, city)).all() and (shuffled != series).mean() > 0.2
    assert (ip.shuffled_within_batch(y, city, random_state=1) != shuffled).any()


# --- bad input


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"y": [1, 1, 1, 1]}, r"all 4 spectra are resistant \(1\)"),
        ({"y": [0, 1, 0]}, "there are gates of 4 spectra and 3 labels"),
        ({"y": ["R", "S", "R", "S"]}, "see binary_labels"),
        ({"batch": ["Rome"] * 3}, r"batch has shape \(3,\), but there are 4 spectra"),
        ({"batch": ["Rome", "", "Rome", "Rome"]}, r"1 spectra have no batch \(the first at position 1\)"),
        ({"batch": ["a", "b", "c", "d"]}, "no batch has both resistant and susceptible spectra"),
        ({"gates": [0.1, 0.2, 0.3, 0.4]}, r"at least two spectra, not of shape \(4,\)"),
        ({"gates": np.zeros((4, 0))}, r"not of shape \(4, 0\)"),
        ({"gates": [[0.1], [0.2], [1.1], [0.3]]}, "gates lie between 0 and 1; see get_attention_weights"),
        ({"gates": [[0.1], [0.2], [np.nan], [0.3]]}, "gates lie between 0 and 1"),
        ({"isolate": [1, 2]}, r"isolate has shape \(2,\), but there are 4 spectra"),
        ({"n_permutations": 99}, "n_permutations is a whole number of at least 100, not 99"),
        ({"n_permutations": 1000.0}, "n_permutations is a whole number"),
        ({"alpha": 0}, r"alpha is a number from 0 to 1 \(exclusive\), not 0"),
        ({"alpha": True}, "alpha is a number"),
        ({"alpha": 5}, "alpha is a number"),
    ],
)
def test_bad_input_of_gates(change, message):
    arguments = {"gates": [[0.1], [0.2], [0.3], [0.4]], "y": [0, 1, 0, 1], "batch": ["Rome"] * 4}
    with pytest.raises(ValueError, match=message):
        ip.separating_gates(**arguments | change)
    if not set(change) - set(arguments):
        with pytest.raises(ValueError, match=message):
            ip.gate_effects(**arguments | change)
    if "gates" in change:
        with pytest.raises(ValueError, match=message):
            ip.gate_summary(change["gates"])


def test_one_spectrum_has_no_spread():
    with pytest.raises(ValueError, match=r"at least two spectra, not of shape \(1, 3\)"):
        ip.gate_summary([[0.1, 0.2, 0.3]])
    with pytest.raises(ValueError, match="all 2 spectra are resistant"):
        ip.shuffled_within_batch([1, 1], ["Rome", "Rome"])
    with pytest.raises(ValueError, match="batch has shape"):
        ip.shuffled_within_batch([1, 0], ["Rome"])
