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


def middles(mz):
    """Where columns lie: the middles of bins, or the peaks themselves.

    Bins are recognised by their width: more than half of the columns follow each other at one distance (others may have
    been left out). Columns at any other distances are peaks, or bins of which each is named by its place.

    Parameters
    ----------
    mz : array_like, shape (n_columns,)
        In Da, rising: lower edges of bins of one width, or positions.

    Returns
    -------
    middle : ndarray, shape (n_columns,)
        In Da.
    width : float
        Of a bin, in Da; 0 where columns are no bins of one width.

    Raises
    ------
    ValueError
        If `mz` is no list of finite numbers that rise, or None: columns of a matrix may have no m/z.

    Examples
    --------
    >>> middles([2000, 2003, 2006, 2015])
    (array([2001.5, 2004.5, 2007.5, 2016.5]), 3.0)
    >>> middles([4365.3, 5381.4, 6289.5])
    (array([4365.3, 5381.4, 6289.5]), 0.0)
    """
    if mz is None:
        raise ValueError("columns have no m/z here, and without it no place can be told")
    mz = np.asarray(mz, float)
    steps = np.diff(mz) if mz.ndim == 1 else ()
    if mz.ndim != 1 or not len(mz) or not np.isfinite(mz).all() or not (steps > 0).all():
        raise ValueError(f"mz holds the lower edges of bins, or positions, rising; its shape is {mz.shape}")
    width = float(np.median(steps)) if len(steps) else 0.0
    if len(steps) < 2 or np.isclose(steps, width, rtol=1e-3).mean() <= 0.5:
        return mz, 0.0
    return mz + width / 2, width


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
