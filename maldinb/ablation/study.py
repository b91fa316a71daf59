"""The study: every variant on the same splits with the same seeds, on as many workers as there are."""

from contextlib import closing, contextmanager
from pathlib import Path

import joblib
import numpy as np
import pandas as pd
from sklearn.base import clone
from threadpoolctl import threadpool_limits
from tqdm.auto import tqdm

from .. import evaluation
from ..arguments import whole
from ..evaluation import checks
from . import heard
from .fits import METRICS, Fit, StudyError, attempt, keys_of, read_result, seed_parameters, seeded, write_result

CROSS_VALIDATION, LEAVE_ONE_BATCH_OUT = "cross-validation", "leave-one-batch-out"
COLUMNS = (
    "variant", "split", "repeat", "fold", "seed", "random_state", "batch",
    "n_train", "n_test", *METRICS, "guesses", "seconds",
)  # fmt: skip


def run_study(
    variants,
    X,
    y,
    batch,
    *,
    isolate=None,
    n_repeats=5,
    n_splits=5,
    seeds=(0, 1, 2),
    leave_one_batch_out=True,
    folder=None,
    n_jobs=None,
    progress=True,
):
    """Fit every variant on every split with every seed.

    The fits run through joblib: side by side in `n_jobs` threads, or wherever ``with joblib.parallel_config(...)``
    says, such as ``backend="dask"`` for an existing Dask cluster. Each runs on one thread, so one for each core is
    right. The table is the same wherever the fits ran, `seconds` apart, as long as the machines are alike.

    Parameters
    ----------
    variants : dict
        Name -> scikit-learn classifier with `predict_proba`, such as `variants()` returns. None is fitted itself.
    X : DataFrame or ndarray, shape (n, n_bins)
    y : array_like of {0, 1}, shape (n,)
        1 for resistant.
    batch : array_like of str, shape (n,)
        Batch (hospital, instrument, year) of each spectrum.
    isolate : array_like, shape (n,), optional
        Isolate of each spectrum. Spectra of one isolate stay together in cross-validation.
    n_repeats, n_splits : int
        The cross-validation has `n_splits` folds, and is repeated with other folds `n_repeats` times; 0 repeats leave
        it out.
    seeds : sequence of int
        How often each variant is fitted on each split. A seed and the variant's own ``random_state`` together decide
        its random numbers: variants with the same ``random_state`` (None counts as 0) get the same ones, and another
        ``random_state`` makes a variant "the same with other seeds". Variants that share a seed start from the same
        weights and so differ less than two seeds do; several seeds keep this from being luck with one.
    leave_one_batch_out : bool
        Train on all batches but one and test on that one, too.
    folder : path-like, optional
        Each result is written there as soon as it is known, so that a study which was stopped goes on where it was when
        it is called again. A result is found by what decides it: the estimator, the spectra it was trained and tested
        on, the seed, and the code of maldinb. One folder may therefore hold several studies, and a study that was
        changed fits only what is new. A change in the *code* of your own estimators is not seen; use another folder.
        Without, results are lost if the study does not finish.
    n_jobs : int, optional
        Fits at the same time; None is one, or what `joblib.parallel_config` says, and -1 one for each core.
    progress : bool
        Show a progress bar.

    Returns
    -------
    DataFrame
        A row for each fit, by split, repeat, fold, variant and seed:

        variant
            Name.
        split, repeat, fold
            "cross-validation" or "leave-one-batch-out", and the numbers of its repeat and fold, from 0. The repeat is
            the `random_state` of `stratified_splits`.
        seed, random_state
            The seed, and what the estimator was given. Both are missing (<NA>) for an estimator that draws no random
            numbers, such as logistic regression: it is fitted once for each split.
        batch
            The batch that was left out, or "all".
        n_train, n_test
            Numbers of spectra.
        auroc, within_batch_auroc, average_precision, brier, very_major_error, major_error
            On the test spectra, errors at a threshold of 0.5. The second is NaN if no batch there has both labels.
        guesses
            Whether the fit warned that it does no better than guessing.
        seconds
            Wall time of fitting and scoring.

    Raises
    ------
    ValueError
        If an argument is malformed, or a split has one label only; nothing has been fitted then.
    StudyError
        If a fit failed. The message names variant, split, fold and seed; the error is its cause. No more fits are
        started, and those under way are finished and kept.
    OSError
        If `folder` cannot be written.

    Examples
    --------
    >>> from sklearn.dummy import DummyClassifier
    >>> from sklearn.naive_bayes import GaussianNB
    >>> X, y = np.arange(24.0)[:, None], np.repeat([0, 1], 12)
    >>> models = {"bayes": GaussianNB(), "coin": DummyClassifier(strategy="stratified")}
    >>> once = {"n_repeats": 1, "n_splits": 2, "seeds": [0], "leave_one_batch_out": False}
    >>> table = run_study(models, X, y, ["all"] * 24, **once, progress=False)
    >>> table[["variant", "fold", "n_train", "n_test"]]
      variant  fold  n_train  n_test
    0   bayes     0       12      12
    1    coin     0       12      12
    2   bayes     1       12      12
    3    coin     1       12      12
    """
    X, y, batch = _checked_data(X, y, batch)
    splits = _splits(y, batch, isolate, n_repeats, n_splits, leave_one_batch_out)
    fits = _planned(_checked_variants(variants), splits, _checked_seeds(seeds))
    keys = keys_of(fits, X, y, batch)
    if folder is not None:
        folder = Path(folder).expanduser()
        folder.mkdir(parents=True, exist_ok=True)
    results = {} if folder is None else {key: read_result(folder, key) for key in keys}
    results = {key: result for key, result in results.items() if result is not None}
    todo = {key: fit for key, fit in zip(keys, fits, strict=True) if key not in results}  # equal fits are done once

    done = _done(todo, X, y, batch, n_jobs)
    bar = tqdm(total=len(set(keys)), initial=len(results), desc="study", unit="fit", disable=not progress)
    with bar, closing(done):
        try:
            for key, result in done:
                if folder is not None:
                    write_result(folder, key, todo[key], result)
                results[key] = result
                bar.update()
        except KeyboardInterrupt as stop:
            stop.add_note(_kept(results, keys, folder))
            raise
        except _Failed as failed:
            error = failed.__cause__
            message = f"{failed}: {type(error).__name__}: {error}. {_kept(results, keys, folder)}"
            raise StudyError(message) from error
    rows = [fit._asdict() | results[key] for fit, key in zip(fits, keys, strict=True)]
    return pd.DataFrame(rows, columns=COLUMNS).astype({"seed": "Int64", "random_state": "Int64"})


