"""From m/z to proteins: what is known of the species, what others have reported, and what was planted."""

import numpy as np
import pandas as pd

from ..arguments import positive
from ..simulation.species import SPECIES_MZ, SPECIES_NAMES
from .peaks import charge_partners

#: m/z in Da -> what has been reported of resistant *K. pneumoniae* there. None of it proves a cause.
REPORTED = {
    4481.0: "higher in R, MALDI-Kleb-AI",
    4523.0: "higher in R, MALDI-Kleb-AI",
    4708.0: "higher in R, MALDI-Kleb-AI",
    5561.0: "higher in R, MALDI-Kleb-AI; 11109 with two charges",
    6473.0: "lower in R, MALDI-Kleb-AI",
    7673.0: "lower in R, MALDI-Kleb-AI",
    8252.0: "lower in R, MALDI-Kleb-AI",
    11109.0: "higher in R, MALDI-Kleb-AI; KPC plasmid, Gaibani 2016",
}
#: m/z in Da -> the protein of the species, where it is known.
OF_THE_SPECIES = {mz: name or "a peak of the species" for mz, name in zip(SPECIES_MZ, SPECIES_NAMES, strict=True)}


def what_is_known(mz, *, tolerance=12.0):
    """What a biologist would ask of some places: two charges or one, a protein of the species, reported before?

    Parameters
    ----------
    mz : array_like, shape (n,)
        In Da.
    tolerance : float
        A place is one that is known if it lies so near to it, in Da.

    Returns
    -------
    DataFrame
        A row for each place: ``charge``, "2+ of ..." or "1+ of ..." where its partner is among them, too; ``species'
        own``, the protein of *K. pneumoniae* that has this m/z; ``reported``. Empty texts where nothing is known.

    Raises
    ------
    ValueError
        If an m/z is not a finite number above 0.

    Examples
    --------
    >>> what_is_known([11110, 5556, 4365])["charge"].tolist()
    ['1+ of 5556', '2+ of 11110', '']
    """
    mz, tolerance = np.asarray(mz, float), positive(tolerance, "tolerance", what="a distance in Da")
    table = pd.DataFrame(
        {
            "charge": "",
            "species' own": [_near(place, OF_THE_SPECIES, tolerance) for place in mz],
            "reported": [_near(place, REPORTED, tolerance) for place in mz],
        }
    )
    for two, one in charge_partners(mz):
        table.loc[two, "charge"], table.loc[one, "charge"] = f"2+ of {mz[one]:.0f}", f"1+ of {mz[two]:.0f}"
    return table


def planted_for(mz, planted, *, ppm=1500.0, tolerance=12.0):
    """For which antibiotics a resistance peak was planted near each place.

    Parameters
    ----------
    mz : array_like, shape (n,)
        In Da.
    planted : DataFrame
        With the columns ``mz`` and ``antibiotic``, as ``info["planted"]`` of the simulated spectra.
    ppm, tolerance : float
        A place belongs to a peak within the larger of the two, in parts per million and in Da: calibration errors grow
        with m/z.

    Returns
    -------
    list of str
        Names in alphabetical order, separated by commas; empty where nothing was planted.

    Examples
    --------
    >>> planted = pd.DataFrame({"mz": [5000.0, 5000.0, 11109.0], "antibiotic": ["B", "A", "A"]})
    >>> planted_for([5010, 11122, 11140], planted)
    ['A, B', 'A', '']
    """
    peaks, drugs = planted["mz"].to_numpy(float), planted["antibiotic"].to_numpy()
    reach = np.maximum(tolerance, peaks * ppm / 1e6)
    return [", ".join(sorted(set(drugs[np.abs(peaks - place) <= reach]))) for place in np.asarray(mz, float)]


def _near(place, known, tolerance):
    """What is known of the nearest place, if it is near enough; empty if nothing is."""
    mz = np.array(list(known))
    nearest = np.abs(mz - place).argmin()
    return list(known.values())[nearest] if abs(mz[nearest] - place) <= tolerance else ""
