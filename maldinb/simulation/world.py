"""One invented world: which peaks have to do with resistance, which are accessory, and which clones show them.

World 0 is the twin of the real set. The others have the same make-up at other m/z.
"""

from dataclasses import dataclass
from functools import lru_cache

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
    accessory_mz, accessory_height, accessory_spread : ndarray, shape (n_accessory,)
        In Da; typical of such m/z; logarithm of how far each is from that, where hospitals do not differ.
    accessory_share : dict
        Clone -> share of its isolates that have each of these peaks, shape (n_accessory,).
    """

    hospitals: tuple
    planted: tuple
    order: dict
    species_mz: dict
    accessory_mz: np.ndarray
    accessory_height: np.ndarray
    accessory_spread: np.ndarray
    accessory_share: dict


@lru_cache(maxsize=8)  # a lesson draws from a few worlds over and over
def make_world(number, n_hospitals):
    """The hospitals and peaks of a world.

    Parameters
    ----------
    number : int
        0 is the twin's.
    n_hospitals : int
        Whatever it is, the three cities stay what they are, but for accessory peaks that would pass for a planted one
        of a further hospital: these move.

    Returns
    -------
    World
    """
    planted = moved(PLANTED, _stream(number, "planted")) if number else PLANTED
    rng = _stream(number, "accessory")
    mz, spare = accessory_mz(planted, rng)
    spread = rng.normal(0, ACCESSORY_SD, mz.size)
    between = rng.normal(0, BETWEEN_SD, (len(CITIES), mz.size))
    hospitals = [real_city(name, spread + own) for name, own in zip(CITIES, between, strict=True)]
    for name in hospital_names(n_hospitals)[len(CITIES) :]:
        own = _stream(number, "hospital", len(hospitals))
        hospitals.append(invented_hospital(name, spread + own.normal(0, BETWEEN_SD, mz.size), own))
        planted = planted_of(hospitals[-1], planted, own)
    mz = out_of_the_way(mz, spare, planted)
    clones, markers = clones_of(hospitals), markers_of(planted)
    return World(
        hospitals=tuple(hospitals[:n_hospitals]),
        planted=planted,
        order=dict(zip(markers, _stream(number, "sharing").permutation(len(markers)).tolist(), strict=True)),
        species_mz=shifted_masses(clones, _stream(number, "clones")),
        accessory_mz=mz,
        accessory_height=ACCESSORY_HEIGHT * (5000 / mz) ** 1.5,
        accessory_spread=spread,
        accessory_share=accessory_shares(clones, mz.size, rng),
    )


def _stream(number, purpose, *more):
    """Random numbers for one purpose in one world."""
    key = STREAMS.index(purpose)
    if number == 0 and key < 2:  # the twin's are older than other worlds
        return np.random.default_rng(WORLD + key)
    return np.random.default_rng(np.random.SeedSequence(number, spawn_key=(WORLD, key, *more)))


def accessory_mz(planted, rng):
    """Invent places for the peaks of the accessory genome, and spare ones: m/z in Da, the former increasing."""
    mz = np.exp(rng.uniform(*np.log(ACCESSORY_RANGE), 6 * N_ACCESSORY))
    free = mz[far_from([*SPECIES_MZ, *(p.mz for p in planted)], mz, CLEARANCE)]  # no other may pass for a planted one
    return np.sort(free[:N_ACCESSORY]), free[N_ACCESSORY:]


def out_of_the_way(mz, spare, planted):
    """m/z of accessory peaks, with spare ones (if there are enough) for those that are too close to planted peaks."""
    places = [peak.mz for peak in planted]
    spare, wrong = spare[far_from(places, spare, CLEARANCE)], np.flatnonzero(~far_from(places, mz, CLEARANCE))
    mz = mz.copy()
    mz[wrong[: spare.size]] = spare[: wrong.size]
    return mz


def clones_of(hospitals):
    """Names of all clones, those of the cities first: who is drawn later does not change what was drawn before."""
    cities, invented = hospitals[: len(CITIES)], hospitals[len(CITIES) :]
    names = [clone for hospital in cities for clone in hospital.clones]
    names += [*(species.split()[1] for species in OTHER_SPECIES), *SHARED_CLONES]
    return list(dict.fromkeys(names + [clone for hospital in invented for clone in hospital.clones]))


def accessory_shares(clones, n, rng):
    """Share of a clone's isolates that have each of `n` accessory peaks: dict of str -> ndarray, shape (n,)."""
    common = rng.random(n) < ACCESSORY_COMMON
    has = {clone: common | (rng.random(n) < 0.4) for clone in clones}
    return {clone: np.where(its_own, ACCESSORY_HERE, ACCESSORY_ELSEWHERE) for clone, its_own in has.items()}


def shifted_masses(clones, rng):
    """m/z of the species' peaks in each clone: dict of str -> ndarray, shape (n_species,)."""
    masses = {}
    for clone in clones:
        masses[clone] = SPECIES_MZ.copy()
        for name in VARIABLE:
            if rng.random() < 0.12:
                masses[clone][SPECIES_NAMES.index(name)] += rng.choice(VARIANTS)
    return masses
