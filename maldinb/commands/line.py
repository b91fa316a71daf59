"""What is typed, and what becomes of it: commands, errors, exit status."""

from __future__ import annotations

import argparse
import os
import sys
import textwrap
import warnings

from .. import __version__
from ..interrupts import on_interrupt
from . import challenge, check, handout, lab, marks, predict, report
from .source import as_options

COMMANDS = {
    "check": check, "report": report, "predict": predict, "lab": lab, "handout": handout, "marks": marks,
    "challenge": challenge,
}  # fmt: skip
STOPPED, BROKEN_PIPE = 130, 141  # as shells count: 128 and the number of the signal

DESCRIPTION = """\
Read antibiotic resistance out of MALDI-TOF mass spectra, and doubt what the
network says of it. For research and teaching: nothing here is fit to decide on
a patient's treatment."""
STATUS = """\
exit status:
  0    {done}
  1    {wrong}
  2    wrong usage
  130  stopped with Ctrl-C"""
DONE, WRONG = "done", "something is wrong with the data or a file; what, is said"


def main(argv: list[str] | None = None) -> int:
    """Run a command.

    Parameters
    ----------
    argv : list of str, optional
        What is typed after ``maldinb``; by default what was.

    Returns
    -------
    int
        The exit status: 0 if all went well, 1 if something is wrong with the data or a file, 2 after wrong usage, 130
        after Ctrl-C, 141 if nobody reads the output any more.

    Examples
    --------
    >>> main(["--version"])
    maldinb ...
    0
    >>> main(["predict"])  # usage and error go to stderr
    2
    """
    with warnings.catch_warnings():
        warnings.showwarning = lambda message, *_: print(f"warning: {message}", file=sys.stderr)
        try:
            with on_interrupt(stop):
                status = run(sys.argv[1:] if argv is None else argv)
                sys.stdout.flush()  # here, where a reader that went away is noticed
                return status
        except BrokenPipeError:
            return leave_quietly()
        except (ValueError, OSError) as error:
            print(f"error: {as_options(str(error))}", file=sys.stderr)
            return 1
        except Stop:
            print("\nStopped.", file=sys.stderr)
            return STOPPED


def run(argv: list[str]) -> int:
    """Find the command in what was typed, and run it."""
    top = parser()
    try:
        own, passed = lab.split(argv) if argv[:1] == ["lab"] else (argv, [])
        args = top.parse_args(own, argparse.Namespace(passed=passed))
        if args.command is None:
            top.print_help()
            return 0
        return COMMANDS[args.command].run(args)
    except SystemExit as end:  # how argparse ends after --help, --version and wrong usage
        return end.code


def parser() -> argparse.ArgumentParser:
    """All commands with all their options."""
    form = {"formatter_class": argparse.RawDescriptionHelpFormatter, "allow_abbrev": False}
    top = argparse.ArgumentParser(
        prog="maldinb", description=DESCRIPTION, epilog=STATUS.format(done=DONE, wrong=WRONG), **form
    )
    top.add_argument("--version", action="version", version=f"maldinb {__version__}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for name, command in COMMANDS.items():
        status = STATUS.format(done=getattr(command, "DONE", DONE), wrong=getattr(command, "WRONG", WRONG))
        epilog = f"examples:\n{textwrap.indent(command.EXAMPLES, '  ')}\n\n{status}"
        one = commands.add_parser(name, help=command.SUMMARY, description=command.DESCRIPTION, epilog=epilog, **form)
        command.add_arguments(one)
        one.set_defaults(parser=one)
    return top


class Stop(BaseException):
    """Somebody pressed Ctrl-C. Not a KeyboardInterrupt, which a fit answers with the weights that it has so far."""


def stop(*_) -> None:
    """Let Ctrl-C end the command, whatever it is doing."""
    raise Stop


def leave_quietly() -> int:
    """After a reader of the output, such as ``head``, has gone: Python would complain once more when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return BROKEN_PIPE
