"""Every figure of the course, drawn on given Axes and returning them."""

from ..offering import offered as _offered
from .ablation import plot_batch_differences, plot_differences, plot_paired_scores, plot_power, plot_shared_folds
from .drawings import plot_decision, plot_flight_tube, plot_gate, plot_steps
from .gates import plot_cascade, plot_effects, plot_gate_spread, plot_gates, plot_perturbation, plot_profiles
from .predictions import plot_predictions
from .probabilities import plot_abstention, plot_coverage, plot_decision_curve
from .quality import plot_quality
from .scores import plot_intervals, plot_learning_curve, plot_reliability, plot_roc, plot_threshold_tradeoff
from .spectra import (
    plot_batch_means,
    plot_bins,
    plot_label_counts,
    plot_label_histogram,
    plot_matrix,
    plot_scatter,
    plot_spectrum,
)
from .style import (
    BLACK,
    BLUE,
    GREEN,
    INTENSITY_LABEL,
    LABEL_STYLES,
    MZ_LABEL,
    ORANGE,
    PURPLE,
    SERIES_STYLES,
    SHARE_LABEL,
    SKY,
    VERMILION,
    YELLOW,
    batch_styles,
    use_style,
)
from .transfer import plot_causes, plot_cures, plot_local_curve, plot_profile_agreement

__all__ = _offered(globals())
