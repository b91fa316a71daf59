"""Does resistance show in the same peaks everywhere? It can be seen before any cure is tried, and without the truth."""

from itertools import combinations_with_replacement

import numpy as np
import pandas as pd

from ..arguments import positive, whole
from ..evaluation import checks
from ..interpretation.gates import mean_of_isolates
from ..interpretation.windows import Windows
from ..preprocessing import middles
from .judging import WINDOW

FEWEST = 4  # isolates of each label in a batch, so that each half has two


def effect_profiles(X, y, batch, isolate=None, mz=None, *, window=None, below=10_000.0):
    """How much more intensity R has than S in each bin, in each batch on its own.

    Parameters
    ----------
    X : DataFrame or array_like, shape (n, n_bins)
    y : array_like of {0, 1}, shape (n,)
        1 for resistant.
    batch : array_like of str, shape (n,)
        Batch (hospital, instrument, year) of each spectrum.
    isolate : array_like, shape (n,), optional
        Isolate of each spectrum; repeats count as one, with their mean.
    mz : array_like, shape (n_bins,), optional
        In Da, rising: lower edges of bins, or positions of peaks. Without, each column stands for itself.
    window : float, optional
        In Da. Intensity is summed over it first, since a peak is wider than a bin. By default 15, or one bin where bins
        are wider.
    below : float
        In Da. Bins from there on are left out: spectra have few peaks there, and what most bins hold is noise, which
        only dilutes an agreement. Not used without `mz`.

    Returns
    -------
    DataFrame, shape (n_bins, n_batches)
        Mean of R less mean of S, in standard deviations within the labels of that batch (Cohen's d); 0 where a bin does
        not vary. Indexed by m/z. Batches with fewer than 4 isolates of a label are left out.

    Raises
    ------
    ValueError
        If no batch has 4 isolates of each label, or the input is malformed.

    Examples
    --------
    >>> rng, y = np.random.default_rng(0), np.arange(200) % 2
    >>> X = rng.normal(size=(200, 3)) + y[:, None] * [0, 5, 0]
    >>> effect_profiles(X, y, np.repeat(["Milan", "Rome"], 100)).loc[1].gt(4).to_dict()
    {'Milan': True, 'Rome': True}
    """
    parts, index = _batches(X, y, batch, isolate, mz, window, below)
    profiles = {name: (_weights(label[None] == 1) - _weights(label[None] == 0)) @ rows for name, rows, label in parts}
    return pd.DataFrame({name: profile[0] for name, profile in profiles.items()}, index)


def profile_agreement(
    X, y, batch, isolate=None, mz=None, *, window=None, below=10_000.0, n_halvings=100, random_state=0
):
    """Do the R-less-S profiles of two batches agree as well as those of two halves of one batch?

    Isolates of each batch are halved at random, R and S separately. Where resistance shows in the same peaks, a half of
    one batch agrees with a half of another as well as with the other half of its own, up to chance. Cures can help
    then. Where it shows in other peaks, no correction of spectra brings together what is different.

    Parameters
    ----------
    X, y, batch, isolate, mz, window, below
        As in `effect_profiles`.
    n_halvings : int
        At least 10.
    random_state : int
        Seed of the halvings.

    Returns
    -------
    DataFrame
        A row for each pair of batches, ``batch`` and ``other``, which are the same where two halves of one batch are
        compared:

        correlation, low, high
            Pearson's r of two halves' profiles: the mean, and what holds 95 % of the halvings.
        ceiling
            What r would be on average if the two profiles were the same but for chance: the geometric mean of the rs
            within both batches. Few isolates lower it and r alike. It is NaN where the ``low`` of halves of either
            batch is not above 0: what does not agree with itself may agree with anything.
        of ceiling
            r divided by its ceiling: an estimate of the correlation of the profiles without chance.
        R, S, other R, other S
            Isolates in a half of each.

        Batches with fewer than 4 isolates of a label are left out.

    Raises
    ------
    ValueError
        If fewer than two batches have 4 isolates of each label, or an argument is malformed.

    Notes
    -----
    Dividing by the spread within labels and leaving out the heavy end are what tells shared resistance peaks from local
    ones in simulations; the width of the window hardly matters.

    All halves are compared at their own size, so no correction for length is needed. The interval is that of one
    halving, and wider than the uncertainty of their mean: in simulations r varied half as much between seeds. It is no
    test. High values say that *something* that goes with resistance is shared: clones, for example, do it as well as
    genes.

    References
    ----------
    Attenuation of a correlation by noise: Spearman 1904, doi:10.2307/1412159

    Examples
    --------
    >>> rng, y, batch = np.random.default_rng(0), np.arange(200) % 2, np.repeat(["Milan", "Rome"], 100)
    >>> X = rng.normal(size=(200, 50)) + y[:, None] * np.linspace(-1, 1, 50)
    >>> table = profile_agreement(X, y, batch)
    >>> table[["batch", "other", "R", "S"]]
       batch  other   R   S
    0  Milan  Milan  25  25
    1  Milan   Rome  25  25
    2   Rome   Rome  25  25
    >>> bool(table.loc[1, "of ceiling"] > 0.9)
    True
    """
    rng, n_halvings = np.random.default_rng(random_state), whole(n_halvings, "n_halvings", 10)
    parts, _ = _batches(X, y, batch, isolate, mz, window, below)
    if len(parts) < 2:
        raise ValueError(f"only {parts[0][0]} has {FEWEST} isolates of each label; profiles of two are compared")
    halves, counts = {}, {}
    for name, rows, label in parts:
        chosen = _halvings(label, n_halvings, rng)
        counts[name] = int((chosen[0, 0] & (label == 1)).sum()), int((chosen[0, 0] & (label == 0)).sum())
        halves[name] = [_standard((_weights(h & (label == 1)) - _weights(h & (label == 0))) @ rows) for h in chosen]
    rows = []
    for one, other in combinations_with_replacement(halves, 2):
        r = (halves[one][0] * halves[other][one == other]).sum(axis=1)
        rows.append((one, other, r.mean(), *np.quantile(r, [0.025, 0.975]), *counts[one], *counts[other]))
    names = ["batch", "other", "correlation", "low", "high", "R", "S", "other R", "other S"]
    table = pd.DataFrame(rows, columns=names)
    itself = table[table["batch"] == table["other"]].set_index("batch")
    itself = itself["correlation"].where(itself["low"] > 0)
    ceiling = np.sqrt(table["batch"].map(itself) * table["other"].map(itself))
    table.insert(5, "ceiling", ceiling)
    table.insert(6, "of ceiling", table["correlation"] / ceiling)
    return table


