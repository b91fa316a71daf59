"""Copies of the notebooks: to work in, and to hand out without the solutions.

The course's own notebooks are pairs of files under version control, and saving one in JupyterLab changes both. Whoever
uses the course works in copies, which have no partner and are never overwritten.
"""

from __future__ import annotations

import hashlib
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import nbformat
from nbformat import NotebookNode

from ..writing import write_atomically
from .glossary import plain_glossary
from .links import LINK, linked_files
from .pairs import read_pair, sources

SOLUTION = "solution"  # the tag of cells that students do not get
ORIGIN = "maldinb"  # the entry of a copy's metadata that says which notebook it is of


@dataclass
class Copies:
    """What `write_copies` found: files that it wrote, and older ones that it left alone."""

    written: list[Path]
    kept: list[Path]
    outdated: list[Path]  #: of those that were kept, copies of another version of the notebook


def write_copies(folder: Path, out: Path, names: list[str] | None = None, *, solutions: bool = True) -> Copies:
    """Write copies of the notebooks in a folder, with what they link to. A file that is there already is left alone.

    Parameters
    ----------
    folder : Path
        With the paired ``.py`` files, which are the truth.
    out : Path
        Made if it is not there.
    names : list of str, optional
        Some of the notebooks, by name; all if left out.
    solutions : bool
        False leaves out solutions, and outputs, which would give them away.

    Returns
    -------
    Copies

    Raises
    ------
    ValueError
        If there is no such notebook.
    """
    originals = {py: read_pair(py) for py in sources(folder, names)}
    beside = {path for py, nb in originals.items() for path in linked_files(nb, py.parent)}
    wanted = {out / _name_beside(path): plain_glossary(path.read_text(encoding="utf-8")) for path in sorted(beside)}
    copies = {out / f"{py.stem}.ipynb": copy_of(nb, solutions=solutions) for py, nb in originals.items()}
    wanted |= {path: nbformat.writes(nb) + "\n" for path, nb in copies.items()}
    out.mkdir(parents=True, exist_ok=True)
    kept = [path for path in wanted if path.exists()]
    written = [path for path in wanted if path not in kept]
    for path in written:
        write_atomically(path, wanted[path])
    outdated = [path for path in kept if path in copies and _origin(path) != copies[path].metadata[ORIGIN]]
    return Copies(written, kept, outdated)


def copy_of(nb: NotebookNode, *, solutions: bool) -> NotebookNode:
    """A copy of a notebook, no longer paired with a ``.py``; `nb` stays as it is.

    Parameters
    ----------
    nb : NotebookNode
        Solutions are the cells tagged ``solution``.
    solutions : bool
        Whether to keep them, and the outputs.

    Returns
    -------
    NotebookNode
    """
    copy = deepcopy(nb)
    text = "\0".join(cell.source for cell in nb.cells)
    # Or a copy that is put beside the course's .py would be read from there, solutions and all.
    copy.metadata["jupytext"] = {"formats": "ipynb"}
    copy.metadata[ORIGIN] = {"origin": hashlib.sha256(text.encode()).hexdigest()[:16]}
    if not solutions:
        copy.cells = [cell for cell in copy.cells if SOLUTION not in cell.metadata.get("tags", [])]
    for cell in copy.cells:
        if cell.cell_type == "markdown":
            cell.source = _with_near_links(cell.source)
        elif cell.cell_type == "code" and not solutions:
            cell.outputs, cell.execution_count = [], None
    nbformat.validate(copy)
    return copy


def _with_near_links(text: str) -> str:
    """Markdown whose links to files of the repository lead to the copies of these beside the notebook."""
    return LINK.sub(lambda link: f"]({_name_beside(PurePosixPath(link[1]))}{link[2] or ''})", text)


def _name_beside(path: Path | PurePosixPath) -> str:
    return f"{path.parent.name}.md" if path.stem == "README" else path.name


def _origin(path: Path) -> dict[str, str] | None:
    """What a copy says that it is of; None if it is no copy, or no notebook any more."""
    try:
        return nbformat.read(path, as_version=4).metadata.get(ORIGIN)
    except Exception:  # whatever a student has made of it
        return None
