"""Probabilities of a model that comes from elsewhere, mended by a few labelled isolates or by a known prevalence."""

import numpy as np
from scipy.special import expit, logit
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from ..arguments import choice, fraction
from ..evaluation import checks
from ..evaluation.logistic import bounded_logit, logistic_regression


class Recalibration(BaseEstimator):
    """Logistic recalibration of P(R) with a few labelled isolates of the new hospital.

    The logit of P(R) becomes ``intercept_ + slope_ * logit``. That mends probabilities; it cannot mend their order, and
    the AUROC stays what it is (but for a slope below 0, which turns the order round).

    Parameters
    ----------
    how : {"intercept", "both"}
        "intercept" moves all logits by as much, and leaves the slope at 1. "both" also learns the slope, with a normal
        prior around 1 of standard deviation 1. Without it a few isolates give any slope, and an infinite one if their
        scores separate R from S.

    Attributes
    ----------
    intercept_, slope_ : float
    n_isolates_ : int
        How many isolates they were learned from.

    Notes
    -----
    The intercept has no prior, so that the mean probability of the isolates in `fit` is their share of R. If all n are
    susceptible, that share is taken as 0.5 / (n + 1), as if one more isolate had been seen, half of it resistant: n
    susceptible isolates do not show that there is no resistance. If all are resistant, likewise. Of the slope they say
    nothing, and it stays 1.

    References
    ----------
    Few parameters for few isolates, and shrinkage for more: Steyerberg et al. 2004, doi:10.1002/sim.1844. Why the
    intercept has no Firth's penalty, which draws probabilities towards 1/2: Puhr et al. 2017, doi:10.1002/sim.7273.

    Examples
    --------
    >>> update = Recalibration("intercept").fit([0.7, 0.8, 0.9, 0.8], [0, 0, 1, 0])
    >>> update.transform([0.7, 0.8, 0.9, 0.8]).round(2)
    array([0.15, 0.23, 0.4 , 0.23])
    """

    def __init__(self, how="intercept"):
        self.how = how

    def fit(self, score, y, *, isolate=None):
        """Learn from labelled isolates of the new hospital, which are not to be judged by the result.

        Parameters
        ----------
        score : array_like, shape (n,)
            P(R) by the model from elsewhere. Kept 1e-6 away from 0 and 1.
        y : array_like of {0, 1}, shape (n,)
            1 for resistant. One label is enough.
        isolate : array_like, shape (n,), optional
            Isolate of each spectrum; repeats of one count once, with their mean score.

        Returns
        -------
        Recalibration

        Raises
        ------
        ValueError
            If a score is no probability, `how` is unknown, or the input is malformed.
        """
        how = choice(self.how, "how", ("intercept", "both"))
        y, score = checks.scored(y, score, isolate, both=False)
        x, n = bounded_logit(score), len(y)
        columns, precision = np.ones((n, 1)), np.zeros(1)
        if y.min() == y.max():
            y = (y * n + 0.5) / (n + 1)
        elif how == "both":
            columns, precision = np.column_stack([columns, x]), np.array([0.0, 1.0])
        (intercept, *change), _ = logistic_regression(columns, y, offset=x, precision=precision)
        self.intercept_, self.slope_, self.n_isolates_ = float(intercept), float(1 + sum(change)), n
        return self

    def transform(self, score):
        """Probabilities for the new hospital.

        Parameters
        ----------
        score : array_like, shape (n,)
            P(R) by the model from elsewhere.

        Returns
        -------
        ndarray, shape (n,)

        Raises
        ------
        ValueError
            If a score is no probability.
        sklearn.exceptions.NotFittedError
            If `fit` was not called.
        """
        check_is_fitted(self)
        return expit(self.intercept_ + self.slope_ * bounded_logit(checks.scores(score, np.size(score))))


def at_prevalence(score, old, new):
    """Probabilities as they would be at another share of R, if R and S themselves look the same there.

    That R look like R and S like S in both places is an assumption, called prior shift. Where resistance shows in other
    peaks, or instruments differ, it does not hold, and probabilities stay wrong even on the whole; see `with_mean`.

    Parameters
    ----------
    score : array_like, shape (n,)
        P(R), from 0 to 1.
    old : float
        Share of R among the isolates that the model was trained on, between 0 and 1.
    new : float
        Share of R where it is used, between 0 and 1.

    Returns
    -------
    ndarray, shape (n,)
        The odds of R are multiplied by those of `new` and divided by those of `old`; 0 and 1 stay.

    Raises
    ------
    ValueError
        If a score is no probability, or a share is out of range.

    References
    ----------
    Saerens et al. 2002, doi:10.1162/089976602753284446, who also estimate `new` from unlabelled scores

    Examples
    --------
    >>> at_prevalence([0, 0.5, 0.9, 1], old=0.5, new=0.1)
    array([0. , 0.1, 0.5, 1. ])
    """
    score = checks.scores(score, np.size(score))
    with np.errstate(divide="ignore"):
        return expit(logit(score) + logit(fraction(new, "new")) - logit(fraction(old, "old")))


def with_mean(score, share, *, isolate=None):
    """Probabilities whose mean is a known share of R: for a hospital that knows its share, and has unlabelled spectra.

    The logits of all isolates are moved by as much, as by `Recalibration`, but no isolate needs a label.

    Parameters
    ----------
    score : array_like, shape (n,)
        P(R) of isolates of the new hospital, from 0 to 1. Kept 1e-6 away from 0 and 1.
    share : float
        Share of R among them, between 0 and 1; known from a year of routine, say.
    isolate : array_like, shape (n,), optional
        Isolate of each spectrum; repeats of one count once, with their mean score.

    Returns
    -------
    ndarray, shape (n,)

    Raises
    ------
    ValueError
        If a score is no probability, or the share is out of range.

    Examples
    --------
    >>> with_mean([0.8, 0.9], share=0.25).round(2)
    array([0.18, 0.32])
    """
    score, share = checks.scores(score, np.size(score)), fraction(share, "share")
    _, means = checks.by_isolate(np.zeros(len(score), int), score, isolate)
    n = len(means)
    (move,), _ = logistic_regression(np.ones((n, 1)), np.full(n, share), offset=bounded_logit(means))
    return expit(bounded_logit(score) + move)