def _batches(X, y, batch, isolate, mz, window, below):
    """(name, rows, labels) of each batch, one row for each isolate, in standard deviations within labels; the index."""
    rows, y = np.asarray(X, float), checks.targets(y)
    if rows.ndim != 2 or len(rows) != len(y):
        raise ValueError(f"X is an array of spectra x bins, one row for each of {len(y)} labels; it is {rows.shape}")
    batch, isolate = checks.batches(batch, len(y)), checks.isolates(isolate, len(y))
    if mz is not None and window is None:
        window = max(WINDOW, middles(mz)[1])
    rows, index = Windows(mz, window).around(rows), pd.RangeIndex(rows.shape[1])
    if mz is not None:
        light = np.asarray(mz) < positive(below, "below", what="a mass in Da")
        if light.sum() < 2:
            raise ValueError(f"below {below:g} Da there is no profile to compare: the columns begin at {mz[0]:g} Da")
        rows, index = rows[:, light], pd.Index(np.asarray(mz)[light], name="m/z")
    rows, y, batch = mean_of_isolates(rows, y, batch, isolate)
    parts = []
    for name in sorted(set(batch.tolist())):
        mine, label = rows[batch == name], y[batch == name]
        if min(label.sum(), (1 - label).sum()) < FEWEST:
            continue
        means = np.stack([mine[label == 0].mean(axis=0), mine[label == 1].mean(axis=0)])
        deviation = np.sqrt(((mine - means[label]) ** 2).sum(axis=0) / (len(label) - 2))
        varies = deviation > 1e-9 * np.abs(mine).max(initial=0)
        parts.append((name, np.divide(mine, deviation, out=np.zeros_like(mine), where=varies), label))
    if not parts:
        raise ValueError(f"no batch has {FEWEST} isolates of each label; profiles of fewer are chance")
    return parts, index


def _halvings(label, n, rng):
    """Two halves with the same numbers of R and of S each, n times: bool of shape (2, n, n_isolates)."""
    chosen = np.zeros((2, n, len(label)), dtype=bool)
    for one in (0, 1):
        members = np.flatnonzero(label == one)
        order, half = rng.permuted(np.tile(members, (n, 1)), axis=1), len(members) // 2
        np.put_along_axis(chosen[0], order[:, :half], True, axis=1)
        np.put_along_axis(chosen[1], order[:, half : 2 * half], True, axis=1)
    return chosen


def _weights(chosen):
    """Weights of rows that give the mean of those that are chosen."""
    return chosen / chosen.sum(axis=1, keepdims=True)


def _standard(profiles):
    """Profiles less their mean, of length 1, so that their product is Pearson's r; 0 for one that is constant."""
    centred = profiles - profiles.mean(axis=1, keepdims=True)
    length = np.sqrt((centred**2).sum(axis=1, keepdims=True))
    return np.divide(centred, length, out=np.zeros_like(centred), where=length > 0)
