"""Where the networks of the folds look, and whether networks that have learned nothing look elsewhere."""

from itertools import combinations
from typing import NamedTuple

import numpy as np
import pandas as pd

from .. import interpretation as ip
from ..evaluation import Conclusion
from .fits import FOLD, NETWORK, SHUFFLED

METHODS = ["gradient", "integrated gradients"]  # both ask the whole network
BOTH = "both"
WINDOW, APART, K = 15.0, 25.0, 20  # Da, Da, places


class Maps(NamedTuple):
    """What `maps` returns.

    Attributes
    ----------
    peaks, profile : DataFrame
        Places that networks share, and the mean map of each method.
    n_networks : int
    window : float
        In Da, over which maps are summed.
    top : int
        Largest bins of a map that overlaps count.
    among, shuffled : ndarray
        Overlap of the maps of each two folds, and of each two folds with shuffled labels.
    """

    peaks: pd.DataFrame
    profile: pd.DataFrame
    n_networks: int
    window: float
    top: int
    among: np.ndarray
    shuffled: np.ndarray


def maps(problem, fits, mz):
    """What the maps of the folds' networks share.

    Parameters
    ----------
    problem : Problem
    fits : list of Fit
    mz : ndarray, shape (n_bins,)
        Lower edges of the bins, in Da.

    Returns
    -------
    Maps
    """
    window = max(WINDOW, float(np.diff(mz).min()))
    own, chance = (
        [_map(problem, fit, mz, window) for fit in fits if (fit.role, fit.model) == (role, NETWORK)]
        for role in (FOLD, SHUFFLED)
    )
    peaks = ip.shared_peaks([one[BOTH] for one in own], mz, k=K, apart=APART, tolerance=APART)
    top = max(1, min(50, len(mz) // 10))
    among, shuffled = (
        np.array([ip.top_k_overlap(a[BOTH], b[BOTH], top) for a, b in combinations(some, 2)]) for some in (own, chance)
    )
    return Maps(peaks, ip.mean_profiles(own), len(own), window, top, among, shuffled)


def _map(problem, fit, mz, window):
    """The maps of a network on the spectra that it was not trained on, and what both of them say."""
    rows = problem.X.iloc[fit.test]
    opened = ip.Opened(fit.estimator, rows, baseline=problem.X.iloc[fit.train].mean())
    y, batch = problem.y[fit.test], problem.batch[fit.test]
    found = ip.attributions(opened, y, batch, mz, methods=METHODS, window=window)
    slope, share = (found[name] / (found[name].abs().mean() or 1) for name in METHODS)
    # Slopes are also large where spectra hardly differ, and shares at every tall peak. On simulated spectra, 11 of the
    # 20 largest places of the geometric mean belong to planted peaks, 9 of the slopes' and 4 of the shares'.
    size = np.sqrt(slope.abs() * share.abs())
    found[BOTH] = np.copysign(size, slope).where(np.sign(slope) == np.sign(share), 0.0)
    return found


def agree(found, ahead):
    """The maps of folds have more in common than spectra and chance give them.

    Networks of two folds share most of their training spectra, and so what chance makes of their labels. So do networks
    of two folds whose labels were shuffled, within each batch, before.

    Parameters
    ----------
    found : Maps
    ahead : bool
        Whether the network is shown to be better than a coin.

    Returns
    -------
    Conclusion
        True if every two folds share more than any two with shuffled labels, False if every two share less.
    """
    sentence = "maps of different folds are more alike than they are with labels that were shuffled within each batch"
    if not ahead or not len(found.shuffled):
        why = (
            "within batches there are no labels to shuffle, or no two folds could be trained with them"
            if ahead
            else "the network is not shown to beat a coin"
        )
        return Conclusion(sentence, None, why)
    true, chance = found.among, found.shuffled
    why = (
        f"two folds share {_lowest_to_highest(true)} of their {found.top} largest bins, with shuffled labels "
        f"{_lowest_to_highest(chance)}"
    )
    holds = True if true.min() > chance.max() else False if true.max() < chance.min() else None
    return Conclusion(sentence, holds, why)


def _lowest_to_highest(shares):
    """Of all pairs: each two networks have a fold in common, so that an interval of the mean would be too narrow."""
    return f"{100 * shares.min():.0f} % to {100 * shares.max():.0f} %"
