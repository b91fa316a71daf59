"""Is the gate used? Put other gates in its place, and see what changes."""

import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score

from ..arguments import whole
from ..evaluation import checks, within_batch_auroc
from .network import choice, inside, labels, levelled, log_odds, network, units_of

#: What is done to the gates -> what it takes away
INTERVENTIONS = {
    "as is": "nothing",
    "one half": "all that the gate has learned: sigmoid(0)",
    "one": "the gate: all units pass",
    "mean": "the differences between spectra: each unit has its mean gate",
    "another spectrum's": "the match between gate and spectrum",
    "another unit's": "the match between gate and unit",
    "swapped classes": "the match with the label: R spectra get gates of S spectra, and the other way round",
    "gates only": "the rest: hidden units at their mean, gates as they are",
}


def replace_gates(clf, X, intervention, *, y=None, random_state=0):
    """Log-odds of spectra whose gates have been replaced.

    Parameters
    ----------
    clf : MaldiMLPClassifier
        Fitted, with a gate.
    X : array_like or DataFrame, shape (n_spectra, n_bins)
        Held-out spectra.
    intervention : str
        One of `INTERVENTIONS`, which says what each takes away. Means are those of `X`.
    y : array_like of {0, 1}, shape (n_spectra,), optional
        For "swapped classes" only.
    random_state : int
        Which other spectrum or unit.

    Returns
    -------
    ndarray, shape (n_spectra,)
        ln(P(R) / P(S)).

    Raises
    ------
    ValueError
        If the intervention is unknown, or takes labels of both kinds and has none.
    RuntimeError
        If the network has no gate.
    """
    choice(intervention, INTERVENTIONS, "intervention")
    hidden, gates = inside(clf, X)
    if intervention == "swapped classes":
        if y is None:
            raise ValueError("'swapped classes' takes the labels: give y")
        y = labels(y, X)
    return _replaced(clf, hidden, gates, intervention, y, np.random.default_rng(random_state))


def intervention_table(clf, X, y, batch, *, interventions=tuple(INTERVENTIONS), n_draws=5, random_state=0):
    """What each intervention does to the scores of held-out spectra.

    Parameters
    ----------
    clf : MaldiMLPClassifier
        Fitted, with a gate.
    X : array_like or DataFrame, shape (n_spectra, n_bins)
        Held-out spectra.
    y : array_like of {0, 1}, shape (n_spectra,)
        1 for resistant.
    batch : array_like of str, shape (n_spectra,)
        City of each spectrum, for the AUROC within cities.
    interventions : iterable of str
        Of `INTERVENTIONS`.
    n_draws : int
        How often a random intervention is repeated; the means are reported.
    random_state : int

    Returns
    -------
    DataFrame
        A row for each: ``auroc``; ``change``, of the AUROC against the network as it is; ``within batch``, the AUROC of
        pairs of the same city; ``correlation`` of the log-odds with those of the network as it is (NaN where all are
        the same); ``moved``, the mean absolute change of the log-odds.

    Raises
    ------
    ValueError, RuntimeError
        As in `replace_gates`.
    """
    interventions = [interventions] if isinstance(interventions, str) else interventions
    interventions = [choice(one, INTERVENTIONS, "intervention") for one in interventions]
    n_draws = whole(n_draws, "n_draws", 1)
    y, batch = labels(y, X), checks.batches(batch, len(X))
    hidden, gates = inside(clf, X)
    plain = log_odds(clf, hidden, gates)
    rows = {}
    for one in interventions:
        drawn = n_draws if one in ("another spectrum's", "another unit's", "swapped classes") else 1
        rng = np.random.default_rng(random_state)
        draws = [_compare(_replaced(clf, hidden, gates, one, y, rng), plain, y, batch) for _ in range(drawn)]
        rows[one] = pd.DataFrame(draws).mean()
    return pd.DataFrame(rows).T.rename_axis("gates")


def knock_out(clf, X, units):
    """Log-odds of spectra with the gates of some units shut.

    Parameters
    ----------
    clf : MaldiMLPClassifier
        Fitted, with a gate.
    X : array_like or DataFrame, shape (n_spectra, n_bins)
    units : int or list of int
        Numbers of hidden units.

    Returns
    -------
    ndarray, shape (n_spectra,)
        ln(P(R) / P(S)).

    Raises
    ------
    ValueError
        If a unit does not exist or occurs twice.
    RuntimeError
        If the network has no gate.
    """
    units = units_of(network(clf, gated=True), units)
    hidden, gates = inside(clf, X)
    return log_odds(clf, hidden, _shut(gates, units))


