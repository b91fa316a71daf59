"""Spectra in, a matrix out: the real set, its simulated twin, and your own files."""

import os
from inspect import signature
from pathlib import Path

from ..formats import DatasetError
from .dataset import SpectraDataset
from .driams import load_driams
from .kleb_ai import load_maldi_kleb_ai
from .labels import binary_labels
from .layouts import layout_of
from .marisma import load_marisma
from .own import load_spectra
from .raw import raw_spectrum
from .registry import DRIAMS, KLEB_AI, MARISMA, SIMULATED, Record
from .simulated import load_simulated, write_simulated_archive

__all__ = [
    "DatasetError",
    "COLLECTIONS",
    "LOADERS",
    "Record",
    "SpectraDataset",
    "binary_labels",
    "load_dataset",
    "load_driams",
    "load_maldi_kleb_ai",
    "load_marisma",
    "load_simulated",
    "load_spectra",
    "raw_spectrum",
    "write_simulated_archive",
]

#: Name -> loader of each data set that has a name.
LOADERS = {SIMULATED.name: load_simulated, KLEB_AI.name: load_maldi_kleb_ai}
#: Name -> loader of each public collection that is recognised by its folders.
COLLECTIONS = {DRIAMS.name: load_driams, MARISMA.name: load_marisma}


def load_dataset(name=None, antibiotic="Amikacin", **options):
    """Load a data set by name: one switch for a whole lesson.

    Parameters
    ----------
    name : str or path-like, optional
        "simulated", "kleb-ai", or the path of your own folder or archive, which holds ``metadata.csv`` and
        spectra, as `load_spectra` reads them. A folder that is laid out as DRIAMS or MARISMa is recognised, and the
        data set's name says so. By default $MALDINB_DATASET, else "simulated".
    antibiotic : str or None
        The label to learn: "Amikacin" or "Meropenem", or a column of your own table. Of your own spectra, None loads
        them unlabelled.
    **options
        Passed on to `load_simulated`, `load_maldi_kleb_ai`, `load_driams`, `load_marisma` or `load_spectra`. None
        always stands for the default.

    Returns
    -------
    SpectraDataset

    Raises
    ------
    ValueError
        If there is no data set, folder or archive of that name, or if an option for your own spectra is given to a data
        set that has no use for it.

    Examples
    --------
    >>> load_dataset("simulated", "Meropenem", n_spectra=24)
    SpectraDataset('simulated': 24 spectra x 6000 bins, batch: City, species: Species, isolate: Isolate)
    """
    name = name or os.environ.get("MALDINB_DATASET") or SIMULATED.name
    options = {option: value for option, value in options.items() if value is not None}
    if name in LOADERS:
        return LOADERS[name](antibiotic, **_honoured(name, options))
    if Path(name).expanduser().exists():
        if record := layout_of(name):
            return COLLECTIONS[record.name](name, antibiotic, **options)
        return load_spectra(name, label=antibiotic, **options)
    known = ", ".join(map(repr, LOADERS))
    raise ValueError(f"unknown data set {str(name)!r}; choose one of {known}, or the path of a folder or archive")


def _honoured(name, options):
    """The options for a named data set: without those of `load_spectra` that it does not have, and that say nothing."""
    takes, own = signature(LOADERS[name]).parameters, signature(load_spectra).parameters
    strange = {option: value for option, value in options.items() if option in own and option not in takes}
    for option, value in strange.items():
        if not isinstance(value, (bool, str)) or value != own[option].default:
            raise ValueError(
                f"{option}={value!r} is for your own spectra, and {name!r} takes none: leave it out, or name a folder "
                "or archive"
            )
    return {option: value for option, value in options.items() if option not in strange}
