"""Checks of the exercises in the notebooks: each says what is wrong about an answer, and never what is right.

A check takes the answer first and then the data it was asked about, from which it computes the truth in its own way.
It prints one line and raises nothing, so that *Run All* goes on::

    not yet: ...            the stub is still as it was
    not right: ...          and what may have gone wrong
    right ✓ ...             and what to take from it
    nothing to check: ...   these data do not allow the question

`progress` says how many of a notebook are solved. How a check is written: see `checking`. How students get notebooks
without solutions: see `maldinb.course`.
"""

from .ablation import check_corrected_error, check_even_chance, check_small_head, check_smallest_rope, check_verdict
from .attribution import check_average_precision, check_integrated_gradients, check_one_charge
from .breaking import check_breaking_overlap, check_breaking_width
from .checking import CHECKS
from .gates import check_batch_gates, check_colour_range, check_permutation_p, check_share_between_spectra
from .progressing import progress
from .spectra import (
    check_batch_rule,
    check_highest_bin,
    check_join_bins,
    check_shift_by_a_bin,
    check_standardise,
    check_where_batch_fails,
)
from .training import (
    check_keep_isolates,
    check_lucky_test_set,
    check_parameter_count,
    check_threshold,
    check_within_batch,
    check_without_gate,
)
from .transfer import check_centre, check_other_share, check_set_limit, check_suspect, check_told_but_travels

__all__ = [
    "CHECKS",
    "check_average_precision",
    "check_batch_gates",
    "check_batch_rule",
    "check_breaking_overlap",
    "check_breaking_width",
    "check_centre",
    "check_colour_range",
    "check_corrected_error",
    "check_even_chance",
    "check_highest_bin",
    "check_integrated_gradients",
    "check_join_bins",
    "check_keep_isolates",
    "check_lucky_test_set",
    "check_one_charge",
    "check_other_share",
    "check_parameter_count",
    "check_permutation_p",
    "check_set_limit",
    "check_share_between_spectra",
    "check_shift_by_a_bin",
    "check_small_head",
    "check_smallest_rope",
    "check_standardise",
    "check_suspect",
    "check_threshold",
    "check_told_but_travels",
    "check_verdict",
    "check_where_batch_fails",
    "check_within_batch",
    "check_without_gate",
    "progress",
]
