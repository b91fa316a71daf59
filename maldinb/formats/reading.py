"""One spectrum, by the path of its file or folder."""

from functools import partial
from pathlib import Path

from ..preprocessing import SpectrumError
from .errors import DatasetError
from .files import Files, file_reader, files_in
from .parsers import parser_of
from .sources import ACQUISITION, find_spectra


def read_spectrum(path):
    """Read one spectrum, whatever wrote it.

    Parameters
    ----------
    path : path-like
        A text, .mzML or .mzXML file (.gz after the ending, if you like); a Bruker flex folder, at any level above one
        acquisition; or a folder or archive with one spectrum in it.

    Returns
    -------
    Spectrum
        Its fields are ``mz`` in Da, ``intensity`` in counts, and ``about``, what the file says of itself.

    Raises
    ------
    DatasetError
        If there is no such file or folder, it holds no spectrum or several, or the spectrum cannot be read.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "a1.txt"
    >>> _ = file.write_text("2000.5 12\\n2001.25 7")
    >>> spectrum = read_spectrum(file)
    >>> spectrum.mz, spectrum.intensity, spectrum.about
    (array([2000.5 , 2001.25]), array([12.,  7.]), {'format': 'txt'})
    """
    path = Path(path).expanduser()
    if path.is_file() and path.name in ACQUISITION:
        path = path.parent
    if path.is_file() and parser_of(path.name)[1]:
        files = Files([path.name], partial(file_reader, path.parent), f"{path.parent}/")
    else:
        files = files_in(path)
    spectra = find_spectra(files)
    if len(spectra) != 1:
        shown = "".join(f"\n  {name}" for _, name, _ in spectra[:5]) + ("\n  ..." if len(spectra) > 5 else "")
        raise DatasetError(
            f"{path} holds {len(spectra) or 'no'} spectra, and one is to be read{':' + shown if shown else ''}"
        )
    _, name, read = spectra[0]
    try:
        return read()
    except (SpectrumError, OSError) as error:
        raise DatasetError(f"{name}: {error}", {name: str(error)}) from error
