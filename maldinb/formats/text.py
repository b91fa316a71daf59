"""Read one spectrum from the bytes of a text file: two columns, m/z and intensity, however they are written."""

import io

import numpy as np
import pandas as pd

from ..preprocessing import SpectrumError
from .packed import gunzip

_UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")
_BLANKS = r"\s+"
_HEAD = 4096  # bytes in which the first line of numbers must lie


def parse_spectrum(data):
    r"""Read m/z and intensity from the bytes of a text file.

    Recognised without being told: blanks, tabs, commas or semicolons between the columns; a decimal comma where
    the comma does not separate; comments (``#``) and one header line; any line ending; UTF-8, UTF-16; gzip.

    Parameters
    ----------
    data : bytes
        Content of the file.

    Returns
    -------
    mz, intensity : ndarray of float64, shape (n_points,)
        m/z in Da and intensity in counts, as written; `maldinb.preprocessing.check_spectrum` judges the values.

    Raises
    ------
    SpectrumError
        If the file is not two columns of numbers; names the first line that is not.

    Examples
    --------
    >>> parse_spectrum(b"# m/z\tintensity\n2000.5\t12\n2001.25\t7\n")
    (array([2000.5 , 2001.25]), array([12.,  7.]))
    """
    data = decode(data)
    lines = data[:_HEAD].decode("utf-8", errors="replace").splitlines()
    first, separator, decimal = _layout(lines)
    # A single character is faster to split at than any run of blanks, and nearly always right.
    literal = next((c for c in "\t " if lines[first].strip().count(c) == 1), separator)
    attempts = [(literal if separator == _BLANKS else separator, decimal), (separator, decimal)]
    # A first line such as "2000;10" does not show that others, such as "2000,5;11", have a decimal comma.
    attempts += [] if separator == "," else [(separator, ",.".replace(decimal, ""))]
    for attempt in dict.fromkeys(attempts):
        table = _read_table(data, first, *attempt)
        if table.shape[1:] == (2,) and np.isfinite(table).all():
            return np.ascontiguousarray(table[:, 0]), np.ascontiguousarray(table[:, 1])
    raise _first_bad_line(data, first, separator, decimal)


def _read_table(data, first, separator, decimal):
    """All columns as numbers; an empty table if something is not a number."""
    try:
        return pd.read_csv(
            io.BytesIO(data), sep=separator, decimal=decimal, header=None, skiprows=first, comment="#",
            dtype=np.float64, low_memory=False,
            encoding_errors="replace",  # whatever a remark is written in, numbers are the same
        ).to_numpy()  # fmt: skip
    except ValueError:  # pandas' own parser errors are ValueErrors too
        return np.empty((0, 0))


def decode(data):
    """Unpack gzip and turn UTF-16, with or without its byte order mark, into UTF-8.

    Examples
    --------
    >>> decode("2000,5;12".encode("utf-16"))
    b'2000,5;12'
    """
    data = gunzip(data)
    if not data or data.isspace():
        raise SpectrumError("the file is empty")
    if data[:2] in _UTF16_BOMS or b"\x00" in data[:2]:
        little = data[:2] == _UTF16_BOMS[0] or data[1:2] == b"\x00"
        try:
            data = data.decode("utf-16-le" if little else "utf-16-be").encode()
        except UnicodeDecodeError as error:
            raise SpectrumError(f"looks like UTF-16 text but is not ({error.reason})") from None
    return data.removeprefix("\ufeff".encode())


def _layout(lines):
    """Number of lines before the numbers, column separator and decimal mark, seen from the first line of numbers."""
    header = None
    for number, line in enumerate(lines):
        line = line.partition("#")[0]
        if not line.strip():
            continue
        separator, decimal = _separators(line)
        if _numbers(line, separator, decimal) is not None or header is not None:
            return number, separator, decimal
        header = number
    raise SpectrumError("no line of numbers" + ("" if header is None else f" after the header in line {header + 1}"))


def _separators(line):
    if ";" in line:
        return ";", "," if "," in line else "."
    if len(line.split()) > 1 and not line.rstrip().endswith(",") and ", " not in line:
        return _BLANKS, "," if "," in line else "."
    return ("," if "," in line else _BLANKS), "."


def _numbers(line, separator, decimal):
    """The two finite numbers in a line, or None."""
    fields = line.split() if separator == _BLANKS else line.split(separator)
    try:
        values = [float(field.strip().strip("\"'").replace(decimal, ".")) for field in fields]
    except ValueError:
        return None
    return values if len(values) == 2 and np.isfinite(values).all() else None


def _first_bad_line(data, first, separator, decimal):
    """The exception that names the first line which is not two finite numbers."""
    for number, line in enumerate(data.decode("utf-8", errors="replace").splitlines(), start=1):
        content = line.partition("#")[0].strip()
        if number > first and content and _numbers(content, separator, decimal) is None:
            shown = content if len(content) <= 60 else content[:57] + "..."
            return SpectrumError(f"line {number} is not two finite numbers (m/z and intensity): {shown!r}")
    return SpectrumError("not two columns of numbers (m/z and intensity)")
