"""A conclusion and its check in one place.

A notebook that says "the gate adds nothing" in prose goes on saying so when it is no longer true. Here the sentence
and the condition stand side by side, the output carries a tick or a cross, and whatever compares outputs (nbval, or
the table that ends ``make run``) notices when one turns into the other.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np

from .showing import BEGIN, BROKEN, HELD, UNKNOWN, show

#: How a value may be held against its limit.
RELATIONS = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "within": lambda value, low, high: low <= value <= high,
}
#: The tag of a cell whose claim does not hold on any data, so that readers have seen a cross.
ON_PURPOSE = "fails-on-purpose"
_NUMBER = r"-?(?:\d[\d.e+-]*|inf)"
#: What a claim shows behind its sentence, see `Line`. tests/nbval_sanitize.cfg repeats it.
_WHY = rf"unknown(?:: .*)?|{_NUMBER} (?:<|<=|>|>=|==) {_NUMBER}|{_NUMBER} within {_NUMBER} to {_NUMBER}"
_LINE = re.compile(rf"([{HELD}{BROKEN}{UNKNOWN}]) (.*?)(?: \(({_WHY})\))?")


def claim(sentence: str, holds: Any, relation: str | None = None, limit: Any = None, *, unknown: str = "") -> None:
    """Show `sentence` with a tick if it holds, with a cross if it does not, and else as unknown.

    A cross raises nothing, so that *Run All* reaches the end of the notebook on data for which a sentence is wrong.
    Wherever a number decides, give it with its relation to a limit: a reader then sees how far the sentence is from
    turning. The numbers are left out of the comparison of outputs, the mark is not.

    Parameters
    ----------
    sentence : str
        One line that a reader understands without the code around it.
    holds : bool, number or None
        True or False, as a Python or a NumPy bool; None where these data cannot tell. Anything else is refused: an
        array, a number or NaN would be "true" by accident. With a `relation`, the number that decides.
    relation : {"<", "<=", ">", ">=", "==", "within"}, optional
        How `holds` is to stand to the limit.
    limit : number, or (number, number) for "within"
        Where it or the number is NaN, it is not known whether the sentence holds.
    unknown : str
        Why it is not known, if `holds` is None.

    Raises
    ------
    TypeError
        If `sentence` is not a string, `holds` is neither a single bool nor None, or with a relation it or the limit is
        not a number.
    ValueError
        If `sentence` is empty or longer than one line, or the relation is unknown.

    Examples
    --------
    >>> claim("two and two make four", 2 + 2 == 4)
    ✓ two and two make four
    >>> claim("the earth is flat", False)
    ✗ the earth is flat
    >>> claim("no isolate was measured twice", None, unknown="the table names no isolates")
    ? no isolate was measured twice (unknown: the table names no isolates)
    >>> claim("most gates are half open", 0.98231, ">", 0.9)
    ✓ most gates are half open (0.982 > 0.9)
    >>> claim("the score is that of a coin", 0.7, "within", (0.44, 0.56))
    ✗ the score is that of a coin (0.7 within 0.44 to 0.56)
    """
    if not isinstance(sentence, str):
        raise TypeError(f"claim() wants the sentence first, as a string, and got {type(sentence).__name__}.")
    if not sentence.strip() or len(sentence.splitlines()) != 1:
        raise ValueError("A claim is one line of text: it is found again by its line in the output.")
    behind = ""
    if relation is not None:
        holds, behind = compare(sentence, holds, relation, limit)
        unknown = unknown or "no number came out"
    elif limit is not None:
        raise TypeError(
            f"claim({sentence!r}, ...) got a limit and no relation; write claim(sentence, value, '<', limit)"
        )
    if holds is None:
        show(UNKNOWN, sentence.strip(), f"unknown: {unknown}" if unknown else "unknown")
    else:
        show(HELD if _as_bool(sentence, holds) else BROKEN, sentence.strip(), behind)


def compare(sentence: str, value: Any, relation: str, limit: Any) -> tuple[bool | None, str]:
    """Whether the value stands so to its limit (None: not known), and both in a few figures."""
    if relation not in RELATIONS:
        raise ValueError(f"claim({sentence!r}, ...): a relation is one of {', '.join(RELATIONS)}, not {relation!r}")
    if relation == "within" and np.shape(limit) != (2,):
        raise TypeError(f"claim({sentence!r}, ...): 'within' takes two limits, as in (0.4, 0.6), not {limit!r}")
    ends = [_as_number(sentence, end) for end in (limit if relation == "within" else [limit])]
    value = None if value is None else _as_number(sentence, value)
    if value is None or None in ends:
        return None, ""
    holds = bool(RELATIONS[relation](value, *ends))
    for figures in range(3, 18):  # so few that it can be read, and enough that it is still true
        said, *limits = texts = [_in_figures(number, figures) for number in (value, *ends)]
        if RELATIONS[relation](*map(float, texts)) == holds:
            break
    return holds, f"{said} {relation} {' to '.join(limits)}"


def _in_figures(number: float, figures: int) -> str:
    """In so many significant figures, and never with fewer than all of those before the point."""
    before = len(str(int(abs(number)))) if 1 <= abs(number) < 1e15 else 0
    return f"{number:.{max(figures, before)}g}"


def _as_number(sentence: str, value: Any) -> float | None:
    """A single number as a float, None if it is NaN."""
    if isinstance(value, bool | np.bool_ | str) or getattr(value, "shape", ()) != ():
        raise TypeError(f"claim({sentence!r}, ...) holds one number against a limit, and got {value!r}")
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise TypeError(f"claim({sentence!r}, ...) holds one number against a limit, and got {value!r}") from None
    return None if math.isnan(number) else number


def _as_bool(sentence: str, holds: Any) -> bool:
    # NumPy's own, or a 0-d array, as `array.mean() > 0` is in some libraries; there is nothing ambiguous about it.
    dtype = getattr(holds, "dtype", None) if getattr(holds, "shape", None) == () else None
    if isinstance(holds, bool) or str(dtype).removeprefix("torch.") == "bool":
        return bool(holds)
    if getattr(holds, "shape", ()) != ():
        what = f"{type(holds).__name__} of shape {tuple(holds.shape)}; did you mean .all() or .any()?"
    else:
        what = f"{type(holds).__name__} ({holds!r}); write a comparison that gives True or False."
    raise TypeError(f"claim({sentence!r}, ...) wants one True or False and got {what}")


class Line(NamedTuple):
    """What `claim` showed: the mark, the sentence, and the numbers or the reason behind it."""

    mark: str
    sentence: str
    why: str = ""


def read_line(line: str) -> Line | None:
    """A printed line as a claim; None if it is none.

    Examples
    --------
    >>> read_line("✓ most gates are half open (0.982 > 0.9)")
    Line(mark='✓', sentence='most gates are half open', why='0.982 > 0.9')
    >>> read_line("done") is None
    True
    """
    found = _LINE.fullmatch(line)
    claimed = Line(*found.groups("")) if found else None
    return claimed if claimed and (claimed.mark == UNKNOWN) == claimed.why.startswith("unknown") else None


def shown(outputs: Iterable[dict[str, Any]]) -> Iterator[str]:
    """The lines in the outputs of a cell that may be claims: displayed as such, or printed to stdout.

    Parameters
    ----------
    outputs : iterable of dict
        In nbformat's layout.
    """
    for out in outputs:
        if out.get("name") == "stdout":
            yield from out["text"].splitlines()
        elif out.get("data", {}).get("text/html", "").startswith(BEGIN):
            yield out["data"]["text/plain"]


class Tally(NamedTuple):
    """How many claims held, and the sentences that did not hold or are not known to, with what stands behind them."""

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
        In nbformat's layout.
    """
    marks = [(found.mark, line[2:]) for line in shown(outputs) if (found := read_line(line))]
    said = {mark: tuple(text for one, text in marks if one == mark) for mark in (HELD, BROKEN, UNKNOWN)}
    return Tally(len(said[HELD]), said[BROKEN], said[UNKNOWN])


def by_section(cells: Iterable[dict[str, Any]]) -> Iterator[tuple[str, Line]]:
    """Each claim in the stored outputs of a notebook, with the heading of the section that it stands in.

    Parameters
    ----------
    cells : iterable of dict
        Of an executed notebook, in nbformat's layout.
    """
    section = ""
    for cell in cells:
        if cell["cell_type"] == "markdown":
            found = re.findall(r"(?m)^#{2,3} (.+)$", cell["source"])
            section = found[-1] if found else section
        yield from ((section, found) for line in shown(cell.get("outputs", [])) if (found := read_line(line)))
