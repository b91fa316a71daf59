"""What deserves a look before a model is trained, in sentences that are true of the data at hand."""

from typing import NamedTuple

import numpy as np

from ..arguments import listed
from ..datasets.metadata import UNKNOWN
from ..preprocessing import BIN_WIDTH, MAD, MZ_MAX, MZ_MIN
from .duplicates import duplicates
from .replicates import replicate_table
from .table import ROW, batch_table, quality_table

MARGIN = 10.0  # Da of 2000-20000 that may be missing at an end
AT = 5000.0  # Da: where an error in ppm is compared with the width of a bin
FAR, LEAST_BATCH = 3.0, 10  # robust standard deviations; spectra that tell what is usual in a batch
FACTOR, SETTINGS = 3.0, 1.02  # between medians of batches: of what is measured, and of the number of points
CLOSER = 0.5  # share of other isolates' spectra that may be more alike than replicates
NEGATIVE = 0.05  # share of points below 0 that a detector's offset may explain


class Finding(NamedTuple):
    """One thing that deserves a look.

    Attributes
    ----------
    what : str
        A sentence.
    ids : list of str
        The spectra, or isolates, it speaks of; empty where it speaks of all, or of batches.
    """

    what: str
    ids: list


def findings(data, table=None, replicates=None):
    """What deserves a look, and what could not be told. Nothing is left out of the data.

    Parameters
    ----------
    data : SpectraDataset
    table : DataFrame, optional
        As from `quality_table`, which is computed otherwise.
    replicates : DataFrame, optional
        As from `replicate_table`.

    Returns
    -------
    list of Finding
        (sentence, IDs) pairs: single spectra first, then copies and replicates, calibration, and batches.

    Examples
    --------
    >>> from maldinb import from_matrix
    >>> for what, ids in findings(from_matrix([[1, 2], [0, 0], [1, 2]], ["R", "S", "S"])):
    ...     print(what[:60], ids[:2])
    3 of 3 spectra could be measured by their rows only: what wa ['row-0001', 'row-0002']
    1 spectrum holds zeros only. ['row-0002']
    1 spectrum repeats another one, value by value. Where rows a ['row-0003']
    1 spectrum repeats another one under another label. ['row-0003']
    Whether replicates agree cannot be told: no column names the []
    All spectra are of one batch: what is due to the hospital or []
    """
    table = quality_table(data) if table is None else table
    replicates = replicate_table(data) if replicates is None else replicates
    found = [
        *_spectra(table), *_copies(data, table), *_replicates(data, replicates), *_calibration(data, table),
        *_batches(table),
    ]  # fmt: skip
    return [Finding(what, list(ids)) for what, ids in found]


def _spectra(table):
    """What is wrong with single spectra."""
    rows = table[table["measured on"] == ROW]
    if len(rows):
        reason = rows["problem"].iloc[0]
        example = "" if rows["problem"].nunique() == 1 else ", for example"
        yield f"{len(rows)} of {_n(len(table))} could be measured by their rows only{example}: {reason}.", rows.index
    for on, empty in table[table["empty"]].groupby("measured on"):
        what = "zeros only" if on == ROW else "no peak: an empty spot?"
        yield f"{_n(len(empty))} {_v(empty, 'hold')} {what}.", empty.index
    negative = table["negative share"]
    if ids := list(table.index[negative > NEGATIVE]):
        yield (
            f"{_n(len(ids))} {_v(ids, 'have')} many points below 0, up to {negative.max():.0%}, which count as 0: was "
            "the baseline subtracted before? A row that is made of such a spectrum is not like one of raw counts.",
            ids,
        )
    saturated = table["saturated share"]
    if ids := list(table.index[saturated > 0]):
        yield (
            f"{_n(len(ids))} {_v(ids, 'have')} a plateau at the highest value, of up to {saturated.max():.2%} of the "
            "points: the detector was at its ceiling, and what was higher is lost.",
            ids,
        )
    short = table[(table["low m/z"] > MZ_MIN + MARGIN) | (table["high m/z"] < MZ_MAX - MARGIN)]
    if len(short):
        yield (
            f"{_n(len(short))} {_v(short, 'do')} not cover {MZ_MIN:.0f}-{MZ_MAX:.0f} Da (at worst from "
            f"{short['low m/z'].max():.0f} and to {short['high m/z'].min():.0f} Da); bins without a point are 0.",
            short.index,
        )
    for name, what in _FAR_BELOW.items():
        if ids := far_below(table[name], table["batch"]):
            yield (
                f"{_n(len(ids))} {_v(ids, 'have')} {what} than is usual in the batch: more than {FAR:g} robust "
                "standard deviations of the logarithm below its median.",
                ids,
            )


_FAR_BELOW = {
    "total count": "far fewer ions in total",
    "signal to noise": "a far lower signal to noise",
    "peaks": "far fewer peaks",
}


def far_below(values, batch):
    """IDs of which a value lies far below those of the same batch, where there are enough to tell."""
    logs = np.log1p(values)
    middle = logs.groupby(batch).transform("median")
    spread = MAD * (logs - middle).abs().groupby(batch).transform("median")
    enough = logs.groupby(batch).transform("count") >= LEAST_BATCH
    return list(values.index[enough & (logs < middle - FAR * spread) & (spread > 0)])


