"""One model at home and in a hospital that it has not seen: what its probabilities are worth in both."""

import numpy as np
import pandas as pd
from sklearn.base import clone

from ..arguments import whole
from ..evaluation import calibration_line, checks, hold_out, leave_one_batch_out
from .conformal import ConformalSets
from .coverage import abstention_table, coverage_table


def home_and_abroad(estimator, X, y, batch, *, isolate=None, random_state=0):
    """P(R) by a model of isolates at home that it has not learned from, and of those of a hospital that was left out.

    For each batch that is left out, the isolates of all others are split once: the model learns from six tenths, two
    are for calibration, and two to test it at home. So everything about one left-out batch comes from one model.

    Parameters
    ----------
    estimator : scikit-learn classifier
        With `predict_proba`. It is not fitted itself: each batch fits a clone.
    X : DataFrame or ndarray, shape (n, n_bins)
    y : Series or ndarray of {0, 1}, shape (n,)
        1 for resistant.
    batch : array_like of str, shape (n,)
        Batch (hospital, instrument, year) of each spectrum; at least two.
    isolate : array_like, shape (n,), optional
        Isolate of each spectrum: its repeats stay in one part, and are one row of the result.
    random_state : int
        Seed of the split.

    Returns
    -------
    DataFrame
        A row for each isolate and batch ``left_out``, unless the model learned from the isolate: its ``part``
        ("calibration", "home" or "abroad"), its own ``batch``, its label ``y`` and its ``score``, the mean P(R) of its
        spectra.

    Raises
    ------
    ValueError
        If there is only one batch, or the others have too few isolates of a label to be split.

    Examples
    --------
    >>> from sklearn.naive_bayes import GaussianNB
    >>> X, y, batch = np.arange(60.0).reshape(60, 1) % 10, np.arange(60) % 10 > 4, np.repeat(["Milan", "Rome"], 30)
    >>> scores = home_and_abroad(GaussianNB(), X, y, batch)
    >>> scores.groupby(["left_out", "part"])["y"].agg(["size", "mean"])
                          size  mean
    left_out part
    Milan    abroad         30   0.5
             calibration     6   0.5
             home            6   0.5
    Rome     abroad         30   0.5
             calibration     6   0.5
             home            6   0.5
    """
    y = checks.targets_of(X, y)
    checks.gives_probabilities(estimator)
    batch, isolate = checks.batches(batch, len(y)), checks.isolates(isolate, len(y))
    X, tables = X.iloc if hasattr(X, "iloc") else np.asarray(X), []
    for name, others, there in leave_one_batch_out(batch):
        checks.targets(y[others], where=f" outside {name}")
        train, rest = _split(others, y, batch, isolate, 0.4, random_state)
        calibration, home = _split(rest, y, batch, isolate, 0.5, random_state)
        model = clone(estimator).fit(X[train], y[train])
        for part, rows in (("calibration", calibration), ("home", home), ("abroad", there)):
            score = model.predict_proba(X[rows])[:, 1]
            for one in np.unique(batch[rows]):
                mine = batch[rows] == one
                labels, means = checks.by_isolate(y[rows][mine], score[mine], isolate[rows][mine])
                tables.append(pd.DataFrame({"left_out": name, "part": part, "batch": one, "y": labels, "score": means}))
    return pd.concat(tables, ignore_index=True)


def calibration_abroad(scores, *, level=0.95):
    """Intercept and slope of calibration, at home and abroad.

    Parameters
    ----------
    scores : DataFrame
        From `home_and_abroad`.
    level : float
        Confidence of the intervals, between 0 and 1.

    Returns
    -------
    DataFrame
        A row for each batch ``left_out``, ``part`` ("home" or "abroad") and ``term`` ("intercept" or "slope"):
        ``value``, ``low``, ``high`` and ``ideal`` as in `evaluation.calibration_line`.

    Raises
    ------
    ValueError
        Names the batch and the part, if there is one label only; or the level is out of range.

    Examples
    --------
    >>> y, score = [0, 0, 1, 0, 1, 1], [0.1, 0.3, 0.4, 0.6, 0.7, 0.9]
    >>> home = pd.DataFrame({"left_out": "Rome", "part": "home", "batch": "Milan", "y": y, "score": score})
    >>> calibration_abroad(home)[["part", "term", "value"]].round(1)
       part       term  value
    0  home  intercept    0.0
    1  home      slope    1.5
    """

    def line(one, name, part):
        y = checks.targets(one["y"], where=f" of the part {part!r} with {name} left out")
        return calibration_line(y, one["score"], level=level).rename_axis("term").reset_index()

    return _for_each_part(scores, line)


