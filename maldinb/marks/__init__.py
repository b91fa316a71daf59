"""Marks for a class: answers taken out of collected notebooks, and checked again.

`mark_class` reads what was handed in (`collected`), finds the answers in it (`answers`), has the course's own cells
compute what they need (`preparing`), runs each notebook's answers in a process of its own (`worker`, behind `fence`)
and writes tables and pages (`writing`).
"""

from .marking import mark_class

__all__ = ["mark_class"]
