"""The power of a study: as theory has it where theory reaches, and by the same rule as a study's own verdicts."""

import numpy as np
import pytest
from scipy.stats import nct
from scipy.stats import t as student
from toys import table_of

from maldinb.ablation import compare, power
from maldinb.ablation.rule import decide

ALONE = {"split_sd": 0.02, "n_comparisons": 1, "rope": 0.02}


@pytest.mark.parametrize("n_repeats", [1, 5])
def test_a_single_comparison_has_the_power_of_a_noncentral_t(n_repeats):
    """The mean varies like s^2 (1/n + 1/4) around the truth, and independently of s."""
    n = 5 * n_repeats
    error = 0.02 * np.sqrt(1 / n + 1 / 4)
    for true in (0.03, 0.05, 0.07):
        expected = nct.sf(student.ppf(0.95, n - 1), n - 1, (true - 0.02) / error)
        assert power(true, **ALONE, n_repeats=n_repeats)["better"].item() == pytest.approx(expected, abs=0.04)


def test_without_a_rope_to_speak_of_it_is_that_of_the_two_sided_test():
    error = 0.02 * np.sqrt(1 / 25 + 1 / 4)
    expected = nct.sf(student.ppf(0.975, 24), 24, 0.03 / error)
    assert power(0.03, **ALONE | {"rope": 1e-6})["better"].item() == pytest.approx(expected, abs=0.04)


@pytest.mark.parametrize(
    ("split_sd", "n_repeats", "even_chance", "equivalent"),
    [(0.012, 1, 0.038, 0.30), (0.012, 5, 0.031, 0.82), (0.02, 1, 0.061, 0.04), (0.02, 5, 0.038, 0.08)],
)
def test_six_comparisons_have_the_power_that_a_simulation_apart_from_this_one_found(
    split_sd, n_repeats, even_chance, equivalent
):
    shares = power([0, even_chance], split_sd=split_sd, n_repeats=n_repeats, rope=0.02)
    assert shares["equivalent"].iloc[0] == pytest.approx(equivalent, abs=0.04)
    assert shares["better"].iloc[1] == pytest.approx(0.5, abs=0.06)


def test_seeds_make_equivalence_reachable_where_repeats_do_not():
    """Thirty fits for each fold of both: seeds bring down what repeats cannot, if most of the luck is theirs."""
    luck = {"split_sd": 0.01, "seed_sd": 0.024, "rope": 0.02}
    shares = {seeds: power(0, **luck, n_repeats=30 // seeds, n_seeds=seeds)["equivalent"].item() for seeds in (1, 6)}
    assert shares[1] < 0.2 and shares[6] > 0.5


def test_what_is_true_decides_and_its_sign_only_swaps_the_words():
    shares = power([-0.06, 0.0, 0.06], split_sd=0.02, rope=0.02)
    assert shares.sum(axis=1).tolist() == pytest.approx([1, 1, 1])
    better, worse = shares["better"], shares["worse"]
    assert better[0.06] == pytest.approx(worse[-0.06], abs=0.04) and better[0.06] > 0.9
    assert better[0.0] + worse[0.0] < 0.02 and worse[0.06] == 0


def test_more_variants_cost_power():
    few, many = (power(0.05, split_sd=0.02, n_repeats=1, n_comparisons=k, rope=0.001)["better"].item() for k in (1, 12))
    assert many < few - 0.2


def test_without_luck_a_study_says_what_is_true():
    shares = power([0.0, 0.05, -0.05], split_sd=0, rope=0.02)
    assert [shares.loc[0.0, "equivalent"], shares.loc[0.05, "better"], shares.loc[-0.05, "worse"]] == [1, 1, 1]


@pytest.mark.parametrize(("n", "rope"), [(5, 0.02), (25, 0.02), (25, 0.001)])
def test_resolution_is_where_the_verdict_turns_to_better(n, rope):
    noise = np.random.default_rng(n).normal(0, 0.02, n)
    noise -= noise.mean()

    def verdict(difference):
        a, b = 0.7 + difference + noise, np.full(n, 0.7)
        return compare(table_of({"a": a, "b": b, "c": a}), "a", rope=rope).loc["b"]

    limit = verdict(0.0)["resolution"]
    assert [verdict(limit + step)["verdict"] for step in (-1e-6, 1e-6)] == ["undecided", "better"]


def test_the_rule_is_that_of_compare():
    rng = np.random.default_rng(1)
    scores = {name: rng.normal(0.8, 0.02, 10) for name in "abcd"}
    found = compare(table_of(scores), "a", rope=0.02)
    d = np.column_stack([scores["a"] - scores[name] for name in "bcd"])
    many = decide(np.stack([d.mean(axis=0)] * 2), np.stack([d.std(axis=0, ddof=1)] * 2), 10, 0.25, 0.02, 0.95)
    for column, values in many.items():
        assert values.shape == (2, 3) and values[1].tolist() == found[column].tolist(), column


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"differences": "large"}, "each of differences is a number from -1 to 1"),
        ({"split_sd": -0.1}, "split_sd is a number from 0 to 1"),
        ({"seed_sd": 2}, "seed_sd is a number from 0 to 1"),
        ({"n_seeds": [0, 1]}, "n_seeds is a whole number of at least 1"),
        ({"n_splits": 1}, "n_splits is a whole number of at least 2"),
        ({"n_repeats": 0}, "n_repeats is a whole number of at least 1"),
        ({"rope": 0}, "rope is a number from 0 to 1"),
        ({"level": 95}, "level is a number from 0 to 1"),
        ({"n_comparisons": 0}, "n_comparisons is a whole number"),
        ({"n_studies": 0}, "n_studies is a whole number"),
    ],
)
def test_a_design_that_cannot_be_is_refused(change, message):
    with pytest.raises(ValueError, match=message):
        power(**{"differences": 0, "split_sd": 0.02} | change)
