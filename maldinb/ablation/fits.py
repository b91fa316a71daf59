"""One fit of a study: how it is seeded, done and scored, what identifies it, and where its result is kept."""

import json
import os
import pickle
import time
import traceback
import warnings
from typing import Any, NamedTuple

import joblib
import numpy as np
import sklearn
import torch
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, roc_auc_score
from threadpoolctl import threadpool_limits

from ..evaluation import brier, error_rates, within_batch_auroc
from ..fingerprint import code_hash
from ..network.threads import threads
from .heard import heard_here

#: Metric -> (its name in a sentence, whether higher is better).
METRICS = {
    "auroc": ("AUROC", True),
    "within_batch_auroc": ("within-batch AUROC", True),
    "average_precision": ("average precision", True),
    "brier": ("Brier score", False),
    "very_major_error": ("very major error rate", False),
    "major_error": ("major error rate", False),
}

#: The code that decides a result. It is part of the key, so that no result outlives a change of it.
_CODE = ("network", "evaluation", "ablation.fits", "ablation.heard")


class StudyError(RuntimeError):
    """A fit failed; the message says which, and what is kept. The error itself is the `__cause__`."""


class Fit(NamedTuple):
    """What is to be fitted (an estimator, already seeded), and on which positions."""

    variant: str
    split: str
    repeat: int
    fold: int
    seed: int | None
    random_state: int | None
    batch: str
    estimator: Any
    train: np.ndarray
    test: np.ndarray

    def __str__(self):
        where = f"{self.split}, repeat {self.repeat}, fold {self.fold}" + (f" ({self.batch})" * (self.batch != "all"))
        return f"{self.variant!r}, {where}, {'no seed' if self.seed is None else f'seed {self.seed}'}"


# --- seeds


def seed_parameters(estimator):
    """Names of the parameters that decide an estimator's random draws; none if it draws nothing.

    A logistic regression has a `random_state` too, and looks at it only with some solvers.
    """
    parameters = estimator.get_params()
    names = [name for name in parameters if name.split("__")[-1] == "random_state"]
    owners = {name: parameters.get(name.rpartition("__")[0], estimator) for name in names}
    return [name for name in names if not _is_deterministic(owners[name])]


def _is_deterministic(estimator):
    return isinstance(estimator, LogisticRegression) and estimator.solver not in ("sag", "saga", "liblinear")


def seeded(estimator, seed):
    """A clone whose random draws depend on its own `random_state` and on the seed of the study, and that number.

    Raises
    ------
    ValueError
        If its own `random_state` is neither None (which counts as 0) nor a whole number.
    """
    copy, number = clone(estimator), None
    for name in seed_parameters(estimator):
        own = copy.get_params()[name]
        if own is not None and not isinstance(own, (int, np.integer)):
            raise ValueError(f"{name} is None or a whole number in a study, not {own!r}: a fit has to be repeatable")
        number = int(np.random.SeedSequence([own or 0, seed]).generate_state(1)[0])
        copy.set_params(**{name: number})
    return copy, number


# --- fitting and scoring


def attempt(key, estimator, X, y, batch, train, test):
    """The key and the scores of a fit, or the exception that it ended in. Runs in a worker."""
    try:
        return key, fit_and_score(estimator, X, y, batch, train, test)
    except Exception as error:
        return key, portable(error)


def fit_and_score(estimator, X, y, batch, train, test):
    """Fit on some rows, on one thread, and score on others: a dict of numbers."""
    X = np.asarray(X)  # a worker gets a memmap, whose rows are better plain
    start = time.perf_counter()
    # Several fits run side by side. Besides, sums of several threads are rounded in another way.
    with threads(1), threadpool_limits(1):
        guesses = uninterrupted(estimator.fit, X[train], y[train])
        score = estimator.predict_proba(X[test])[:, 1]
    seconds = time.perf_counter() - start
    y, batch = y[test], batch[test]
    rates = error_rates(y, score)["value"]
    both = any(len(set(y[batch == name])) == 2 for name in set(batch))
    return {
        "n_train": len(train),
        "n_test": len(test),
        "auroc": float(roc_auc_score(y, score)),
        "within_batch_auroc": within_batch_auroc(y, score, batch)[0] if both else np.nan,
        "average_precision": float(average_precision_score(y, score)),
        "brier": brier(y, score),
        "very_major_error": float(rates["very major error"]),
        "major_error": float(rates["major error"]),
        "guesses": guesses,
        "seconds": seconds,
    }


def uninterrupted(fit, X, y):
    """Fit, and return whether `MaldiMLPClassifier` warns that it does no better than guessing.

    Where it answers Ctrl-C with a half-trained network, stop: that is no result. All other warnings are passed on.
    """
    with heard_here() as heard:
        fit(X, y)
    guesses = False
    for warning in heard:
        if "training was interrupted" in str(warning.message):
            raise KeyboardInterrupt
        if "no better than guessing" in str(warning.message):
            guesses = True
        else:
            warnings.warn_explicit(warning.message, warning.category, warning.filename, warning.lineno)
    return guesses


def portable(error):
    """An exception that arrives whole in another process, with its traceback as a note."""
    note = "".join(traceback.format_exception(error))
    try:
        error = pickle.loads(pickle.dumps(error))
    except Exception:  # some exceptions can be pickled and not unpickled
        error = RuntimeError(f"{type(error).__name__}: {error}")
    error.add_note(note)
    return error


# --- results on disk


def keys_of(fits, *data):
    """For each fit a key of all that decides its result: estimator, positions, data, code and versions.

    The code of estimators that are not maldinb's is known by its name only.
    """
    versions = [torch.__version__, sklearn.__version__, np.__version__]
    shared = joblib.hash([*data, versions, code_hash(*_CODE)])
    return [joblib.hash([fit.estimator, fit.train, fit.test, shared], "sha1") for fit in fits]


def read_result(folder, key):
    """The scores that were kept under a key; None if there are none, or if the file is damaged."""
    try:
        result = json.loads((folder / f"{key}.json").read_text("utf-8"))
        return {name: result[name] for name in ("n_train", "n_test", *METRICS, "guesses", "seconds")}
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_result(folder, key, fit, result):
    """Keep scores: written beside their place first, so that a kill leaves the whole file or none."""
    named = {"fit": str(fit), "random_state": fit.random_state} | result
    draft = folder / f".{key}.{os.getpid()}.draft"
    try:
        draft.write_text(json.dumps(named), "utf-8")
        draft.replace(folder / f"{key}.json")
    finally:
        draft.unlink(missing_ok=True)
