"""All that a report says of labelled spectra, computed once."""

from dataclasses import dataclass, field

import joblib
import numpy as np
import pandas as pd
from tqdm.auto import tqdm

from .. import evaluation as ev
from . import intermediate, judged
from .fits import FOLD, LEFT_OUT, NETWORK, WHOLE, done, left_out, network, planned
from .maps import Maps, maps
from .problem import Problem, pose


@dataclass
class Results:
    """Tables of a report; see the functions of `judged`, `maps` and `intermediate` that make them.

    Attributes
    ----------
    model : MaldiMLPClassifier
        Fitted to all labelled spectra.
    guesses : int
        Networks of the folds that do no better than guessing on the spectra that stop their training.
    not_judged : dict
        meaning of I -> why the labels cannot be judged with it.
    """

    problem: Problem
    model: object
    scores: dict
    discrimination: pd.DataFrame
    differences: pd.DataFrame
    batches: pd.DataFrame
    species: pd.DataFrame
    abroad: pd.DataFrame
    not_abroad: dict
    prevalence: float
    errors: pd.DataFrame
    values: pd.DataFrame
    thresholds: np.ndarray
    calibration: pd.DataFrame
    line: pd.DataFrame
    guesses: int
    maps: Maps | None
    intermediate: pd.DataFrame | None
    not_judged: dict = field(default_factory=dict)


def judge(data, *, epochs, hidden_dim, seed, n_splits, prevalence, n_jobs, verbose):
    """Train and judge.

    Parameters
    ----------
    data : SpectraDataset
    epochs, hidden_dim, seed, n_splits, prevalence, n_jobs, verbose
        As in `write_report`.

    Returns
    -------
    Results

    Raises
    ------
    CannotBeJudged
        If the labels do not allow for it; nothing has been fitted then.
    """
    problem = pose(data, n_splits=n_splits, seed=seed)
    net = network(epochs, hidden_dim, seed)
    plan = planned(problem, net, seed)
    others = intermediate.alternatives(data, net, n_splits=n_splits, seed=seed)
    possible = {meaning: found for meaning, found in others.items() if not isinstance(found, str)}
    n_jobs = joblib.cpu_count() if n_jobs is None else n_jobs
    total = len(plan) + sum(len(fits) for _, fits in possible.values())
    with tqdm(total=total, desc="report", unit="fit", disable=not verbose) as bar:
        fits = done(plan, problem.X, n_jobs, bar.update)
        redone = {
            meaning: (other, intermediate.out_of_fold(other, done(its, other.X, n_jobs, bar.update)))
            for meaning, (other, its) in possible.items()
        }
    scores = judged.out_of_fold(problem, fits)
    ours = scores[NETWORK]
    if prevalence is None:
        prevalence = judged.share_of_resistant(problem)
    errors, values, thresholds = judged.operating_points(problem, ours, prevalence)
    if others:
        redone[data.info.get("intermediate", "drop")] = problem, ours
    has_mz = data.mz is not None and len(data.mz) > 1
    return Results(
        problem=problem,
        model=next(fit.estimator for fit in fits if fit.role == WHOLE),
        scores=scores,
        discrimination=judged.discrimination(problem, scores),
        differences=judged.differences(problem, scores),
        batches=judged.by_group(problem, ours, problem.batch, "batch"),
        species=judged.by_group(problem, ours, problem.species, "species"),
        abroad=judged.abroad(problem, [fit for fit in fits if fit.role == LEFT_OUT]),
        not_abroad=left_out(problem)[1] if len(set(problem.batch)) > 1 else {},
        prevalence=prevalence,
        errors=errors,
        values=values,
        thresholds=thresholds,
        calibration=ev.calibration_table(problem.y, ours, n_bins=5, isolate=problem.isolate),
        line=ev.calibration_line(problem.y, ours, isolate=problem.isolate),
        guesses=sum(fit.guesses for fit in fits if (fit.role, fit.model) == (FOLD, NETWORK)),
        maps=maps(problem, fits, data.mz) if has_mz else None,
        intermediate=intermediate.table(redone) if others else None,
        not_judged={meaning: found for meaning, found in others.items() if isinstance(found, str)},
    )
