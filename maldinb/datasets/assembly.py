"""What all loaders share: spectra and metadata become a matrix, and that a data set."""

import time
import warnings
from collections import Counter
from functools import partial
from pathlib import Path

import pandas as pd

from .. import preprocessing
from ..formats import DatasetError
from ..preprocessing import SpectrumError
from .cache import OWN, cache_key, cached
from .dataset import SpectraDataset
from .labels import LABELS, count_labels
from .matrix import build_matrix, unusable
from .metadata import match

_SHOWN = 50  # IDs in a message
_MOST_NOTES = 20  # files that may be something else than spectra; more of them are a table that lacks rows
_RECENT = 2 * 10**9  # ns: the coarsest time stamps that are in use, those of FAT


def assemble(
    files, meta, name, *, bin_width, n_jobs, on_error, verbose, preprocess=True, align=False, dtype="float64",
    unmatched=None, cache=None,
):  # fmt: skip
    """Bin the spectra that the metadata describes.

    Parameters
    ----------
    files : list of (str, str, Reader)
        ID, name for messages and reader of each spectrum; without `cache`, any function will do for a reader.
    meta : DataFrame
        As `read_metadata` returns it.
    name : str
        What to call the metadata in messages.
    bin_width, n_jobs, on_error, verbose, preprocess, align, dtype
        As in `load_spectra`; `align` as `alignment` returns it.
    unmatched : {"raise", "skip"}, optional
        What to do with IDs on one side only; by default as `on_error`.
    cache : path-like, optional
        Folder or archive that the files lie in: rows are kept in the cache of own spectra, and found there for as long
        as no file changes.

    Returns
    -------
    matrix : ndarray of `dtype`, shape (n_spectra, n_bins)
    meta : DataFrame
        Its rows, in the order of the matrix.
    left_out : dict
        ID -> reason for what is on one side only or cannot be used.

    Raises
    ------
    DatasetError
        As `load_spectra`.
    """
    by_id = {identifier: (file, read) for identifier, file, read in files}
    matched, left_out = match(meta, list(by_id), name)
    if left_out and (unmatched or on_error) == "raise":
        left_out = _refuse_unmatched(left_out, by_id, name)
    rows = {identifier: by_id[identifier] for identifier in matched}
    options = {"bin_width": float(bin_width), "preprocess": preprocess, "align": align, "dtype": dtype}
    build = partial(_bin, rows, n_jobs=n_jobs, verbose=verbose, **options)
    stamps = [(identifier, read.stamps()) for identifier, (_, read) in rows.items()] if cache else []
    if cache and not _changed_just_now(stamps):
        key = cache_key(source=str(Path(cache).expanduser().absolute()), stamps=stamps, **options)
        matrix, good, found = cached(OWN, key, build, keep=lambda found: not found["may pass"])
    else:
        matrix, good, found = build()
    if found["errors"] and on_error == "raise":  # only now, so that whoever skips them next need not read all again
        raise unusable({rows[identifier][0]: why for identifier, why in found["errors"].items()}, len(rows))
    for text in found["warnings"]:
        warnings.warn(text, stacklevel=3)
    return matrix, meta.loc[good.index], left_out | found["errors"]


def _bin(rows, **options):
    """Matrix, its IDs, and what is to be said of them, in the form that `cached` wants."""
    ids = list(rows)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        matrix, good, errors = build_matrix(list(rows.values()), **options)
    for other in caught:
        if not issubclass(other.category, UserWarning):  # of a library, about this run
            warnings.warn_explicit(other.message, other.category, other.filename, other.lineno)
    found = {
        "errors": {identifier: str(errors[name]) for identifier, (name, _) in rows.items() if name in errors},
        "warnings": [str(warning.message) for warning in caught if issubclass(warning.category, UserWarning)],
        "may pass": any(isinstance(error, OSError) for error in errors.values()),  # a network that was gone, say
    }
    return matrix, pd.DataFrame(index=pd.Index([ids[i] for i in good], name="ID")), found


