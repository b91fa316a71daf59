"""Switch causes off: what is left of the differences between hospitals in a scenario."""

from dataclasses import replace

from .hospitals import CLONE_SHARES, MINOR, SHARED_CLONES, pooled_counts, scaled, with_share_r
from .species import CITIES, SPECIES_HEIGHT

SAME_FORMAT = "A"
SAME_MINOR = sum(MINOR.values()) / len(MINOR)
SHARED_FROM = CITIES[0]  # whose resistance peaks are in all hospitals where biology is shared


def hospitals_in(scenario, world):
    """The hospitals of a world, as alike as the scenario has them.

    Parameters
    ----------
    scenario : Scenario
    world : World

    Returns
    -------
    tuple of Hospital
    """
    return tuple(_hospital_in(scenario, world, hospital) for hospital in world.hospitals)


def _hospital_in(scenario, world, hospital):
    name, heights = hospital.name, scenario.heights
    changes = {
        "offset": scenario.offset_ppm.get(name, scenario.calibration * hospital.offset),
        "counts": _counts_in(scenario, hospital),
        "minor": blend(hospital.minor, SAME_MINOR, heights),
        "species_height": blend(hospital.species_height, SPECIES_HEIGHT.mean(axis=0), heights),
        "accessory_spread": blend(hospital.accessory_spread, world.accessory_spread, heights),
    }
    if not scenario.instrument:
        changes["file_format"] = SAME_FORMAT
    if not scenario.clones:
        weights = {label: shares[SHARED_FROM] for label, shares in CLONE_SHARES.items()}
        changes |= {"clones": SHARED_CLONES, "clone_weights": weights}
    return replace(hospital, **changes)


def blend(own, same, degree):
    """What is one's own to a degree, and the same everywhere for the rest; at 1 one's own to the last bit."""
    return degree * own + (1 - degree) * same


def _counts_in(scenario, hospital):
    size, pooled = sum(hospital.counts.values()), pooled_counts()
    same = scaled(pooled, size)
    counts = {profile: blend(hospital.counts.get(profile, 0), same[profile], scenario.prevalence) for profile in pooled}
    if hospital.name in scenario.resistant:
        counts = with_share_r(counts, scenario.resistant[hospital.name])
    counts = scaled(counts, scenario.sizes.get(hospital.name, size))
    return {profile: n for profile, n in counts.items() if n > 0}


def planted_in(scenario, world):
    """The resistance peaks of a world, and where they have to do with resistance in this scenario.

    A hospital's own peaks give way to those of Rome, of each antibiotic the same share, one by one in an order that the
    world has: so what is shared at some degree is shared at every lower one.

    Parameters
    ----------
    scenario : Scenario
    world : World

    Returns
    -------
    tuple of PlantedPeak
        All of the world, in its order. Their `cities` are hospitals of the scenario, and may be none.
    """
    active = {hospital.name: _active(scenario.biology, world, hospital.name) for hospital in world.hospitals}
    return tuple(
        peak._replace(cities=tuple(name for name, markers in active.items() if peak.marker in markers))
        for peak in world.planted
    )


def _active(biology, world, hospital):
    """Markers that have to do with resistance in one hospital."""
    chosen = set()
    for antibiotics in dict.fromkeys(peak.antibiotics for peak in world.planted):
        peaks = sorted((p for p in world.planted if p.antibiotics == antibiotics), key=lambda p: world.order[p.marker])
        here = dict.fromkeys(p.marker for p in peaks if hospital in p.cities)
        rome = dict.fromkeys(p.marker for p in peaks if SHARED_FROM in p.cities)
        own, foreign = [m for m in here if m not in rome], [m for m in rome if m not in here]
        chosen |= set(here) - set(own) | set(own[: round(biology * len(own))])
        chosen |= set(foreign[: round((1 - biology) * len(foreign))])
    return chosen
