"""What was handed in: notebooks in a folder, in folders of students, or in zips; read with patience."""

from __future__ import annotations

import io
import json
import os
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import BinaryIO

MOST = 100_000_000  # bytes of a notebook, or of a zip within a zip; larger ones are not read
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
    """All notebooks of a folder or a zip; zips in it are looked into, once.

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
        found = _without_folder_of_all(path.stem, [read(name, content) for name, content in _in_zip(path)])
    else:
        raise FileNotFoundError(f"there is no folder or zip {path}")
    if not found:
        raise ValueError(f"there are no notebooks (*.ipynb) in {path}")
    return found


def _without_folder_of_all(stem: str, found: list[HandIn]) -> list[HandIn]:
    """Whoever packs a folder gets a zip with this folder in it, around those of the students: it is nobody's name."""
    parts = [PurePosixPath(hand_in.file).parts for hand_in in found]
    around = {first for first, *_ in parts}
    within = {second for _, second, *rest in (p for p in parts if len(p) > 1) if rest}
    if len(around) == 1 and min(map(len, parts)) > 1 and (around == {stem} or len(within) > 1):
        for hand_in in found:
            hand_in.file = hand_in.file.partition("/")[2]
    return found


def _in_folder(folder: Path) -> Iterator[tuple[str, bytes | str]]:
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if _SKIPPED.search(name) or path.is_symlink():
            continue
        if path.is_dir() and not os.access(path, os.R_OK | os.X_OK):
            yield name, "is a folder that you may not look into"
        if not path.is_file():
            continue
        if path.suffix == ".ipynb":
            try:
                yield name, path.read_bytes() if path.stat().st_size <= MOST else TOO_LARGE
            except OSError as error:
                yield name, f"cannot be read: {error.strerror}"
        elif path.suffix == ".zip":
            yield from _in_inner_zip(name, path)


def _in_zip(file: Path | BinaryIO, endings: tuple[str, ...] = (".ipynb", ".zip")) -> Iterator[tuple[str, bytes | str]]:
    with zipfile.ZipFile(file) as archive:
        for entry in archive.infolist():
            name = entry.filename
            if not name.endswith(endings) or _SKIPPED.search(name):
                continue
            try:
                with archive.open(entry) as inner:  # the size that a zip tells may be a lie
                    content = inner.read(MOST + 1)
            except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError) as error:
                yield name, f"cannot be unpacked: {error}"
                continue
            if len(content) > MOST:
                yield name, TOO_LARGE
            elif name.endswith(".zip"):
                yield from _in_inner_zip(name, io.BytesIO(content))
            else:
                yield name, content


def _in_inner_zip(name: str, file: Path | BinaryIO) -> Iterator[tuple[str, bytes | str]]:
    if zipfile.is_zipfile(file):
        yield from ((f"{name}/{inner}", content) for inner, content in _in_zip(file, (".ipynb",)))
    else:
        yield name, "is no zip that can be read"


TOO_LARGE = f"is larger than {MOST // 1_000_000} MB"


def read(name: str, content: bytes | str) -> HandIn:
    """One notebook; a text is the reason why there is none."""
    name = name.encode("utf-8", "backslashreplace").decode()  # a file's name need not be text that can be printed
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
