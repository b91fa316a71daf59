"""MALDI-Kleb-AI: the real spectra, fetched once from Zenodo, verified and cached."""

import warnings
from pathlib import Path

import pooch

from .. import preprocessing
from ..arguments import choice
from ..formats import DatasetError, open_source
from .assembly import assemble, count_formats, make_dataset
from .cache import cache_folder, cache_key, cached, file_md5
from .matrix import check_options
from .metadata import read_metadata
from .registry import KLEB_AI

_TIMEOUT, _RETRIES = 30, 2  # seconds without an answer; further tries


def load_maldi_kleb_ai(
    antibiotic="Amikacin",
    *,
    intermediate="drop",
    bin_width=preprocessing.BIN_WIDTH,
    align=False,
    archive=None,
    cache_dir=None,
    n_jobs=None,
    on_error="raise",
    force_download=False,
    verbose=False,
):
    """Load MALDI-Kleb-AI, real MALDI-TOF spectra of *Klebsiella* isolates from three Italian hospitals.

    The first call downloads 370 MB, verifies them and bins the spectra in a few seconds; later calls take
    milliseconds and need no network.

    ============  =====================================================================================
    spectra       743, one per ID, from Rome (472), Milan (184) and Catania (87); mostly *K. pneumoniae*
    labels        R, S, I or missing for amikacin (741 labelled, 49.8 % R) and meropenem (738, 31.7 % R)
    not in it     patients, dates and isolates: repeats of an isolate cannot be recognised
    format        one tar archive of text files, m/z in Da and intensity in counts, and a metadata.csv
    origin        Rocchi et al. 2026, doi:10.5281/zenodo.17405072; paper doi:10.1186/s12866-025-04657-2
    licence       see the Zenodo record; cite both when you publish
    ============  =====================================================================================

    Parameters
    ----------
    antibiotic : {"Amikacin", "Meropenem"}
        Which label `binary_labels` takes by default; both are in ``meta``.
    intermediate : {"drop", "R", "S"}
        What `binary_labels` makes of I.
    bin_width : float
        Width of a bin in Da.
    align : bool, str or array_like
        Recalibrate each spectrum to housekeeping peaks before binning, as in `load_spectra`.
    archive : path-like, optional
        A copy of ``maldi-tof.tar`` that lies on this machine. No network is used then.
    cache_dir : path-like, optional
        By default $MALDINB_CACHE_DIR, else the system's place for caches.
    n_jobs : int, optional
        Threads for the first load; by default as many as there are cores to use.
    on_error : {"raise", "skip"}
        Whether spectra that cannot be used stop the loading (all are named at once) or are left out and listed in
        ``info["left_out"]``.
    force_download : bool
        Fetch the archive and bin the spectra again, whatever the cache holds.
    verbose : bool
        Say what is done and show progress. A download shows its progress in any case.

    Returns
    -------
    SpectraDataset
        ``X`` holds all 743 spectra; `binary_labels` drops those without a label. ``info["counts_as_published"]`` says
        whether the numbers of spectra per city and label are the published ones.

    Raises
    ------
    DatasetError
        If the archive cannot be fetched, is not the published one, or is damaged; if spectra or metadata are bad.
    ValueError
        If an argument is out of range.

    Examples
    --------
    >>> data = load_maldi_kleb_ai("Meropenem")  # doctest: +SKIP
    >>> data = load_maldi_kleb_ai(archive="maldi-tof.tar")  # doctest: +SKIP
    """
    choice(antibiotic, "antibiotic", KLEB_AI.antibiotics)
    _, align = check_options(intermediate, on_error, bin_width, align)
    if archive is not None and force_download:
        raise ValueError("archive= is a file on this machine: it excludes force_download=True")
    md5 = KLEB_AI.md5 if archive is None else file_md5(archive, cache_dir=cache_dir)

    def build():
        path = archive or _fetch(cache_folder(cache_dir) / "maldi-kleb-ai", force_download)
        if verbose:
            print(f"Reading {path} ...")
        files, inside = open_source(path)
        if inside is None:
            raise DatasetError(f"{path} holds no metadata.csv; is it {KLEB_AI.file} of doi:{KLEB_AI.doi}?")
        name, read = inside
        meta, columns, taken = read_metadata(
            read(), name, antibiotics=KLEB_AI.antibiotics, batch="City", species="Species"
        )
        matrix, meta, left_out = assemble(
            files, meta, name, bin_width=bin_width, align=align, n_jobs=n_jobs, on_error=on_error,
            verbose=verbose,
            # Verified to the last byte, so an ID on one side only is not the reader's mistake: it is noted, no more.
            unmatched="skip" if md5 == KLEB_AI.md5 else on_error,
        )  # fmt: skip
        found = {"columns": columns, "labels": taken, "left_out": left_out, "formats": count_formats(files, meta)}
        return matrix, meta, found | {"source": str(path), "metadata": name.rpartition(":")[2]}

    key = cache_key(md5=md5, bin_width=float(bin_width), align=align, on_error=on_error)
    matrix, meta, found = cached(KLEB_AI.name, key, build, cache_dir=cache_dir, rebuild=force_download)
    if archive is not None:
        found["source"] = str(Path(archive).expanduser().absolute())
    dataset = make_dataset(
        matrix, meta, name=KLEB_AI.title, antibiotic=antibiotic, antibiotics=KLEB_AI.antibiotics, bin_width=bin_width,
        align=align, intermediate=intermediate, record=KLEB_AI, md5=md5, **found,
    )  # fmt: skip
    _say_whether_counts_hold(dataset.info, verbose)
    return dataset


