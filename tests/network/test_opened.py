"""A look inside a network shows what the network does, on any number of bins, classes and rows, and changes nothing."""

from functools import cache

import numpy as np
import pytest
import torch
from captum.attr import Saliency
from hypothesis import given
from hypothesis import strategies as st
from networks import SMALL, frame, trained
from scipy.special import logsumexp
from sklearn.exceptions import NotFittedError

from maldinb import MaldiMLPClassifier
from maldinb.network import Opened

LABELS = {2: [0, 1], 3: ["a", "b", "c"], 5: [3, 5, 7, 11, 13]}
KINDS = [{}, {"standardize": True}, {"use_attention": False}, {"gate": "constant"}, {"gate": "frozen", "head_dims": ()}]


@cache  # looking inside changes nothing, so that one fit serves many examples
def fitted(n_bins, n_classes, kind=0, as_frame=False):
    X = np.random.default_rng(n_bins).normal(1, 2, size=(60, n_bins))
    X = frame(X) if as_frame else X
    labels = np.array(LABELS[n_classes])[np.arange(60) % n_classes]
    return MaldiMLPClassifier(**SMALL | {"epochs": 3, "learning_rate": 0.05} | KINDS[kind]).fit(X, labels), X


def against_rest(clf, X, target):
    """Log-odds from what the network says of itself."""
    logits, of = clf.logits(X), clf.classes_ == target
    return logits[:, of][:, 0] - logsumexp(logits[:, ~of], axis=1)


# --- what there is to see


@pytest.mark.parametrize("kind", range(len(KINDS)), ids=map(str, KINDS))
@given(st.sampled_from([1, 2, 30]), st.sampled_from(list(LABELS)), st.integers(0, 4), st.booleans())
def test_it_is_the_network(kind, n_bins, n_classes, target, as_frame):
    clf, X = fitted(n_bins, n_classes, kind, as_frame)
    target = LABELS[n_classes][target % n_classes]
    opened, plain = Opened(clf, X, target=target), against_rest(clf, X, target)
    close = {"rel": 1e-4, "abs": 1e-4}
    assert opened.log_odds() == pytest.approx(plain, **close)
    assert opened.log_odds_of(opened.sums) == pytest.approx(plain, **close)
    assert (
        opened.log_odds_of(opened.sums.reshape(6, 10, -1)).ravel().tolist() == opened.log_odds_of(opened.sums).tolist()
    )
    assert opened.rows == pytest.approx(clf.as_tensor(X).numpy())
    assert opened.hidden.shape == opened.sums.shape == (60, 6) and opened.hidden.min() == 0
    if clf.use_attention:
        assert opened.gates == pytest.approx(clf.get_attention_weights(X), abs=1e-5)
        assert opened.log_odds(hidden=opened.hidden, gates=opened.gates).tolist() == opened.log_odds().tolist()
    else:
        assert opened.log_odds(hidden=opened.hidden).tolist() == opened.log_odds().tolist()
    rows = clf.as_tensor(X).requires_grad_()

    def odds(x):
        logits, of = clf.model_(x), torch.tensor(clf.classes_ == target)
        return logits[:, of][:, 0] - logits[:, ~of].logsumexp(dim=1)

    slopes = Saliency(odds).attribute(rows, abs=False).detach().numpy()
    largest = max(1, np.abs(slopes).max())
    # A unit at the very edge of ReLU may pass in one precision and not in the other.
    off = np.abs(opened.to_bins(opened.slopes()) - slopes).max(axis=1) > 1e-3 * largest
    assert off.sum() <= 1


def test_of_two_classes_the_log_odds_are_those_of_either():
    clf, X = fitted(30, 2)
    assert Opened(clf, X).log_odds() == pytest.approx(clf.decision_function(X), abs=1e-5)
    assert Opened(clf, X).target == 1
    assert Opened(clf, X, target=0).log_odds() == pytest.approx(-Opened(clf, X).log_odds())


def test_weights_include_batchnorms_scale():
    """By finite differences: more in a bin raises the sums that go into ReLU by this much."""
    clf, X, _, _ = trained(epochs=5, standardize=True)
    before, opened = clf.model_.project[:2], Opened(clf, X)
    with torch.no_grad():
        rows = clf.as_tensor(X[:1])
        for where in (0, 17):
            more = rows.clone()
            more[0, where] += 1
            assert (before(more) - before(rows))[0].numpy() == pytest.approx(opened.weights[:, where], abs=1e-4)


@pytest.mark.parametrize("standardize", [False, True])
def test_sums_are_made_of_the_shares_of_the_bins(standardize):
    clf, X, _, _ = trained(standardize=standardize)
    opened, baseline = Opened(clf, X, baseline=X[3]), Opened(clf, X[3:4])
    assert opened.baseline == pytest.approx(baseline.rows[0]) and not opened.distance[3].any()
    shares = opened.share([0, 7]) + opened.share(slice(1, 7)) + opened.share(slice(8, None))
    assert opened.sums - shares == pytest.approx(np.tile(baseline.sums, (80, 1)))
    assert Opened(clf, X).baseline == pytest.approx(Opened(clf, X.mean(axis=0)[None]).rows[0], abs=1e-6)


def test_the_slope_of_a_gate_that_is_always_one_half_is_0():
    clf, X, _, _ = trained(gate="constant")
    assert not Opened(clf, X).slopes(unit_weights=np.ones(6)).any()


