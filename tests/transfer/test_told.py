"""The hospital is told where it shows, and weights make its share of R worthless."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import RandomForestClassifier

from maldinb import transfer


def hospitals(gap, seed=0, sizes=(30, 70), n_bins=40):
    rng = np.random.default_rng(seed)
    batch = np.repeat(["Milan", "Rome"], sizes)
    return rng.normal(size=(len(batch), n_bins)) + gap * (batch == "Rome")[:, None], batch


def test_a_hospital_that_shows_is_told_and_others_are_not():
    clear, none = (transfer.batch_told(*hospitals(gap)) for gap in (3, 0))
    assert clear.accuracy == clear.balanced_accuracy == 1
    assert none.accuracy < 0.8 and abs(none.balanced_accuracy - 0.5) < 0.15
    assert clear.most_frequent == none.most_frequent == 0.7 and clear.n_batches == 2
    assert str(clear) == "batch told for 100% of the spectra (the most frequent: 70%), balanced 100% (a guess: 50%)"
    constant = transfer.batch_told(*hospitals(3), estimator=DummyClassifier())
    assert constant.accuracy == constant.most_frequent and constant.balanced_accuracy == 0.5


@pytest.mark.parametrize("n_bins", [4, 4000])
def test_the_penalty_suits_few_and_many_bins(n_bins):
    assert transfer.batch_told(*hospitals(2, n_bins=n_bins)).balanced_accuracy > 0.9


def test_correcting_inside_the_folds_leaves_a_guess_and_before_them_less_than_that():
    X, batch = hospitals(3, n_bins=400)
    inside = transfer.batch_told(X, batch, correction=transfer.BatchScaler(scale=False))
    X = transfer.BatchScaler(scale=False).fit(X, batch).transform(X, batch)
    before = transfer.batch_told(X, batch)
    assert before.balanced_accuracy < 0.3 < 0.35 < inside.balanced_accuracy < 0.65


def test_another_model_may_tell_what_a_line_cannot():
    X, batch = hospitals(0, n_bins=5)
    X[batch == "Rome"] *= 8
    forest = RandomForestClassifier(20, random_state=0)
    assert transfer.batch_told(X, batch).balanced_accuracy < 0.7
    assert transfer.batch_told(X, batch, estimator=forest).balanced_accuracy > 0.85


def test_repeats_of_an_isolate_do_not_help():
    rng = np.random.default_rng(0)
    isolate, batch = np.repeat(np.arange(20), 5), np.repeat(np.where(np.arange(20) % 2, "Rome", "Milan"), 5)
    X = 10 * rng.normal(size=(20, 60))[isolate] + 0.1 * rng.normal(size=(100, 60))
    assert transfer.batch_told(X, batch).accuracy > 0.9 > 0.8 > transfer.batch_told(X, batch, isolate).accuracy


def test_too_little_to_tell():
    X, batch = hospitals(1)
    with pytest.raises(ValueError, match="takes at least two, and there is Rome"):
        transfer.batch_told(X, ["Rome"] * 100)
    batch[:3] = "Bari"
    with pytest.raises(ValueError, match="Bari has too few isolates for 5 folds: 3; leave it out"):
        transfer.batch_told(X, batch)


@given(st.integers(0, 2**32 - 1))
def test_weights_equalise_the_share_of_r_and_nothing_else(seed):
    rng = np.random.default_rng(seed)
    batch = np.repeat(["a", "b", "c"], [10, 20, 30])
    y = rng.integers(0, 2, 60)
    y[[0, 10, 30]], y[[1, 11, 31]] = 0, 1
    weight = transfer.prevalence_weights(y, batch)
    for name in "abc":
        here = batch == name
        assert np.isclose(np.average(y[here], weights=weight[here]), y.mean())
        assert np.isclose(weight[here].sum(), here.sum())


def test_weights_keep_the_index_and_name_a_batch_with_one_label():
    y = pd.Series([0, 1, 0, 1], index=list("wxyz"))
    assert transfer.prevalence_weights(y, list("aabb")).equals(pd.Series(1.0, y.index))
    with pytest.raises(ValueError, match=r"all 2 spectra in b are susceptible \(0\)"):
        transfer.prevalence_weights([0, 1, 0, 0], list("aabb"))
