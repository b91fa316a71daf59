"""The tables of a class."""

from __future__ import annotations

import numbers
from collections import Counter
from typing import Any

import pandas as pd

from .running import ERROR

#: Verdicts in the order in which they are told, and what stands for each where there is little room.
SIGNS = {"right": "✓", "not right": "✗", "not yet": "…", "nothing to check": "–", ERROR: "!"}
COLUMNS = ["student", "notebook", "exercise", "verdict", "message", "remark", "file"]


def marks(marked: list) -> pd.DataFrame:
    """A line for each exercise of each notebook, and one for what is no notebook of the course."""
    rows = []
    for mark in marked:
        remark, file = "; ".join(mark.remarks), mark.hand_in.file
        if mark.notebook is None:
            problem = mark.hand_in.problem or "is of no notebook of the course"
            rows.append((mark.student, "", "", ERROR, problem, remark, file))
            continue
        for answer in mark.answers:
            verdict, message = mark.verdicts[answer.exercise.check]
            rows.append((mark.student, mark.notebook.stem, answer.exercise.title, verdict, message, remark, file))
    return pd.DataFrame([list(map(whole, row)) for row in rows], columns=COLUMNS)


def predictions(marked: list) -> pd.DataFrame:
    """A line for each prediction that somebody has written down."""
    rows = [
        (mark.student, mark.notebook.stem, mark.notebook.predictions[name], whole(said))
        for mark in marked
        for name, said in mark.predictions.items()
        if said is not None
    ]
    return pd.DataFrame(rows, columns=["student", "notebook", "asked", "predicted"], dtype=object)


def summary(table: pd.DataFrame) -> pd.DataFrame:
    """Exercises x verdicts: how many students."""
    known = table[table["notebook"] != ""]
    if known.empty:
        return pd.DataFrame()
    counts = known.groupby(["notebook", "exercise"], sort=True)["verdict"].value_counts().unstack(fill_value=0)
    return counts.reindex(columns=[name for name in SIGNS if name in counts]).reset_index()


def distribution(table: pd.DataFrame) -> list[tuple[str, str, list[float], list[str]]]:
    """Notebook, what was asked, and what was predicted, in order: numbers and texts."""
    found = []
    for (notebook, asked), said in table.groupby(["notebook", "asked"], sort=False)["predicted"]:
        numeric = sorted(value for value in said if isinstance(value, numbers.Real))
        texts = Counter(str(value) for value in said if not isinstance(value, numbers.Real))
        told = [text if times == 1 else f"{text} ({times} times)" for text, times in texts.most_common()]
        found.append((notebook, asked, numeric, told))
    return found


def whole(value: Any) -> Any:
    """A text in which half a character, as a notebook and the message of an error may hold, is told by its number.

    No file takes it, and where pyarrow is installed pandas does not take it either.
    """
    return value.encode("utf-8", "backslashreplace").decode("utf-8") if isinstance(value, str) else value


def harmless(value: Any) -> Any:
    """A text that a spreadsheet does not take for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")) else value
