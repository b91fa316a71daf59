"""Notebooks in JupyterLab: the course's own, or copies to work in."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

from .copies import write_copies
from .parameters import resolve_environment

#: JupyterLab's settings for the course: no news, Markdown as one reads it, and to close a notebook ends its kernel,
#: which frees its memory.
SETTINGS = Path(__file__).parent / "lab"


def open_copies(notebooks: Path, out: Path, options: list[str]) -> int:
    """Copy what is not there yet, and open the first copy.

    Parameters
    ----------
    notebooks : Path
        Folder of the originals, which stay as they are.
    out : Path
        Folder of the copies.
    options : list of str
        For JupyterLab.
    """
    copies = write_copies(notebooks, out)
    if copies.written:
        print(f"Your copies of the notebooks are in {out}; {notebooks} stays as it is.")
    for path in copies.outdated:
        print(f"{path} is yours, and was kept; the course has another version of it. Rename yours to get that.")
    return open_notebook(min(path for path in [*copies.written, *copies.kept] if path.suffix == ".ipynb"), options)


def open_notebook(first: Path, options: list[str]) -> int:
    """Open a notebook, and print its address; files are shown from where the command was typed, or from its folder."""
    resolve_environment()
    first = Path(os.path.abspath(first))  # without the .. that hide where it lies
    root = "." if first.is_relative_to(Path.cwd()) else str(first.parent)
    command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={root}"]
    # The address of the notebook, and not its file: with --no-browser JupyterLab prints addresses only.
    shown = quote(first.relative_to(Path(root).absolute()).as_posix())
    command += [f"--LabApp.default_url=/lab/tree/{shown}"]
    command += [f"--LabApp.app_settings_dir={SETTINGS}", *options]
    # In a list of files the .py of a pair is a twin. The first two are what JupyterLab hides by itself.
    command += [f"--ContentsManager.hide_globs={name}" for name in ("__pycache__", "*.pyc", "[0-9][0-9]_*.py")]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")
    sys.stdout.flush()  # or it is said after JupyterLab has begun to talk, or never
    if os.name == "nt":
        return subprocess.call(command)
    os.execv(sys.executable, command)  # so that Ctrl-C is JupyterLab's own
