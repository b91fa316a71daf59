"""All methods side by side: profiles and their signs, what attributions() leaves alone, and whom it refuses."""

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
import torch
from networks import axis, spectra, trained, two_units
from sklearn.exceptions import NotFittedError

from maldinb import MaldiMLPClassifier
from maldinb import interpretation as ip

MZ = axis(60)


# --- profiles


def test_a_profile_sums_over_its_window_and_keeps_the_sign_of_the_mean():
    values = np.array([[1.0, -2, 0, 4], [1, 1, 0, -2]])
    assert ip.profile(values).tolist() == [1, -1.5, 0, 3]
    windows = np.array([[-1.0, -1, 2, 4], [2, 2, -1, -2]])  # three wide, nothing beyond the ends
    assert ip.profile(values, 3) == pytest.approx(np.sign(windows.mean(axis=0)) * np.abs(windows).mean(axis=0))


def test_with_the_distance_the_sign_is_that_of_the_slope():
    """The mean of what rises with intensity is that of the intensities that happened to be drawn."""
    rng = np.random.default_rng(0)
    distance, slope = rng.normal(size=(30, 40)), np.where(np.arange(40) % 2, 1.0, -1.0)
    values = slope * distance
    assert (np.sign(ip.profile(values)) != slope).any()
    assert (np.sign(ip.profile(values, distance=distance)) == slope).all()
    assert np.abs(ip.profile(values, distance=distance)) == pytest.approx(np.abs(values).mean(axis=0))


@pytest.mark.parametrize("window", [3.0, 15.0])
def test_signs_do_not_depend_on_the_spectra_that_were_drawn(window):
    X = spectra(600)
    clf = two_units(X)
    with torch.no_grad():
        clf.model_.project[0].bias.fill_(9)
        clf.model_.project[0].weight[1, 40] = -0.1  # more in bin 40 lowers the odds of R, a little
    methods = ["gradient", "gradient x input", "integrated gradients", "occlusion"]
    rest = {"y": np.arange(60) % 2, "batch": ["Rome"] * 60, "mz": MZ, "baseline": X.mean(axis=0)}
    for rows in np.arange(600).reshape(10, 60):
        signs = np.sign(ip.attributions(clf, X[rows], **rest, methods=methods, window=window))
        assert signs.iloc[[10, 40]].to_numpy().tolist() == [[1] * 4, [-1] * 4]
        end = 5 if window == 15 else 1  # all of a window of occlusion
        assert (signs["occlusion"].iloc[10 : 10 + end] == 1).all() and (
            signs["occlusion"].iloc[40 : 40 + end] == -1
        ).all()


def test_profiles_of_several_networks():
    one = pd.DataFrame({"a": [1.0, -3], "b": [0.0, 0]}, index=[2000, 2003])
    other = pd.DataFrame({"a": [-20.0, -20], "b": [2.0, -2]}, index=[2000, 2003])
    mean = ip.mean_profiles([one, other])
    assert mean["a"].tolist() == [-0.75, -1.25]  # 1/2 and 1 with signs + and -; 3/2 and 1, both -
    assert mean["b"].tolist() == [0.5, -0.5]  # a profile of zeros stays one
    assert list(ip.mean_profiles([one * 7])["a"]) == [0.5, -1.5]
    with pytest.raises(ValueError, match="no profiles"):
        ip.mean_profiles([])
    with pytest.raises(ValueError, match="the same bins and the same methods"):
        ip.mean_profiles([one, other[["b", "a"]]])


# --- what attributions() promises


def test_nothing_is_changed_and_everything_repeats():
    clf, X, y, city = trained(5, epochs=5)
    before = {name: value.clone() for name, value in clf.model_.state_dict().items()}
    attributes = {name: value for name, value in vars(clf).items() if name != "model_"}
    threads, torchs, numpys = torch.get_num_threads(), torch.get_rng_state(), np.random.get_state()
    torch.set_num_threads(2)
    try:
        profiles = ip.attributions(clf, X, y, city, axis(30))
        again = ip.attributions(clf, X, y, city, axis(30))
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(threads)
    pd.testing.assert_frame_equal(profiles, again, check_exact=True)
    assert torch.equal(torchs, torch.get_rng_state())
    assert all(np.array_equal(a, b) for a, b in zip(numpys, np.random.get_state(), strict=True))
    assert all(torch.equal(value, before[name]) for name, value in clf.model_.state_dict().items())
    assert {name: value for name, value in vars(clf).items() if name != "model_"} == attributes
    assert not clf.model_.training
    assert all(p.grad is None and p.requires_grad for p in clf.model_.parameters())


def test_some_methods_in_the_order_asked_for():
    clf, X, y, city = trained(6)
    everything = ip.attributions(clf, X, y, city, axis(30))
    some = ["occlusion", "gate difference"]
    pd.testing.assert_frame_equal(ip.attributions(clf, X, y, city, axis(30), methods=some), everything[some])
    one = ip.attributions(clf, X.tolist(), y.tolist(), city.tolist(), axis(30).tolist(), methods="gradient")
    pd.testing.assert_frame_equal(one, everything[["gradient"]])


