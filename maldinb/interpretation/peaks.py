"""From profiles to a short list of m/z: the largest places, how many networks share them, and charge states."""

import numpy as np
import pandas as pd

from ..arguments import positive
from .methods import mean_profiles
from .recovery import candidates
from .windows import middles

PROTON = 1.00728  # Da


def charge_partners(mz, *, ppm=1500.0):
    """Pairs of peaks that may be one protein with two charges and with one.

    A protein of mass M shows at M + 1.007 with one proton, and at (M + 2.015) / 2 with two.

    Parameters
    ----------
    mz : array_like, shape (n,)
        In Da.
    ppm : float
        How far, in parts per million, the doubled m/z may be off: two bins and two errors of calibration.

    Returns
    -------
    list of (int, int)
        Positions in `mz`: with two charges, with one. Of several that fit, the nearest. A hint: among many m/z some
        have a partner by chance.

    Raises
    ------
    ValueError
        If an m/z is not a finite number above 0, or the tolerance is not above 0.

    Examples
    --------
    >>> charge_partners([4481.0, 11109.0, 5555.0])
    [(2, 1)]
    """
    mz, ppm = np.asarray(mz, float), positive(ppm, "ppm", what="a part per million")
    if mz.ndim != 1 or not (np.isfinite(mz) & (mz > 0)).all():
        raise ValueError("mz is a list of positions in Da, all of them finite and above 0")
    pairs = []
    for number, one in enumerate(mz):
        off = np.abs(mz - (2 * one - PROTON)) / mz * 1e6
        if len(off) and off.min() <= ppm:
            pairs.append((number, int(off.argmin())))
    return pairs


def shared_peaks(profiles, mz, *, k=20, apart=30.0, tolerance=12.0):
    """The first candidates of the mean of some profiles, and how many of the profiles have them among theirs.

    Parameters
    ----------
    profiles : list of array_like, shape (n_bins,)
        One for each network, of the same bins.
    mz : array_like, shape (n_bins,)
        In Da, rising: lower edges of bins of one width, or positions of peaks.
    k : int
        Candidates of each profile, at most.
    apart : float
        Candidates lie farther from each other than this, in Da: the shoulders of a peak, its satellites and its places
        in differently calibrated instruments are one finding.
    tolerance : float
        So near, in Da, two candidates are the same.

    Returns
    -------
    DataFrame
        A row for each candidate, the largest first: ``m/z`` (the middle of the bin, Da); ``size`` relative to the
        largest; ``speaks for``, R or S if more intensity does in all networks that have it, else "both"; ``networks``
        that do; ``partner``, the m/z in this list of the same protein with one charge, NaN if there is none.

    Raises
    ------
    ValueError
        As in `candidates` and `mean_profiles`.

    Examples
    --------
    >>> mz = np.arange(4000, 10000, 10)
    >>> one = 3.0 * np.isin(mz, [9740]) - 1.0 * np.isin(mz, [4870])
    >>> shared_peaks([one, one / 2], mz)
          m/z      size speaks for  networks  partner
    0  9745.0  1.000000          R         2      NaN
    1  4875.0  0.333333          S         2   9745.0
    """
    tolerance, middle = positive(tolerance, "tolerance", what="a distance in Da"), middles(mz)[0]
    profiles = [np.asarray(profile, float) for profile in profiles]
    each = [candidates(profile, mz, k, tolerance=apart) for profile in profiles]
    mean = mean_profiles([pd.DataFrame(profile) for profile in profiles])[0].to_numpy()
    first = candidates(mean, mz, k, tolerance=apart)
    at = np.searchsorted(middle, first)
    table = []
    for place, value in zip(first, mean[at], strict=True):
        signs = []
        for profile, own in zip(profiles, each, strict=True):
            if len(near := own[np.abs(own - place) <= tolerance]):  # the largest of them comes first
                signs.append(np.sign(profile[np.searchsorted(middle, near[0])]))
        agreed = set(signs or [np.sign(value)])
        speaks = "both" if len(agreed) > 1 else "R" if agreed == {1.0} else "S"
        table.append((place, abs(value) / np.abs(mean[at[0]]), speaks, len(signs), np.nan))
    table = pd.DataFrame(table, columns=["m/z", "size", "speaks for", "networks", "partner"])
    for two, one in charge_partners(first):
        table.loc[two, "partner"] = first[one]
    return table
