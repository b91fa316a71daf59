"""``maldinb report``: train, judge, and write a page that can go to a colleague."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..arguments import fraction, whole
from .source import add_source, checked, load, progress

SUMMARY = "train and judge models on the spectra, and write a report that can go to a colleague"
DESCRIPTION = """\
Train the network and simpler models on the spectra, judge them within and
across batches, and write one page (HTML) that says what can be concluded and
what cannot. Its tables, and the network, lie beside it."""
EXAMPLES = """\
maldinb report my_spectra --label Ceftazidime
maldinb report my_spectra --label Ceftazidime --batch Ward --out by_ward
maldinb report my_spectra --label Drug --intermediate R --prevalence 0.05
maldinb report simulated --label Meropenem --epochs 5 --out quick"""

#: Options that are arguments of `write_report`, under the same names; where one is left out, its default there holds.
OPTIONS = ("epochs", "hidden_dim", "seed", "n_splits", "n_jobs", "prevalence")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this command."""
    about = "the column of labels to learn, such as an antibiotic; without it, the report is of the spectra alone"
    add_source(parser, label=about)
    writing = parser.add_argument_group("the report")
    writing.add_argument(
        "--out", metavar="FOLDER", type=Path, default=Path("maldinb-report"),
        help="a new or empty folder (default: maldinb-report)",
    )  # fmt: skip
    writing.add_argument("--replace", action="store_true", help="let it take the place of an older report")
    number = checked(fraction, "the prevalence")
    about = "share of resistant isolates where the model would be used, for predictive values"
    writing.add_argument("--prevalence", metavar="SHARE", type=number, help=about)
    for name, low, meaning in [
        ("epochs", 1, "passes over the training spectra, at most"),
        ("hidden-dim", 1, "hidden units of the network"),
        ("n-splits", 2, "folds of the cross-validation"),
        ("seed", 0, "decides all that is drawn: folds, weights, resamples"),
        ("n-jobs", 1, "fits at the same time; by default as many as there are cores"),
    ]:
        number = checked(whole, f"--{name}", low, parse=int)
        writing.add_argument(f"--{name}", metavar="N", type=number, help=meaning)


def run(args: argparse.Namespace) -> int:
    """Write the report, and say where it is."""
    from ..report import check_place, write_report

    check_place(args.out, replace=args.replace)  # before the spectra are read
    data = load(args)
    given = {name: getattr(args, name) for name in OPTIONS if getattr(args, name) is not None}
    page = write_report(data, args.out, replace=args.replace, verbose=progress(), **given)
    if (page.parent / "network.npz").exists():
        print(f"The report is {page}; its tables and the network lie beside it.")
    else:
        print(f"The report is {page}; its tables lie beside it. No model was trained, and the page says why.")
    return 0