def _copies(data, table):
    copies = duplicates(data, table)
    if not len(copies):
        return
    by_row = (table.loc[copies.index, "measured on"] == ROW).any()
    chance = " Where rows are short or hold few values, that may be chance." if by_row else ""
    yield f"{_n(len(copies))} {_v(copies, 'repeat')} another one, value by value.{chance}", copies.index
    for name, under in (("labels", "label"), ("isolates", "isolate"), ("batches", "batch")):
        if ids := list(copies.index[copies[name] == True]):  # noqa: E712 - missing where it cannot be told
            yield f"{_n(len(ids))} {_v(ids, 'repeat')} another one under another {under}.", ids


def _replicates(data, table):
    if data.isolate is None:
        yield "Whether replicates agree cannot be told: no column names the isolates.", []
        return
    for antibiotic in data.info.get("counts", {}):
        labels = data.meta[antibiotic].groupby(data.isolate).nunique()
        if both := list(labels.index[labels > 1]):
            have = f"{_n(len(both), 'isolate')} {_v(both, 'have')}"
            yield f"{have} more than one label for {antibiotic}, and {_v(both, 'count')} with each.", both
    if not len(table):
        yield "Whether replicates agree cannot be told: no isolate has two spectra.", []
    elif unlike := list(table.index[table["closer"] > CLOSER]):
        yield (
            f"In {len(unlike)} of {_n(len(table), 'isolate')} with several spectra, more than half of other isolates' "
            "spectra are more alike to a spectrum than its own replicates are: mixed up, or badly acquired?",
            unlike,
        )


def _calibration(data, table):
    raw = table[table["measured on"] != ROW]
    offset, matched = raw["offset ppm"], raw["peaks matched"]
    unknown = data.species[raw.index][matched.isna()]
    if len(unknown):
        names = [name for name in unknown.astype(str).unique() if name != UNKNOWN]
        why = f"no housekeeping peaks are known here of {listed(names)}" if names else "the species is not known"
        yield f"The calibration of {_n(len(unknown))} cannot be told: {why}.", unknown.index
    few = raw.index[matched.notna() & offset.isna()]
    if len(few):
        yield f"{_n(len(few))} {_v(few, 'show')} too few housekeeping peaks to tell the calibration.", few
    settings = data.info.get("preprocessing", {})
    width = 1e6 * settings.get("bin_width", BIN_WIDTH) / AT  # ppm
    raw_only = " before alignment" if settings.get("align") else ""  # which the rows are no longer
    medians = offset.groupby(raw["batch"]).median().dropna().sort_values()
    if len(medians) and max(medians.abs().max(), np.ptp(medians)) > width / 2:
        ends = medians.iloc[[0, -1] if len(medians) > 1 else [0]]
        shown = " to ".join(f"{value:+.0f} ppm ({batch})" for batch, value in ends.items())
        yield f"By housekeeping peaks, m/z is off by {shown} in the median of a batch{raw_only}; {_a_bin(width)}.", []
    far = raw.index[(offset - offset.groupby(raw["batch"]).transform("median")).abs() > width]
    if len(far):
        yield (
            f"The m/z of {_n(len(far))} {'lies' if len(far) == 1 else 'lie'} more than a bin from the median of the "
            f"batch{raw_only}; {_a_bin(width)}.",
            far,
        )


def _a_bin(width):
    return f"a bin at {AT:.0f} Da is {width:.0f} ppm wide"


def _batches(table):
    points = table["points"].groupby(table["batch"])
    mixed = points.max() > SETTINGS * points.min()
    if mixed.any():
        yield (
            f"Numbers of points differ within {_n(mixed.sum(), 'batch')} ({listed(mixed.index[mixed])}), by up to "
            f"{(points.max() / points.min()).max() - 1:.0%}: more than one instrument or setting.",
            list(table.index[table["batch"].isin(mixed.index[mixed])]),
        )
    medians = batch_table(table)
    if len(medians) == 1:
        yield "All spectra are of one batch: what is due to the hospital or the instrument cannot be told.", []
        return
    for name in _FAR_BELOW:
        values = medians[name].dropna().sort_values()
        if len(values) > 1 and values.iloc[-1] > FACTOR * values.iloc[0]:
            ends = " to ".join(f"{values.iloc[i]:.3g} ({values.index[i]})" for i in (0, -1))
            yield f"Medians of the batches differ in {name}: {ends}. A model may tell the batch by it.", []
    typical = medians["points"].dropna()
    if len(typical) > 1 and typical.max() > SETTINGS * typical.min():
        yield (
            f"Batches differ in the number of points, from {typical.min():.0f} to {typical.max():.0f} in the median: "
            "other instruments or other settings.",
            [],
        )


def _n(number, what="spectrum"):
    plural = {"spectrum": "spectra", "batch": "batches"}.get(what, f"{what}s")
    return f"{number} {what if number == 1 else plural}"


def _v(ids, verb):
    """A verb that goes with one or with several."""
    return verb if len(ids) != 1 else {"have": "has", "do": "does"}.get(verb, f"{verb}s")
