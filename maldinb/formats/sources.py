"""Where spectra lie in a folder or archive, and what each is called.

Spectra are text files, .mzML and .mzXML files, and Bruker flex acquisitions: folders that hold ``fid`` and ``acqus``.
"""

import os
import re
import warnings
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import PurePosixPath

from ..preprocessing import SpectrumError
from .errors import DatasetError, SpectrumWarning
from .files import Files, file_reader, files_in, stamp_of
from .flex import parse_flex
from .packed import gunzip
from .parsers import is_text, parser_of
from .spectrum import Spectrum

#: What the table may be called that says what is known of each spectrum, in whatever case; never a spectrum.
TABLES = ("metadata.csv", "metadata.tsv", "metadata.txt", "metadata.xlsx")
#: Names of texts, without their endings, that people and programs lay beside spectra.
_NOTES = re.compile(r"read_?me|licen[cs]e|notes?|changelog|citation|contents|(md5|sha\d+)sums?", re.IGNORECASE)
#: Files that show that a folder is an acquisition.
ACQUISITION = ("fid", "acqus", "acqu")
#: What an instrument adds below the folder of a sample: position/run/kind, or less.
_BELOW_SAMPLE = re.compile(r"(?:/(?P<position>\d+_\w+)/(?P<run>\d+))?(?:/\d+S?(?:Lin|Ref))?$", re.IGNORECASE)


@dataclass(frozen=True)
class Reader:
    """One spectrum of a source: whoever calls it, reads it.

    Attributes
    ----------
    read : callable
        Returns what `find_spectra` or `open_source` says.
    format : str
        "txt", "mzml", "Bruker flex", ...
    stamps : callable
        Returns, for each file that is read, its name and what changes with it; see `Files`.
    """

    read: Callable
    format: str
    stamps: Callable[[], list]

    def __call__(self):
        return self.read()


