"""From m/z to proteins: two charges or one, what is known of the species, and what others have reported."""

import numpy as np
import pandas as pd

from ..arguments import positive
from ..simulation.species import SPECIES_MZ, SPECIES_NAMES
from .recovery import candidates

PROTON = 1.00728  # Da
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


def charge_partners(mz, *, ppm=1500.0):
    """Pairs of peaks that may be one protein with two charges and with one.

    A protein of mass M shows at M + 1.007 with one proton, and at (M + 2.015) / 2 with two.

    Parameters
    ----------
    mz : array_like, shape (n,)
        In Da.
    ppm : float
        How far, in parts per million, the doubled m/z may be off: two bins and two errors of calibration.

    Returns
    -------
    list of (int, int)
        Positions in `mz`: with two charges, with one. Of several that fit, the nearest.

    Raises
    ------
    ValueError
        If the tolerance is not above 0.

    Examples
    --------
    >>> charge_partners([4481.0, 11109.0, 5555.0])
    [(2, 1)]
    """
    mz, ppm = np.asarray(mz, float), positive(ppm, "ppm", what="a part per million")
    pairs = []
    for number, one in enumerate(mz):
        off = np.abs(mz - (2 * one - PROTON)) / mz * 1e6
        if len(off) and off.min() <= ppm:
            pairs.append((number, int(off.argmin())))
    return pairs


def seen_in_many(maps, mz, mean_map, k, *, apart=30.0, tolerance=12.0):
    """The first candidates of a mean map, and how many of the single maps have them among theirs.

    Parameters
    ----------
    maps : list of array_like, shape (n_bins,)
        One for each network.
    mz : array_like, shape (n_bins,)
        Lower edges of the bins, in Da.
    mean_map : Series or array_like, shape (n_bins,)
    k : int
        Candidates of each map.
    apart : float
        Candidates lie farther from each other than this, in Da: the shoulders of a peak, its satellites and its places
        in differently calibrated instruments are one finding.
    tolerance : float
        So near, in Da, two candidates are the same, and one is what is known of a place.

    Returns
    -------
    DataFrame
        A row for each candidate, the largest first: ``m/z``; ``speaks for`` (R or S, by the sign of the mean map);
        ``networks``, the share of the maps that have it; ``charge``, "2+ of ..." or "1+ of ..." where its partner is a
        candidate, too; ``species' own``, the protein of the species that has this m/z; ``reported``.

    Raises
    ------
    ValueError
        As in `candidates`.

    Examples
    --------
    >>> mz = np.arange(2000, 12000, 3.0)
    >>> one = np.where(abs(mz - 5554) < 2, 2.0, 0) + np.where(abs(mz - 11108) < 2, 1.0, 0)
    >>> table = seen_in_many([one, one], mz, one, 2)
    >>> table["charge"].tolist(), table["networks"].tolist()
    (['2+ of 11110', '1+ of 5556'], [1.0, 1.0])
    """
    first = candidates(mean_map, mz, k, tolerance=apart)
    each = [candidates(one, mz, k, tolerance=apart) for one in maps]
    sign = np.asarray(mean_map, float)[np.searchsorted(np.asarray(mz, float), first) - 1]
    table = pd.DataFrame(
        {
            "m/z": first,
            "speaks for": np.where(sign > 0, "R", "S"),
            "networks": [np.mean([np.abs(one - place).min() <= tolerance for one in each]) for place in first],
            "charge": "",
            "species' own": [_near(place, OF_THE_SPECIES, tolerance) for place in first],
            "reported": [_near(place, REPORTED, tolerance) for place in first],
        }
    )
    for two, one in charge_partners(first):
        table.loc[two, "charge"], table.loc[one, "charge"] = f"2+ of {first[one]:.0f}", f"1+ of {first[two]:.0f}"
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
