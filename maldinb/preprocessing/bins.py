"""Bins of equal width, and the intensities that fall into them."""

from functools import cache

import numpy as np

from ..arguments import real
from .settings import BIN_WIDTH, MZ_MAX, MZ_MIN


def bin_edges(bin_width=BIN_WIDTH):
    """Edges of the bins from 2000 Da up to 20000 Da or, where `bin_width` does not divide the range, just past it.

    Parameters
    ----------
    bin_width : float
        Width in Da, above 0 and at most 18000.

    Returns
    -------
    ndarray, shape (n_bins + 1,)
        In Da; 6001 edges for 3 Da.

    Raises
    ------
    ValueError
        If `bin_width` is out of range.

    Examples
    --------
    >>> bin_edges(6000)
    array([ 2000.,  8000., 14000., 20000.])
    """
    bin_width = real(bin_width, "bin_width", 0.01, MZ_MAX - MZ_MIN, what="a width in Da")
    n_bins = int(np.ceil(round((MZ_MAX - MZ_MIN) / bin_width, 9)))
    edges = MZ_MIN + bin_width * np.arange(n_bins + 1)
    edges[-1] = max(edges[-1], MZ_MAX)  # rounding must not leave a point at 20000 Da without a bin
    return edges


@cache
def bin_names(bin_width=BIN_WIDTH):
    """Names of the bins, their lower edges: ("2000", "2003", ..., "19997") for 3 Da.

    Examples
    --------
    >>> bin_names(6000)
    ('2000', '8000', '14000')
    """
    return tuple(f"{edge:.10g}" for edge in bin_edges(bin_width)[:-1])


def bin_intensities(mz, intensity, bin_width=BIN_WIDTH):
    """Sum the intensities that fall into each bin. Bins are closed on the right, the first on the left too.

    Parameters
    ----------
    mz : ndarray, shape (n_points,)
        m/z in Da, increasing, within 2000-20000.
    intensity : ndarray, shape (n_points,)
    bin_width : float
        Width in Da.

    Returns
    -------
    ndarray, shape (n_bins,)

    Examples
    --------
    >>> bin_intensities(np.array([2000.0, 2003.0, 2004.0]), np.array([5.0, 1.0, 2.0]))[:3]
    array([6., 2., 0.])
    """
    edges = bin_edges(bin_width)
    # Both arrays are sorted: looking up the few edges among the many points is faster than the other way round.
    points = np.diff(np.searchsorted(mz, edges[1:], side="right"), prepend=0)
    bins = np.repeat(np.arange(len(points)), points)
    return np.bincount(bins, weights=intensity, minlength=len(points))
