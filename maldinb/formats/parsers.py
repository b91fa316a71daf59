"""Which kind of file is read by what."""

from pathlib import PurePosixPath

from .mzml import parse_mzml, parse_mzxml
from .text import parse_spectrum

#: Ending of a file, in lower case -> what makes m/z and intensity of its bytes. A new format is one more entry.
PARSERS = dict.fromkeys((".txt", ".csv", ".tsv", ".dat", ".asc"), parse_spectrum)
PARSERS |= {".mzml": parse_mzml, ".mzxml": parse_mzxml}


def parser_of(name):
    """The ID in a file name, and what reads such a file; None and None if it is not that of a spectrum.

    Parameters
    ----------
    name : str
        With or without folders; ``.gz`` after the ending does not count.

    Returns
    -------
    identifier : str or None
    parse : callable or None
        Takes bytes, and returns m/z and intensity, and maybe a dict that says what else is known.

    Examples
    --------
    >>> parser_of("spectra/a1.txt.gz")[0], parser_of("notes.md")[0]
    ('a1', None)
    """
    path = PurePosixPath(name)
    if path.name.startswith(".") or "__MACOSX" in path.parts:
        return None, None  # what macOS adds to folders and archives
    if path.suffix.lower() == ".gz":
        path = path.with_suffix("")
    parse = PARSERS.get(path.suffix.lower())
    return (path.stem, parse) if parse else (None, None)


def is_text(parse):
    """Whether a parser reads text, whose endings many other files have, too.

    Examples
    --------
    >>> is_text(parser_of("a1.txt")[1])
    True
    """
    return parse is parse_spectrum
