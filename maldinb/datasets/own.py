"""The analyst's own spectra: a folder or archive of text files and a table."""

from pathlib import Path

import pandas as pd

from .. import preprocessing
from ..formats import DatasetError, open_source
from .dataset import SpectraDataset
from .labels import count_labels
from .matrix import build_matrix, check_on_error, check_preprocess
from .metadata import match, read_metadata


def load_spectra(
    spectra,
    metadata=None,
    *,
    label=None,
    batch=None,
    species=None,
    isolate=None,
    preprocess=True,
    bin_width=preprocessing.BIN_WIDTH,
    n_jobs=None,
    on_error="raise",
    verbose=False,
):
    """Load your own spectra: text files in a folder or tar archive, and a table that describes them.

    Spectra are files of two columns, m/z in Da and intensity, with the ending .txt, .csv, .tsv, .dat or .asc (and
    .gz after it, if you like); delimiter, header and encoding are recognised. They lie in the folder itself or in its
    subfolder ``spectra``. Nothing is cached: what you changed is what you get.

    Parameters
    ----------
    spectra : path-like
        Folder or tar archive.
    metadata : path-like or DataFrame, optional
        Table with a column ``ID``, the file names without their endings; by default ``metadata.csv`` in `spectra`.
    label : str, optional
        Column with R, S, I or blank, for example the name of an antibiotic. Without it, spectra are loaded unlabelled.
    batch : str, optional
        Column with the city, hospital or instrument; by default one that is called Batch, City, Hospital, Site,
        Laboratory or the like. Without one, all are batch "all".
    species : str, optional
        Column with the species; by default Species, Organism or Taxon.
    isolate : str, optional
        Column with the isolate, which several spectra may share; by default Isolate or Isolate ID. Without one, it is
        not known which spectra are repeats. Case never counts in names of columns, nor do blanks and underscores; what
        was recognised is part of the data set's ``repr``, and of ``info["columns"]``.
    preprocess : bool or "force"
        True processes raw spectra, and refuses what does not look like one (see `maldinb.preprocessing`);
        "force" does not look. False takes intensities that are processed already, or peaks, as they are, and only sums
        them into bins; files that hold one number for each bin are taken as rows.
    bin_width : float
        Width of a bin in Da.
    n_jobs : int, optional
        Threads; by default as many as there are cores to use.
    on_error : {"raise", "skip"}
        Whether spectra that cannot be used, and IDs found on one side only, stop the loading (all are named at once)
        or are left out and listed in ``info["left_out"]``.
    verbose : bool
        Show a progress bar.

    Returns
    -------
    SpectraDataset

    Raises
    ------
    DatasetError
        Names the file, line, column or IDs at fault.
    ValueError
        If an argument is out of range.
    """
    check_on_error(on_error)
    check_preprocess(preprocess)
    files, inside = open_source(spectra)
    if metadata is None and inside is None:
        raise DatasetError(f"{spectra} holds no metadata.csv; name a table: metadata=...")
    if isinstance(metadata, pd.DataFrame):
        table, name = metadata, "metadata"
    elif metadata is not None:
        table, name = _read_file(Path(metadata).expanduser())
    else:
        name, read = inside
        table = read()
    labels = () if label is None else (label,)
    meta, columns = read_metadata(table, name, labels=labels, batch=batch, species=species, isolate=isolate)
    source = Path(spectra).expanduser().absolute()
    info = {"name": source.name, "antibiotic": label, "source": str(source), "columns": columns}
    return assemble(
        files, meta, name, bin_width=bin_width, n_jobs=n_jobs, on_error=on_error, verbose=verbose, antibiotics=labels,
        info=info, preprocess=preprocess,
    )  # fmt: skip


def _read_file(path):
    try:
        return path.read_bytes(), str(path)
    except OSError as error:
        raise DatasetError(f"cannot read the metadata {path}: {error.strerror or error}") from None


def assemble(files, meta, name, *, bin_width, n_jobs, on_error, verbose, antibiotics, info,
             preprocess=True, unmatched=None):  # fmt: skip
    """Bin the spectra that the metadata describes, and put both together.

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
    antibiotics : sequence of str
        Columns of labels to count.
    info : dict
        Provenance to start from.
    unmatched : {"raise", "skip"}, optional
        What to do with IDs on one side only; by default as `on_error`.

    Returns
    -------
    SpectraDataset

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
    rows = meta.loc[[matched[i] for i in good]]
    return make_dataset(matrix, rows, bin_width, antibiotics, info | {"left_out": left_out}, preprocess)


def make_dataset(matrix, meta, bin_width, antibiotics, info, preprocess=True):
    """A SpectraDataset around a matrix, with the counts and parameters that every data set carries."""
    columns = pd.Index(preprocessing.bin_names(bin_width))
    info = info | {
        "n_spectra": len(meta),
        "counts": count_labels(meta, antibiotics),
        "preprocessing": (preprocessing.PARAMETERS if preprocess else {}) | {"bin_width": bin_width},
    }
    frame = pd.DataFrame(matrix, index=meta.index, columns=columns, copy=False)
    return SpectraDataset(frame, meta, preprocessing.bin_edges(bin_width)[:-1], info)
