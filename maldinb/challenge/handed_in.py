"""One hand-in, read with patience: what is wrong with one file does not stop the others."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from ..arguments import listed
from ..preprocessing import MZ_MAX, MZ_MIN
from .claims import Claim, read_claim
from .files import AnswerError, Answers, counted, numbers

PEAKS, PROBABILITIES = "peaks.csv", "probabilities.csv"
MOST = 2000  # m/z; bins of the whole range are no answer


@dataclass(eq=False)
class HandIn:
    """What a group has handed in, as far as it can be used.

    Attributes
    ----------
    name : str
    claim : Claim or None
    mz : ndarray or None
        In Da, the surest first.
    probability : Series or None
        P(R) of each spectrum abroad, indexed by ID.
    problems : list of str
        One line for each file that cannot be used.
    """

    name: str
    claim: Claim | None = None
    mz: np.ndarray | None = None
    probability: pd.Series | None = None
    problems: list = field(default_factory=list)


def read_hand_in(path, name, ids, ids_at_home=()):
    """Read what a group has handed in.

    Parameters
    ----------
    path : path-like
        A folder or a zip with claim.csv, method.md, peaks.csv and probabilities.csv, at any depth.
    name : str
        What to call it.
    ids : sequence of str
        The spectra abroad.
    ids_at_home : sequence of str
        Other spectra, of which probabilities may stand there as well.

    Returns
    -------
    HandIn

    Examples
    --------
    >>> read_hand_in("nowhere", "group 1", ["sim-0001"]).problems
    ['there is no such folder or zip']
    """
    found = HandIn(name)
    try:
        answers = Answers(path)
    except AnswerError as error:
        found.problems.append(str(error))
        return found
    parts = {
        "claim": lambda: read_claim(path),
        "mz": lambda: _peaks(answers),
        "probability": lambda: _probabilities(answers, ids, ids_at_home),
    }
    for part, read in parts.items():
        try:
            setattr(found, part, read())
        except AnswerError as error:
            found.problems.append(str(error))
    return found


def _peaks(answers):
    mz = numbers(answers.table(PEAKS, "m/z")["m/z"], PEAKS, "an m/z in Da")
    if len(mz) > MOST:
        raise AnswerError(f"{PEAKS}: {len(mz)} m/z are no list of peaks; {MOST} are read at most")
    outside = mz[(mz < MZ_MIN) | (mz > MZ_MAX)]
    if len(outside):
        raise AnswerError(f"{PEAKS}: {counted(outside)}, where an m/z from {MZ_MIN:g} to {MZ_MAX:g} Da should be")
    return mz.to_numpy()


def _probabilities(answers, ids, ids_at_home):
    table = answers.table(PROBABILITIES, "ID", "P(R)").set_index("ID")["P(R)"]
    if not table.index.is_unique:
        raise AnswerError(f"{PROBABILITIES}: {table.index[table.index.duplicated()][0]!r} stands there more than once")
    if unknown := sorted(set(table.index) - set(ids) - set(ids_at_home)):
        raise AnswerError(f"{PROBABILITIES}: no spectrum of this challenge is called {listed(unknown)}")
    if missing := [one for one in ids if one not in table.index]:
        raise AnswerError(f"{PROBABILITIES}: {len(missing)} of {len(ids)} spectra are missing: {listed(missing)}")
    found = numbers(table[list(ids)], PROBABILITIES, "a probability")
    wrong = found[(found < 0) | (found > 1)]
    if len(wrong):
        raise AnswerError(f"{PROBABILITIES}: {counted(wrong)}, where a probability from 0 to 1 should be")
    return found
