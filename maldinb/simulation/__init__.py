"""A simulator of raw Klebsiella spectra with known resistance peaks: a statistical twin of the MALDI-Kleb-AI set.

Three cities with their own instruments, clones and shares of resistance; most of what helps to tell resistant from
susceptible isolates is local, and the city itself gives much of it away. No real spectrum is in it.
"""

from .collection import Simulation

__all__ = ["Simulation"]
