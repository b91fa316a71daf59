"""Go back from a row of the matrix to the raw spectrum that it came from."""

from functools import partial
from pathlib import Path

from ..formats import DatasetError, open_source
from ..formats.sources import named_spectra
from ..preprocessing import SpectrumError
from ..simulation import Simulation


def raw_readers(dataset):
    """How to read the raw spectra behind a data set.

    Parameters
    ----------
    dataset : SpectraDataset
        As a loader of this package returned it.

    Returns
    -------
    dict
        ID -> name for messages and a function that returns m/z and intensity, or raises SpectrumError or, if the file
        cannot be read any more, OSError. IDs may be missing of which there is no spectrum any more.

    Raises
    ------
    DatasetError
        If there never were raw spectra, or the folder or archive that they were loaded from is gone.

    Examples
    --------
    >>> from maldinb import load_simulated
    >>> name, read = raw_readers(load_simulated(n_spectra=24))["sim-0001"]
    >>> name, len(read())
    ('sim-0001', 2)
    """
    if drawn := dataset.info.get("simulation"):
        simulation = Simulation(**drawn)
        return {one: (one, partial(simulation.raw, i)) for i, one in enumerate(simulation.meta.index)}
    source = dataset.info.get("source")
    if dataset.info.get("matrix") or source is None:
        raise DatasetError(f"{dataset!r} was given as a matrix: there are no raw spectra behind its rows")
    if not Path(source).exists():
        raise DatasetError(
            f"the raw spectra are no longer at {source}; load the data set again from where they are now"
        )
    files = dataset.info.get("files")
    spectra = named_spectra(Path(source), files) if files else open_source(source)[0]
    return {identifier: (name, read) for identifier, name, read in spectra}


def raw_spectrum(dataset, identifier):
    """The raw spectrum behind a row of a data set.

    Parameters
    ----------
    dataset : SpectraDataset
        As a loader of this package returned it.
    identifier : str
        An ID, that is a label in the index of ``dataset.X``.

    Returns
    -------
    mz, intensity : ndarray, shape (n_points,)
        m/z in Da and intensity in counts, before any preprocessing.

    Raises
    ------
    KeyError
        If the data set has no such ID.
    DatasetError
        If the spectrum, or the folder or archive that it was loaded from, is gone, or can no longer be read; or if the
        data set never had raw spectra.

    Examples
    --------
    >>> from maldinb import load_simulated
    >>> data = load_simulated(n_spectra=24)
    >>> mz, intensity = raw_spectrum(data, "sim-0001")
    >>> mz.shape == intensity.shape, float(mz[0])
    (True, 1999.813)
    """
    if identifier not in dataset.X.index:
        raise KeyError(f"{dataset!r} has no spectrum {identifier!r}")
    readers = raw_readers(dataset)
    if identifier not in readers:
        raise DatasetError(
            f"the raw spectrum of {identifier!r} is no longer in {dataset.info['source']}; load the data set again"
        )
    name, read = readers[identifier]
    try:
        return read()
    except (SpectrumError, OSError) as error:
        raise DatasetError(f"{name}: {getattr(error, 'strerror', None) or error}") from error
