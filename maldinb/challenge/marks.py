"""One hand-in against the truth: peaks against chance, probabilities abroad, and whether what was claimed holds."""

import math
from dataclasses import dataclass

import numpy as np

from ..evaluation import Interval, auroc_with_interval, brier
from .claims import AUROC, BRIER, Limit, same_code
from .handed_in import HandIn
from .recovered import Recovered, found_by, recovered
from .truth import TOLERANCE

COIN = {AUROC: 0.5, BRIER: 0.25}  # of whoever says .5 of all
OFTEN = 0.05  # share of the moved lists of which a claim holds, too, from which on it says little


@dataclass(eq=False)
class Verdict:
    """What has become of one line of a claim."""

    limit: Limit
    value: float  # NaN where it could not be measured
    interval: Interval | None  # of the value, where there is one
    anyhow: str = ""  # "by chance" if it holds of a coin or of moved lists, "without labels" if of the control

    @property
    def holds(self):
        """Whether it does; None where that could not be measured."""
        return None if math.isnan(self.value) else self.limit.holds(self.value)

    @property
    def is_sure(self):
        """Whether all of the interval is on the same side."""
        return self.interval is None or len({self.limit.holds(one) for one in self.interval[1:]} | {self.holds}) == 1


@dataclass(eq=False)
class Mark:
    """All that was found out about a hand-in; None where that could not be."""

    hand_in: HandIn
    recovered: Recovered | None = None
    other: int = 0  # m/z that are peaks of another antibiotic
    control: np.ndarray | None = None  # of bool: which are right in a list that knows no labels
    auroc: Interval | None = None
    brier: float | None = None
    verdicts: tuple = ()
    sealed: str = ""  # whether the claim is as it was sealed: "yes", "no", "no code"; "" where nobody asks

    def without_labels(self, first=None):
        """How many are right in as long a list that knows no labels, or among its first."""
        return int(self.control[: len(self.recovered.right)][:first].sum())


def mark(hand_in, truth, control, code=None):
    """Hold one hand-in against the truth.

    Parameters
    ----------
    hand_in : HandIn
    truth : Truth
    control : array_like
        m/z of a list that knows no labels, in Da, the longer the better.
    code : str, optional
        That of the claim as it was sealed; "" if none was.

    Returns
    -------
    Mark
    """
    found = Mark(hand_in)
    if hand_in.mz is not None:
        found.recovered = recovered(hand_in.mz, truth.peaks, TOLERANCE)
        found.control = found_by(control, truth.peaks, TOLERANCE)[0]
        if len(truth.other_peaks):
            of_other = np.abs(hand_in.mz[:, None] - truth.other_peaks).min(axis=1) <= TOLERANCE
            found.other = int((of_other & ~found.recovered.right).sum())
    if hand_in.probability is not None:
        y = truth.labels.dropna()
        score = hand_in.probability[y.index]
        found.auroc = auroc_with_interval(y, score, isolate=truth.isolate[y.index])
        found.brier = brier(y, score)
    if hand_in.claim is not None:
        if code is not None:
            found.sealed = "no code" if not code else "yes" if same_code(code, hand_in.claim.code) else "no"
        found.verdicts = tuple(_verdict(limit, found) for limit in hand_in.claim.limits)
    return found


def _verdict(limit, found):
    """Whether one line of the claim holds, and whether it would of whoever knows nothing."""
    if limit.what in COIN:
        auroc = found.auroc or Interval(math.nan, math.nan, math.nan)
        value = auroc.value if limit.what == AUROC else math.nan if found.brier is None else found.brier
        anyhow = "by chance" if limit.holds(COIN[limit.what]) else ""
        return Verdict(limit, value, auroc if limit.what == AUROC else None, anyhow)
    if found.recovered is None:
        return Verdict(limit, math.nan, None)
    often = np.mean([limit.holds(n) for n in found.recovered.by_chance(limit.first)]) >= OFTEN
    anyhow = "by chance" if often else "without labels" if limit.holds(found.without_labels(limit.first)) else ""
    return Verdict(limit, float(found.recovered.n_right(limit.first)), None, anyhow)
