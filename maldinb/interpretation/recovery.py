"""Where the truth is known: how well does a profile find the planted peaks?"""

import numpy as np
import pandas as pd
from sklearn.metrics import average_precision_score

from ..arguments import positive, whole
from .methods import mean_profiles
from .networks import over_networks
from .windows import middles, sizes_of


def recovery(profile, mz, peaks, *, tolerance=12.0, k=50):
    """How many of the known peaks a profile finds, and how early.

    Parameters
    ----------
    profile : array_like, shape (n_bins,)
        Signs do not count.
    mz : array_like, shape (n_bins,)
        In Da, rising: lower edges of bins of one width, or positions of peaks.
    peaks : array_like, shape (n_peaks,)
        Known positions, in Da.
    tolerance : float
        A bin belongs to a peak if its middle is no farther from it than this, in Da, or the peak lies in the bin.
    k : int
        Number of candidates for ``precision@k`` and ``recall@k``.

    Returns
    -------
    Series
        ``per bin``: average precision where every bin of a peak should come before all others. ``per peak``: average
        precision of *candidates*, the largest value, the next one farther than `tolerance` from it, and so on; a
        candidate is right if it belongs to a peak that no earlier one has found. ``precision@k``: share of the first
        `k` candidates (of all, if there are fewer) that are right; ``recall@k``: share of the peaks that they find.

    Raises
    ------
    ValueError
        If there is no peak within the bins, or a tolerance or `k` is out of range.

    Notes
    -----
    By chance these numbers are not 0: see `random_recovery`.

    Examples
    --------
    >>> mz = np.arange(2000, 2300, 3)
    >>> profile = np.isin(mz, [2030, 2150]).astype(float)
    >>> recovery(profile, mz, [2031, 2250], k=2).round(2).to_dict()["recall@2"]
    0.5
    """
    return _Truth(mz, peaks, tolerance).score(profile, k)


def random_recovery(mz, peaks, *, tolerance=12.0, k=50, n_draws=200, random_state=0):
    """The same for profiles that are drawn at random: the floor.

    Parameters
    ----------
    mz, peaks, tolerance, k
        As for `recovery`.
    n_draws : int
        At least 10.
    random_state : int

    Returns
    -------
    DataFrame
        A row for each number of `recovery`: ``mean``, and ``low`` and ``high``, which hold 95 % of the draws.

    Raises
    ------
    ValueError
        As in `recovery`, or if `n_draws` is out of range.

    Examples
    --------
    >>> random_recovery(np.arange(2000, 2300, 3), [2031, 2250], k=2).columns.tolist()
    ['mean', 'low', 'high']
    """
    truth = _Truth(mz, peaks, tolerance)
    n_draws, rng = whole(n_draws, "n_draws", 10), np.random.default_rng(random_state)
    return over_networks(truth.score(rng.random(len(truth.middle)), k) for _ in range(n_draws))


def found_peaks(profile, mz, peaks, *, tolerance=12.0, k=50):
    """Which of the known peaks the first candidates of a profile find.

    Parameters
    ----------
    profile, mz, peaks, tolerance, k
        As for `recovery`.

    Returns
    -------
    ndarray of bool, shape (n_peaks,)
        In the order of `peaks`.

    Raises
    ------
    ValueError
        As in `recovery`.

    Examples
    --------
    >>> mz = np.arange(2000, 2300, 3)
    >>> found_peaks(np.isin(mz, [2030, 2150]), mz, [2031, 2250], k=2).tolist()
    [True, False]
    """
    truth = _Truth(mz, peaks, tolerance)
    found = truth.found(sizes_of(profile, len(truth.middle)), whole(k, "k", 1))
    return np.isin(np.arange(len(truth.peaks)), found)


def candidates(profile, mz, k, *, tolerance=12.0):
    """Where a profile points first: the largest bin, the largest one farther than `tolerance` from it, and so on.

    Parameters
    ----------
    profile : array_like, shape (n_bins,)
        Signs do not count.
    mz : array_like, shape (n_bins,)
        In Da, rising: lower edges of bins of one width, or positions of peaks.
    k : int
        How many.
    tolerance : float
        In Da.

    Returns
    -------
    ndarray, shape (k,)
        Middles of the bins, in Da, the largest first; fewer, where no bin is left but such as hold 0.

    Raises
    ------
    ValueError
        If the profile does not fit the bins, or an argument is out of range.

    Examples
    --------
    >>> candidates([0, 5, 4, 0, 0, 0, 3], [2000, 2003, 2006, 2009, 2012, 2015, 2018], 2, tolerance=6).tolist()
    [2004.5, 2019.5]
    """
    middle = middles(mz)[0]
    size = sizes_of(profile, len(middle))
    tolerance = positive(tolerance, "tolerance", what="a distance in Da")
    first = _first_candidates(size, *_reach(middle, tolerance), whole(k, "k", 1))
    return middle[[i for i in first if size[i] > 0]]


