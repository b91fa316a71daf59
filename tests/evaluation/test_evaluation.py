"""Splits keep isolates together, intervals cover what they promise, errors are counted the right way round."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import bootstrap, norm
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LogisticRegression, RidgeClassifier
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import maldinb
from maldinb import evaluation as ev


@pytest.fixture(scope="module")
def amikacin():
    data = maldinb.load_simulated("Amikacin")
    X, y = maldinb.binary_labels(data)
    return X, y, data.batch[X.index], data.meta.loc[X.index, "Isolate"]


def small(n=60, seed=0):
    """A problem that a model solves in part: y, two cities, and five columns."""
    rng = np.random.default_rng(seed)
    y = rng.permutation(np.arange(n) % 2)
    return y, np.where(rng.random(n) < 0.6, "Rome", "Milan"), rng.normal(size=(n, 5)) + y[:, None]


def binormal(rng, n_r, n_s, auroc):
    """Labels and scores whose true AUROC is known."""
    y = np.repeat([1, 0], [n_r, n_s])
    return y, rng.normal(size=n_r + n_s) + y * norm.ppf(auroc) * np.sqrt(2)


# --- splits


def test_folds_have_every_city_and_label_alike_and_keep_isolates_together(amikacin):
    _, y, city, isolate = amikacin
    splits = ev.stratified_splits(y, city, isolate=isolate)
    tested = np.concatenate([test for _, test in splits])
    assert len(splits) == 5 and sorted(tested) == list(range(len(y)))
    counts = pd.DataFrame([(city.iloc[test] + y.iloc[test].astype(str)).value_counts() for _, test in splits])
    assert (counts.max() - counts.min() <= 2).all() and counts["Catania0"].min() >= 3  # 16 in all
    for train, test in splits:
        assert sorted([*train, *test]) == list(range(len(y)))
        assert not set(isolate.iloc[train]) & set(isolate.iloc[test])


def test_splits_repeat_with_the_seed(amikacin):
    _, y, city, isolate = amikacin

    def tests(seed):
        return [tuple(test) for _, test in ev.stratified_splits(y, city, isolate=isolate, random_state=seed)]

    assert tests(0) == tests(0) != tests(1)
    first, again, other = (ev.hold_out(y, city, isolate=isolate, random_state=seed)[1].tolist() for seed in (0, 0, 1))
    assert first == again != other


def test_small_cells_are_pooled_and_one_city_will_do():
    y, city, _ = small()
    city[:3] = "Bari"  # fewer than folds
    for batch in (city, ["Rome"] * len(y), [f"city {i}" for i in range(len(y))]):
        splits = ev.stratified_splits(y, batch)
        assert [len(test) for _, test in splits] == [12] * 5
        assert all(set(y[test]) == {0, 1} for _, test in splits)
        assert len(ev.hold_out(y, batch)[1]) == 15


def test_too_few_of_a_label_are_refused():
    y = [1, 1, 1] + [0] * 20
    with pytest.raises(ValueError, match=r"only 3 isolates are resistant \(1\).*choose fewer folds"):
        ev.stratified_splits(y, ["Rome"] * 23)
    with pytest.raises(ValueError, match="only 1 isolates are resistant"):  # three spectra of one isolate
        ev.stratified_splits(y, ["Rome"] * 23, isolate=["a"] * 3 + list(range(20)), n_splits=2)
    with pytest.raises(ValueError, match=r"only 3 .* 10 are needed for a test_fraction of 0\.1; choose"):
        ev.hold_out(y, ["Rome"] * 23, test_fraction=0.1)


@given(st.integers(0, 2**32 - 1), st.sampled_from([0.1, 0.25, 0.5, 0.9]))
def test_a_test_set_that_cannot_be_held_out_is_refused_in_our_own_words(seed, test_fraction):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(4, 40))
    y, city, isolate = rng.integers(0, 2, n), rng.choice(list("abc"), n), rng.integers(0, n, n)
    try:
        train, test = ev.hold_out(y, city, isolate=isolate, test_fraction=test_fraction)
    except ValueError as error:
        assert "isolates" in str(error) or "this takes both kinds" in str(error)
    else:
        assert set(y[train]) == set(y[test]) == {0, 1} and not set(isolate[train]) & set(isolate[test])


def test_isolates_with_both_labels_cannot_leave_a_fold_with_one():
    isolate = [0] * 10 + [1] * 10 + [2] * 10
    y = [0] * 9 + [1] + [0] * 9 + [1] + [0] * 9 + [1]
    for _, test in ev.stratified_splits(y, ["Rome"] * 30, isolate=isolate, n_splits=3):
        assert sum(np.array(y)[test]) == 1


@given(st.integers(0, 2**32 - 1), st.integers(2, 4))
def test_whatever_the_groups_the_folds_are_a_partition(seed, n_splits):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(30, 80))
    isolate = rng.integers(0, n // 2, n).astype(float)
    isolate[rng.random(n) < 0.2] = np.nan  # unknown isolates
    y = (np.nan_to_num(isolate, nan=n) % 2).astype(int)
    city = rng.choice(["Rome", "Milan", "Catania"], n)
    try:
        splits = ev.stratified_splits(y, city, isolate=isolate, n_splits=n_splits)
    except ValueError as error:
        assert "fold" in str(error)
        return
    assert sorted(np.concatenate([test for _, test in splits])) == list(range(n))
    for train, test in splits:
        known = set(isolate[train]) & set(isolate[test])
        assert not {g for g in known if not np.isnan(g)} and set(y[test]) == {0, 1}


def test_hold_out(amikacin):
    _, y, city, isolate = amikacin
    train, test = ev.hold_out(y, city, isolate=isolate)
    assert sorted([*train, *test]) == list(range(len(y))) and abs(len(test) / len(y) - 0.25) < 0.01
    assert not set(isolate.iloc[train]) & set(isolate.iloc[test])
    cells = city + y.astype(str)
    share = cells.iloc[test].value_counts() / cells.value_counts()
    assert share.between(0.18, 0.32).all() and len(share) == 6


def test_a_test_set_with_one_label_is_refused():
    """Isolates with both labels count for that of their first spectrum, and that can go wrong."""
    y, isolate = [1, 0] * 4 + [1, 1] * 4, np.repeat(np.arange(8), 2)
    with pytest.raises(ValueError, match="all 4 spectra of the test set are resistant"):
        for seed in range(50):
            ev.hold_out(y, ["Rome"] * 16, isolate=isolate, random_state=seed)


@given(st.integers(0, 2**32 - 1))
def test_pairs_within_a_city_are_counted(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 12))
    y, city = rng.integers(0, 2, n), rng.choice(["Rome", "Milan"], n)
    pairs = [(i, j) for i in range(n) for j in range(n) if y[i] == 1 and y[j] == 0 and city[i] == city[j]]
    assert ev.pairs_within_batch(y, city) == len(pairs)


def test_leave_one_batch_out():
    folds = ev.leave_one_batch_out(pd.Series(["Rome", "Milan", "Rome"], index=[7, 8, 9]))
    assert [(city, train.tolist(), test.tolist()) for city, train, test in folds] == [
        ("Milan", [0, 2], [1]),
        ("Rome", [1], [0, 2]),
    ]
    with pytest.raises(ValueError, match="takes at least two, and there is Rome"):
        ev.leave_one_batch_out(["Rome", "Rome"])
    with pytest.raises(ValueError, match=r"1 spectra have no batch \(the first at position 1\)"):
        ev.leave_one_batch_out(["Rome", " ", "Milan"])
    with pytest.raises(ValueError, match="1 spectra have no batch"):
        ev.leave_one_batch_out(["Rome", None, "Milan"])


def test_scores_come_from_models_that_have_not_seen_the_spectrum():
    y, city, X = small()
    splits = ev.stratified_splits(y, city)
    model = make_pipeline(StandardScaler(), LogisticRegression())
    score = ev.out_of_fold_scores(model, X, y, splits)
    for train, test in splits:
        assert np.array_equal(score[test], model.fit(X[train], y[train]).predict_proba(X[test])[:, 1])
    frame = pd.DataFrame(X, columns=list("abcde"), index=range(100, 160))
    again = ev.out_of_fold_scores(model, frame, pd.Series(y, index=frame.index), splits, n_jobs=2)
    assert np.allclose(score, again, atol=1e-12, rtol=0)
    fresh = LogisticRegression()
    ev.out_of_fold_scores(fresh, X, y, splits)
    assert not hasattr(fresh, "coef_")


@pytest.mark.parametrize(
    ("splits", "message"),
    [
        ([], "splits is empty"),
        ([([0, 1, 2], [3, 4])], "exactly one fold; the one at position 0 is tested by 0"),
        ([([0, 1], [2, 3, 4, 5]), ([4, 5], [0, 1, 2])], "the one at position 2 is tested by 2"),
        ([([0, 1, 2], [2, 3])], "fold 1: 1 spectra are in both train and test, the first at 2"),
        ([([0, 2], [1, 3])], r"all 2 spectra that train fold 1 are susceptible \(0\)"),
        ([([0, 1], [6])], "fold 1: test holds positions outside 0-5"),
        ([([0, 1], [])], "fold 1: test must be a list of positions, and not empty"),
        ([([True, False], [2])], "fold 1: train must be a list of positions"),
    ],
)
def test_bad_splits(splits, message):
    y = [0, 1, 0, 1, 0, 1]
    with pytest.raises(ValueError, match=message):
        ev.out_of_fold_scores(LogisticRegression(), np.eye(6), y, splits)
    with pytest.raises(ValueError, match=message):
        ev.batch_only_scores(y, ["Rome"] * 6, splits)


def test_scores_need_matching_rows_and_probabilities():
    y, city, X = small()
    splits = ev.stratified_splits(y, city)
    with pytest.raises(ValueError, match="X has 59 rows, but there are 60 labels"):
        ev.out_of_fold_scores(LogisticRegression(), X[1:], y, splits)
    with pytest.raises(ValueError, match="RidgeClassifier has no predict_proba"):
        ev.out_of_fold_scores(RidgeClassifier(), X, y, splits)


# --- AUROC and its interval


def test_the_interval_is_delongs():
    """Against the definition: the variance over R and over S of the mean of a matrix of pairs."""
    y, score = binormal(np.random.default_rng(0), 40, 25, 0.8)
    score = score.round(1)  # ties
    r, s = score[y == 1], score[y == 0]
    pairs = (r[:, None] > s) + 0.5 * (r[:, None] == s)
    error = np.sqrt(pairs.mean(axis=1).var(ddof=1) / 40 + pairs.mean(axis=0).var(ddof=1) / 25)
    value, low, high = ev.auroc_with_interval(y, score)
    assert value == pytest.approx(pairs.mean()) == pytest.approx(roc_auc_score(y, score))
    logits = np.log([low / (1 - low), value / (1 - value), high / (1 - high)])
    half = norm.ppf(0.975) * error / (value * (1 - value))
    assert np.diff(logits) == pytest.approx([half, half])
    assert str(ev.auroc_with_interval(y, score)) == f"{value:.3f} ({low:.3f}-{high:.3f})"


@pytest.mark.parametrize(("n_r", "n_s", "auroc"), [(369, 372, 0.82), (30, 30, 0.8), (71, 16, 0.9), (25, 159, 0.5)])
def test_the_interval_covers_the_truth(n_r, n_s, auroc):
    rng = np.random.default_rng(1)
    inside = []
    for _ in range(600):
        _, low, high = ev.auroc_with_interval(*binormal(rng, n_r, n_s, auroc))
        inside.append(low <= auroc <= high)
    assert 0.925 <= np.mean(inside) <= 0.985  # 0.95, within three standard errors of 600 runs


def test_the_bootstrap_covers_the_truth():
    rng = np.random.default_rng(1)
    inside = []
    for _ in range(300):
        interval = ev.auroc_with_interval(*binormal(rng, 40, 40, 0.8), method="bootstrap", n_resamples=400)
        inside.append(interval.low <= 0.8 <= interval.high)
    assert 0.91 <= np.mean(inside) <= 0.985


def test_the_bootstrap_agrees_with_scipys_and_with_delong():
    y, score = binormal(np.random.default_rng(2), 150, 120, 0.8)
    score = score.round(2)
    ours = ev.auroc_with_interval(y, score, method="bootstrap", n_resamples=4000)
    assert ours == ev.auroc_with_interval(y, score, method="bootstrap", n_resamples=4000)
    assert ours == pytest.approx(ev.auroc_with_interval(y, score), abs=0.01)

    def auroc(r, s):
        return roc_auc_score(np.repeat([1, 0], [len(r), len(s)]), np.concatenate([r, s]))

    scipys = bootstrap(
        (score[y == 1], score[y == 0]),
        auroc,
        vectorized=False,
        n_resamples=1000,
        method="percentile",
        random_state=np.random.default_rng(0),
    ).confidence_interval
    assert ours[1:] == pytest.approx([scipys.low, scipys.high], abs=0.01)


def test_each_resample_has_the_auroc_of_its_spectra():
    from maldinb.evaluation.discrimination import _bootstrap

    y, score = np.array([1, 0, 1, 0, 0]), np.array([0.5, 0.5, 0.9, 0.1, 0.7])
    values = set(np.round(_bootstrap(y, score, np.arange(5), 2000, 0), 6))
    possible = set()
    r, s = score[y == 1], score[y == 0]
    for i in np.ndindex(2, 2):
        for j in np.ndindex(3, 3, 3):
            possible.add(round(roc_auc_score([1, 1, 0, 0, 0], [*r[list(i)], *s[list(j)]]), 6))
    assert values == possible


@pytest.mark.parametrize("method", ["delong", "bootstrap"])
def test_repeats_of_an_isolate_are_no_evidence(method):
    """Every spectrum four times over: the interval stays that of the single ones, if the isolates are known."""
    y, score = binormal(np.random.default_rng(3), 60, 50, 0.75)
    single = ev.auroc_with_interval(y, score, method=method)
    y4, score4, isolate = np.repeat(y, 4), np.repeat(score, 4), np.repeat(np.arange(110), 4)
    assert ev.auroc_with_interval(y4, score4, isolate=isolate, method=method) == pytest.approx(single, abs=1e-9)
    blind = ev.auroc_with_interval(y4, score4, method=method)
    assert blind.high - blind.low < 0.6 * (single.high - single.low)


def test_with_isolates_the_interval_covers_the_truth():
    rng = np.random.default_rng(4)
    inside, blind = [], []
    isolate = np.repeat(np.arange(60), 3)
    for _ in range(400):
        y, centre = binormal(rng, 30, 30, 0.8)
        y, score = y[isolate], centre[isolate] + rng.normal(scale=0.01, size=180)
        _, low, high = ev.auroc_with_interval(y, score, isolate=isolate.astype(str))
        inside.append(low <= 0.8 <= high)
        _, low, high = ev.auroc_with_interval(y, score)
        blind.append(low <= 0.8 <= high)
    assert np.mean(inside) >= 0.915 and np.mean(blind) < 0.85


def test_isolates_may_have_both_labels():
    y, score = np.tile([1, 0], 30), np.random.default_rng(5).random(60)
    for method in ("delong", "bootstrap"):
        value, low, high = ev.auroc_with_interval(y, score, isolate=np.repeat(np.arange(30), 2), method=method)
        assert 0 < low < value < high < 1


@pytest.mark.parametrize("method", ["delong", "bootstrap"])
def test_perfect_and_constant_scores(method):
    y = np.repeat([1, 0], [5, 9])
    perfect = ev.auroc_with_interval(y, y * 1.0, method=method)
    assert perfect == (1.0, pytest.approx(0.025 ** (1 / 5)), 1.0)
    assert ev.auroc_with_interval(y, 1.0 - y, method=method) == (0.0, 0.0, pytest.approx(1 - 0.025 ** (1 / 5)))
    assert ev.auroc_with_interval(y, np.full(14, 0.3), method=method) == pytest.approx((0.5, 0.5, 0.5))


def test_a_higher_level_is_wider():
    y, score = binormal(np.random.default_rng(0), 40, 25, 0.8)
    narrow, wide = (ev.auroc_with_interval(y, score, level=level) for level in (0.5, 0.99))
    assert wide.low < narrow.low < narrow.high < wide.high


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"y": [1, 1, 1, 1]}, r"all 4 spectra are resistant \(1\); this takes both"),
        ({"y": [0, 1, 0, 2]}, "1 for resistant and 0 for susceptible, not 0, 1, 2; see binary_labels"),
        ({"y": ["R", "S", "S", "R"]}, "not 'R', 'S'"),
        ({"y": [0, 1, np.nan, 1]}, "1 labels are missing"),
        ({"y": []}, "one column of 0 and 1"),
        ({"y": [[0, 1, 0, 1]]}, r"not an array of shape \(1, 4\)"),
        ({"y": [0, 0, 0, 1]}, "at least two isolates of each label"),
        ({"isolate": [0, 1, 0, 2]}, "at least two isolates of each label"),
        ({"isolate": [0, 1]}, r"isolate has shape \(2,\)"),
        ({"score": [0.1, 0.2, 0.3]}, r"score has shape \(3,\), but there are 4 labels"),
        ({"score": [0.1, np.nan, 0.3, 0.4]}, "score is nan at position 1"),
        ({"score": [0.1, np.inf, 0.3, 0.4]}, "score is inf at position 1"),
        ({"score": np.ones((4, 2))}, r"has two columns; give P\(R\) only"),
        ({"score": ["a", "b", "c", "d"]}, "has to be numbers"),
        ({"method": "hanley"}, "method is one of 'delong', 'bootstrap', not 'hanley'"),
        ({"level": 95}, r"level is a number from 0 to 1 \(exclusive\), not 95"),
        ({"n_resamples": 10}, "n_resamples is a whole number of at least 100"),
    ],
)
def test_bad_input_of_the_auroc(change, message):
    arguments = {"y": [0, 1, 0, 1], "score": [0.1, 0.6, 0.7, 0.8]} | change
    with pytest.raises(ValueError, match=message):
        ev.auroc_with_interval(**arguments)


def test_within_batch():
    y = [1, 0, 1, 1, 0, 0, 0]
    score = [0.9, 0.1, 0.2, 0.6, 0.5, 0.4, 0.3]
    city = ["Rome", "Rome"] + ["Milan"] * 5
    mean, cities = ev.within_batch_auroc(y, score, city)
    assert cities == {"Milan": 0.5, "Rome": 1.0} and list(cities) == ["Milan", "Rome"]
    assert mean == pytest.approx((6 * 0.5 + 1 * 1.0) / 7)


def test_a_city_with_one_label_has_no_weight():
    score = [0.9, 0.1, 0.2, 0.6, 0.5, 0.4, 0.3]
    city = ["Rome", "Rome"] + ["Milan"] * 5
    mean, cities = ev.within_batch_auroc([1, 1, 1, 1, 0, 0, 0], score, city)
    assert np.isnan(cities["Rome"]) and mean == cities["Milan"] == 0.5
    with pytest.raises(ValueError, match="no batch has both resistant and susceptible spectra"):
        ev.within_batch_auroc([1, 1, 0, 0, 0, 0, 0], score, city)


# --- errors and thresholds


def test_errors_are_counted_the_right_way_round():
    y = np.array([1, 1, 1, 1, 0, 0, 0])
    score = np.array([0.9, 0.5, 0.4, 0.8, 0.1, 0.6, 0.2])
    table = ev.error_rates(y, score)
    assert table["count"].to_dict() == {
        "sensitivity": 3, "specificity": 2, "very major error": 1, "major error": 1,
    }  # fmt: skip
    assert table["of"].tolist() == [4, 3, 4, 3] and table["value"].tolist() == [0.75, 2 / 3, 0.25, 1 / 3]
    assert table["limit"].dropna().to_dict() == ev.ACCEPTANCE_LIMITS == {"very major error": 0.015, "major error": 0.03}
    assert ev.error_rates(y, score, 1)["value"].tolist() == [0, 1, 1, 0]
    assert ev.error_rates(y, score, 0)["value"].tolist() == [1, 0, 0, 1]


def test_one_error_in_369_reaches_the_limit():
    """Known from tables: the exact interval of 1 out of 369 ends at 1.5 %, that of 0 out of n at 1 - 0.025^(1/n)."""
    y = np.repeat([1, 0], [369, 10])
    score = y.astype(float)
    assert ev.error_rates(y, score).loc["very major error", "high"] == pytest.approx(1 - 0.025 ** (1 / 369))
    score[0] = 0
    row = ev.error_rates(y, score).loc["very major error"]
    assert (row["count"], row["of"]) == (1, 369) and row["high"] == pytest.approx(0.015, abs=1e-4)
    assert row["low"] == pytest.approx(1 - 0.975 ** (1 / 369))


@given(st.lists(st.tuples(st.booleans(), st.sampled_from(np.linspace(0, 1, 11))), min_size=4), st.floats(0, 1))
def test_the_threshold_is_the_highest_that_keeps_its_promise(spectra, allowed):
    y, score = np.array(spectra).T
    y[:2] = 0, 1
    cutoff = ev.threshold_for(y, score, allowed)
    rates = ev.error_rates(y, score, cutoff.threshold)["value"]
    assert cutoff.very_major == rates["very major error"] and cutoff.major == rates["major error"]
    assert cutoff.very_major <= allowed + 1e-9
    if allowed < 1 and (higher := score[score > cutoff.threshold]).size:
        assert ev.error_rates(y, score, higher.min())["value"]["very major error"] > allowed


def repeated(rng, n=40):
    """Isolates that are all measured twice, with nearly the same score, right in about 80 %."""
    y = np.repeat([0, 1], n)
    right = rng.random(2 * n) < 0.8
    score = np.where(right == (y == 1), 0.7, 0.2)
    return np.repeat(y, 2), np.repeat(score, 2) + np.tile([0.0, 0.1], 2 * n), np.repeat(np.arange(2 * n), 2)


@pytest.mark.parametrize("what", ["errors", "calibration"])
def test_intervals_hold_what_they_promise_where_isolates_repeat(what):
    """Taken for independent, two spectra an isolate make 95 % intervals that cover less."""
    rng = np.random.default_rng(0)

    def covers(y, score, isolate):
        if what == "errors":
            row = ev.error_rates(y, score, isolate=isolate).loc["sensitivity"]
        else:
            row = ev.calibration_table(y, score, 2, isolate=isolate).iloc[1]
        return row["low"] <= 0.8 <= row["high"]

    trials = [repeated(rng) for _ in range(400)]
    assert np.mean([covers(*trial) for trial in trials]) >= 0.95
    assert np.mean([covers(y, score, None) for y, score, _ in trials]) < 0.93


def test_an_isolate_counts_once_with_its_mean_score():
    y, score, isolate = [1, 1, 1, 0, 0, 0], [0.9, 0.3, 0.4, 0.1, 0.2, 0.8], ["a", "a", "b", "c", None, "b"]
    table = ev.error_rates(y, score, isolate=isolate)  # "b" has two labels and so counts as two
    assert table["of"].tolist() == [2, 3, 2, 3] and table["count"].tolist() == [1, 2, 1, 1]
    assert ev.threshold_for(y, score, 0, isolate=isolate).threshold == 0.4
    assert ev.calibration_table(y, score, 2, isolate=isolate)["n"].tolist() == [3, 2]
    assert ev.expected_calibration_error(y, score, isolate=isolate) == ev.expected_calibration_error(
        [1, 1, 0, 0, 0], [0.6, 0.4, 0.1, 0.2, 0.8]
    )
    with pytest.raises(ValueError, match="isolate has shape"):
        ev.error_rates(y, score, isolate=["a"])


@pytest.mark.parametrize("function", [ev.error_rates, ev.threshold_for, ev.calibration_table, ev.brier])
def test_probabilities_are_required(function):
    with pytest.raises(ValueError, match="must be probabilities from 0 to 1, but runs from -1.5 to 3"):
        function([0, 1, 1], [-1.5, 0, 3])
    with pytest.raises(ValueError, match="score is nan at position 2"):
        function([0, 1, 1], [0.5, 0, np.nan])
    with pytest.raises(ValueError, match="there are 3 labels"):
        function([0, 1, 1], [0.5, 0])


def test_options_out_of_range():
    y, score = [0, 1, 1], [0.1, 0.6, 0.7]
    with pytest.raises(ValueError, match="threshold is a number from 0 to 1, not 50"):
        ev.error_rates(y, score, 50)
    with pytest.raises(ValueError, match="level is a number"):
        ev.error_rates(y, score, level=1)
    with pytest.raises(ValueError, match="max_very_major is a number from 0 to 1, not '3 %'"):
        ev.threshold_for(y, score, "3 %")
    with pytest.raises(ValueError, match="n_bins is a whole number of at least 1, not 0"):
        ev.calibration_table(y, score, 0)
    with pytest.raises(ValueError, match="n_splits is a whole number of at least 2, not 1"):
        ev.stratified_splits(y, ["Rome"] * 3, n_splits=1)
    with pytest.raises(ValueError, match="test_fraction is a number"):
        ev.hold_out(y, ["Rome"] * 3, test_fraction=1)
    with pytest.raises(ValueError, match=r"batch has shape \(2,\), but there are 3 spectra"):
        ev.stratified_splits(y, ["Rome"] * 2)
    with pytest.raises(ValueError, match="all 3 spectra are susceptible"):
        ev.error_rates([0, 0, 0], score)


# --- calibration


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


# --- baselines and tables


def test_the_city_only_score_is_learned_from_the_training_folds():
    y = np.array([1, 1, 0, 1, 0, 0])
    city = ["Rome", "Rome", "Rome", "Milan", "Milan", "Bari"]
    splits = [([1, 2, 3, 4], [0, 5]), ([0, 2, 4, 5], [1, 3])]
    score = ev.batch_only_scores(y, city, [*splits, ([0, 1, 3, 5], [2, 4])])
    assert score[0] == 0.5 and score[5] == 0.5  # Rome: one of two; Bari is unknown, and half of all are R
    assert score[1] == 0.5 and score[3] == 0 and score[2] == 1 and score[4] == 1


def test_the_floor_of_the_simulated_set(amikacin):
    _, y, city, isolate = amikacin
    score = ev.batch_only_scores(y, city, ev.stratified_splits(y, city, isolate=isolate))
    assert roc_auc_score(y, score) == pytest.approx(0.715, abs=0.01)
    assert ev.within_batch_auroc(y, score, city)[0] == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize("name", list(ev.baselines()))
def test_baselines_beat_the_city_and_repeat(amikacin, name):
    X, y, city, isolate = amikacin
    X = X.iloc[:, ::6]  # a sixth of the bins will do
    splits = ev.stratified_splits(y, city, isolate=isolate, n_splits=2)
    score, again = (ev.out_of_fold_scores(ev.baselines(random_state=1)[name], X, y, splits) for _ in range(2))
    assert np.array_equal(score, again)
    assert roc_auc_score(y, score) > 0.73 and ev.within_batch_auroc(y, score, city)[0] > 0.6


def test_baselines_use_one_thread_and_the_seed():
    models = ev.baselines(random_state=7)
    assert list(models) == ["logistic regression", "random forest", "gradient boosting"]
    assert models["random forest"].get_params()["n_jobs"] == 1
    assert models["random forest"].random_state == models["gradient boosting"].random_state == 7


def test_scores_side_by_side():
    y, city, X = small(200)
    good = 1 / (1 + np.exp(-X.sum(axis=1)))
    table = ev.score_table({"good": good, "constant": np.full(200, 0.5)}, y, city)
    assert list(table.columns) == ["auroc", "low", "high", "within batch", "within Milan", "within Rome", "brier"]
    assert table.loc["constant"].tolist() == [0.5] * 6 + [0.25]
    assert tuple(table.loc["good", ["auroc", "low", "high"]]) == ev.auroc_with_interval(y, good)
    assert table.loc["good", "within Rome"] == roc_auc_score(y[city == "Rome"], good[city == "Rome"])
    assert table.loc["good", "brier"] == ev.brier(y, good)
    with pytest.raises(ValueError, match="the score of 'bad' is nan at position 0"):
        ev.score_table({"good": good, "bad": np.full(200, np.nan)}, y, city)
    with pytest.raises(ValueError, match="scores is a dict"):
        ev.score_table(good, y, city)
    with pytest.raises(ValueError, match="no batch has both resistant and susceptible"):
        ev.score_table({"good": good}, y, np.where(y == 1, "Bari", "Rome"))


def test_a_city_with_one_label_has_an_empty_place_in_the_table():
    y, city, X = small(200)
    city[y == 1] = np.where(np.arange(100) < 20, "Bari", city[y == 1])
    score = 1 / (1 + np.exp(-X.sum(axis=1)))
    row = ev.score_table({"good": score}, y, city).loc["good"]
    elsewhere = city != "Bari"
    assert np.isnan(row["within Bari"]) and row.drop("within Bari").notna().all()
    assert row["within batch"] == ev.within_batch_auroc(y[elsewhere], score[elsewhere], city[elsewhere])[0]


def test_leave_one_batch_out_side_by_side():
    y, city, X = small(200)
    models = {"LR": LogisticRegression(), "prior": DummyClassifier()}
    table = ev.leave_one_batch_out_table(models, pd.DataFrame(X), pd.Series(y), city)
    assert table[["model", "batch"]].to_numpy().tolist() == [
        ["LR", "Milan"], ["LR", "Rome"], ["prior", "Milan"], ["prior", "Rome"],
    ]  # fmt: skip
    rome = city == "Rome"
    score = LogisticRegression().fit(X[~rome], y[~rome]).predict_proba(X[rome])[:, 1]
    assert tuple(table.loc[1, ["auroc", "low", "high"]]) == ev.auroc_with_interval(y[rome], score)
    assert table.loc[1, "R"] == y[rome].sum() and table.loc[1, "S"] == (1 - y[rome]).sum()
    assert (table.loc[2:, ["auroc", "low", "high"]] == 0.5).all(axis=None)
    assert not hasattr(models["LR"], "coef_")
    alone = ev.leave_one_batch_out_table(make_pipeline(StandardScaler(), LogisticRegression()), X, y, city)
    assert set(alone["model"]) == {"LogisticRegression"}


def test_a_city_with_one_label_is_named_before_anything_is_fitted():
    class Untouchable(LogisticRegression):
        def fit(self, X, y):
            raise AssertionError

    y, city, X = small()
    with pytest.raises(ValueError, match=r"all \d+ spectra in Rome are resistant"):
        ev.leave_one_batch_out_table(Untouchable(), X, np.where(city == "Rome", 1, y), city)
    with pytest.raises(ValueError, match="X has 59 rows"):
        ev.leave_one_batch_out_table(Untouchable(), X[1:], y, city)
    with pytest.raises(ValueError, match="there is no estimator"):
        ev.leave_one_batch_out_table({}, X, y, city)


def test_all_names_are_there():
    assert all(hasattr(ev, name) for name in ev.__all__) and ev.__all__ == sorted(ev.__all__)
