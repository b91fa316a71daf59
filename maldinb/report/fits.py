"""All fits of a report: planned first, so that a progress bar knows how many, then done side by side."""

from typing import Any, NamedTuple

import joblib
import numpy as np
import pandas as pd
from sklearn.base import clone
from threadpoolctl import threadpool_limits

from ..ablation.fits import uninterrupted
from ..evaluation import baselines
from ..interpretation import shuffled_within_batch
from ..network import MaldiMLPClassifier
from ..network.threads import threads

NETWORK = "gated network"
#: The simpler models beside it; a forest takes longer than all of them and has been no better than boosting.
SIMPLER = ("logistic regression", "gradient boosting")
#: Models that are tried in a batch that they were not trained on.
ABROAD = (NETWORK, "logistic regression")
FOLD, SHUFFLED, LEFT_OUT, WHOLE = "fold", "shuffled labels", "batch left out", "all spectra"
N_SHUFFLED = 3  # folds whose networks are trained on shuffled labels, too: their maps share what chance has in common
MOST_BATCHES = 10  # that are left out, one at a time


class Fit(NamedTuple):
    """What is to be fitted, and on what; once done, P(R) of `test`, and the model if it is looked into."""

    role: str
    model: str
    where: Any
    estimator: Any
    y: np.ndarray
    train: np.ndarray
    test: np.ndarray
    score: np.ndarray | None = None
    guesses: bool = False

    @property
    def is_kept(self):
        """Whether the fitted model is looked into afterwards."""
        return self.model == NETWORK and self.role != LEFT_OUT


def network(epochs, hidden_dim, seed):
    """The network of a report, on the CPU, where a fit is the same each time."""
    return MaldiMLPClassifier(epochs=epochs, hidden_dim=hidden_dim, random_state=seed, device="cpu")


def cross_validation(problem, model, estimator):
    """A fit for each fold."""
    return [Fit(FOLD, model, k, estimator, problem.y, *split) for k, split in enumerate(problem.splits)]


def planned(problem, net, seed):
    """All fits of a problem.

    Parameters
    ----------
    problem : Problem
    net : MaldiMLPClassifier
    seed : int
        Of the boosting, and of what shuffles.

    Returns
    -------
    list of Fit
    """
    simpler = baselines(random_state=seed)
    models = {NETWORK: net} | {name: simpler[name] for name in SIMPLER}
    fits = [fit for name, model in models.items() for fit in cross_validation(problem, name, model)]
    everywhere = np.arange(len(problem.y))
    for name in left_out(problem)[0]:
        here = problem.batch == name
        fits += [
            Fit(LEFT_OUT, model, name, models[model], problem.y, everywhere[~here], everywhere[here])
            for model in ABROAD
        ]
    shuffled = shuffled_within_batch(problem.y, problem.batch, random_state=seed)
    fits += [
        Fit(SHUFFLED, NETWORK, k, net, shuffled, train, test)
        for k, (train, test) in enumerate(problem.splits[:N_SHUFFLED])
        if len(set(shuffled[train])) == 2 and (shuffled != problem.y).any()  # batches of one label stay as they are
    ]
    return [*fits, Fit(WHOLE, NETWORK, None, net, problem.y, everywhere, everywhere[:0])]


def left_out(problem):
    """Which batches can be left out, and why the others cannot.

    Returns
    -------
    names : list of str
        At most `MOST_BATCHES`, the largest, in alphabetical order.
    not_possible : dict
        batch -> reason
    """
    sizes = pd.Series(problem.batch).value_counts()
    names, not_possible = [], {}
    for name in sorted(sizes.index, key=lambda one: (-sizes[one], one)):
        here = problem.batch == name
        for part, where in ((here, "it has"), (~here, "all others have")):
            few = {label: problem.isolates_of(number, part) for number, label in ((1, "R"), (0, "S"))}
            if min(few.values()) < 2:
                not_possible[name] = (
                    f"{where} {few['R']} with R and {few['S']} with S, and it takes two isolates of each"
                )
                break
        else:
            if len(names) == MOST_BATCHES:
                not_possible[name] = f"the {MOST_BATCHES} largest were left out"
            else:
                names.append(name)
    return sorted(names), not_possible


def done(fits, X, n_jobs, advance):
    """Do all fits.

    Parameters
    ----------
    fits : list of Fit
    X : DataFrame, shape (n, n_bins)
    n_jobs : int or None
        As in joblib.
    advance : callable
        Called after each.

    Returns
    -------
    list of Fit
        In the same order, with `score`, `guesses` and, where it is kept, the fitted `estimator`.
    """
    values = np.ascontiguousarray(X.to_numpy())  # one array, which joblib maps into its workers
    calls = (joblib.delayed(_do)(fit, values, X.columns) for fit in fits)
    results = []
    for result in joblib.Parallel(n_jobs, return_as="generator")(calls):
        results.append(result)
        advance()
    return results


def _do(fit, values, columns):
    """One fit, on one thread. Runs in a worker."""
    estimator = clone(fit.estimator)
    train, test = (pd.DataFrame(np.asarray(values[rows]), columns=columns) for rows in (fit.train, fit.test))
    with threads(1), threadpool_limits(1):
        guesses = uninterrupted(estimator.fit, train, fit.y[fit.train])
        score = estimator.predict_proba(test)[:, 1] if len(test) else np.empty(0)
    return fit._replace(estimator=estimator if fit.is_kept else None, score=score, guesses=guesses)
