"""MARISMa: Bruker flex acquisitions of a hospital in Madrid, from the unpacked archive."""

from collections import Counter
from pathlib import Path

import pandas as pd

from .. import preprocessing
from ..formats import DatasetError
from ..formats.sources import ACQUISITION
from . import choosing
from .collection import load_chosen
from .layouts import YEAR, folders_in, marisma_tree
from .matrix import check_options
from .registry import MARISMA

_KEY, _MIC = "Identifier", "MIC_"
_ACQUISITION = "1SLin"  # the folder of an acquisition in linear mode
_TOLD_BY_FOLDERS = ("year", "genus", "species")


def load_marisma(
    root,
    antibiotic,
    *,
    species="Klebsiella pneumoniae",
    years=None,
    metadata=None,
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
    """Load raw spectra of MARISMa, routine MALDI-TOF spectra of a hospital in Madrid, from the unpacked archive.

    Species and years are chosen by the names of folders, and isolates by the table, before a spectrum is read: of the
    241,980 acquisitions, only those of labelled isolates are looked at. Nothing is downloaded. Without the collection
    at hand, this was tested on trees that are built to its documented layout, and on two of its acquisitions.

    ============  =====================================================================================
    archives      MARISMa.zip (16.8 GB, MD5 1af8137ec7f890f9b5f6e0aa82a0ace3), to be unpacked, and
                  AMR.csv (14 MB, MD5 9d8cc36ce213f4cd5254f906234779ca), to lie beside or in the folder ``MARISMa``
    layout        ``MARISMa/2018/GENUS/SPECIES/IDENTIFIER/POSITION/REPLICATE/1SLin``, Bruker flex
    labels        AMR.csv: columns ``Identifier`` and, for each antibiotic, ``MIC_X`` and ``X``, its interpretation
    origin        Schmidt-Santiago et al., version 2.0.0, doi:10.5281/zenodo.17201597; preprint
                  doi:10.1101/2025.05.31.657186
    licence       CC BY 4.0
    ============  =====================================================================================

    Parameters
    ----------
    root : path-like
        The folder ``MARISMa``, or the one that it lies in.
    antibiotic : str
        A column of interpretations. Case, punctuation and a last e do not count.
    species : str or sequence of str
        Genus and species, which are the names of folders, in whatever case.
    years : str, int or sequence, optional
        Such as 2024; by default all that are there.
    metadata : path-like, optional
        The table, if it lies elsewhere.
    batch : str, optional
        "Year", which is the default, or a column of the table that is neither an MIC nor an interpretation.
    isolate : str, optional
        By default the identifier: it groups positions (spots) and replicates. Nothing tells whether two isolates are of
        one patient.
    labels, intermediate, preprocess, bin_width, align, dtype, n_jobs, on_error, cache, verbose
        As in `load_driams`. Where the table has several rows for an identifier, labels that differ are none.

    Returns
    -------
    SpectraDataset
        Of the spectra whose isolates are labelled R, S or I. The ID is ``YEAR_IDENTIFIER_POSITION_REPLICATE``;
        ``info["labels"]`` and what was not chosen, in ``info["not_chosen"]``, count isolates.

    Raises
    ------
    DatasetError
        If there is no table, year or species, or nothing is labelled; says what there is, with counts.
    ValueError
        If an argument is out of range.

    Examples
    --------
    >>> data = load_marisma("MARISMa", "Ciprofloxacin", species="Escherichia coli", years=2024)  # doctest: +SKIP
    """
    choosing.check_species(species)
    dtype, align = check_options(intermediate, on_error, bin_width, align, preprocess, dtype)
    root = Path(root).expanduser().absolute()
    tree, table = _tree_and_table(root, metadata)
    there = [name for name in folders_in(tree) if YEAR.fullmatch(name)]
    years = choosing.pick(choosing.as_list(years), there, "year", tree)
    filed = _isolates(tree, years, species)
    records, antibiotics = _records(table, antibiotic, filed[_KEY])
    rows = filed.join(records, on=_KEY, how="inner")
    where = f"{table}: {antibiotic}"
    chosen, taken, not_chosen = choosing.choose(rows, antibiotic, species, labels, where, unit="isolates")
    if chosen.empty:
        raise _nothing(tree, table, years, antibiotics, antibiotic, species, taken, filed)
    if len(filed) > len(rows):
        not_chosen.append(choosing.group("isolates without a row", len(filed) - len(rows), f"not in {table.name}"))
    spectra, files = _spectra(tree, chosen)
    return load_chosen(
        spectra, files, record=MARISMA, source=tree, tables=[table], key=None, antibiotic=antibiotic, taken=taken,
        not_chosen=not_chosen, batch=batch or "Year", isolate=isolate or _KEY, intermediate=intermediate, cache=cache,
        preprocess=preprocess, bin_width=bin_width, align=align, dtype=dtype, on_error=on_error, n_jobs=n_jobs,
        verbose=verbose,
    )  # fmt: skip


def _tree_and_table(root, metadata):
    """The folder with the years, and the path of the table."""
    found = marisma_tree(root) or (root, None)
    table = Path(metadata).expanduser() if metadata is not None else found[1]
    if table is None:
        raise DatasetError(
            f"{root}: no AMR.csv in or beside it, without which no label is known; "
            f"it is a file of its own at doi:{MARISMA.doi}. Put it there, or name it: metadata=..."
        )
    return found[0], table


def _isolates(tree, years, species):
    """Year, species, identifier and folder of all isolates of a species: a look into its own folders, and no others."""
    genera = {name.split()[0].casefold() for name in choosing.as_list(species)}
    folders = pd.DataFrame(_species(tree, years, genera), columns=["Year", "species", "folder"])
    found = [
        (year, name, identifier, folder / identifier)
        for year, name, folder in folders[choosing.is_species(folders["species"], species)].itertuples(index=False)
        for identifier in folders_in(folder)
    ]
    return pd.DataFrame(found, columns=["Year", "species", _KEY, "folder"])


def _species(tree, years, genera=None):
    """(year, genus and species, folder) of all species, or of those of some genera."""
    return [
        (year, f"{genus} {name.casefold()}", tree / year / genus / name)
        for year in years
        for genus in folders_in(tree / year)
        if genera is None or genus.casefold() in genera
        for name in folders_in(tree / year / genus)
    ]


def _records(table, antibiotic, identifiers):
    """What the table says of some isolates beside MICs, with the text of one label; and its antibiotics."""
    header = list(choosing.read_table(table, n_rows=0))
    if _KEY not in header:
        raise DatasetError(f"{table}: no column {_KEY}; found {', '.join(header)}")
    antibiotics = [column for column in header if _MIC + column in header]
    drugs = [column for column in antibiotics if choosing.same_drug(column, antibiotic)]
    others = [column for column in header if column not in antibiotics and not column.startswith(_MIC)]
    about = [column for column in others if column.casefold() not in _TOLD_BY_FOLDERS]
    frame = choosing.read_table(table, {*drugs, *about}.__contains__)
    frame[_KEY] = frame[_KEY].str.strip()
    frame = frame.assign(label=choosing.labels_of(frame[drugs], antibiotic))[[*about, "label"]]
    return frame[frame[_KEY].isin(set(identifiers))].groupby(_KEY).agg(choosing.agreed), antibiotics


def _nothing(tree, table, years, antibiotics, antibiotic, species, taken, filed):
    """The error for a choice without a spectrum; only now, all species and all antibiotics are looked at."""
    frame = choosing.read_table(table)
    frame[_KEY] = frame[_KEY].str.strip()
    frame["label"] = choosing.labels_of(frame[antibiotics], antibiotic)
    known = set(choosing.labelled(frame.groupby(_KEY)[["label"]].agg(choosing.agreed), "label").index)
    by_species, there = Counter(), Counter()
    for _, name, folder in _species(tree, years):
        isolates = folders_in(folder)
        by_species[name] += len(known.intersection(isolates))
        there[name] += len(isolates)
    mine = frame[frame[_KEY].isin(set(filed[_KEY]))].groupby(_KEY)[antibiotics].agg(choosing.agreed)
    by_antibiotic = {column: len(choosing.labelled(mine, column)) for column in antibiotics}
    return choosing.nothing_chosen(tree, antibiotic, species, taken, by_species, by_antibiotic, there)


def _spectra(tree, chosen):
    """A row for each acquisition of the chosen isolates, and ID -> its files, of those that are there."""
    rows, files = [], {}
    for isolate in chosen.to_dict("records"):
        folder, identifier = isolate.pop("folder"), f"{isolate['Year']}_{isolate[_KEY]}"
        places = [(position, run) for position in folders_in(folder) for run in folders_in(folder / position)]
        for place in places or [()]:  # without a place, it is one of those that have no spectrum
            rows.append(isolate | {"ID": "_".join([identifier, *place])})
            here = folder.joinpath(*place, _ACQUISITION)
            parts = [(here / part).relative_to(tree).as_posix() for part in ACQUISITION if (here / part).is_file()]
            files |= {rows[-1]["ID"]: parts} if parts else {}
    return pd.DataFrame(rows), files
