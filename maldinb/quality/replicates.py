"""Spectra of one isolate should be more alike than those of two."""

import numpy as np
import pandas as pd

from ..arguments import whole

_TOGETHER = 256  # spectra compared at a time: memory


def replicate_table(data, *, n_others=100, random_state=0):
    """How much spectra of one isolate agree, beside spectra of other isolates of the same batch.

    Parameters
    ----------
    data : SpectraDataset
    n_others : int
        Spectra drawn from each batch to compare with; all, if it has fewer.
    random_state : int
        Seed of the draw.

    Returns
    -------
    DataFrame
        A row for each isolate with two or more spectra: ``spectra``, their number; ``batches``, of how many batches;
        ``correlation``, the mean of Pearson's correlation between the rows of two of them; ``with others``, that with
        rows of other isolates in the batch; ``closer``, the share of those that are more alike to a spectrum than its
        own replicates are on average, near 0 where replicates agree and about one half where they are no more alike
        than any two isolates. Both are NaN where a batch holds no other isolate, and all are where a row is constant.
        Without isolates, or where each has one spectrum, the table is empty.

    Raises
    ------
    ValueError
        If `n_others` is out of range.

    Examples
    --------
    >>> from maldinb import load_simulated, quality
    >>> table = quality.replicate_table(load_simulated(n_spectra=60))
    >>> len(table), bool((table["closer"] < 0.5).all())
    (5, True)
    """
    whole(n_others, "n_others", 1)
    names = ["spectra", "batches", "correlation", "with others", "closer"]
    empty = pd.DataFrame(columns=names, index=pd.Index([], name="isolate"), dtype=float)
    if data.isolate is None:
        return empty
    isolate, batch = data.isolate.reset_index(drop=True), data.batch.astype(str).to_numpy()
    X, rng = data.X.to_numpy(), np.random.default_rng(random_state)
    own, rows = np.full(len(X), np.nan), {}
    for name, members in isolate.groupby(isolate).groups.items():
        if len(members) > 1:
            within = correlations(X[members], X[members])
            own[members] = (within.sum(axis=1) - 1) / (len(members) - 1)  # of each with its replicates
            rows[name] = members
    if not rows:
        return empty
    with_others, closer = np.full((2, len(X)), np.nan)
    several = isolate.isin(rows).to_numpy()
    for one in np.unique(batch[several]):
        drawn = np.sort(rng.permutation(np.flatnonzero(batch == one))[:n_others])
        here = np.flatnonzero(several & (batch == one))
        for some in np.split(here, range(_TOGETHER, len(here), _TOGETHER)):
            r = correlations(X[some], X[drawn])
            other = isolate.to_numpy()[some, None] != isolate.to_numpy()[drawn]
            n = other.sum(axis=1).astype(float)
            n[n == 0] = np.nan
            with_others[some] = np.where(other, r, 0).sum(axis=1) / n
            closer[some] = (other & (r > own[some, None])).sum(axis=1) / n
    closer[np.isnan(own + with_others)] = np.nan
    table = {
        name: [len(some), len(set(batch[some])), *(values[some].mean() for values in (own, with_others, closer))]
        for name, some in rows.items()
    }
    table = pd.DataFrame.from_dict(table, orient="index", columns=names).rename_axis("isolate")
    return table.astype({"spectra": int, "batches": int})


def correlations(some, others):
    """Pearson's correlation of each row of one matrix with each of another; NaN where a row is constant.

    Examples
    --------
    >>> correlations(np.array([[1.0, 2, 3]]), np.array([[2.0, 4, 6], [3, 2, 1], [1, 1, 1]])).round(1)
    array([[ 1., -1., nan]])
    """
    some, others = (rows - rows.mean(axis=1, keepdims=True) for rows in (some, others))
    size = np.outer(np.linalg.norm(some, axis=1), np.linalg.norm(others, axis=1))
    return np.divide(some @ others.T, size, out=np.full(size.shape, np.nan), where=size > 1e-12)
