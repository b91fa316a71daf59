"""What students hand in, as it arrives: a folder or a zip, tables of any spreadsheet, numbers with any decimal mark."""

import contextlib
import math
import warnings
import zipfile
import zlib
from pathlib import Path, PurePosixPath

import numpy as np
import pandas as pd

from ..arguments import listed
from ..datasets.tables import as_text, read_table
from ..formats import DatasetError, decode
from ..preprocessing import SpectrumError

LARGEST = 2**24  # bytes of one file; none of these is longer than some hundred lines


class AnswerError(ValueError):
    """What is wrong with a file that was handed in, in one line."""


class Answers:
    """The files of a hand-in, by their names, wherever in the folder or zip they lie.

    Parameters
    ----------
    path : path-like

    Raises
    ------
    AnswerError
        If there is no such folder, or the zip is damaged.
    """

    def __init__(self, path):
        self.path = Path(path).expanduser()
        try:
            if self.path.is_dir():
                files = [(found.relative_to(self.path).as_posix(), found) for found in self.path.rglob("*")]
            else:
                with zipfile.ZipFile(self.path) as archive:
                    files = [(name, None) for name in archive.namelist()]
        except FileNotFoundError:
            raise AnswerError("there is no such folder or zip") from None
        except (OSError, zipfile.BadZipFile) as error:
            raise AnswerError(f"neither a folder nor a zip that can be read ({error})") from None
        self._names = {}
        for name, _ in sorted(files, key=lambda one: one[0].count("/"), reverse=True):  # the nearest to the top wins
            if not any(part.startswith((".", "__MACOSX")) for part in PurePosixPath(name).parts):
                self._names[PurePosixPath(name).name] = name

    def read(self, name):
        """The bytes of a text file, as UTF-8 where it is UTF-16.

        Raises
        ------
        AnswerError
            If it is missing, empty, too large or damaged.
        """
        if name not in self._names:
            others = [other for other in self._names if PurePosixPath(other).stem == PurePosixPath(name).stem]
            raise AnswerError(f"{name}: it is missing" + (f"; save {others[0]} as {name}" if others else ""))
        try:
            with self._open(self._names[name]) as file:
                data = file.read(LARGEST + 1)
            if len(data) > LARGEST:
                raise AnswerError(f"{name}: it is far larger than such a file can be")
            return decode(data)
        except (OSError, SpectrumError, zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error) as error:
            raise AnswerError(f"{name}: {error}") from None

    @contextlib.contextmanager
    def _open(self, name):
        if self.path.is_dir():
            with (self.path / name).open("rb") as file:
                yield file
        else:
            with zipfile.ZipFile(self.path) as archive, archive.open(name) as file:
                yield file

    def table(self, name, *columns):
        """Some columns of a table as texts, whichever separator the spreadsheet has written.

        Raises
        ------
        AnswerError
            If it is missing, no table, or a column is not there.
        """
        return as_table(self.read(name), name, *columns)


def as_table(data, name, *columns):
    """Columns of a table as texts, whatever their case; what else the table has is left out.

    Parameters
    ----------
    data : bytes
    name : str
        The file, for messages.
    *columns : str

    Returns
    -------
    DataFrame of str

    Raises
    ------
    AnswerError
        If it is no table, or a column is not there.

    Examples
    --------
    >>> as_table(b"id;p(r)\\nsim-0001;0,5", "probabilities.csv", "ID", "P(R)").to_dict("list")
    {'ID': ['sim-0001'], 'P(R)': ['0,5']}
    """
    if not any(separator in data.split(b"\n", 1)[0] for separator in (b",", b";", b"\t")):
        data = data.replace(b",", b".")  # a single column: what looks like a separator is a decimal comma
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)  # or what is beyond the header would be lost
            table = read_table(data, name)
    except pd.errors.ParserWarning:
        raise AnswerError(f"{name}: a line has more cells than the first one; write decimals with a point") from None
    except DatasetError as error:
        raise AnswerError(" ".join(str(error).split())) from None
    found = {column.casefold(): column for column in table}
    if missing := [column for column in columns if column.casefold() not in found]:
        raise AnswerError(f"{name}: no column {missing[0]!r}; found {listed(table)}")
    table = pd.DataFrame({column: table[found[column.casefold()]] for column in columns})
    return table[(table != "").any(axis=1)]  # spreadsheets leave lines of separators behind


def plain_text(data):
    """The text of a file that is no table, without a difference that an editor makes."""
    return " ".join(as_text(data).split())


def numbers(texts, name, what):
    """Texts as finite numbers, decimal comma or point.

    Parameters
    ----------
    texts : Series of str
    name : str
        The file, for messages.
    what : str
        What each should be.

    Returns
    -------
    Series of float

    Raises
    ------
    AnswerError
        Names the first that is none.

    Examples
    --------
    >>> numbers(pd.Series(["0,5", "1e-3"]), "probabilities.csv", "a probability").tolist()
    [0.5, 0.001]
    """
    found = pd.Series([_number(text) for text in texts], texts.index, dtype=float)
    wrong = texts[~np.isfinite(found)]
    if len(wrong):
        raise AnswerError(f"{name}: {counted(wrong)}, where {what} should be")
    return found


def counted(wrong):
    """Where the first of some wrong values stands, and how many more there are.

    Examples
    --------
    >>> counted(pd.Series(["x", ""], [4, 7])), counted(pd.Series([1.5], ["sim-0001"]))
    ("data row 5 holds 'x' (and 1 more is wrong)", 'sim-0001 holds 1.5')
    """
    where, value = wrong.index[0], wrong.iloc[0]
    value = f"{value:g}" if isinstance(value, float) else repr(value) if value else "nothing"
    more = f" (and {len(wrong) - 1} more {'is' if len(wrong) == 2 else 'are'} wrong)" if len(wrong) > 1 else ""
    return f"{where if isinstance(where, str) else f'data row {where + 1}'} holds {value}{more}"


def _number(text):
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return math.nan
