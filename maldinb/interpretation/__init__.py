"""What do the gates mean? How they are spread, whether they are used, and the way back to m/z.

Most functions take an `Opened`: a fitted network, and spectra that it was not trained on. `y` is 1 for resistant (R)
and 0 for susceptible (S), log-odds are ln(P(R) / P(S)); with more classes, those of one against the rest.
"""

from ..network import Opened
from ..offering import offered as _offered
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

__all__ = _offered(globals())
