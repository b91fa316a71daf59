"""One raw MALDI-TOF mass spectrum in, one row of bins out.

The chain is the one with which the MALDI-Kleb-AI scores were published, and its order matters::

    clip negatives -> square root -> smooth -> subtract baseline -> trim -> divide by the sum -> bin

Each step is a function of its own, so that a lesson can draw it; `preprocess` runs them all.
"""

from .bins import bin_edges, bin_intensities, bin_names, middles
from .chain import preprocess, row_of
from .settings import (
    BIN_WIDTH,
    MIN_POINTS,
    MZ_MAX,
    MZ_MIN,
    PARAMETERS,
    SMOOTH_POLYORDER,
    SMOOTH_WINDOW,
    SNIP_HALF_WINDOW,
)
from .spectrum import SpectrumError, check_axis, check_baseline, check_inside, check_spectrum
from .steps import (
    clip_negatives,
    normalize_tic,
    smooth,
    snip_baseline,
    sqrt_transform,
    subtract_baseline,
    trim,
)

__all__ = [
    "BIN_WIDTH",
    "MIN_POINTS",
    "MZ_MAX",
    "MZ_MIN",
    "PARAMETERS",
    "SMOOTH_POLYORDER",
    "SMOOTH_WINDOW",
    "SNIP_HALF_WINDOW",
    "SpectrumError",
    "bin_edges",
    "bin_intensities",
    "bin_names",
    "check_axis",
    "check_baseline",
    "check_inside",
    "check_spectrum",
    "clip_negatives",
    "middles",
    "normalize_tic",
    "preprocess",
    "row_of",
    "smooth",
    "snip_baseline",
    "sqrt_transform",
    "subtract_baseline",
    "trim",
]
