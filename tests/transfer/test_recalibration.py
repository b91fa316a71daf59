"""A few labelled isolates, or a known share, put probabilities right."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit, logit
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression

from maldinb import evaluation as ev
from maldinb.transfer import Recalibration, at_prevalence, with_mean

probability = st.floats(0, 1)
inner = st.floats(0.01, 0.99)
labelled = st.lists(st.tuples(probability, st.integers(0, 1)), min_size=1, max_size=30)
each_way = pytest.mark.parametrize("how", ["intercept", "both"])


@each_way
@given(isolates=labelled)
def test_the_mean_probability_becomes_the_share_of_r(how, isolates):
    score, y = np.array(isolates).T
    n, share = len(y), y.mean()
    expected = share if 0 < share < 1 else (share * n + 0.5) / (n + 1)  # one label: half an isolate of the other
    assert Recalibration(how).fit(score, y).transform(score).mean() == pytest.approx(expected, abs=1e-6)


@given(isolates=labelled)
def test_an_intercept_does_not_touch_the_order(isolates):
    score, y = np.array(isolates).T
    moved = Recalibration().fit(score, y).transform(score)
    assert (np.diff(moved[np.argsort(score)]) >= 0).all() and ((moved > 0) & (moved < 1)).all()


@each_way
def test_one_label_says_nothing_of_the_slope_and_does_not_exclude_the_other(how):
    score = [0.5, 0.6, 0.9]
    susceptible, resistant = (Recalibration(how).fit(score, [label] * 3) for label in (0, 1))
    assert susceptible.slope_ == resistant.slope_ == 1
    assert susceptible.transform(score).mean() == pytest.approx(0.5 / 4)
    assert resistant.transform(score).mean() == pytest.approx(3.5 / 4)


def test_labels_that_scores_separate_give_a_slope_that_is_steeper_and_finite():
    update = Recalibration("both").fit([0.1, 0.2, 0.8, 0.9], [0, 0, 1, 1])
    assert 1 < update.slope_ < 3
    assert Recalibration("both").fit([0.3] * 4, [0, 0, 0, 1]).slope_ == pytest.approx(1)  # nothing is seen of it


def test_many_isolates_are_believed_over_the_prior():
    rng = np.random.default_rng(0)
    x = rng.normal(0, 2, 5000)
    y = rng.random(5000) < expit(0.3 * x - 2)
    update = Recalibration("both").fit(expit(x), y)
    other = LogisticRegression(C=np.inf, tol=1e-10).fit(x[:, None], y)
    assert update.slope_ == pytest.approx(other.coef_[0, 0], abs=0.01)
    assert update.intercept_ == pytest.approx(other.intercept_[0], abs=0.01)
    line = ev.calibration_line(y, update.transform(expit(x)))
    assert line["value"].tolist() == pytest.approx([0, 1], abs=0.02)


@each_way
def test_a_repeat_adds_nothing(how):
    score, y = np.array([0.2, 0.4, 0.7, 0.9]), np.array([0, 1, 0, 1])
    once = Recalibration(how).fit(score, y)
    again = Recalibration(how).fit(np.repeat(score, [1, 5, 1, 1]), np.repeat(y, [1, 5, 1, 1]), isolate=list("abbbbbcd"))
    assert (again.intercept_, again.slope_) == pytest.approx((once.intercept_, once.slope_))
    assert again.n_isolates_ == 4 and clone(once).how == how and not hasattr(clone(once), "slope_")


@given(score=st.lists(probability, min_size=1, max_size=20), old=inner, new=inner)
def test_a_prior_shift_can_be_taken_back(score, old, new):
    there = at_prevalence(score, old, new)
    assert at_prevalence(there, new, old) == pytest.approx(np.array(score), abs=1e-9)
    assert at_prevalence(score, old, old) == pytest.approx(np.array(score), abs=1e-12)


def test_a_prior_shift_is_right_where_only_the_shares_differ():
    rng = np.random.default_rng(1)
    y = rng.random(50000) < 0.2
    x = rng.normal(y, 1)
    learned = expit(x - 0.5 + logit(0.7))  # P(R | x) at a share of 0.7
    line = ev.calibration_line(y, at_prevalence(learned, 0.7, 0.2))
    assert line["value"].tolist() == pytest.approx([0, 1], abs=0.06)


@given(score=st.lists(probability, min_size=1, max_size=20), share=inner)
def test_the_mean_is_what_it_is_known_to_be(score, share):
    assert with_mean(score, share).mean() == pytest.approx(share, abs=1e-6)
    twice = with_mean(np.repeat(score, 2), share, isolate=np.repeat(np.arange(len(score)), 2))
    assert twice[::2] == pytest.approx(with_mean(score, share), abs=1e-6)


@pytest.mark.parametrize(
    "wrong, message",
    [
        (lambda: Recalibration("slope").fit([0.1], [0]), "how is one of 'intercept', 'both', not 'slope'"),
        (lambda: Recalibration().fit([0.1, 2], [0, 1]), "score must be probabilities from 0 to 1"),
        (lambda: Recalibration().fit([], []), "y is one column of 0 and 1"),
        (lambda: Recalibration().fit([0.1], [0]).transform([[0.1, 0.9]]), "score has two columns"),
        (lambda: at_prevalence([0.1], 0, 0.5), "old is a number from 0 to 1"),
        (lambda: at_prevalence([0.1], 0.5, 20), "new is a number from 0 to 1"),
        (lambda: with_mean([0.1], 1), "share is a number from 0 to 1"),
    ],
)
def test_what_is_wrong_is_named(wrong, message):
    with pytest.raises(ValueError, match=message):
        wrong()


def test_nothing_is_transformed_before_it_is_learned():
    with pytest.raises(NotFittedError):
        Recalibration().transform([0.1])