def score_maps(maps, mz, peaks, *, tolerance=12.0):
    """Average precision per peak of several maps of each kind, and of their mean.

    Parameters
    ----------
    maps : list of DataFrame, shape (n_bins, n_kinds)
        One for each network, such as `attributions` returns.
    mz, peaks, tolerance
        As for `recovery`.

    Returns
    -------
    DataFrame
        A row for each kind: ``mean`` over the networks, ``low`` and ``high``, which hold 95 % of them; ``mean of all
        maps``, the score of `mean_profiles`.

    Raises
    ------
    ValueError
        As in `recovery` and `mean_profiles`.

    Examples
    --------
    >>> mz = np.arange(2000, 2300, 3)
    >>> maps = [pd.DataFrame({"good": np.isin(mz, [2030, 2150]), "poor": mz < 2100}, dtype=float)] * 2
    >>> score_maps(maps, mz, [2031, 2150]).loc["good", ["mean", "mean of all maps"]].tolist()
    [1.0, 1.0]
    """
    truth = _Truth(mz, peaks, tolerance)

    def score(table):
        return {name: truth.score(table[name], 1)["per peak"] for name in table}

    together = pd.Series(score(mean_profiles(maps)))
    return over_networks([score(table) for table in maps]).assign(**{"mean of all maps": together})


class _Truth:
    """Known peaks on an axis of bins."""

    def __init__(self, mz, peaks, tolerance):
        (middle, width), peaks = middles(mz), np.asarray(peaks, float)
        tolerance = max(positive(tolerance, "tolerance", what="a distance in Da"), (0.5 + 1e-9) * width)
        self.middle, self.peaks = middle, peaks
        if peaks.ndim != 1 or not len(peaks) or not np.isfinite(peaks).all():
            raise ValueError("peaks is a list of positions in Da, all of them finite, and not empty")
        away = np.abs(middle[:, None] - peaks)  # (n_bins, n_peaks)
        outside = away.min(axis=0) > tolerance
        if outside.any():
            raise ValueError(
                f"the peak at {peaks[outside][0]:g} Da lies farther than {tolerance:g} Da from every bin "
                f"({mz[0]:g}-{mz[-1]:g} Da)"
            )
        self.first, self.end = _reach(middle, tolerance)
        self.near = np.where(away.min(axis=1) <= tolerance, away.argmin(axis=1), -1)  # its peak, or -1

    def score(self, profile, k):
        size, k = sizes_of(profile, len(self.middle)), whole(k, "k", 1)
        right = self.found(size, len(size)) >= 0
        places = np.flatnonzero(right) + 1
        return pd.Series(
            {
                "per bin": average_precision_score(self.near >= 0, size),
                "per peak": (np.arange(1, len(places) + 1) / places).sum() / len(self.peaks),
                f"precision@{k}": right[:k].mean(),
                f"recall@{k}": right[:k].sum() / len(self.peaks),
            }
        )

    def found(self, size, k):
        """Number of the peak that each of the first `k` candidates finds; -1 if it is none, or found already."""
        peak = pd.Series(self.near[_first_candidates(size, self.first, self.end, k)])
        return peak.mask(peak.duplicated(), -1).to_numpy()


def _reach(middle, tolerance):
    """First bin in reach of each bin, and the one after the last."""
    hair = 1e-6 * tolerance  # so that rounding does not decide whether a bin is in reach
    return np.searchsorted(middle, middle - tolerance - hair), np.searchsorted(middle, middle + tolerance + hair)


def _first_candidates(size, first, end, k):
    """Bins in the order of their size; each takes those in its reach with it."""
    # Where neighbours are equal, as within a window of occlusion, the middle one stands for all.
    run = np.cumsum(np.diff(size, prepend=size[0]) != 0)
    _, begin, length = np.unique(run, return_index=True, return_counts=True)
    from_middle = np.abs(np.arange(len(size)) - (begin + (length - 1) / 2)[run])
    taken, chosen = np.zeros(len(size), bool), []
    for i in np.lexsort((from_middle, -size)):
        if taken[i]:
            continue
        taken[first[i] : end[i]] = True
        chosen.append(i)
        if len(chosen) == k:
            break
    return chosen
