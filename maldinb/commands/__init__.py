"""The command ``maldinb``: check spectra, write a report of them, predict, open the notebooks, challenge a class.

A file for each command, with its help, its options and what it does. What takes long to import is imported when a
command runs, so that ``maldinb --help`` answers at once.
"""

from .line import main

__all__ = ["main"]
