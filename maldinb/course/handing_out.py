"""Hand-outs: a folder and a zip that open in JupyterLab wherever they are unpacked."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

from .copies import Copies, copies_of, put

#: What opens the notebooks, and says how: to type, to double-click, to read.
OPENING = ("README.md", "open_course.py", "open_course.command", "open_course.bat")
PROGRAMS = (".py", ".command")  # endings of what may be run
_DATE = (1980, 1, 1, 0, 0, 0)  # the same content makes the same zip


def write_handout(notebooks: Path, out: Path, names: list[str] | None = None) -> Copies:
    """Write what students get to a folder, and to a zip beside it. A file that is there already is left alone.

    Parameters
    ----------
    notebooks : Path
        The course's own.
    out : Path
        Made if it is not there. The zip has its name, and holds what a new folder would.
    names : list of str, optional
        Some of the notebooks, by name; all if left out.

    Returns
    -------
    Copies

    Raises
    ------
    ValueError
        If there is no such notebook, or a file where the folder should be.
    """
    if out.is_file():
        raise ValueError(f"{out} is a file, and the hand-out is a folder: give it another name")
    contents = copies_of(notebooks, names, solutions=False) | opening()
    copies = put(out, contents)
    for path in copies.written:
        if path.suffix in PROGRAMS:
            path.chmod(0o755)
    packed = zipped(out.name, contents)
    archive = put(out.parent, {f"{out.name}.zip": packed})
    same = [path for path in archive.kept if path.read_bytes() == packed]
    copies.written += archive.written
    copies.kept += [path for path in archive.kept if path not in same]
    return copies


def opening() -> dict[str, str | bytes]:
    """The files that open a hand-out."""
    texts = {name: files(__package__).joinpath("handout", name).read_text("utf-8") for name in OPENING}
    return {name: text.replace("\n", "\r\n") if name.endswith(".bat") else text for name, text in texts.items()}


def zipped(folder: str, contents: Mapping[str, str | bytes]) -> bytes:
    """A zip with one folder in it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(contents.items()):
            entry = zipfile.ZipInfo(f"{folder}/{name}", _DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # Unix, or the mode is not looked at
            entry.external_attr = (0o100755 if Path(name).suffix in PROGRAMS else 0o100644) << 16
            archive.writestr(entry, content)
    return packed.getvalue()


def said(copies: Copies, out: Path) -> str:
    """What was written and what was kept, in lines to print."""
    lines = [str(path) for path in copies.written]
    if copies.kept:
        names = ", ".join(path.name for path in copies.kept)
        lines.append(f"Kept as they are in {out}: {names}. Move them away to have them written anew.")
    return "\n".join(lines)
