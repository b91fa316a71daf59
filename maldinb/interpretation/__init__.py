"""What do the gates mean? How they are spread, whether they are used, and the way back to m/z.

Most functions take an `Opened`: a fitted network, and spectra that it was not trained on. `y` is 1 for resistant (R)
and 0 for susceptible (S), log-odds are ln(P(R) / P(S)); with more classes, those of one against the rest.
"""

from ..network import Opened
from .attribution import gate_gradient, gradient, gradient_times_input, integrated_gradients, occlusion
from .biology import REPORTED, planted_for, what_is_known
from .controls import network_that_needs_its_gate, sign_task
from .effects import best_gate, chance_effect, detectable_effect, typical_effect
from .faithfulness import area, class_contrast, perturbation_curve
from .fitting import train_panel
from .gates import gate_effects, gate_summary, separating_gates, shuffled_within_batch
from .interventions import INTERVENTIONS, intervention_table, replace_gates
from .methods import METHODS, Method, attributions, mean_profiles
from .networks import over_networks
from .panel import Fit, Panel
from .peaks import charge_partners, shared_peaks
from .projections import gate_difference_projection, gate_weighted_projection, weight_norm
from .recovery import candidates, found_peaks, random_recovery, recovery, score_maps
from .sanity import PARTS, agreement, cascade, likeness, randomised, rank_correlation, top_k_overlap
from .units import knock_out, knock_out_table, unit_importance
from .windows import Windows, profile
from .without_network import maps_without_network

__all__ = [
    "Fit",
    "INTERVENTIONS",
    "METHODS",
    "Method",
    "Opened",
    "PARTS",
    "Panel",
    "REPORTED",
    "Windows",
    "agreement",
    "area",
    "attributions",
    "best_gate",
    "candidates",
    "cascade",
    "chance_effect",
    "charge_partners",
    "class_contrast",
    "detectable_effect",
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
    "likeness",
    "maps_without_network",
    "mean_profiles",
    "network_that_needs_its_gate",
    "occlusion",
    "over_networks",
    "perturbation_curve",
    "planted_for",
    "profile",
    "random_recovery",
    "randomised",
    "rank_correlation",
    "recovery",
    "replace_gates",
    "score_maps",
    "separating_gates",
    "shared_peaks",
    "shuffled_within_batch",
    "sign_task",
    "top_k_overlap",
    "train_panel",
    "typical_effect",
    "unit_importance",
    "weight_norm",
    "what_is_known",
]