def unit_importance(clf, X):
    """How far the log-odds move, on average, when the gate of one unit is shut.

    Parameters
    ----------
    clf : MaldiMLPClassifier
        Fitted, with a gate.
    X : array_like or DataFrame, shape (n_spectra, n_bins)

    Returns
    -------
    ndarray, shape (hidden_dim,)
        Mean absolute change over the spectra.

    Raises
    ------
    RuntimeError
        If the network has no gate.
    """
    hidden, gates = inside(clf, X)
    plain = log_odds(clf, hidden, gates)
    moved = [np.abs(log_odds(clf, hidden, _shut(gates, [unit])) - plain).mean() for unit in range(gates.shape[1])]
    return np.array(moved)


def knock_out_table(clf, X, y, ranking, *, counts=None, n_draws=20, random_state=0):
    """The AUROC that is lost with the first units of a ranking, beside that lost with as many random ones.

    Parameters
    ----------
    clf : MaldiMLPClassifier
        Fitted, with a gate.
    X : array_like or DataFrame, shape (n_spectra, n_bins)
        Held-out spectra. The ranking must not have been made with their labels.
    y : array_like of {0, 1}, shape (n_spectra,)
        1 for resistant.
    ranking : array_like of int, shape (hidden_dim,)
        Units, each once, the first to go first.
    counts : iterable of int, optional
        How many are shut; by default 1, 4, 16 and 64, as far as the ranking goes.
    n_draws : int
        Random choices of as many units.
    random_state : int

    Returns
    -------
    DataFrame
        A row for each count: ``ranked``, the change of the AUROC; ``random``, its mean over the random choices, and
        ``low`` and ``high``, which hold 95 % of them.

    Raises
    ------
    ValueError
        If a count is below 1 or above the number of units, or a unit does not exist or occurs twice.
    """
    ranking = units_of(network(clf, gated=True), ranking, "ranking")
    n_draws = whole(n_draws, "n_draws", 1)
    y = labels(y, X)
    hidden, gates = inside(clf, X)
    counts = [n for n in (1, 4, 16, 64) if n <= len(ranking)] if counts is None else counts
    counts = [whole(count, "a count of units", 1) for count in counts]
    if counts and max(counts) > len(ranking):
        raise ValueError(f"{max(counts)} units cannot be shut: the ranking has {len(ranking)}")
    rng, plain = np.random.default_rng(random_state), roc_auc_score(y, levelled(log_odds(clf, hidden, gates)))

    def change(units):
        return roc_auc_score(y, levelled(log_odds(clf, hidden, _shut(gates, units)))) - plain

    rows = {}
    for count in counts:
        drawn = [change(rng.choice(gates.shape[1], count, replace=False)) for _ in range(n_draws)]
        low, high = np.quantile(drawn, [0.025, 0.975])
        rows[count] = {"ranked": change(ranking[:count]), "random": np.mean(drawn), "low": low, "high": high}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("units shut")


def _replaced(clf, hidden, gates, intervention, y, rng):
    if intervention == "gates only":
        return log_odds(clf, np.broadcast_to(hidden.mean(axis=0), hidden.shape), gates)
    new = {
        "as is": lambda: gates,
        "one half": lambda: 0.5,
        "one": lambda: 1.0,
        "mean": lambda: gates.mean(axis=0),
        "another spectrum's": lambda: gates[_derangement(len(gates), rng)],
        "another unit's": lambda: gates[:, _derangement(gates.shape[1], rng)],
        "swapped classes": lambda: gates[_of_the_other_class(y, rng)],
    }[intervention]()
    return log_odds(clf, hidden, new)


def _compare(score, plain, y, batch):
    level, plain_level = levelled(score), levelled(plain)
    constant = np.ptp(level) == 0 or np.ptp(plain_level) == 0
    return {
        "auroc": roc_auc_score(y, level),
        "change": roc_auc_score(y, level) - roc_auc_score(y, plain_level),
        "within batch": within_batch_auroc(y, level, batch)[0],
        "correlation": np.nan if constant else np.corrcoef(score, plain)[0, 1],
        "moved": np.abs(score - plain).mean(),
    }


def _derangement(n, rng):
    """An order of n things in which none is in its place (n = 1 stays)."""
    order = rng.permutation(n)
    place = np.empty(n, int)
    place[order] = np.roll(order, 1)  # everyone gets what its neighbour in a random circle has
    return place


def _of_the_other_class(y, rng):
    """For each spectrum the position of a random one of the other class."""
    partner = np.empty(len(y), int)
    for label in (0, 1):
        partner[y == label] = rng.choice(np.flatnonzero(y != label), (y == label).sum())
    return partner


def _shut(gates, units):
    shut = gates.copy()
    shut[:, units] = 0
    return shut
