"""From a folder of notebooks to a folder of marks."""

from __future__ import annotations

import os
import tempfile
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..writing import new_folder

if TYPE_CHECKING:
    import pandas as pd

    from .answers import Answer
    from .collected import HandIn
    from .course import Notebook


@dataclass
class Marked:
    """One notebook that was handed in, with what became of it.

    Attributes
    ----------
    hand_in : HandIn
    student : str
    notebook : Notebook or None
        None if it is of no notebook of the course.
    answers : list of Answer
    verdicts : dict
        Check -> verdict and message.
    remarks : list of str
    predictions : dict
        What was asked -> what was written down.
    """

    hand_in: HandIn
    student: str
    notebook: Notebook | None = None
    answers: list[Answer] = field(default_factory=list)
    verdicts: dict[str, tuple[str, str]] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    predictions: dict[str, Any] = field(default_factory=dict)


def mark_class(
    folder: Path,
    out: Path,
    *,
    notebooks: Path | None = None,
    seconds: float = 60,
    memory: int = 2000,
    jobs: int | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> pd.DataFrame:
    """Mark collected notebooks: run the checks again on the answers in them, and write tables and pages.

    Of what was handed in, only answers to exercises are run (with cells of the student's own that these need), each
    notebook in a process of its own. All else that they and the checks need comes from the course's own notebooks.

    Parameters
    ----------
    folder : Path
        Notebooks, folders of students, or zips; or a zip of these.
    out : Path
        A new folder for ``marks.csv``, ``predictions.csv``, ``index.html`` and a page for each student.
    notebooks : Path, optional
        The course's own; by default those of this installation.
    seconds : float
        That an answer may take.
    memory : int
        In MB, that the answers of a notebook may take.
    jobs : int, optional
        Notebooks to be marked at a time; by default one for each core.
    say : callable
        Is told how it goes on.

    Returns
    -------
    DataFrame
        With the columns ``student``, ``notebook``, ``exercise``, ``verdict`` (right, not right, not yet, nothing to
        check, error), ``message``, ``remark`` and ``file``.

    Raises
    ------
    FileNotFoundError
        If there is nothing to mark.
    FileExistsError
        If `out` is there already.
    ValueError
        If there is no notebook in `folder`.

    Examples
    --------
    >>> from pathlib import Path
    >>> mark_class(Path("nowhere"), Path("marks"))
    Traceback (most recent call last):
    FileNotFoundError: there is no folder or zip nowhere
    """
    from ..material import notebooks_folder
    from . import tables, writing
    from .collected import collect
    from .course import read_course
    from .running import Limits

    notebooks = (notebooks or notebooks_folder()).absolute()
    found = collect(folder)
    with new_folder(out) as draft:
        course = read_course(notebooks)
        marked = [_read(hand_in, course) for hand_in in found]
        fence = _run(marked, notebooks, Limits(seconds, memory), jobs or os.cpu_count() or 1, say)
        table = tables.marks(marked)
        writing.write(draft, marked, table, fence)
    return table


def _read(hand_in: HandIn, course: dict[str, Notebook]) -> Marked:
    """Everything that can be said without running anything."""
    from .answers import answers, notebook_of, predictions, remarks

    notebook = None if hand_in.problem else notebook_of(hand_in, course)
    mark = Marked(hand_in, hand_in.student(course), notebook)
    if notebook:
        mark.answers, mark.remarks = answers(hand_in, notebook), remarks(hand_in, notebook)
        mark.verdicts = {a.exercise.check: (a.verdict, a.message) for a in mark.answers if a.verdict}
        mark.predictions = predictions(hand_in, notebook)
    return mark


def _run(marked: list[Marked], notebooks: Path, limits: Any, jobs: int, say: Callable[[str], None]) -> list[str]:
    """Run the answers, notebook by notebook of the course; gives what protected this machine."""
    from .preparing import CourseError, prepare
    from .running import ERROR, run_answers

    fences: list[str] = []

    def run_one(mark: Marked, prepared: dict) -> None:
        found, fence = run_answers([a for a in mark.answers if not a.verdict], prepared, limits)
        mark.verdicts |= found
        fences.extend(part for part in fence if part not in fences)
        say(f"{mark.hand_in.file}: {sum(v == 'right' for v, _ in mark.verdicts.values())} of {len(mark.answers)} right")

    by_notebook: dict[str, list[Marked]] = defaultdict(list)
    for mark in marked:
        if any(not answer.verdict for answer in mark.answers):
            by_notebook[mark.notebook.stem].append(mark)
    for stem, marks in sorted(by_notebook.items()):
        names: dict[Any, set[str]] = {}
        for exercise in marks[0].notebook.exercises:
            given = [a.names for m in marks for a in m.answers if a.exercise is exercise and not a.verdict]
            if given:
                names[exercise] = set().union(*given)
        say(f"{stem}: the course's own cells that {len(names)} exercises need ...")
        try:
            with tempfile.TemporaryDirectory() as scratch:
                prepared = prepare(names, notebooks, Path(scratch))
        except CourseError as error:
            for mark in marks:
                reason = ERROR, f"the course's own notebook did not run: {error}"
                mark.verdicts |= {a.exercise.check: reason for a in mark.answers if not a.verdict}
            continue
        with ThreadPoolExecutor(jobs) as pool:
            list(pool.map(lambda mark, prepared=prepared: run_one(mark, prepared), marks))
    return fences
