"""Who was measured: isolates and their clones, cities and resistances, and who carries which resistance peak."""

import numpy as np
import pandas as pd

from .hospitals import N_REAL, N_REAL_ISOLATES
from .peaks import markers_of

OTHER_SPECIES = {"Klebsiella variicola": 0.022, "Klebsiella oxytoca": 0.008, "Klebsiella aerogenes": 0.005}
PNEUMONIAE = "Klebsiella pneumoniae"


def draw_population(hospitals, planted, n_spectra, repeats, rng):
    """Draw the spectra's metadata and the isolates' resistance peaks.

    Parameters
    ----------
    hospitals : sequence of Hospital
    planted : sequence of PlantedPeak
    n_spectra : int
    repeats : bool
        Whether some isolates are measured twice.
    rng : numpy.random.Generator

    Returns
    -------
    meta : DataFrame, shape (n_spectra, 6)
        City, Species, Amikacin, Meropenem, Isolate, Clone; index ID.
    isolate : ndarray of int, shape (n_spectra,)
        Number of the isolate behind each spectrum.
    carries : ndarray of bool, shape (n_isolates, n_planted)
    """
    isolates, n_measured = draw_isolates(hospitals, n_spectra, repeats, rng)
    carries = draw_carriers(isolates, planted, rng)
    isolate = rng.permutation(np.repeat(np.arange(len(isolates)), n_measured))
    meta = isolates.iloc[isolate]
    meta.index = pd.Index([f"sim-{k:04d}" for k in range(1, n_spectra + 1)], name="ID", dtype="str")
    return meta, isolate, carries


def draw_isolates(hospitals, n_spectra, repeats, rng):
    """Return one row per isolate, and how often each is measured (once or twice)."""
    cells = [(hospital, profile) for hospital in hospitals for profile in hospital.counts]
    spectra = apportion([hospital.counts[profile] for hospital, profile in cells], n_spectra)
    share_twice = (N_REAL - N_REAL_ISOLATES) / N_REAL if repeats else 0
    twice = apportion(np.where(spectra > 1, spectra, 0), round(n_spectra * share_twice))
    rows, n_measured = [], []
    for (hospital, profile), n, n_twice in zip(cells, spectra, twice, strict=True):
        for k in range(n - n_twice):
            rows.append((hospital.name, *draw_lineage(hospital, profile, rng), *profile))
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


def draw_lineage(hospital, profile, rng):
    """Draw species and clone: some clones are more often resistant, but which ones differs between hospitals."""
    u = rng.random()
    for species, share in OTHER_SPECIES.items():
        if u < share:
            return species, species.split()[1]
        u -= share
    weights = np.array(hospital.clone_weights["R" if "R" in profile else "S"], float)
    return PNEUMONIAE, hospital.clones[rng.choice(len(weights), p=weights / weights.sum())]


def draw_carriers(isolates, planted, rng):
    """Draw which isolate carries which resistance marker; peaks of one marker (11109 and its 2+) go together."""
    markers = markers_of(planted)
    luck = rng.random((len(isolates), len(markers)))
    carries = np.empty((len(isolates), len(planted)), bool)
    for k, peak in enumerate(planted):
        dose = np.mean([isolates[drug] == "R" for drug in peak.antibiotics], axis=0)
        share = peak.share_s + (peak.share_r - peak.share_s) * dose
        here = isolates["City"].isin(peak.cities).to_numpy()
        share = np.where(here, share, min(peak.share_s, peak.share_r))
        carries[:, k] = luck[:, markers.index(peak.marker)] < share
    return carries
