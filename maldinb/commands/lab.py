"""``maldinb lab``: the course's notebooks, as copies to work in, in JupyterLab."""

from __future__ import annotations

import argparse
from importlib.util import find_spec
from pathlib import Path

SUMMARY = "open your own copy of the course's notebooks in JupyterLab"
DESCRIPTION = """\
Copy the notebooks of the course, and what they link to, to FOLDER, and open
the first one in JupyterLab. The copies are yours: what is there already is
kept as it is. Everything from the first option on is passed to JupyterLab,
which comes with: pip install "maldinb[lab]"."""
EXAMPLES = """\
maldinb lab
maldinb lab my_course --no-browser --port 9999"""

DEFAULT = "maldinb-notebooks"
NEEDED = ("jupyterlab", "ipykernel", "jupytext", "nbformat", "nbconvert", "docutils", "jinja2")


def split(argv: list[str]) -> tuple[list[str], list[str]]:
    """What is typed for maldinb, and what is for JupyterLab: from the first option on, if that asks for no help."""
    at = next((i for i, word in enumerate(argv) if word.startswith("-") and word not in ("-h", "--help")), len(argv))
    return argv[:at], argv[at:]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this command; JupyterLab's are only named."""
    about = f"where the copies lie (default: {DEFAULT}); it is made if it is not there"
    parser.add_argument("folder", metavar="FOLDER", nargs="?", type=Path, default=Path(DEFAULT), help=about)


def run(args: argparse.Namespace) -> int:
    """Copy what is not there yet, and hand over to JupyterLab."""
    need(*NEEDED)
    from ..course.opening import open_copies
    from ..material import notebooks_folder

    return open_copies(notebooks_folder(), args.folder, args.passed)


def need(*packages: str) -> None:
    """Raise ValueError if one of these is not installed, and say how to get it."""
    if missing := [name for name in packages if find_spec(name) is None]:
        raise ValueError(f'{", ".join(missing)} is not installed here; it comes with: pip install "maldinb[lab]"')
