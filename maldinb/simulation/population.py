"""Who was measured: isolates and their clones, cities and resistances, and who carries which resistance peak."""

import numpy as np
import pandas as pd

from .peaks import PLANTED
from .species import CITIES

N_REAL, N_REAL_ISOLATES = 743, 686

#: Spectra by city, Amikacin and Meropenem ("" = not tested). Sums per drug and city are those of the real set;
#: how the two drugs go together is not published, so the split is a plausible one.
COUNTS = {
    "Rome": {"RR": 118, "RS": 152, "SR": 14, "SS": 181, "S-": 2, "R-": 3, "-R": 1, "-S": 1},
    "Milan": {"RR": 17, "RS": 8, "SR": 13, "SS": 146},
    "Catania": {"RR": 65, "RS": 6, "SR": 6, "SS": 10},
}

#: Clones of a city, in order of frequency; the last two circulate in all three.
CLONES = {city: [f"{city}-{k}" for k in "1234"] + ["Italy-1", "Italy-2"] for city in CITIES}
CLONE_SHARES = {
    "S": {"Rome": (2, 3, 2, 1, 3, 1), "Milan": (3, 2, 2, 2, 1, 2), "Catania": (2, 2, 1, 2, 3, 1)},
    "R": {"Rome": (3, 2, 2, 1, 2, 2), "Milan": (2, 2, 2, 2, 3, 1), "Catania": (3, 2, 1, 2, 1, 2)},
}
OTHER_SPECIES = {"Klebsiella variicola": 0.022, "Klebsiella oxytoca": 0.008, "Klebsiella aerogenes": 0.005}
PNEUMONIAE = "Klebsiella pneumoniae"


def draw_population(n_spectra, rng):
    """Draw the spectra's metadata and the isolates' resistance peaks.

    Parameters
    ----------
    n_spectra : int
    rng : numpy.random.Generator

    Returns
    -------
    meta : DataFrame, shape (n_spectra, 6)
        City, Species, Amikacin, Meropenem, Isolate, Clone; index ID.
    isolate : ndarray of int, shape (n_spectra,)
        Number of the isolate behind each spectrum.
    carries : ndarray of bool, shape (n_isolates, n_planted)
    """
    isolates, n_measured = draw_isolates(n_spectra, rng)
    carries = draw_carriers(isolates, rng)
    isolate = rng.permutation(np.repeat(np.arange(len(isolates)), n_measured))
    meta = isolates.iloc[isolate]
    meta.index = pd.Index([f"sim-{k:04d}" for k in range(1, n_spectra + 1)], name="ID", dtype="str")
    return meta, isolate, carries


def draw_isolates(n_spectra, rng):
    """Return one row per isolate, and how often each is measured (once or twice)."""
    cells = [(city, profile) for city, cell in COUNTS.items() for profile in cell]
    spectra = apportion([COUNTS[city][profile] for city, profile in cells], n_spectra)
    repeats = apportion(np.where(spectra > 1, spectra, 0), round(n_spectra * (N_REAL - N_REAL_ISOLATES) / N_REAL))
    rows, n_measured = [], []
    for (city, profile), n, n_twice in zip(cells, spectra, repeats, strict=True):
        for k in range(n - n_twice):
            rows.append((city, *draw_lineage(city, profile, rng), *profile))
            n_measured.append(2 if k < n_twice else 1)
    table = pd.DataFrame(rows, columns=["City", "Species", "Clone", "Amikacin", "Meropenem"])
    table["Isolate"] = [f"isolate-{k:04d}" for k in rng.permutation(len(table)) + 1]
    table = table[["City", "Species", "Amikacin", "Meropenem", "Isolate", "Clone"]].astype("str")
    return table.mask(table == "-"), n_measured


def apportion(shares, total):
    """Split `total` in proportion to `shares` into whole numbers (largest remainder)."""
    exact = np.asarray(shares) * (total / np.sum(shares))
    whole = np.floor(exact + 1e-9).astype(int)
    order = np.argsort(whole - exact, kind="stable")
    whole[order[: total - whole.sum()]] += 1
    return whole


def draw_lineage(city, profile, rng):
    """Draw species and clone: some clones are more often resistant, but which ones differs between cities."""
    u = rng.random()
    for species, share in OTHER_SPECIES.items():
        if u < share:
            return species, species.split()[1]
        u -= share
    weights = np.array(CLONE_SHARES["R" if "R" in profile else "S"][city], float)
    return PNEUMONIAE, CLONES[city][rng.choice(len(weights), p=weights / weights.sum())]


def draw_carriers(isolates, rng):
    """Draw which isolate carries which resistance marker; peaks of one marker (11109 and its 2+) go together."""
    markers = list(dict.fromkeys(p.marker for p in PLANTED))
    luck = rng.random((len(isolates), len(markers)))
    carries = np.empty((len(isolates), len(PLANTED)), bool)
    for k, peak in enumerate(PLANTED):
        dose = np.mean([isolates[drug] == "R" for drug in peak.antibiotics], axis=0)
        share = peak.share_s + (peak.share_r - peak.share_s) * dose
        here = isolates["City"].isin(peak.cities).to_numpy()
        share = np.where(here, share, min(peak.share_s, peak.share_r))
        carries[:, k] = luck[:, markers.index(peak.marker)] < share
    return carries
