"""How the gates are spread, and which of them differ between resistant and susceptible spectra."""

import numpy as np
import pandas as pd
from scipy.stats import false_discovery_control, rankdata

from ..arguments import fraction, whole
from ..evaluation import checks


def gate_summary(gates):
    """How far gates are spread, over all, between units and between spectra.

    Parameters
    ----------
    gates : array_like, shape (n_spectra, hidden_dim)
        As from `MaldiMLPClassifier.get_attention_weights`; at least two spectra.

    Returns
    -------
    Series
        ``mean`` and ``sd`` of all gates; ``sd between units``, of the units' means; ``sd between spectra``, the
        typical (root mean square) standard deviation of one unit over the spectra; ``share between spectra``, the part
        of the variance that is not a constant of the unit, from 0 to 1; quantiles ``1 %`` and ``99 %``; ``within
        .4-.6``, a share.

    Raises
    ------
    ValueError
        If there are fewer than two spectra, or numbers outside 0-1.

    Examples
    --------
    >>> gate_summary([[0.2, 0.8], [0.4, 0.8]])[["mean", "sd between units"]].round(2).tolist()
    [0.55, 0.25]
    """
    gates = check_gates(gates)
    between_spectra = np.sqrt(gates.var(axis=0).mean())
    total = gates.var()
    low, high = np.quantile(gates, [0.01, 0.99])
    return pd.Series(
        {
            "mean": gates.mean(),
            "sd": np.sqrt(total),
            "sd between units": gates.mean(axis=0).std(),
            "sd between spectra": between_spectra,
            "share between spectra": between_spectra**2 / total if total > 0 else 0.0,
            "1 %": low,
            "99 %": high,
            "within .4-.6": ((gates >= 0.4) & (gates <= 0.6)).mean(),
        }
    )


def gate_effects(gates, y, batch):
    """How well each unit's gate tells R from S within a batch.

    ``E_j = sum over batches of w_b (AUROC_jb - 1/2)``, where ``w_b`` is the batch's share of all pairs of an R and an S
    of the same batch. It is 0 for a gate that knows nothing or only the batch, 1/2 if it is always higher in R, -1/2 if
    it is always lower.

    Parameters
    ----------
    gates : array_like, shape (n_spectra, hidden_dim)
    y : array_like of {0, 1}, shape (n_spectra,)
        1 for resistant.
    batch : array_like of str, shape (n_spectra,)
        Batch (hospital, instrument, year) of each spectrum. A batch with one label has no pairs, and no weight.

    Returns
    -------
    ndarray, shape (hidden_dim,)

    Raises
    ------
    ValueError
        If no batch has both labels, or the input is malformed.

    Examples
    --------
    >>> gate_effects([[0.1, 0.6], [0.2, 0.6], [0.8, 0.6]], [0, 0, 1], ["Rome"] * 3).tolist()
    [0.5, 0.0]
    """
    return effects_of(*aligned(gates, y, batch))


def effects_of(values, y, batch):
    """`gate_effects` of whatever numbers, checked or made by whoever calls."""
    return _effects(_batch_ranks(values, y, batch), y[None])[0]


def separating_gates(
    gates, y, batch, *, isolate=None, within_batch=True, n_permutations=1000, alpha=0.05, random_state=0
):
    """Which gates differ between R and S by more than chance would make them.

    The effect of `gate_effects` is held against those of permuted labels. Labels change places *within* each batch
    only: R is more frequent in some batches, so that a gate that recognises a batch would otherwise pass for one that
    recognises resistance. Gates are many; the p-values are corrected for the false discovery rate.

    Parameters
    ----------
    gates : array_like, shape (n_spectra, hidden_dim)
        Of spectra that the network was not trained on: on training spectra nearly everything separates.
    y : array_like of {0, 1}, shape (n_spectra,)
        1 for resistant.
    batch : array_like of str, shape (n_spectra,)
        Batch (hospital, instrument, year) of each spectrum.
    isolate : array_like, shape (n_spectra,), optional
        Isolate of each spectrum. Repeats of an isolate with the same label and batch count as one, with the mean of
        their gates.
    within_batch : bool
        False takes all spectra for one batch, in effect and permutation: the mistake, to see what it does.
    n_permutations : int
        At least 100. No p-value is below ``1 / (n_permutations + 1)``.
    alpha : float
        False discovery rate below which a gate counts as separating, between 0 and 1.
    random_state : int

    Returns
    -------
    DataFrame
        A row for each unit: ``effect``; ``p``, two-sided, ``(1 + permutations at least as large) / (1 +
        permutations)``; ``q``, the false discovery rate of calling this gate and all clearer ones separating;
        ``separates``, whether ``q < alpha``.

    Raises
    ------
    ValueError
        If no batch has both labels, or an argument is out of range.

    References
    ----------
    False discovery rate: Benjamini and Hochberg 1995, doi:10.1111/j.2517-6161.1995.tb02031.x. Why p is never 0: Phipson
    and Smyth 2010, doi:10.2202/1544-6115.1585.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> y, batch = np.arange(80) % 2, ["Rome"] * 50 + ["Milan"] * 30
    >>> gates = 0.4 + 0.2 * rng.random((80, 3)) + [0.2, 0, 0] * y[:, None]  # the first is more open in R
    >>> separating_gates(gates, y, batch)["separates"].tolist()
    [True, False, False]
    """
    gates, y, batch = aligned(gates, y, batch, isolate, within_batch)
    n_permutations, alpha = whole(n_permutations, "n_permutations", 100), fraction(alpha, "alpha")
    batches = _batch_ranks(gates, y, batch)
    effect = _effects(batches, y[None])[0]
    rng, larger = np.random.default_rng(random_state), np.zeros(len(effect))
    for first in range(0, n_permutations, 200):  # a few at a time: memory
        permuted = np.tile(y, (min(200, n_permutations - first), 1))
        for _, rows, _ in batches:
            permuted[:, rows] = rng.permuted(permuted[:, rows], axis=1)
        larger += (np.abs(_effects(batches, permuted)) >= np.abs(effect) - 1e-9).sum(axis=0)
    p = (1 + larger) / (1 + n_permutations)
    q = false_discovery_control(p)
    return pd.DataFrame({"effect": effect, "p": p, "q": q, "separates": q < alpha}).rename_axis("unit")


