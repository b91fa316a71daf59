"""What a reader returns."""

from typing import NamedTuple

import numpy as np


class Spectrum(NamedTuple):
    """One spectrum, and what its file says of it.

    Attributes
    ----------
    mz, intensity : ndarray of float64, shape (n_points,)
        m/z in Da and intensity in counts, as written.
    about : dict
        ``format``, such as "Bruker flex"; ``instrument``, ``date`` and ``warning``, where there are any.
    """

    mz: np.ndarray
    intensity: np.ndarray
    about: dict
