"""From profiles to a short list of m/z: the largest places, how many networks share them, and charge states."""

import numpy as np
import pandas as pd

from ..arguments import positive, whole
from .windows import middles

PROTON = 1.00728  # Da


def largest_peaks(profile, mz, *, k=20, apart=12.0):
    """The largest values of a profile that are some way apart.

    Parameters
    ----------
    profile : array_like, shape (n_bins,)
        Signs do not count.
    mz : array_like, shape (n_bins,)
        Lower edges of the bins, in Da.
    k : int
        How many, at most.
    apart : float
        In Da. Of places nearer to one another than this, the largest stands for all.

    Returns
    -------
    ndarray of int
        Positions of the bins, the largest first. Bins of 0 are none.

    Raises
    ------
    ValueError
        If the input is malformed.

    Examples
    --------
    >>> largest_peaks([0, 5, 4, 0, -3, 0], 2000 + 10 * np.arange(6), k=2).tolist()
    [1, 4]
    """
    middle, size = middles(mz)[0], np.abs(np.asarray(profile, float))
    if size.shape != middle.shape or not np.isfinite(size).all():
        raise ValueError(f"profile holds one finite number for each of {len(middle)} bins; its shape is {size.shape}")
    k, apart = whole(k, "k", 1), positive(apart, "apart", what="a distance in Da")
    found = []
    for i in np.argsort(-size, kind="stable"):
        if len(found) == k or size[i] == 0:
            break
        if all(abs(middle[i] - middle[j]) > apart for j in found):
            found.append(int(i))
    return np.array(found, int)


def doubly_charged(mz, *, tolerance=6.0):
    """Which of some m/z may be the same molecules with two protons instead of one: (M + 2H) / 2 beside M + H.

    Parameters
    ----------
    mz : array_like, shape (n,)
        In Da.
    tolerance : float
        How far from where it should be the doubly charged one may lie, in Da.

    Returns
    -------
    ndarray of int, shape (n,)
        For each the position of its singly charged partner, the nearest where there are several; -1 where there is
        none. A partner is a hint: with many m/z and a wide tolerance, some have one by chance.

    Raises
    ------
    ValueError
        If an m/z is not a finite number above 0, or the tolerance is out of range.

    Examples
    --------
    >>> doubly_charged([9742.0, 4871.5, 6000.0]).tolist()
    [-1, 0, -1]
    """
    mz = np.asarray(mz, float)
    if mz.ndim != 1 or not (np.isfinite(mz) & (mz > 0)).all():
        raise ValueError("mz is a list of positions in Da, all of them finite and above 0")
    tolerance = positive(tolerance, "tolerance", what="a distance in Da")
    if not len(mz):
        return np.empty(0, int)
    away = np.abs(mz[:, None] - (mz[None, :] + PROTON) / 2)  # of each from where the other's partner should be
    np.fill_diagonal(away, np.inf)
    return np.where(away.min(axis=1) <= tolerance, away.argmin(axis=1), -1)


def shared_peaks(profiles, mz, *, k=20, apart=12.0, tolerance=6.0):
    """The largest places of the mean of some profiles, and what is known of each.

    Parameters
    ----------
    profiles : list of array_like, shape (n_bins,)
        One for each network, of the same bins.
    mz : array_like, shape (n_bins,)
        Lower edges of the bins, in Da.
    k, apart
        As in `largest_peaks`.
    tolerance : float
        As in `doubly_charged`.

    Returns
    -------
    DataFrame
        A row for each place, the largest first: ``m/z`` (the middle of the bin, Da), ``size`` relative to the largest,
        ``speaks for`` ("R" or "S" if more intensity does in all networks that have it among their `k`, else "both"),
        ``networks`` that do, and ``partner``, the m/z in this list of the same molecule with one charge, NaN if there
        is none.

    Raises
    ------
    ValueError
        If there is no profile, or the input is malformed.

    Examples
    --------
    >>> mz = np.arange(4000, 10000, 10)
    >>> one = 3.0 * np.isin(mz, [9740]) - 1.0 * np.isin(mz, [4870])
    >>> shared_peaks([one, one / 2], mz)
           m/z      size speaks for  networks  partner
    0   9745.0  1.000000          R         2      NaN
    1   4875.0  0.333333          S         2   9745.0
    """
    if not len(profiles):
        raise ValueError("there are no profiles to look for peaks in")
    rows = np.array([np.asarray(profile, float) for profile in profiles])
    scaled = rows / np.where((size := np.abs(rows).mean(axis=1, keepdims=True)) > 0, size, 1)
    mean, middle = np.abs(scaled).mean(axis=0), middles(mz)[0]
    place = largest_peaks(mean, mz, k=k, apart=apart)
    own = [largest_peaks(row, mz, k=k, apart=apart) for row in scaled]
    table = []
    for i in place:
        near = [mine[np.abs(middle[mine] - middle[i]) <= apart] for mine in own]
        signs = {np.sign(row[hits[0]]) for row, hits in zip(scaled, near, strict=True) if len(hits)}
        speaks = "R" if signs == {1.0} else "S" if signs == {-1.0} else "both"
        table.append((middle[i], mean[i] / mean[place[0]], speaks, sum(len(hits) > 0 for hits in near)))
    table = pd.DataFrame(table, columns=["m/z", "size", "speaks for", "networks"])
    partner = doubly_charged(table["m/z"], tolerance=tolerance)
    table["partner"] = np.where(partner >= 0, table["m/z"].to_numpy()[partner] if len(table) else 0.0, np.nan)
    return table
