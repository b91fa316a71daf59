"""DRIAMS: spectra of four Swiss laboratories, from unpacked archives."""

import os
from collections import Counter
from pathlib import Path

import pandas as pd

from .. import preprocessing
from ..formats import DatasetError
from . import choosing
from .collection import load_chosen
from .layouts import PROCESSED, YEAR, driams_sites, folders_in
from .matrix import check_options
from .registry import DRIAMS

#: Endings of a year's table; the first says more.
_TABLES = ("strat", "clean")
#: The column that keeps together what may be of one strain.
_ISOLATE = "patient_no"


def load_driams(
    root,
    antibiotic,
    *,
    species="Klebsiella pneumoniae",
    sites=None,
    years=None,
    batch=None,
    isolate=None,
    labels=None,
    intermediate="drop",
    preprocess=True,
    bin_width=preprocessing.BIN_WIDTH,
    align=False,
    dtype="float64",
    n_jobs=None,
    on_error="raise",
    cache=True,
    verbose=False,
):
    """Load raw spectra of DRIAMS, routine MALDI-TOF spectra of four Swiss laboratories, from unpacked archives.

    Species, antibiotic, sites and years are chosen in the tables, before a spectrum is read. Nothing is downloaded:
    Dryad wants a browser. Without the collection at hand, this was tested on trees that are built to its documented
    layout, not on DRIAMS itself.

    ============  =====================================================================================
    sites         DRIAMS-A (2015-2018), DRIAMS-B, DRIAMS-C and DRIAMS-D (2018)
    archives      DRIAMS-A 86 GB, DRIAMS-B 3.7 GB, DRIAMS-C 12.4 GB, DRIAMS-D 42.6 GB
    layout        ``DRIAMS-A/raw/2018/CODE.txt``, and ``DRIAMS-A/id/2018/2018_clean.csv`` or ``2018_strat.csv``
    labels        a column for each antibiotic: R, I, S, ``-``, and footnoted ones that are no label (``R(1), S(1)``)
    origin        Weis et al. 2022, doi:10.5061/dryad.bzkh1899q; paper doi:10.1038/s41591-021-01619-9
    licence       CC0 1.0; its authors ask to be cited
    ============  =====================================================================================

    Parameters
    ----------
    root : path-like
        The folder of one site, or one with several: ``DRIAMS-A``, ``DRIAMS-B``, ...
    antibiotic : str
        A column of the tables. Case, punctuation and a last e do not count (``Cotrimoxazole`` at one site is
        ``Cotrimoxazol`` at another). Where a table has it twice, labels that differ are none.
    species : str or sequence of str
        As in the column species. Mixtures (``MIX!...``) and failed identifications are never one.
    sites, years : str, int or sequence, optional
        Such as ``"A"`` or ``["DRIAMS-A", "DRIAMS-B"]``, and ``2018``; by default all that are there.
    batch : str, optional
        "Site", "Year", or a column of the tables, such as workstation. By default the site where there are several,
        else the year.
    isolate : str, optional
        The column whose spectra are kept together when data are split. No column names the isolate. By default it is
        ``patient_no`` where a site has tables ``YEAR_strat.csv`` (A): one patient's samples may hold one strain.
        ``order_no`` is closer to an isolate, but does not keep a patient together. At sites without such columns, each
        spectrum counts as an isolate of its own. The suffix ``_MALDI1`` or ``_MALDI2`` of a code names the instrument,
        not a repeat, and is not used.
    labels : mapping, optional
        What other texts mean, such as ``{"1": "R", "0": "S"}`` for B's screens (ESBL, MRSA). What is still no label is
        counted in ``info["labels"]``.
    intermediate : {"drop", "R", "S"}
        What `binary_labels` makes of I. Weis et al. count it as resistant.
    preprocess, bin_width, align, dtype, n_jobs, verbose
        As in `load_spectra`.
    on_error : {"raise", "skip"}
        Whether chosen spectra that are not there or cannot be used stop the loading, or are left out and listed in
        ``info["left_out"]``. What was not chosen is counted, in groups, in ``info["not_chosen"]``.
    cache : bool
        Keep the rows in the cache for as long as the files of the chosen spectra stay as they are.

    Returns
    -------
    SpectraDataset
        Of the spectra that are labelled R, S or I. ``meta`` also holds Site and Year, unless one is the batch, and what
        the tables say beside labels, such as the workstation.

    Raises
    ------
    DatasetError
        If there is no such site, year, table or raw spectrum, or if nothing is labelled: says what is, with counts.
    ValueError
        If an argument is out of range.

    Examples
    --------
    >>> data = load_driams("DRIAMS", "Ceftriaxone", sites="A", years=[2017, 2018])  # doctest: +SKIP
    """
    choosing.check_species(species)
    dtype, align = check_options(intermediate, on_error, bin_width, align, preprocess, dtype)
    root = Path(root).expanduser().absolute()
    tables = _tables(root, choosing.as_list(sites), choosing.as_list(years))
    rows = pd.concat([_rows(*table, antibiotic) for table in tables], ignore_index=True)
    chosen, taken, not_chosen = choosing.choose(rows, antibiotic, species, labels, f"{root}: {antibiotic}")
    if chosen.empty:
        by_species, there = choosing.count_species(rows)
        by_antibiotic = _antibiotics(tables, species)
        raise choosing.nothing_chosen(root, antibiotic, species, taken, by_species, by_antibiotic, there)
    files, nameless = _files(root, chosen, rows, {(site, year): raw for site, year, _, raw in tables})
    if nameless:
        not_chosen.append(choosing.group("files of raw spectra", nameless, "no row of the tables names them"))
    if isolate is None and _ISOLATE in chosen:
        isolate = _ISOLATE
    if batch is None:
        batch = "Site" if chosen["Site"].nunique() > 1 else "Year"
    return load_chosen(
        chosen, files, record=DRIAMS, source=root, tables=[table for _, _, table, _ in tables], key="code",
        antibiotic=antibiotic, taken=taken, not_chosen=not_chosen, batch=batch, isolate=isolate,
        intermediate=intermediate, cache=cache, preprocess=preprocess, bin_width=bin_width, align=align, dtype=dtype,
        on_error=on_error, n_jobs=n_jobs, verbose=verbose,
    )  # fmt: skip


