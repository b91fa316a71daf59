"""Keep binned matrices on disk: keyed by all that determines them, written in one step, checked when read."""

import hashlib
import json
import os
import shutil
import tempfile
import time
import warnings
from contextlib import suppress
from pathlib import Path

import numpy as np
import pandas as pd
import pooch

from ..fingerprint import code_hash
from ..formats import DatasetError
from ..writing import write_atomically

#: The code that determines a matrix. It is part of the key, so that no cache outlives a change of code.
_CODE = ("preprocessing", "formats", "datasets", "simulation")
_DAY = 86400  # seconds after which nobody is expected to come back to what was left lying
#: Name of entries of users' own spectra, which may be large, may change, and are nobody else's business; how many days
#: after their last use they stay, and how many bytes all of them may take (100,000 spectra in 6000 bins: 4.5 GiB).
OWN, OWN_DAYS, OWN_BYTES = "own", 7, 8 * 2**30


def cache_folder(cache_dir=None):
    """The folder of the cache: `cache_dir`, else $MALDINB_CACHE_DIR, else the system's place for caches.

    Parameters
    ----------
    cache_dir : path-like, optional

    Returns
    -------
    Path
        It need not exist yet.
    """
    return Path(cache_dir or os.environ.get("MALDINB_CACHE_DIR") or pooch.os_cache("maldinb")).expanduser().absolute()


def cache_key(**determinants):
    """A key of all that determines a matrix: what is given, the code with its constants, and NumPy's version."""
    text = json.dumps([determinants, code_hash(*_CODE), np.__version__], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def cached(name, key, build, *, cache_dir=None, rebuild=False, keep=lambda info: True):
    """Load a matrix and its metadata from the cache, or build them and put them there.

    Parameters
    ----------
    name, key : str
        Name of the data set and key of all that determines it. Entries of the name `OWN` are readable by nobody else,
        and are removed when they have not been used for `OWN_DAYS` or, the oldest first, when they all take more than
        `OWN_BYTES`.
    build : callable
        Returns matrix (ndarray of float64 or float32), meta (DataFrame, one row for each of the matrix) and info (dict,
        JSON).
    cache_dir : path-like, optional
        See `cache_folder`.
    rebuild : bool
        Build even if the cache holds the matrix.
    keep : callable, optional
        Takes info, and says whether what was built is put there.

    Returns
    -------
    matrix : ndarray
        From the cache it is mapped, not read: several notebooks share its memory, and changes stay private.
    meta : DataFrame
    info : dict
    """
    entry = cache_folder(cache_dir) / "matrices" / f"{name}-{key}"
    if entry.exists() and not rebuild:
        try:
            return _read(entry)
        except (OSError, ValueError, KeyError, TypeError) as error:
            warnings.warn(f"the cache {entry} is damaged or foreign ({error}); it is built again", stacklevel=3)
    result = build()
    if not keep(result[2]):
        return result
    try:
        _write(entry, *result)
    except OSError as error:
        warnings.warn(
            f"cannot write to the cache {entry.parent} ({error.strerror or error}); the spectra are loaded but will be "
            "processed again next time. MALDINB_CACHE_DIR names another folder.",
            stacklevel=3,
        )
    return result


def _read(entry):
    table = json.loads((entry / "table.json").read_text("utf-8"))
    meta = pd.DataFrame(table["data"], index=pd.Index(table["index"], name="ID"), columns=table["columns"])
    matrix = np.load(entry / "matrix.npy", mmap_mode="c", allow_pickle=False).view(np.ndarray)
    with suppress(OSError):  # when it was last of use, for `_prune`; the cache of a class may be read-only
        os.utime(entry)
    if matrix.dtype != table["dtype"] or matrix.ndim != 2 or len(matrix) != len(meta):
        raise ValueError(f"a matrix of {matrix.dtype} {matrix.shape} for {len(meta)} spectra")
    if not np.allclose(_sums(matrix), table["sums"], rtol=1e-9, atol=0):
        raise ValueError("a row has another sum than the one that was written")
    return matrix, meta, table["info"]


def _sums(matrix):
    """Of each row, in float64, whatever the matrix is of."""
    return np.einsum("ij->i", matrix, dtype=np.float64)


def _write(entry, matrix, meta, info):
    """Write beside the entry, then rename: a reader sees all of it or nothing, and of two writers one wins."""
    entry.parent.mkdir(parents=True, exist_ok=True)
    own = _is_own(entry)
    if own and matrix.nbytes > min(OWN_BYTES, shutil.disk_usage(entry.parent).free / 2):
        raise OSError(f"{matrix.nbytes / 2**30:.1f} GiB are more than it takes, or than half of the space that is left")
    draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=entry.parent))
    try:
        np.save(draft / "matrix.npy", matrix)
        meta = meta.astype(object).where(meta.notna(), None)
        table = {
            "code": code_hash(*_CODE),
            "info": info,
            "dtype": str(matrix.dtype),
            "sums": _sums(matrix).tolist(),
            "columns": list(meta),
            "index": list(meta.index),
            "data": meta.to_numpy().tolist(),
        }
        (draft / "table.json").write_text(json.dumps(table), "utf-8")
        if not own:
            draft.chmod(0o755)  # mkdtemp's 0o700 would lock out the others who share the cache
        if entry.exists():
            entry.rename(draft.with_name(draft.name + "-old"))
        draft.rename(entry)
    except OSError:
        # Two notebooks may have built the same entry at once; the other one's is as good.
        if not (entry / "table.json").exists():
            raise
    finally:
        _prune(entry.parent, draft)
        _sweep(entry.parent, draft)


