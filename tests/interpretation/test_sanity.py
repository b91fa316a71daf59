"""What is randomised forgets and the rest does not, and two profiles are compared as one would by hand."""

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from networks import axis, trained
from scipy.stats import spearmanr

from maldinb import interpretation as ip

LAYERS = {"head": "classify", "gate": "gate", "projection": "project"}
PROFILES = arrays(float, 30, elements=st.floats(-5, 5, allow_subnormal=False).map(lambda x: round(x, 3)))


def state(clf, part):
    return getattr(clf.model_, LAYERS[part]).state_dict()


def same(one, other):
    return all(torch.equal(value, other[name]) for name, value in one.items())


# --- randomised networks


@pytest.mark.parametrize("parts", [("head",), ("gate",), ("projection",), ("head", "projection"), tuple(LAYERS)])
def test_only_the_named_parts_forget(parts):
    clf, X, _, _ = trained(epochs=5, standardize=True)
    before = {part: {name: value.clone() for name, value in state(clf, part).items()} for part in LAYERS}
    twin = ip.randomised(clf, parts)
    for part in LAYERS:
        assert same(state(clf, part), before[part])
        assert same(state(twin, part), before[part]) == (part not in parts)
    assert not twin.model_.training and twin.get_params() == clf.get_params()
    assert np.array_equal(twin.as_tensor(X), clf.as_tensor(X))
    assert not np.allclose(twin.decision_function(X), clf.decision_function(X))
    with torch.no_grad():  # nor do they share weights
        twin.model_.classify[-1].bias.add_(1)
        twin.model_.project[0].bias.add_(1)
    assert same(state(clf, "head"), before["head"]) and same(state(clf, "projection"), before["projection"])


def test_what_has_forgotten_is_as_before_training():
    clf, X, _, _ = trained(epochs=5)
    twin = ip.randomised(clf)
    assert same(state(twin, "head"), state(ip.randomised(clf, "head"), "head"))  # one part or several: the same weights
    norm = twin.model_.project[1]
    assert (norm.running_mean == 0).all() and (norm.running_var == 1).all() and (norm.weight == 1).all()
    assert np.abs(twin.get_attention_weights(X) - 0.5).max() < 0.5


def test_random_weights_repeat_and_leave_the_global_state_alone():
    clf, X, _, _ = trained()
    before = torch.get_rng_state()
    first, again, other = (ip.randomised(clf, random_state=seed).decision_function(X) for seed in (0, 0, 1))
    assert np.array_equal(first, again) and not np.allclose(first, other)
    assert torch.equal(before, torch.get_rng_state())


def test_a_network_without_a_gate_can_forget_too():
    clf, X, _, _ = trained(use_attention=False)
    assert ip.randomised(clf).model_.gate is None
    assert not np.allclose(ip.randomised(clf).decision_function(X), clf.decision_function(X))


# --- the cascade


@pytest.fixture(scope="module")
def fallen():
    clf, X, y, city = trained(0, n=200, n_bins=300, epochs=30, hidden_dim=16)
    before = clf.decision_function(X)
    methods = ("weight norm", "gate-weighted projection", "gradient", "occlusion")
    table = ip.cascade(clf, lambda c: ip.attributions(ip.Opened(c, X), y, city, axis(300), methods=methods, window=3.0))
    assert np.array_equal(before, clf.decision_function(X))
    return table


def test_weights_pass_for_an_explanation_until_they_themselves_are_gone(fallen):
    assert list(fallen.columns) == ["head", "+ gate", "+ projection"] and fallen.index.name == "method"
    assert fallen.loc["weight norm", ["head", "+ gate"]].tolist() == [1, 1]
    assert abs(fallen.loc["weight norm", "+ projection"]) < 0.25
    assert fallen.loc["gate-weighted projection", "head"] == 1 > fallen.loc["gate-weighted projection", "+ gate"] > 0.8


def test_what_asks_the_network_falls_with_the_head(fallen):
    for method in ("gradient", "occlusion"):
        assert fallen.loc[method, "head"] < 0.6 and abs(fallen.loc[method, "+ projection"]) < 0.25


def test_without_a_gate_the_cascade_has_two_stages():
    clf, X, _, _ = trained(use_attention=False)
    table = ip.cascade(clf, lambda c: pd.DataFrame({"slope": ip.profile(ip.gradient(ip.Opened(c, X)))}))
    assert list(table.columns) == ["head", "+ projection"]


def test_what_has_forgotten_stays_forgotten_at_the_next_stage():
    clf, X, _, _ = trained(epochs=5)
    seen = []

    def explain(c):
        seen.append([part for part in LAYERS if not same(state(c, part), state(clf, part))])
        return pd.DataFrame({"slope": ip.profile(ip.gradient(ip.Opened(c, X)))})

    ip.cascade(clf, explain)
    assert seen == [[], ["head"], ["head", "gate"], ["head", "gate", "projection"]]


def test_the_cascade_repeats_with_the_seed():
    clf, X, _, _ = trained(epochs=5)

    def explain(c):
        return pd.DataFrame({"slope": ip.profile(ip.gradient(ip.Opened(c, X)))})

    first, again, other = (ip.cascade(clf, explain, random_state=seed) for seed in (0, 0, 1))
    pd.testing.assert_frame_equal(first, again)
    assert (first != other).all(axis=None)


# --- comparing profiles


