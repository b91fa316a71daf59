"""How far spectra lie from those that a network was trained on."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from networks import SMALL, spectra, trained

from maldinb import MaldiMLPClassifier, binary_labels, load_simulated


@given(seed=st.integers(0, 20), standardize=st.booleans(), scale=st.sampled_from([1e-4, 1, 1e4]))
def test_the_mean_square_over_the_training_spectra_is_one(seed, standardize, scale):
    X, y = scale * spectra(40, 12, seed), np.arange(40) % 2
    distance = MaldiMLPClassifier(**SMALL, standardize=standardize).fit(X, y).training_distance(X)
    assert np.mean(distance**2) == pytest.approx(1, rel=1e-3)
    assert (distance >= 2).mean() <= 1 / 4  # Markov


def test_it_is_counted_in_standard_deviations():
    clf, X, *_ = trained()
    mean, unit = X.mean(axis=0), 0
    weight, variance = clf.model_.project[0].weight, clf.model_.project[1].running_var
    assert clf.training_distance(mean[None])[0] == pytest.approx(0, abs=1e-4)
    with torch.no_grad():  # a network that looks at one unit only: the others give every spectrum the same
        weight[1:], variance[1:] = 0, 0
    sums = X @ weight[unit].detach().numpy()
    expected = np.abs(sums - sums.mean()) / sums.std()
    np.testing.assert_allclose(clf.training_distance(X), expected, rtol=1e-3, atol=1e-4)


def test_what_is_no_such_spectrum_lies_far_out():
    data = load_simulated(n_spectra=120, bin_width=20)
    X, y = binary_labels(data)
    X = X.to_numpy()
    clf = MaldiMLPClassifier(epochs=5, hidden_dim=32).fit(X[:80], y.iloc[:80])
    seen, new = clf.training_distance(X[:80]), clf.training_distance(X[80:])
    flat = clf.training_distance(np.full((1, X.shape[1]), 1 / X.shape[1]))
    assert max(np.quantile(new, 0.9), np.quantile(seen, 0.9)) < flat[0]
    assert clf.training_distance(1000 * X).min() > 100  # rows that do not sum to 1


def test_spectra_that_were_all_the_same_give_no_measure():
    X, y = np.tile(spectra(1, 12), (20, 1)), np.arange(20) % 2
    clf = MaldiMLPClassifier(**SMALL).fit(X, y)
    clf.model_.project[1].running_var.zero_()  # as rounding leaves it, or nearly
    assert np.isnan(clf.training_distance(spectra(3, 12))).all()
