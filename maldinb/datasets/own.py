"""The analyst's own spectra: a folder or archive of them, and a table."""

from pathlib import Path

import pandas as pd

from .. import preprocessing
from ..arguments import choice
from ..formats import DatasetError, open_source
from .assembly import assemble, make_dataset
from .matrix import ON_ERROR
from .metadata import read_metadata


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
    """Load your own spectra: a folder, tar or zip archive of them, and a table that describes them.

    Spectra are files of two columns, m/z in Da and intensity, with the ending .txt, .csv, .tsv, .dat or .asc (and
    .gz after it, if you like); delimiter, header and encoding are recognised. They lie at the top, or in a folder
    ``spectra``. Or they are Bruker flex folders, which hold ``fid`` and ``acqus``, or .mzML and .mzXML files of one
    profile spectrum each, at any depth. Nothing is cached: what you changed is what you get.

    Parameters
    ----------
    spectra : path-like
        Folder or archive.
    metadata : path-like or DataFrame, optional
        Table with a column ``ID``, the file names without their endings; by default ``metadata.csv`` in `spectra`. The
        ID of a Bruker acquisition is the name of its sample's folder, and ``sample_position_run``, such as
        "922145_0_G10_1", where a sample has several.
    label : str, optional
        Column with R, S, I or blank, for example the name of an antibiotic. Without it, spectra are loaded unlabelled.
    batch : str, optional
        Column with the hospital, instrument or year; by default one that is called Batch, City, Hospital, Site,
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

    Examples
    --------
    >>> import tempfile
    >>> from maldinb import write_simulated_archive
    >>> archive = write_simulated_archive(Path(tempfile.mkdtemp()) / "mine.tar", n_spectra=12)
    >>> data = load_spectra(archive, label="Meropenem", batch="City")
    >>> data
    SpectraDataset('mine.tar': 12 spectra x 6000 bins, batch: City, species: Species, isolate: not known)
    """
    choice(on_error, "on_error", ON_ERROR)
    choice(preprocess, "preprocess", (True, False, "force"))
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
    antibiotics = () if label is None else (label,)
    meta, columns, taken = read_metadata(
        table, name, antibiotics=antibiotics, batch=batch, species=species, isolate=isolate
    )
    matrix, meta, left_out = assemble(
        files, meta, name, bin_width=bin_width, n_jobs=n_jobs, on_error=on_error, verbose=verbose, preprocess=preprocess
    )
    source = Path(spectra).expanduser().absolute()
    return make_dataset(
        matrix, meta, name=source.name, antibiotic=label, antibiotics=antibiotics, bin_width=bin_width, columns=columns,
        labels=taken, left_out=left_out, preprocess=preprocess, source=str(source),
    )  # fmt: skip


def _read_file(path):
    try:
        return path.read_bytes(), str(path)
    except OSError as error:
        raise DatasetError(f"cannot read the metadata {path}: {error.strerror or error}") from None
