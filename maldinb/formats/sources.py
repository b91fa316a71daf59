"""Where spectra lie in a folder or archive, and what each is called.

Spectra are text files, .mzML and .mzXML files, and Bruker flex acquisitions: folders that hold ``fid`` and ``acqus``.
"""

import re
import warnings
from collections import Counter
from functools import partial
from pathlib import PurePosixPath

from ..preprocessing import SpectrumError
from .errors import DatasetError
from .files import files_in
from .flex import parse_flex
from .packed import gunzip
from .parsers import is_text, parser_of
from .spectrum import Spectrum

_METADATA = "metadata.csv"
#: Files that show that a folder is an acquisition.
ACQUISITION = ("fid", "acqus", "acqu")
#: What an instrument adds below the folder of a sample: position/run/kind, or less.
_BELOW_SAMPLE = re.compile(r"(?:/(?P<position>\d+_\w+)/(?P<run>\d+))?(?:/\d+S?(?:Lin|Ref))?$", re.IGNORECASE)


def open_source(path):
    """List the spectra of a folder, tar or zip archive.

    What lies in a folder ``spectra`` is preferred, where there is one. Else these are the text files at the top, where
    there are no acquisitions, and files .mzML and .mzXML and acquisitions at any depth.

    Parameters
    ----------
    path : path-like
        A folder, a tar archive, compressed or not, or a zip archive.

    Returns
    -------
    spectra : list of (str, str, callable)
        ID, name for messages, and a function that returns m/z and intensity, or raises SpectrumError. The ID is the
        file name without its endings; that of an acquisition is the name of its sample's folder, and
        ``sample_position_run`` if the sample has several. What should be known of a spectrum is a warning, given once.
    metadata : (str, callable) or None
        Name and reader of the bytes of ``metadata.csv``, where there is one.

    Raises
    ------
    DatasetError
        If there is no such folder or archive, it holds no spectra or two for one ID, or the archive is truncated,
        damaged or unsafe.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from maldinb import write_simulated_archive
    >>> archive = write_simulated_archive(Path(tempfile.mkdtemp()) / "practice.tar", n_spectra=12)
    >>> spectra, metadata = open_source(archive)
    >>> identifier, name, read = spectra[0]
    >>> mz, intensity = read()
    >>> len(spectra), identifier, float(mz[0]), float(intensity[0])
    (12, 'sim-0001', 1999.813, 11529.0)
    """
    files = files_in(path)
    spectra, warned = find_spectra(files), {}
    if not spectra:
        raise DatasetError(
            f"{path} holds no spectra; expected files such as spectra/ID.txt or ID.mzML, or Bruker folders, with "
            "fid and acqus in them"
        )
    seen = {}
    for identifier, name, _ in spectra:
        if identifier in seen:
            raise DatasetError(f"{path}: two spectra for one ID: {seen[identifier]} and {name}")
        seen[identifier] = name
    tables = [name for name in files.names if PurePosixPath(name).name == _METADATA]
    tables = [name for name in tables if len(PurePosixPath(name).parts) <= 2]  # one folder may wrap everything
    table = min(tables, key=lambda name: len(PurePosixPath(name).parts), default=None)
    metadata = None if table is None else (files.shown + table, partial(files.read, table))
    return [(identifier, name, partial(_values, read, name, warned)) for identifier, name, read in spectra], metadata


def find_spectra(files):
    """The spectra among the files of a source.

    Parameters
    ----------
    files : Files

    Returns
    -------
    list of (str, str, callable)
        ID, name for messages, and a function that returns a Spectrum, or raises SpectrumError.
    """
    paths = _preferred({name: PurePosixPath(name) for name in files.names})
    acquisitions = {}
    for name, path in paths.items():
        if path.name in ACQUISITION and "__MACOSX" not in path.parts:
            acquisitions.setdefault(path.parent, {})[path.name] = name
    top = _top(paths.values())
    loose = []
    for name in files.names:
        path = paths.get(name)
        identifier, parse = parser_of(name)
        if parse is None or path is None or path.name == _METADATA or path.parent in acquisitions:
            continue
        # Beside folders of an instrument, and below the top, text may be anything.
        if is_text(parse) and "spectra" not in path.parts and (path.parent != top or acquisitions):
            continue
        loose.append((identifier, files.shown + name, partial(_read_loose, parse, files.read, name)))
    return loose + _acquisitions(acquisitions, files)


def _preferred(paths):
    """The paths below folders called ``spectra``, of those that are nearest to the top; all, if there are none."""
    depths = {name: path.parts[:-1].index("spectra") for name, path in paths.items() if "spectra" in path.parts[:-1]}
    nearest = min(depths.values(), default=None)
    return {name: path for name, path in paths.items() if depths.get(name) == nearest}


def _top(paths):
    """The folder at the top, or the one that wraps everything."""
    first = {path.parts[0] if len(path.parts) > 1 else "" for path in paths if "__MACOSX" not in path.parts}
    return PurePosixPath(*first) if len(first) == 1 else PurePosixPath()


def _acquisitions(found, files):
    """ID, name and reader of each acquisition: where a sample has several, the ID says where on the target it lay."""
    places = {folder: _place(PurePosixPath(*files.above, folder)) for folder in found}
    several = Counter(sample for sample, _ in places.values())
    spectra = []
    for folder, parts in found.items():
        sample, on_target = places[folder]
        identifier = "_".join([sample.name, *on_target]) if several[sample] > 1 else sample.name
        name = files.shown + str(folder) if folder.name else files.shown[:-1]
        spectra.append((identifier, name, partial(_read_acquisition, parts, files.read)))
    return spectra


def _place(folder):
    """The sample's folder above an acquisition's, and (position, run) or ()."""
    tail = _BELOW_SAMPLE.search(str(folder))
    sample = PurePosixPath(str(folder)[: tail.start()])
    return sample, () if tail["position"] is None else (tail["position"], tail["run"])


def _read_loose(parse, read, name):
    mz, intensity, *about = parse(gunzip(read(name)))
    ending = PurePosixPath(name.lower().removesuffix(".gz")).suffix.removeprefix(".")
    return Spectrum(mz, intensity, about[0] if about else {"format": ending})


def _read_acquisition(parts, read):
    acqus = parts.get("acqus") or parts.get("acqu")
    if "fid" not in parts:
        raise SpectrumError("the spot is empty: there is no fid beside acqus")
    if acqus is None:
        raise SpectrumError("there is no acqus beside fid, without which no point has an m/z")
    return Spectrum(*parse_flex(read(parts["fid"]), read(acqus)))


def _values(read, name, warned):
    """m/z and intensity; what should be known of a whole source is said once, at the first spectrum."""
    mz, intensity, about = read()
    text = about.get("warning")
    if text and warned.setdefault(text, name) is name:
        warnings.warn(f"{name}, and maybe others: {text}; read_spectrum says it of each", stacklevel=2)
    return mz, intensity
