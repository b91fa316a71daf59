"""Options that say which spectra are meant and how to read them, the same for every command that reads some."""

from __future__ import annotations

import argparse
import ast
import re
import shlex
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from ..arguments import real

if TYPE_CHECKING:
    from ..datasets import SpectraDataset

PREPROCESS = {"yes": True, "no": False, "force": "force"}
ALIGN = {"yes": True, "no": False}
WORDS = {"preprocess": PREPROCESS, "align": ALIGN}
#: Options that are arguments of loaders, under the same names. Not every loader takes them all.
OPTIONS = (
    "metadata", "id", "batch", "isolate", "species", "labels", "intermediate", "sites", "years", "features",
    "preprocess", "align", "on_error", "bin_width",
)  # fmt: skip
_ARGUMENT = re.compile(rf"\b({'|'.join(('label', 'replace', *OPTIONS))})=(\.\.\.|\{{[^{{}}]*\}}|['\"]?\w+['\"]?)?")
_MAPPED = re.compile(r"(.+?)=\s*([RSI]?|None)\s*(?:,|$)", re.IGNORECASE)


def add_source(parser: argparse.ArgumentParser, *, label: str, learn: bool = True) -> None:
    """Add SOURCE and everything that may be said of it.

    Parameters
    ----------
    parser : ArgumentParser
    label : str
        What the command does with the label.
    learn : bool
        Whether something is to be learned, for which the width of bins and the meaning of I are chosen.
    """
    about = (
        "folder or archive (.tar, .zip) of spectra, table (.csv, .tsv) of isolates x bins or peaks, or the name of a "
        "data set: simulated, kleb-ai"
    )
    parser.add_argument("source", metavar="SOURCE", help=about)
    parser.add_argument("--label", metavar="COLUMN", help=label)

    table = parser.add_argument_group("the table that describes the spectra")
    table.add_argument("--metadata", metavar="TABLE", help="by default the metadata.csv in SOURCE")
    columns = {"id": "name of a spectrum", "batch": "hospital, instrument or year", "isolate": "which repeats share"}
    for name, meaning in columns.items():
        table.add_argument(f"--{name}", metavar="COLUMN", help=f"{meaning}; by default a column that is called so")
    about = "species; by default a column that is called so. Of a public collection, the species itself"
    table.add_argument("--species", metavar="COLUMN", help=about)
    about = "what texts of the label mean: R, S, I or nothing, as in resistant=R,0=S,pending="
    table.add_argument("--labels", metavar="FOUND=R,...", type=mapping, help=about)
    if learn:
        about = "what becomes of intermediate (I); by default they are dropped"
        table.add_argument("--intermediate", choices=("drop", "R", "S"), help=about)

    collection = parser.add_argument_group("an unpacked public collection (DRIAMS, MARISMa), recognised by its folders")
    about = "--label is the antibiotic, --species the name of the species; "
    collection.add_argument("--sites", metavar="A,B", type=names, help="sites of DRIAMS; by default all that are there")
    collection.add_argument("--years", metavar="YEAR,...", type=names, help="years; by default all that are there")

    matrix = parser.add_argument_group("a table of isolates x bins or peaks")
    about = "which columns are bins or peaks, as in 'peak_*'; by default those that are named by their m/z"
    matrix.add_argument("--features", metavar="PATTERN", help=about)

    reading = parser.add_argument_group("reading")
    about = "what cannot be used stops everything (the default), or is left out and listed"
    reading.add_argument("--on-error", choices=("raise", "skip"), help=about)
    about = (
        "yes (the default) for raw spectra, no for peaks and processed ones, force for raw ones that are not recognised"
    )
    reading.add_argument("--preprocess", choices=PREPROCESS, help=about)
    about = (
        "recalibrate each spectrum to housekeeping peaks: yes for those of Klebsiella pneumoniae, a species whose "
        "masses are known here, or no (the default)"
    )
    reading.add_argument("--align", metavar="SPECIES", type=target, help=about)
    if learn:
        parse = checked(real, "the width of a bin", 0.01, 18000, what="a number of Da")
        reading.add_argument("--bin-width", metavar="DA", type=parse, help="width of a bin; by default 3 Da")


def load(args: argparse.Namespace, **more) -> SpectraDataset:
    """The data set that the options mean; `more` are further arguments of its loader.

    Raises
    ------
    SystemExit
        If an option does not apply to this source, after saying so.
    """
    from ..datasets import LOADERS, load_dataset

    given = {name: value for name in OPTIONS if (value := getattr(args, name, None)) is not None} | more
    if "preprocess" in given:
        given["preprocess"] = PREPROCESS[given["preprocess"]]
    label = [] if args.label is None and args.source in LOADERS else [args.label]  # these have one by default
    try:
        return load_dataset(args.source, *label, verbose=progress(), **given)
    except TypeError as error:  # loaders take different arguments
        refused = re.search(r"unexpected keyword argument '(\w+)'", str(error))
        if refused is None or refused[1] not in given:
            raise
        args.parser.error(f"--{refused[1].replace('_', '-')} does not apply to {args.source}")


def target(text: str) -> bool | str:
    """``yes`` and ``no`` as True and False, or the name of a species whose housekeeping peaks are known."""
    from ..preprocessing import target_of

    try:
        return ALIGN[text] if text in ALIGN else target_of(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error).partition("; align=")[0]) from None


def progress() -> bool:
    """Whether somebody watches: a progress bar in a file is of no use."""
    return sys.stderr.isatty()


def names(text: str) -> list[str]:
    """``A,B`` as ``["A", "B"]``."""
    return [name for name in map(str.strip, text.split(",")) if name]


def mapping(text: str) -> dict[str, str | None]:
    """``resistant=R,0=S,pending=`` as ``{"resistant": "R", "0": "S", "pending": None}``; a text may hold commas.

    ``pending=None`` is the same.
    """
    found, at = {}, 0
    while at < len(text):
        match = _MAPPED.match(text, at)
        if not match:
            raise argparse.ArgumentTypeError(f"{text[at:]!r} is not FOUND=R, FOUND=S, FOUND=I or FOUND= (no label)")
        label = match[2].upper()
        found[match[1].strip()] = None if label in ("", "NONE") else label
        at = match.end()
    return found


def checked(check: Callable, *arguments, parse: Callable = float, **options) -> Callable[[str], float]:
    """A type for argparse: a function of `maldinb.arguments` with what it says as the error."""

    def convert(text):
        try:
            value = parse(text)
        except ValueError:
            value = text
        try:
            return check(value, *arguments, **options)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return convert


def as_options(message: str) -> str:
    """A message of the package, which speaks of arguments of functions, with the options of the command instead."""
    return _ARGUMENT.sub(_as_option, message)


def _as_option(match: re.Match) -> str:
    name, value = match[1], (match[2] or "").strip("\"'")
    if name == "labels":
        value = _as_mapping(value)
    elif name in WORDS:
        value = {str(given): word for word, given in WORDS[name].items()}.get(value, value)
    elif value == "True":  # an option that is there or not
        value = ""
    return f"--{name.replace('_', '-')} {value}".rstrip()


def _as_mapping(text: str) -> str:
    """The inverse of `mapping`, from the text of a dict; ``...`` stays for what is to be filled in."""
    try:
        means = ast.literal_eval(text).items()
    except (ValueError, SyntaxError, AttributeError):
        return "FOUND=R,..."
    return shlex.quote(",".join(f"{found}={'...' if label is ... else label or ''}" for found, label in means))
