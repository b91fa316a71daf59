"""Scenarios: each cause can go, alone and with others, and what is said to differ or not to differ is true."""

import hashlib
import json
import pickle
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maldinb.preprocessing import preprocess, smooth
from maldinb.simulation import CAUSES, SCENARIOS, Scenario, Simulation, as_scenario, scenario_table

CITIES = ("Rome", "Milan", "Catania")
HOSPITALS = (*CITIES, *(f"Hospital {k}" for k in range(4, 9)))
#: Number of spectra, seed -> hash of what was drawn when there were no scenarios yet.
DEFAULTS = {(743, 0): "9674d3fc5a3e45d9", (100, 5): "3e57cd80e9fa75aa", (30, 2**70): "5757a6bdd598bc8d"}


@st.composite
def scenarios(draw):
    n = draw(st.integers(1, len(HOSPITALS)))
    per_hospital = {
        "offset_ppm": st.floats(-5000, 5000),
        "resistant": st.floats(0.05, 0.95),
        "sizes": st.floats(50, 500),
    }
    named = {
        name: draw(st.dictionaries(st.sampled_from(HOSPITALS[:n]), values, max_size=2))
        for name, values in per_hospital.items()
    }
    degrees = {cause: draw(st.floats(0, 1)) for cause in ("prevalence", "biology", "heights")}
    switches = {cause: draw(st.sampled_from((0, 1))) for cause in ("instrument", "clones")}
    calibration, repeats = draw(st.floats(0, 5)), draw(st.booleans())
    return Scenario(calibration=calibration, n_hospitals=n, repeats=repeats, **degrees, **switches, **named)


# --- the default --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("n_spectra", "seed"), DEFAULTS)
def test_the_twin_is_what_it_was_to_the_last_bit(n_spectra, seed):
    simulation = Simulation(n_spectra, seed)
    tables = [table.to_csv(lineterminator="\n") for table in (simulation.meta, simulation.planted)]
    digest = hashlib.sha256("".join(tables).encode())
    for i in range(8):
        for column in simulation.raw(i):
            digest.update(column.tobytes())
    assert digest.hexdigest()[:16] == DEFAULTS[n_spectra, seed]


def test_the_default_is_the_twin():
    assert Simulation(12).scenario == Scenario() == SCENARIOS["twin"]
    assert Simulation(12).arguments["scenario"]["name"] == "twin" and Simulation(12).arguments["world"] == 0


# --- any scenario -------------------------------------------------------------------------------------------------


@given(scenario=scenarios(), seed=st.integers(0, 99))
@settings(max_examples=8, deadline=None)
def test_any_scenario_can_be_drawn_and_drawn_again(scenario, seed):
    simulation = Simulation(48, seed, scenario=scenario)
    assert len(simulation.meta) == 48 and set(simulation.meta["City"]) <= set(HOSPITALS[: scenario.n_hospitals])
    assert simulation.meta["Isolate"].duplicated().sum() == (4 if scenario.repeats else 0)
    planted = simulation.planted
    assert all(set(cities.split(";")) <= set(HOSPITALS[: scenario.n_hospitals]) for cities in planted["cities"])
    assert set(planted["antibiotic"]) == {"Amikacin", "Meropenem"}
    assert preprocess(*simulation.raw(seed % 48)).sum() == pytest.approx(1)
    for other in pickle.loads(pickle.dumps(simulation)), Simulation(**json.loads(json.dumps(simulation.arguments))):
        assert other.scenario == scenario and other.meta.equals(simulation.meta) and other.planted.equals(planted)
        np.testing.assert_array_equal(other.raw(3)[1], simulation.raw(3)[1])


@given(causes=st.sets(st.sampled_from(CAUSES)), scenario=scenarios())
@settings(max_examples=50, deadline=None)
def test_what_is_switched_off_no_longer_differs_and_the_rest_stays(causes, scenario):
    off = scenario.without(*causes)
    assert set(off.differing) == set(scenario.differing) - causes
    assert off == off.without(*causes) and hash(off) == hash(off.without())
    assert all(getattr(off, cause) == getattr(scenario, cause) for cause in set(CAUSES) - causes)
    assert Scenario.only(*causes) == Scenario().without(*(set(CAUSES) - causes))


# --- each cause ---------------------------------------------------------------------------------------------------


