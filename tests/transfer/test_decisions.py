"""Net benefit is what it is defined to be."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from maldinb.transfer import decision_curve

labels = st.lists(st.integers(0, 1), min_size=2, max_size=40).filter(lambda y: 0 < sum(y) < len(y))


def curves(*args, **options):
    return decision_curve(*args, **options).pivot(index="threshold", columns="strategy", values="net_benefit")


@given(y=labels)
def test_a_perfect_score_has_the_prevalence_at_every_threshold(y):
    table = curves(y, np.array(y, float))
    assert table["model"].to_numpy() == pytest.approx(np.mean(y)) and (table["none as resistant"] == 0).all()
    assert curves(y, np.array(y, float), prevalence=0.1)["model"].to_numpy() == pytest.approx(0.1)


@given(y=labels, seed=st.integers(0, 1000))
def test_net_benefit_counts_what_is_handled_as_resistant(y, seed):
    y, score = np.array(y), np.random.default_rng(seed).random(len(y)).round(1)
    for t, found in curves(y, score, [0.1, 0.35, 0.8])["model"].items():
        handled = score >= t
        assert found == pytest.approx(np.mean(handled & (y == 1)) - np.mean(handled & (y == 0)) * t / (1 - t))


@given(y=labels, share=st.floats(0.01, 0.99))
def test_who_always_says_the_share_of_r_is_like_all_up_to_it_and_like_none_beyond(y, share):
    table = curves(y, np.full(len(y), share))
    like = np.where(table.index <= share, table["all as resistant"], table["none as resistant"])
    assert table["model"].to_numpy() == pytest.approx(like)


def test_all_as_resistant_is_worth_nothing_at_the_prevalence():
    table = curves([0, 0, 0, 1], [0.1, 0.2, 0.3, 0.4], [0.1, 0.25, 0.4])
    assert np.sign(table["all as resistant"].round(12)).tolist() == [1, 0, -1]


def test_a_stated_prevalence_is_that_of_a_collection_with_as_many():
    y, score = np.array([0, 0, 1, 1]), np.array([0.1, 0.6, 0.4, 0.9])
    many = np.repeat([0, 1, 2, 3], [9, 9, 1, 1])
    assert curves(y, score, prevalence=0.1).to_numpy() == pytest.approx(curves(y[many], score[many]).to_numpy())


def test_several_models_side_by_side_and_isolates_that_count_once():
    y, score = [0, 1, 1], np.array([0.2, 0.4, 0.9])
    table = decision_curve(y, {"a": score, "b": 1 - score}, [0.3])
    assert table["strategy"].tolist() == ["a", "b", "all as resistant", "none as resistant"]
    repeated = decision_curve([*y, 1], {"a": [*score, 0.9], "b": [*(1 - score), 0.1]}, [0.3], isolate=list("abcc"))
    assert repeated.equals(table)


@pytest.mark.parametrize(
    "options, message",
    [
        ({"thresholds": [0, 0.5]}, "thresholds are numbers between 0 and 1"),
        ({"thresholds": []}, "thresholds are numbers between 0 and 1"),
        ({"prevalence": 10}, "prevalence is a number from 0 to 1"),
        ({"score": {}}, "score is P"),
        ({"score": {"all as resistant": [0.1, 0.9]}}, "with other names"),
        ({"score": {"a": [0.1, 0.2, 0.3]}}, "the score of 'a' has shape"),
        ({"y": [1, 1]}, "all 2 spectra are resistant"),
    ],
)
def test_what_is_wrong_is_named(options, message):
    with pytest.raises(ValueError, match=message):
        decision_curve(**{"y": [0, 1], "score": [0.1, 0.9], **options})
