"""Is a model worth having, compared with treating every isolate alike?"""

import numpy as np
import pandas as pd

from ..arguments import fraction
from ..evaluation import checks

#: Strategies that need no model.
ALL, NONE = "all as resistant", "none as resistant"


def decision_curve(y, score, thresholds=None, prevalence=None, *, isolate=None):
    """Net benefit of handling isolates as resistant from a threshold on P(R) on, and of handling all or none so.

    To handle an isolate as resistant is to withhold the drug and give another one. It is right for an R, and for an S
    it costs a useful drug. Whoever does it from P(R) = t on says by this that to miss one R is as bad as to withhold
    the drug from (1 - t) / t isolates that are S: from nine at 0.1, from one at 0.5. Net benefit is the share of
    isolates that are R and handled so, less the share that are S and handled so, each of which weighs t / (1 - t).

    Parameters
    ----------
    y : array_like of {0, 1}, shape (n,)
        1 for resistant.
    score : array_like, shape (n,), or dict of name -> array_like
        P(R), from 0 to 1, of one model or of several, or before and after a recalibration.
    thresholds : array_like, optional
        Between 0 and 1; by default from 0.01 to 0.99. Which one is right the data cannot tell, but those who bear the
        costs.
    prevalence : float, optional
        Share of R where the model is to be used, between 0 and 1; by default that of these isolates. Only the weights
        of R and S follow it; scores that were calibrated elsewhere have to be moved by `at_prevalence` first.
    isolate : array_like, shape (n,), optional
        Isolate of each spectrum; repeats of one count once, with their mean score.

    Returns
    -------
    DataFrame
        A row for each ``strategy`` and ``threshold``, with its ``net_benefit``: at most the prevalence, which is that
        of a perfect score. Strategies are the names of the scores ("model", if there is one only), "all as resistant"
        and "none as resistant", whose net benefit is 0. A model is worth having at thresholds where it lies above both;
        one with wrong probabilities can lie below.

    Raises
    ------
    ValueError
        If there is only one label, a score is no probability, or an option is out of range.

    References
    ----------
    Vickers and Elkin 2006, doi:10.1177/0272989X06295361; how to read it: Vickers et al. 2019,
    doi:10.1186/s41512-019-0064-7

    Examples
    --------
    >>> decision_curve([0, 0, 1, 1], [0.1, 0.6, 0.4, 0.9], [0.2, 0.5]).round(3)
                strategy  threshold  net_benefit
    0              model        0.2        0.438
    1              model        0.5        0.000
    2   all as resistant        0.2        0.375
    3   all as resistant        0.5        0.000
    4  none as resistant        0.2        0.000
    5  none as resistant        0.5        0.000
    """
    y = checks.targets(y)
    scores = score if isinstance(score, dict) else {"model": score}
    if not scores or {ALL, NONE} & set(scores):
        raise ValueError(f"score is P(R), or a dict of name -> P(R) with other names than {ALL!r} and {NONE!r}")
    t = np.arange(1, 100) / 100 if thresholds is None else np.atleast_1d(np.asarray(thresholds, dtype=float))
    if t.ndim != 1 or not len(t) or not ((t > 0) & (t < 1)).all():
        raise ValueError(f"thresholds are numbers between 0 and 1, not {np.ravel(t)[:5].tolist()}")
    labels, _ = checks.by_isolate(y, np.zeros(len(y)), isolate)
    p = labels.mean() if prevalence is None else fraction(prevalence, "prevalence")
    curves = {}
    for name, values in scores.items():
        _, means = checks.by_isolate(y, checks.scores(values, len(y), name=f"the score of {name!r}"), isolate)
        r, s = (np.mean(means[labels == label, None] >= t, axis=0) for label in (1, 0))
        curves[name] = r * p - s * (1 - p) * t / (1 - t)
    curves |= {ALL: p - (1 - p) * t / (1 - t), NONE: np.zeros(len(t))}
    return pd.concat(
        [pd.DataFrame({"strategy": name, "threshold": t, "net_benefit": curve}) for name, curve in curves.items()],
        ignore_index=True,
    )
