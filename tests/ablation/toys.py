"""Small problems, cheap estimators and made-up tables. A module of its own, so that workers can import it."""

import os
import time
import warnings

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, ClassifierMixin

from maldinb.ablation.fits import METRICS


def problem(n=120, n_bins=6, seed=0):
    """Rows that tell the label in part, three cities that do a little, and isolates of one or two spectra."""
    rng = np.random.default_rng(seed)
    y = rng.permutation(np.arange(n) % 2)
    batch = rng.choice(["Catania", "Milan", "Rome"], n, p=[0.2, 0.3, 0.5])
    X = rng.normal(size=(n, n_bins)) + 0.7 * y[:, None] + (batch == "Rome")[:, None]
    return X, y, batch


def checkerboard(n, seed=0):
    """Resistant on the black squares: which half of one bin's range counts depends on the other bin, its context."""
    rng = np.random.default_rng(seed)
    X = rng.uniform(0, 4, size=(n, 2))
    return X, (np.floor(X).sum(axis=1) % 2).astype(int), rng.choice(["Milan", "Rome"], n)


class RandomView(ClassifierMixin, BaseEstimator):
    """The difference of the class means in some bins of a resample, both drawn by the seed like a tree of a forest.

    `note` names a folder that gets a file for each fit; `wait` is in seconds; `fails` is a number of training spectra
    with which it fails, and `dies` one with which its process ends; `shout` is what it raises.
    """

    def __init__(self, random_state=0, share=0.5, note=None, wait=0.0, fails=None, dies=None, shout=ValueError):
        self.random_state = random_state
        self.share = share
        self.note = note
        self.wait = wait
        self.fails = fails
        self.dies = dies
        self.shout = shout

    def fit(self, X, y):
        time.sleep(self.wait)
        if self.note:
            open(os.path.join(self.note, f"{time.time_ns()}-{os.getpid()}"), "w").close()
        if len(X) == self.dies:
            os._exit(1)
        if len(X) == self.fails:
            raise self.shout("the lamp went out")
        rng = np.random.default_rng(self.random_state)
        seen = rng.permutation(X.shape[1]) < max(1, self.share * X.shape[1])
        drawn = rng.integers(len(X), size=len(X))
        X, y = X[drawn], y[drawn]
        self.weight_ = (X[y == 1].mean(axis=0) - X[y == 0].mean(axis=0)) * seen
        self.middle_ = X.mean(axis=0) @ self.weight_
        self.classes_ = np.unique(y)
        return self

    def predict_proba(self, X):
        p = 1 / (1 + np.exp(self.middle_ - X @ self.weight_))
        return np.column_stack([1 - p, p])


class Warner(RandomView):
    """One that warns of something whenever it is fitted."""

    def fit(self, X, y):
        warnings.warn("something else", FutureWarning, stacklevel=2)
        return super().fit(X, y)


class Awkward(Exception):
    """Can be pickled, but not unpickled."""

    def __init__(self, message):
        super().__init__(message, "and more")


class Interrupted(RandomView):
    """Its fit is stopped by the user."""

    def fit(self, X, y):
        if len(X) == self.fails:
            raise KeyboardInterrupt
        return super().fit(X, y)


def table_of(scores, *, seeds=1, split="cross-validation", n_folds=5, ratio=0.25):
    """A study's table from scores: variant -> array of splits, or of splits x seeds."""
    rows = []
    for name, values in scores.items():
        values = np.asarray(values, dtype=float)
        values = values[:, None] if values.ndim == 1 else values
        for (unit, seed), value in np.ndenumerate(values):
            row = {"variant": name, "split": split, "repeat": unit // n_folds, "fold": unit % n_folds, "seed": seed}
            rows.append(row | {"batch": "all", "n_train": 1000, "n_test": 1000 * ratio} | dict.fromkeys(METRICS, value))
    return pd.DataFrame(rows).astype({"seed": "Int64"})


def same(a, b):
    """Two tables of a study are equal, apart from the time that it took."""
    pd.testing.assert_frame_equal(a.drop(columns="seconds"), b.drop(columns="seconds"), check_exact=True)
