"""What every function of this room asks of its input; the messages say what to do."""

import numpy as np
import pandas as pd

NAMES = {1: "resistant (1)", 0: "susceptible (0)"}


def targets(y, n=None, *, both=True, where=""):
    """What a model is to learn as an array: 1 for resistant, 0 for susceptible.

    Parameters
    ----------
    y : array_like, shape (n,)
    n : int, optional
        How many there must be.
    both : bool
        Whether both have to occur.
    where : str
        What the message adds, such as " in Rome".

    Returns
    -------
    ndarray of int, shape (n,)

    Raises
    ------
    ValueError
        If their number is wrong, a value is missing or neither 0 nor 1, or if only one of them occurs.
    """
    values = np.asarray(y)
    if values.ndim != 1 or not len(values):
        raise ValueError(f"y is one column of 0 and 1, not an array of shape {values.shape}")
    if n is not None and len(values) != n:
        raise ValueError(f"there are {n} spectra and {len(values)} labels")
    if pd.isna(values).any():
        raise ValueError(f"{pd.isna(values).sum()} labels are missing; binary_labels() leaves such spectra out")
    if not np.isin(values, [0, 1]).all():
        found = ", ".join(map(repr, pd.unique(values)[:4].tolist()))
        raise ValueError(f"y holds 1 for resistant and 0 for susceptible, not {found}; see binary_labels()")
    values = values.astype(int)
    if both and values.min() == values.max():
        raise ValueError(
            f"all {len(values)} spectra{where} are {NAMES[int(values[0])]}; this takes both kinds, "
            f"resistant and susceptible"
        )
    return values


def targets_of(X, y):
    """What a model is to learn from the rows of a table: as `targets`, and one for each row.

    Raises
    ------
    ValueError
        As `targets`, or if there is not one label for each row.
    """
    values = targets(y)
    if len(X) != len(values):
        raise ValueError(f"X has {len(X)} rows, but there are {len(values)} labels")
    return values


def gives_probabilities(estimator, where=""):
    """Refuse a model without probabilities; `where` begins the message.

    Raises
    ------
    ValueError
    """
    if not hasattr(estimator, "predict_proba"):
        raise ValueError(f"{where}{type(estimator).__name__} has no predict_proba, which P(R) is taken from")


def scores(score, n, *, probability=True, name="score"):
    """Scores as an array of finite numbers.

    Parameters
    ----------
    score : array_like, shape (n,)
    n : int
        How many there must be.
    probability : bool
        Whether they have to lie within 0 and 1.
    name : str
        For the message.

    Returns
    -------
    ndarray of float, shape (n,)

    Raises
    ------
    ValueError
        If their number, shape or values are not as they should be.
    """
    try:
        values = np.asarray(score, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"{name} has to be numbers, one for each spectrum") from None
    if values.ndim == 2 and values.shape[1] == 2:
        raise ValueError(f"{name} has two columns; give P(R) only, predict_proba(X)[:, 1]")
    if values.shape != (n,):
        raise ValueError(f"{name} has shape {values.shape}, but there are {n} labels")
    if not np.isfinite(values).all():
        i = int(np.argmin(np.isfinite(values)))
        raise ValueError(f"{name} is {values[i]} at position {i}; every value must be a finite number")
    if probability and (values.min() < 0 or values.max() > 1):
        raise ValueError(
            f"{name} must be probabilities from 0 to 1, but runs from {values.min():.3g} to {values.max():.3g}"
        )
    return values


def batches(batch, n):
    """Batches as an array of str.

    Parameters
    ----------
    batch : array_like, shape (n,)
    n : int
        How many there must be.

    Returns
    -------
    ndarray of str, shape (n,)

    Raises
    ------
    ValueError
        If their number is wrong, or a batch is missing or empty.
    """
    values = np.asarray(batch, dtype=object)
    if values.shape != (n,):
        raise ValueError(f"batch has shape {values.shape}, but there are {n} spectra")
    unknown = pd.isna(values) | np.array([str(v).strip() == "" for v in values], dtype=bool)
    if unknown.any():
        raise ValueError(f"{unknown.sum()} spectra have no batch (the first at position {int(np.argmax(unknown))})")
    return values.astype(str)


def isolates(isolate, n):
    """Number of the isolate that each spectrum belongs to, from 0. Where it is unknown, a spectrum is its own isolate.

    Parameters
    ----------
    isolate : array_like, shape (n,), optional
    n : int
        How many there must be.

    Returns
    -------
    ndarray of int, shape (n,)

    Raises
    ------
    ValueError
        If their number is wrong.
    """
    if isolate is None:
        return np.arange(n)
    values = np.asarray(isolate, dtype=object)
    if values.shape != (n,):
        raise ValueError(f"isolate has shape {values.shape}, but there are {n} spectra")
    codes = pd.factorize(values)[0]  # -1 where missing
    unknown = codes < 0
    codes[unknown] = codes.max(initial=-1) + 1 + np.arange(unknown.sum())
    return codes


def by_isolate(y, score, isolate):
    """One row for each isolate: its label, and the mean score of its spectra.

    Parameters
    ----------
    y : ndarray of {0, 1}, shape (n,)
    score : ndarray, shape (n,)
    isolate : array_like, shape (n,), optional
        As for `isolates`. An isolate whose spectra have both labels counts as two.

    Returns
    -------
    y, score : ndarray, shape (n_isolates,)

    Raises
    ------
    ValueError
        If their number is wrong.
    """
    if isolate is None:
        return y, score
    _, first, number = np.unique(2 * isolates(isolate, len(y)) + y, return_index=True, return_inverse=True)
    return y[first], np.bincount(number, weights=score) / np.bincount(number)


def scored(y, score, isolate=None, *, both=True, probability=True):
    """Labels and scores of isolates, from those of spectra.

    Parameters
    ----------
    y, both
        As for `targets`.
    score, probability
        As for `scores`.
    isolate : array_like, shape (n,), optional
        As for `by_isolate`.

    Returns
    -------
    y, score : ndarray, shape (n_isolates,)

    Raises
    ------
    ValueError
        As these three.
    """
    y = targets(y, both=both)
    return by_isolate(y, scores(score, len(y), probability=probability), isolate)
