"""One raw MALDI-TOF mass spectrum in, one row of bins out.

The chain is the one with which the MALDI-Kleb-AI scores were published, and its order matters::

    clip negatives -> square root -> smooth -> subtract baseline -> trim -> divide by the sum -> bin

Each step is a function of its own, so that a lesson can draw it; `preprocess` runs them all. One step is no part of
that chain and off by default: `align` recalibrates m/z to housekeeping peaks before anything is trimmed.
"""

from ..offering import offered as _offered
from .alignment import LEAST_PROMINENCE, Aligned, Calibration, NotAligned, align, calibrate
from .bins import bin_edges, bin_intensities, bin_names, middles
from .chain import preprocess, row_of
from .housekeeping import HOUSEKEEPING, masses_of, target_of
from .peaks import MAD, find_peaks, noise_of
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
from .steps import clip_negatives, normalize_tic, smooth, snip_baseline, sqrt_transform, subtract_baseline, trim

__all__ = _offered(globals())
