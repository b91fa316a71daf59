"""Copies of the notebooks: to work in, and to hand out without the solutions.

The course's own notebooks are pairs of files under version control, and saving one in JupyterLab changes both. Whoever
uses the course works in copies, which have no partner and are never overwritten.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import nbformat
from nbformat import NotebookNode

from .. import __version__
from ..writing import write_atomically
from .glossary import plain_glossary
from .links import LINK, PICTURE, linked_files, linked_pictures
from .pairs import read_pair, sources

SOLUTION = "solution"  # the tag of cells that students do not get
#: The entry of a copy's metadata that says what it is of: notebook, release, and a fingerprint of its text.
ORIGIN = "maldinb"
_LEADS_AWAY = re.compile(r"(?<!!)\[([^\]]+)\]\((?!https?:|mailto:|#)([^)#]+)(#[^)]*)?\)")


@dataclass
class Copies:
    """What `write_copies` found: files that it wrote, and older ones that it left alone."""

    written: list[Path]
    kept: list[Path]
    outdated: list[Path]  #: of those that were kept, copies of another version of the notebook


def write_copies(folder: Path, out: Path) -> Copies:
    """Write copies of the notebooks in a folder, with what they link to. A file that is there already is left alone.

    Parameters
    ----------
    folder : Path
        With the paired ``.py`` files, which are the truth.
    out : Path
        Made if it is not there.

    Returns
    -------
    Copies
    """
    return put(out, copies_of(folder))


def copies_of(folder: Path, names: list[str] | None = None, *, solutions: bool = True) -> dict[str, str | bytes]:
    """Copies of the notebooks in a folder, and of what they link to.

    Parameters
    ----------
    folder : Path
        With the paired ``.py`` files, which are the truth.
    names : list of str, optional
        Some of the notebooks, by name; all if left out.
    solutions : bool
        False leaves out solutions, and outputs, which would give them away.

    Returns
    -------
    dict
        Path of a file, from the folder of the copies -> what it holds.

    Raises
    ------
    ValueError
        If there is no such notebook.
    """
    originals = {py: read_pair(py) for py in sources(folder, names)}
    texts = sorted({path for py, nb in originals.items() for path in linked_files(nb, py.parent)})
    pictures = sorted({path for py, nb in originals.items() for path in linked_pictures(nb, py.parent)})
    found: dict[str, str | bytes] = {_name_beside(path): plain_glossary(path.read_text("utf-8")) for path in texts}
    there = {*found, *(f"{py.stem}.ipynb" for py in originals)}
    found = {name: _without_dead_links(text, there) for name, text in found.items()}
    found |= {_picture_beside(path): path.read_bytes() for path in pictures}
    for py, nb in originals.items():
        copy = copy_of(nb, solutions=solutions)
        copy.metadata[ORIGIN]["notebook"] = py.stem
        found[f"{py.stem}.ipynb"] = nbformat.writes(copy) + "\n"
    return found


def put(out: Path, files: Mapping[str, str | bytes]) -> Copies:
    """Write files into a folder, but for those that are there already."""
    out.mkdir(parents=True, exist_ok=True)
    kept = [out / name for name in files if (out / name).exists()]
    written = {out / name: content for name, content in files.items() if out / name not in kept}
    for path, content in written.items():
        path.parent.mkdir(exist_ok=True)
        write_atomically(path, content)
    copies = {path: files[path.name] for path in kept if path.suffix == ".ipynb"}
    outdated = [path for path, now in copies.items() if _origin(path) != origin_of(nbformat.reads(now, 4))]
    return Copies(list(written), kept, outdated)


def fingerprint(nb: NotebookNode) -> str:
    """What tells a version of a notebook from others: a fingerprint of its text."""
    return hashlib.sha256("\0".join(cell.source for cell in nb.cells).encode()).hexdigest()[:16]


def origin_of(copy: NotebookNode) -> str | None:
    """The fingerprint of the notebook that a copy is of; None if it is no copy."""
    return copy.metadata.get(ORIGIN, {}).get("origin")


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
    # Or a copy that is put beside the course's .py would be read from there, solutions and all.
    copy.metadata["jupytext"] = {"formats": "ipynb"}
    copy.metadata[ORIGIN] = {"origin": fingerprint(nb), "release": __version__}
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
    """Markdown whose links and pictures lead to the copies of these beside the notebook."""
    text = LINK.sub(lambda link: f"]({_name_beside(PurePosixPath(link[1]))}{link[2] or ''})", text)
    return PICTURE.sub(lambda shown: shown[0].replace(shown[1], _picture_beside(PurePosixPath(shown[1]))), text)


def _without_dead_links(text: str, there: set[str]) -> str:
    """Markdown in which links to files that do not come along are plain text."""

    def near(link: re.Match) -> str:
        name = _name_beside(PurePosixPath(link[2]))
        return f"[{link[1]}]({name}{link[3] or ''})" if name in there else link[1]

    return _LEADS_AWAY.sub(near, text)


def _name_beside(path: Path | PurePosixPath) -> str:
    return f"{path.parent.name}.md" if path.stem == "README" else path.name


def _picture_beside(path: Path | PurePosixPath) -> str:
    return f"pictures/{path.name}"


def _origin(path: Path) -> str | None:
    """What `origin_of` says of a file; None if it is no notebook any more."""
    try:
        return origin_of(nbformat.read(path, as_version=4))
    except Exception:  # whatever a student has made of it
        return None
