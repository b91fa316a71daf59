"""``maldinb marks``: check the answers of a class again, and write tables and pages."""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path

from ..arguments import real, whole
from .lab import need
from .source import checked
from .text import section, table

SUMMARY = "mark the notebooks of a class: check the answers in them again"
DESCRIPTION = """\
Mark what was collected: notebooks in FOLDER (a folder or a zip), in a folder
or zip for each student, or with the student's name in their own. Each is paired
with the course's notebook that it is a copy of. Only the answers to exercises
are run, each notebook in a process of its own, within limits; their data come
from the course's own notebook. What is wrong with one, such as an endless loop,
is said in its lines of the table, and does not stop the others.

Writes marks.csv, predictions.csv (what students wrote down before they ran on),
index.html with tables for the class, and in feedback/ a page for each student.

A notebook from somebody else is a stranger's program. docs/class.md says what
protects your machine, and how to run this in a container."""
EXAMPLES = """\
maldinb marks collected
maldinb marks collected.zip --out week1 --timeout 20 --memory 1000"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this command."""
    parser.add_argument("folder", metavar="FOLDER", type=Path, help="what was collected: a folder, or a zip")
    about = "a new folder for what comes out (default: marks)"
    parser.add_argument("--out", metavar="FOLDER", type=Path, default=Path("marks"), help=about)
    seconds = checked(partial(real, what="a number of seconds"), "--timeout", 0.1, 86400, parse=float)
    about = "seconds that an answer may take (default: 60)"
    parser.add_argument("--timeout", metavar="S", type=seconds, default=60.0, help=about)
    about = "memory that the answers of a notebook may take, in MB (default: 2000)"
    parser.add_argument(
        "--memory", metavar="MB", type=checked(whole, "--memory", 100, parse=int), default=2000, help=about
    )
    about = "notebooks marked at a time; by default one for each core"
    parser.add_argument("--jobs", metavar="N", type=checked(whole, "--jobs", 1, parse=int), help=about)


def run(args: argparse.Namespace) -> int:
    """Mark, and show the table."""
    need("jupytext", "nbformat", "psutil")
    from ..marks import mark_class
    from ..marks.tables import SIGNS

    limits = {"seconds": args.timeout, "memory": args.memory, "jobs": args.jobs}
    marks = mark_class(args.folder, args.out, say=partial(print, flush=True), **limits)
    counts = marks.groupby("student")["verdict"].value_counts().unstack(fill_value=0)
    counts = counts.reindex(columns=[name for name in SIGNS if name in counts])
    rows = [[str(cell) for cell in row] for row in counts.itertuples()]
    section("Marks", table(rows, ["student", *counts]))
    print(f"\n{args.out} holds marks.csv, predictions.csv, index.html and a page for each student.")
    return 0
