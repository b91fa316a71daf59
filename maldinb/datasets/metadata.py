"""Read and check the table that says what is known of each spectrum."""

from difflib import get_close_matches

import pandas as pd

from ..arguments import listed
from ..formats import DatasetError
from .labels import BLANK, read_labels
from .tables import read_table

ONE_BATCH, UNKNOWN = "all", "unknown"
_SHOWN = 20  # columns in a message

#: What a column may be called, in whatever case and with whatever between the words; earlier names are preferred.
COLUMNS = {
    "ID": ("ID", "Spectrum ID", "Spectrum", "Sample ID", "Sample", "Code", "Identifier", "File", "File Name"),
    "Batch": (
        "Batch", "City", "Hospital", "Hospital Name", "Hospital ID", "Site", "Centre", "Center", "Laboratory", "Lab",
        "Institution", "Institute", "Clinic", "Location", "Town",
    ),
    "Species": ("Species", "Species Name", "Organism", "Organism Name", "Microorganism", "Taxon"),
    "Isolate": ("Isolate", "Isolate ID", "Isolate No", "Isolate Number", "Isolate Name", "Isolate Code", "Isolates"),
}  # fmt: skip


def read_metadata(
    table,
    name="metadata",
    *,
    antibiotics=(),
    labels=None,
    unusable="raise",
    id=None,
    batch=None,
    species=None,
    isolate=None,
):
    """Read a table of metadata and give it the columns that the rest of the package uses.

    Parameters
    ----------
    table : bytes or DataFrame
        As `read_table` takes it.
    name : str
        What to call the table in messages.
    antibiotics : sequence of str
        Columns that hold labels.
    labels, unusable
        What other texts than R, S and I mean, and what becomes of those that mean nothing: see `read_labels`.
    id, batch, species, isolate : str, optional
        Columns with the names of the spectra, the batch (hospital, instrument, year), the species, and the isolate that
        repeats share; by default those that are called so (see `COLUMNS`) and, but for the ID, are not empty.

    Returns
    -------
    meta : DataFrame
        Indexed by ID, with columns Batch, Species, Isolate (where it is known) and all others of the table. Without a
        column for them, Batch is "all" and Species "unknown" throughout.
    columns : dict
        ID, Batch, Species and Isolate -> the table's name for it, or None.
    taken : dict
        antibiotic -> what was found in its column, and what it was taken as, as `read_labels` tells it.

    Raises
    ------
    DatasetError
        If a column is missing, an ID is missing or repeated, or a label is something else.
    """
    texts = read_table(table, name)
    frame = texts.mask(texts.map(str.casefold).isin(BLANK), None)
    named = {"ID": id, "Batch": batch, "Species": species, "Isolate": isolate} | {drug: drug for drug in antibiotics}
    found = {role: column_of(frame, column) for role, column in named.items() if column}
    free = [column for column in frame if column not in found.values()]  # what is named has its role already
    filled = [column for column in free if frame[column].notna().any()]  # an empty column says nothing
    found = {role: recognise(free if role == "ID" else filled, role) for role in COLUMNS} | found
    missing = [named[role] or role for role in found if found[role] is None and (role == "ID" or named[role])]
    _check_columns(frame, missing, name)

    meta = pd.DataFrame({role: frame[column] for role, column in found.items() if column})
    empty = [role for role in found if found[role] is None and role in frame]
    rest = frame.drop(columns=[column for column in found.values() if column] + empty)
    meta = meta.join(rest.rename(columns=lambda column: f"{column} (original)" if column in meta else column))
    _check_ids(meta["ID"], name)
    meta, taken = meta.set_index("ID"), {}
    for antibiotic in antibiotics:  # from the texts, because what is blank elsewhere, such as "none", may be a label
        values, where = texts[found[antibiotic]].set_axis(meta.index), f"{name}: column {antibiotic!r}"
        meta[antibiotic], taken[antibiotic] = read_labels(values, where, labels, unusable)
    for role, constant in (("Species", UNKNOWN), ("Batch", ONE_BATCH)):
        values = meta.pop(role).fillna(UNKNOWN) if role in meta else constant
        meta.insert(0, role, values)
    return meta, {role: found[role] for role in COLUMNS}, taken


def without_metadata(ids):
    """What `read_metadata` returns, of spectra of which nothing is known but the ID.

    Parameters
    ----------
    ids : sequence of str

    Returns
    -------
    meta : DataFrame
    columns, taken : dict
    """
    index = pd.Index(list(ids), name="ID")
    return pd.DataFrame({"Batch": ONE_BATCH, "Species": UNKNOWN}, index), dict.fromkeys(COLUMNS), {}


def _plain(name):
    """A name as one would say it: without case, blanks and punctuation."""
    return "".join(character for character in name.casefold() if character.isalnum())


def column_of(frame, name):
    """The column of this name or, if there is none, of one that differs in case only; None if there is neither."""
    if name in frame:
        return name
    return next((column for column in frame if _plain(column) == _plain(name)), None)


def recognise(frame, role):
    """The column that seems to hold the IDs, the batch, ..., or None."""
    return next(filter(None, (column_of(frame, name) for name in COLUMNS[role])), None)


def _check_columns(frame, missing, name):
    """Name the columns that are asked for and not there, and those that may have been meant."""
    if not missing:
        return
    plain = {_plain(column): column for column in frame}
    close = dict.fromkeys(near for one in missing for near in get_close_matches(_plain(one), plain, n=3))
    nearest = f"; nearest: {listed(plain[near] for near in close)}" if close else ""
    say = "; name the one that holds the file names: id=..." if "ID" in missing else ""
    raise DatasetError(f"{name}: no column {listed(missing)}; found {listed(frame.columns, _SHOWN)}{nearest}{say}")


def _check_ids(ids, name):
    blank = ids.index[ids.isna()]
    if len(blank):
        raise DatasetError(f"{name}: no ID in data row {listed(blank[:5] + 1)}")
    repeated = ids[ids.duplicated()].unique()
    if len(repeated):
        raise DatasetError(f"{name}: {len(repeated)} IDs stand there more than once: {listed(repeated[:5])}")


def match(frame, ids, name):
    """Split metadata and spectra into those that belong together and those that stand alone.

    Parameters
    ----------
    frame : DataFrame
        Metadata indexed by ID.
    ids : sequence of str
        IDs of the spectra.
    name : str
        What to call the metadata in messages.

    Returns
    -------
    matched : list of str
        IDs in both, in the order of `frame`.
    alone : dict
        ID -> reason.

    Raises
    ------
    DatasetError
        If nothing belongs together.
    """
    have = set(ids)
    matched = [identifier for identifier in frame.index if identifier in have]
    if not matched:
        raise DatasetError(
            f"{name}: none of its IDs has a spectrum (the first ID is {frame.index[0]!r}, the first spectrum "
            f"{ids[0]!r}); an ID is the file name without its ending, and id=... names the column that holds them"
        )
    alone = {identifier: "in the metadata, but no spectrum" for identifier in frame.index if identifier not in have}
    alone |= {identifier: "a spectrum, but not in the metadata" for identifier in ids if identifier not in frame.index}
    return matched, alone
