"""The files of a source, whatever holds them: a folder, a tar or a zip archive.

An archive is read in place: its members are looked up once and then read by their offset, never unpacked to disk.
"""

import os
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from functools import lru_cache, partial
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from ..preprocessing import SpectrumError
from .errors import DatasetError
from .packed import LARGEST, MOST, RATIO

_BLOCK = 512  # bytes: the unit of a tar archive
_TAR_SUFFIXES = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz")
_UNPACK = "unpack it to a folder, and name that"


def _same(stamp, name):
    return stamp


class Files(NamedTuple):
    """What a source holds.

    Attributes
    ----------
    names : list of str
        Paths within the source, with slashes; a folder's are sorted, an archive's are in its order.
    reader : callable
        Takes one of `names`, and returns a function that returns its bytes. Such a function can be sent to another
        process, and takes no other file with it.
    shown : str
        What to put before a name in messages.
    above : tuple of str
        Names of the folders that the source itself lies in, down to its own: a path within it may not say enough.
    stamp : callable
        Takes one of `names`, and returns what changes with the file, or with the archive that holds it: see `stamp_of`.
    """

    names: list
    reader: Callable[[str], Callable[[], bytes]]
    shown: str
    above: tuple = ()
    stamp: Callable[[str], list] = partial(_same, [])


def files_in(path):
    """List the files of a folder, tar or zip archive.

    Parameters
    ----------
    path : path-like

    Returns
    -------
    Files

    Raises
    ------
    DatasetError
        If there is no such folder or archive, or the archive is truncated, damaged or unsafe.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = (folder / "a1.txt").write_text("2000 12")
    >>> files = files_in(folder)
    >>> files.names, files.reader("a1.txt")()
    (['a1.txt'], b'2000 12')
    """
    path = Path(path).expanduser()
    if path.is_dir():
        whole = os.path.abspath(path)
        stamp = partial(stamp_of, path)
        return Files(_walk(path), partial(file_reader, path), f"{path}{os.sep}", Path(whole).parts[1:], stamp)
    if not path.is_file():
        raise DatasetError(f"no such folder or archive: {path}")
    stamp = stamp_of(path.parent, path.name)
    names, readers = _open_zip(path, stamp) if _seems_zip(path) else _open_tar(path)
    above = (path.name.partition(".")[0],)
    return Files(names, readers.__getitem__, f"{path}:", above, partial(_same, stamp))


def stamp_of(folder, name):
    """Size in bytes, and times of the last change of content and of anything else, in ns; [] where there is no file.

    The last of these times, which no program can set, tells a file that was copied with the time of the original.
    """
    try:
        status = os.stat(folder / name)
    except OSError:
        return []
    return [status.st_size, status.st_mtime_ns, status.st_ctime_ns]


# --- folders ----------------------------------------------------------------------------------------------------------


def _walk(folder):
    """All files below a folder; where it has a subfolder ``spectra``, only what lies there and beside that."""
    names, seen = [], set()
    for here, folders, files in os.walk(folder, onerror=_refuse, followlinks=True):
        inner = PurePosixPath(Path(here).relative_to(folder).as_posix())
        if here == str(folder) and "spectra" in folders:
            folders[:] = ["spectra"]
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        status = os.stat(here)
        if (status.st_dev, status.st_ino) in seen:  # a link that leads back
            folders.clear()
            continue
        seen.add((status.st_dev, status.st_ino))
        names += [str(inner / name) for name in sorted(files)]
    return names


def _refuse(error):
    raise DatasetError(f"cannot look into {error.filename}: {error.strerror or error}") from None


def file_reader(folder, name):
    """A function that returns the bytes of a file, by its path within a folder."""
    return (folder / name).read_bytes


# --- what holds for every archive -------------------------------------------------------------------------------------


def _check_name(name, path):
    """Refuse a member that could reach outside the archive."""
    parts = PurePosixPath(name)
    if parts.is_absolute() or ".." in parts.parts or "\\" in name or name[1:2] == ":":
        raise DatasetError(f"{path}: unsafe path in the archive: {name!r}")


def _check_kind(regular, name, path):
    if not regular:
        raise DatasetError(f"{path}: {name!r} is a link or device; only files and folders are accepted")


def _check_sizes(announced, name, size, path):
    """Refuse what would unpack to more than can be meant; `announced` is the sum so far, and a new one is returned."""
    if size > LARGEST:
        raise DatasetError(
            f"{path}: {name!r} announces {size >> 20} MiB, and no spectrum has more than {LARGEST >> 20}; {_UNPACK}"
        )
    announced += size
    packed = path.stat().st_size
    if announced > max(MOST, RATIO * packed):
        raise DatasetError(
            f"{path}: its {packed} bytes announce {announced >> 20} MiB by {name!r}, more than {RATIO} times as much: "
            f"this may be a trap. If you trust it, {_UNPACK}"
        )
    return announced


