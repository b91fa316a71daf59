"""MALDI-Kleb-AI: the real spectra, fetched once from Zenodo, verified and cached."""

import warnings
from contextlib import suppress
from pathlib import Path

import pooch
import requests

from .. import preprocessing
from ..formats import DatasetError, open_source
from .cache import cache_folder, cache_key, cached, file_md5
from .matrix import check_on_error
from .metadata import read_metadata
from .own import assemble, make_dataset

DOI = "10.5281/zenodo.17405072"
ARCHIVE, MD5 = "maldi-tof.tar", "c14b6c6b4210553962faa7f1dc27d275"
#: Where the archive is looked for, in this order.
SOURCES = (f"doi:{DOI}/{ARCHIVE}", f"https://zenodo.org/records/17405072/files/{ARCHIVE}?download=1")
ANTIBIOTICS = ("Amikacin", "Meropenem")
_TIMEOUT, _RETRIES = 30, 2  # seconds without an answer; further tries

#: Published numbers of spectra: antibiotic -> city -> (S or I, R). Two and five spectra from Rome are unlabelled.
PUBLISHED_COUNTS = {
    "Amikacin": {"Catania": (16, 71), "Milan": (159, 25), "Rome": (197, 273)},
    "Meropenem": {"Catania": (16, 71), "Milan": (154, 30), "Rome": (334, 133)},
}
PUBLISHED_SPECTRA = 743


def load_maldi_kleb_ai(
    antibiotic="Amikacin",
    *,
    bin_width=preprocessing.BIN_WIDTH,
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
    bin_width : float
        Width of a bin in Da.
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
    """
    check_antibiotic(antibiotic)
    check_on_error(on_error)
    preprocessing.bin_edges(bin_width)  # an impossible width is refused before 370 MB are fetched
    if archive is not None and force_download:
        raise ValueError("archive= is a file on this machine: it excludes force_download=True")
    md5 = MD5 if archive is None else file_md5(archive, cache_dir=cache_dir)

    def build():
        path = archive or _fetch(cache_folder(cache_dir) / "maldi-kleb-ai", force_download)
        if verbose:
            print(f"Reading {path} ...")
        dataset = _from_archive(path, md5 == MD5, bin_width, n_jobs, on_error, verbose)
        return dataset.X.to_numpy(), dataset.meta, dataset.info | {"md5": md5}

    key = cache_key(md5=md5, bin_width=float(bin_width), on_error=on_error)
    matrix, meta, info = cached("kleb-ai", key, build, cache_dir=cache_dir, rebuild=force_download)
    info |= {} if archive is None else {"source": str(Path(archive).expanduser().absolute())}
    info |= {"antibiotic": antibiotic, "counts_as_published": counts_as_published(meta, info["counts"])}
    dataset = make_dataset(matrix, meta, bin_width, ANTIBIOTICS, info)
    _say_whether_counts_hold(info, verbose)
    return dataset


def check_antibiotic(antibiotic):
    """Refuse an antibiotic that the data set has no labels for."""
    if antibiotic not in ANTIBIOTICS:
        raise ValueError(f"unknown antibiotic {antibiotic!r}; choose one of {', '.join(ANTIBIOTICS)}")


def counts_as_published(meta, counts):
    """Whether the numbers of spectra, per city and label, are those of the published data set."""
    found = {
        antibiotic: {city: (n["S"] + n["I"], n["R"]) for city, n in cities.items()}
        for antibiotic, cities in counts.items()
    }
    return len(meta) == PUBLISHED_SPECTRA and found == PUBLISHED_COUNTS


def _fetch(folder, force):
    """The path of the verified archive, downloaded if it is not there yet."""
    if force:
        with suppress(FileNotFoundError):
            (folder / ARCHIVE).unlink()
    reasons = []
    for source in SOURCES:
        download = pooch.DOIDownloader if source.startswith("doi:") else pooch.HTTPDownloader
        store = pooch.create(
            folder, "", registry={ARCHIVE: f"md5:{MD5}"}, urls={ARCHIVE: source}, retry_if_failed=_RETRIES
        )
        try:
            return store.fetch(ARCHIVE, downloader=download(progressbar=True, timeout=_TIMEOUT))
        except (requests.RequestException, ValueError) as error:  # ValueError: wrong hash, unknown DOI
            reasons.append(f"  {source}: {error}")
        except OSError as error:
            raise DatasetError(
                f"cannot write to {folder}: {error.strerror or error}. "
                "Choose another folder with cache_dir= or MALDINB_CACHE_DIR."
            ) from None
    raise DatasetError(
        "MALDI-Kleb-AI could not be fetched:\n" + "\n".join(reasons) + "\n"
        f"Check the network, or get {ARCHIVE} (MD5 {MD5}) from https://doi.org/{DOI} in a browser and pass "
        "archive=PATH. "
        'Without either, load_simulated() or load_dataset("simulated") needs no network.'
    )


def _from_archive(path, published, bin_width, n_jobs, on_error, verbose):
    files, inside = open_source(path)
    if inside is None:
        raise DatasetError(f"{path} holds no metadata.csv; is it {ARCHIVE} of doi:{DOI}?")
    name, read = inside
    meta, columns = read_metadata(read(), name, labels=ANTIBIOTICS, batch="City", species="Species")
    info = {"name": "MALDI-Kleb-AI", "doi": DOI, "source": str(path), "published_archive": published}
    info |= {"columns": columns}
    return assemble(
        files, meta, name, bin_width=bin_width, n_jobs=n_jobs, on_error=on_error, verbose=verbose,
        antibiotics=ANTIBIOTICS, info=info,
        # Verified to the last byte, so an ID on one side only is not the reader's mistake: it is noted, no more.
        unmatched="skip" if published else on_error,
    )  # fmt: skip


def _say_whether_counts_hold(info, verbose):
    if not info["published_archive"]:
        warnings.warn(
            f"{info['source']} is not the published archive (MD5 {info['md5']}, published {MD5}); "
            f"its counts are {'the' if info['counts_as_published'] else 'not the'} published ones",
            stacklevel=3,
        )
    elif not info["counts_as_published"]:
        warnings.warn(
            f"the numbers of spectra per city and label are not the published ones: {info['counts']}", stacklevel=3
        )
    elif verbose:
        print(f"{PUBLISHED_SPECTRA} spectra; the counts per city and label are the published ones.")
