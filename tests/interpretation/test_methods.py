"""All methods side by side: profiles and their signs, what attributions() leaves alone, and whom it refuses."""

import doctest
import importlib
import pkgutil
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
import torch
from networks import axis, spectra, trained, two_units

from maldinb import MaldiMLPClassifier
from maldinb import interpretation as ip

MZ = axis(60)


# --- profiles


def test_a_profile_sums_over_its_window_and_keeps_the_sign_of_the_mean():
    values = np.array([[1.0, -2, 0, 4], [1, 1, 0, -2]])
    assert ip.profile(values).tolist() == [1, -1.5, 0, 3]
    windows = np.array([[-1.0, -1, 2, 4], [2, 2, -1, -2]])  # three wide, nothing beyond the ends
    assert ip.profile(values, ip.Windows(axis(4), 9.0)) == pytest.approx(
        np.sign(windows.mean(axis=0)) * np.abs(windows).mean(axis=0)
    )


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
    rest = {"y": np.arange(60) % 2, "batch": ["Rome"] * 60, "mz": MZ}
    for rows in np.arange(600).reshape(10, 60):
        signs = np.sign(
            ip.attributions(ip.Opened(clf, X[rows], baseline=X.mean(axis=0)), **rest, methods=methods, window=window)
        )
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
        profiles = ip.attributions(ip.Opened(clf, X), y, city, axis(30))
        again = ip.attributions(ip.Opened(clf, X), y, city, axis(30))
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
    everything = ip.attributions(ip.Opened(clf, X), y, city, axis(30))
    some = ["occlusion", "gate difference"]
    pd.testing.assert_frame_equal(ip.attributions(ip.Opened(clf, X), y, city, axis(30), methods=some), everything[some])
    one = ip.attributions(ip.Opened(clf, X.tolist()), y.tolist(), city.tolist(), axis(30).tolist(), methods="gradient")
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
        ({"window": 0}, "window is a width from 3 Da, one bin, to 90 Da, not 0"),
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
        ({"mz": np.full(30, 2000.0)}, "mz holds the lower edges"),
        ({"mz": np.append(axis(29), np.nan)}, "mz holds the lower edges"),
    ],
)
def test_bad_input_of_attributions(change, message):
    clf, X, y, city = trained()
    with pytest.raises(ValueError, match=message):
        ip.attributions(**{"opened": ip.Opened(clf, X), "y": y, "batch": city, "mz": axis(30)} | change)


def uses(opened):
    """Every function that takes an opened network."""
    n, n_bins = opened.rows.shape
    y, city, mz = np.arange(n) % 2, ["Rome"] * n, axis(n_bins)
    return {
        "attributions": lambda: ip.attributions(opened, y, city, mz),
        "gate_gradient": lambda: ip.gate_gradient(opened),
        "gate_weighted_projection": lambda: ip.gate_weighted_projection(opened),
        "gate_difference_projection": lambda: ip.gate_difference_projection(opened, y),
        "replace_gates": lambda: ip.replace_gates(opened, "mean"),
        "intervention_table": lambda: ip.intervention_table(opened, y, city),
        "knock_out": lambda: ip.knock_out(opened, 0),
        "unit_importance": lambda: ip.unit_importance(opened),
        "knock_out_table": lambda: ip.knock_out_table(opened, y, [0], counts=[1]),
        "gradient": lambda: ip.gradient(opened),
        "gradient_times_input": lambda: ip.gradient_times_input(opened),
        "integrated_gradients": lambda: ip.integrated_gradients(opened),
        "occlusion": lambda: ip.occlusion(opened, ip.Windows(mz, 6.0)),
        "perturbation_curve": lambda: ip.perturbation_curve(opened, y, np.arange(n_bins)),
        "weight_norm": lambda: ip.weight_norm(opened),
    }


NEED_GATES = list(uses(ip.Opened(*trained()[:2])))[:9]


def test_without_gates_only_what_looks_at_them_is_refused():
    opened = ip.Opened(*trained(use_attention=False)[:2])
    for name, use in uses(opened).items():
        if name in NEED_GATES:
            with pytest.raises(RuntimeError, match="no gates: it was fitted with use_attention=False"):
                use()
        else:
            use()


def test_networks_are_not_changed_by_looking():
    clf, X, _, _ = trained()
    before = [value.clone() for value in clf.model_.state_dict().values()]
    for use in uses(ip.Opened(clf, X)).values():
        use()
    assert all(map(torch.equal, before, clf.model_.state_dict().values()))


# --- any spectra


@pytest.mark.parametrize("n_bins", [1, 2, 30])
@pytest.mark.parametrize("target", ["a", "b", "c"])
def test_one_class_of_three_against_the_rest(n_bins, target):
    """Each method knows of the log-odds and of the label which class it is asked about."""
    _, X, _, city = trained(n_bins=n_bins)
    labels = np.array(["a", "b", "c"])[np.digitize(X[:, 0], [-0.5, 1])]
    clf = MaldiMLPClassifier(**trained()[0].get_params() | {"epochs": 40, "learning_rate": 0.02}).fit(X, labels)
    opened, y, mz = ip.Opened(clf, X, target=target), labels == target, axis(n_bins) ** 1.1
    profiles = ip.attributions(opened, y, city, mz, window=30.0 if n_bins == 1 else np.diff(mz).max())
    assert profiles.shape == (n_bins, len(ip.METHODS)) and np.isfinite(profiles).all(axis=None)
    for method in profiles if n_bins == 30 and target != "b" else ():
        if ip.METHODS[method].asks_head:
            assert profiles[method].abs().idxmax() == mz[0], method
            assert np.sign(profiles[method].iloc[0]) == (1 if target == "c" else -1), method
    for name, use in uses(opened).items():
        if n_bins == 30 or name not in ("occlusion", "attributions"):
            use()


def test_a_method_of_ones_own():
    clf, X, y, city = trained()
    mine = ip.Method("How often is the bin above the baseline?", lambda opened, *_: (opened.distance > 0).mean(axis=0))
    before = list(ip.METHODS)
    ip.METHODS["mine"] = mine
    try:
        profiles = ip.attributions(ip.Opened(clf, X), y, city, axis(30))
    finally:
        del ip.METHODS["mine"]
    assert profiles["mine"].tolist() == (X > X.mean(axis=0)).mean(axis=0).tolist()
    assert list(profiles) == [*before, "mine"]


def test_who_only_loads_spectra_does_not_wait_for_it():
    code = "import sys, maldinb; print(sorted({'torch', 'maldinb.interpretation'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize("name", [module.name for module in pkgutil.iter_modules(ip.__path__)])
def test_the_examples_in_the_documentation(name):
    assert doctest.testmod(importlib.import_module(f"maldinb.interpretation.{name}")).failed == 0


def test_all_names_are_there():
    assert all(hasattr(ip, name) for name in ip.__all__) and len(set(ip.__all__)) == len(ip.__all__)
