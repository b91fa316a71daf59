"""The hospitals: how their laboratories measure, how many patients they have, and which clones circulate there."""

from dataclasses import dataclass

import numpy as np

from .species import CITIES, SPECIES_HEIGHT


@dataclass(frozen=True)
class Hospital:
    """A hospital with its laboratory.

    Attributes
    ----------
    name : str
    kin : str
        The city that it resembles; a city resembles itself.
    file_format : {"A", "R"}
        Kind of instrument: see `INSTRUMENTS`.
    offset : float
        Calibration error of the laboratory in ppm.
    minor : float
        How well the laboratory sees peaks that are not the species'.
    species_height : ndarray, shape (n_species,)
    accessory_spread : ndarray, shape (n_accessory,)
        Logarithm of the height of accessory peaks, relative to what is typical of their m/z.
    counts : dict
        Relative number of spectra by Amikacin and Meropenem ("-" = not tested).
    clones : tuple of str
    clone_weights : dict
        "S" or "R" -> how frequent each clone is among such isolates.
    """

    name: str
    kin: str
    file_format: str
    offset: float
    minor: float
    species_height: np.ndarray
    accessory_spread: np.ndarray
    counts: dict
    clones: tuple
    clone_weights: dict


PROFILES = ("RR", "RS", "SR", "SS", "S-", "R-", "-R", "-S")

#: Spectra by city, Amikacin and Meropenem ("-" = not tested). Sums per drug and city are those of the real set;
#: how the two drugs go together is not published, so the split is a plausible one.
COUNTS = {
    "Rome": {"RR": 118, "RS": 152, "SR": 14, "SS": 181, "S-": 2, "R-": 3, "-R": 1, "-S": 1},
    "Milan": {"RR": 17, "RS": 8, "SR": 13, "SS": 146},
    "Catania": {"RR": 65, "RS": 6, "SR": 6, "SS": 10},
}
N_REAL, N_REAL_ISOLATES = 743, 686

FORMATS = {"Rome": "R", "Milan": "A", "Catania": "A"}
MINOR = {"Rome": 0.45, "Milan": 1.0, "Catania": 1.0}  # how well the laboratory sees peaks that are not the species'
OFFSETS = {"Rome": 1000.0, "Milan": 0.0, "Catania": 0.0}  # ppm

NATIONAL = ("Italy-1", "Italy-2")  # clones that circulate in all hospitals
#: In order: the four clones of the city, and those that circulate in all.
CLONE_SHARES = {
    "S": {"Rome": (2, 3, 2, 1, 3, 1), "Milan": (3, 2, 2, 2, 1, 2), "Catania": (2, 2, 1, 2, 3, 1)},
    "R": {"Rome": (3, 2, 2, 1, 2, 2), "Milan": (2, 2, 2, 2, 3, 1), "Catania": (3, 2, 1, 2, 1, 2)},
}
#: Where clones do not differ, these circulate everywhere, with Rome's shares.
SHARED_CLONES = tuple(f"Italy-{k}" for k in range(1, 7))

#: How far an invented hospital is from the city that it resembles.
OFFSET_SD = 600.0  # ppm
HEIGHT_SD = 0.5  # of the logarithm of a species peak's height
SIZES = (87.0, 472.0)  # spectra
SHARES_R = (0.15, 0.8)


def own_clones(name):
    """Clones that circulate in one hospital only."""
    return tuple(f"{name.replace(' ', '-')}-{k}" for k in range(1, 5))


def real_city(name, accessory_spread):
    """One of the three cities of the real set."""
    return Hospital(
        name, name, FORMATS[name], OFFSETS[name], MINOR[name], SPECIES_HEIGHT[CITIES.index(name)], accessory_spread,
        COUNTS[name], own_clones(name) + NATIONAL, {label: CLONE_SHARES[label][name] for label in "SR"},
    )  # fmt: skip


def invented_hospital(name, accessory_spread, rng):
    """A hospital with the instrument of one of the cities, and with heights, patients and clones of its own."""
    kin = CITIES[rng.integers(len(CITIES))]
    height = SPECIES_HEIGHT[CITIES.index(kin)]
    size = np.exp(rng.uniform(*np.log(SIZES)))
    share_r = float(rng.uniform(*SHARES_R))
    return Hospital(
        name, kin, FORMATS[kin], float(rng.normal(0, OFFSET_SD)), MINOR[kin],
        height * np.exp(rng.normal(0, HEIGHT_SD, height.size)), accessory_spread,
        scaled(with_share_r(pooled_counts(), share_r), size), own_clones(name) + NATIONAL,
        {label: tuple(rng.integers(1, 4, 6).tolist()) for label in "SR"},
    )  # fmt: skip


def pooled_counts():
    """Spectra of all three cities by Amikacin and Meropenem."""
    return {profile: sum(counts.get(profile, 0) for counts in COUNTS.values()) for profile in PROFILES}


def scaled(counts, total):
    """The same shares of another total."""
    factor = total / sum(counts.values())
    return {profile: n * factor for profile, n in counts.items()}


def with_share_r(counts, share_r):
    """Counts with a share of R among those tested for each drug, and the two drugs going together as before."""
    counts = {profile: float(n) for profile, n in counts.items()}
    for _ in range(100):  # iterative proportional fitting
        for drug in (0, 1):
            of = {label: [p for p in counts if p[drug] == label] for label in "RS"}
            total = {label: sum(counts[p] for p in of[label]) for label in "RS"}
            for label, share in (("R", share_r), ("S", 1 - share_r)):
                for p in of[label]:
                    counts[p] *= share * (total["R"] + total["S"]) / total[label]
    return counts