def draw(*causes, n=90, **changes):
    """Three hospitals of the same size that differ in these causes only, by default in none."""
    return Simulation(n, scenario=Scenario.only(*causes, **{"sizes": dict.fromkeys(CITIES, 1)} | changes))


def per_city(simulation, values):
    city = simulation.meta["City"].to_numpy()
    return {name: np.asarray(values)[city == name] for name in CITIES}


def offsets(simulation):
    errors = [simulation.calibration(i) for i in range(len(simulation))]
    return {city: values.mean() for city, values in per_city(simulation, errors).items()}


def test_offsets_are_those_of_the_cities_times_the_degree_or_what_is_given():
    same = offsets(draw())
    assert max(map(abs, same.values())) < 120  # five standard errors
    for changes, expected in [
        ({"calibration": 1.0}, (1000, 0, 0)),
        ({"calibration": 2.5}, (2500, 0, 0)),
        ({"offset_ppm": {"Milan": -700.0}}, (0, -700, 0)),
        ({"calibration": 1.0, "offset_ppm": {"Rome": 3000.0}}, (3000, 0, 0)),
    ]:
        found = offsets(draw(**changes))
        assert [found[city] - same[city] for city in CITIES] == pytest.approx(expected)


def test_the_spectra_are_off_by_what_calibration_tells():
    simulation, mass = draw(offset_ppm={"Rome": 3000.0}, n=45), 5381.4
    differences = []
    for i in range(len(simulation)):
        mz, intensity = simulation.raw(i)
        told = simulation.calibration(i, mass)
        near = np.abs(mz / mass - 1 - 1e-6 * told) < 2000e-6
        differences.append(1e6 * (mz[near][np.argmax(smooth(intensity[near]))] / mass - 1) - told)
    # a peak's tail pulls its apex up by a tenth of its width; spectra scatter twice as much as is allowed here
    assert 0 < np.median(differences) < 150
    assert np.median(np.abs(differences - np.median(differences))) < 100


def shares_of_r(simulation, drug="Amikacin"):
    return {city: (labels == "R").mean() for city, labels in per_city(simulation, simulation.meta[drug]).items()}


def test_prevalence_goes_from_the_cities_own_to_that_of_all():
    spread = {}
    for degree in (0, 0.5, 1):
        shares = shares_of_r(draw(prevalence=degree, n=900)).values()
        spread[degree] = max(shares) - min(shares)
    assert spread[0] < 0.02 and spread[1] == pytest.approx(71 / 87 - 25 / 184, abs=0.015)
    assert spread[0.5] == pytest.approx(spread[1] / 2, abs=0.015)


@given(share=st.floats(0.02, 0.98), prevalence=st.floats(0, 1))
@settings(max_examples=6, deadline=None)
def test_the_share_of_r_in_a_hospital_can_be_chosen(share, prevalence):
    simulation = draw(prevalence=prevalence, resistant={"Milan": share}, n=900)
    for drug in ("Amikacin", "Meropenem"):
        assert shares_of_r(simulation, drug)["Milan"] == pytest.approx(share, abs=0.015)


def test_where_biology_is_shared_all_hospitals_have_the_peaks_of_rome_in_the_same_shares():
    twin, shared = Simulation(12).planted, draw().planted
    rome = twin[twin["cities"].str.contains("Rome")].reset_index(drop=True)
    columns = ["mz", "antibiotic", "effect", "share_S", "share_R"]
    assert shared[columns].equals(rome[columns]) and set(shared["cities"]) == {"Rome;Milan;Catania"}
    elsewhere = set(twin["mz"]) - set(rome["mz"])
    assert len(elsewhere) > 10 and not elsewhere & set(shared["mz"])


def cities_of(scenario):
    planted = Simulation(32, scenario=scenario).planted
    return {(row.mz, row.antibiotic): set(row.cities.split(";")) for row in planted.itertuples()}


@given(degrees=st.tuples(st.floats(0, 1), st.floats(0, 1)).map(sorted), n_hospitals=st.integers(2, 8))
@settings(max_examples=6, deadline=None)
def test_what_is_shared_stays_so_when_biology_gets_less_local(degrees, n_hospitals):
    less, more = (cities_of(Scenario(biology=degree, n_hospitals=n_hospitals)) for degree in degrees)
    rome = {peak: cities for peak, cities in more.items() if "Rome" in cities}
    assert all(cities <= less[peak] for peak, cities in rome.items())
    own = {peak: cities for peak, cities in less.items() if "Rome" not in cities}
    assert all(cities <= more[peak] for peak, cities in own.items())


