"""Does it matter what I means? The same network with I left out, as R, and as S."""

import numpy as np
import pandas as pd

from .. import evaluation as ev
from .fits import NETWORK, cross_validation
from .problem import CannotBeJudged, pose

MEANINGS = {"drop": "left out", "R": "taken as R", "S": "taken as S"}


def count(data):
    """Number of spectra that are labelled I."""
    antibiotic = data.info.get("antibiotic")
    return 0 if antibiotic not in data.meta else int((data.meta[antibiotic] == "I").sum())


def alternatives(data, net, *, n_splits, seed):
    """The problem and the fits of each meaning that the data set does not have already.

    Returns
    -------
    dict
        meaning -> (Problem, list of Fit), or the reason why it cannot be judged.
    """
    found = {}
    for meaning in MEANINGS if count(data) else ():
        if meaning != data.info.get("intermediate", "drop"):
            try:
                problem = pose(data, n_splits=n_splits, seed=seed, intermediate=meaning)
                found[meaning] = problem, cross_validation(problem, NETWORK, net)
            except CannotBeJudged as reason:
                found[meaning] = str(reason)
    return found


def table(scored):
    """The network under each meaning.

    Parameters
    ----------
    scored : dict
        meaning -> (Problem, P(R) of its spectra)

    Returns
    -------
    DataFrame
        Index: what I means.
    """
    rows = {}
    for meaning in (one for one in MEANINGS if one in scored):
        problem, score = scored[meaning]
        auroc = ev.auroc_with_interval(problem.y, score, isolate=problem.isolate)
        rates = ev.error_rates(problem.y, score, isolate=problem.isolate)["value"]
        rows[MEANINGS[meaning]] = {
            "isolates R": problem.isolates_of(1), "isolates S": problem.isolates_of(0), "auroc": auroc.value,
            "low": auroc.low, "high": auroc.high, "very major": rates["very major error"],
            "major": rates["major error"],
        }  # fmt: skip
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("I is")


def out_of_fold(problem, fits):
    """P(R) of each spectrum."""
    score = np.empty(len(problem.y))
    for fit in fits:
        score[fit.test] = fit.score
    return score
