"""Where the resistance peaks of other worlds and of further hospitals are."""

import numpy as np

from .peaks import DOUBLE, INVENTED, markers_of
from .species import SPECIES_MZ

#: Shares of m/z that planted peaks keep from the species' and from each other. Those of the twin's cities do.
FROM_SPECIES, FROM_EACH_OTHER, FROM_FURTHER = 0.0033, 0.008, 0.004
PLACES = np.arange(3200.0, 11301.0)  # Da
REACH = (0.1, 0.2, 0.4, 1.0)  # how far a peak may move, a share of its m/z; further if there is no room


def far_from(taken, mz, share):
    """Whether each m/z is further than a share of itself from all those that are taken.

    Parameters
    ----------
    taken : sequence of float, not empty
        m/z in Da.
    mz : ndarray of float
    share : float

    Returns
    -------
    ndarray of bool
        Of the shape of `mz`.
    """
    return np.abs(mz[:, None] - np.asarray(taken)).min(axis=1) > share * mz


def moved(peaks, rng):
    """The same peaks at other m/z: not far away, so that heights stay plausible.

    Parameters
    ----------
    peaks : sequence of PlantedPeak
    rng : numpy.random.Generator

    Returns
    -------
    tuple of PlantedPeak
        In the same order. Doubly charged ones stay at half the m/z of the others.
    """
    return _placed(peaks, [], FROM_EACH_OTHER, rng)


def planted_of(hospital, planted, rng):
    """All resistance peaks, when a further hospital comes in.

    Parameters
    ----------
    hospital : Hospital
    planted : tuple of PlantedPeak
        Those of the others.
    rng : numpy.random.Generator

    Returns
    -------
    tuple of PlantedPeak
        What its kin shares with others shows here, too; to what is its kin's alone there are counterparts elsewhere.
    """
    own = [peak._replace(cities=(hospital.name,)) for peak in planted if peak.cities == (hospital.kin,)]
    shared = [
        peak._replace(cities=(*peak.cities, hospital.name))
        if hospital.kin in peak.cities and len(peak.cities) > 1
        else peak
        for peak in planted
    ]
    return (*shared, *_placed(own, [peak.mz for peak in planted], FROM_FURTHER, rng))


def _placed(peaks, others, apart, rng):
    """Peaks at new places; those of one marker move together, and those with two peaks, hard to place, move first."""
    members = {marker: sorted(p.mz for p in peaks if p.marker == marker) for marker in markers_of(peaks)}
    places = None
    while places is None:  # hardly ever more than once
        places = _drawn(members, others, apart, rng)
    return tuple(_at(peak, places[peak.marker], members[peak.marker]) for peak in peaks)


def _drawn(members, others, apart, rng):
    """m/z of the singly charged ion of each marker, or None if the last ones found no room."""
    places, taken = {}, list(others)
    for marker in sorted(members, key=lambda marker: -len(members[marker])):
        top, charges = members[marker][-1], range(1, len(members[marker]) + 1)
        for reach in REACH:
            near = PLACES[np.abs(PLACES - top) < reach * top]
            fits = np.ones(near.size, bool)
            for charge in charges:
                mz = _of_charge(near, charge)
                fits &= (mz >= PLACES[0]) & far_from(SPECIES_MZ, mz, FROM_SPECIES)
                fits &= far_from(taken, mz, apart) if taken else True
            if fits.any():
                break
        else:
            return None
        places[marker] = float(rng.choice(near[fits]))
        taken += [float(_of_charge(places[marker], charge)) for charge in charges]
    return places


def _of_charge(mz, charge):
    """m/z of the ion with so many protons, in Da and to half a Da, from that with one."""
    return (mz + charge - 1) / charge


def _at(peak, mz, before):
    """A peak of a marker at its new place; `before` are the old m/z of all peaks of the marker."""
    charge = len(before) - before.index(peak.mz)
    note = INVENTED + (DOUBLE if charge == 2 else "")
    return peak._replace(mz=_of_charge(mz, charge), marker=f"{mz:.0f}", note=note)
