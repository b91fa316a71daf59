"""How good is a model, compared with what, and how sure can one be? Splits, scores with intervals, baselines, tables.

Everywhere, `y` is 1 for resistant (R) and 0 for susceptible (S), `score` is a model's P(R), and `batch` is the
hospital, instrument or year of each spectrum.
"""

from .baselines import baselines, batch_only_scores
from .calibration import brier, calibration_table, expected_calibration_error
from .discrimination import Interval, auroc_with_interval, pairs_within_batch, within_batch_auroc
from .errors import ACCEPTANCE_LIMITS, Cutoff, error_rates, threshold_for
from .splits import hold_out, leave_one_batch_out, out_of_fold_scores, stratified_splits
from .tables import leave_one_batch_out_table, score_table

__all__ = [
    "ACCEPTANCE_LIMITS",
    "Cutoff",
    "Interval",
    "auroc_with_interval",
    "baselines",
    "batch_only_scores",
    "brier",
    "calibration_table",
    "error_rates",
    "expected_calibration_error",
    "hold_out",
    "leave_one_batch_out",
    "leave_one_batch_out_table",
    "out_of_fold_scores",
    "pairs_within_batch",
    "score_table",
    "stratified_splits",
    "threshold_for",
    "within_batch_auroc",
]