def shuffled_within_batch(y, batch, *, random_state=0):
    """Labels that have changed places within each batch: what is left to learn from them is the batch.

    Parameters
    ----------
    y : Series or array_like of {0, 1}, shape (n,)
    batch : array_like of str, shape (n,)
    random_state : int

    Returns
    -------
    Series or ndarray, as `y`
        Every batch has as many of each label as before.

    Raises
    ------
    ValueError
        If the input is malformed.

    Examples
    --------
    >>> shuffled_within_batch([1, 0, 0, 1], ["Rome", "Rome", "Milan", "Milan"])[:2].sum()
    np.int64(1)
    """
    values, batch = checks.targets(y).copy(), checks.batches(batch, len(y))
    rng = np.random.default_rng(random_state)
    for one in sorted(set(batch)):
        values[batch == one] = rng.permutation(values[batch == one])
    return pd.Series(values, index=y.index, name=y.name) if isinstance(y, pd.Series) else values


def check_gates(gates):
    """Gates as an array of float64.

    Raises
    ------
    ValueError
        If they are not a table of numbers from 0 to 1 with at least two rows.
    """
    gates = np.asarray(gates, float)
    if gates.ndim != 2 or len(gates) < 2 or not gates.shape[1]:
        raise ValueError(f"gates is an array of spectra x units with at least two spectra, not of shape {gates.shape}")
    if not ((gates >= 0) & (gates <= 1)).all():
        raise ValueError("gates lie between 0 and 1; see get_attention_weights()")
    return gates


def aligned(gates, y, batch, isolate=None, within_batch=True):
    """Gates, labels and batches, checked: a row for each isolate if these are given, and one batch if that is asked."""
    gates, y = check_gates(gates), checks.targets(y)
    if len(gates) != len(y):
        raise ValueError(f"there are gates of {len(gates)} spectra and {len(y)} labels")
    batch = checks.batches(batch, len(y))
    gates, y, batch = mean_of_isolates(gates, y, batch, checks.isolates(isolate, len(y)))
    return gates, y, batch if within_batch else np.full(len(y), "all")


def mean_of_isolates(gates, y, batch, isolate):
    """One row for each isolate x batch x label."""
    table = pd.DataFrame({"isolate": isolate, "batch": batch, "y": y})
    one = table.groupby(["isolate", "batch", "y"]).ngroup().to_numpy()
    if one.max() + 1 == len(one):
        return gates, y, batch
    means = pd.DataFrame(gates).groupby(one).mean().to_numpy()
    _, first = np.unique(one, return_index=True)
    return means, y[first], batch[first]


def _batch_ranks(gates, y, batch):
    """For each batch with both labels: its weight, its rows, and the ranks of each gate among them."""
    batches = []
    for one in sorted(set(batch)):
        rows = np.flatnonzero(batch == one)
        pairs = y[rows].sum() * (1 - y[rows]).sum()
        if pairs:
            batches.append((pairs, rows, rankdata(gates[rows], axis=0)))
    if not batches:
        raise ValueError("no batch has both resistant and susceptible spectra; there is nothing to compare within one")
    total = sum(pairs for pairs, _, _ in batches)
    return [(pairs / total, rows, ranks) for pairs, rows, ranks in batches]


def _effects(batches, y):
    """Effects for labels of shape (n_permutations, n): (n_permutations, hidden_dim)."""
    effects = 0
    for weight, rows, ranks in batches:
        here = y[:, rows].astype(float)
        n_r = here.sum(axis=1, keepdims=True)
        n_s = len(rows) - n_r
        auroc = (here @ ranks - n_r * (n_r + 1) / 2) / (n_r * n_s)  # Mann and Whitney
        effects = effects + weight * (auroc - 0.5)
    return effects
