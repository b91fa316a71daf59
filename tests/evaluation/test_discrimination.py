"""Intervals cover what they promise, and within a batch only its own pairs count."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from problems import binormal
from scipy.stats import bootstrap, norm
from sklearn.metrics import roc_auc_score

from maldinb import evaluation as ev
from maldinb.evaluation.discrimination import auroc as auroc_of


@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 9)), max_size=30))
def test_it_is_scikit_learns(rows):
    y, score = np.array([*rows, (0, 3), (1, 5)]).T
    assert auroc_of(y, score / 9) == pytest.approx(roc_auc_score(y, score / 9), abs=1e-12)


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
        return auroc_of(np.repeat([1, 0], [len(r), len(s)]), np.concatenate([r, s]))

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


@given(st.integers(0, 2**32 - 1))
def test_pairs_within_a_city_are_counted(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 12))
    y, city = rng.integers(0, 2, n), rng.choice(["Rome", "Milan"], n)
    pairs = [(i, j) for i in range(n) for j in range(n) if y[i] == 1 and y[j] == 0 and city[i] == city[j]]
    assert ev.pairs_within_batch(y, city) == len(pairs)


def test_within_one_batch_the_interval_is_that_of_the_batch():
    rng = np.random.default_rng(0)
    y = rng.integers(0, 2, 80)
    score = rng.normal(y, 1)
    assert ev.within_batch_interval(y, score, ["Rome"] * 80) == pytest.approx(ev.auroc_with_interval(y, score))


def test_within_batches_the_batch_does_not_count_and_the_interval_covers():
    rng, inside = np.random.default_rng(1), 0
    batch = np.repeat(["a", "b"], 60)
    for _ in range(200):
        y = (rng.random(120) < np.where(batch == "a", 0.2, 0.8)).astype(int)
        _, low, high = ev.within_batch_interval(y, rng.normal(0, 1, 120) + 5 * (batch == "b"), batch)
        inside += low <= 0.5 <= high
    assert inside / 200 > 0.91


def test_a_batch_with_a_single_isolate_of_a_label_does_not_count():
    y, score = [0, 1, 0, 1, 0, 1, 0], [0.1, 0.4, 0.3, 0.2, 0.6, 0.5, 0.1]
    both = ev.within_batch_interval(y, score, ["a"] * 4 + ["b"] * 3)
    assert both == ev.within_batch_interval(y[:4], score[:4], ["a"] * 4)
    assert np.isnan(ev.within_batch_interval(y, score, list("abcdefg"))).all()


def test_perfect_separation_within_batches_is_as_sure_as_there_are_pairs():
    y, batch = np.tile([0, 1], 10), np.repeat(["a", "b"], 10)
    found = ev.within_batch_interval(y, y + 5.0 * (batch == "b"), batch)
    assert found == ev.auroc_with_interval(y, y)
    assert found.low == pytest.approx(0.025 ** (1 / 10))
