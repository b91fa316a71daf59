"""The simulator: deterministic, exact in its counts, and true to what it says it planted."""

import ast
import io
import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import maldinb.simulation
from maldinb.preprocessing import bin_names, preprocess
from maldinb.simulation import Simulation

EXACT = {
    "Amikacin": {"Catania": (16, 71, 0), "Milan": (159, 25, 0), "Rome": (197, 273, 2)},
    "Meropenem": {"Catania": (16, 71, 0), "Milan": (154, 30, 0), "Rome": (334, 133, 5)},
}
DECIMALS = {"A": 3, "R": 6}
ROME_SHIFT = 1.001  # Rome's instrument reads about 1000 ppm high


@pytest.fixture(scope="module")
def sim():
    return Simulation()


@pytest.fixture(scope="module")
def small():
    return Simulation(n_spectra=30, seed=3)


@pytest.fixture(scope="module")
def rows(sim):
    return np.array([preprocess(*sim.raw(i)) for i in range(len(sim.meta))])


# --- who was measured -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [0, 7])
def test_the_full_set_has_exactly_the_published_counts(seed):
    meta = Simulation(seed=seed).meta
    assert len(meta) == 743
    for drug, cities in EXACT.items():
        for city, counts in cities.items():
            label = meta.loc[meta["City"] == city, drug]
            assert ((label == "S").sum(), (label == "R").sum(), label.isna().sum()) == counts


def test_the_metadata_have_the_columns_and_types_others_build_on(sim):
    meta = sim.meta
    assert meta.index.name == "ID"
    assert meta.index.is_unique
    assert pd.api.types.is_string_dtype(meta.index)
    assert meta.index[0] == "sim-0001"
    assert set(meta.columns) == {"City", "Species", "Amikacin", "Meropenem", "Isolate", "Clone"}
    assert (meta["Species"] == "Klebsiella pneumoniae").mean() > 0.9
    assert meta["Species"].nunique() > 1


def test_repeats_are_the_same_isolate_measured_twice(sim):
    isolates = sim.meta.groupby("Isolate")
    assert isolates.ngroups == 686
    assert isolates.size().value_counts().to_dict() == {1: 629, 2: 57}
    same = isolates[["City", "Species", "Amikacin", "Meropenem", "Clone"]].nunique(dropna=False)
    assert (same == 1).all(axis=None)


def test_repeats_resemble_each_other_more_than_other_isolates_do(sim, rows):
    groups = sim.meta.assign(row=range(len(sim.meta))).groupby("Isolate")["row"].agg(list)
    pairs = np.array([pair for pair in groups if len(pair) == 2])
    z = (rows - rows.mean(axis=0)) / rows.std(axis=0)
    city = sim.meta["City"].to_numpy()
    rng = np.random.default_rng(0)
    strangers = [(a, rng.choice(np.flatnonzero(city == city[a]))) for a, _ in pairs]

    def likeness(p):
        return np.mean([np.corrcoef(z[a], z[b])[0, 1] for a, b in p])

    assert likeness(pairs) > likeness(strangers) + 0.1


def test_rows_are_not_sorted(sim):
    for column in ("City", "Amikacin", "Isolate", "Clone"):
        values = sim.meta[column].fillna("")
        assert (values != values.shift()).sum() > 200


def test_the_two_resistances_go_together_but_are_not_the_same(sim):
    known = sim.meta.dropna(subset=["Amikacin", "Meropenem"])
    assert 0.2 < np.corrcoef(known["Amikacin"] == "R", known["Meropenem"] == "R")[0, 1] < 0.9


@given(n=st.integers(12, 2000), seed=st.integers(0, 2**64))
@settings(max_examples=20, deadline=None)
def test_any_size_keeps_the_proportions(n, seed):
    meta = Simulation(n_spectra=n, seed=seed).meta
    assert len(meta) == n
    assert meta.index.is_unique
    for city, real in (("Rome", 472), ("Milan", 184), ("Catania", 87)):
        assert abs((meta["City"] == city).sum() - n * real / 743) < 4
    assert abs((meta["Amikacin"] == "R").sum() - n * 369 / 743) < 6
    assert meta["Amikacin"].isin(["R", "S"]).sum() >= 0.98 * n - 1


# --- determinism ------------------------------------------------------------------------------------------------


