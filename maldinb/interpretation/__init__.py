"""What do the gates mean? How they are spread, whether they are used, and the way back to m/z.

All functions take a fitted `MaldiMLPClassifier` and spectra that it was not trained on. `y` is 1 for resistant (R) and
0 for susceptible (S), `batch` is the city; log-odds are ln(P(R) / P(S)).
"""

from .attribution import (
    gate_difference_projection,
    gate_gradient,
    gate_weighted_projection,
    gradient,
    gradient_times_input,
    integrated_gradients,
    occlusion,
    projection_weights,
    weight_norm,
)
from .faithfulness import area, perturbation_curve
from .gates import gate_effects, gate_summary, separating_gates, shuffled_within_batch
from .interventions import INTERVENTIONS, intervention_table, knock_out, knock_out_table, replace_gates, unit_importance
from .methods import GATE_METHODS, METHODS, attributions, mean_profiles
from .network import Inside, inside, log_odds
from .recovery import found_peaks, random_recovery, recovery
from .sanity import PARTS, agreement, cascade, randomised, rank_correlation, top_k_overlap
from .windows import profile

__all__ = [
    "GATE_METHODS",
    "INTERVENTIONS",
    "Inside",
    "METHODS",
    "PARTS",
    "agreement",
    "area",
    "attributions",
    "cascade",
    "found_peaks",
    "gate_difference_projection",
    "gate_effects",
    "gate_gradient",
    "gate_summary",
    "gate_weighted_projection",
    "gradient",
    "gradient_times_input",
    "inside",
    "integrated_gradients",
    "intervention_table",
    "knock_out",
    "knock_out_table",
    "log_odds",
    "mean_profiles",
    "occlusion",
    "perturbation_curve",
    "profile",
    "projection_weights",
    "random_recovery",
    "randomised",
    "rank_correlation",
    "recovery",
    "replace_gates",
    "separating_gates",
    "shuffled_within_batch",
    "top_k_overlap",
    "unit_importance",
    "weight_norm",
]
