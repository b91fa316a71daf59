"""How many of the m/z that were handed in are planted peaks, and how many would be by chance."""

from typing import NamedTuple

import numpy as np

from ..arguments import positive

#: Da, by which a list is moved: beyond the width of a peak, and not to where other peaks are rare.
NEAR, FAR = 30.0, 500.0
N_DRAWS = 2000


class Recovered(NamedTuple):
    """What a list of m/z has found."""

    right: np.ndarray  # of bool, shape (n,)
    found: np.ndarray  # of bool, shape (n_peaks,)
    moved: np.ndarray  # of bool, shape (n_draws, n): which are right where the list has been moved

    def n_right(self, first=None):
        """How many of the first m/z are right, of all by default."""
        return int(self.right[:first].sum())

    def by_chance(self, first=None):
        """The same of each list that was moved: ndarray of int, shape (n_draws,)."""
        return self.moved[:, :first].sum(axis=1)

    @property
    def p(self):
        """Share of the draws in which chance finds as many, the list itself counted as one of them."""
        return float((1 + (self.by_chance() >= self.n_right()).sum()) / (1 + len(self.moved)))


def found_by(mz, peaks, tolerance):
    """Which of some m/z are right.

    Parameters
    ----------
    mz : array_like, shape (n,)
        In Da, the surest first.
    peaks : array_like, shape (n_peaks,)
        Planted, in Da.
    tolerance : float
        In Da.

    Returns
    -------
    right : ndarray of bool, shape (n,)
        An m/z is right if the nearest planted peak is within the tolerance, and no m/z before it has found that one.
    found : ndarray of bool, shape (n_peaks,)

    Examples
    --------
    >>> right, found = found_by([4004, 3996, 5000, 7000], [4000, 5010, 6000], 12)
    >>> right.tolist(), found.tolist()
    ([True, False, True, False], [True, True, False])
    """
    mz, peaks = np.asarray(mz, float), np.asarray(peaks, float)
    away = np.abs(mz[:, None] - peaks)
    nearest = np.where(away.min(axis=1) <= tolerance, away.argmin(axis=1), -1)
    _, first = np.unique(nearest, return_index=True)
    right = np.zeros(len(mz), bool)
    right[first] = True
    right &= nearest >= 0
    found = np.zeros(len(peaks), bool)
    found[nearest[right]] = True
    return right, found


def recovered(mz, peaks, tolerance, *, n_draws=N_DRAWS, random_state=0):
    """How many of some m/z are right, and how many are by chance.

    By chance means: of the same list, moved up or down as a whole by 30 to 500 Da. It keeps its length and its
    distances, so that a long list, or one that has an m/z every few Da, is compared with what such a list always finds.

    Parameters
    ----------
    mz, peaks, tolerance
        As in `found_by`.
    n_draws : int
    random_state : int

    Returns
    -------
    Recovered

    Raises
    ------
    ValueError
        If the tolerance is not below half of the smallest move.

    Notes
    -----
    Who lists m/z at which spectra vary, whatever the label, finds more than that: planted peaks come and go, too.

    Examples
    --------
    >>> some = recovered([4001, 5001, 6600], [4000, 5000, 6000], 12)
    >>> some.n_right(), some.p < 0.05
    (2, True)
    >>> every = recovered(range(2000, 12000, 20), [4000, 5000, 6000], 12)
    >>> every.n_right(), every.p
    (3, 1.0)
    """
    tolerance = positive(tolerance, "tolerance", what="a distance in Da")
    if tolerance > NEAR / 2:
        raise ValueError(
            f"tolerance is at most {NEAR / 2:g} Da, or lists that were moved find what they were right about"
        )
    rng, mz = np.random.default_rng(random_state), np.asarray(mz, float)
    moves = rng.choice([-1, 1], n_draws) * rng.uniform(NEAR, FAR, n_draws)
    moved = np.array([found_by(mz + move, peaks, tolerance)[0] for move in moves])
    return Recovered(*found_by(mz, peaks, tolerance), moved)
