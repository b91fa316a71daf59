"""From fits to tables: how good, compared with what, where, and at which errors."""

import numpy as np
import pandas as pd

from .. import evaluation as ev
from ..ablation import compare
from ..ablation.study import CROSS_VALIDATION
from ..evaluation.discrimination import auroc
from .fits import FOLD, LEFT_OUT, NETWORK

BATCH_ONLY, SPECIES_ONLY = "batch only", "species only"
THRESHOLD = 0.5
MAX_VERY_MAJOR = 0.03  # for which the other threshold is chosen
CHOSEN = "chosen"


def out_of_fold(problem, fits):
    """P(R) of each spectrum by models that have not seen it, the network first; then what batch and species tell."""
    scores = {}
    for fit in fits:
        if fit.role == FOLD:
            scores.setdefault(fit.model, np.empty(len(problem.y)))[fit.test] = fit.score
    for name, of in ((BATCH_ONLY, problem.batch), (SPECIES_ONLY, problem.species)):
        if len(set(of)) > 1:
            scores[name] = ev.batch_only_scores(problem.y, of, problem.splits)
    return scores


def discrimination(problem, scores):
    """AUROC over all spectra and within batches, with intervals, and Brier score: a row for each model."""
    rows = {}
    for name, score in scores.items():
        row = ev.auroc_with_interval(problem.y, score, isolate=problem.isolate)._asdict()
        rows[name] = {"auroc": row["value"], "low": row["low"], "high": row["high"]}
        if len(set(problem.batch)) > 1:
            inside = ev.within_batch_interval(problem.y, score, problem.batch, isolate=problem.isolate)
            rows[name] |= {"within": inside.value, "within low": inside.low, "within high": inside.high}
        rows[name]["brier"] = ev.brier(problem.y, score)
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("model")


def differences(problem, scores):
    """By how much the network is better than each other model, fold by fold; see `ablation.compare`."""
    rows = [
        {"variant": name, "split": CROSS_VALIDATION, "repeat": 0, "fold": k, "n_train": len(train), "n_test": len(test),
         "auroc": auroc(problem.y[test], score[test])}
        for k, (train, test) in enumerate(problem.splits)
        for name, score in scores.items()
    ]  # fmt: skip
    return compare(pd.DataFrame(rows), NETWORK)


def by_group(problem, score, groups, name):
    """One model in each batch or species: AUROC with interval, and errors at `THRESHOLD`."""
    rows = []
    for group in sorted(set(groups)):
        here = groups == group
        y, p = problem.y[here], score[here]
        isolate = None if problem.isolate is None else problem.isolate[here]
        n = {label: problem.isolates_of(number, here) for number, label in ((1, "R"), (0, "S"))}
        auroc = ev.Interval(np.nan, np.nan, np.nan)
        errors = {"very major": np.nan, "major": np.nan}
        if min(n.values()) > 1:
            auroc = ev.auroc_with_interval(y, p, isolate=isolate)
        if min(n.values()) > 0:
            rates = ev.error_rates(y, p, THRESHOLD, isolate=isolate)["value"]
            errors = {"very major": rates["very major error"], "major": rates["major error"]}
        rows.append({name: group, "spectra": len(y), "isolates R": n["R"], "isolates S": n["S"],
                     "auroc": auroc.value, "low": auroc.low, "high": auroc.high, **errors})  # fmt: skip
    return pd.DataFrame(rows)


def abroad(problem, fits):
    """AUROC in each batch of models that were trained in all others."""
    rows = []
    for fit in (fit for fit in fits if fit.role == LEFT_OUT):
        isolate = None if problem.isolate is None else problem.isolate[fit.test]
        auroc = ev.auroc_with_interval(fit.y[fit.test], fit.score, isolate=isolate)
        few = {label: problem.isolates_of(number, fit.test) for number, label in ((1, "R"), (0, "S"))}
        rows.append((fit.model, fit.where, few["R"], few["S"], *auroc))
    return pd.DataFrame(rows, columns=["model", "batch", "isolates R", "isolates S", "auroc", "low", "high"])


def operating_points(problem, score, prevalence):
    """Errors and predictive values at `THRESHOLD`, and at thresholds that each fold is given by the others.

    Returns
    -------
    errors, values : DataFrame
        Index: threshold and rate.
    thresholds : ndarray, shape (n,)
    """
    thresholds = ev.held_out_thresholds(problem.y, score, problem.splits, MAX_VERY_MAJOR, isolate=problem.isolate)
    # The mean over an isolate's spectra stays on its side of the threshold: it lies in one fold, which has one.
    points = {f"{THRESHOLD:g}": score - THRESHOLD, CHOSEN: score - thresholds}
    errors, values = {}, {}
    for name, margin in points.items():
        shifted = (0.5 + margin / 2).clip(0, 1)
        errors[name] = ev.error_rates(problem.y, shifted, isolate=problem.isolate)
        values[name] = ev.predictive_values(problem.y, shifted, prevalence, isolate=problem.isolate)
    return (*(pd.concat(tables, names=["threshold", "rate"]) for tables in (errors, values)), thresholds)


def share_of_resistant(problem):
    """Share of R among the isolates."""
    resistant, susceptible = problem.isolates_of(1), problem.isolates_of(0)
    return resistant / (resistant + susceptible)
