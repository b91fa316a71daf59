"""Notebooks to hand out: ``python -m maldinb.exercises.students`` leaves out solutions and outputs.

Task, stub and solution are written in one place, the course's own notebooks, where each is executed and tested. What
students get is made from them.
"""

from __future__ import annotations

import argparse
import sys
from copy import deepcopy
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from ..pairs import read_pair, sources, write_atomically

SOLUTION = "solution"  # the tag of cells that students do not get


def student_copy(nb: NotebookNode) -> NotebookNode:
    """A notebook without solutions and outputs; `nb` stays as it is.

    Parameters
    ----------
    nb : NotebookNode
        Solutions are the cells tagged ``solution``.

    Returns
    -------
    NotebookNode
        Valid, not executed, and no longer paired with a ``.py``.
    """
    copy = deepcopy(nb)
    copy.cells = [cell for cell in copy.cells if SOLUTION not in cell.metadata.get("tags", [])]
    for cell in copy.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    copy.metadata.pop("jupytext", None)
    nbformat.validate(copy)
    return copy


def write_student_copies(folder: Path, out: Path, names: list[str] | None = None) -> list[Path]:
    """Write the students' copies of the notebooks in a folder.

    Parameters
    ----------
    folder : Path
        With the paired ``.py`` files, which are the truth.
    out : Path
        Made if it is not there; copies of the same names are replaced.
    names : list of str, optional
        Some of the notebooks, by name; all if left out.

    Returns
    -------
    list of Path
        What was written.

    Raises
    ------
    ValueError
        If there is no such notebook.
    """
    copies = {out / f"{py.stem}.ipynb": student_copy(read_pair(py)) for py in sources(folder, names)}
    out.mkdir(parents=True, exist_ok=True)
    for path, nb in copies.items():
        write_atomically(path, nbformat.writes(nb) + "\n")
    return list(copies)


def main(argv: list[str] | None = None) -> int:
    """Return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m maldinb.exercises.students", description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*", help="some of the notebooks, by name; all if left out")
    parser.add_argument("--notebooks", type=Path, default=Path("notebooks"), metavar="FOLDER")
    parser.add_argument("--out", type=Path, default=Path("build/students"), metavar="FOLDER")
    args = parser.parse_args(argv)
    try:
        written = write_student_copies(args.notebooks, args.out, args.names)
    except ValueError as error:
        parser.error(str(error))
    print(*written, sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
