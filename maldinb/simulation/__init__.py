"""A simulator of raw Klebsiella spectra with known resistance peaks: a statistical twin of the MALDI-Kleb-AI set.

Three cities with their own instruments, clones and shares of resistance; most of what helps to tell resistant from
susceptible isolates is local, and the city itself gives much of it away. No real spectrum is in it. What differs
between the cities can be switched off, cause by cause, and other worlds have their resistance peaks elsewhere.
"""

from .collection import Simulation
from .scenario import CAUSES, SCENARIOS, Scenario, as_scenario, scenario_table

__all__ = ["CAUSES", "SCENARIOS", "Scenario", "Simulation", "as_scenario", "scenario_table"]