def test_rank_correlation_by_hand():
    assert ip.rank_correlation([1, 2, 3, 4], [10, -20, 30, -40]) == pytest.approx(1)
    assert ip.rank_correlation([1, 2, 3, 4], [4, 3, 2, 1]) == pytest.approx(-1)
    assert ip.rank_correlation([1, 2, 3], [1, 3, 2]) == pytest.approx(0.5)
    assert np.isnan(ip.rank_correlation([1, 2, 3], [2, -2, 2]))


def test_overlap_by_hand():
    assert ip.top_k_overlap([5, -9, 1, 0], [0, 3, 7, 1], 2) == 0.5
    assert ip.top_k_overlap([5, -9, 1, 0], [0, 3, 7, 1], 1) == 0
    assert ip.top_k_overlap([5, -9, 1, 0], [0, 3, 7, 1], 4) == 1


@given(PROFILES, PROFILES, arrays(float, 30, elements=st.sampled_from([-1.0, 1.0])), st.integers(1, 30))
def test_comparisons_are_symmetric_and_sign_blind(one, other, signs, k):
    overlap, correlation = ip.top_k_overlap(one, other, k), ip.rank_correlation(one, other)
    assert overlap == ip.top_k_overlap(other, one, k) == ip.top_k_overlap(one * signs, other, k)
    assert 0 <= overlap <= 1 and ip.top_k_overlap(one, one * signs, k) == 1
    if np.ptp(np.abs(one)) == 0 or np.ptp(np.abs(other)) == 0:
        assert np.isnan(correlation)
        return
    assert correlation == pytest.approx(spearmanr(np.abs(one), np.abs(other)).statistic)
    assert correlation == pytest.approx(ip.rank_correlation(other, one))
    assert correlation == pytest.approx(ip.rank_correlation(one * signs, other))
    assert ip.rank_correlation(one, -one) == pytest.approx(1)


def test_by_chance_the_overlap_is_the_share_of_bins():
    rng = np.random.default_rng(0)
    overlaps = [ip.top_k_overlap(rng.normal(size=500), rng.normal(size=500), 50) for _ in range(200)]
    assert np.mean(overlaps) == pytest.approx(0.1, abs=0.01)


def test_agreement_is_the_mean_over_pairs():
    rng = np.random.default_rng(1)
    profiles = [pd.DataFrame({"a": rng.normal(size=40), "b": np.arange(40.0)}) for _ in range(3)]
    table = ip.agreement(profiles, k=5)
    assert table.columns.tolist() == ["rank correlation", "top-5 overlap"] and table.index.tolist() == ["a", "b"]
    assert table.loc["b"].tolist() == pytest.approx([1, 1])
    pairs = [(0, 1), (0, 2), (1, 2)]
    expected = [ip.rank_correlation(profiles[i]["a"], profiles[j]["a"]) for i, j in pairs]
    assert table.loc["a", "rank correlation"] == pytest.approx(np.mean(expected))
    expected = [ip.top_k_overlap(profiles[i]["a"], profiles[j]["a"], 5) for i, j in pairs]
    assert table.loc["a", "top-5 overlap"] == pytest.approx(np.mean(expected))


# --- bad input


def test_parts_that_do_not_exist():
    clf = trained()[0]
    with pytest.raises(ValueError, match="a part is one of 'head', 'gate', 'projection', not 'attention'"):
        ip.randomised(clf, ["head", "attention"])
    with pytest.raises(ValueError, match="not 'h'"):
        ip.randomised(clf, "h")


@pytest.mark.parametrize("function", [ip.rank_correlation, ip.top_k_overlap])
def test_profiles_that_cannot_be_compared(function):
    with pytest.raises(ValueError, match=r"of the same bins are compared, not arrays of shape \(3,\), \(2,\)"):
        function([1, 2, 3], [1, 2])
    with pytest.raises(ValueError, match=r"not arrays of shape \(1, 3\), \(1, 3\)"):
        function([[1, 2, 3]], [[1, 2, 3]])
    with pytest.raises(ValueError, match="not finite"):
        function(np.arange(60), np.append(np.arange(59), np.nan))


def test_numbers_and_profiles_out_of_range():
    for k in (0, -1, True, 2.0):
        with pytest.raises(ValueError, match="k is a whole number of at least 1"):
            ip.top_k_overlap([1, 2, 3], [1, 2, 3], k)
    with pytest.raises(ValueError, match="k is 50, but a profile has 3 values"):
        ip.top_k_overlap([1, 2, 3], [1, 2, 3])
    one = pd.DataFrame({"a": np.arange(60.0)})
    with pytest.raises(ValueError, match="at least two profiles, not 1"):
        ip.agreement([one])
    with pytest.raises(ValueError, match="their columns differ"):
        ip.agreement([one, one.rename(columns={"a": "b"})])


def test_likeness_is_the_mean_over_pairs():
    rng = np.random.default_rng(0)
    some, others = [[pd.DataFrame({"a": rng.random(9), "b": rng.random(9)}) for _ in range(n)] for n in (2, 3)]
    pairs = [ip.rank_correlation(one["b"], other["b"]) for one in some for other in others]
    assert ip.likeness(some, others)["b"] == pytest.approx(np.mean(pairs))
    with pytest.raises(ValueError, match="neither of them empty"):
        ip.likeness(some, [])
    with pytest.raises(ValueError, match="columns differ"):
        ip.likeness(some, [others[0][["a"]]])
