"""A conclusion and its check in one place.

A notebook that says "the gate adds nothing" in prose goes on saying so when it is no longer true. Here the sentence
and the condition stand side by side, the output carries a tick or a cross, and whatever compares outputs (nbval, or
the table that ends ``make run``) notices when one turns into the other.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np

HELD, BROKEN, UNKNOWN = "✓", "✗", "?"


def claim(sentence: str, holds: Any, *, unknown: str = "") -> None:
    """Print `sentence` with a tick if it holds, with a cross if it does not, and else as unknown.

    A cross raises nothing, so that *Run All* reaches the end of the notebook on data for which a sentence is wrong.

    Parameters
    ----------
    sentence : str
        One line that a reader understands without the code around it.
    holds : bool or None
        True or False, as a Python or a NumPy bool; None where these data cannot tell. Anything else is refused: an
        array, a number or NaN would be "true" by accident.
    unknown : str
        Why it is not known, if `holds` is None.

    Raises
    ------
    TypeError
        If `sentence` is not a string or `holds` is neither a single bool nor None.
    ValueError
        If `sentence` is empty or longer than one line.

    Examples
    --------
    >>> claim("two and two make four", 2 + 2 == 4)
    ✓ two and two make four
    >>> claim("the earth is flat", False)
    ✗ the earth is flat
    >>> claim("no isolate was measured twice", None, unknown="the table names no isolates")
    ? no isolate was measured twice (unknown: the table names no isolates)
    """
    if not isinstance(sentence, str):
        raise TypeError(f"claim() wants the sentence first, as a string, and got {type(sentence).__name__}.")
    if not sentence.strip() or len(sentence.splitlines()) != 1:
        raise ValueError("A claim is one line of text: it is found again by its line in the output.")
    if holds is None:
        print(f"{UNKNOWN} {sentence.strip()} (unknown{': ' * bool(unknown)}{unknown})")
    else:
        print(f"{HELD if _as_bool(sentence, holds) else BROKEN} {sentence.strip()}")


def _as_bool(sentence: str, holds: Any) -> bool:
    if isinstance(holds, bool | np.bool_):
        return bool(holds)
    # A 0-d array is what `array.mean() > 0` gives in some libraries; there is nothing ambiguous about it.
    dtype = getattr(holds, "dtype", None)
    if getattr(holds, "shape", None) == () and str(dtype).removeprefix("torch.") == "bool":
        return bool(holds)
    if getattr(holds, "shape", ()) != ():
        what = f"{type(holds).__name__} of shape {tuple(holds.shape)}; did you mean .all() or .any()?"
    else:
        what = f"{type(holds).__name__} ({holds!r}); write a comparison that gives True or False."
    raise TypeError(f"claim({sentence!r}, ...) wants one True or False and got {what}")


class Tally(NamedTuple):
    """How many claims held, and the sentences that did not hold or are not known to."""

    held: int
    broken: tuple[str, ...]
    unknown: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        return self.held + len(self.broken) + len(self.unknown)


def tally(outputs: Iterable[dict[str, Any]]) -> Tally:
    """Count the claims in the outputs of executed notebook cells.

    Parameters
    ----------
    outputs : iterable of dict
        Outputs in nbformat's layout; only what was printed to stdout counts.
    """
    lines = [line for out in outputs if out.get("name") == "stdout" for line in out["text"].splitlines()]
    return Tally(
        held=sum(line.startswith(HELD + " ") for line in lines),
        broken=tuple(line[2:] for line in lines if line.startswith(BROKEN + " ")),
        unknown=tuple(line[2:] for line in lines if line.startswith(UNKNOWN + " ") and "(unknown" in line),
    )