def _tables(root, sites, years):
    """(site, year, its table, the folder of its raw spectra) of all that are chosen."""
    folders = driams_sites(root)
    if not folders:
        raise DatasetError(
            f"{root}: no folder DRIAMS-A, DRIAMS-B, ... in it, nor id/ and raw/, which one of these holds"
        )
    asked = sites and [next((name for name in folders if name in (site, f"DRIAMS-{site}")), site) for site in sites]
    places = [(site, folders[site]) for site in choosing.pick(asked, list(folders), "site", root)]
    for site, folder in places:
        _check_parts(site, folder)
    found = {
        (site, year): folder for site, folder in places for year in folders_in(folder / "id") if YEAR.fullmatch(year)
    }
    chosen = choosing.pick(years, sorted({year for _, year in found}), "year", root)
    return [
        (site, year, _table(folder / "id" / year), folder / "raw" / year)
        for (site, year), folder in found.items()
        if year in chosen
    ]


def _check_parts(site, folder):
    """Tables and raw spectra have to be there; what else is there explains itself."""
    parts = folders_in(folder)
    if "id" not in parts:
        raise DatasetError(
            f"{folder} has no folder id/ with the tables of {site}, without which no species and no label is known; "
            "unpack that part of the archive, too"
        )
    if "raw" not in parts:
        others = "".join(f"; {name} is not read: {why}" for name, why in PROCESSED.items() if name in parts)
        raise DatasetError(f"{folder} has no folder raw/ with the spectra of {site}; unpack that part, too{others}")


def _table(folder):
    """The table of a year."""
    names = [folder / f"{folder.name}_{ending}.csv" for ending in _TABLES]
    for path in names:
        if path.is_file():
            return path
    raise DatasetError(f"{folder} has no table {' or '.join(path.name for path in names)}")


def _rows(site, year, table, raw, antibiotic):
    """What a table says beside labels, and the text of one label."""

    def wanted(column):
        return not _is_antibiotic(column) or choosing.same_drug(column, antibiotic)

    frame = choosing.read_table(table, wanted)
    missing = [column for column in ("code", "species") if column not in frame]
    if missing:
        there = ", ".join(choosing.read_table(table, n_rows=0))
        raise DatasetError(f"{table}: no column {' and '.join(missing)}; found {there}")
    known = frame[[column for column in frame if column[:1].islower() and column != "code"]]
    return known.assign(ID=frame["code"].str.strip(), Site=site, Year=year, label=choosing.labels_of(frame, antibiotic))


def _is_antibiotic(column):
    """Antibiotics begin with a capital or a number; "Unnamed: 0" is left of an index that was saved with a table."""
    return not column[:1].islower() and not column.startswith("Unnamed")


def _antibiotics(tables, species):
    """antibiotic -> how many rows of a species are labelled, in all tables; by the spelling that comes first."""
    counts, names = Counter(), {}
    for _, _, table, _ in tables:
        frame = choosing.read_table(table)
        drugs = frame[choosing.is_species(frame["species"], species)][list(filter(_is_antibiotic, frame))]
        for spelled, column in {choosing.spelled(column): column for column in reversed(list(drugs))}.items():
            texts = drugs.assign(label=choosing.labels_of(drugs, column))
            counts[names.setdefault(spelled, column)] += len(choosing.labelled(texts, "label"))
    return counts


def _files(root, chosen, rows, folders):
    """ID -> its file in a list, of the spectra that are there, and how many other files no row names."""
    named = rows.groupby(["Site", "Year"])["ID"].agg(set)
    there = {place: _spectra(folder) for place, folder in folders.items()}
    files = {}
    for identifier, *place in chosen[["ID", "Site", "Year"]].itertuples(index=False):
        if identifier in there[tuple(place)]:
            files[identifier] = [(folders[tuple(place)] / f"{identifier}.txt").relative_to(root).as_posix()]
    return files, sum(len(there[place] - named[place]) for place in there)


def _spectra(folder):
    """Codes of the spectra in a folder: one look, because there may be 50,000."""
    try:
        return {name.removesuffix(".txt") for name in os.listdir(folder) if name.endswith(".txt")}
    except FileNotFoundError:
        return set()
