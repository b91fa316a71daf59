"""Small networks and spectra, some with weights that are set by hand so that the answer is known."""

import numpy as np
import pandas as pd
import torch

from maldinb import MaldiMLPClassifier

SMALL = {"epochs": 1, "hidden_dim": 6, "head_dims": (5,), "batch_size": 16, "early_stopping": False}


def axis(n_bins):
    """Lower edges of bins of 3 Da."""
    return 2000 + 3.0 * np.arange(n_bins)


def spectra(n=100, n_bins=60, seed=0):
    """Rows of numbers from 0 to 1."""
    return np.random.default_rng(seed).random((n, n_bins))


def frame(X):
    """The same as a DataFrame, whose index is not 0, 1, ..."""
    names = [f"{edge:.0f}" for edge in axis(X.shape[1])]
    return pd.DataFrame(X, columns=names, index=[f"id{i}" for i in range(len(X))])


def trained(seed=0, n=80, n_bins=30, **options):
    """A network that has learned a little, and its spectra: X, y and city."""
    rng = np.random.default_rng(seed)
    y, city = rng.permutation(np.arange(n) % 2), np.where(rng.random(n) < 0.5, "Rome", "Milan")
    X = rng.normal(size=(n, n_bins)) + np.outer(y, np.arange(n_bins) < 3)
    return MaldiMLPClassifier(**SMALL | {"random_state": seed} | options).fit(X, y), X, y, city


def blank(X, hidden_dim=4, **options):
    """A network that does nothing yet: weights are 0, BatchNorm changes nothing, gates are 1/2, the head is linear."""
    options = SMALL | {"hidden_dim": hidden_dim, "head_dims": ()} | options
    clf = MaldiMLPClassifier(**options).fit(X, np.arange(len(X)) % 2)
    with torch.no_grad():
        for parameter in clf.model_.parameters():
            parameter.zero_()
        norm = clf.model_.project[1]
        norm.weight.fill_(1)
        norm.running_mean.zero_()
        norm.running_var.fill_(1 - norm.eps)
    return clf


def decided_by(X, where, *, sign=1, gated=True, **options):
    """A network for which one bin decides, its labels, and cities that say nothing.

    The first unit is the bin's intensity plus 3, its gate opens with it, and `sign` times its product is the log-odds.
    """
    clf = blank(X, use_attention=gated, **options)
    model, column = clf.model_, clf.as_tensor(X)[:, where]
    with torch.no_grad():
        model.project[0].weight[0, where] = 1
        model.project[0].bias[0] = 3
        if gated:
            model.gate[0].weight[0, 0] = 4
            model.gate[0].bias[0] = -4 * (3 + column.median())
        model.classify[-1].weight[1, 0] = 3 * sign
    column = column.numpy()
    y = (sign * column > sign * np.median(column)).astype(int)
    return clf, y, np.where(np.arange(len(X)) % 3, "Rome", "Milan")


def two_units(X, gate_weights=(0, 0), gate_biases=(0, 0), weights=(1, 1), bins=(10, 40)):
    """A network whose first two units see one bin each, with gates as one likes: sigmoid(weight x intensity + bias)."""
    clf = blank(X)
    model = clf.model_
    with torch.no_grad():
        for unit in range(2):
            model.project[0].weight[unit, bins[unit]] = weights[unit]
            model.gate[0].weight[unit, unit] = gate_weights[unit] / weights[unit]
            model.gate[0].bias[unit] = gate_biases[unit]
            model.classify[-1].weight[1, unit] = 1
    return clf
