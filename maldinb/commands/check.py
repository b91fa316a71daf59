"""``maldinb check``: what is this, what will happen, what is wrong; nothing is trained."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from .source import add_source, as_options, load, progress
from .text import listed, paragraph, section, table

if TYPE_CHECKING:
    from ..datasets import SpectraDataset

SUMMARY = "say what spectra these are, what will happen to them, and what is wrong with them"
DESCRIPTION = """\
Read spectra and the table that describes them, and say what was recognised,
what cannot be used and why, what may be wrong with the spectra, and whether a
model can be trained and judged on their labels. All that is wrong is said at
once. Nothing is trained, and nothing is written."""
EXAMPLES = """\
maldinb check my_spectra
maldinb check my_spectra --label Ceftazidime --batch Ward
maldinb check my.zip --metadata table.csv --label Drug --labels res=R,0=S
maldinb check simulated --label Meropenem"""
DONE = "the spectra can be used; what deserves a look is listed all the same"
WRONG = "something is wrong with them; what, is said"

SHOWN = 20  # IDs or files that are named for one finding; the rest is counted


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this command."""
    add_source(parser, label="the column of labels, such as an antibiotic; without it, labels are not looked at")


def run(args: argparse.Namespace) -> int:
    """Print what is found; 1 if something is wrong."""
    data, wrong = _load(args)
    if data is None:
        section("What is wrong", listed(wrong))
        return 1
    print(paragraph(_what_it_is(data)))
    recognised = data.report()
    section("What was recognised", table(recognised.astype(str).map(as_options).values.tolist(), list(recognised)))
    if left_out := _left_out(data):
        section(f"What is left out ({len(left_out)})", listed(_some(left_out)))
    if data.info["antibiotic"] is not None:
        section("Labels", table(*_counts(data)))
        wrong += _cannot_be_learned(data)
    findings = _findings(data)
    said = [_finding(what, [] if len(names) == len(data.X) else names) for what, names in findings]  # all: no need
    section("What deserves a look", listed(said) if said else "Nothing was found.")
    section("What is wrong", listed(wrong) if wrong else "Nothing: these spectra can be used.")
    return int(bool(wrong))


def _load(args: argparse.Namespace) -> tuple[SpectraDataset | None, list[str]]:
    """All that can be read, bad spectra left out and labels unread if need be, and what is wrong already."""
    from ..formats import DatasetError

    wrong = []
    for change in ({}, {"label": None, "labels": None}):
        asked = argparse.Namespace(**vars(args) | change)
        try:
            return load(asked), wrong
        except DatasetError as error:
            if not error.errors:  # of the table
                wrong = wrong or [as_options(str(error))]
                continue
            wrong.append("What is left out above stops everything, unless --on-error skip is given.")
        try:
            return load(asked, on_error="skip"), wrong
        except DatasetError as error:
            return None, [*wrong[:-1], as_options(str(error))]
    return None, wrong


def _what_it_is(data: SpectraDataset) -> str:
    (spectra, n), name = data.X.shape, data.info["name"]
    width = data.info["preprocessing"].get("bin_width")
    bins = f"bins of {width:g} Da" if width else "columns"
    return f"{name}: {spectra} {'spectrum' if spectra == 1 else 'spectra'} x {n} {bins}"


def _left_out(data: SpectraDataset) -> list[str]:
    """What was meant to be in the data set and is not, by its file where there is one, and why."""
    from ..datasets.raw import raw_readers

    left_out, source = data.info["left_out"], data.info["source"]
    files = {}
    if left_out:
        files = {one: name.removeprefix(source).lstrip(":/\\") for one, (name, _) in raw_readers(data).items()}
    return [as_options(f"{files.get(one, one)}: {why}") for one, why in left_out.items()]


def _counts(data: SpectraDataset) -> tuple[list[list[object]], list[str]]:
    """How many there are of each label in each batch."""
    counts = data.info["counts"][data.info["antibiotic"]]
    kinds = ["R", "I", "S", "unlabelled"]
    rows = [[batch, *(n[kind] for kind in kinds)] for batch, n in counts.items()]
    total = (
        [["all", *(sum(column) for column in zip(*(row[1:] for row in rows), strict=True))]] if len(rows) > 1 else []
    )
    return rows + total, [data.info["columns"].get("Batch") or "batch", *kinds]


def _cannot_be_learned(data: SpectraDataset) -> list[str]:
    """Why no model can be trained and judged with these labels, if that is so."""
    from ..datasets import binary_labels
    from ..evaluation import stratified_splits

    try:
        _, y = binary_labels(replace(data, X=data.X[[]]))  # without bins, which would be copied
        isolate = None if data.isolate is None else data.isolate[y.index]
        stratified_splits(y, data.batch[y.index], isolate=isolate)
    except ValueError as error:
        return [f"No model can be trained and judged on these labels: {error}"]
    return []


def _findings(data: SpectraDataset) -> list[tuple[str, list]]:
    from .. import quality

    return quality.findings(data, quality.quality_table(data, verbose=progress()))


def _finding(what: str, names: list) -> str:
    return f"{what} ({', '.join(_some(map(str, names)))})" if len(names) else what


def _some(items: Iterable[str]) -> list[str]:
    """The first of many, and how many more there are."""
    items = list(items)
    more = [f"and {len(items) - SHOWN} more"] if len(items) > SHOWN else []
    return items[:SHOWN] + more
