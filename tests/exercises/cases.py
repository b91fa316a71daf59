"""Answers that students give: the right ones in all their forms, and the wrong ones with what they are to be told.

A case is written in notebook_NN.py, for the notebook of that number, and found here by the name of its check.
"""

import importlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class Case:
    """One exercise on one set of data.

    Attributes
    ----------
    right : list
        At least two answers of different form that are to be accepted.
    wrong : list of (answer, pattern)
        At least three; the pattern is found in what the check says.
    data, more : tuple, dict
        What the check takes after the answer, by position and by name.
    secret : float, optional
        The right number, which no message may hold.
    """

    right: list[Any]
    wrong: list[tuple[Any, str]]
    data: tuple = ()
    more: dict[str, Any] = field(default_factory=dict)
    secret: float | None = None


def all_cases() -> dict[str, Callable[[int], Case]]:
    """Name of a check -> function that makes a case of it from a seed."""
    modules = [importlib.import_module(path.stem) for path in sorted(Path(__file__).parent.glob("notebook_*.py"))]
    names = [name for module in modules for name in vars(module) if name.startswith("check_")]
    assert len(names) == len(set(names)), "two modules hold cases of one check"
    return {name: vars(module)[name] for module in modules for name in vars(module) if name.startswith("check_")}
