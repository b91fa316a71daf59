"""Maps of the first layer: how large its weights are, counted as the gates have it. None of them asks the head."""

import numpy as np

from ..evaluation import checks


def weight_norm(opened, windows=None):
    """How large a bin's weights in the first layer are: the norm of its column, whatever the rest of the network does.

    Parameters
    ----------
    opened : Opened
    windows : Windows, optional
        Weights are first summed over the window around each bin.

    Returns
    -------
    ndarray, shape (n_bins,)
        With the sign of the sum of the weights.

    Examples
    --------
    >>> from maldinb import MaldiMLPClassifier, binary_labels, interpretation, load_simulated
    >>> X, y = binary_labels(load_simulated(n_spectra=60, bin_width=50))
    >>> opened = interpretation.Opened(MaldiMLPClassifier(epochs=2, hidden_dim=16).fit(X, y), X)
    >>> interpretation.weight_norm(opened, interpretation.Windows(X.columns.astype(float), 100.0)).shape
    (360,)
    """
    weights = _weights(opened, windows)
    return np.copysign(np.linalg.norm(weights, axis=0), weights.sum(axis=0))


def gate_weighted_projection(opened, windows=None):
    """The published idea of a map: weights of the projection, each unit counted as far as its gate is open.

    ``sum over units of mean gate x abs(weight)``; with the sign of the sum without the absolute value: whether the bin
    raises the gated units on the whole. What the head makes of them, this does not know.

    Parameters
    ----------
    opened : Opened
        With a gate.
    windows : Windows, optional
        Weights are first summed over the window around each bin.

    Returns
    -------
    ndarray, shape (n_bins,)

    Raises
    ------
    RuntimeError
        If the network has no gate.

    Examples
    --------
    >>> from maldinb import MaldiMLPClassifier, binary_labels, interpretation, load_simulated
    >>> X, y = binary_labels(load_simulated(n_spectra=60, bin_width=50))
    >>> opened = interpretation.Opened(MaldiMLPClassifier(epochs=2, hidden_dim=16).fit(X, y), X)
    >>> interpretation.gate_weighted_projection(opened).shape
    (360,)
    """
    return _weighted(opened, opened.gates.mean(axis=0), windows)


def gate_difference_projection(opened, y, windows=None):
    """The same with the difference between the mean gates of R and S: the bins behind gates that differ.

    ``sum over units of abs(difference x weight)``, with the sign of ``sum of difference x weight``.

    Parameters
    ----------
    opened : Opened
        With a gate.
    y : array_like of {0, 1}, shape (n_spectra,)
        1 for resistant, or for spectra of the target.
    windows : Windows, optional
        Weights are first summed over the window around each bin.

    Returns
    -------
    ndarray, shape (n_bins,)

    Raises
    ------
    RuntimeError
        If the network has no gate.
    ValueError
        If there is only one label.

    Examples
    --------
    >>> from maldinb import MaldiMLPClassifier, binary_labels, interpretation, load_simulated
    >>> X, y = binary_labels(load_simulated(n_spectra=60, bin_width=50))
    >>> opened = interpretation.Opened(MaldiMLPClassifier(epochs=2, hidden_dim=16).fit(X, y), X)
    >>> interpretation.gate_difference_projection(opened, y).shape
    (360,)
    """
    y, gates = checks.targets(y, len(opened.rows)), opened.gates
    return _weighted(opened, gates[y == 1].mean(axis=0) - gates[y == 0].mean(axis=0), windows)


def _weights(opened, windows):
    return opened.weights if windows is None else windows.around(opened.weights)


def _weighted(opened, unit_weights, windows):
    weights = unit_weights[:, None] * _weights(opened, windows)
    return np.copysign(np.abs(weights).sum(axis=0), weights.sum(axis=0))
