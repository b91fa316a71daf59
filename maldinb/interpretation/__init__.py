"""What do the gates mean? How they are spread, whether they are used, and the way back to m/z.

Most functions take an `Opened`: a fitted network, and spectra that it was not trained on. `y` is 1 for resistant (R)
and 0 for susceptible (S), log-odds are ln(P(R) / P(S)); with more classes, those of one against the rest.
"""

from ..network import Opened
from .attribution import (
    gate_gradient,
    gradient,
    gradient_times_input,
    integrated_gradients,
    occlusion,
)
from .faithfulness import area, perturbation_curve
from .gates import gate_effects, gate_summary, separating_gates, shuffled_within_batch
from .interventions import INTERVENTIONS, intervention_table, replace_gates
from .methods import METHODS, Method, attributions, mean_profiles
from .peaks import doubly_charged, largest_peaks, shared_peaks
from .projections import gate_difference_projection, gate_weighted_projection, weight_norm
from .recovery import found_peaks, random_recovery, recovery
from .sanity import PARTS, agreement, cascade, randomised, rank_correlation, top_k_overlap
from .units import knock_out, knock_out_table, unit_importance
from .windows import Windows, profile

__all__ = [
    "INTERVENTIONS",
    "METHODS",
    "Method",
    "Opened",
    "PARTS",
    "Windows",
    "agreement",
    "area",
    "attributions",
    "cascade",
    "doubly_charged",
    "found_peaks",
    "gate_difference_projection",
    "gate_effects",
    "gate_gradient",
    "gate_summary",
    "gate_weighted_projection",
    "gradient",
    "gradient_times_input",
    "integrated_gradients",
    "intervention_table",
    "knock_out",
    "knock_out_table",
    "largest_peaks",
    "mean_profiles",
    "occlusion",
    "perturbation_curve",
    "profile",
    "random_recovery",
    "randomised",
    "rank_correlation",
    "recovery",
    "replace_gates",
    "separating_gates",
    "shared_peaks",
    "shuffled_within_batch",
    "top_k_overlap",
    "unit_importance",
    "weight_norm",
]
