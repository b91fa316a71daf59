"""The course from the command line: ``python -m maldinb.course COMMAND``, and ``--help`` after a command."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from .handing_out import said, write_handout
from .opening import open_copies, open_notebook
from .pairs import sources


def lab(parser: argparse.ArgumentParser, argv: list[str]) -> int:
    """Copy what is not there yet, and open the first copy in JupyterLab."""
    parser.add_argument("--out", type=Path, default=Path("workspace"), metavar="FOLDER", help="where the copies lie")
    args, options = parser.parse_known_args(argv)  # what is not known here is for JupyterLab
    return open_copies(args.notebooks, args.out, options)


def edit(parser: argparse.ArgumentParser, argv: list[str]) -> int:
    """Open the first of the course's own notebooks, which are under version control, in JupyterLab."""
    args, options = parser.parse_known_args(argv)
    return open_notebook(sources(args.notebooks)[0].with_suffix(".ipynb"), options)


def open_folder(parser: argparse.ArgumentParser, argv: list[str]) -> int:
    """Open a folder of notebooks, such as a hand-out, as it is in JupyterLab."""
    parser.add_argument("--folder", type=Path, default=Path(), metavar="FOLDER", help="by default this one")
    args, options = parser.parse_known_args(argv)
    found = sorted(args.folder.glob("*.ipynb"))
    if not found:
        raise ValueError(f"there are no notebooks (*.ipynb) in {args.folder.absolute()}.")
    return open_notebook(found[0], options)


def students(parser: argparse.ArgumentParser, argv: list[str]) -> int:
    """Write a hand-out, without solutions and outputs, as a folder and a zip, and say what was left alone."""
    parser.add_argument("names", nargs="*", help="some of the notebooks, by name; all if left out")
    parser.add_argument("--out", type=Path, default=Path("students"), metavar="FOLDER", help="where the copies go")
    args = parser.parse_intermixed_args(argv)
    print(said(write_handout(args.notebooks, args.out, args.names), args.out))
    return 0


def run(parser: argparse.ArgumentParser, argv: list[str]) -> int:
    """Execute copies of the notebooks with other parameters, and write pages of them."""
    parser.add_argument("-p", dest="parameters", action="append", default=[], metavar="NAME=value")
    parser.add_argument("--out", type=Path, default=Path("build/run"), metavar="FOLDER", help="where the pages go")
    args = _series(parser, argv)
    from . import series  # not above: it takes seconds to import, and nobody should wait for it who opens notebooks

    status = series.conclude(series.run(args.notebooks, args.out, args.parameters, args.timeout, args.names))
    series.say(f"The first page is {args.out / 'index.html'}; executed notebooks lie beside it.")
    return status


def refresh(parser: argparse.ArgumentParser, argv: list[str]) -> int:
    """Execute the edited .py sources with their own parameters, and write the paired .ipynb."""
    args = _series(parser, argv)
    from . import series

    return series.conclude(series.refresh(args.notebooks, args.timeout, args.names))


def _series(parser: argparse.ArgumentParser, argv: list[str]) -> argparse.Namespace:
    parser.add_argument("names", nargs="*", help="some of the notebooks, by name; all if left out")
    parser.add_argument("--timeout", type=int, default=1800, metavar="SECONDS", help="for a cell (default: 1800)")
    return parser.parse_intermixed_args(argv)  # names may stand before or after the parameters


COMMANDS = {
    "lab": lab, "edit": edit, "open": open_folder, "run": run, "refresh": refresh, "students": students,
}  # fmt: skip


def main(argv: list[str] | None = None) -> int:
    """Return the exit status: 0, 1 if a notebook failed, 2 if nothing was done, 130 if it was stopped."""
    argv = sys.argv[1:] if argv is None else argv
    top = argparse.ArgumentParser(
        prog="python -m maldinb.course",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description="\n".join(f"{name:10}{command.__doc__}" for name, command in COMMANDS.items()),
    )
    top.add_argument("command", choices=COMMANDS)
    name = top.parse_args(argv[:1]).command
    parser = argparse.ArgumentParser(prog=f"{top.prog} {name}", description=COMMANDS[name].__doc__)
    parser.add_argument("--notebooks", type=Path, default=Path("notebooks"), metavar="FOLDER")
    try:
        return COMMANDS[name](parser, argv[1:])
    except (ValueError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt as stop:
        print("", *getattr(stop, "__notes__", ["Stopped; nothing was executed."]), sep="\n", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
