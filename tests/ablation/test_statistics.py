"""Verdicts are right where the truth is known, and no surer than the data allow."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import rankdata, t, ttest_rel
from toys import RandomView, checkerboard, problem, table_of

from maldinb.ablation import (
    METRICS,
    batch_differences,
    compare,
    paired_scores,
    run_study,
    variance_components,
    variants,
    verdict_sentence,
)
from maldinb.ablation.rule import holm
from maldinb.network.classifier import MaldiMLPClassifier

QUIET = {"progress": False, "leave_one_batch_out": False}


# --- planted effects


def test_a_gate_that_matters_is_found():
    X, y, batch = checkerboard(400)
    parameters = {"epochs": 40, "hidden_dim": 16, "head_dims": (), "dropout": 0.0, "learning_rate": 0.03}
    models = variants(2, **parameters, batch_size=64, early_stopping=False, device="cpu")
    chosen = {name: models[name] for name in ("learned gate", "learned gate, other seed", "no gate", "constant gate")}
    table = run_study(chosen, X, y, batch, n_repeats=2, seeds=(0,), **QUIET)
    comparison = compare(table)
    assert comparison["verdict"].to_dict() == {
        "learned gate, other seed": "undecided",
        "no gate": "better",
        "constant gate": "better",
    }
    assert comparison.loc["no gate", "low"] > 0.05
    assert verdict_sentence(comparison.loc["no gate"]).startswith("'learned gate' is better than 'no gate': in AUROC")
    assert compare(table, reference="no gate").loc["learned gate", "verdict"] == "worse"


def test_the_same_estimator_is_equivalent_to_itself():
    X, y, batch = problem(150)
    model = MaldiMLPClassifier(epochs=2, hidden_dim=4, head_dims=(), random_state=0)
    table = run_study({"learned gate": model, "twin": model}, X, y, batch, n_repeats=1, seeds=(0,), **QUIET)
    row = compare(table).loc["twin"]
    assert (row["verdict"], row["difference"], row["equivalent"], row["holm_p"]) == (
        "equivalent",
        0,
        pytest.approx(1, abs=0.005),
        1,
    )


def test_the_same_estimator_with_other_seeds_is_equivalent_given_enough_data():
    """The seed chooses bins and spectra, so single fits do differ."""
    models = {"view": RandomView(0, share=0.9), "view, other seed": RandomView(1, share=0.9)}
    table = run_study(models, *problem(600, n_bins=100), n_repeats=3, seeds=range(3), **QUIET)
    row = compare(table, reference="view").loc["view, other seed"]
    assert row["verdict"] == "equivalent" and row["difference"] != 0
    assert "are equivalent: in AUROC they differ by less than 0.01" in verdict_sentence(row)


def test_little_data_leave_it_undecided():
    models = variants(6, epochs=5, hidden_dim=4, head_dims=(), batch_size=8)
    chosen = {name: models[name] for name in ("learned gate", "no gate", "frozen gate")}
    table = run_study(chosen, *problem(40), n_repeats=1, seeds=(0,), **QUIET)
    comparison = compare(table)
    assert set(comparison["verdict"]) == {"undecided"}
    row = comparison.loc["no gate"]
    assert row["resolution"] > 0.02
    assert f"differences of less than about {row['resolution']:.3f} would mostly be missed" in verdict_sentence(row)


# --- false alarms


def auroc(y, score):
    positive = y == 1
    n = positive.sum()
    return (rankdata(score)[positive].sum() - n * (n + 1) / 2) / (n * (len(y) - n))


def test_identical_variants_are_told_apart_too_often_only_by_the_naive_test():
    """The seed chooses bins and spectra. All bins tell as much, so no seed is better than another."""
    rng = np.random.default_rng(0)
    found, studies = {"naive_p": 0, "corrected_p": 0, "verdict": 0}, 200
    for study in range(studies):
        y = np.arange(100) % 2
        X = rng.normal(size=(100, 12)) + 0.3 * y[:, None]
        scores = {"view": [], "view, other seed": []}
        for _ in range(2):
            fold = rng.permutation(50).repeat(2) % 5  # an R and an S at a time
            for k in range(5):
                for name, seed in zip(scores, (2 * study, 2 * study + 1), strict=True):
                    model = RandomView(seed).fit(X[fold != k], y[fold != k])
                    scores[name].append(auroc(y[fold == k], model.predict_proba(X[fold == k])[:, 1]))
        row = compare(table_of(scores), reference="view").loc["view, other seed"]
        found["naive_p"] += row["naive_p"] < 0.05
        found["corrected_p"] += row["corrected_p"] < 0.05
        found["verdict"] += row["verdict"] in ("better", "worse")
    rates = {name: count / studies for name, count in found.items()}
    assert rates["corrected_p"] <= 0.05 and rates["verdict"] <= 0.05
    assert rates["naive_p"] > 0.15


def test_holm_adjusts_as_in_a_worked_example():
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.5, 0.9]) == pytest.approx([1, 1])
    assert holm([0.02]) == pytest.approx([0.02])


def test_more_variants_ask_for_stronger_evidence():
    rng = np.random.default_rng(1)
    a = rng.normal(0.8, 0.01, 10)
    others = {f"variant {k}": a + rng.normal(0, 0.02, 10) for k in range(20)}
    b = a - 0.06 + 0.034 * np.resize([1, -1], 10)
    few = compare(table_of({"a": a, "b": b}), reference="a").loc["b"]
    many = compare(table_of({"a": a, "b": b} | others), reference="a").loc["b"]
    assert few["corrected_p"] == many["corrected_p"] == few["holm_p"] < 0.05 < many["holm_p"]
    assert few["better"] == many["better"] > 0.95
    assert (few["verdict"], many["verdict"]) == ("better", "undecided")


# --- the numbers


def test_the_tests_are_the_published_ones():
    rng = np.random.default_rng(3)
    a, b = rng.normal(0.83, 0.03, 25), rng.normal(0.82, 0.03, 25)
    row = compare(table_of({"a": a, "b": b}), reference="a", rope=0.02).loc["b"]
    naive = ttest_rel(a, b)
    assert row["naive_p"] == pytest.approx(naive.pvalue)
    corrected = naive.statistic / np.sqrt(1 + 25 / 4)  # s^2 (1/n + 1/4) in place of s^2 / n
    assert row["corrected_p"] == pytest.approx(2 * t.sf(abs(corrected), 24))
    assert row["difference"] == pytest.approx((a - b).mean())
    assert (row["low"] + row["high"]) / 2 == pytest.approx(row["difference"])
    # The posterior, drawn instead of computed: correlation .2 between splits, n_test / (n_test + n_train).
    scale = np.sqrt((1 / 25 + 0.2 / 0.8) * np.var(a - b, ddof=1))
    truth = (a - b).mean() + scale * rng.standard_t(24, 400_000)
    shares = (truth > 0.02).mean(), (abs(truth) <= 0.02).mean(), (truth < -0.02).mean()
    assert (row["better"], row["equivalent"], row["worse"]) == pytest.approx(shares, abs=0.004)


def test_the_corrected_interval_excludes_zero_just_when_its_p_is_small():
    rng = np.random.default_rng(4)
    for shift in np.linspace(0, 0.08, 30):
        scores = {"a": rng.normal(0.8 + shift, 0.03, 10), "b": rng.normal(0.8, 0.03, 10)}
        row = compare(table_of(scores), reference="a", level=0.9).loc["b"]
        assert (row["low"] > 0 or row["high"] < 0) == (row["corrected_p"] < 0.1)


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=2, max_size=12), st.sampled_from(list(METRICS)))
def test_swapping_the_reference_mirrors_the_comparison(pairs, metric):
    a, b = np.array(pairs).T
    table = table_of({"a": a, "b": b})
    one, other = compare(table, "a", metric).loc["b"], compare(table, "b", metric).loc["a"]
    mirrored = {"better": "worse", "worse": "better"}
    assert one["verdict"] == mirrored.get(other["verdict"], other["verdict"])
    assert one["difference"] == pytest.approx(-other["difference"], abs=1e-12)
    assert one["better"] == pytest.approx(other["worse"], abs=1e-9)
    assert one[["better", "equivalent", "worse"]].sum() == pytest.approx(1)
    assert 0 <= one["corrected_p"] <= 1 and one["naive_p"] <= one["corrected_p"] + 1e-12
    assert one["low"] <= one["difference"] <= one["high"]


def test_lower_is_better_for_errors():
    scores = {"a": [0.1, 0.12, 0.11, 0.1], "b": [0.3, 0.31, 0.32, 0.3]}
    assert compare(table_of(scores), "a", "brier").loc["b", "verdict"] == "better"
    assert compare(table_of(scores), "a", "auroc").loc["b", "verdict"] == "worse"
    assert compare(table_of(scores), "a", "brier").loc["b", "difference"] == pytest.approx(0.2)


def test_seeds_are_averaged_and_do_not_count_as_evidence():
    rng = np.random.default_rng(5)
    a, b = rng.normal(0.8, 0.02, (10, 3)), rng.normal(0.8, 0.02, (10, 3))
    many = compare(table_of({"a": a, "b": b}), reference="a").loc["b"]
    averaged = compare(table_of({"a": a.mean(axis=1), "b": b.mean(axis=1)}), reference="a").loc["b"]
    numbers = ["n", "difference", "low", "high", "naive_p", "corrected_p", "better", "equivalent", "worse"]
    assert many[numbers].tolist() == pytest.approx(averaged[numbers].tolist()) and many["n"] == 10
    assert paired_scores(table_of({"a": a, "b": b}))["b"].tolist() == pytest.approx(b.mean(axis=1).tolist())


@pytest.mark.parametrize(
    "verdict, difference, spread",
    [("better", 0.1, 0.01), ("worse", -0.1, 0.01), ("equivalent", 0.001, 0.002), ("undecided", 0.0, 0.05)],
)
def test_all_verdicts_are_reachable_and_put_in_words_with_their_numbers(verdict, difference, spread):
    b = np.linspace(0.7, 0.8, 10)
    a = b + difference + spread * np.resize([1, -1], 10)
    row = compare(table_of({"a": a, "b": b}), reference="a").loc["b"]
    assert row["verdict"] == verdict
    sentence = verdict_sentence(row)
    assert verdict in sentence and f"{row['difference']:+.3f}" in sentence and f"{row['high']:+.3f}" in sentence
    assert ("mostly be missed" in sentence) == (verdict == "undecided")


def test_coarse_scores_that_agree_are_no_proof_of_equivalence():
    table = table_of({"a": [0.75, 0.5, 0.75], "b": [0.75, 0.5, 0.75]})
    assert compare(table, "a").loc["b", "verdict"] == "equivalent"
    few = table.assign(n_test=8, n_train=32)
    assert compare(few, "a").loc["b", "verdict"] == "undecided"
    assert compare(few, "a", "very_major_error").loc["b", "verdict"] == "undecided"
    assert compare(few, "a", "brier").loc["b", "verdict"] == "equivalent"  # equal to the last digit: equal predictions


# --- variance


def test_variance_is_split_into_what_it_was_made_of():
    rng = np.random.default_rng(6)
    splits, seeds, rest = 0.03, 0.02, 0.01
    a = 0.8 + rng.normal(0, splits, (150, 1)) + rng.normal(0, seeds, (1, 60)) + rng.normal(0, rest, (150, 60))
    row = variance_components(table_of({"a": a})).loc["a"]
    assert row[["splits", "seeds", "residual"]].tolist() == pytest.approx([9e-4, 4e-4, 1e-4], rel=0.25)
    assert (row["n_splits"], row["n_seeds"], row["set_to_zero"]) == (150, 60, "")


def test_variance_of_differences_leaves_out_what_variants_share():
    rng = np.random.default_rng(7)
    easy = rng.normal(0, 0.05, (40, 1))
    a, b = (0.8 + easy + rng.normal(0, 0.01, (40, 5)) for _ in range(2))
    scores = variance_components(table_of({"a": a, "b": b}))
    differences = variance_components(table_of({"a": a, "b": b}), reference="a")
    assert scores.loc["b", "splits"] > 1e-3 and list(differences.index) == ["b"]
    assert differences.loc["b", "splits"] < 1e-4
    assert differences.loc["b", "residual"] == pytest.approx(2e-4, rel=0.25)


def test_a_negative_estimate_is_set_to_zero_and_said():
    checker = 0.8 + 0.01 * (-1.0) ** np.add.outer(np.arange(6), np.arange(4))  # all rows and columns have equal means
    row = variance_components(table_of({"a": checker})).loc["a"]
    assert (row["splits"], row["seeds"], row["set_to_zero"]) == (0, 0, "splits, seeds") and row["residual"] > 0


def test_a_variant_without_seeds_varies_with_the_splits_only():
    rng = np.random.default_rng(8)
    a, fixed = rng.normal(0.8, 0.02, (10, 3)), rng.normal(0.8, 0.02, 10)
    table = table_of({"a": a, "fixed": fixed})
    row = variance_components(table).loc["fixed"]
    assert row["splits"] == pytest.approx(fixed.var(ddof=1)) and (row["seeds"], row["residual"]) == (0, 0)
    assert variance_components(table, reference="a").loc["fixed", "n_seeds"] == 3


def test_differences_are_taken_between_the_seeds_that_both_variants_have():
    rng = np.random.default_rng(9)
    a, b = rng.normal(0.8, 0.02, (10, 4)), rng.normal(0.8, 0.02, (10, 2))
    table = table_of({"a": a, "b": b})
    found = variance_components(table, reference="a").loc["b"]
    expected = variance_components(table_of({"a": a[:, :2], "b": b}), reference="a").loc["b"]
    assert found.tolist() == expected.tolist() and found["n_seeds"] == 2


# --- cities


def test_cities_that_were_left_out_are_reported_one_by_one():
    table = run_study(
        {"a": RandomView(), "b": RandomView(1)}, *problem(), n_repeats=0, seeds=(0, 1), progress=False
    )  # fmt: skip
    cities = batch_differences(table, "a", "brier")
    assert cities["batch"].tolist() == ["Catania", "Milan", "Rome"]
    brier = table.set_index(["batch", "variant", "seed"])["brier"]
    for row in cities.itertuples():
        each = [brier[row.batch, "b", seed] - brier[row.batch, "a", seed] for seed in (0, 1)]
        assert (row.difference, row.lowest, row.highest) == pytest.approx((np.mean(each), min(each), max(each)))


# --- refusing

SCORES = {"a": [0.8, 0.7, 0.9], "b": [0.7, 0.8, 0.8]}


@pytest.mark.parametrize(
    "change, message",
    [
        ({"metric": "f1"}, "metric is one of 'auroc', .*, not 'f1'"),
        ({"reference": "c"}, "reference is one of 'a', 'b', not 'c'"),
        ({"table": table_of({"a": [0.7, 0.8]})}, "only 'a', and nothing to compare it with"),
        ({"table": table_of({"a": [0.7], "b": [0.8]})}, "two or more splits, and the cross-validation has 1"),
        ({"table": table_of(SCORES).iloc[:-1]}, "variant 'b' has 0 fits in repeat 0, fold 2"),
        ({"table": table_of({"a": np.ones((2, 2)), "b": np.ones((2, 2))}).iloc[1:]}, "has 1 fits in repeat 0, fold 0"),
        ({"table": table_of({"a": [0.8, np.nan], "b": [0.8, 0.7]})}, "NaN in 1 rows .* 'a', repeat 0, fold 1"),
        ({"table": table_of(SCORES, split="leave-one-batch-out")}, "no rows of split 'cross-validation'"),
        ({"rope": 0}, "rope is a number from 0 to 1"),
        ({"level": 95}, "level is a number from 0 to 1"),
    ],
)
def test_what_cannot_be_compared_is_refused(change, message):
    with pytest.raises(ValueError, match=message):
        compare(**{"table": table_of(SCORES), "reference": "a"} | change)


def test_what_cannot_be_taken_apart_is_refused():
    with pytest.raises(ValueError, match="the study has one seed"):
        variance_components(table_of(SCORES))
    with pytest.raises(ValueError, match="variances take two or more splits"):
        variance_components(table_of({"a": np.ones((1, 3))}))
    with pytest.raises(ValueError, match="no rows of split 'leave-one-batch-out'"):
        batch_differences(table_of(SCORES), "a")