def open_source(path):
    """List the spectra of a folder, tar or zip archive.

    These are text files, where there are no acquisitions, files .mzML and .mzXML, and acquisitions, at any depth. Where
    there is a folder ``spectra``, only what lies in it counts. A README or LICENSE, notes, and tables called
    ``metadata`` are no spectra.

    Parameters
    ----------
    path : path-like
        A folder, a tar archive, compressed or not, or a zip archive.

    Returns
    -------
    spectra : list of (str, str, Reader)
        ID, name for messages, and a function that returns m/z and intensity, or raises SpectrumError. The ID is the
        file name without its endings; that of an acquisition is the name of its sample's folder, and
        ``sample_position_run`` if the sample has several. What should be known of a spectrum is a warning, given once.
    metadata : (str, callable) or None
        Name and reader of the bytes of ``metadata.csv``, ``.tsv``, ``.txt`` or ``.xlsx``, where there is one: the
        nearest to the top. If several are equally near, the reader raises DatasetError.

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
    spectra = find_spectra(files)
    if not spectra:
        raise DatasetError(
            f"{path} holds no spectra; expected files such as spectra/ID.txt or ID.mzML, or Bruker folders, with "
            "fid and acqus in them"
        )
    _refuse_repeats(spectra, path)
    return as_arrays(spectra), _find_table(files)


def _refuse_repeats(spectra, path):
    """Two spectra of one ID: which of them would the table mean?"""
    names = {}
    for identifier, name, _ in spectra:
        names.setdefault(identifier, []).append(name)
    repeated = [found for found in names.values() if len(found) > 1]
    if repeated:
        more = f", and {len(repeated) - 1} more IDs are there twice" if len(repeated) > 1 else ""
        raise DatasetError(
            f"{path}: two spectra for one ID: {repeated[0][0]} and {repeated[0][1]}{more}. Rename one of each pair, or "
            "name the folder that is meant"
        )


def _find_table(files):
    """Name and reader of the table nearest to the top, or None."""
    depths = {name: len(PurePosixPath(name).parts) for name in files.names if is_table(name)}
    depths = {name: depth for name, depth in depths.items() if "__MACOSX" not in name}
    nearest = [name for name, depth in depths.items() if depth == min(depths.values())]
    if not nearest:
        return None
    shown = " and ".join(files.shown + name for name in nearest)
    return shown, files.reader(nearest[0]) if len(nearest) == 1 else partial(_refuse_tables, shown)


def _refuse_tables(shown):
    raise DatasetError(f"there are several tables, {shown}; name the one that is meant: metadata=...")


def is_table(name):
    """Whether a file is, by its name, the table that describes spectra.

    Examples
    --------
    >>> is_table("mine/Metadata.xlsx"), is_table("mine/results.xlsx")
    (True, False)
    """
    return PurePosixPath(name).name.lower() in TABLES


def find_spectra(files):
    """The spectra among the files of a source.

    Parameters
    ----------
    files : Files

    Returns
    -------
    list of (str, str, Reader)
        ID, name for messages, and a function that returns a Spectrum, or raises SpectrumError.
    """
    paths = _preferred({name: PurePosixPath(name) for name in files.names})
    acquisitions = {}
    for name, path in paths.items():
        if path.name in ACQUISITION and "__MACOSX" not in path.parts:
            acquisitions.setdefault(path.parent, {})[path.name] = name
    loose = []
    for name in files.names:
        path = paths.get(name)
        identifier, parse = parser_of(name)
        if parse is None or path is None or is_table(name) or path.parent in acquisitions:
            continue
        # Beside folders of an instrument, text may be anything.
        if is_text(parse) and (_NOTES.fullmatch(identifier) or acquisitions and "spectra" not in path.parts):
            continue
        read, stamps = partial(_read_loose, parse, files.reader(name), name), partial(_stamps, files.stamp, [name])
        loose.append((identifier, files.shown + name, Reader(read, _ending(name), stamps)))
    return loose + _acquisitions(acquisitions, files)


def _preferred(paths):
    """The paths below folders called ``spectra``, of those that are nearest to the top; all, if there are none."""
    depths = {name: path.parts[:-1].index("spectra") for name, path in paths.items() if "spectra" in path.parts[:-1]}
    nearest = min(depths.values(), default=None)
    return {name: path for name, path in paths.items() if depths.get(name) == nearest}


def _acquisitions(found, files):
    """ID, name and reader of each acquisition: where a sample has several, the ID says where on the target it lay."""
    places = {folder: _place(PurePosixPath(*files.above, folder)) for folder in found}
    several = Counter(sample for sample, _ in places.values())
    spectra = []
    for folder, parts in found.items():
        sample, on_target = places[folder]
        identifier = "_".join([sample.name, *on_target]) if several[sample] > 1 else sample.name
        name = files.shown + str(folder) if folder.name else files.shown[:-1]
        stamps = partial(_stamps, files.stamp, sorted(parts.values()))
        readers = {part: files.reader(file) for part, file in parts.items()}
        spectra.append((identifier, name, Reader(partial(_read_acquisition, readers), "Bruker flex", stamps)))
    return spectra


def _place(folder):
    """The sample's folder above an acquisition's, and (position, run) or ()."""
    tail = _BELOW_SAMPLE.search(str(folder))
    sample = PurePosixPath(str(folder)[: tail.start()])
    return sample, () if tail["position"] is None else (tail["position"], tail["run"])


def _read_loose(parse, read, name):
    mz, intensity, *about = parse(gunzip(read()))
    return Spectrum(mz, intensity, about[0] if about else {"format": _ending(name)})


def _ending(name):
    return PurePosixPath(name.lower().removesuffix(".gz")).suffix.removeprefix(".")


def _stamps(stamp, names):
    return [[name, *stamp(name)] for name in names]


def _read_acquisition(parts):
    acqus = parts.get("acqus") or parts.get("acqu")
    if "fid" not in parts:
        raise SpectrumError("the spot is empty: there is no fid beside acqus")
    if acqus is None:
        raise SpectrumError("there is no acqus beside fid, without which no point has an m/z")
    return Spectrum(*parse_flex(parts["fid"](), acqus()))


def named_spectra(folder, files):
    """Spectra whose files are known by ID: no other file of the folder is looked at.

    Parameters
    ----------
    folder : Path
    files : dict
        ID -> paths, below the folder, of the file of a spectrum, or of those of its acquisition.

    Returns
    -------
    list of (str, str, Reader)
        As `open_source` returns them.
    """
    shown = f"{folder}{os.sep}"
    names = [name for parts in files.values() for name in parts]
    found = find_spectra(Files(names, partial(file_reader, folder), shown, stamp=partial(stamp_of, folder)))
    ids = {}
    for identifier, (first, *_) in files.items():
        path = PurePosixPath(first)
        ids[shown + str(path.parent if path.name in ACQUISITION else path)] = identifier
    return as_arrays([(ids[name], name, read) for _, name, read in found])


def as_arrays(spectra):
    """The same spectra with readers that return m/z and intensity, and say what should be known of them once.

    Parameters
    ----------
    spectra : list of (str, str, Reader)
        As `find_spectra` returns them.

    Returns
    -------
    list of (str, str, Reader)
        ID, name for messages, and a function that returns m/z and intensity, or raises SpectrumError.
    """
    warned = {}
    return [(one, name, replace(read, read=partial(_values, read.read, name, warned))) for one, name, read in spectra]


def _values(read, name, warned):
    """m/z and intensity; a warning is given at the first spectrum that has it."""
    mz, intensity, about = read()
    text = about.get("warning")
    if text and warned.setdefault(text, name) is name:
        warnings.warn(SpectrumWarning(name, text), stacklevel=2)
    return mz, intensity
