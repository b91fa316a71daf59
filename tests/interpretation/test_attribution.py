"""Every way back to m/z finds the bin that decides, and agrees with an independent computation."""

import copy

import numpy as np
import pytest
import torch
from captum.attr import InputXGradient, IntegratedGradients, Saliency
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import axis, blank, decided_by, frame, spectra, trained, two_units

from maldinb import interpretation as ip

MZ = axis(60)
KINDS = [{}, {"standardize": True}, {"use_attention": False}, {"standardize": True, "use_attention": False}]


def kind_id(options):
    return " ".join(options) or "plain"


def log_odds_of(clf):
    """The network in double precision, from what `as_tensor` returns to log-odds."""
    model = copy.deepcopy(clf.model_).double()
    return lambda rows: model(rows).diff(dim=1)[:, 0]


def through_captum(way, clf, X, **options):
    """What captum makes of the whole network."""
    rows = clf.as_tensor(X).double().requires_grad_()
    return way(log_odds_of(clf)).attribute(rows, **options).detach().numpy()


# --- a network whose answer is known


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("standardize", [False, True])
@pytest.mark.parametrize("dress", [np.asarray, frame])
def test_every_method_finds_the_bin_that_decides(sign, standardize, dress):
    X = spectra()
    clf, y, city = decided_by(dress(X), 22, sign=sign, standardize=standardize)
    assert ((clf.decision_function(dress(X)) > np.median(clf.decision_function(dress(X)))) == y).mean() > 0.98
    profiles = ip.attributions(ip.Opened(clf, dress(X)), y, city, MZ, window=3.0)
    assert list(profiles) == list(ip.METHODS) and profiles.index.name == "m/z" and list(profiles.index) == list(MZ)
    for method in ip.METHODS:
        size = profiles[method].abs().to_numpy()
        assert size.argmax() == 22 and np.delete(size, 22).max() < 1e-5 * size[22], method
        # These two speak of hidden units, which this bin raises, whatever the head makes of them.
        of_units = method in ("weight norm", "gate-weighted projection")
        assert np.sign(profiles[method].iloc[22]) == (1 if of_units else sign), method


def test_in_windows_every_method_finds_the_window_of_that_bin():
    clf, y, city = decided_by(spectra(), 22)
    profiles = ip.attributions(ip.Opened(clf, spectra()), y, city, MZ, window=15.0).abs()
    for method in ip.METHODS:
        around = slice(20, 25)  # of both: one window of five bins around 22, and the fifth of those side by side
        found = profiles[method].to_numpy()
        assert found[around] == pytest.approx(np.full(5, found.max()))
        assert np.delete(found, around).max() < 1e-5 * found.max(), method


def test_windows_of_occlusion_stand_side_by_side():
    clf, y, city = decided_by(spectra(), 21)
    profiles = ip.attributions(
        ip.Opened(clf, spectra()), y, city, MZ, methods=("gradient", "occlusion"), window=15.0
    ).abs()
    found = profiles > 1e-5 * profiles.max()
    assert np.flatnonzero(found["gradient"]).tolist() == [19, 20, 21, 22, 23]
    assert np.flatnonzero(found["occlusion"]).tolist() == [20, 21, 22, 23, 24]


def test_methods_without_gates_do_without():
    clf, y, city = decided_by(spectra(), 22, gated=False)
    others = [name for name, method in ip.METHODS.items() if not method.needs_gate]
    profiles = ip.attributions(ip.Opened(clf, spectra()), y, city, MZ, methods=others, window=3.0)
    assert list(profiles) == others and (profiles.abs().idxmax() == MZ[22]).all()
    for method in set(ip.METHODS) - set(others):
        with pytest.raises(RuntimeError, match="no gates: it was fitted with use_attention=False"):
            ip.attributions(ip.Opened(clf, spectra()), y, city, MZ, methods=method)


def test_open_gates_count_and_shut_ones_do_not():
    X = spectra()
    clf = two_units(X, gate_biases=(-9, 9))  # bin 10 behind a shut gate, bin 40 behind an open one
    assert ip.weight_norm(ip.Opened(clf, X))[[10, 40]] == pytest.approx([1, 1])
    found = ip.gate_weighted_projection(ip.Opened(clf, X))
    assert found[40] == pytest.approx(1, abs=1e-3) and found[10] == pytest.approx(0, abs=1e-3)