def _is_own(entry):
    return entry.name.startswith(f"{OWN}-")


def _prune(folder, draft):
    """Put with the leavings what no code can read any more and nobody has used for a day, and own spectra in excess."""
    own_bytes = 0
    for entry in sorted(folder.glob("[!.]*"), key=_last_used, reverse=True):
        unused = time.time() - _last_used(entry)
        with suppress(OSError):  # another process was faster, or it is not ours to remove
            goes = unused > _DAY and _code_of(entry) != code_hash(*_CODE)
            if _is_own(entry):
                own_bytes += sum(file.stat().st_size for file in entry.glob("*"))
                goes = goes or unused > OWN_DAYS * _DAY or own_bytes > OWN_BYTES
            if goes:
                entry.rename(draft.with_name(f"{draft.name}-{entry.name}"))


def _last_used(entry):
    try:
        return entry.stat().st_mtime
    except OSError:  # another process was faster
        return 0.0


def _code_of(entry):
    """The hash of the code that made an entry; None if it does not say so."""
    try:
        return json.loads((entry / "table.json").read_text("utf-8"))["code"]
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _sweep(folder, draft):
    """Remove our draft, what it replaced, and what writers that were killed left behind more than a day ago."""
    for left in folder.glob(".draft-*"):
        with suppress(OSError):  # another process was faster, or it is not ours to remove
            if left.name.startswith(draft.name) or time.time() - left.stat().st_mtime > _DAY:
                shutil.rmtree(left) if left.is_dir() else left.unlink()


def file_md5(path, *, cache_dir=None):
    """MD5 of a file, remembered for as long as its size and time stamp stay.

    Parameters
    ----------
    path : path-like
    cache_dir : path-like, optional
        See `cache_folder`.

    Returns
    -------
    str

    Raises
    ------
    DatasetError
        If there is no such file.
    """
    path = Path(path).expanduser().absolute()
    if not path.is_file():
        raise DatasetError(f"no such archive: {path}")
    status = path.stat()
    stamp = [str(path), status.st_size, status.st_mtime_ns]
    note = cache_folder(cache_dir) / "hashes" / hashlib.sha256(str(path).encode()).hexdigest()[:16]
    with suppress(OSError, ValueError, KeyError, TypeError):  # of a note that is not there, or damaged
        remembered = json.loads(note.read_text("utf-8"))
        if remembered["stamp"] == stamp:
            return remembered["md5"]
    md5 = pooch.file_hash(path, alg="md5")
    with suppress(OSError):  # it is only a memory: the next call computes the hash again
        note.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(note, json.dumps({"stamp": stamp, "md5": md5}))
    return md5
