"""Notebooks on data of which something is not known: a claim about that is neither ticked nor crossed."""

import numpy as np
import pandas as pd
import pytest

import maldinb
from maldinb import load_simulated
from maldinb.course.claims import BROKEN, HELD, UNKNOWN
from maldinb.datasets.simulated import spectrum_text
from maldinb.simulation import Simulation

N, OF_EACH = 36, 2  # spectra, and how many of them belong to one isolate


@pytest.fixture(scope="module")
def spectra(tmp_path_factory):
    """A folder of spectra without metadata, and a table of all that could be known of them."""
    folder, simulation = tmp_path_factory.mktemp("own"), Simulation(N)
    for i in range(N):
        (folder / f"s{i}.txt").write_bytes(spectrum_text(*simulation.raw(i), "A"))
    labels = np.repeat(["R", "S", "S", "R"], OF_EACH)
    table = {"id": [f"s{i}" for i in range(N)], "drug": np.resize(labels, N), "isolate": np.arange(N) // OF_EACH}
    return folder, pd.DataFrame(table).assign(hospital=np.repeat(["North", "South"], N // 2))


@pytest.fixture
def marks(claims):
    """Run the cells of a notebook, down to the one that holds some text, and return sentence -> mark."""
    return lambda *args, **options: {sentence: line.mark for sentence, line in claims(*args, **options).items()}


def renamed(table):
    return table.rename(columns={"isolate": "ISOLATE_ID"})


@pytest.mark.parametrize(
    ("know", "mark"),
    [
        (lambda table: table, HELD),
        (renamed, HELD),
        (lambda table: table.assign(isolate=table["isolate"].where(table.index > 3)), UNKNOWN),
        (lambda table: table.assign(isolate=None), UNKNOWN),
        (lambda table: table.drop(columns="isolate"), UNKNOWN),
    ],
    ids=["all named", "in another column", "some named", "an empty column", "no column"],
)
def test_isolates_are_apart_where_they_are_known(spectra, marks, know, mark):
    folder, table = spectra
    know(table).to_csv(folder / "metadata.csv", index=False)
    found = marks("02_training", folder, until="isolates_apart")
    assert found["no isolate is both in training and in test"] == mark


def test_isolates_may_be_known_of_some_spectra_only(spectra, marks):
    folder, table = spectra
    table.assign(isolate=table["isolate"].where(table.index % 6 > 1)).to_csv(folder / "metadata.csv", index=False)
    found = marks("01_data_loading_and_caching", folder, until="better than, within a city", BIN_WIDTH=60.0)
    assert found["the city alone predicts resistance far better than a coin"] == BROKEN
    assert "they tell the city far better than, within a city, resistance" in found


@pytest.mark.parametrize("stem", ["01_data_loading_and_caching", "02_training"])
def test_columns_and_labels_of_any_name_give_the_same_claims(spectra, marks, stem):
    folder, table = spectra
    until = {"01_data_loading_and_caching": "better than, within a city", "02_training": "isolates_apart"}[stem]
    table.to_csv(folder / "metadata.csv", index=False)
    plain = marks(stem, folder, until=until)
    words = table["drug"].map({"R": "resistant", "S": "0"})
    table = table.drop(columns=["isolate", "hospital"]).assign(
        drug=words, patient=table["isolate"], ward=table["hospital"]
    )
    table.to_csv(folder / "metadata.csv", index=False)
    own = {"BATCH": "Ward", "ISOLATE": "patient", "LABELS": {"resistant": "R", "0": "S"}}
    assert marks(stem, folder, until=until, **own) == plain != {}


@pytest.mark.parametrize("parameters", [{"BIN_WIDTH": 7.0}, {"ALIGN": True, "ON_ERROR": "skip"}])
def test_rows_of_other_options_are_what_the_steps_give(spectra, marks, parameters):
    folder, table = spectra
    table.to_csv(folder / "metadata.csv", index=False)
    found = marks("01_data_loading_and_caching", folder, until="what the loader has put", **parameters)
    assert found["the steps above are what preprocess() does"] == HELD
    assert found["and what the loader has put into the matrix"] == HELD


ABOUT_WITHIN = "they tell the city far better than, within a city, resistance"
ABOUT_CITIES = {
    "the city alone predicts resistance far better than a coin",
    "the same protein stands half a bin apart, or more, in two cities",
    "the main directions of variation tell the city",
    ABOUT_WITHIN,
}


@pytest.mark.parametrize("cities", [2, 1, 0])
def test_what_is_said_of_cities_takes_two(spectra, marks, cities):
    folder, table = spectra
    table = table.assign(hospital="North") if cities == 1 else table if cities else table.drop(columns="hospital")
    table.to_csv(folder / "metadata.csv", index=False)
    found = marks("01_data_loading_and_caching", folder, until="better than, within a city")
    unknown = {sentence for sentence, mark in found.items() if mark == UNKNOWN}
    assert found.keys() >= ABOUT_CITIES and unknown == (set() if cities == 2 else ABOUT_CITIES)


OF_LABELS = ("the city alone predicts resistance far better than a coin", ABOUT_WITHIN)


@pytest.mark.parametrize(
    ("labels", "size", "expected"),
    [
        (lambda rng: rng.choice(["R", "S"], N), 4, {OF_LABELS[0]: BROKEN}),
        (lambda rng: np.repeat(["R", "S"], N // 2), 6, {OF_LABELS[0]: HELD, OF_LABELS[1]: UNKNOWN}),
    ],
    ids=["of labels without meaning", "of one label each"],
)
def test_many_small_cities(spectra, marks, labels, size, expected):
    folder, table = spectra
    table = table.assign(drug=labels(np.random.default_rng(0)), hospital=[f"H{i // size}" for i in range(N)])
    table.to_csv(folder / "metadata.csv", index=False)
    found = marks("01_data_loading_and_caching", folder)
    assert expected.items() <= found.items()


@pytest.fixture(scope="module")
def peaks(tmp_path_factory):
    """A function that writes a table of 30 peaks of 60 isolates under the names that it is given."""
    rng, y = np.random.default_rng(0), np.arange(60) % 2
    intensities = rng.gamma(2.0, size=(60, 30)) + np.outer(y, np.arange(30) % 7 == 0)

    def write(names):
        table = pd.DataFrame(intensities, columns=names)
        table.insert(0, "drug", np.where(y, "R", "S"))
        path = tmp_path_factory.mktemp("peaks") / "peaks.csv"
        table.assign(batch=np.arange(60) // 2 % 2).to_csv(path, index=False)
        return path

    return write


SMALL = {"EPOCHS": 2, "HIDDEN_DIM": 8}
PLACES = 2011.3 * 1.06 ** np.arange(30)  # of peaks, in Da


def test_gates_of_a_table_of_peaks_are_judged(peaks, marks):
    found = marks("03_attention_interpretation", peaks(PLACES), until="all gates together order", N_SEEDS=1, **SMALL)
    assert len(found) > 12 and HELD in found.values()


def test_peaks_have_their_way_back_to_mz(peaks, marks):
    found = marks("05_back_to_mz", peaks(PLACES), N_SEEDS=1, **SMALL)
    assert "two networks share less than 3/4 of their 3 largest bins, whatever the method" in found
    assert found["the first layer has learned where the peaks are"] == UNKNOWN


def test_without_mz_there_is_no_way_back(peaks, marks):
    nameless = peaks([f"peak_{i}" for i in range(30)])
    with pytest.raises(ValueError, match="no way back to m/z.*Notebooks 02 to 04"):
        marks("05_back_to_mz", nameless, **SMALL)


TRANSFER = {"EPOCHS": 1, "HIDDEN_DIM": 8, "N_SIMULATED": 200}
FALL = "gradient boosting: in a new hospital it loses most of its lead over a coin, on average"
MEANINGLESS = "it is not shown that labels without meaning are told: the interval reaches below 0.5"
DIAGNOSIS = "no two hospitals reach half of their ceiling"


@pytest.mark.parametrize("cities", [2, 1, 0])
def test_another_hospital_takes_two_with_isolates_enough(spectra, marks, cities):
    folder, table = spectra
    table = table.assign(hospital="North") if cities == 1 else table if cities else table.drop(columns="hospital")
    table.to_csv(folder / "metadata.csv", index=False)
    found = marks("06_another_hospital", folder, until="no two hospitals reach half", **TRANSFER)
    assert {found[FALL], found[DIAGNOSIS]} == {UNKNOWN} and HELD not in found.values()


def test_transfer_between_two_hospitals_of_peaks(peaks, marks, monkeypatch):
    """Thirty isolates in each: all that takes two hospitals is asked, and the truth is not known."""
    # A table of peaks takes no BIN_WIDTH, which is that of the simulated scenarios, too.
    monkeypatch.setattr(maldinb, "load_simulated", lambda *a, **o: load_simulated(*a, **o | {"bin_width": 60.0}))
    found = marks("06_another_hospital", peaks([f"peak_{i}" for i in range(30)]), **TRANSFER)
    about_these = [
        FALL,
        "by balanced accuracy, a model tells the hospital of nearly every spectrum",
        "scaling gains less than 0.05 in the left-out hospital",
        "still no update is better than the share of R alone",
        "abroad, for a label in some hospital, less than half of the promise is kept",
    ]
    assert UNKNOWN not in {found[sentence] for sentence in about_these[1:]}
    assert found[MEANINGLESS] == HELD