def test_no_rounding_between_spectra_that_are_the_same_to_the_network():
    """In single precision their log-odds differ by about 1e-7, and their order would pass for a score."""
    clf, X, _, _ = trained(hidden_dim=33, head_dims=(17, 5))
    opened = Opened(clf, X)
    assert np.ptp(opened.log_odds(hidden=np.tile(opened.hidden[0], (80, 1)), gates=0.5)) < 1e-12
    assert np.ptp(opened.log_odds_of(opened.sums - opened.share(slice(None)))) < 1e-12


# --- what would come out


def test_gates_may_be_one_number_or_one_for_each_unit():
    opened = Opened(*trained()[:2])
    for given_, full in ((0.3, np.full((80, 6), 0.3)), (opened.gates[0], np.tile(opened.gates[0], (80, 1)))):
        assert opened.log_odds(gates=given_).tolist() == opened.log_odds(gates=full).tolist()


def test_other_hidden_units_leave_the_gates_as_they_are():
    opened = Opened(*trained()[:2])
    other = opened.hidden[::-1]
    assert opened.log_odds(hidden=other).tolist() == opened.log_odds(hidden=other, gates=opened.gates).tolist()
    assert not np.allclose(opened.log_odds(hidden=other), opened.log_odds())


def test_hidden_units_and_gates_must_fit():
    opened = Opened(*trained()[:2])
    for wrong in (opened.hidden[:, 1:], opened.hidden[0]):
        with pytest.raises(ValueError, match=r"hidden has shape .*, but the network has 6 hidden units"):
            opened.log_odds(hidden=wrong)
    for wrong in (opened.gates[:, 1:], opened.gates[1:], np.ones(80)):
        with pytest.raises(ValueError, match=r"gates has shape .*; it may be one number, \(6,\) or \(80, 6\)"):
            opened.log_odds(gates=wrong)
    with pytest.raises(ValueError, match=r"unit_weights has shape \(5,\), but the network has 6 hidden units"):
        opened.slopes(unit_weights=np.ones(5))
    plain = Opened(*trained(use_attention=False)[:2])
    for use in (lambda: plain.gates, lambda: plain.log_odds(gates=0.5), lambda: plain.slopes(unit_weights=np.ones(6))):
        with pytest.raises(RuntimeError, match="no gates: it was fitted with use_attention=False"):
            use()


# --- what it leaves alone, and whom it refuses


def test_nothing_is_changed():
    clf, X, _, _ = trained()
    before, threads, state = [v.clone() for v in clf.model_.state_dict().values()], torch.get_num_threads(), X.copy()
    torch.set_num_threads(2)
    try:
        opened = Opened(clf, X)
        opened.log_odds_of(opened.sums), opened.slopes(), opened.slopes(unit_weights=np.ones(6)), opened.weights
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(threads)
    assert np.array_equal(X, state) and all(map(torch.equal, before, clf.model_.state_dict().values()))
    assert all(p.dtype == torch.float32 and p.grad is None and p.requires_grad for p in clf.model_.parameters())
    assert torch.is_grad_enabled() and not clf.model_.training


def test_classifiers_that_cannot_be_opened():
    clf, X, _, _ = trained()
    with pytest.raises(NotFittedError, match="not fitted"):
        Opened(MaldiMLPClassifier(), X)
    with pytest.raises(TypeError, match="a MaldiMLPClassifier, and list is none"):
        Opened([], X)
    with pytest.raises(ValueError, match="X has 29 features, but MaldiMLPClassifier is expecting 30"):
        Opened(clf, X[:, 1:])


@pytest.mark.parametrize(
    ("labels", "target", "message"),
    [
        ([0, 1], 2, "target is 2, and this classifier was fitted on 0, 1"),
        (
            [0, 1, 2],
            None,
            "target is None, .* on 0, 1, 2: name the one that log-odds speak for, or fit on 1 for resistant",
        ),
        (["R", "S"], None, "fitted on 'R', 'S'"),
        (["R", "S"], "r", "target is 'r'"),
        ([1, 2], None, "fitted on 1, 2"),
    ],
)
def test_classes_that_are_not_there(labels, target, message):
    clf, X, _, _ = trained()
    clf.fit(X, np.array(labels)[np.arange(80) % len(labels)])
    with pytest.raises(ValueError, match=message):
        Opened(clf, X, target=target)


@pytest.mark.parametrize(
    ("baseline", "message"),
    [
        (np.zeros(29), r"baseline has shape \(29,\); it is one spectrum of 30 bins"),
        (np.zeros((1, 30)), r"baseline has shape \(1, 30\)"),
        (np.full(30, np.nan), "baseline holds 30 numbers that are not finite"),
        (np.append(np.zeros(29), 1e300), "baseline holds 1 numbers that are not finite"),
    ],
)
def test_baselines_that_do_not_fit(baseline, message):
    clf, X, _, _ = trained()
    with pytest.raises(ValueError, match=message):
        Opened(clf, X, baseline=baseline)


def test_read_only_and_other_rows_are_taken():
    clf, X = trained()[:2]
    X.flags.writeable = False
    assert Opened(clf, X.tolist()).log_odds().tolist() == Opened(clf, X).log_odds().tolist()
