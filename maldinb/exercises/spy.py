"""A network that is not trained but writes down what is done with it, so that a leak shows."""

import numpy as np
import pandas as pd

import maldinb

DIGITS = 9  # to which two probabilities are told apart


class Log:
    """What was done with all copies of a watched network.

    Attributes
    ----------
    networks : list of MaldiMLPClassifier
        Those that `fit` was called on.
    trained : list of frozenset of int
        The rows that each of them was trained on.
    source : dict of float to (int, frozenset of int)
        Each P(R) that was given out -> the row that it belongs to, and the rows of the network that gave it.
    """

    def __init__(self):
        self.networks, self.trained, self.source = [], [], {}

    def sources(self, scores):
        """Where each score comes from; None for those that were never given out."""
        return [self.source.get(round(float(score), DIGITS)) for score in scores]


def watched_network(n_spectra=40, n_splits=4):
    """A network to be cross-validated, data for it, and the log of what happens.

    Parameters
    ----------
    n_spectra, n_splits : int

    Returns
    -------
    network : MaldiMLPClassifier
        Takes no time to fit. Its P(R) depend on the spectrum and on the spectra it was trained on, and on nothing else.
    X : DataFrame, shape (n_spectra, 4)
        The first bin of a spectrum holds its row.
    y : Series of {0, 1}
    splits : list of (train, test)
    log : Log
    """
    log = Log()

    class WatchedNetwork(maldinb.MaldiMLPClassifier):
        def fit(self, X, y):
            if len(X) != len(y):
                raise ValueError(f"X has {len(X)} rows, but there are {len(y)} labels")
            self.classes_, self.trained_on_ = np.unique(y), frozenset(_rows(X))
            log.networks.append(self)
            log.trained.append(self.trained_on_)
            return self

        def logits(self, X):
            if not hasattr(self, "trained_on_"):
                raise ValueError("this network was not fitted yet")
            # No two pairs of a spectrum and a training set have the same score.
            p = np.array([np.random.default_rng([row, *sorted(self.trained_on_)]).random() for row in _rows(X)])
            log.source |= {
                round(value, DIGITS): (row, self.trained_on_) for value, row in zip(p, _rows(X), strict=True)
            }
            return np.column_stack([np.zeros(len(p)), np.log(p / (1 - p))])

    rng = np.random.default_rng(0)
    names = pd.Index([f"spectrum-{i}" for i in rng.permutation(n_spectra)])
    X = pd.DataFrame(rng.random((n_spectra, 4)), names, ["2000", "2003", "2006", "2009"])
    X["2000"] = np.arange(n_spectra)
    y = pd.Series(np.tile([0, 1], n_spectra // 2), names)
    fold = rng.permutation(np.arange(n_spectra) % n_splits)
    splits = [(np.flatnonzero(fold != i), np.flatnonzero(fold == i)) for i in range(n_splits)]
    return WatchedNetwork(epochs=3, hidden_dim=8), X, y, splits, log


def _rows(X):
    return np.asarray(X)[:, 0].astype(int).tolist()
