"""A matrix in a text file, as a spreadsheet or pandas writes it: a row for each isolate, and what is known of it."""

import csv
import io
import re
import warnings
from fnmatch import fnmatchcase
from pathlib import Path

import pandas as pd

from ..arguments import listed
from ..formats import DatasetError, decode
from .given import MZ_NAME, assemble_matrix, numbers_of
from .labels import INTERMEDIATE
from .metadata import COLUMNS, column_of, recognise
from .tables import as_text

_DIGITS = re.compile(r"[\d.]+")


def load_matrix(
    path, label=None, *, id=None, batch=None, isolate=None, species=None, features=None, labels=None,
    intermediate=INTERMEDIATE[0],
):  # fmt: skip
    """Load a matrix from a text file: a row for each isolate or spectrum, a column for each bin or peak.

    Parameters
    ----------
    path : path-like
        CSV, TSV or semicolons, with a header; a decimal comma and .gz are recognised.
    label : str, optional
        Column with R, S, I or blank, or with 0 and 1, such as the name of an antibiotic.
    id, batch, isolate, species : str, optional
        Columns; by default those that are called so, whatever their case, as in `load_spectra`. Without an ID, the
        first column is taken if its name is blank, and else rows are numbered.
    features : str or list of str, optional
        The columns that are bins or peaks: their names, or a pattern such as "peak_*". By default those whose names are
        m/z (see `from_matrix`) or, if there are none, the largest group of columns of numbers whose names differ in
        digits only, such as peak_1 and peak_2.
    labels, intermediate
        As in `from_matrix`.

    Returns
    -------
    SpectraDataset
        All columns that are no features are in ``meta``.

    Raises
    ------
    DatasetError
        Names the file and the columns, rows or labels at fault.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "peaks.csv"
    >>> _ = file.write_text("ID,Amikacin,4365.3,9540.2\\na1,R,0.5,0\\na2,S,0.25,12\\n")
    >>> load_matrix(file, "Amikacin")
    SpectraDataset('peaks.csv': 2 spectra x 2 columns (4365.3-9540.2 Da), batch: not known, species: not known,
                   isolate: not known)
    """
    path = Path(path).expanduser()
    try:
        frame, texts = _parse(decode(path.read_bytes()), path)
    except DatasetError:
        raise
    except (OSError, ValueError) as error:
        raise DatasetError(f"cannot read {path}: {getattr(error, 'strerror', None) or error}") from None
    roles = [column_of(texts, one) for one in (label, id, batch, isolate, species) if one]
    known = [recognise(texts, role) for role in COLUMNS]
    chosen = _features(frame, features, {name for name in roles + known if name}, path)
    try:
        matrix, names, _ = numbers_of(frame[chosen])
        table = _with_ids(texts.drop(columns=chosen, errors="ignore"), id, path)
        described = {"batch": batch, "isolate": isolate, "species": species, "source": str(path.absolute())}
        return assemble_matrix(
            matrix, names, None, table, path.name, str(path), antibiotic=label, labels=labels,
            intermediate=intermediate, **described,
        )  # fmt: skip
    except DatasetError:
        raise
    except ValueError as error:
        raise DatasetError(f"{path}: {error}") from None


def _parse(data, path):
    """The table twice: with numbers where there are, and what is not named by an m/z as it is written."""
    first, _, rest = data.lstrip().partition(b"\n")
    line = as_text(first)
    separator = max(",;\t", key=line.count)
    header = [name.strip() for name in next(csv.reader([line], delimiter=separator))]
    if len(set(header)) < len(header):
        raise DatasetError(
            f"{path}: columns that are there twice: {listed({n for n in header if header.count(n) > 1})}"
        )
    decimal = "," if separator != "," and b"," in rest.partition(b"\n")[0] else "."
    options = {"sep": separator, "names": header, "index_col": False, "low_memory": False, "encoding": "utf-8"}
    if as_text(rest).encode() != rest:
        options["encoding"] = "latin-1"
    words = [name for name in header if not MZ_NAME.fullmatch(name)]
    if not rest.strip():
        raise DatasetError(f"{path}: the table has no rows")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)  # a row that is too long would lose its end
            frame = pd.read_csv(io.BytesIO(rest), decimal=decimal, **options)
        texts = pd.read_csv(io.BytesIO(rest), usecols=words, dtype=str, keep_default_na=False, **options)
        texts = texts if words else pd.DataFrame(index=frame.index)  # without a column pandas finds no rows
    except (ValueError, pd.errors.ParserWarning) as error:  # pandas' own parser errors are ValueErrors too
        raise DatasetError(f"{path}: not a table ({error})") from None
    return frame, texts


def _features(frame, wanted, described, path):
    """The columns that are bins or peaks."""
    across = [name for name in frame if name.casefold() in ("mz", "m/z")]
    if across:
        raise DatasetError(
            f"{path} has a column {across[0]!r}: rows seem to be bins. Turn it round: a row is an isolate"
        )
    names = [name for name in frame if name not in described]
    if wanted is not None:
        found = [n for n in names if fnmatchcase(n, wanted)] if isinstance(wanted, str) else list(wanted)
        missing = [name for name in found if name not in names]
        if missing or not found:
            raise DatasetError(f"{path}: no features {listed(missing or [wanted])}; found {listed(names)}")
        return found
    if found := [name for name in names if MZ_NAME.fullmatch(name)]:
        return found
    alike = {}
    for name in names:
        if pd.api.types.is_numeric_dtype(frame[name]):
            alike.setdefault(_DIGITS.sub("", name), []).append(name)
    found = max(alike.values(), key=len, default=())
    if len(found) < 2:
        raise DatasetError(
            f"{path}: it cannot be told which columns are bins or peaks. None is named by its m/z, and no two columns "
            "of numbers are alike, as peak_1 and peak_2 are. Say which they are: features=; or if this is a table of "
            "metadata, name the folder that holds the spectra"
        )
    return found


def _with_ids(table, id, path):
    """The table with a column ID, numbered if it has none."""
    column = column_of(table, id) if id else recognise(table, "ID") or ("" if "" in table else None)
    if id and column is None:
        raise DatasetError(f"{path}: no column {id!r}; found {listed(table.columns)}")
    if column is None:
        return table.assign(ID=[f"row-{i:04d}" for i in range(1, len(table) + 1)])
    return table.rename(columns={column: "ID"})
