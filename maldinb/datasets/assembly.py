"""What all loaders share: spectra and metadata become a matrix, and that a data set."""

import pandas as pd

from .. import preprocessing
from ..formats import DatasetError
from .dataset import SpectraDataset
from .labels import LABELS, count_labels
from .matrix import build_matrix
from .metadata import match


def assemble(files, meta, name, *, bin_width, n_jobs, on_error, verbose, preprocess=True, unmatched=None):
    """Bin the spectra that the metadata describes.

    Parameters
    ----------
    files : list of (str, str, callable)
        ID, name for messages and reader of each spectrum.
    meta : DataFrame
        As `read_metadata` returns it.
    name : str
        What to call the metadata in messages.
    bin_width, n_jobs, on_error, verbose, preprocess
        As in `load_spectra`.
    unmatched : {"raise", "skip"}, optional
        What to do with IDs on one side only; by default as `on_error`.

    Returns
    -------
    matrix : ndarray of float64, shape (n_spectra, n_bins)
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
        shown = "\n".join(f"  {identifier}: {reason}" for identifier, reason in list(left_out.items())[:50])
        raise DatasetError(
            f"{len(left_out)} IDs of {name} and the spectra do not match:\n{shown}\n"
            'Mend the table, or pass on_error="skip" to load the others.',
            left_out,
        )
    matrix, good, errors = build_matrix(
        [by_id[identifier] for identifier in matched], bin_width, preprocess=preprocess, n_jobs=n_jobs,
        on_error=on_error, verbose=verbose,
    )  # fmt: skip
    left_out |= {identifier: errors[by_id[identifier][0]] for identifier in matched if by_id[identifier][0] in errors}
    return matrix, meta.loc[[matched[i] for i in good]], left_out


def make_dataset(
    matrix, meta, *, name, antibiotic, antibiotics, bin_width, columns, left_out, labels=None, intermediate="drop",
    preprocess=True, record=None, source=None, md5=None, simulation=None, planted=None,
):  # fmt: skip
    """A SpectraDataset around a matrix, with everything that its `info` holds.

    Parameters
    ----------
    matrix : ndarray, shape (n_spectra, n_bins)
    meta : DataFrame
        One row for each of the matrix.
    antibiotics : sequence of str
        Columns of labels to count.
    bin_width, preprocess
        As in `load_spectra`.
    record : Record, optional
        What was published of the data set.
    labels : dict, optional
        As `read_metadata` returns it; by default what was counted.
    name, antibiotic, columns, left_out, intermediate, source, md5, simulation, planted
        See `SpectraDataset`.

    Returns
    -------
    SpectraDataset
    """
    counts = count_labels(meta, antibiotics)
    info = {
        "name": name,
        "antibiotic": antibiotic,
        "n_spectra": len(meta),
        "counts": counts,
        "counts_as_published": None if record is None else record.agrees(counts),
        "columns": columns,
        "labels": labels or {antibiotic: _as_counted(batches) for antibiotic, batches in counts.items()},
        "intermediate": intermediate,
        "left_out": left_out,
        "preprocessing": (preprocessing.PARAMETERS if preprocess else {}) | {"bin_width": bin_width},
        "source": source,
        "md5": md5,
        "doi": None if record is None else record.doi,
        "simulation": simulation,
        "planted": planted,
    }
    frame = pd.DataFrame(matrix, index=meta.index, columns=pd.Index(preprocessing.bin_names(bin_width)), copy=False)
    return SpectraDataset(frame, meta, preprocessing.bin_edges(bin_width)[:-1], info)


def _as_counted(batches):
    """What `read_labels` would tell of labels that were never anything else."""
    totals = {label: sum(n[label] for n in batches.values()) for label in LABELS}
    return [{"found": label, "n": n, "taken as": label} for label, n in totals.items() if n]
