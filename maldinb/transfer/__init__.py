"""Another hospital: what a correction of spectra or a change of the training can do there, and what it cannot.

`batch` is the hospital, instrument or year of each spectrum, `y` is 1 for resistant (R) and 0 for susceptible (S).
Corrections are never given `y`.
"""

from ..offering import offered as _offered
from .abroad import abstention_abroad, calibration_abroad, coverage_abroad, home_and_abroad
from .abstaining import mean_known, surest_table
from .augmentation import Augmented
from .causes import cause_table, main_effects, stored_causes
from .combat import ComBat
from .conformal import SETS, ConformalSets, fewest_isolates
from .correction import BatchRanks, BatchScaler, Correction
from .coverage import abstention_table, coverage_table
from .cures import mean_over_seeds, stored_cures, stored_isolates
from .decisions import decision_curve
from .fall import at_home, fall_table
from .hospitals import Comparable, comparable_hospitals
from .judging import judge
from .leak import combat_that_sees_labels
from .local import local_curve
from .profiles import effect_profiles, profile_agreement
from .recalibration import Recalibration, at_prevalence, with_mean
from .told import Told, batch_told
from .updates import update_table
from .weights import prevalence_weights

__all__ = _offered(globals())
