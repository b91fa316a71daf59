"""How good is a model, compared with what, and how sure can one be? Splits, scores with intervals, baselines, tables.

Everywhere, `y` is 1 for resistant (R) and 0 for susceptible (S), `score` is a model's P(R), and `batch` is the
hospital, instrument or year of each spectrum.
"""

from ..offering import offered as _offered
from . import conclusions
from .baselines import baselines, batch_only_scores
from .calibration import brier, calibration_line, calibration_table, expected_calibration_error
from .conclusion import Conclusion
from .differences import difference_table
from .discrimination import Interval, auroc_with_interval, pairs_within_batch, within_batch_auroc, within_batch_interval
from .errors import ACCEPTANCE_LIMITS, Cutoff, error_rates, held_out_thresholds, predictive_values, threshold_for
from .splits import comparable_batches, hold_out, leave_one_batch_out, out_of_fold_scores, stratified_splits
from .tables import leave_one_batch_out_table, score_table

__all__ = sorted([*_offered(globals()), "conclusions"])