def coverage_abroad(scores, level=0.9, *, n_labelled=0, random_state=0):
    """Coverage of conformal sets, at home and abroad: calibrated at home, and calibrated on a few isolates from abroad.

    Parameters
    ----------
    scores : DataFrame
        From `home_and_abroad`.
    level : float
        That of the sets, between 0 and 1.
    n_labelled : int
        How many isolates from abroad are drawn and labelled for a calibration of their own; the others are judged.
    random_state : int
        Seed of the draw.

    Returns
    -------
    DataFrame
        Columns ``left_out``, ``part``, and those of `coverage_table` with intervals of 95 %. Parts are "home", "abroad"
        and, where isolates are labelled, "calibrated abroad".

    Raises
    ------
    ValueError
        If the new hospital has no more isolates than are to be labelled, an option is out of range, or a part is
        missing.

    Examples
    --------
    >>> y, score = [0, 0, 1, 0, 1, 1], [0.1, 0.3, 0.4, 0.6, 0.7, 0.9]
    >>> home = pd.DataFrame({"left_out": "Rome", "part": "calibration", "batch": "Milan", "y": y, "score": score})
    >>> abroad = home.assign(part="abroad", batch="Rome", score=1 - home["score"])
    >>> coverage_abroad(pd.concat([home, abroad]), level=0.6)[["part", "label", "coverage", "answered"]].round(2)
         part label  coverage  answered
    0  abroad     R      0.33      0.67
    1  abroad     S      0.33      0.67
    2  abroad   all      0.33      0.67
    """
    n_labelled = whole(n_labelled, "n_labelled", 0)
    check_parts(scores, "calibration", "abroad")
    known = {name: one for name, one in scores[scores["part"] == "calibration"].groupby("left_out")}

    def coverage(judged, name, part):
        labelled = known[name]
        if part == "calibrated abroad":
            if len(judged) <= n_labelled:
                raise ValueError(f"{name} has {len(judged)} isolates; with {n_labelled} labelled none is left to judge")
            drawn = np.random.default_rng(random_state).permutation(len(judged))
            labelled, judged = judged.iloc[drawn[:n_labelled]], judged.iloc[drawn[n_labelled:]]
        conformal = ConformalSets(level).fit(labelled["score"], labelled["y"])
        return coverage_table(conformal, judged["y"], judged["score"]).drop(columns="batch")

    if n_labelled:
        there = scores[scores["part"] == "abroad"]
        scores = pd.concat([scores, there.assign(part="calibrated abroad")])
    return _for_each_part(scores, coverage)


def abstention_abroad(scores, shares=None):
    """Error of the surest answers, at home and abroad.

    Parameters
    ----------
    scores : DataFrame
        From `home_and_abroad`.
    shares : array_like, optional
        As for `abstention_table`.

    Returns
    -------
    DataFrame
        Columns ``left_out``, ``part`` ("home" or "abroad"), and those of `abstention_table`.

    Raises
    ------
    ValueError
        As in `abstention_table`.

    Examples
    --------
    >>> y, score = [0, 0, 1, 0, 1, 1], [0.1, 0.3, 0.4, 0.6, 0.7, 0.9]
    >>> home = pd.DataFrame({"left_out": "Rome", "part": "home", "batch": "Milan", "y": y, "score": score})
    >>> abstention_abroad(home, [0.5, 1])[["left_out", "part", "answered", "error"]].round(2)
      left_out  part  answered  error
    0     Rome  home      0.67   0.00
    1     Rome  home      1.00   0.33
    """
    return _for_each_part(scores, lambda one, name, part: abstention_table(one["y"], one["score"], shares))


def check_parts(scores, *parts):
    """Make sure that a table is one of `home_and_abroad`.

    Parameters
    ----------
    scores : DataFrame
    *parts : str
        What every batch that is left out must have.

    Raises
    ------
    ValueError
        If a column or a part is missing.
    """
    what = "scores is the table that home_and_abroad() returns, but"
    if missing := {"left_out", "part", "y", "score"} - set(scores):
        raise ValueError(f"{what} it has no column {', '.join(sorted(missing))}")
    for name, of in scores.groupby("left_out"):
        if missing := set(parts) - set(of["part"]):
            raise ValueError(f"{what} {name} has no part {', '.join(sorted(missing))}")


def _for_each_part(scores, table):
    """`table(rows, left_out, part)` of each batch that is left out in each part, below one another."""
    check_parts(scores)
    tables = []
    for name, of in scores.groupby("left_out"):
        for part in ("home", "abroad", "calibrated abroad"):
            if len(one := of[of["part"] == part]):
                tables.append(pd.concat({(name, part): table(one, name, part)}, names=["left_out", "part"]))
    return pd.concat(tables).droplevel(2).reset_index()


def _split(rows, y, batch, isolate, share, random_state):
    """Some positions in two parts, the second with a share of the isolates."""
    options = {"isolate": isolate[rows], "test_fraction": share, "random_state": random_state}
    return [rows[part] for part in hold_out(y[rows], batch[rows], **options)]
