"""What every function of this package asks of a classifier, and a look between the layers of its network."""

import copy
from typing import NamedTuple

import numpy as np
import torch
from sklearn.utils.validation import check_is_fitted

from ..evaluation import checks
from ..network.model import SpectralAttentionMLP
from ..network.threads import threads

#: Log-odds that do not differ in these decimals are equal, see `levelled`.
DECIMALS = 9


class Inside(NamedTuple):
    """Hidden units and gates of some spectra, each an array of shape (n_spectra, hidden_dim)."""

    hidden: np.ndarray
    gates: np.ndarray


def inside(clf, X):
    """Hidden units and gates of spectra.

    Parameters
    ----------
    clf : MaldiMLPClassifier
        Fitted, with a gate.
    X : array_like or DataFrame, shape (n_spectra, n_bins)

    Returns
    -------
    Inside
        ``hidden``, after ReLU and not yet gated, and ``gates``, each of shape (n_spectra, hidden_dim).

    Raises
    ------
    NotFittedError
        If the classifier is not fitted.
    RuntimeError
        If its network has no gate.
    ValueError
        If `X` has another number of bins than it was fitted on, or it was fitted on other labels than 0 and 1.
    """
    model = network(clf, gated=True)
    with torch.no_grad(), threads(clf.num_threads):
        hidden = model.project(clf.as_tensor(X))  # (n, hidden_dim)
        return Inside(hidden.numpy(), model.gate(hidden).numpy())


def log_odds(clf, hidden, gates):
    """What the rest of the network makes of hidden units and gates, wherever these come from.

    Parameters
    ----------
    clf : MaldiMLPClassifier
        Fitted, with a gate.
    hidden : array_like, shape (n_spectra, hidden_dim)
    gates : array_like, shape (n_spectra, hidden_dim), (hidden_dim,) or ()
        One number for all, one for each unit, or one for each unit of each spectrum.

    Returns
    -------
    ndarray of float64, shape (n_spectra,)
        ln(P(R) / P(S)).

    Raises
    ------
    ValueError
        If the shapes do not fit the network.
    RuntimeError
        If it has no gate.
    """
    model = network(clf, gated=True)
    hidden, gates = np.asarray(hidden, float), np.asarray(gates, float)
    width = width_of(model)
    if hidden.ndim != 2 or hidden.shape[1] != width:
        raise ValueError(f"hidden has shape {hidden.shape}, but the network has {width} hidden units")
    if gates.shape not in {(), (width,), hidden.shape}:
        raise ValueError(f"gates has shape {gates.shape}; it may be one number, {(width,)} or {hidden.shape}")
    with torch.no_grad(), threads(clf.num_threads):
        return odds(precise(model.classify)(torch.from_numpy(hidden * gates))).numpy()


def odds(logits):
    """Logits of two classes as log-odds of the second: (..., 2) -> (...)."""
    return logits[..., 1] - logits[..., 0]


def precise(module):
    """A copy in double precision."""
    return copy.deepcopy(module).double()


def levelled(score):
    """Log-odds less the first of them, without rounding errors.

    Where spectra are the same to the network but for these, their order is chance, and must not pass for an AUROC: as
    ties they score 1/2. In single precision such errors could not be told from the small differences between spectra
    that an untrained network makes; so log-odds that are to be levelled come from a `precise` one.
    """
    return np.round(np.asarray(score, float) - float(score[0]), DECIMALS)


def network(clf, *, gated=False):
    """The fitted network of a classifier of resistant (1) and susceptible (0) spectra.

    Parameters
    ----------
    clf : MaldiMLPClassifier
    gated : bool
        Whether it must have a gate.

    Returns
    -------
    SpectralAttentionMLP

    Raises
    ------
    TypeError, NotFittedError, ValueError, RuntimeError
        If it is no MaldiMLPClassifier, not fitted, was fitted on other labels than 0 and 1, or lacks a gate.
    """
    if not hasattr(clf, "get_attention_weights"):
        raise TypeError(f"this looks into a MaldiMLPClassifier, and {type(clf).__name__} is none")
    check_is_fitted(clf, "model_")
    if len(clf.classes_) != 2:
        raise ValueError(f"log-odds are those of two classes, and this classifier was fitted on {len(clf.classes_)}")
    if list(clf.classes_) != [0, 1]:  # "R" sorts before "S": every sign would be the wrong way round
        raise ValueError(
            f"fit the classifier on 1 for resistant and 0 for susceptible, as binary_labels() makes them; this one was "
            f"fitted on {', '.join(map(repr, clf.classes_.tolist()))}"
        )
    if gated and clf.model_.gate is None:
        raise RuntimeError("this network has no gates: it was fitted with use_attention=False. Fit one that has")
    return clf.model_


def width_of(model):
    """Number of hidden units."""
    return model.project[0].out_features


def behind_first_layer(model: SpectralAttentionMLP, sums):
    """From the weighted sums of the first layer to log-odds: (..., hidden_dim) -> (...).

    All that the network knows of a spectrum are these sums. Working behind them instead of at 6000 bins makes
    gradients and occlusion many times faster, and changes nothing else: before them everything is linear.
    """
    flat = sums.reshape(-1, sums.shape[-1])
    hidden = model.project[1:](flat)
    gated = hidden if model.gate is None else hidden * model.gate(hidden)
    return odds(model.classify(gated)).reshape(sums.shape[:-1])


def baseline_of(clf, X, baseline):
    """The spectrum that stands for "nothing here", as the network sees it: by default the mean of `X`.

    Raises
    ------
    ValueError
        If it is not one row of as many finite numbers.
    """
    if baseline is None:
        return clf.as_tensor(X).mean(dim=0, keepdim=True)
    row = np.asarray(baseline, float)
    if row.shape != (clf.n_features_in_,):
        raise ValueError(f"baseline has shape {row.shape}; it is one spectrum of {clf.n_features_in_} bins")
    if not np.isfinite(row).all():
        raise ValueError(f"baseline holds {(~np.isfinite(row)).sum()} numbers that are not finite")
    return clf.as_tensor(like(X, row[None]))


def like(X, rows):
    """Rows in the clothes of `X`: a DataFrame with its columns, or an array."""
    return type(X)(rows, columns=X.columns) if hasattr(X, "columns") else rows


def units_of(model, units, name="units"):
    """Numbers of hidden units as an array, or what is wrong with them.

    Raises
    ------
    ValueError
        If one does not exist or occurs twice, or none is given.
    """
    width, units = width_of(model), np.atleast_1d(np.asarray(units))
    if units.ndim != 1 or not len(units) or units.dtype.kind not in "iu":
        raise ValueError(f"{name} is a list of whole numbers, those of hidden units, and not empty")
    if units.min() < 0 or units.max() >= width:
        wrong = units[(units < 0) | (units >= width)][0]
        raise ValueError(f"{name}: there is no unit {wrong}; the network has {width} hidden units, 0-{width - 1}")
    if len(np.unique(units)) < len(units):
        raise ValueError(f"{name} names a unit twice")
    return units


def choice(value, choices, name):
    """One of the choices.

    Raises
    ------
    ValueError
        Lists them if it is not.
    """
    if not isinstance(value, str) or value not in choices:
        raise ValueError(f"{name} is one of {', '.join(map(repr, choices))}, not {value!r}")
    return value


def labels(y, X):
    """Labels of the rows of `X`, of both kinds.

    Raises
    ------
    ValueError
        If one kind is missing, or lengths differ.
    """
    y = checks.targets(y)
    if len(y) != len(X):
        raise ValueError(f"there are {len(X)} spectra and {len(y)} labels")
    return y
