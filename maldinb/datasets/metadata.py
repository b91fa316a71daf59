"""Read and check the table that says what is known of each spectrum."""

import io

import pandas as pd

from .dataset import DatasetError
from .text import decode

LABELS = ("R", "S", "I")
_BLANK = ("", "NA", "N/A", "NaN", "nan", "None")
_BATCH_NAMES = ("Batch", "City")
ONE_BATCH, UNKNOWN_SPECIES = "all", "unknown"


def read_metadata(table, name="metadata", *, labels=(), batch=None, species=None, required=()):
    """Read a table of metadata and give it the columns that the rest of the package uses.

    Parameters
    ----------
    table : bytes or DataFrame
        Content of a CSV file (comma, semicolon or tab; UTF-8, UTF-16 or Latin-1), or the table itself. A column ID
        names the spectra.
    name : str
        What to call the table in messages.
    labels : sequence of str
        Columns that hold R, S, I or nothing.
    batch, species : str, optional
        Columns with the city (or other batch) and the species; by default Batch or City, and Species.
    required : sequence of str
        Columns that must be there.

    Returns
    -------
    DataFrame
        Indexed by ID, with columns Batch, Species and all others of the table. Without a column for them, Batch is
        "all" and Species "unknown" throughout.

    Raises
    ------
    DatasetError
        If a column is missing, an ID is missing or repeated, or a label is something else.
    """
    frame = _parse(table, name)
    needed = ["ID", *required, *labels, *(column for column in (batch, species) if column is not None)]
    missing = [column for column in dict.fromkeys(needed) if column not in frame]
    if missing:
        raise DatasetError(f"{name}: no column {_listed(missing)}; found {_listed(frame.columns)}")
    _check_ids(frame["ID"], name)
    frame = frame.set_index("ID")
    for column in labels:
        _check_labels(frame[column], column, name)
    batch = batch or next((column for column in _BATCH_NAMES if column in frame), None)
    frame = _with_column(frame, "Batch", batch, ONE_BATCH)
    frame = _with_column(frame, "Species", species or ("Species" if "Species" in frame else None), UNKNOWN_SPECIES)
    return frame[["Batch", "Species", *(c for c in frame.columns if c not in ("Batch", "Species"))]]


def _parse(table, name):
    if isinstance(table, pd.DataFrame):
        frame = table.copy()
        if frame.index.name == "ID" and "ID" not in frame:
            frame = frame.reset_index()
        frame = frame.astype(object).where(frame.notna(), "").astype(str)
    else:
        try:
            data = decode(table)
            text = _as_text(data)
            header = text.lstrip().splitlines()[0]
            separator = max(",;\t", key=header.count)
            frame = pd.read_csv(io.StringIO(text), sep=separator, dtype=str, keep_default_na=False, index_col=False)
        except ValueError as error:
            raise DatasetError(f"{name}: not a table ({error})") from None
    frame.columns = [str(column).strip() for column in frame.columns]
    if frame.empty:
        raise DatasetError(f"{name}: the table has no rows")
    frame = frame.map(str.strip)
    return frame.mask(frame.isin(_BLANK), None)


def _as_text(data):
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")  # what spreadsheets in western Europe write


def _check_ids(ids, name):
    blank = ids.index[ids.isna()]
    if len(blank):
        raise DatasetError(f"{name}: no ID in data row {_listed(blank[:5] + 1)}")
    repeated = ids[ids.duplicated()].unique()
    if len(repeated):
        raise DatasetError(f"{name}: {len(repeated)} IDs stand there more than once: {_listed(repeated[:5])}")


def _check_labels(values, column, name):
    wrong = values[values.notna() & ~values.isin(LABELS)]
    if len(wrong):
        raise DatasetError(
            f"{name}: column {column!r} holds {_listed(wrong.unique()[:5])} (first for ID {wrong.index[0]!r}); "
            f"labels are {', '.join(LABELS)} or blank"
        )


def _with_column(frame, name, source, constant):
    """Rename `source` to `name`, or fill in a constant; an unrelated column of that name must not be lost."""
    if source is None:
        return frame.assign(**{name: constant})
    if source != name and name in frame:
        frame = frame.rename(columns={name: f"{name} (original)"})
    frame = frame.rename(columns={source: name})
    return frame.assign(**{name: frame[name].fillna(UNKNOWN_SPECIES)})


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
            f"{ids[0]!r}); an ID is the file name without its ending"
        )
    alone = {identifier: "in the metadata, but no spectrum" for identifier in frame.index if identifier not in have}
    alone |= {identifier: "a spectrum, but not in the metadata" for identifier in ids if identifier not in frame.index}
    return matched, alone


def _listed(values):
    return ", ".join(repr(str(value)) for value in values)