class _Failed(Exception):
    """Names the fit, or says that no fit can be named."""


def _done(todo, X, y, batch, n_jobs):
    """Fit; yield key and scores of each fit as soon as it is finished, and raise for the first that failed."""
    failed = {}

    def calls():
        for key, fit in todo.items():
            if failed:
                return
            yield joblib.delayed(attempt)(key, clone(fit.estimator), X, y, batch, fit.train, fit.test)

    parallel = joblib.Parallel(n_jobs, prefer="threads", return_as="generator_unordered", batch_size=1)
    try:
        # Each fit limits libraries to one thread and puts their number back. In threads, none may put back another.
        with threadpool_limits(1), _listening(), closing(parallel(calls())) as outcomes:
            for key, outcome in outcomes:
                if isinstance(outcome, Exception):
                    failed[key] = outcome
                else:
                    yield key, outcome
    except Exception as error:  # not of a fit, for those are returned
        raise _Failed("the workers failed") from error
    for key, error in failed.items():
        raise _Failed(f"the fit of {todo[key]} failed") from error


@contextmanager
def _listening():
    """Keep the ear of `heard_here` open from the first fit to the last, for whoever listens.

    If it closed between two fits, a thread that computes a score meanwhile, within a `warnings.catch_warnings` of
    scikit-learn, might put back what was there before it was opened again, and the next warning would go unheard.
    """
    with heard.heard_here():
        heard._HERE.heard = None  # what this thread says is shown
        yield


def _kept(results, keys, folder):
    n = f"{len(results)} of {len(set(keys))} fits are finished"
    if folder is None:
        return f"{n} and lost; with folder= they would be kept"
    return f"{n} and kept in {folder}; the same call goes on from there"


# --- what there is to fit


def _splits(y, batch, isolate, n_repeats, n_splits, leave_one_batch_out):
    """(split, repeat, fold, batch, train, test) of all splits."""
    found = []
    for repeat in range(whole(n_repeats, "n_repeats", 0)):
        folds = evaluation.stratified_splits(y, batch, isolate=isolate, n_splits=n_splits, random_state=repeat)
        found += [(CROSS_VALIDATION, repeat, fold, "all", *positions) for fold, positions in enumerate(folds)]
    if leave_one_batch_out:
        for fold, (left_out, train, test) in enumerate(evaluation.leave_one_batch_out(batch)):
            checks.targets(y[test], where=f" in {left_out}")
            checks.targets(y[train], where=f" outside {left_out}")
            found.append((LEAVE_ONE_BATCH_OUT, 0, fold, left_out, train, test))
    if not found:
        raise ValueError("n_repeats is 0 and leave_one_batch_out is False: no split is left to fit on")
    return found


def _planned(variants, splits, seeds):
    """The fits, in the order of the table: whatever is finished when a study stops, has all variants alike."""
    copies = {
        name: [(seed, *reversed(seeded(estimator, seed))) for seed in (seeds if seed_parameters(estimator) else [None])]
        for name, estimator in variants.items()
    }
    return [
        Fit(name, split, repeat, fold, seed, number, batch, copy, train, test)
        for split, repeat, fold, batch, train, test in splits
        for name, seeded_copies in copies.items()
        for seed, number, copy in seeded_copies
    ]


def _checked_data(X, y, batch):
    """Arrays: rows as float32 if they are that, else float64."""
    y = checks.targets_of(X, y)
    X = np.asarray(X)
    X = np.ascontiguousarray(X, dtype=np.float32 if X.dtype == np.float32 else np.float64)
    return X, y, checks.batches(batch, len(y))


def _checked_variants(variants):
    if not isinstance(variants, dict) or not variants:
        raise ValueError("variants is a dict of name -> estimator, and not empty; see variants()")
    for name, estimator in variants.items():
        checks.gives_probabilities(estimator, f"variant {name!r}: ")
    return variants


def _checked_seeds(seeds):
    seeds = [whole(seed, "each of seeds", 0) for seed in seeds]
    if not seeds or len(set(seeds)) < len(seeds):
        raise ValueError(f"seeds is one or more different whole numbers, not {seeds}")
    return seeds
