"""Does a probability of 0.7 mean that seven of ten are resistant?"""

import numpy as np
import pandas as pd
from scipy.stats import binomtest
from sklearn.metrics import brier_score_loss

from ..arguments import whole
from . import checks


def calibration_table(y, score, n_bins=10, *, isolate=None):
    """Predicted probability against the observed share of R, in bins of equal width: the reliability curve.

    Parameters
    ----------
    y : array_like of {0, 1}, shape (n,)
        1 for resistant.
    score : array_like, shape (n,)
        P(R), from 0 to 1.
    n_bins : int
        Number of bins from 0 to 1. Bins without an isolate are left out.
    isolate : array_like, shape (n,), optional
        Isolate of each spectrum. Spectra of one isolate are no independent evidence: it then counts once, with their
        mean score. Without, or where missing, a spectrum counts as an isolate of its own.

    Returns
    -------
    DataFrame
        A row for each bin: ``from`` and ``to``, the count ``n``, the mean ``predicted`` probability, the ``observed``
        share of R and its exact 95 % interval, ``low`` to ``high``.

    Raises
    ------
    ValueError
        If a score is no probability, or the input is malformed.

    Examples
    --------
    >>> calibration_table([0, 0, 1, 1], [0.1, 0.2, 0.4, 0.9], n_bins=2).round(3)
       from   to  n  predicted  observed    low   high
    0   0.0  0.5  3      0.233     0.333  0.008  0.906
    1   0.5  1.0  1      0.900     1.000  0.025  1.000
    """
    y = checks.targets(y, both=False)
    score = checks.scores(score, len(y))
    edges = np.linspace(0, 1, whole(n_bins, "n_bins", 1) + 1)
    y, score = checks.by_isolate(y, score, isolate)
    number = np.searchsorted(edges[1:-1], score, side="right")
    rows = []
    for b in np.unique(number):
        here = number == b
        low, high = binomtest(int(y[here].sum()), int(here.sum())).proportion_ci(0.95, method="exact")
        rows.append((edges[b], edges[b + 1], int(here.sum()), score[here].mean(), y[here].mean(), low, high))
    return pd.DataFrame(rows, columns=["from", "to", "n", "predicted", "observed", "low", "high"])


def expected_calibration_error(y, score, n_bins=10, *, isolate=None):
    """Mean distance between predicted and observed, over the bins of `calibration_table` and weighted by their counts.

    It depends on the number of bins, and is above 0 even for a perfectly calibrated model, by chance.

    Parameters
    ----------
    y, score, n_bins, isolate
        As in `calibration_table`.

    Returns
    -------
    float
        From 0 to 1; the lower, the better.

    Examples
    --------
    >>> round(expected_calibration_error([0, 0, 1, 1], [0.1, 0.2, 0.4, 0.9], n_bins=2), 3)
    0.1
    """
    table = calibration_table(y, score, n_bins, isolate=isolate)
    return float(np.average((table["predicted"] - table["observed"]).abs(), weights=table["n"]))


def brier(y, score):
    """Brier score, the mean squared difference between P(R) and the label.

    Parameters
    ----------
    y : array_like of {0, 1}, shape (n,)
    score : array_like, shape (n,)
        P(R), from 0 to 1.

    Returns
    -------
    float
        From 0 to 1; the lower, the better. Whoever always says the share p of R gets p (1 - p), at most 0.25.

    References
    ----------
    Brier 1950, Monthly Weather Review 78, 1-3

    Examples
    --------
    >>> round(brier([0, 1, 1], [0.1, 0.6, 0.9]), 3)
    0.06
    """
    y = checks.targets(y, both=False)
    return float(brier_score_loss(y, checks.scores(score, len(y)), pos_label=1))
