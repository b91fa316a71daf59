"""Which units are used? Shut the gate of one, or of several, and see what changes."""

import numpy as np
import pandas as pd

from ..arguments import whole
from ..evaluation import checks
from ..evaluation.discrimination import auroc
from .interventions import levelled


def knock_out(opened, units):
    """Log-odds of spectra with the gates of some units shut.

    Parameters
    ----------
    opened : Opened
        A network with a gate, and spectra.
    units : int or list of int
        Numbers of hidden units.

    Returns
    -------
    ndarray, shape (n_spectra,)
        ln(P(R) / P(S)), or those of the target against the rest.

    Raises
    ------
    ValueError
        If a unit does not exist or occurs twice.
    RuntimeError
        If the network has no gate.

    Examples
    --------
    >>> from maldinb import MaldiMLPClassifier, binary_labels, interpretation, load_simulated
    >>> X, y = binary_labels(load_simulated(n_spectra=60, bin_width=50))
    >>> opened = interpretation.Opened(MaldiMLPClassifier(epochs=2, hidden_dim=16).fit(X, y), X)
    >>> interpretation.knock_out(opened, [0, 3]).shape == y.shape
    True
    """
    return opened.log_odds(gates=_shut(opened.gates, _units(opened, units)))


def unit_importance(opened):
    """How far the log-odds move, on average, when the gate of one unit is shut.

    Parameters
    ----------
    opened : Opened
        A network with a gate, and spectra.

    Returns
    -------
    ndarray, shape (hidden_dim,)
        Mean absolute change over the spectra.

    Raises
    ------
    RuntimeError
        If the network has no gate.

    Examples
    --------
    >>> from maldinb import MaldiMLPClassifier, binary_labels, interpretation, load_simulated
    >>> X, y = binary_labels(load_simulated(n_spectra=60, bin_width=50))
    >>> opened = interpretation.Opened(MaldiMLPClassifier(epochs=2, hidden_dim=16).fit(X, y), X)
    >>> interpretation.unit_importance(opened).shape
    (16,)
    """
    gates, plain = opened.gates, opened.log_odds()
    return np.array(
        [np.abs(opened.log_odds(gates=_shut(gates, unit)) - plain).mean() for unit in range(gates.shape[1])]
    )


def knock_out_table(opened, y, ranking, *, counts=None, n_draws=20, random_state=0):
    """The AUROC that is lost with the first units of a ranking, beside that lost with as many random ones.

    Parameters
    ----------
    opened : Opened
        A network with a gate, and held-out spectra. The ranking must not have been made with their labels.
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

    Examples
    --------
    >>> from maldinb import MaldiMLPClassifier, binary_labels, interpretation, load_simulated
    >>> X, y = binary_labels(load_simulated(n_spectra=60, bin_width=50))
    >>> opened = interpretation.Opened(MaldiMLPClassifier(epochs=2, hidden_dim=16).fit(X, y), X)
    >>> ranking = (-interpretation.unit_importance(opened)).argsort()
    >>> interpretation.knock_out_table(opened, y, ranking, counts=[4]).columns.tolist()
    ['ranked', 'random', 'low', 'high']
    """
    ranking, gates = _units(opened, ranking, "ranking"), opened.gates
    n_draws = whole(n_draws, "n_draws", 1)
    y = checks.targets(y, len(opened.rows))
    counts = [n for n in (1, 4, 16, 64) if n <= len(ranking)] if counts is None else counts
    counts = [whole(count, "a count of units", 1) for count in counts]
    if counts and max(counts) > len(ranking):
        raise ValueError(f"{max(counts)} units cannot be shut: the ranking has {len(ranking)}")
    rng, plain = np.random.default_rng(random_state), auroc(y, levelled(opened.log_odds()))

    def change(units):
        return auroc(y, levelled(opened.log_odds(gates=_shut(gates, units)))) - plain

    rows = {}
    for count in counts:
        drawn = [change(rng.choice(gates.shape[1], count, replace=False)) for _ in range(n_draws)]
        low, high = np.quantile(drawn, [0.025, 0.975])
        rows[count] = {"ranked": change(ranking[:count]), "random": np.mean(drawn), "low": low, "high": high}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("units shut")


def _shut(gates, units):
    shut = gates.copy()
    shut[:, units] = 0
    return shut


def _units(opened, units, name="units"):
    """Numbers of hidden units as an array, or what is wrong with them."""
    width, units = opened.gates.shape[1], np.atleast_1d(np.asarray(units))
    if units.ndim != 1 or not len(units) or units.dtype.kind not in "iu":
        raise ValueError(f"{name} is a list of whole numbers, those of hidden units, and not empty")
    if units.min() < 0 or units.max() >= width:
        wrong = units[(units < 0) | (units >= width)][0]
        raise ValueError(f"{name}: there is no unit {wrong}; the network has {width} hidden units, 0-{width - 1}")
    if len(np.unique(units)) < len(units):
        raise ValueError(f"{name} names a unit twice")
    return units
