"""Positive controls: a task and a network of which it is known what the gate does."""

import numpy as np
import pandas as pd
import torch

from ..arguments import positive, whole
from ..network import MaldiMLPClassifier

N_FEATURES = 20  # of which two decide


def sign_task(n=741, *, random_state=0):
    """Rows of random numbers, of which the first decides whether the second counts for or against the label 1.

    Parameters
    ----------
    n : int
        Rows.
    random_state : int

    Returns
    -------
    X : DataFrame, shape (n, 20)
        Standard normal numbers.
    y : Series of {0, 1}, shape (n,)
        1 where the product of the first two is above 0.

    Examples
    --------
    >>> X, y = sign_task(5)
    >>> X.shape, bool((y == (X["x1"] * X["x2"] > 0)).all())
    ((5, 20), True)
    """
    rows = np.random.default_rng(random_state).normal(size=(whole(n, "n", 2), N_FEATURES))
    X = pd.DataFrame(rows, columns=[f"x{i + 1}" for i in range(N_FEATURES)])
    return X, (X["x1"] * X["x2"] > 0).astype(int)


def network_that_needs_its_gate(sharpness=4.0):
    """A network for `sign_task`, set by hand, in which only the gate knows the second number.

    Units 0 and 2 carry the positive part of x1, units 1 and 3 that of -x1. Units 4 and 5 carry those of x2 and -x2 to
    the gate, and count nothing in the head. The gate opens units 0 and 3 where x2 is positive, 1 and 2 where it is
    negative; the head adds units 0 and 1 and subtracts 2 and 3. With gates that do not follow x2, the two sides cancel.

    Parameters
    ----------
    sharpness : float
        How steeply the gates follow x2; above 0.

    Returns
    -------
    MaldiMLPClassifier
        As if fitted, with 6 units and a head of one linear layer.

    Raises
    ------
    ValueError
        If the sharpness is not above 0.

    Examples
    --------
    >>> from maldinb.interpretation import Opened, intervention_table
    >>> X, y = sign_task()
    >>> opened = Opened(network_that_needs_its_gate(), X)
    >>> intervention_table(opened, y, ["nowhere"] * len(y)).loc[["as is", "one half"], "auroc"].tolist()
    [1.0, 0.5]
    """
    sharpness = positive(sharpness, "sharpness", what="a slope")
    clf = MaldiMLPClassifier(hidden_dim=6, head_dims=(), dropout=0.0, device="cpu")
    clf.classes_, clf.n_features_in_, clf.mean_, clf.scale_ = np.array([0, 1]), N_FEATURES, None, None
    clf.feature_names_in_ = np.array([f"x{i + 1}" for i in range(N_FEATURES)], dtype=object)
    clf.history_, clf.n_iter_, clf.best_epoch_ = {"learning_rate": [], "train_loss": []}, 0, 0
    clf.model_ = clf.new_network(N_FEATURES).eval()
    first, second = torch.tensor([1.0, -1, 1, -1, 0, 0]), torch.tensor([0.0, 0, 0, 0, 1, -1])
    opens = torch.tensor([1.0, -1, -1, 1, 0, 0])  # with x2, or against it
    adds = torch.tensor([1.0, 1, -1, -1, 0, 0])
    linear, norm = clf.model_.project[:2]
    gate, head = clf.model_.gate[0], clf.model_.classify[0]
    with torch.no_grad():
        for layer in (linear, gate, head):
            layer.weight.zero_()
            layer.bias.zero_()
        linear.weight[:, 0], linear.weight[:, 1] = first, second
        norm.running_mean.zero_()
        norm.running_var.fill_(1 - norm.eps)  # BatchNorm changes nothing
        gate.weight[:, 4], gate.weight[:, 5] = sharpness * opens, -sharpness * opens
        head.weight[1] = adds
    return clf
