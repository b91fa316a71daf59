"""The rule that makes a verdict of a mean difference and its spread: for one study, or for thousands at once."""

import numpy as np
from scipy.special import stdtr, stdtrit


def decide(mean, sd, n, ratio, rope, level):
    """Probabilities, p-values and verdicts of comparisons that were made on the same splits.

    Parameters
    ----------
    mean, sd : array_like, shape (..., n_comparisons)
        Of the differences over the splits. Holm's adjustment is made along the last axis.
    n : int
        Number of splits.
    ratio : float
        Test spectra for each training spectrum.
    rope, level : float
        As in `compare`.

    Returns
    -------
    dict of ndarray, shape (..., n_comparisons)
        ``better``, ``equivalent``, ``worse``, ``corrected_p``, ``holm_p``, ``resolution`` and ``verdict``, as in
        `compare`.
    """
    mean, sd = np.asarray(mean, dtype=float), np.asarray(sd, dtype=float)
    scale = sd * np.sqrt(1 / n + ratio)
    better, worse = above(rope - mean, scale, n - 1), above(rope + mean, scale, n - 1)
    p = 2 * above(np.abs(mean), scale, n - 1)
    result = {"better": better, "equivalent": np.maximum(0, 1 - better - worse), "worse": worse}
    result |= {"corrected_p": p, "holm_p": holm(p), "resolution": limit(scale, n, mean.shape[-1], rope, level)}
    shown = result["holm_p"] <= 1 - level
    cases = [(better >= level) & shown, (worse >= level) & shown, result["equivalent"] >= level]
    return result | {"verdict": np.select(cases, ["better", "worse", "equivalent"], "undecided")}


def limit(scale, n, n_comparisons, rope, level):
    """The mean difference from which on the verdict is "better", if all other differences are smaller."""
    beyond_rope, beyond_chance = stdtrit(n - 1, level), stdtrit(n - 1, 1 - (1 - level) / (2 * n_comparisons))
    return np.maximum(rope + beyond_rope * scale, beyond_chance * scale)


def holm(p):
    """Holm's adjusted p-values: the smallest times their number, the next times one less, and never falling."""
    p = np.asarray(p, dtype=float)
    order = np.argsort(p, axis=-1)
    ordered = np.take_along_axis(p, order, axis=-1) * np.arange(p.shape[-1], 0, -1)
    adjusted = np.empty_like(p)
    np.put_along_axis(adjusted, order, np.minimum(1, np.maximum.accumulate(ordered, axis=-1)), axis=-1)
    return adjusted


def above(distance, scale, df):
    """P(T > distance) of a Student distribution around 0. Without spread, all of it lies at 0, half on each side."""
    spread = scale > 0
    return np.where(spread, stdtr(df, -distance / np.where(spread, scale, 1)), np.heaviside(-distance, 0.5))
