"""What a laboratory would ask: how often is a resistant isolate called susceptible, and the other way round?"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from ..arguments import fraction
from . import checks
from .proportions import exact_interval

#: Rates that a test of susceptibility has to stay below, for each species and drug, to be cleared by the FDA; see
#: Jorgensen and Ferraro 2009, doi:10.1086/647952. How to study such a test: Humphries et al. 2018,
#: doi:10.1128/JCM.01934-17.
ACCEPTANCE_LIMITS = {"very major error": 0.015, "major error": 0.03}


class Cutoff(NamedTuple):
    """A threshold on P(R), and the share of R and of S on its wrong side."""

    threshold: float
    very_major: float
    major: float


def error_rates(y, score, threshold=0.5, level=0.95, *, isolate=None):
    """Rates of right and wrong calls when an isolate is called resistant from `threshold` on.

    Parameters
    ----------
    y : array_like of {0, 1}, shape (n,)
        1 for resistant.
    score : array_like, shape (n,)
        P(R), from 0 to 1.
    threshold : float
        From 0 to 1; a score equal to it is called resistant.
    level : float
        Confidence, between 0 and 1.
    isolate : array_like, shape (n,), optional
        Isolate of each spectrum. Spectra of one isolate are no independent evidence: it then counts once, with their
        mean score. Without, or where missing, a spectrum counts as an isolate of its own.

    Returns
    -------
    DataFrame
        Rows: sensitivity (of R, called R), specificity (of S, called S), very major error (of R, called S), major error
        (of S, called R) and categorical agreement (of all, called what they are). Columns: ``count`` out of ``of``
        isolates, the rate ``value`` with its exact interval ``low`` to ``high``, and ``limit``, where
        `ACCEPTANCE_LIMITS` has one.

    Raises
    ------
    ValueError
        If there is only one label, a score is no probability, or an option is out of range.

    References
    ----------
    Clopper and Pearson 1934, doi:10.1093/biomet/26.4.404

    Examples
    --------
    >>> error_rates([0, 0, 1, 1], [0.1, 0.7, 0.4, 0.9])[["count", "of", "value"]]
                      count  of  value
    rate
    sensitivity           1   2    0.5
    specificity           1   2    0.5
    very major error      1   2    0.5
    major error           1   2    0.5
    categorical agreement      2   4    0.5
    """
    y, score = checks.scored(y, score, isolate)
    called_r, level = score >= fraction(threshold, "threshold", ends=True), fraction(level, "level")
    r, s = y == 1, y == 0
    counts = {
        "sensitivity": (called_r & r, r),
        "specificity": (~called_r & s, s),
        "very major error": (~called_r & r, r),
        "major error": (called_r & s, s),
        "categorical agreement": (called_r == r, r | s),
    }
    rows = {}
    for name, (hit, of) in counts.items():
        count, n = int(hit.sum()), int(of.sum())
        rows[name] = (count, n, count / n, *exact_interval(count, n, level), ACCEPTANCE_LIMITS.get(name, np.nan))
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["count", "of", "value", "low", "high", "limit"])
    return table.astype({"count": int, "of": int}).rename_axis("rate")


def threshold_for(y, score, max_very_major=0.03, *, isolate=None):
    """The highest threshold at which at most a share of the resistant isolates is called susceptible, and its cost.

    Chosen and judged on the same spectra, a threshold looks better than it is: choose it on the scores of the training
    spectra (out of fold) and judge it by `error_rates` on the test set.

    Parameters
    ----------
    y : array_like of {0, 1}, shape (n,)
        1 for resistant.
    score : array_like, shape (n,)
        P(R), from 0 to 1.
    max_very_major : float
        Very major errors that may be made, as a share of R from 0 to 1.
    isolate : array_like, shape (n,), optional
        As in `error_rates`.

    Returns
    -------
    Cutoff
        ``threshold``, and the rates of ``very_major`` and ``major`` errors with it on these isolates.

    Raises
    ------
    ValueError
        As in `error_rates`.

    Examples
    --------
    >>> threshold_for([0, 0, 1, 1], [0.1, 0.5, 0.4, 0.9], max_very_major=0)
    Cutoff(threshold=0.4, very_major=0.0, major=0.5)
    """
    y, score = checks.scored(y, score, isolate)
    allowed = fraction(max_very_major, "max_very_major", ends=True)
    r, s = np.sort(score[y == 1]), score[y == 0]
    missed = min(int(np.floor(allowed * len(r) + 1e-9)), len(r) - 1)
    threshold = float(r[missed])  # the lowest R that still has to be called R
    return Cutoff(threshold, float(np.mean(r < threshold)), float(np.mean(s >= threshold)))


def error_curves(y, score, *, isolate=None):
    """Both errors at every threshold that makes a difference.

    Parameters
    ----------
    y, score, isolate
        As in `error_rates`.

    Returns
    -------
    threshold, very_major, major : ndarray, shape (n_thresholds,)
        From 0 to 1, rising. The rates of a threshold hold from the score below it on.

    Raises
    ------
    ValueError
        As in `error_rates`.

    Examples
    --------
    >>> [part.tolist() for part in error_curves([0, 1, 0, 1], [0.1, 0.2, 0.3, 0.8])]
    [[0.0, 0.1, 0.2, 0.3, 0.8, 1.0], [0.0, 0.0, 0.0, 0.5, 0.5, 1.0], [1.0, 1.0, 0.5, 0.5, 0.0, 0.0]]
    """
    y, score = checks.scored(y, score, isolate)
    threshold = np.unique(np.concatenate([[0], score, [1]]))
    below = [np.searchsorted(np.sort(score[y == label]), threshold) / (y == label).sum() for label in (1, 0)]
    return threshold, below[0], 1 - below[1]


def predictive_values(y, score, prevalence, threshold=0.5, level=0.95, *, isolate=None):
    """Of those called R, how many are; of those called S, how many are: where a share `prevalence` is resistant.

    Parameters
    ----------
    y, score, threshold, level, isolate
        As in `error_rates`.
    prevalence : float
        Share of R among the isolates that will be tested, between 0 and 1. That of a collection of spectra is seldom
        that of a ward.

    Returns
    -------
    DataFrame
        Rows: positive predictive value, negative predictive value. Columns: ``value``, NaN if nothing would be called
        so, and an interval ``low`` to ``high`` that holds the truth in at least `level` of all studies: both values
        rise with sensitivity and with specificity, so that their limits follow from the exact ones of these two, each
        at a confidence of ``(1 + level) / 2``.

    Raises
    ------
    ValueError
        As in `error_rates`, or if the prevalence is out of range.

    Examples
    --------
    >>> y, score = [0] * 50 + [1] * 50, [0.2] * 45 + [0.8] * 50 + [0.2] * 5
    >>> predictive_values(y, score, prevalence=0.1).round(2)
                               value   low  high
    positive predictive value   0.50  0.26   0.8
    negative predictive value   0.99  0.97   1.0
    """
    p = fraction(prevalence, "prevalence")
    rates = error_rates(y, score, threshold, (1 + fraction(level, "level")) / 2, isolate=isolate)
    columns = ["value", "low", "high"]
    found, cleared = (rates.loc[name, columns].to_numpy(float) for name in ("sensitivity", "specificity"))
    with np.errstate(invalid="ignore"):
        positive = found * p / (found * p + (1 - cleared) * (1 - p))
        negative = cleared * (1 - p) / (cleared * (1 - p) + (1 - found) * p)
    index = ["positive predictive value", "negative predictive value"]
    return pd.DataFrame([positive, negative], index=index, columns=columns)


def held_out_thresholds(y, score, splits, max_very_major=0.03, *, isolate=None):
    """For each spectrum the threshold that `threshold_for` finds on the scores of all other folds.

    Parameters
    ----------
    y, score, max_very_major, isolate
        As in `threshold_for`; scores out of fold.
    splits : list of (train, test)
        The folds.

    Returns
    -------
    ndarray, shape (n,)
        No isolate has a say in the threshold that it is judged by.

    Raises
    ------
    ValueError
        As in `threshold_for`.

    Examples
    --------
    >>> splits = [([2, 3], [0, 1]), ([0, 1], [2, 3])]
    >>> held_out_thresholds([0, 1, 0, 1], [0.1, 0.9, 0.3, 0.6], splits)
    array([0.6, 0.6, 0.9, 0.9])
    """
    y, score = np.asarray(y), np.asarray(score)
    threshold = np.empty(len(y))
    for train, test in splits:
        its_isolates = None if isolate is None else np.asarray(isolate, dtype=object)[train]
        threshold[test] = threshold_for(y[train], score[train], max_very_major, isolate=its_isolates).threshold
    return threshold
