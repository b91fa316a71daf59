"""One invented world: which peaks have to do with resistance, which are accessory, and which clones show them.

World 0 is the twin of the real set. The others have the same make-up at other m/z.
"""

from dataclasses import dataclass, replace

import numpy as np

from .hospitals import SHARED_CLONES, invented_hospital, real_city
from .peaks import PLANTED, markers_of
from .placement import far_from, moved, planted_of
from .population import OTHER_SPECIES
from .scenario import hospital_names
from .species import CITIES, SPECIES_MZ, SPECIES_NAMES

N_ACCESSORY, ACCESSORY_RANGE, CLEARANCE = 150, (2150.0, 11500.0), 0.004  # number, Da, share of m/z
ACCESSORY_HEIGHT = 0.06  # typical, at 5 kDa
ACCESSORY_SD, BETWEEN_SD = 0.5, 0.22  # of the logarithm of a height: of peaks, and of one peak between hospitals
ACCESSORY_COMMON = 0.4  # of the accessory peaks are in all clones
ACCESSORY_HERE, ACCESSORY_ELSEWHERE = 0.9, 0.08  # share of isolates, in clones that have the others or lack them
WORLD = 17405072  # seeds what is the same in every simulation

#: Ribosomal proteins that differ by a few amino acids between clones, and by how much (Da).
VARIABLE = ("L36", "L35", "L29", "S21", "L28", "HU-alpha", "S20", "S19")
VARIANTS = (14.0, -14.0, 28.0, 1.0)

STREAMS = ("accessory", "clones", "planted", "sharing", "hospital")


@dataclass(frozen=True)
class World:
    """What is the same in every simulation of a world.

    Attributes
    ----------
    hospitals : tuple of Hospital
    planted : tuple of PlantedPeak
    order : dict
        Marker -> its place when some are shared between hospitals and others are not.
    species_mz : dict
        Clone -> m/z of the species' peaks in Da, shape (n_species,).
    accessory_mz, accessory_height : ndarray, shape (n_accessory,)
        In Da, increasing; heights where they do not differ between hospitals.
    accessory_share : dict
        Clone -> share of its isolates that have each of these peaks, shape (n_accessory,).
    """

    hospitals: tuple
    planted: tuple
    order: dict
    species_mz: dict
    accessory_mz: np.ndarray
    accessory_height: np.ndarray
    accessory_share: dict


def make_world(number, n_hospitals):
    """The hospitals and peaks of a world.

    Parameters
    ----------
    number : int
        0 is the twin's.
    n_hospitals : int
        Whatever it is, the three cities stay what they are, but for accessory peaks that would pass for a planted one
        of a further hospital: these are left out.

    Returns
    -------
    World
    """
    planted = moved(PLANTED, _stream(number, "planted")) if number else PLANTED
    rng = _stream(number, "accessory")
    mz = accessory_mz(planted, rng)
    spread = rng.normal(0, ACCESSORY_SD, mz.size)
    typical = ACCESSORY_HEIGHT * (5000 / mz) ** 1.5
    heights = typical * np.exp(spread + rng.normal(0, BETWEEN_SD, (len(CITIES), mz.size)))
    hospitals = [real_city(name, height) for name, height in zip(CITIES, heights, strict=True)]
    for name in hospital_names(n_hospitals)[len(CITIES) :]:
        own = _stream(number, "hospital", len(hospitals))
        hospitals.append(invented_hospital(name, typical * np.exp(spread + own.normal(0, BETWEEN_SD, mz.size)), own))
        planted = planted_of(hospitals[-1], planted, own)
    clones = clones_of(hospitals)
    share = accessory_shares(clones, mz.size, rng)
    free = far_from([peak.mz for peak in planted], mz, CLEARANCE)
    markers = markers_of(planted)
    return World(
        tuple(replace(one, accessory_height=one.accessory_height[free]) for one in hospitals[:n_hospitals]),
        planted,
        dict(zip(markers, _stream(number, "sharing").permutation(len(markers)).tolist(), strict=True)),
        shifted_masses(clones, _stream(number, "clones")),
        mz[free],
        (typical * np.exp(spread))[free],
        {clone: shares[free] for clone, shares in share.items()},
    )


def _stream(number, purpose, *more):
    """Random numbers for one purpose in one world."""
    key = STREAMS.index(purpose)
    if number == 0 and key < 2:  # the twin's are older than other worlds
        return np.random.default_rng(WORLD + key)
    return np.random.default_rng(np.random.SeedSequence(number, spawn_key=(WORLD, key, *more)))


def accessory_mz(planted, rng):
    """Invent the places of the accessory genome's peaks: m/z in Da, increasing, shape (N_ACCESSORY,)."""
    mz = np.exp(rng.uniform(*np.log(ACCESSORY_RANGE), 6 * N_ACCESSORY))
    free = far_from([*SPECIES_MZ, *(p.mz for p in planted)], mz, CLEARANCE)  # no other may pass for a planted one
    return np.sort(mz[free][:N_ACCESSORY])


def clones_of(hospitals):
    """Names of all clones, those of the cities first: who is drawn later does not change what was drawn before."""
    cities, invented = hospitals[: len(CITIES)], hospitals[len(CITIES) :]
    names = [clone for hospital in cities for clone in hospital.clones]
    names += [*(species.split()[1] for species in OTHER_SPECIES), *SHARED_CLONES]
    return list(dict.fromkeys(names + [clone for hospital in invented for clone in hospital.clones]))


def accessory_shares(clones, n, rng):
    """Share of a clone's isolates that have each of `n` accessory peaks: dict of str -> ndarray, shape (n,)."""
    common = rng.random(n) < ACCESSORY_COMMON
    share = {}
    for clone in clones:
        has = common | (rng.random(n) < 0.4)
        share[clone] = np.where(has, ACCESSORY_HERE, ACCESSORY_ELSEWHERE)
    return share


def shifted_masses(clones, rng):
    """m/z of the species' peaks in each clone: dict of str -> ndarray, shape (n_species,)."""
    masses = {}
    for clone in clones:
        masses[clone] = SPECIES_MZ.copy()
        for name in VARIABLE:
            if rng.random() < 0.12:
                masses[clone][SPECIES_NAMES.index(name)] += rng.choice(VARIANTS)
    return masses
