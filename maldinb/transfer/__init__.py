"""Another hospital: what a correction of spectra or a change of the training can do there, and what it cannot.

`batch` is the hospital, instrument or year of each spectrum, `y` is 1 for resistant (R) and 0 for susceptible (S).
Corrections are never given `y`.
"""

from .augmentation import Augmented
from .combat import ComBat
from .correction import BatchRanks, BatchScaler, Correction
from .leak import combat_that_sees_labels
from .told import Told, batch_told
from .weights import prevalence_weights

__all__ = [
    "Augmented",
    "BatchRanks",
    "BatchScaler",
    "ComBat",
    "Correction",
    "Told",
    "batch_told",
    "combat_that_sees_labels",
    "prevalence_weights",
]
