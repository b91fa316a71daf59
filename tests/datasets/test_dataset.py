"""Labels, counts and the switch between data sets."""

import numpy as np
import pandas as pd
import pytest

import maldinb
from maldinb import SpectraDataset, binary_labels, load_dataset
from maldinb.datasets.labels import count_labels

META = pd.DataFrame(
    {"Batch": list("RRMM"), "Species": "K", "Amikacin": ["R", "I", None, "S"], "Meropenem": ["S", "R", "I", None]},
    index=list("abcd"),
)
DATA = SpectraDataset(pd.DataFrame(np.eye(4), index=META.index), META, np.arange(4), {"antibiotic": "Amikacin"})


def test_labels_are_binary():
    X, y = binary_labels(DATA)
    assert list(X.index) == list(y.index) == ["a", "d"] and y.tolist() == [1, 0] and y.name == "Amikacin"
    assert binary_labels(DATA, positive="S")[1].tolist() == [0, 1]
    assert binary_labels(DATA, antibiotic="Meropenem")[1].to_dict() == {"a": 0, "b": 1}


@pytest.mark.parametrize("dtype", ["category", "string", object])
def test_labels_of_any_type_are_read(dtype):
    meta = META.assign(Drug=pd.Series(["r", " S", None, "i"], META.index, dtype=dtype))
    data = SpectraDataset(DATA.X, meta, DATA.mz, {})
    assert binary_labels(data, antibiotic="Drug")[1].to_dict() == {"a": 1, "b": 0}


def test_repeated_ids_do_no_harm():
    twice = SpectraDataset(pd.concat([DATA.X] * 2), pd.concat([META] * 2), DATA.mz, DATA.info)
    assert binary_labels(twice)[0].shape == (4, 4)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"antibiotic": "Colistin"}, "unknown antibiotic 'Colistin'; the data set has Batch, Species, Amikacin, Mer"),
        ({"positive": "I"}, "positive is one of 'R', 'S', not 'I'"),
        ({"antibiotic": "Species"}, "column 'Species' holds 'K' .4. .first for ID 'a'.; labels are R, S, I or blank"),
    ],
)
def test_wrong_labels_are_named(options, message):
    with pytest.raises(ValueError, match=message):
        binary_labels(DATA, **options)


def test_counts():
    assert count_labels(META, ["Amikacin"]) == {
        "Amikacin": {
            "M": {"S": 1, "I": 0, "R": 0, "unlabelled": 1},
            "R": {"S": 0, "I": 1, "R": 1, "unlabelled": 0},
        }
    }


def test_the_switch(monkeypatch, folder):
    loaded = []
    monkeypatch.setattr(
        "maldinb.datasets.loading.LOADERS",
        {n: lambda a, bin_width=3, n=n: loaded.append((n, a, bin_width)) for n in ("simulated", "kleb-ai")},
    )
    monkeypatch.delenv("MALDINB_DATASET", raising=False)
    load_dataset()
    load_dataset("kleb-ai", "Meropenem", bin_width=6)
    monkeypatch.setenv("MALDINB_DATASET", "kleb-ai")
    load_dataset()
    load_dataset("simulated")
    assert loaded == [
        ("simulated", "Amikacin", 3),
        ("kleb-ai", "Meropenem", 6),
        ("kleb-ai", "Amikacin", 3),
        ("simulated", "Amikacin", 3),
    ]
    monkeypatch.setenv("MALDINB_DATASET", str(folder))
    assert load_dataset(antibiotic="Meropenem").info["antibiotic"] == "Meropenem"


NOTHING = dict(
    batch=None, isolate=None, species=None, labels=None, intermediate="drop", on_error="raise", bin_width=3.0,
    align=False,
)  # fmt: skip


def test_named_sets_honour_what_they_can_and_refuse_the_rest(cache_dir):
    plain = load_dataset("simulated", n_spectra=12)
    same = load_dataset("simulated", n_spectra=12, cache=True, preprocess=True, verbose=True, **NOTHING)
    assert same.X.equals(plain.X) and same.meta.equals(plain.meta)
    data = load_dataset("simulated", n_spectra=12, bin_width=6, intermediate="R")
    assert data.X.shape == (12, 3000) and data.info["intermediate"] == "R"
    for wrong in ({"batch": "Ward"}, {"labels": {"x": "R"}}, {"cache": False}, {"label": "Drug"}):
        option = next(iter(wrong))
        with pytest.raises(
            ValueError, match=f"{option}=.* is for your own spectra, and 'simulated' takes none: leave it out"
        ):
            load_dataset("simulated", **NOTHING | wrong)
    with pytest.raises(ValueError, match="intermediate is one of 'drop', 'R', 'S', not 'I'"):
        load_dataset("simulated", **NOTHING | {"intermediate": "I"})
    with pytest.raises(TypeError, match="n_spectrum"):
        load_dataset("simulated", n_spectrum=3)


def test_a_table_of_peaks_takes_what_the_notebooks_pass(tmp_path):
    table = tmp_path / "peaks.csv"
    table.write_text("ID,Drug,Ward,4365.3,9540.2\na1,res,N,0.5,0\na2,S,S,0.25,12\n")
    data = load_dataset(table, "Drug", verbose=True, **NOTHING | {"batch": "ward", "labels": {"res": "R"}})
    assert data.X.shape == (2, 2) and data.meta["Drug"].tolist() == ["R", "S"] and list(data.batch) == ["N", "S"]
    with pytest.raises(ValueError, match=r"bin_width=6.0 is for your own spectra, and 'peaks.csv' takes none"):
        load_dataset(table, "Drug", **NOTHING | {"bin_width": 6.0})


def test_an_unknown_data_set_lists_the_choices():
    known = ", ".join(map(repr, maldinb.datasets.LOADERS))
    with pytest.raises(ValueError, match=f"unknown data set 'kleb'; choose one of {known}, or the path"):
        load_dataset("kleb")
