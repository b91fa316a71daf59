"""mzML and mzXML, one profile spectrum a file, read by pyteomics."""

import io
import re
import warnings
from importlib import import_module
from types import SimpleNamespace

import numpy as np

from ..preprocessing import SpectrumError
from .errors import DatasetError

_CENTROID = re.compile(rb'accession="MS:1000127"|<dataProcessing[^>]*\bcentroided="(1|true)"')


def parse_mzml(data):
    """Read the one spectrum of an mzML file.

    Parameters
    ----------
    data : bytes
        Content of the file.

    Returns
    -------
    mz, intensity : ndarray of float64, shape (n_points,)
        m/z in Da and intensity as written.
    about : dict
        ``format``.

    Raises
    ------
    SpectrumError
        If it is no such file, holds no spectrum or several, or a list of peaks (centroid data).
    DatasetError
        If pyteomics is not installed.

    Examples
    --------
    >>> parse_mzml(b"<mzML><run/></mzML>")
    Traceback (most recent call last):
    maldinb.preprocessing.spectrum.SpectrumError: the mzML file holds no spectra; one spectrum a file can be read
    """
    return _parse(data, "mzML", "mzml", "MzML")


def parse_mzxml(data):
    """Read the one spectrum of an mzXML file, as `parse_mzml` does.

    Examples
    --------
    >>> parse_mzxml(b"<mzXML><msRun/></mzXML>")
    Traceback (most recent call last):
    maldinb.preprocessing.spectrum.SpectrumError: the mzXML file holds no spectra; one spectrum a file can be read
    """
    return _parse(data, "mzXML", "mzxml", "MzXML")


def _parse(data, kind, module, reader):
    reader = _reader(kind, module, reader)
    if b"<!DOCTYPE" in data:
        raise SpectrumError(f"an {kind} file declares no DOCTYPE, and this one does")
    try:
        with reader(io.BytesIO(data), use_index=False, cv=_NoVocabulary()) as found:
            spectrum = next(found, None)
            count = (spectrum is not None) + sum(1 for _ in found)
    except Exception as error:  # of lxml, zlib, base64, pyteomics, NumPy: whatever a damaged file runs into
        if "psims" in str(error):  # which pyteomics 5 wants, and does not bring along by itself
            raise _missing(kind, error) from None
        raise SpectrumError(f"no whole {kind} file: {' '.join(str(error).split()) or type(error).__name__}") from None
    if count != 1:
        raise SpectrumError(f"the {kind} file holds {count or 'no'} spectra; one spectrum a file can be read")
    mz, intensity = (np.asarray(spectrum.get(f"{name} array", ()), dtype=float) for name in ("m/z", "intensity"))
    if mz.ndim != 1 or mz.shape != intensity.shape or not len(mz):
        raise SpectrumError(f"the spectrum of the {kind} file has {mz.size} m/z and {intensity.size} intensities")
    said = "profile spectrum" in spectrum or spectrum.get("centroided") is False
    if "centroid spectrum" in spectrum or spectrum.get("centroided") or (not said and _CENTROID.search(data)):
        raise SpectrumError(
            "centroid data: a list of peaks that somebody has picked, and no profile; export the profile spectrum"
        )
    return mz, intensity, {"format": kind}


def _reader(kind, module, name):
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "hdf5plugin")  # where h5py is installed: of a format that we do not read
            return getattr(import_module(f"pyteomics.{module}"), name)
    except ImportError as error:
        raise _missing(kind, error) from None


def _missing(kind, error):
    return DatasetError(f"{kind} files need pyteomics, and what it stands on ({error}): pip install maldinb[formats]")


class _NoVocabulary:
    """In place of the controlled vocabulary of mass spectrometry, which pyteomics would fetch from the network."""

    def __getitem__(self, accession):
        return SimpleNamespace(name=accession, relationship=())