def _changed_just_now(stamps):
    """Whether a file is so new that another change might leave its time stamp as it is."""
    times = [stamp[1] for _, files in stamps for _, *stamp in files if stamp]
    return not times or time.time_ns() - max(times) < _RECENT


def _refuse_unmatched(alone, by_id, name):
    """Stop at IDs on one side only, but not at a few files among the spectra that prove to be none: return these."""
    strays, notes = [identifier for identifier in alone if identifier in by_id], {}
    for identifier in strays if len(strays) <= _MOST_NOTES else ():
        try:
            by_id[identifier][1]()
        except SpectrumError as error:
            notes[identifier] = f"not in the metadata, and no spectrum: {error}"
        except OSError:
            pass  # it may be a spectrum
    wrong = {identifier: reason for identifier, reason in alone.items() if identifier not in notes}
    if wrong:
        shown = "\n".join(f"  {identifier}: {reason}" for identifier, reason in list(wrong.items())[:_SHOWN])
        raise DatasetError(
            f"{len(wrong)} IDs of {name} and the spectra do not match:\n{shown}\n"
            'Mend the table, or pass on_error="skip" to load the others.',
            wrong,
        )
    return notes


def count_formats(files, meta):
    """How many of the spectra of a data set are of each format.

    Parameters
    ----------
    files : list of (str, str, Reader)
    meta : DataFrame
        Indexed by ID.

    Returns
    -------
    dict
        format -> n
    """
    return dict(Counter(read.format for identifier, _, read in files if identifier in meta.index))


def make_dataset(
    matrix, meta, *, name, antibiotic, antibiotics, bin_width, columns, left_out, labels=None, intermediate="drop",
    not_chosen=(), preprocess=True, align=False, record=None, source=None, files=None, metadata=None, formats=None,
    md5=None, simulation=None, planted=None, axis=None,
):  # fmt: skip
    """A SpectraDataset around a matrix, with everything that its `info` holds.

    Parameters
    ----------
    matrix : ndarray, shape (n_spectra, n_bins)
    meta : DataFrame
        One row for each of the matrix.
    antibiotics : sequence of str
        Columns of labels to count.
    bin_width, preprocess, align
        As in `load_spectra`; `align` as `alignment` returns it.
    record : Record, optional
        What was published of the data set.
    axis : (sequence of str, ndarray or None), optional
        Names and m/z of the columns, where they are not our bins.
    labels : dict, optional
        As `read_metadata` returns it; by default what was counted.
    name, antibiotic, columns, left_out, not_chosen, intermediate, source, files, metadata, formats, md5, simulation,
    planted
        See `SpectraDataset`.

    Returns
    -------
    SpectraDataset
    """
    counts = count_labels(meta, antibiotics)
    processing = preprocessing.PARAMETERS | {"align": align} if preprocess else {}
    info = {
        "name": name,
        "antibiotic": antibiotic,
        "n_spectra": len(meta),
        "counts": counts,
        "counts_as_published": record.agrees(counts) if record and record.counts else None,
        "columns": columns,
        "labels": labels or {antibiotic: _as_counted(batches) for antibiotic, batches in counts.items()},
        "intermediate": intermediate,
        "left_out": left_out,
        "not_chosen": list(not_chosen),
        "preprocessing": {} if axis else processing | {"bin_width": bin_width},
        "matrix": axis is not None,
        "source": source,
        "files": files,
        "metadata": metadata,
        "formats": formats,
        "md5": md5,
        "doi": None if record is None else record.doi,
        "simulation": simulation,
        "planted": planted,
    }
    names, mz = axis or (preprocessing.bin_names(bin_width), preprocessing.bin_edges(bin_width)[:-1])
    frame = pd.DataFrame(matrix, index=meta.index, columns=pd.Index(names), copy=False)
    return SpectraDataset(frame, meta, mz, info)


def _as_counted(batches):
    """What `read_labels` would tell of labels that were never anything else."""
    totals = {label: sum(n[label or "unlabelled"] for n in batches.values()) for label in (*LABELS, None)}
    return [{"found": label or "", "n": n, "taken as": label} for label, n in totals.items() if n]