def test_a_spectrum_does_not_depend_on_what_was_asked_before(small):
    forwards = [small.raw(i) for i in range(6)]
    again = Simulation(n_spectra=30, seed=3)
    for i in reversed(range(6)):
        for ours, theirs in zip(forwards[i], again.raw(i), strict=True):
            np.testing.assert_array_equal(ours, theirs)


def test_a_pickled_simulation_goes_on_as_before(small):
    copy = pickle.loads(pickle.dumps(small))
    np.testing.assert_array_equal(copy.raw(5)[1], small.raw(5)[1])
    pd.testing.assert_frame_equal(copy.meta, small.meta)


def test_another_process_gets_the_same_numbers(small):
    code = (
        "from maldinb.simulation import Simulation; s = Simulation(n_spectra=30, seed=3); mz, y = s.raw(4);"
        "print(repr(mz.sum()), repr(y.sum()), ' '.join(s.meta['Isolate']))"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
    mz, y = small.raw(4)
    assert told == f"{mz.sum()!r} {y.sum()!r} {' '.join(small.meta['Isolate'])}"


def test_another_seed_draws_other_isolates_from_the_same_world(small):
    other = Simulation(n_spectra=30, seed=4)
    assert not np.array_equal(other.raw(0)[1], small.raw(0)[1])
    pd.testing.assert_frame_equal(other.planted, small.planted)


def test_callers_cannot_spoil_the_truth(small):
    table = small.planted
    table["mz"] = 0.0
    assert (small.planted["mz"] > 2000).all()


def test_importing_it_is_light():
    folder = Path(maldinb.simulation.__file__).parent
    nodes = [node for path in folder.glob("*.py") for node in ast.walk(ast.parse(path.read_text("utf-8")))]
    needs = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    needs |= {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.level == 0}
    assert needs <= {"numpy", "pandas", "collections.abc", "dataclasses", "functools", "typing"}


# --- raw spectra ------------------------------------------------------------------------------------------------


def test_formats_follow_the_city(sim):
    expected = ["R" if city == "Rome" else "A" for city in sim.meta["City"]]
    assert [sim.file_format(i) for i in range(len(sim.meta))] == expected


@given(n=st.integers(12, 60), seed=st.integers(0, 10**6), where=st.floats(0, 1, exclude_max=True))
@settings(max_examples=25, deadline=None)
def test_any_spectrum_is_well_formed(n, seed, where):
    sim = Simulation(n_spectra=n, seed=seed)
    i = int(where * n)
    mz, intensity = sim.raw(i)
    n_points, step = {"A": (20700, 0.00934), "R": (25100, 0.0077)}[sim.file_format(i)]
    assert mz.dtype == intensity.dtype == np.float64
    assert len(mz) == len(intensity) == pytest.approx(n_points, abs=60)
    assert 1999 < mz[0] < 2000
    assert 19998.5 < mz[-1] < 20003
    np.testing.assert_allclose(np.diff(mz) / np.sqrt(mz[1:]), step, rtol=0.02)
    assert (intensity >= 0).all()
    assert (intensity == np.rint(intensity)).all()
    row = preprocess(mz, intensity)
    assert row.sum() == pytest.approx(1)


def test_writing_text_and_reading_it_back_is_exact(small):
    for i in range(8):
        mz, intensity = small.raw(i)
        file = io.StringIO()
        np.savetxt(file, np.column_stack([mz, intensity]), fmt=[f"%.{DECIMALS[small.file_format(i)]}f", "%d"])
        file.seek(0)
        np.testing.assert_array_equal(np.loadtxt(file), np.column_stack([mz, intensity]))


def test_rome_is_shifted_by_about_a_thousand_ppm(sim):
    def l34(i):
        mz, y = sim.raw(i)
        near = (mz > 5368) & (mz < 5398)
        return mz[near][np.argmax(np.convolve(y, np.ones(9), "same")[near])]

    apex = {
        city: np.median([l34(i) for i in np.flatnonzero(sim.meta["City"] == city)[:80]]) for city in EXACT["Amikacin"]
    }
    assert 700e-6 < apex["Rome"] / apex["Milan"] - 1 < 1300e-6
    assert abs(apex["Catania"] / apex["Milan"] - 1) < 200e-6
    assert apex["Milan"] == pytest.approx(5381.4, abs=1.5)


# --- what is planted ----------------------------------------------------------------------------------------------


def test_the_truth_is_told_in_full(sim):
    planted = sim.planted
    assert list(planted.columns[:4]) == ["mz", "antibiotic", "effect", "cities"]
    assert (planted.groupby("antibiotic").size() >= 10).all()
    assert set(planted["effect"]) == {"up", "down"}
    assert ((planted["share_R"] > planted["share_S"]) == (planted["effect"] == "up")).all()
    assert {city for cities in planted["cities"] for city in cities.split(";")} == set(EXACT["Amikacin"])
    assert planted["note"].str.contains("invented").any()
    for drug in EXACT:
        assert {11109.0, 5555.0} <= set(planted.loc[planted["antibiotic"] == drug, "mz"])


def peak_height(rows, city, mz):
    """Height of each row at `mz` above the bins 15-24 Da away, in the row's own calibration."""
    k = int((mz * (ROME_SHIFT if city == "Rome" else 1) - 2000) / 3)
    beside = np.maximum(rows[:, k - 8 : k - 4].mean(axis=1), rows[:, k + 5 : k + 9].mean(axis=1))
    return np.log(rows[:, k - 1 : k + 2].mean(axis=1) / beside)


def effects(sim, rows, local):
    """Standardised difference R - S, in the sense of the planted effect, of each planted peak in each city."""
    found = {}
    for peak in sim.planted.itertuples():
        for city in EXACT["Amikacin"]:
            if (city in peak.cities.split(";")) == local:
                here = (sim.meta["City"] == city).to_numpy()
                height = peak_height(rows[here], city, peak.mz)
                label = sim.meta.loc[here, peak.antibiotic].to_numpy()
                d = (height[label == "R"].mean() - height[label == "S"].mean()) / height.std()
                found[peak.antibiotic, peak.mz, city] = d if peak.effect == "up" else -d
    return pd.Series(found)


def test_planted_peaks_stand_out_where_they_are_said_to(sim, rows):
    d = effects(sim, rows, local=True)
    assert (d > 0).mean() > 0.9, d[d <= 0]
    assert d.median() > 0.4
    kpc = d.loc[(slice(None), 11109.0, "Rome")]
    assert (kpc > 0.3).all()


def test_mechanisms_are_local(sim, rows):
    planted = sim.planted.set_index(["antibiotic", "mz"])
    # markers of both drugs would show through the other one, so only those of a single drug are compared
    single = [key for key in planted.index if (planted.index.get_level_values("mz") == key[1]).sum() == 1]
    elsewhere = effects(sim, rows, local=False)
    elsewhere = elsewhere[[key[:2] in single for key in elsewhere.index]]
    assert abs(elsewhere.median()) < 0.15
    assert elsewhere.median() < effects(sim, rows, local=True).median() - 0.3


def test_a_peak_lost_in_resistance_is_lower_there(sim, rows):
    d = effects(sim, rows, local=True)
    lost = sim.planted.loc[sim.planted["effect"] == "down", ["antibiotic", "mz"]].itertuples(index=False)
    assert all(d.loc[(drug, mz)].max() > 0.15 for drug, mz in lost)


def test_the_largest_pooled_differences_are_the_city_not_the_planted_peaks(sim, rows):
    known = sim.meta["Amikacin"].notna().to_numpy()
    resistant = (sim.meta["Amikacin"] == "R").to_numpy()[known]
    x = rows[known]
    t = np.abs(x[resistant].mean(axis=0) - x[~resistant].mean(axis=0)) / x.std(axis=0)
    edges = np.array(bin_names(), float)
    mz = sim.planted.loc[sim.planted["antibiotic"] == "Amikacin", "mz"].to_numpy()
    planted = ((edges[:, None] > mz - 9) & (edges[:, None] < mz * ROME_SHIFT + 6)).any(axis=1)
    assert planted[np.argsort(-t)[:50]].mean() < 0.4


# --- bad input ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("n", [11, 0, -3, 30.0, "30", None, True, np.nan])
def test_a_bad_number_of_spectra_is_named(n):
    with pytest.raises(ValueError, match="n_spectra"):
        Simulation(n_spectra=n)


@pytest.mark.parametrize("seed", [-1, 1.5, "0", None, True])
def test_a_bad_seed_is_named(seed):
    with pytest.raises(ValueError, match="seed"):
        Simulation(n_spectra=30, seed=seed)


@pytest.mark.parametrize("i", [-1, 30, 1.0, "sim-0001", None, True])
def test_a_bad_row_is_named(small, i):
    for ask in (small.raw, small.file_format):
        with pytest.raises(IndexError, match=r"from 0 to 29"):
            ask(i)