# --- bad input


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"methods": ["gradient", "attention rollout"]},
            "a method is one of 'weight norm', .*'occlusion', not 'attent",
        ),
        ({"methods": [["gradient"]]}, r"not \['gradient'\]"),
        ({"window": 0}, "window is a width in Da from 3 to 90, not 0"),
        ({"window": -15.0}, "window is a width"),
        ({"window": float("nan")}, "window is a width"),
        ({"window": True}, "window is a width.*not True"),
        ({"window": "15"}, "window is a width.*not '15'"),
        ({"window": 2.9}, "window is a width"),
        ({"window": 91}, "window is a width.*not 91"),
        ({"y": np.zeros(80, int)}, r"all 80 spectra are susceptible \(0\)"),
        ({"y": np.arange(79) % 2}, "there are 80 spectra and 79 labels"),
        ({"batch": np.where(np.arange(80) < 2, "", "Rome")}, r"2 spectra have no batch"),
        ({"batch": ["Rome"] * 79}, r"batch has shape \(79,\), but there are 80 spectra"),
        ({"mz": axis(29)}, r"mz has shape \(29,\), but there are 30 bins"),
        ({"mz": axis(30)[::-1]}, "mz holds the lower edges"),
        ({"mz": axis(30) ** 2}, "mz holds the lower edges"),
        ({"X": np.zeros((80, 29))}, "X has 29 features, but MaldiMLPClassifier is expecting 30"),
        ({"baseline": np.zeros(29)}, r"baseline has shape \(29,\); it is one spectrum of 30 bins"),
        ({"baseline": np.zeros((1, 30))}, r"baseline has shape \(1, 30\)"),
        ({"baseline": np.full(30, np.nan)}, "baseline holds 30 numbers that are not finite"),
    ],
)
def test_bad_input_of_attributions(change, message):
    clf, X, y, city = trained()
    with pytest.raises(ValueError, match=message):
        ip.attributions(**{"clf": clf, "X": X, "y": y, "batch": city, "mz": axis(30)} | change)


def looks(X):
    """Every function that takes a classifier and spectra."""
    y, city, mz = np.arange(len(X)) % 2, ["Rome"] * len(X), axis(30)
    return {
        "attributions": lambda clf: ip.attributions(clf, X, y, city, mz),
        "gradient": lambda clf: ip.gradient(clf, X),
        "gradient_times_input": lambda clf: ip.gradient_times_input(clf, X),
        "integrated_gradients": lambda clf: ip.integrated_gradients(clf, X),
        "occlusion": lambda clf: ip.occlusion(clf, X, mz),
        "perturbation_curve": lambda clf: ip.perturbation_curve(clf, X, y, np.arange(30), filler=np.zeros(30)),
        "inside": lambda clf: ip.inside(clf, X),
        "gate_gradient": lambda clf: ip.gate_gradient(clf, X),
        "gate_weighted_projection": lambda clf: ip.gate_weighted_projection(clf, X),
        "gate_difference_projection": lambda clf: ip.gate_difference_projection(clf, X, y),
        "replace_gates": lambda clf: ip.replace_gates(clf, X, "mean"),
        "intervention_table": lambda clf: ip.intervention_table(clf, X, y, city),
        "knock_out": lambda clf: ip.knock_out(clf, X, 0),
        "unit_importance": lambda clf: ip.unit_importance(clf, X),
        "knock_out_table": lambda clf: ip.knock_out_table(clf, X, y, [0], counts=[1]),
    }


NO_SPECTRA = {
    "weight_norm": ip.weight_norm,
    "projection_weights": ip.projection_weights,
    "randomised": ip.randomised,
    "cascade": lambda clf: ip.cascade(clf, lambda c: pd.DataFrame({"a": [0.0, 1]})),
}
NEED_GATES = [*list(looks(np.zeros((4, 30))))[6:]]


@pytest.mark.parametrize("name", [*looks(np.zeros((4, 30))), *NO_SPECTRA])
def test_every_function_says_what_is_wrong_with_a_classifier(name):
    clf, X, _, _ = trained()
    call = (looks(X) | NO_SPECTRA)[name]
    call(clf)
    with pytest.raises(NotFittedError, match="not fitted"):
        call(MaldiMLPClassifier())
    with pytest.raises(TypeError, match="a MaldiMLPClassifier, and list is none"):
        call([])
    with pytest.raises(ValueError, match="two classes, and this classifier was fitted on 3"):
        call(MaldiMLPClassifier(**clf.get_params()).fit(X, np.arange(80) % 3))
    with pytest.raises(ValueError, match="1 for resistant and 0 for susceptible.*fitted on 'R', 'S'"):
        call(MaldiMLPClassifier(**clf.get_params()).fit(X, np.where(np.arange(80) % 2, "R", "S")))
    if name in looks(X):
        with pytest.raises(ValueError, match="X has 29 features, but MaldiMLPClassifier is expecting 30"):
            looks(X[:, 1:])[name](clf)
    plain = trained(use_attention=False)[0]
    if name in NEED_GATES or name == "attributions":
        with pytest.raises(RuntimeError, match="no gates: it was fitted with use_attention=False"):
            call(plain)
    else:
        call(plain)


def test_who_only_loads_spectra_does_not_wait_for_it():
    code = "import sys, maldinb; print(sorted({'torch', 'maldinb.interpretation'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_all_names_are_there():
    assert all(hasattr(ip, name) for name in ip.__all__) and len(set(ip.__all__)) == len(ip.__all__)
    assert set(ip.GATE_METHODS) < set(ip.METHODS)
