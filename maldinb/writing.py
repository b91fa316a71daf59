"""Files and folders that are there whole or not at all."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A new file that takes its place in one step when the block ends; if that fails, the old one stays whole."""
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as out:
            yield out
        os.chmod(temporary, mode)  # mkstemp lets nobody else read it
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def write_atomically(path: Path, content: str | bytes) -> None:
    """Put `content` in place in one step, so that whoever is interrupted keeps the old file whole."""
    with replacing(path) as out:
        out.write(content.encode() if isinstance(content, str) else content)


@contextlib.contextmanager
def new_folder(folder: Path) -> Iterator[Path]:
    """A draft that becomes the folder when the block ends, and vanishes if it fails; what is there is never touched."""
    if folder.exists() or folder.is_symlink():
        raise FileExistsError(f"{folder} is there already; name another folder, or move that one away")
    if not folder.parent.is_dir():
        raise FileNotFoundError(f"there is no folder {folder.parent} to make {folder.name} in")
    draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        yield draft
        draft.chmod(0o755)  # mkdtemp lets nobody else in
        if folder.exists():  # the work took a while
            raise FileExistsError(f"{folder} has come into being meanwhile; name another folder")
        draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
