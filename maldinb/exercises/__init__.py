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

from . import ablation, attribution, breaking, gates, spectra, training, transfer  # they fill CHECKS
from .checking import CHECKS
from .progressing import progress

globals().update(CHECKS)  # whatever is registered as a check is offered here
__all__ = ["CHECKS", "progress", *sorted(CHECKS)]
