"""``maldinb challenge``: spectra of a sealed world for a class, claims before the truth is known, and the opening."""

from __future__ import annotations

import argparse
import glob
from pathlib import Path

from ..arguments import whole
from .source import checked, progress
from .text import section, table

SUMMARY = "give a class spectra whose truth is sealed, and mark what it says of them"
DESCRIPTION = """\
A blind challenge for a class. "new" draws the spectra of three hospitals from a
random key, and writes a folder for students, without the labels of one of the
hospitals, and a file with the key for the teacher. The students' folder says
what they are to do. "claim" gives the code of what a group claims, which it
tells the teacher before it goes on. "open" draws the same spectra again from
the key and marks what was handed in: m/z against the peaks that were planted
and against chance, probabilities for the hospital without labels, and whether
the claims hold. Each has its own help: maldinb challenge new --help."""
EXAMPLES = """\
maldinb challenge new blind
maldinb challenge claim blind/answer
maldinb challenge open blind blind-key.json handed_in/*"""

#: What each does, in short and in full.
STEPS = {
    "new": (
        "draw a sealed world",
        """\
Write FOLDER for students: a README with the task and the rules, spectra.zip
(0.16 MB a spectrum), which all commands and notebooks read, and forms to fill
in. The key goes into another file, which students must not see before the end.
What differs between the hospitals is drawn, too, if no scenario is named.""",
    ),
    "claim": (
        "the code of what a group claims",
        """\
Check that method.md and claim.csv are filled in, and print the code of both.
Whoever changes them later, changes the code. Nothing is written.""",
    ),
    "open": (
        "mark what was handed in",
        """\
Check the seal of FOLDER, draw its world again from the key, and write a folder
with a table for the class (marks.csv), a page for each group, and the planted
peaks (planted.csv). What is wrong with a hand-in is said in its line of the
table, and does not stop the others.""",
    ),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The three steps, each with its own options."""
    form = {"formatter_class": argparse.RawDescriptionHelpFormatter, "allow_abbrev": False}
    steps = parser.add_subparsers(dest="step", metavar="STEP", title="steps", required=True)
    adding = {"new": _add_new, "claim": _add_claim, "open": _add_open}
    for name, (summary, description) in STEPS.items():
        adding[name](steps.add_parser(name, help=summary, description=description, **form))


def _add_new(parser):
    about = "a new folder, to be handed out"
    parser.add_argument("folder", metavar="FOLDER", type=Path, help=about)
    about = "a new file for the key, not in FOLDER; by default beside it"
    parser.add_argument("--key", metavar="FILE", type=Path, help=about)
    parser.add_argument("--antibiotic", metavar="NAME", help="Amikacin (the default) or Meropenem")
    about = "what differs between the hospitals; by default one of twin and shared biology is drawn"
    parser.add_argument("--scenario", metavar="NAME", help=about)
    number = checked(whole, "--spectra", 12, parse=int)
    about = "how many, of all hospitals together; by default 743"
    parser.add_argument("--spectra", metavar="N", dest="n_spectra", type=number, help=about)
    parser.add_argument("--abroad", metavar="CITY", help="the hospital without labels, by default Rome")


def _add_claim(parser):
    about = "folder or zip with method.md and claim.csv"
    parser.add_argument("answer", metavar="ANSWER", type=Path, help=about)


def _add_open(parser):
    parser.add_argument("folder", metavar="FOLDER", type=Path, help="the folder that students have got")
    parser.add_argument("key", metavar="KEY", type=Path, help="the file with its key")
    about = "folders or zips that were handed in, one for each group"
    parser.add_argument("answers", metavar="ANSWER", nargs="+", help=about)
    about = "a new folder for what comes out (default: marks)"
    parser.add_argument("--out", metavar="FOLDER", type=Path, default=Path("marks"), help=about)
    about = "a table (CSV) with the columns hand-in and code: the claims that students have sealed"
    parser.add_argument("--codes", metavar="TABLE", type=Path, help=about)


def run(args: argparse.Namespace) -> int:
    """Do one of the steps."""
    return {"new": _new, "claim": _claim, "open": _open}[args.step](args)


def _new(args):
    from ..challenge import Key, new_challenge

    given = {name: getattr(args, name) for name in ("antibiotic", "scenario", "n_spectra", "abroad")}
    given = {name: value for name, value in given.items() if value is not None}
    key = new_challenge(args.folder, args.key, verbose=progress(), **given)
    print(f"Hand out {args.folder}. Its key is {key}: keep it to yourself until all have handed in.")
    print(f"The seal, for the board: {Key.read(key).seal}")
    return 0


def _claim(args):
    from ..challenge import read_claim

    claim = read_claim(args.answer)
    for limit in claim.limits:
        print(limit)
    print(f"The code of this claim: {claim.code}")
    return 0


def _open(args):
    from ..challenge import mark_challenge

    marks = mark_challenge(args.folder, args.key, _expanded(args.answers), args.out, codes=args.codes)
    shown = marks.drop(columns=["problems", *(["as sealed"] if args.codes is None else [])])
    rows = [[name, *(_cell(value) for value in row)] for name, *row in shown.itertuples()]
    section("Marks", table(rows, ["hand-in", *shown]))
    problems = marks.loc[marks["problems"] != "", "problems"]
    if len(problems):
        section("What could not be read", table(list(problems.items()), ["hand-in", "why"]))
    print(f"\n{args.out} holds this table, a page for each of them, and the planted peaks.")
    return 0


def _expanded(answers):
    """Patterns such as ``handed_in/*`` as the paths that they mean, where the shell has left that to us."""
    for answer in answers:
        yield from sorted(glob.glob(answer)) or [answer]


def _cell(value):
    import pandas as pd

    return "" if pd.isna(value) else f"{value:.3g}" if isinstance(value, float) else str(value)