def test_isolates_of_a_hospital_are_no_easier_to_tell_apart_where_biology_is_shared():
    """By the peaks themselves: whoever saw them all, and knew how often they occur, could not do better."""
    advantage = {}
    for name in ("twin", "shared biology"):
        planted = Simulation(12, scenario=name).planted.query("antibiotic == 'Amikacin'")
        gain = (planted["share_R"] - planted["share_S"]).abs()
        advantage[name] = {city: gain[planted["cities"].str.contains(city)].sum() for city in CITIES}
    assert advantage["shared biology"]["Rome"] == advantage["twin"]["Rome"]
    assert all(advantage["shared biology"][city] <= 1.2 * advantage["twin"][city] for city in CITIES)


def test_instruments():
    for causes, formats in (((), ("A", "A", "A")), (("instrument",), ("R", "A", "A"))):
        simulation = draw(*causes, n=30)
        found = per_city(simulation, [simulation.file_format(i) for i in range(30)])
        assert tuple(set(found[city]) for city in CITIES) == tuple(set(kind) for kind in formats)


def test_clones():
    national = {"Italy-1", "Italy-2", "variicola", "oxytoca", "aerogenes"}
    for causes in ((), ("clones",)):
        simulation = draw(*causes, n=600)
        found = {
            city: set(clones) | national for city, clones in per_city(simulation, simulation.meta["Clone"]).items()
        }
        assert all(len(found[city] - national) == 4 for city in CITIES)
        assert (found["Rome"] & found["Milan"] == national) == bool(causes)
        assert (found["Rome"] == found["Milan"] == found["Catania"]) != bool(causes)


def between_cities(simulation):
    """How far apart the mean rows of Milan and Catania are, in units of what chance would do."""
    rows = per_city(simulation, range(len(simulation)))
    milan, catania = (np.array([preprocess(*simulation.raw(i), 30) for i in rows[city]]) for city in CITIES[1:])
    noise = milan.var(axis=0) / len(milan) + catania.var(axis=0) / len(catania)
    return np.mean((milan.mean(axis=0) - catania.mean(axis=0)) ** 2 / noise)


def test_heights():
    same, half, all_of_it = (between_cities(draw(heights=degree, n=60)) for degree in (0, 0.5, 1))
    assert same < 1.5 < half < all_of_it


# --- hospitals, isolates, repeats ---------------------------------------------------------------------------------


def test_further_hospitals_are_invented_and_leave_the_cities_as_they_are():
    three, six = Simulation(400), Simulation(400, scenario="six hospitals")
    assert set(six.meta["City"]) == set(HOSPITALS[:6])
    planted = six.planted
    for name in HOSPITALS[3:6]:
        here = planted[planted["cities"].str.contains(name)]
        assert (here.groupby("antibiotic").size() >= 4).all()
    known = planted.merge(three.planted, on=["mz", "antibiotic", "share_S", "share_R", "note"])
    assert len(known) == len(three.planted)
    assert all(mine.startswith(theirs) for mine, theirs in zip(known["cities_x"], known["cities_y"], strict=True))


@pytest.mark.parametrize("n", [1, 2])
def test_there_may_be_fewer_hospitals(n):
    simulation = Simulation(40, scenario=Scenario(n_hospitals=n))
    assert set(simulation.meta["City"]) == set(CITIES[:n])
    assert set(";".join(simulation.planted["cities"]).split(";")) == set(CITIES[:n])


def test_sizes_are_relative():
    sizes = Simulation(300, scenario=Scenario(sizes={"Rome": 87, "Milan": 174})).meta["City"].value_counts()
    assert [sizes[city] for city in CITIES] == pytest.approx([75, 150, 75], abs=3)


def test_without_repeats_there_are_as_many_isolates_as_spectra():
    assert Simulation(300, scenario=Scenario(repeats=False)).meta["Isolate"].is_unique


# --- names --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_scenario_says_its_name_and_what_it_is_good_for(name):
    scenario = SCENARIOS[name]
    assert as_scenario(name) is scenario and scenario.name == name and len(scenario.purpose) > 30
    assert list(scenario.as_dict().items())[0] == ("name", name) and as_scenario(scenario.as_dict()) == scenario
    assert repr(Simulation(24, scenario=name)) == (
        "Simulation(n_spectra=24, seed=0" + (name != "twin") * f", scenario={name!r}" + ")"
    )


