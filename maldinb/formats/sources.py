"""Where spectra lie: a folder or a tar archive, both laid out as ``metadata.csv`` and ``spectra/*.txt``.

An archive is read in place: its members are looked up once and then read by their offset, never unpacked to disk.
"""

import tarfile
import zipfile
import zlib
from functools import partial
from pathlib import Path, PurePosixPath

from .errors import DatasetError
from .packed import gunzip
from .parsers import parser_of

_METADATA = "metadata.csv"
_BLOCK = 512  # bytes: the unit of a tar archive


def open_source(path):
    """List the spectra of a folder or tar archive.

    Parameters
    ----------
    path : path-like
        A folder or a tar archive, compressed or not.

    Returns
    -------
    spectra : list of (str, str, callable)
        ID (the file name without its endings), name for messages, and a function that returns m/z and intensity, or
        raises SpectrumError.
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
    >>> from maldinb import write_simulated_archive
    >>> archive = write_simulated_archive(Path(tempfile.mkdtemp()) / "practice.tar", n_spectra=12)
    >>> spectra, metadata = open_source(archive)
    >>> identifier, name, read = spectra[0]
    >>> mz, intensity = read()
    >>> len(spectra), identifier, float(mz[0]), float(intensity[0])
    (12, 'sim-0001', 1999.813, 11529.0)
    """
    path = Path(path).expanduser()
    if path.is_dir():
        spectra, metadata = _open_folder(path)
    elif path.is_file():
        spectra, metadata = _open_tar(path)
    else:
        raise DatasetError(f"no such folder or archive: {path}")
    if not spectra:
        raise DatasetError(f"{path} holds no spectra; expected files such as spectra/ID.txt")
    seen = {}
    for identifier, name, _ in spectra:
        if identifier in seen:
            raise DatasetError(f"{path}: two spectra for one ID: {seen[identifier]} and {name}")
        seen[identifier] = name
    return spectra, metadata


def _spectrum(name, shown, read):
    """The ID of a spectrum, its name for messages and its reader; None if the file is none."""
    identifier, parse = parser_of(name)
    return identifier and (identifier, shown, partial(_parsed, parse, read))


def _parsed(parse, read):
    return parse(gunzip(read()))


def _open_folder(folder):
    spectra_folder = folder / "spectra" if (folder / "spectra").is_dir() else folder
    spectra = [
        spectrum
        for file in sorted(spectra_folder.iterdir())
        if file.is_file() and file.name != _METADATA and (spectrum := _spectrum(file.name, str(file), file.read_bytes))
    ]
    metadata = folder / _METADATA
    return spectra, (str(metadata), metadata.read_bytes) if metadata.is_file() else None


def _open_tar(path):
    try:
        with tarfile.open(path, "r:") as tar:
            files = [
                (m.name, partial(_read_at, path, m.offset_data, m.size)) for m in tar if _checked(m, path).isfile()
            ]
            _check_end(path, tar.offset)
    except tarfile.ReadError as plain_error:
        files = _read_compressed(path, plain_error)
    spectra, metadata = [], None
    for name, read in files:
        parts = PurePosixPath(name).parts
        if parts[-1] == _METADATA and len(parts) <= 2:  # one folder may wrap everything
            metadata = (f"{path}:{name}", read)
        elif "spectra" in parts[:-1] and (spectrum := _spectrum(name, f"{path}:{name}", read)):
            spectra.append(spectrum)
    return spectra, metadata


_TAR_SUFFIXES = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz")


def _check_kind(path):
    """Say of a file that was never meant for a tar archive what it seems to be."""
    if zipfile.is_zipfile(path):
        raise DatasetError(f"{path} is a zip archive, and only tar archives are read in place; unpack it to a folder")
    if not path.name.lower().endswith(_TAR_SUFFIXES):
        raise DatasetError(
            f"{path} is neither a folder nor a tar archive. Name the folder that holds the spectra and metadata.csv; a "
            "table of metadata that lies elsewhere goes into metadata="
        )


def _checked(member, path):
    """The tar member, unless it could reach outside the archive."""
    name = PurePosixPath(member.name)
    if name.is_absolute() or ".." in name.parts or "\\" in member.name or member.name[1:2] == ":":
        raise DatasetError(f"{path}: unsafe path in the archive: {member.name!r}")
    if not (member.isfile() or member.isdir()):
        raise DatasetError(f"{path}: {member.name!r} is a link or device; only files and folders are accepted")
    return member


def _check_end(path, offset):
    """A tar archive ends with blocks of zeros; without them it was cut off, possibly between two members."""
    with open(path, "rb") as file:
        file.seek(offset)
        end = file.read(_BLOCK)
    if end != bytes(_BLOCK):
        raise DatasetError(_TRUNCATED.format(path=path, error="the end mark is missing"))


def _read_at(path, offset, size):
    with open(path, "rb") as file:
        file.seek(offset)
        return file.read(size)


_TRUNCATED = "{path} is not a complete tar archive ({error}); copy or download it again"


def _read_compressed(path, plain_error):
    """All files of a compressed archive, which cannot be read out of order, in memory."""
    try:
        with tarfile.open(path, "r:*") as tar:
            # partial(bytes, b) returns b itself: the same shape as a reader of a file
            return [(m.name, partial(bytes, tar.extractfile(m).read())) for m in tar if _checked(m, path).isfile()]
    except (tarfile.ReadError, EOFError, OSError, zlib.error) as error:
        _check_kind(path)
        reason = plain_error if isinstance(error, tarfile.ReadError) else error
        raise DatasetError(_TRUNCATED.format(path=path, error=reason)) from None
