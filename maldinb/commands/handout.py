"""``maldinb handout``: the notebooks for a class, without solutions, ready to be unpacked and opened."""

from __future__ import annotations

import argparse
from pathlib import Path

from .lab import need

SUMMARY = "write the notebooks for a class, without solutions, as a folder and a zip"
DESCRIPTION = """\
Write FOLDER and FOLDER.zip: the notebooks without solutions and outputs, the
glossary and other files that they link to, and files that open all this in
JupyterLab with a double click or "python open_course.py", wherever it was
unpacked. What is there already is kept as it is."""
EXAMPLES = """\
maldinb handout
maldinb handout week1 --only 01_data_loading_and_caching"""

DEFAULT = "students"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this command."""
    about = f"where the hand-out goes (default: {DEFAULT}); it is made if it is not there"
    parser.add_argument("folder", metavar="FOLDER", nargs="?", type=Path, default=Path(DEFAULT), help=about)
    about = "one of the notebooks, by name; may be given several times (default: all)"
    parser.add_argument("--only", metavar="NOTEBOOK", action="append", dest="names", help=about)


def run(args: argparse.Namespace) -> int:
    """Write what is not there yet, and say what was."""
    need("jupytext", "nbformat")
    from ..course.handing_out import said, write_handout
    from ..material import notebooks_folder

    print(said(write_handout(notebooks_folder(), args.folder, args.names), args.folder))
    return 0
