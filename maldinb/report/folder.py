"""A folder that is there whole or not at all, and that replaces nothing but an older report, if that is wanted."""

import contextlib
import json
import shutil
import tempfile
from pathlib import Path

MANIFEST = "report.json"


def check_place(folder, *, replace=False):
    """Say before the work begins whether a report may be written there: the one rule of `write_report` and the command.

    Parameters
    ----------
    folder : path-like
        New or empty.
    replace : bool
        Whether it may be an older report to which nobody has added files.

    Returns
    -------
    Path
        Absolute.

    Raises
    ------
    FileExistsError
        If something else is there.
    FileNotFoundError
        If the folder that it would lie in does not exist.

    Examples
    --------
    >>> here = Path(tempfile.mkdtemp())
    >>> check_place(here / "report").name
    'report'
    >>> _ = (here / "thesis.txt").write_text("mine")
    >>> check_place(here)
    Traceback (most recent call last):
    FileExistsError: ... holds what is no part of a report (thesis.txt); name another folder, or move this away
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
            "move this away"
        )
    if there and not replace:
        raise FileExistsError(f"{folder} holds a report already; name another folder, or replace it: replace=True")
    return folder


def files_of(folder):
    """The files of a report, its manifest among them; none if there is no report."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
        return {*manifest["files"], MANIFEST} if manifest["made by"] == "maldinb.report" else set()
    except (OSError, ValueError, KeyError, TypeError):
        return set()


@contextlib.contextmanager
def draft_of(folder, *, replace=False):
    """A folder beside `folder` that takes its place when the block ends, and vanishes if the block fails.

    Parameters
    ----------
    folder : Path
        As `check_place` returns it.
    replace : bool
        As there.

    Yields
    ------
    Path
    """
    draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    old = draft.with_name(f"{draft.name}-old")
    try:
        yield draft
        draft.chmod(0o755)  # mkdtemp lets nobody else in
        check_place(folder, replace=replace)  # the work took minutes
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
