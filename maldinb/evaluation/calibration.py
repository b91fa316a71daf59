"""Does a probability of 0.7 mean that seven of ten are resistant?"""

import numpy as np
import pandas as pd
from scipy.stats import norm
from sklearn.metrics import brier_score_loss

from ..arguments import fraction, whole
from . import checks
from .discrimination import auroc
from .logistic import bounded_logit, logistic_regression
from .proportions import exact_interval


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
    y, score = checks.scored(y, score, isolate, both=False)
    edges = np.linspace(0, 1, whole(n_bins, "n_bins", 1) + 1)
    number = np.searchsorted(edges[1:-1], score, side="right")
    rows = []
    for b in np.unique(number):
        here = number == b
        low, high = exact_interval(int(y[here].sum()), int(here.sum()))
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
    return float(brier_score_loss(*checks.scored(y, score, both=False), pos_label=1))


def calibration_line(y, score, *, level=0.95, isolate=None):
    """Intercept and slope of calibration: are probabilities too high, and are they too far from the middle?

    The logit of the observed share of R as a straight line of the logit of P(R).

    Parameters
    ----------
    y : array_like of {0, 1}, shape (n,)
        1 for resistant.
    score : array_like, shape (n,)
        P(R), from 0 to 1. Before the logit is taken, it is kept 1e-6 away from 0 and 1.
    level : float
        Confidence, between 0 and 1.
    isolate : array_like, shape (n,), optional
        As in `calibration_table`.

    Returns
    -------
    DataFrame
        Rows: ``intercept``, ideally 0 and above it if P(R) is too low on the whole, with the slope held at 1; and
        ``slope``, ideally 1 and below it if P(R) is too extreme, as by a network that has learned spectra by heart.
        Columns: ``value`` with Wald's interval ``low`` to ``high``, and ``ideal``. The slope is NaN where scores are
        all the same, or separate R and S perfectly.

    Raises
    ------
    ValueError
        If there is only one label, a score is no probability, or an option is out of range.

    References
    ----------
    Cox 1958, doi:10.1093/biomet/45.3-4.562; Van Calster et al. 2019, doi:10.1186/s12916-019-1466-7

    Examples
    --------
    >>> calibration_line([0, 0, 1, 0, 1, 1], [0.1, 0.3, 0.4, 0.6, 0.7, 0.9])["value"].round(1).to_dict()
    {'intercept': 0.0, 'slope': 1.5}
    """
    y, score = checks.scored(y, score, isolate)
    reach = norm.ppf((1 + fraction(level, "level")) / 2)
    x, ones = bounded_logit(score), np.ones(len(y))
    intercept, slope = logistic_regression(ones[:, None], y, offset=x), (np.array([np.nan]), np.array([[np.nan]]))
    if np.ptp(x) and 0 < auroc(y, x) < 1:
        slope = logistic_regression(np.column_stack([x, ones]), y)
    rows = [(values[0], np.sqrt(covariance[0, 0])) for values, covariance in (intercept, slope)]
    table = pd.DataFrame(rows, ["intercept", "slope"], ["value", "error"]).assign(ideal=[0.0, 1.0])
    table["low"], table["high"] = table["value"] - reach * table["error"], table["value"] + reach * table["error"]
    return table[["value", "low", "high", "ideal"]]