def test_gates_that_differ_between_the_classes_are_found():
    X = spectra()
    y, city = (X[:, 40] > 0.5).astype(int), np.where(np.arange(100) % 2, "Rome", "Milan")
    clf = two_units(X, weights=(5, 1), gate_weights=(0, 8), gate_biases=(0, -4))
    assert np.argmax(ip.weight_norm(ip.Opened(clf, X))) == 10  # the largest weights are elsewhere
    profiles = ip.attributions(ip.Opened(clf, X), y, city, MZ, methods=("gate difference", "gate gradient"), window=3.0)
    assert (profiles.abs().idxmax() == MZ[40]).all() and (profiles.iloc[40] > 0).all()
    other_way = ip.attributions(
        ip.Opened(clf, X), 1 - y, city, MZ, methods=("gate difference", "gate gradient"), window=3.0
    )
    assert (other_way.abs().idxmax() == MZ[40]).all() and (other_way.iloc[40] < 0).all()


def test_the_gradient_of_a_gate_is_that_of_the_units_asked_for():
    X = spectra()
    clf = two_units(X, gate_weights=(2, -3))
    gates = clf.get_attention_weights(X)
    first = ip.gate_gradient(ip.Opened(clf, X), [1, 0, 0, 0])
    second = ip.gate_gradient(ip.Opened(clf, X), [0, 1, 0, 0])
    assert first[:, 10] == pytest.approx(2 * gates[:, 0] * (1 - gates[:, 0]), rel=1e-4)
    assert second[:, 40] == pytest.approx(-3 * gates[:, 1] * (1 - gates[:, 1]), rel=1e-4)
    assert not np.delete(first, 10, axis=1).any() and not np.delete(second, 40, axis=1).any()
    assert ip.gate_gradient(ip.Opened(clf, X)) == pytest.approx((first + second) / 4, rel=1e-4)


# --- against independent computations


@pytest.mark.parametrize("options", KINDS, ids=kind_id)
@pytest.mark.parametrize("dress", [np.asarray, frame])
def test_gradients_are_those_of_the_whole_network(options, dress):
    clf, X, _, _ = trained(1, epochs=5, **options)
    clf.fit(dress(X), np.arange(80) % 2)
    X = dress(X)
    slopes = ip.gradient(ip.Opened(clf, X))
    assert slopes.shape == X.shape
    assert slopes == pytest.approx(through_captum(Saliency, clf, X, abs=False), abs=1e-5)
    zero = clf.mean_ if options.get("standardize") else np.zeros(30)  # what captum takes for the baseline
    assert ip.gradient_times_input(ip.Opened(clf, X, baseline=zero)) == pytest.approx(
        through_captum(InputXGradient, clf, X), abs=1e-4
    )


@pytest.mark.parametrize("options", KINDS, ids=kind_id)
def test_integrated_gradients_are_captums(options):
    clf, X, _, _ = trained(2, epochs=10, hidden_dim=32, head_dims=(16,), **options)
    ours = ip.integrated_gradients(ip.Opened(clf, X), tolerance=3e-4)
    rows = clf.as_tensor(X).double()
    captums = through_captum(
        IntegratedGradients, clf, X, baselines=rows.mean(dim=0, keepdim=True), n_steps=500, method="riemann_middle"
    )
    assert np.linalg.norm(ours - captums) < 0.005 * np.linalg.norm(captums)


@settings(max_examples=40)
@given(
    st.integers(0, 10**6),
    st.sampled_from(KINDS),
    st.sampled_from(["mean", "zeros", "a row"]),
    st.sampled_from([1, 12]),
)
def test_integrated_gradients_are_complete(seed, options, baseline, epochs):
    clf, X, _, _ = trained(seed, n=40, epochs=epochs, learning_rate=0.01, **options)
    row = {"mean": X.mean(axis=0), "zeros": np.zeros(30), "a row": X[3]}[baseline]
    values = ip.integrated_gradients(ip.Opened(clf, X, baseline=None if baseline == "mean" else row))
    difference = clf.decision_function(X) - clf.decision_function(row[None])
    error = np.abs(values.sum(axis=1, dtype=float) - difference)
    assert (error <= 1.1e-3 * np.maximum(1, np.abs(difference))).all()  # a tenth for float32


