"""A data set by its name or path: which of the loaders it takes."""

import os
from inspect import signature
from numbers import Real
from pathlib import Path

from .driams import load_driams
from .kleb_ai import load_maldi_kleb_ai
from .layouts import layout_of
from .marisma import load_marisma
from .matrix_file import load_matrix
from .own import load_spectra
from .registry import DRIAMS, KLEB_AI, MARISMA, SIMULATED
from .simulated import load_simulated

#: Name -> loader of each data set that has a name.
LOADERS = {SIMULATED.name: load_simulated, KLEB_AI.name: load_maldi_kleb_ai}
#: Name -> loader of each public collection that is recognised by its folders.
COLLECTIONS = {DRIAMS.name: load_driams, MARISMA.name: load_marisma}

TABLES = (".csv", ".tsv", ".txt")


def load_dataset(name=None, antibiotic="Amikacin", **options):
    """Load a data set by name: one switch for a whole lesson.

    Parameters
    ----------
    name : str or path-like, optional
        "simulated", "kleb-ai", or the path of your own folder or archive, which holds ``metadata.csv`` and
        spectra, as `load_spectra` reads them; or of a table (.csv, .tsv) of isolates x bins or peaks, as `load_matrix`
        reads it. A folder that is laid out as DRIAMS or MARISMa is recognised, and the data set's name says so. By
        default $MALDINB_DATASET, else "simulated".
    antibiotic : str or None
        The label to learn: "Amikacin" or "Meropenem", or a column of your own table. Of your own spectra, None loads
        them unlabelled.
    **options
        Passed on to `load_simulated`, `load_maldi_kleb_ai`, `load_driams`, `load_marisma`, `load_spectra` or
        `load_matrix`. None always stands for the default.

    Returns
    -------
    SpectraDataset

    Raises
    ------
    ValueError
        If there is no data set, folder, archive or table of that name, or if an option for your own spectra is given to
        a data set that has no use for it.

    Examples
    --------
    >>> load_dataset("simulated", "Meropenem", n_spectra=24)
    SpectraDataset('simulated': 24 spectra x 6000 bins, batch: City, species: Species, isolate: Isolate)
    """
    name = name or os.environ.get("MALDINB_DATASET") or SIMULATED.name
    options = {option: value for option, value in options.items() if value is not None}
    if name in LOADERS:
        return LOADERS[name](antibiotic, **_honoured(LOADERS[name], name, options))
    path = Path(name).expanduser()
    if is_table(path):
        return load_matrix(path, antibiotic, **_honoured(load_matrix, path.name, options))
    if path.exists():
        if record := layout_of(name):
            return COLLECTIONS[record.name](name, antibiotic, **options)
        return load_spectra(name, label=antibiotic, **options)
    known = ", ".join(map(repr, LOADERS))
    raise ValueError(
        f"unknown data set {str(name)!r}; choose one of {known}, or the path of a folder, archive or table"
    )


def is_table(path):
    """Whether a path is that of a table of isolates x bins or peaks, by its name.

    Parameters
    ----------
    path : str or path-like

    Returns
    -------
    bool

    Examples
    --------
    >>> is_table("no such table.csv")
    False
    """
    path = Path(path).expanduser()
    return path.is_file() and path.name.lower().removesuffix(".gz").endswith(TABLES)


def _honoured(loader, name, options):
    """The options for such a data set: without those of `load_spectra` that it does not have, and that say nothing."""
    takes, own = signature(loader).parameters, signature(load_spectra).parameters
    strange = {option: value for option, value in options.items() if option in own and option not in takes}
    for option, value in strange.items():
        plain = isinstance(value, (bool, str, Real))  # a table is compared with nothing
        if option != "verbose" and not (plain and value == own[option].default):
            raise ValueError(
                f"{option}={value!r} is for your own spectra, and {name!r} takes none: leave it out, or name a folder "
                "or archive"
            )
    return {option: value for option, value in options.items() if option not in strange}
