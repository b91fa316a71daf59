"""Small problems whose solution is known."""

import numpy as np
from scipy.stats import norm


def small(n=60, seed=0):
    """A problem that a model solves in part: y, two cities, and five columns."""
    rng = np.random.default_rng(seed)
    y = rng.permutation(np.arange(n) % 2)
    return y, np.where(rng.random(n) < 0.6, "Rome", "Milan"), rng.normal(size=(n, 5)) + y[:, None]


def binormal(rng, n_r, n_s, auroc):
    """Labels and scores whose true AUROC is known."""
    y = np.repeat([1, 0], [n_r, n_s])
    return y, rng.normal(size=n_r + n_s) + y * norm.ppf(auroc) * np.sqrt(2)
