"""Splits keep isolates together, and scores come from models that have not seen the spectrum."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from problems import small
from sklearn.linear_model import LogisticRegression, RidgeClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from maldinb import evaluation as ev


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
    with pytest.raises(ValueError, match="only 1 isolate is resistant"):  # three spectra of one isolate
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
        assert "isolate" in str(error) or "this takes both kinds" in str(error)
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


def test_batches_are_kept_only_where_they_can_be_compared():
    y, batch = pd.Series([0, 1, 0, 1, 0, 0], list("uvwxyz")), pd.Series(list("aabbbb"), list("uvwxyz"))
    both = [([], [0, 1]), ([], [2, 3])]
    assert ev.comparable_batches(y, batch, both).equals(batch)
    assert ev.comparable_batches(y, batch, [*both, ([], [4, 5, 1])]).tolist() == ["all"] * 6
