"""Are answers right as often as promised, and what does it cost to give fewer of them?"""

import math

import numpy as np
import pandas as pd

from ..arguments import fraction
from ..evaluation import checks
from ..evaluation.proportions import exact_interval


def coverage_table(conformal, y, score, batch=None, *, level=0.95, isolate=None):
    """How often the sets of a `ConformalSets` hold the true label, for each batch and label, and what they say.

    Parameters
    ----------
    conformal : ConformalSets
        Fitted, on other isolates than these.
    y : array_like of {0, 1}, shape (n,)
        1 for resistant.
    score : array_like, shape (n,)
        P(R), from 0 to 1.
    batch : array_like of str, shape (n,), optional
        Batch (hospital, instrument, year) of each spectrum; by default "all".
    level : float
        Confidence of the intervals, between 0 and 1; not that of the sets.
    isolate : array_like, shape (n,), optional
        Isolate of each spectrum; repeats of one in a batch count once, with their mean score.

    Returns
    -------
    DataFrame
        Three rows for each batch, with ``label`` R, S and "all", as far as there are such: number of ``isolates``;
        ``coverage``, the share of them whose set holds their label, with its exact interval ``low`` to ``high``;
        ``answered``, the share whose set is {R} or {S}; ``wrong``, which share of these is, NaN if there are none.

    Raises
    ------
    ValueError
        If a score is no probability, or the input is malformed.
    sklearn.exceptions.NotFittedError
        If the sets are not fitted.

    References
    ----------
    Clopper and Pearson 1934, doi:10.1093/biomet/26.4.404

    Examples
    --------
    >>> from maldinb.transfer import ConformalSets
    >>> conformal = ConformalSets(0.75).fit([0.1, 0.2, 0.3, 0.6, 0.3, 0.7, 0.8, 0.9], [0, 0, 0, 0, 1, 1, 1, 1])
    >>> coverage_table(conformal, [0, 0, 1, 1], [0.1, 0.7, 0.4, 0.9]).round(2)
      batch label  isolates  coverage   low  high  answered  wrong
    0   all     R         2      1.00  0.16  1.00      0.50   0.00
    1   all     S         2      0.50  0.01  0.99      1.00   0.50
    2   all   all         4      0.75  0.19  0.99      0.75   0.33
    """
    y = checks.targets(y, both=False)
    score, level = checks.scores(score, len(y)), fraction(level, "level")
    batch = checks.batches(np.full(len(y), "all") if batch is None else batch, len(y))
    isolate = checks.isolates(isolate, len(y))
    rows = []
    for name in np.unique(batch):
        here = batch == name
        labels, means = checks.by_isolate(y[here], score[here], isolate[here])
        sets, truth = conformal.sets(means), np.where(labels == 1, "R", "S")
        single = np.isin(sets, ("{R}", "{S}"))
        holds = np.array([one in those for one, those in zip(truth, sets, strict=True)])
        for label in ("R", "S", "all"):
            mine = (truth == label) | (label == "all")
            if mine.any():
                low, high = exact_interval(int(holds[mine].sum()), int(mine.sum()), level)
                answers = holds[mine & single]
                wrong = 1 - answers.mean() if len(answers) else np.nan
                rows.append((name, label, mine.sum(), holds[mine].mean(), low, high, single[mine].mean(), wrong))
    columns = ["batch", "label", "isolates", "coverage", "low", "high", "answered", "wrong"]
    return pd.DataFrame(rows, columns=columns)


def abstention_table(y, score, shares=None, *, level=0.95, isolate=None):
    """Error of the answers that are given, if only the surest share of the isolates gets one.

    An isolate is called resistant from P(R) = 1/2 on, and the surer, the farther P(R) is from there. Abstaining pays
    if a model knows when it does not know: then the fewer are answered, the smaller is the share of wrong answers.

    Parameters
    ----------
    y : array_like of {0, 1}, shape (n,)
        1 for resistant.
    score : array_like, shape (n,)
        P(R), from 0 to 1.
    shares : array_like, optional
        Shares of the isolates to answer, above 0 and up to 1; by default from 0.1 to 1 in steps of 0.1.
    level : float
        Confidence, between 0 and 1.
    isolate : array_like, shape (n,), optional
        Isolate of each spectrum; repeats of one count once, with their mean score.

    Returns
    -------
    DataFrame
        A row for each share: ``answered``, the share that gets an answer, which is larger than asked for where several
        isolates are as sure as the last; number of ``isolates``; ``error``, the share of wrong answers, with its exact
        interval ``low`` to ``high``.

    Raises
    ------
    ValueError
        If a score is no probability, a share is out of range, or the input is malformed.

    References
    ----------
    Chow 1970, doi:10.1109/TIT.1970.1054406

    Examples
    --------
    >>> abstention_table([0, 0, 1, 1], [0.1, 0.6, 0.4, 0.8], [0.5, 1]).round(2)
       answered  isolates  error   low  high
    0       0.5         2    0.0  0.00  0.84
    1       1.0         4    0.5  0.07  0.93
    """
    y, score = checks.scored(y, score, isolate, both=False)
    shares = np.linspace(0.1, 1, 10) if shares is None else np.atleast_1d(np.asarray(shares, dtype=float))
    if not (len(shares) and ((shares > 0) & (shares <= 1)).all()):
        raise ValueError(f"shares are numbers above 0 and up to 1, not {shares.tolist()}")
    level, wrong = fraction(level, "level"), (score >= 0.5) != (y == 1)
    sure = np.abs(score - 0.5).round(12)  # 0.3 and 0.7 are as sure
    descending = np.sort(sure)[::-1]
    rows = []
    for share in shares:
        given = sure >= descending[math.ceil(round(share * len(y), 9)) - 1]
        errors, n = int(wrong[given].sum()), int(given.sum())
        rows.append((given.mean(), n, errors / n, *exact_interval(errors, n, level)))
    return pd.DataFrame(rows, columns=["answered", "isolates", "error", "low", "high"])
