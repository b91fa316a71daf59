"""Which hospitals can be left out one by one, and models be judged there."""

from typing import NamedTuple

import numpy as np

from ..arguments import whole
from ..evaluation import checks


class Comparable(NamedTuple):
    """Which spectra can be used, and what was found."""

    kept: np.ndarray
    why: str


def comparable_hospitals(y, batch, isolate=None, *, fewest=12):
    """Spectra of the batches that have isolates enough of both labels, if there are two such batches or more.

    A score in a hospital with a handful of R says next to nothing, and models cannot be calibrated there; with one
    hospital alone, there is no other one.

    Parameters
    ----------
    y : array_like of {0, 1}, shape (n,)
        1 for resistant.
    batch : array_like of str, shape (n,)
        Batch (hospital, instrument, year) of each spectrum.
    isolate : array_like, shape (n,), optional
        Isolate of each spectrum; repeats of one count once.
    fewest : int
        Isolates of each label that a batch must have, at least 1.

    Returns
    -------
    Comparable
        ``kept``, bool of shape (n,): the spectra of such batches, none where there are fewer than two; and ``why``, in
        words.

    Raises
    ------
    ValueError
        If the input is malformed.

    Examples
    --------
    >>> y, batch = [0, 0, 1, 1, 0, 1, 1, 1], list("aaaabbcc")
    >>> kept, why = comparable_hospitals(y, batch, fewest=1)
    >>> int(kept.sum()), why
    (6, '2 of 3 hospitals have 1 or more isolates of each label; left out: c (2 R, 0 S)')
    >>> comparable_hospitals(y, batch, fewest=2).why
    'it takes two hospitals with 2 or more isolates of each label; there are a (2 R, 2 S), b (1 R, 1 S), c (2 R, 0 S)'
    """
    y, fewest = checks.targets(y, both=False), whole(fewest, "fewest", 1)
    batch, isolate = checks.batches(batch, len(y)), checks.isolates(isolate, len(y))
    counts = {
        name: [len(np.unique(isolate[(batch == name) & (y == label)])) for label in (1, 0)]
        for name in np.unique(batch).tolist()
    }
    enough = [name for name, both in counts.items() if min(both) >= fewest]
    found = {name: f"{name} ({r} R, {s} S)" for name, (r, s) in counts.items()}
    what = f"{fewest} or more isolates of each label"
    if len(enough) < 2:
        return Comparable(
            np.zeros(len(y), bool), f"it takes two hospitals with {what}; there are {_some(found.values())}"
        )
    others = [said for name, said in found.items() if name not in enough]
    why = f"{len(enough)} of {len(counts)} hospitals have {what}" + (f"; left out: {_some(others)}" if others else "")
    return Comparable(np.isin(batch, enough), why)


def _some(names, most=6):
    names = list(names)
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")
