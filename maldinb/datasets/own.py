"""The analyst's own spectra: a folder or archive of them, and a table."""

import os
from pathlib import Path

import pandas as pd

from .. import preprocessing
from ..formats import DatasetError, open_source
from .assembly import assemble, count_formats, make_dataset
from .layouts import refuse_collection
from .matrix import check_options
from .metadata import read_metadata, without_metadata


def load_spectra(
    spectra,
    metadata=None,
    *,
    id=None,
    label=None,
    batch=None,
    isolate=None,
    species=None,
    labels=None,
    intermediate="drop",
    preprocess=True,
    bin_width=preprocessing.BIN_WIDTH,
    align=False,
    dtype="float64",
    n_jobs=None,
    on_error="raise",
    cache=True,
    verbose=False,
):
    """Load your own spectra: a folder, tar or zip archive of them, and a table that describes them.

    Spectra are files of two columns, m/z in Da and intensity, with the ending .txt, .csv, .tsv, .dat or .asc (and
    .gz after it, if you like); delimiter, header and encoding are recognised. Or they are Bruker flex folders, which
    hold ``fid`` and ``acqus``, or .mzML and .mzXML files of one profile spectrum each. They lie at any depth; where
    there is a folder ``spectra``, only what lies in it counts, and beside Bruker folders no text does.

    Parameters
    ----------
    spectra : path-like
        Folder or archive.
    metadata : path-like or DataFrame, optional
        Table with a column ``ID``, the file names without their endings: CSV, TSV, or Excel (.xlsx, which takes
        openpyxl). By default it is ``metadata.csv``, ``.tsv``, ``.txt`` or ``.xlsx`` in `spectra`. Without any table,
        spectra are loaded unlabelled, for prediction. The ID of a Bruker acquisition is the name of its sample's
        folder, and ``sample_position_run``, such as "922145_0_G10_1", where a sample has several.
    id : str, optional
        Column with the IDs; by default ID, Spectrum, Sample, Code or the like.
    label : str, optional
        Column with R, S, I or blank, for example the name of an antibiotic. Without it, spectra are loaded unlabelled.
    batch : str, optional
        Column with the hospital, instrument or year; by default one that is called Batch, City, Hospital, Site,
        Laboratory or the like. Without one, all are batch "all".
    isolate : str, optional
        Column with the isolate, which several spectra may share; by default Isolate or Isolate ID. Without one, it is
        not known which spectra are repeats.
    species : str, optional
        Column with the species; by default Species, Organism or Taxon. Case never counts in names of columns, nor do
        blanks and underscores; `SpectraDataset.report` shows what was recognised.
    labels : mapping, optional
        What other labels than R, S and I mean, such as ``{"resistant": "R", "0": "S", "not tested": None}``. Labels
        that it does not name are an error, which shows the mapping to write. Case does not count.
    intermediate : {"drop", "R", "S"}
        What `binary_labels` makes of I.
    preprocess : bool or "force"
        True processes raw spectra, and refuses what does not look like one (see `maldinb.preprocessing`);
        "force" does not look. False takes intensities that are processed already, or peaks, as they are, and only sums
        them into bins; files that hold one number for each bin are taken as rows.
    bin_width : float
        Width of a bin in Da.
    align : bool, str or array_like
        Recalibrate each spectrum to housekeeping peaks before binning (see `maldinb.preprocessing.align`): the name of
        a species whose masses are known here, True for *Klebsiella pneumoniae*, or masses in Da that all isolates show.
        A spectrum that shows too few of them, such as one of another species, counts as one that cannot be used.
    dtype : {"float64", "float32"}
        Of the matrix. In float32, 100,000 spectra in 6000 bins take 2.4 GB of memory instead of 4.8; rows are computed
        in float64, and rounded.
    n_jobs : int, optional
        Threads or, from 1500 spectra on, processes; by default as many as there are cores to use. Within ``with
        joblib.parallel_config(backend=...)`` they run there, on a Dask cluster, say, that sees the same files.
    on_error : {"raise", "skip"}
        Whether spectra that cannot be used, and IDs found on one side only, stop the loading (all are named at once)
        or are left out and listed in ``info["left_out"]``. Up to 20 files that the table does not name, and that
        cannot be read as spectra, are taken for notes and never stop it.
    cache : bool
        Keep the rows in the cache, and take them from there for as long as neither the names, sizes and times of the
        files, nor options, nor code change: what you changed is what you get. The table is read anew every time. Rows
        are kept for a week after their last use, and in no more than 8 GiB; only you can read them. The cache lies in
        $MALDINB_CACHE_DIR, else in the system's place for caches.
    verbose : bool
        Show a progress bar.

    Returns
    -------
    SpectraDataset

    Raises
    ------
    DatasetError
        Names the file, line, column, label or IDs at fault.
    ValueError
        If an argument is out of range.

    Examples
    --------
    >>> import tempfile
    >>> from maldinb import write_simulated_archive
    >>> archive = write_simulated_archive(Path(tempfile.mkdtemp()) / "mine.tar", n_spectra=12)
    >>> data = load_spectra(archive, label="Meropenem", batch="City")
    >>> data
    SpectraDataset('mine.tar': 12 spectra x 6000 bins, batch: City, species: Species, isolate: not known)
    """
    dtype, align = check_options(intermediate, on_error, bin_width, align, preprocess, dtype)
    refuse_collection(spectra, raw=preprocess is not False, described=metadata is not None)
    files, inside = open_source(spectra)
    files, table, name = _choose_table(files, metadata, inside)
    antibiotics = () if label is None else (label,)
    roles = {"id": id, "batch": batch, "species": species, "isolate": isolate}
    if table is None:
        _refuse_columns({"label": label} | roles, spectra)
        meta, columns, taken = without_metadata([identifier for identifier, _, _ in files])
    else:
        meta, columns, taken = read_metadata(table, name, antibiotics=antibiotics, labels=labels, **roles)
    matrix, meta, left_out = assemble(
        files, meta, name, bin_width=bin_width, dtype=dtype, n_jobs=n_jobs, on_error=on_error, verbose=verbose,
        preprocess=preprocess, align=align, cache=spectra if cache else None,
    )  # fmt: skip
    source = Path(spectra).expanduser().absolute()
    return make_dataset(
        matrix, meta, name=source.name, antibiotic=label, antibiotics=antibiotics, bin_width=bin_width, columns=columns,
        labels=taken, intermediate=intermediate, left_out=left_out, preprocess=preprocess, align=align,
        source=str(source), metadata=name, formats=count_formats(files, meta),
    )  # fmt: skip


def _choose_table(files, metadata, inside):
    """The spectra, the table and its name: what is given goes before what lies beside the spectra; None without any."""
    if isinstance(metadata, pd.DataFrame):
        return files, metadata, "metadata"
    if metadata is not None:
        path = Path(metadata).expanduser()
        here = os.path.abspath(path)  # it may lie among the spectra, and have an ending that they have, too
        others = [one for one in files if one[1][-len(path.name) :] != path.name or os.path.abspath(one[1]) != here]
        return others, _read_file(path), str(path)
    if inside is not None:
        name, read = inside
        return files, read(), name
    return files, None, None


def _refuse_columns(named, spectra):
    asked = ", ".join(f"{option}={column!r}" for option, column in named.items() if column is not None)
    if asked:
        raise DatasetError(
            f"{spectra} holds no table, such as metadata.csv, in which to look for {asked}. Name one: metadata=..., or "
            "leave these out, and the spectra are loaded unlabelled"
        )


def _read_file(path):
    try:
        return path.read_bytes()
    except OSError as error:
        raise DatasetError(f"cannot read the metadata {path}: {error.strerror or error}") from None
