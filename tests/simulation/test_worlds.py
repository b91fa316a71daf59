"""Other worlds: the same make-up at other m/z."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from maldinb.preprocessing import preprocess
from maldinb.simulation import Scenario, Simulation
from maldinb.simulation.species import SPECIES_MZ
from maldinb.simulation.world import CLEARANCE, N_ACCESSORY, make_world

worlds = st.integers(0, 2**128)


def distance(mz, others):
    """Of each m/z to the closest of others, itself excepted, as a share."""
    gap = np.abs(np.subtract.outer(mz, others))
    gap[gap == 0] = np.inf
    return gap.min(axis=1) / mz


@given(number=worlds, n_hospitals=st.integers(1, 8))
@example(number=2**128 - 1, n_hospitals=8)
@settings(max_examples=6, deadline=None)
def test_peaks_keep_clear_of_each_other_in_any_world(number, n_hospitals):
    world = make_world(number, n_hospitals)
    planted = np.array([peak.mz for peak in world.planted])
    assert distance(planted, SPECIES_MZ).min() > 0.0033 and len(np.unique(planted)) == len(planted)
    of_cities = planted[:41]
    assert distance(of_cities, of_cities).min() > 0.0079 and distance(planted, planted).min() > 0.0039
    assert len(world.accessory_mz) == N_ACCESSORY and distance(world.accessory_mz, planted).min() > CLEARANCE


@given(number=worlds, n_hospitals=st.integers(1, 8))
@settings(max_examples=6, deadline=None)
def test_doubly_charged_peaks_stay_at_half_the_place_of_their_partners(number, n_hospitals):
    planted = make_world(number, n_hospitals).planted
    partners = {}
    for peak in planted:
        partners.setdefault(peak.marker, []).append(peak)
    pairs = [sorted(pair, key=lambda peak: peak.mz) for pair in partners.values() if len(pair) > 1]
    assert len(pairs) >= 5
    for double, single in pairs:
        assert double.mz == (single.mz + 1) / 2 and double[2:6] == single[2:6]
        assert "doubly charged" in double.note and "doubly charged" not in single.note


@given(number=worlds.filter(bool))
@settings(max_examples=6, deadline=None)
def test_every_world_has_the_make_up_of_the_twin_at_other_places(number):
    twin, other = Simulation(12).planted, Simulation(12, world=number).planted
    columns = ["antibiotic", "effect", "cities", "share_S", "share_R"]
    assert Counter(twin[columns].itertuples(index=False)) == Counter(other[columns].itertuples(index=False))
    # no peak keeps its place, though here and there one may come to lie where another one was
    moved = {peak.marker for peak in make_world(number, 3).planted}
    assert len(set(twin["mz"]) & set(other["mz"])) <= 6 and "pKpQIL" not in moved
    assert other["note"].str.startswith("invented").all()


def test_a_world_is_the_same_each_time_and_for_every_seed():
    number = 2**127 + 12345
    first, again, other_seed = (Simulation(24, seed, world=number) for seed in (0, 0, 5))
    np.testing.assert_array_equal(first.raw(7)[1], again.raw(7)[1])
    assert first.planted.equals(other_seed.planted)
    assert not np.array_equal(first.raw(7)[1], other_seed.raw(7)[1])


@pytest.mark.parametrize("number", [1, 2**32, 2**64 + 1])
def test_worlds_are_told_apart_by_all_of_their_digits(number):
    assert not Simulation(12, world=number).planted.equals(Simulation(12, world=number + 2**64).planted)
    assert not Simulation(12, world=number).planted.equals(Simulation(12, world=number - 1).planted)


def test_accessory_peaks_are_elsewhere_too():
    twin, other = make_world(0, 3).accessory_mz, make_world(1, 3).accessory_mz
    assert np.isin(other, twin).sum() == 0


def test_planted_peaks_stand_out_in_another_world():
    """In Milan and Catania, whose peaks are in few susceptible and in most resistant isolates."""
    scenario = Scenario(sizes={"Rome": 1, "Milan": 500, "Catania": 500})
    simulation = Simulation(160, scenario=scenario, world=2026)
    rows = np.array([preprocess(*simulation.raw(i)) for i in range(160)])
    found = []
    for peak in simulation.planted.itertuples():
        for city in set(peak.cities.split(";")) - {"Rome"}:
            here, k = (simulation.meta["City"] == city).to_numpy(), int((peak.mz - 2000) / 3)
            height, resistant = rows[here, k - 2 : k + 3].sum(axis=1), simulation.meta.loc[here, peak.antibiotic] == "R"
            r, s = height[resistant.to_numpy()].mean(), height[~resistant.to_numpy()].mean()
            found.append((r > s) == (peak.effect == "up"))
    assert np.mean(found) > 0.85


@pytest.mark.parametrize("world", [-1, 1.5, "0", None, True])
def test_a_bad_world_is_named(world):
    with pytest.raises(ValueError, match="world is a whole number of at least 0"):
        Simulation(12, world=world)
