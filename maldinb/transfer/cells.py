"""One cell of a stored table: draw a scenario, fit, and score. Cells run in processes of their own."""

import tempfile

import numpy as np
from threadpoolctl import threadpool_limits

from .. import evaluation
from ..datasets import binary_labels, load_simulated
from ..preprocessing import bin_edges, middles, preprocess
from ..simulation import Scenario, Simulation
from .told import batch_told

MODELS = ("logistic regression", "gradient boosting")
ANTIBIOTIC, N_SPECTRA, N_SPLITS = "Amikacin", 743, 5


def causes_cell(differs, seed):
    """Scores of the models where cities differ in some causes and in no others.

    Parameters
    ----------
    differs : list of str
        Of `simulation.CAUSES`.
    seed : int
        Of the simulation, the folds and the boosting.

    Returns
    -------
    list of dict
        For each model: AUROC ``pooled`` over all cities and ``within`` them, in cross-validation; the ``left out``
        cities' mean and each of them; and how well the city is ``told``.
    """
    with threadpool_limits(1):  # several cells run side by side
        data = simulated(Scenario.only(*differs), seed)
        X, y = binary_labels(data)
        batch, isolate = data.batch[X.index], data.isolate[X.index]
        splits = evaluation.stratified_splits(y, batch, isolate=isolate, n_splits=N_SPLITS, random_state=seed)
        told = batch_told(X, batch, isolate=isolate, n_splits=3).balanced_accuracy
        rows = []
        for name in MODELS:
            model = evaluation.baselines(seed)[name]
            scores = evaluation.score_table({name: evaluation.out_of_fold_scores(model, X, y, splits)}, y, batch)
            abroad = evaluation.leave_one_batch_out_table(model, X, y, batch).set_index("batch")["auroc"]
            row = {"model": name, "pooled": scores["auroc"].item(), "within": scores["within batch"].item()}
            row |= {"left out": abroad.mean()} | {f"left out {city}": value for city, value in abroad.items()}
            rows.append(row | {"told": told})
    return rows


def simulated(scenario, seed, **options):
    """The spectra of a scenario, which leave nothing in the cache."""
    with tempfile.TemporaryDirectory() as folder:
        known = {"n_spectra": N_SPECTRA, "seed": seed, "scenario": scenario, "cache_dir": folder, "n_jobs": 1}
        return load_simulated(ANTIBIOTIC, **known, **options)


def probe(scenario, seed=0, n=3):
    """Where the first spectra of a scenario have their centre, in Da: it tells whether the simulation has changed."""
    simulation = Simulation(N_SPECTRA, seed, scenario=scenario)
    rows = np.array([preprocess(*simulation.raw(i)) for i in range(n)])
    return [round(float(centre), 3) for centre in rows @ middles(bin_edges()[:-1])[0]]
