"""A table of any dialect, as texts: CSV, TSV, Excel, or one that is in memory already."""

import io
import warnings
import zipfile

import pandas as pd

from ..formats import DatasetError, decode

_EXCEL, _OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"  # how these files begin


def read_table(table, name):
    """Read a table, every cell as text without blanks around it.

    Parameters
    ----------
    table : bytes or DataFrame
        Content of a CSV file (comma, semicolon or tab; UTF-8, UTF-16 or Latin-1) or of an Excel workbook (.xlsx), or
        the table itself.
    name : str
        What to call it in messages.

    Returns
    -------
    DataFrame of str
        "" where there is nothing.

    Raises
    ------
    DatasetError
        If it is no table, has no rows, two columns of one name or several sheets, or openpyxl is not there to read it.

    Examples
    --------
    >>> read_table(b"ID; City\\n007; Rome", "t.csv").to_dict("list")
    {'ID': ['007'], 'City': ['Rome']}
    """
    if isinstance(table, pd.DataFrame):
        frame = _of_frame(table)
    else:
        try:
            frame = _of_excel(table, name) if table.startswith(_EXCEL) else _of_text(table, name)
        except ValueError as error:
            if isinstance(error, DatasetError):
                raise
            raise DatasetError(f"{name}: not a table ({error})") from None
    frame.columns = [str(column).strip() for column in frame.columns]
    if not frame.columns.is_unique:
        twice = frame.columns[frame.columns.duplicated()][0]
        raise DatasetError(f"{name}: several columns are called {twice!r}; rename all but one")
    if frame.empty:
        raise DatasetError(f"{name}: the table has no rows")
    return frame.map(str.strip)


def _of_frame(table):
    frame = table.reset_index() if table.index.name == "ID" and "ID" not in table else table
    return frame.astype(object).where(frame.notna(), "").astype(str)


def _of_text(data, name):
    if data.startswith(_OLD_EXCEL):
        raise DatasetError(f"{name} is an old Excel file (.xls): save it as .xlsx or CSV")
    text = as_text(decode(data))
    lines = text.lstrip().splitlines()
    if not lines:
        raise ValueError("it is empty")
    separator = max(",;\t", key=lines[0].count)
    return pd.read_csv(io.StringIO(text), sep=separator, dtype=str, keep_default_na=False, index_col=False)


def as_text(data):
    """The text of bytes that a spreadsheet has written.

    Examples
    --------
    >>> as_text("M\u00e1laga".encode("latin-1"))
    'Málaga'
    """
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")  # what spreadsheets in western Europe write


def _of_excel(data, name):
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and drop-down lists, which hold no values
            sheets = pd.read_excel(
                io.BytesIO(data), sheet_name=None, dtype=str, keep_default_na=False, engine="openpyxl"
            )
    except ImportError:
        raise DatasetError(f'{name} is an Excel file, which openpyxl reads: pip install "maldinb[excel]"') from None
    except (zipfile.BadZipFile, KeyError, OSError) as error:
        raise DatasetError(f"{name}: not a table ({error})") from None
    filled = {title: sheet for title, sheet in sheets.items() if not sheet.empty}
    if len(filled) > 1:
        raise DatasetError(
            f"{name} has several sheets with something in them, {', '.join(map(repr, filled))}; take the one that is "
            "meant: metadata=pandas.read_excel(file, sheet_name=..., dtype=str)"
        )
    return next(iter(filled.values()), pd.DataFrame()).fillna("").astype(str)
