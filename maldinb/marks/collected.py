"""What was handed in: notebooks in a folder, in folders of students, or in zips; read with patience."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

MOST = 100_000_000  # bytes of a notebook; larger ones are not read
_SKIPPED = re.compile(r"(^|/)(\.|__MACOSX)")


@dataclass
class Cell:
    """A cell of a notebook that somebody may have broken."""

    kind: str
    source: str
    id: str | None
    tags: set[str]


@dataclass
class HandIn:
    """One notebook, as far as it can be read.

    Attributes
    ----------
    file : str
        Its path, from the folder of what was collected.
    problem : str
        Why it cannot be read; empty if it can.
    cells : list of Cell
    origin : dict
        What the copy says of the notebook that it is of.
    """

    file: str
    problem: str = ""
    cells: list[Cell] = field(default_factory=list)
    origin: dict = field(default_factory=dict)

    def code(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.kind == "code"]

    def student(self, stems: Iterable[str]) -> str:
        """Whose it is: the folder or zip that it came in, or what its name says beside the notebook's."""
        first, *rest = PurePosixPath(self.file).parts
        name = first.removesuffix(".zip") if rest else PurePosixPath(first).stem
        if not rest:
            name = name.replace(next((stem for stem in stems if stem in name), ""), "")
        return name.strip(" _-.()") or "unnamed"


def collect(path: Path) -> list[HandIn]:
    """All notebooks of a folder or a zip; zips in a folder are looked into, once.

    Raises
    ------
    FileNotFoundError
        If there is no such folder or zip.
    ValueError
        If there is no notebook in it.
    """
    if path.is_dir():
        found = [read(name, content) for name, content in _in_folder(path)]
    elif path.is_file() and zipfile.is_zipfile(path):
        found = [read(name, content) for name, content in _in_zip(path)]
    else:
        raise FileNotFoundError(f"there is no folder or zip {path}")
    if not found:
        raise ValueError(f"there are no notebooks (*.ipynb) in {path}")
    return found


def _in_folder(folder: Path) -> Iterator[tuple[str, bytes | str]]:
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if _SKIPPED.search(name) or path.is_symlink() or not path.is_file():
            continue
        if path.suffix == ".ipynb":
            try:
                yield name, path.read_bytes() if path.stat().st_size <= MOST else TOO_LARGE
            except OSError as error:
                yield name, f"cannot be read: {error.strerror}"
        elif path.suffix == ".zip":
            if zipfile.is_zipfile(path):
                yield from ((f"{name}/{inner}", content) for inner, content in _in_zip(path))
            else:
                yield name, "is no zip that can be read"


def _in_zip(path: Path) -> Iterator[tuple[str, bytes | str]]:
    with zipfile.ZipFile(path) as archive:
        for entry in archive.infolist():
            if entry.filename.endswith(".ipynb") and not _SKIPPED.search(entry.filename):
                try:
                    with archive.open(entry) as file:  # the size that a zip tells may be a lie
                        content = file.read(MOST + 1)
                    yield entry.filename, content if len(content) <= MOST else TOO_LARGE
                except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError) as error:
                    yield entry.filename, f"cannot be unpacked: {error}"


TOO_LARGE = f"is larger than {MOST // 1_000_000} MB"


def read(name: str, content: bytes | str) -> HandIn:
    """One notebook; a text is the reason why there is none."""
    if isinstance(content, str):
        return HandIn(name, content)
    try:
        nb = json.loads(content)
        cells = [_cell(cell) for cell in nb["cells"]]
        origin = nb.get("metadata", {}).get("maldinb", {})
    except (ValueError, RecursionError):
        return HandIn(name, "is no notebook: it is not JSON")
    except (KeyError, TypeError, AttributeError):
        return HandIn(name, "is no notebook: it has no cells, or they are not as they should be")
    return HandIn(name, "", cells, origin if isinstance(origin, dict) else {})


def _cell(cell: dict) -> Cell:
    source, tags = cell.get("source", ""), cell.get("metadata", {}).get("tags", [])
    source = source if isinstance(source, str) else "".join(source)
    return Cell(str(cell["cell_type"]), source, cell.get("id"), {str(tag) for tag in tags})