def test_the_table_tells_them_apart():
    table = scenario_table()
    assert list(table.index) == list(SCENARIOS) and not table.duplicated().any()
    assert not table.loc["no difference", list(CAUSES)].any() and table.loc["twin", list(CAUSES)].all()


def test_the_site_lists_them():
    page = (Path(__file__).parents[2] / "docs" / "api" / "maldinb.simulation.md").read_text(encoding="utf-8")
    rows = [f"| {name} | {scenario.purpose} |" for name, scenario in SCENARIOS.items()]
    assert "\n".join(rows) in page and all(f"\n| {cause} | " in page for cause in CAUSES)


def test_a_scenario_without_a_name_has_none():
    scenario = Scenario(biology=0.3)
    assert scenario.name is None and "name" not in scenario.as_dict()
    assert SCENARIOS["twin"].without("biology").purpose == ""


def test_callers_cannot_change_a_scenario_by_what_they_gave():
    given_ppm = {"Rome": 3000.0}
    scenario = Scenario(offset_ppm=given_ppm)
    given_ppm["Rome"] = 0.0
    assert scenario.offset_ppm == {"Rome": 3000.0}


# --- what is not possible -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"calibration": -1}, "calibration is a number from 0 to 20, not -1"),
        ({"prevalence": 1.1}, "prevalence is a number from 0 to 1, not 1.1"),
        ({"biology": None}, "biology is a number from 0 to 1, not None"),
        ({"heights": float("nan")}, "heights is a number from 0 to 1, not nan"),
        ({"instrument": 0.5}, "instrument is 1 .* or 0 .*, not 0.5"),
        ({"clones": "all"}, "clones is 1 .* or 0 .*, not 'all'"),
        ({"n_hospitals": 0}, "n_hospitals is a whole number of at least 1, not 0"),
        ({"n_hospitals": 9}, "n_hospitals is at most 8, not 9"),
        ({"repeats": 2}, "repeats is one of True, False, not 2"),
        ({"offset_ppm": 3000.0}, "offset_ppm is a mapping such as .*, not 3000.0"),
        ({"offset_ppm": {"Rome": "high"}}, r"offset_ppm\['Rome'\] is an error in ppm from -20000 to 20000, not 'high'"),
        (
            {"offset_ppm": {"Naples": 10.0}},
            "offset_ppm names 'Naples'; .* n_hospitals=3 there are 'Rome', 'Milan', 'Cat",
        ),
        ({"n_hospitals": 2, "resistant": {"Catania": 0.5}}, "resistant names 'Catania'; with n_hospitals=2 there are"),
        ({"resistant": {"Milan": 1}}, r"resistant\['Milan'\] is a number from 0 to 1 \(exclusive\), not 1"),
        ({"sizes": {"Milan": 0}}, r"sizes\['Milan'\] is a number above 0, not 0"),
    ],
)
def test_an_impossible_scenario_is_named(options, message):
    with pytest.raises(ValueError, match=message):
        Scenario(**options)


@pytest.mark.parametrize(
    ("scenario", "message"),
    [
        ("twins", "scenario is a Scenario or one of 'twin', .*, not 'twins'"),
        (None, "not None"),
        ({"biologie": 0}, "scenario has no parameter 'biologie'; there are 'calibration', 'prevalence', 'biology'"),
        ({"biology": 7}, "biology is a number from 0 to 1, not 7"),
    ],
)
def test_an_unknown_scenario_is_named(scenario, message):
    with pytest.raises(ValueError, match=message):
        Simulation(24, scenario=scenario)


def test_an_unknown_cause_is_named():
    for ask in (Scenario().without, Scenario.only):
        with pytest.raises(ValueError, match="cause is one of 'calibration', .*, not 'weather'"):
            ask("biology", "weather")


def test_too_few_spectra_for_the_hospitals_are_named():
    with pytest.raises(ValueError, match="n_spectra is a whole number of at least 24, not 20"):
        Simulation(20, scenario="six hospitals")


def test_a_place_outside_the_spectrum_is_named():
    with pytest.raises(ValueError, match="mz is m/z in Da from 2000 to 20000, not 50"):
        Simulation(12).calibration(0, mz=50)
