"""A folder that is there whole or not at all, and that replaces nothing but an older report."""

import contextlib
import json
import shutil
import tempfile
from pathlib import Path

MANIFEST = "report.json"


def check_place(folder):
    """Say before the work begins whether a report may be written there.

    Parameters
    ----------
    folder : path-like

    Returns
    -------
    Path
        Absolute.

    Raises
    ------
    FileExistsError
        If something is there that is not a report, or a report to which somebody has added files.
    FileNotFoundError
        If the folder that it would lie in does not exist.
    """
    folder = Path(folder).expanduser().absolute()
    if not folder.parent.is_dir():
        raise FileNotFoundError(f"there is no folder {folder.parent}; make it, or name another one for the report")
    if not folder.exists() and not folder.is_symlink():
        return folder
    if folder.is_symlink() or not folder.is_dir():
        raise FileExistsError(f"{folder} is a file or a link; name another folder for the report")
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()}
    if foreign := sorted(there - files_of(folder)):
        more = f" and {len(foreign) - 3} more" if len(foreign) > 3 else ""
        raise FileExistsError(
            f"{folder} holds what is no part of a report ({', '.join(foreign[:3])}{more}); name another folder, or "
            "move these files away"
        )
    return folder


def files_of(folder):
    """The files of a report, its manifest among them; none if there is no report."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
        return {*manifest["files"], MANIFEST} if manifest["made by"] == "maldinb.report" else set()
    except (OSError, ValueError, KeyError, TypeError):
        return set()


@contextlib.contextmanager
def draft_of(folder):
    """A folder beside `folder` that takes its place when the block ends, and vanishes if the block fails.

    Parameters
    ----------
    folder : Path
        As `check_place` returns it.

    Yields
    ------
    Path
    """
    draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    old = draft.with_name(f"{draft.name}-old")
    try:
        yield draft
        draft.chmod(0o755)  # mkdtemp lets nobody else in
        check_place(folder)  # the work took minutes
        if folder.exists():
            folder.rename(old)
        try:
            draft.rename(folder)
        except OSError:
            if old.exists():
                old.rename(folder)
            raise
    finally:
        for left in (draft, old):
            shutil.rmtree(left, ignore_errors=True)