def _fetch(folder, force):
    """The path of the verified archive, downloaded if it is not there yet."""
    import requests  # a tenth of a second, for whoever downloads

    if force:
        (folder / KLEB_AI.file).unlink(missing_ok=True)
    reasons = []
    for source in KLEB_AI.sources:
        download = pooch.DOIDownloader if source.startswith("doi:") else pooch.HTTPDownloader
        store = pooch.create(
            folder, "", registry={KLEB_AI.file: f"md5:{KLEB_AI.md5}"}, urls={KLEB_AI.file: source},
            retry_if_failed=_RETRIES,
        )  # fmt: skip
        try:
            return store.fetch(KLEB_AI.file, downloader=download(progressbar=True, timeout=_TIMEOUT))
        except (requests.RequestException, ValueError) as error:  # ValueError: wrong hash, unknown DOI
            reasons.append(f"  {source}: {error}")
        except OSError as error:
            raise DatasetError(
                f"cannot write to {folder}: {error.strerror or error}. "
                "Choose another folder with cache_dir= or MALDINB_CACHE_DIR."
            ) from None
    raise DatasetError(
        f"{KLEB_AI.title} could not be fetched:\n" + "\n".join(reasons) + "\n"
        f"Check the network, or get {KLEB_AI.file} (MD5 {KLEB_AI.md5}) from https://doi.org/{KLEB_AI.doi} in a browser "
        "and pass archive=PATH. "
        'Without either, load_simulated() or load_dataset("simulated") needs no network.'
    )


def _say_whether_counts_hold(info, verbose):
    if info["md5"] != KLEB_AI.md5:
        warnings.warn(
            f"{info['source']} is not the published archive (MD5 {info['md5']}, published {KLEB_AI.md5}); "
            f"its counts are {'the' if info['counts_as_published'] else 'not the'} published ones",
            stacklevel=3,
        )
    elif not info["counts_as_published"]:
        warnings.warn(
            f"the numbers of spectra per city and label are not the published ones: {info['counts']}", stacklevel=3
        )
    elif verbose:
        print(f"{info['n_spectra']} spectra; the counts per city and label are the published ones.")