_TRUNCATED = "{path} is not a complete {kind} archive ({error}); copy or download it again"


# --- zip --------------------------------------------------------------------------------------------------------------


def _seems_zip(path):
    """By its first bytes; a tar archive that was never one is better told by its name."""
    with open(path, "rb") as file:
        return file.read(2) == b"PK" and (zipfile.is_zipfile(path) or path.suffix.lower() == ".zip")


class _Zip(zipfile.ZipFile):
    """A zip archive that another process opens for itself, once, if it is still the same; `stamp` is of `stamp_of`."""

    def __init__(self, path, stamp):
        super().__init__(path)
        self._made_of = os.path.abspath(path), tuple(stamp)

    def __reduce__(self):
        return _reopened, self._made_of


@lru_cache(maxsize=1)
def _reopened(path, stamp):
    return _Zip(path, stamp)


def _open_zip(path, stamp):
    """Names of the files, and name -> reader."""
    try:
        archive = _Zip(path, stamp)  # closed when the last reader is gone
    except (zipfile.BadZipFile, OSError, EOFError) as error:
        raise DatasetError(_TRUNCATED.format(path=path, kind="zip", error=error)) from None
    members, announced = {}, 0
    for member in archive.infolist():
        name, kind = member.filename, stat.S_IFMT(member.external_attr >> 16)
        _check_name(member.orig_filename, path)
        _check_kind(kind in (0, stat.S_IFREG, stat.S_IFDIR), name, path)
        if member.is_dir():
            continue
        if member.flag_bits & 1:
            raise DatasetError(f"{path}: {name!r} is encrypted; {_UNPACK}")
        if name.lower().endswith((".zip", *_TAR_SUFFIXES)):
            raise DatasetError(f"{path}: {name!r} is an archive within the archive, and is not looked into; {_UNPACK}")
        announced = _check_sizes(announced, name, member.file_size, path)
        if name in members:
            raise DatasetError(f"{path}: {name!r} is in the archive twice")
        members[name] = partial(_read_zip, archive, member)
    return list(members), members


def _read_zip(archive, member):
    try:
        return archive.read(member)  # never more than it announces
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
        raise SpectrumError(f"damaged in the zip archive ({error})") from None


# --- tar --------------------------------------------------------------------------------------------------------------


def _open_tar(path):
    """Names of the files, and name -> reader."""
    try:
        with tarfile.open(path, "r:") as tar:
            found = [(m.name, partial(_read_at, path, m.offset_data, m.size)) for m in tar if _is_file(m, path)]
            _check_end(path, tar.offset)
    except tarfile.ReadError as plain_error:
        found = [(name, partial(bytes, data)) for name, data in _read_compressed(path, plain_error)]
    return [name for name, _ in found], dict(found)


def _is_file(member, path):
    """Whether a member of a tar is a file; refuse it if it is unsafe."""
    _check_name(member.name, path)
    _check_kind(member.isfile() or member.isdir(), member.name, path)
    return member.isfile()


def _check_end(path, offset):
    """A tar archive ends with blocks of zeros; without them it was cut off, possibly between two members."""
    with open(path, "rb") as file:
        file.seek(offset)
        end = file.read(_BLOCK)
    if end != bytes(_BLOCK):
        raise DatasetError(_TRUNCATED.format(path=path, kind="tar", error="the end mark is missing"))


def _read_at(path, offset, size):
    with open(path, "rb") as file:
        file.seek(offset)
        return file.read(size)


def _read_compressed(path, plain_error):
    """All files of a compressed archive, which cannot be read out of order, in memory."""
    found, announced = [], 0
    try:
        with tarfile.open(path, "r:*") as tar:
            for member in tar:
                if _is_file(member, path):
                    announced = _check_sizes(announced, member.name, member.size, path)
                    found.append((member.name, tar.extractfile(member).read()))
    except (tarfile.ReadError, EOFError, OSError, zlib.error) as error:
        if not path.name.lower().endswith(_TAR_SUFFIXES):
            raise DatasetError(
                f"{path} is neither a folder nor an archive (tar, zip). Name the folder that holds the spectra and "
                "metadata.csv; a table of metadata that lies elsewhere goes into metadata="
            ) from None
        reason = plain_error if isinstance(error, tarfile.ReadError) else error
        raise DatasetError(_TRUNCATED.format(path=path, kind="tar", error=reason)) from None
    return found
