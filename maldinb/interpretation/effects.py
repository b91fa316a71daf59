"""How large is the difference of gates between R and S, and how large would it have to be to be seen?

A count of gates that "separate" depends on the number of spectra: with few, even real differences stay below the noise.
"""

import numpy as np
import pandas as pd
from scipy.stats import norm

from ..arguments import fraction
from ..evaluation import checks
from .gates import aligned, gate_effects


def typical_effect(gates, y, batch, *, isolate=None, within_batch=True):
    """How well a typical gate tells R from S, less what chance makes of gates that know nothing.

    Parameters
    ----------
    gates : array_like, shape (n_spectra, hidden_dim)
    y : array_like of {0, 1}, shape (n_spectra,)
        1 for resistant.
    batch : array_like of str, shape (n_spectra,)
        Batch (hospital, instrument, year) of each spectrum.
    isolate : array_like, shape (n_spectra,), optional
        Isolate of each spectrum; repeats count as one.
    within_batch : bool
        False takes all spectra for one batch.

    Returns
    -------
    Series
        ``observed``, the root mean square of `gate_effects` over the units; ``by chance``, that of gates that know
        nothing; ``beyond chance``, ``sqrt(observed**2 - by chance**2)``, or 0 where chance alone explains more. All in
        units of the AUROC, as distances from 1/2.

    Raises
    ------
    ValueError
        If no batch has both labels, or the input is malformed.

    Examples
    --------
    >>> y, batch = np.arange(80) % 2, ["Rome"] * 80
    >>> gates = 0.4 + 0.2 * np.random.default_rng(0).random((80, 300))
    >>> typical_effect(gates, y, batch).round(2).to_dict()
    {'observed': 0.06, 'by chance': 0.06, 'beyond chance': 0.0}
    """
    gates, y, batch = aligned(gates, y, batch, isolate, within_batch)
    observed = np.sqrt((gate_effects(gates, y, batch) ** 2).mean())
    by_chance = chance_effect(y, batch)
    beyond = np.sqrt(max(observed**2 - by_chance**2, 0))
    return pd.Series({"observed": observed, "by chance": by_chance, "beyond chance": beyond})


def chance_effect(y, batch):
    """Standard deviation of `gate_effects` for a gate that knows nothing, without ties.

    Parameters
    ----------
    y : array_like of {0, 1}, shape (n,)
    batch : array_like of str, shape (n,)

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If no batch has both labels.

    References
    ----------
    Mann and Whitney 1947, doi:10.1214/aoms/1177730491

    Examples
    --------
    >>> round(chance_effect([0, 1] * 50, ["Rome"] * 100), 3)
    0.058
    """
    y = checks.targets(y)
    counts = pd.crosstab(checks.batches(batch, len(y)), y)
    s, r = counts[counts.all(axis=1)].to_numpy().T
    if not len(r):
        raise ValueError("no batch has both resistant and susceptible spectra; there is nothing to compare within one")
    weight, variance = r * s / (r * s).sum(), (r + s + 1) / (12 * r * s)
    return float(np.sqrt((weight**2 * variance).sum()))


def detectable_effect(y, batch, *, p, power=0.5):
    """The effect that a two-sided test finds with a given probability: what "not seen" leaves open.

    Parameters
    ----------
    y, batch : array_like, shape (n,)
        Of the spectra that are tested.
    p : float
        The p-value that counts as found. For one of many gates that is the cutoff which the false discovery rate
        leaves, not 0.05.
    power : float
        How often such an effect is found.

    Returns
    -------
    float
        Distance of the AUROC from 1/2, by a normal approximation with the variance of a gate that knows nothing.
        Infinite where there are so few spectra that not even a perfect gate is found so often.

    Raises
    ------
    ValueError
        If a probability is not between 0 and 1, or no batch has both labels.

    Examples
    --------
    >>> y, batch = [0, 1] * 50, ["Rome"] * 100
    >>> round(detectable_effect(y, batch, p=0.05), 2), round(detectable_effect(y, batch, p=0.002, power=0.8), 2)
    (0.11, 0.23)
    """
    p, power = fraction(p, "p"), fraction(power, "power")
    effect = float(chance_effect(y, batch) * (norm.isf(p / 2) + norm.ppf(power)))
    return effect if effect <= 0.5 else np.inf


def best_gate(train, test):
    """The gate that separates best on one set of spectra, judged on another.

    The best of many on the spectra that it was chosen on is good by luck as well; on others, that part is gone.

    Parameters
    ----------
    train, test : array_like, shape (hidden_dim,)
        `gate_effects` of the same network on both sets.

    Returns
    -------
    Series
        ``unit``; ``chosen on``, its AUROC where it was chosen; ``held out``, that on the others. Where a gate is lower
        in R, it is taken the other way round.

    Raises
    ------
    ValueError
        If the two are not of one network.

    Examples
    --------
    >>> best_gate([0.1, -0.4], [0.2, -0.15]).to_dict()
    {'unit': 1.0, 'chosen on': 0.9, 'held out': 0.65}
    """
    train, test = np.asarray(train, float), np.asarray(test, float)
    if train.ndim != 1 or train.shape != test.shape or not len(train):
        raise ValueError(f"effects of the same units are compared, not of shapes {train.shape} and {test.shape}")
    unit = int(np.abs(train).argmax())
    sign = np.sign(train[unit]) or 1.0
    return pd.Series({"unit": unit, "chosen on": 0.5 + sign * train[unit], "held out": 0.5 + sign * test[unit]})
