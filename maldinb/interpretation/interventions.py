"""Is the gate used? Put other gates in its place, and see what changes."""

import numpy as np
import pandas as pd

from ..arguments import choice, whole
from ..evaluation import checks
from .gates import effects_of

#: Log-odds that do not differ in these decimals are equal, see `levelled`.
DECIMALS = 9

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


def replace_gates(opened, intervention, *, y=None, random_state=0):
    """Log-odds of spectra whose gates have been replaced.

    Parameters
    ----------
    opened : Opened
        A network with a gate, and held-out spectra.
    intervention : str
        One of `INTERVENTIONS`, which says what each takes away. Means are those of the spectra.
    y : array_like of {0, 1}, shape (n_spectra,), optional
        For "swapped classes" only.
    random_state : int
        Which other spectrum or unit.

    Returns
    -------
    ndarray, shape (n_spectra,)
        ln(P(R) / P(S)), or those of the target against the rest.

    Raises
    ------
    ValueError
        If the intervention is unknown, or takes labels of both kinds and has none.
    RuntimeError
        If the network has no gate.

    Examples
    --------
    >>> from maldinb import MaldiMLPClassifier, binary_labels, interpretation, load_simulated
    >>> X, y = binary_labels(load_simulated(n_spectra=60, bin_width=50))
    >>> opened = interpretation.Opened(MaldiMLPClassifier(epochs=2, hidden_dim=16).fit(X, y), X)
    >>> moved = interpretation.replace_gates(opened, "one half") - opened.log_odds()
    >>> moved.shape == y.shape
    True
    """
    choice(intervention, "intervention", INTERVENTIONS)
    if intervention == "swapped classes":
        if y is None:
            raise ValueError("'swapped classes' takes the labels: give y")
        y = checks.targets(y, len(opened.rows))
    return _replaced(opened, intervention, y, np.random.default_rng(random_state))


def intervention_table(opened, y, batch, *, interventions=tuple(INTERVENTIONS), n_draws=5, random_state=0):
    """What each intervention does to the scores of held-out spectra.

    Parameters
    ----------
    opened : Opened
        A network with a gate, and held-out spectra.
    y : array_like of {0, 1}, shape (n_spectra,)
        1 for resistant.
    batch : array_like of str, shape (n_spectra,)
        Batch (hospital, instrument, year) of each spectrum, for the AUROC within batches.
    interventions : iterable of str
        Of `INTERVENTIONS`.
    n_draws : int
        How often a random intervention is repeated; the means are reported.
    random_state : int

    Returns
    -------
    DataFrame
        A row for each: ``auroc``; ``change``, of the AUROC against the network as it is; ``within batch``, the AUROC of
        pairs of the same batch; ``correlation`` of the log-odds with those of the network as it is (NaN where all are
        the same); ``moved``, the mean absolute change of the log-odds.

    Raises
    ------
    ValueError, RuntimeError
        As in `replace_gates`.

    Examples
    --------
    >>> from maldinb import MaldiMLPClassifier, binary_labels, interpretation, load_simulated
    >>> data = load_simulated(n_spectra=60, bin_width=50)
    >>> X, y = binary_labels(data)
    >>> opened = interpretation.Opened(MaldiMLPClassifier(epochs=2, hidden_dim=16).fit(X, y), X)
    >>> table = interpretation.intervention_table(opened, y, data.batch[X.index], interventions=["as is", "mean"])
    >>> list(table.index), float(table.loc["as is", "change"])
    (['as is', 'mean'], 0.0)
    """
    interventions = [interventions] if isinstance(interventions, str) else interventions
    interventions = [choice(one, "intervention", INTERVENTIONS) for one in interventions]
    n_draws = whole(n_draws, "n_draws", 1)
    y, batch = checks.targets(y, len(opened.rows)), checks.batches(batch, len(opened.rows))
    plain, rows = opened.log_odds(gates=opened.gates), {}
    for one in interventions:
        drawn = n_draws if one in ("another spectrum's", "another unit's", "swapped classes") else 1
        rng = np.random.default_rng(random_state)
        draws = np.array([_replaced(opened, one, y, rng) for _ in range(drawn)])
        rows[one] = _compare(draws, plain, y, batch)
    return pd.DataFrame(rows).T.rename_axis("gates")


def levelled(score):
    """Log-odds less the first of them, without rounding errors.

    Where spectra are the same to the network but for these, their order is chance, and must not pass for an AUROC: as
    ties they score 1/2.
    """
    return np.round(score - score[0], DECIMALS)


def _replaced(opened, intervention, y, rng):
    hidden, gates = opened.hidden, opened.gates
    if intervention == "gates only":
        return opened.log_odds(hidden=np.broadcast_to(hidden.mean(axis=0), hidden.shape))
    new = {
        "as is": lambda: gates,
        "one half": lambda: 0.5,
        "one": lambda: 1.0,
        "mean": lambda: gates.mean(axis=0),
        "another spectrum's": lambda: gates[_derangement(len(gates), rng)],
        "another unit's": lambda: gates[:, _derangement(gates.shape[1], rng)],
        "swapped classes": lambda: gates[_of_the_other_class(y, rng)],
    }[intervention]()
    return opened.log_odds(gates=new)


def _compare(draws, plain, y, batch):
    """Means over draws, whose scores are the rows of an array."""
    levels = np.array([levelled(score) for score in [plain, *draws]])
    auroc = 0.5 + effects_of(levels.T, y, np.full(len(y), "all"))
    varied = np.ptp(levels, axis=1) > 0
    like = [np.corrcoef(score, plain)[0, 1] for score in draws[varied[1:] & varied[0]]]
    return {
        "auroc": auroc[1:].mean(),
        "change": (auroc[1:] - auroc[0]).mean(),
        "within batch": 0.5 + effects_of(levels[1:].T, y, batch).mean(),
        "correlation": np.mean(like) if like else np.nan,
        "moved": np.abs(draws - plain).mean(),
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