def test_a_smaller_tolerance_is_kept_or_refused():
    clf, X, _, _ = trained(3, epochs=20, learning_rate=0.01)
    difference = clf.decision_function(X) - clf.decision_function(X.mean(axis=0)[None])

    def error(tolerance):
        values = ip.integrated_gradients(ip.Opened(clf, X), tolerance=tolerance)
        return np.abs(values.sum(axis=1, dtype=float) - difference).max()

    assert error(1e-3) < 1e-3 * np.abs(difference).max() < error(0.5)
    with pytest.raises(RuntimeError, match=r"within a completeness of 1e-12; choose a larger tolerance"):
        ip.integrated_gradients(ip.Opened(clf, X), tolerance=1e-12)


@pytest.mark.parametrize("options", KINDS, ids=kind_id)
@pytest.mark.parametrize("dress", [np.asarray, frame])
def test_occlusion_is_that_of_the_spectra_themselves(options, dress):
    clf, X, _, _ = trained(4, n_bins=32, epochs=5, **options)
    clf.fit(dress(X), np.arange(80) % 2)
    filler = np.random.default_rng(0).normal(size=32)
    for baseline, filling in ((None, X.mean(axis=0)), (filler, filler)):
        ours = ip.occlusion(ip.Opened(clf, dress(X), baseline=baseline), ip.Windows(axis(32), 15.0))
        plain = clf.decision_function(dress(X))
        for first in range(0, 32, 5):  # the last window holds two bins
            changed = X.copy()
            changed[:, first : first + 5] = filling[first : first + 5]
            lost = plain - clf.decision_function(dress(changed))
            window = ours[:, first : first + 5]
            assert window == pytest.approx(np.broadcast_to(lost[:, None], window.shape), abs=2e-5)


@pytest.mark.parametrize("standardize", [False, True])
def test_in_a_linear_network_all_three_agree(standardize):
    """What a bin adds is then its weight times its distance, and that is what each of them must return."""
    X = spectra(n_bins=20)
    clf = blank(X, gate="constant", standardize=standardize)
    rng = np.random.default_rng(1)
    with torch.no_grad():
        clf.model_.project[0].weight.copy_(torch.from_numpy(rng.normal(size=(4, 20))))
        clf.model_.project[0].bias.fill_(50)  # ReLU lets everything pass
        clf.model_.classify[0].weight[1] = torch.arange(4) - 1.5
    weight = (np.arange(4) - 1.5) / 2 @ clf.model_.project[0].weight.detach().numpy()
    expected = weight * (X - X.mean(axis=0)) / (clf.scale_ if standardize else 1)
    for values in (
        ip.gradient_times_input(ip.Opened(clf, X)),
        ip.integrated_gradients(ip.Opened(clf, X)),
        ip.occlusion(ip.Opened(clf, X), ip.Windows(axis(20), 3.0)),
    ):
        assert values == pytest.approx(expected, abs=1e-4)


# --- bad input


def test_options_out_of_range():
    clf, X, _, _ = trained()
    for tolerance in (0, -1e-3, 1, float("nan"), True):
        with pytest.raises(ValueError, match="tolerance is a number from 0 to 1"):
            ip.integrated_gradients(ip.Opened(clf, X), tolerance=tolerance)
    with pytest.raises(ValueError, match=r"unit_weights has shape \(5,\), but the network has 6 hidden units"):
        ip.gate_gradient(ip.Opened(clf, X), np.ones(5))
    for function in (ip.weight_norm, ip.gate_weighted_projection, ip.occlusion):
        with pytest.raises(ValueError, match=r"mz has shape \(31,\), but there are 30 bins"):
            function(ip.Opened(clf, X), ip.Windows(axis(31), 6.0))
    for values in (np.zeros(30), np.zeros((0, 30))):
        with pytest.raises(ValueError, match="at least one spectrum, not of shape"):
            ip.profile(values)
    with pytest.raises(ValueError, match=r"distance has shape \(2, 29\), but values has \(2, 30\)"):
        ip.profile(np.zeros((2, 30)), distance=np.zeros((2, 29)))
    with pytest.raises(ValueError, match="all 80 spectra are resistant"):
        ip.gate_difference_projection(ip.Opened(clf, X), np.ones(80))
