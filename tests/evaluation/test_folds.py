"""Corrections are fitted inside the folds and see no label; where labels of test spectra were used, it would show."""

import numpy as np
import pandas as pd
import pytest
from problems import small
from sklearn.base import BaseEstimator
from sklearn.linear_model import LogisticRegression

from maldinb import evaluation as ev
from maldinb import transfer

CORRECTIONS = [transfer.BatchScaler(), transfer.BatchRanks(), transfer.ComBat(), transfer.ComBat(scale=False)]
each_correction = pytest.mark.parametrize("correction", CORRECTIONS, ids=repr)


def sees_test_labels(score, y, splits):
    """Whether `score`, a function of all labels, gives the spectra of some fold other scores for other labels there."""
    before = score(y)
    for _, test in splits:
        other = y.copy()
        other[test] = np.random.default_rng(0).permutation(y[test])
        if not np.allclose(score(other)[test], before[test], rtol=0, atol=1e-9):
            return True
    return False


@each_correction
def test_scores_do_not_depend_on_the_labels_of_the_spectra_that_are_tested(correction):
    y, city, X = small(100)
    splits = ev.stratified_splits(y, city, n_splits=3)

    def score(y):
        return ev.out_of_fold_scores(LogisticRegression(), X, y, splits, correction=correction, batch=city)

    assert not sees_test_labels(score, y, splits)


@pytest.mark.parametrize("scale", [True, False])
def test_it_would_show_if_they_did(scale):
    y, city, X = small(100)
    splits = ev.stratified_splits(y, city, n_splits=3)

    def score(y):
        corrected = transfer.combat_that_sees_labels(X, city, y, scale=scale)
        return ev.out_of_fold_scores(LogisticRegression(), corrected, y, splits)

    assert sees_test_labels(score, y, splits)


@each_correction
def test_labels_of_a_batch_that_is_left_out_change_nothing_but_the_side_they_are_counted_on(correction):
    y, city, X = small(100)

    def auroc(y, X):
        return ev.leave_one_batch_out_table(LogisticRegression(), X, y, city, correction=correction).set_index("batch")

    for name in ("Rome", "Milan"):
        other = np.where(city == name, 1 - y, y)
        assert auroc(y, X).auroc[name] == pytest.approx(1 - auroc(other, X).auroc[name], abs=1e-12)
    leaky = [transfer.combat_that_sees_labels(X, city, labels) for labels in (y, other)]
    assert auroc(y, leaky[0]).auroc[name] != pytest.approx(1 - auroc(other, leaky[1]).auroc[name], abs=1e-3)


class Spy(BaseEstimator):
    """Leaves spectra as they are, and writes down what it was given."""

    seen = []

    def fit(self, *args, **options):
        self.seen.append(("fit", args, options))
        return self

    def transform(self, *args, **options):
        self.seen.append(("transform", args, options))
        return args[0]


def test_a_correction_is_given_spectra_and_batches_of_one_part_at_a_time():
    y, city, X = small()
    splits, spy = ev.stratified_splits(y, city, n_splits=3), Spy()
    Spy.seen.clear()
    score = ev.out_of_fold_scores(LogisticRegression(), X, y, splits, correction=spy, batch=city)
    assert np.array_equal(score, ev.out_of_fold_scores(LogisticRegression(), X, y, splits))
    parts = [part for train, test in splits for part in (("fit", train), ("transform", train), ("transform", test))]
    assert len(Spy.seen) == len(parts)
    for (name, args, options), (expected, rows) in zip(Spy.seen, parts, strict=True):
        assert name == expected and len(args) == 2 and not options
        assert np.array_equal(args[0], X[rows]) and np.array_equal(args[1], city[rows])


@each_correction
def test_each_fold_is_corrected_by_its_training_spectra(correction):
    y, city, X = small(100)
    X = pd.DataFrame(X, columns=list("abcde"), index=range(300, 400))
    splits = ev.stratified_splits(y, city)
    score = ev.out_of_fold_scores(LogisticRegression(), X, y, splits, correction=correction, batch=pd.Series(city))
    for train, test in splits:
        correction.fit(X.iloc[train], city[train])
        model = LogisticRegression().fit(correction.transform(X.iloc[train], city[train]), y[train])
        expected = model.predict_proba(correction.transform(X.iloc[test], city[test]))[:, 1]
        assert np.allclose(score[test], expected, rtol=0, atol=1e-12)


def test_a_batch_that_is_left_out_is_corrected_by_its_own_spectra():
    """Hospitals that differ by nothing but offset and gain are one hospital after the correction."""
    y, city, X = small(200)
    X = X - [X[city == name].mean(axis=0) for name in city]  # both at the same place, whatever their shares of R
    moved = np.where((city == "Rome")[:, None], 100 + 3 * X, X)
    same, elsewhere = (
        ev.leave_one_batch_out_table(LogisticRegression(), one, y, city, correction=transfer.BatchScaler())
        for one in (X, moved)
    )
    assert np.allclose(same.auroc, elsewhere.auroc) and same.auroc.min() > 0.8


def test_what_a_correction_cannot_do_is_said():
    y, city, X = small()
    splits = ev.stratified_splits(y, city)
    with pytest.raises(ValueError, match="a correction takes the batch of each spectrum; give batch="):
        ev.out_of_fold_scores(LogisticRegression(), X, y, splits, correction=transfer.ComBat())
    city[:4], y[:4] = "Bari", [0, 1, 0, 1]
    with pytest.raises(ValueError, match="Bari is a new batch, which takes at least 10 spectra .* there are 4; bring"):
        ev.leave_one_batch_out_table(LogisticRegression(), X, y, city, correction=transfer.ComBat())
