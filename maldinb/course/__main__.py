"""``python -m maldinb.course lab`` opens copies of the notebooks, ``... edit`` the course's own, and ``... students``
writes copies to hand out."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

from ..datasets import LOADERS
from ..pairs import sources
from .copies import write_copies

#: JupyterLab's settings for the course: no news, and to close a notebook ends its kernel, which frees its memory.
SETTINGS = Path(__file__).parent / "lab"


def lab(args: argparse.Namespace) -> int:
    """Copy what is not there yet, and open the first copy in JupyterLab."""
    copies = write_copies(args.notebooks, args.out)
    if copies.written:
        print(f"Your copies of the notebooks are in {args.out}; {args.notebooks} stays as it is.", flush=True)
    for path in copies.outdated:
        print(
            f"{path} is yours, and was kept; the course has another version of it. Rename yours to get that.",
            flush=True,
        )
    first = min(path for path in [*copies.written, *copies.kept] if path.suffix == ".ipynb")
    return _open(first, args.options)


def edit(args: argparse.Namespace) -> int:
    """Open the first of the course's own notebooks, which are under version control, in JupyterLab."""
    return _open(sources(args.notebooks)[0].with_suffix(".ipynb"), args.options)


def _open(first: Path, options: list[str]) -> int:
    if (chosen := os.environ.get("MALDINB_DATASET")) and chosen not in LOADERS:
        # A path is meant from where the command was typed, but kernels work in the folder of their notebook.
        os.environ["MALDINB_DATASET"] = str(Path(chosen).expanduser().absolute())
    command = [sys.executable, "-m", "jupyterlab", "--ServerApp.root_dir=.", f"--LabApp.app_settings_dir={SETTINGS}"]
    command += [str(first), *options]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")
    if os.name == "nt":
        return subprocess.call(command)
    os.execv(sys.executable, command)  # so that Ctrl-C is JupyterLab's own


def students(args: argparse.Namespace) -> int:
    """Write the copies to hand out, and say what was left alone."""
    copies = write_copies(args.notebooks, args.out, args.names, solutions=False)
    print(*copies.written, sep="\n")
    if copies.kept:
        names = ", ".join(path.name for path in copies.kept)
        print(f"Kept as they are in {args.out}: {names}. Move them away to have them written anew.")
    return 0


def main(argv: list[str] | None = None) -> int:
    """Return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m maldinb.course", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    opened = commands.add_parser("lab", help="open copies of the notebooks in JupyterLab")
    opened.add_argument("--out", type=Path, default=Path("workspace"), metavar="FOLDER", help="where the copies lie")
    opened.set_defaults(do=lab)
    edited = commands.add_parser("edit", help="open the course's own notebooks in JupyterLab")
    edited.set_defaults(do=edit)
    handed = commands.add_parser("students", help="write copies without solutions and outputs")
    handed.add_argument("names", nargs="*", help="some of the notebooks, by name; all if left out")
    handed.add_argument("--out", type=Path, default=Path("students"), metavar="FOLDER", help="where the copies go")
    handed.set_defaults(do=students)
    for command in (opened, edited, handed):
        command.add_argument("--notebooks", type=Path, default=Path("notebooks"), metavar="FOLDER")
    args, rest = parser.parse_known_args(argv)
    if rest and args.command == "students":  # what the others do not know is for JupyterLab
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    args.options = rest
    try:
        return args.do(args)
    except (ValueError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
