"""What a report judges: labelled spectra, and the folds in which each is scored by a model that has not seen it."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..datasets import binary_labels
from ..evaluation import checks, stratified_splits


class CannotBeJudged(ValueError):
    """These labels do not allow for a model to be trained and judged; the message says why."""


@dataclass
class Problem:
    """Labelled spectra and their folds.

    Attributes
    ----------
    X : DataFrame, shape (n, n_bins)
    y : ndarray of {0, 1}, shape (n,)
        1 for resistant.
    batch, species : ndarray of str, shape (n,)
    isolate : ndarray, shape (n,), or None
        Isolate of each spectrum, missing where it is not known.
    splits : list of (train, test)
    """

    X: pd.DataFrame
    y: np.ndarray
    batch: np.ndarray
    species: np.ndarray
    isolate: np.ndarray | None
    splits: list

    def isolates_of(self, label, where=slice(None)):
        """Number of isolates with a label, 1 or 0; a spectrum of which none is known counts as one."""
        number = checks.isolates(self.isolate, len(self.y))
        return len(np.unique(number[where][self.y[where] == label]))


def pose(data, *, n_splits, seed, intermediate=None):
    """The problem that a data set poses.

    Parameters
    ----------
    data : SpectraDataset
    n_splits : int
        Folds.
    seed : int
        Decides which isolates go to which fold.
    intermediate : {"drop", "R", "S"}, optional
        What I means, as in `binary_labels`.

    Returns
    -------
    Problem

    Raises
    ------
    CannotBeJudged
        If there are no labels, or too few isolates of one.
    """
    if data.info.get("antibiotic") is None:
        raise CannotBeJudged("the data set was loaded without a column of labels")
    try:
        X, y = binary_labels(data, intermediate=intermediate)
    except ValueError as error:
        raise CannotBeJudged(str(error)) from None
    rows = data.meta.loc[X.index]
    isolate = None if data.isolate is None else rows["Isolate"].to_numpy(object)
    species = rows["Species"].fillna("unknown").to_numpy(str)
    problem = Problem(X, y.to_numpy(), rows["Batch"].to_numpy(str), species, isolate, [])
    for label, name in ((1, "resistant"), (0, "susceptible")):
        if (n := problem.isolates_of(label)) < n_splits:
            one, more = ("spectrum is", "spectra are") if isolate is None else ("isolate is", "isolates are")
            raise CannotBeJudged(
                f"only {n} {one if n == 1 else more} {name}, and a cross-validation of {n_splits} folds takes at least "
                f"{n_splits} of each kind"
            )
    try:
        problem.splits = stratified_splits(
            problem.y, problem.batch, isolate=isolate, n_splits=n_splits, random_state=seed
        )
    except ValueError as error:
        raise CannotBeJudged(str(error)) from None
    return problem
