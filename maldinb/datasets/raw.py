"""Go back from a row of the matrix to the raw spectrum that it came from."""

from pathlib import Path

from ..formats import DatasetError, open_source, read_spectrum
from ..preprocessing import SpectrumError
from ..simulation import Simulation


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
        If the spectrum, or the folder or archive that it was loaded from, is gone, or can no longer be read.

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
    if drawn := dataset.info["simulation"]:
        simulation = Simulation(**drawn)
        return simulation.raw(simulation.meta.index.get_loc(identifier))
    source = dataset.info["source"]
    if not Path(source).exists():
        raise DatasetError(
            f"the raw spectra are no longer at {source}; load the data set again from where they are now"
        )
    if files := dataset.info["files"]:
        return read_spectrum(Path(source) / files[identifier])[:2]
    for found, name, read in open_source(source)[0]:
        if found == identifier:
            try:
                return read()
            except SpectrumError as error:
                raise DatasetError(f"{name}: {error}") from error
    raise DatasetError(f"the raw spectrum of {identifier!r} is no longer in {source}; load the data set again")
