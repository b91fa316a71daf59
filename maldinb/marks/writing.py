"""What a teacher gets: tables, a page for the class, and a page to hand back to each student."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path

import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined

from ..plots import plot_predictions
from ..plots.pictures import Figure, picture
from ..writing import write_atomically
from . import tables
from .tables import SIGNS


def write(folder: Path, marked: list, table: pd.DataFrame, fence: list[str]) -> None:
    """Write everything into a folder that is there.

    Parameters
    ----------
    folder : Path
    marked : list of Marked
    table : DataFrame
        As from `tables.marks`.
    fence : list of str
        What protected this machine.
    """
    predicted = tables.predictions(marked)
    for name, one in (("marks", table), ("predictions", predicted)):
        _write(folder / f"{name}.csv", one.map(tables.harmless).to_csv(index=False))
    students: dict[str, list] = {}
    for mark in marked:
        students.setdefault(mark.student, []).append(mark)
    (folder / "feedback").mkdir()
    pages = {}
    for student, own in sorted(students.items()):
        pages[student] = f"feedback/{_file_name(student, pages)}.html"
        _write(folder / pages[student], _render("feedback.html.j2", student=student, marks=own))
    rows = [(student, pages[student], _counts(own)) for student, own in sorted(students.items())]
    shown = {
        "rows": rows, "summary": tables.summary(table), "predicted": _predicted(predicted),
        "fence": fence, "remarks": [(mark.hand_in.file, remark) for mark in marked for remark in mark.remarks],
        "problems": table[table["notebook"] == ""],
    }  # fmt: skip
    _write(folder / "index.html", _render("class.html.j2", **shown))


def _write(path: Path, text: str) -> None:
    write_atomically(path, tables.whole(text))


def _predicted(table: pd.DataFrame) -> list[tuple[str, str, str, Figure | None]]:
    """Notebook, what was asked, all that was predicted, and a picture of the numbers."""
    found = []
    for notebook, asked, numbers, texts in tables.distribution(table):
        said = ", ".join([*(f"{number:g}" for number in numbers), *texts])
        draw = partial(plot_predictions, numbers)
        found.append((notebook, asked, said, picture(draw, 1.4, f"Bars: {said}", "", width=3.4) if numbers else None))
    return found


def _counts(marks: list) -> dict[str, int]:
    verdicts = [verdict for mark in marks for verdict, _ in mark.verdicts.values()]
    found = {name: verdicts.count(name) for name in SIGNS}
    found["error"] += sum(mark.notebook is None for mark in marks)
    return found


def _file_name(student: str, taken: dict[str, str]) -> str:
    name = re.sub(r"[^\w-]+", "_", student)[:80]
    return f"{name}_{len(taken)}" if any(page == f"feedback/{name}.html" for page in taken.values()) else name


def _render(template: str, **facts: object) -> str:
    loader = PackageLoader("maldinb.marks")
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    return environment.get_template(template).render(signs=SIGNS, **facts)
