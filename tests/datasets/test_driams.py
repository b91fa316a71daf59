"""DRIAMS in small: the choice is made in the tables, only chosen files are read, and every trap is told."""

import os
import re
import shutil

import numpy as np
import pandas as pd
import pytest
import trees
from builders import as_text, assert_same_matrix, make_spectrum, write_folder
from trees import EC, KP, LABELLED, code, settle

from maldinb import DatasetError, binary_labels, load_dataset, load_driams, load_spectra, raw_spectrum
from maldinb.datasets import assembly, matrix
from maldinb.preprocessing import preprocess


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    return write_folder(tmp_path_factory.mktemp("x") / "data", trees.driams())


@pytest.fixture
def root(tmp_path, cache_dir):
    """A copy of one's own."""
    return write_folder(tmp_path / "data", trees.driams())


def test_what_is_labelled_is_loaded_and_nothing_else_is_read(whole, cache_dir):
    data = load_driams(whole, "Ceftriaxone")
    assert list(data.X.index) == list(data.meta.index) == LABELLED
    assert data.meta["Ceftriaxone"].tolist() == ["R", "S", "I", "S", "R", "R", "S", "R"]
    assert data.info["columns"] == {"ID": "code", "Batch": "Site", "Species": "species", "Isolate": "patient_no"}
    assert set(data.species) == {KP} and data.info["doi"] == "10.5061/dryad.bzkh1899q"
    for seed, row in enumerate(data.X.to_numpy()):
        assert np.allclose(row, preprocess(*make_spectrum(seed)), rtol=1e-12, atol=0)
    X, y = binary_labels(data)
    assert len(X) == 7 and y.sum() == 4
    assert len(binary_labels(load_driams(whole, "Ceftriaxone", intermediate="R"))[0]) == 8


def test_the_batch_is_the_site_or_the_year_within_one(whole, cache_dir):
    assert repr(load_driams(whole, "Ceftriaxone")).endswith("batch: Site, species: species, isolate: patient_no)")
    assert load_driams(whole, "Ceftriaxone").batch.value_counts().to_dict() == {"DRIAMS-A": 5, "DRIAMS-B": 3}
    one = load_driams(whole, "Ceftriaxone", sites="A")
    assert one.batch.value_counts().to_dict() == {"2017": 3, "2018": 2} and set(one.meta["Site"]) == {"DRIAMS-A"}
    same = load_driams(whole / "DRIAMS-A", "Ceftriaxone")
    pd.testing.assert_frame_equal(same.meta, one.meta)
    assert load_driams(whole, "Ceftriaxone", batch="year").batch.nunique() == 2
    assert set(load_driams(whole, "Ceftriaxone", batch="workstation", sites="A").batch) == {
        "Urin",
        "Blut",
        "HospitalHygiene",
    }
    with pytest.raises(DatasetError, match="DRIAMS: no column 'Ward'; found .*'workstation'"):
        load_driams(whole, "Ceftriaxone", batch="Ward")


def test_sites_and_years_are_chosen_before_their_tables_are_read(root):
    (root / "DRIAMS-A/id/2018/2018_strat.csv").write_bytes(b"")
    assert list(load_driams(root, "Ceftriaxone", sites=["DRIAMS-A"], years=2017).X.index) == LABELLED[:3]
    shutil.rmtree(root / "DRIAMS-B/id")
    assert list(load_driams(root, "Ceftriaxone", sites="A", years=["2017"]).X.index) == LABELLED[:3]
    with pytest.raises(DatasetError, match="2018_strat.csv: not a table"):
        load_driams(root, "Ceftriaxone", sites="A")
    with pytest.raises(DatasetError, match="no site E; there is DRIAMS-A, DRIAMS-B, DRIAMS-D"):
        load_driams(root, "Ceftriaxone", sites=["A", "E"])
    with pytest.raises(DatasetError, match="no year 2019; there is 2017, 2018"):
        load_driams(root, "Ceftriaxone", sites="A", years=[2018, 2019])


def test_the_patient_keeps_spectra_together_or_another_column(whole, cache_dir):
    isolate = load_driams(whole, "Ceftriaxone").isolate
    assert isolate[:5].tolist() == ["p1", "p1", "p2", "p7", "p8"] and isolate[5:].isna().all()
    assert load_driams(whole, "Ceftriaxone", sites="A", isolate="order_no").isolate.nunique() == 5
    assert load_driams(whole, "Ceftriaxone", sites="B").isolate is None  # _MALDI1 and the like say nothing
    with pytest.raises(DatasetError, match="no column 'strain'"):
        load_driams(whole, "Ceftriaxone", isolate="strain")


def test_what_was_not_chosen_is_counted_in_groups(whole, cache_dir):
    data = load_driams(whole, "Ceftriaxone")
    groups = [
        ("rows of mixtures or failed identifications", 3, "no single species"),
        ("rows of other species", 1, f"not {KP}"),
        (f"rows of {KP}", 5, "no R, S or I for Ceftriaxone"),
        ("files of raw spectra", 2, "no row of the tables names them"),
    ]
    assert [tuple(group.values()) for group in data.info["not_chosen"]] == groups and data.info["left_out"] == {}
    shown = data.report().query("what == 'not chosen'")
    assert list(zip(shown["found"], shown["done"], strict=True)) == [(f"{what}: {n}", why) for what, n, why in groups]
    taken = {one["found"]: (one["n"], one["taken as"]) for one in data.info["labels"]["Ceftriaxone"]}
    labels = {"R": (3, "R"), "r": (1, "R"), "S": (3, "S"), "I": (1, "I")}
    assert taken == labels | {"R(1), S(1)": (1, None), "-": (1, None), "": (3, None)}


def test_spellings_slashes_and_repeated_columns(whole, cache_dir):
    assert set(load_driams(whole, "Cotrimoxazole", on_error="skip").batch) == {"DRIAMS-A", "DRIAMS-B"}
    assert list(load_driams(whole, "piperacillin-tazobactam").X.index) == [code(21), code(22)]
    assert list(load_driams(whole, "Amoxicillin/Clavulanic acid", years=2017).X.index) == LABELLED[:2]
    twice = load_driams(whole, "Cefuroxime", sites="D")
    assert twice.meta["Cefuroxime"].to_dict() == {code(31): "R", code(32): "S"}
    assert {"found": "R | S", "n": 1, "taken as": None} in twice.info["labels"]["Cefuroxime"]


def test_screens_of_0_and_1_are_labels_only_if_somebody_says_so(whole, cache_dir):
    with pytest.raises(DatasetError, match=r"for 'ESBL'. What stands there, '1' \(1\), '0' \(1\), is no label unless"):
        load_driams(whole, "ESBL")
    assert load_driams(whole, "ESBL", labels={"1": "R", "0": "S"}).meta["ESBL"].tolist() == ["R", "S"]


NOTHING = {
    "a species misspelt": (
        {"antibiotic": "Ceftriaxone", "species": "Klebsiela pneumoniae"},
        rf"Labelled for it: '{KP}' \(8\), .*'{EC}' \(1\)\n  Labelled in 'Klebsiela pneumoniae': nothing",
    ),
    "an antibiotic misspelt": (
        {"antibiotic": "Cefuroxim axetil"},
        rf"Labelled for it: nothing\n  Labelled in '{KP}': 'Cefuroxime' \(2\), .*'Ceftriaxone' \(\d+\)",
    ),
    "a mixture": ({"antibiotic": "Ceftriaxone", "species": f"MIX!{KP}!{EC}"}, "Labelled for it: "),
    "a failure": ({"antibiotic": "Ceftriaxone", "species": "no peaks found"}, "Labelled for it: "),
    "both": ({"antibiotic": "x", "species": "Klebsiela"}, rf": nothing\n.*: nothing\n  Species: .*'{KP}' \(\d+\)"),
}


@pytest.mark.parametrize(("options", "message"), NOTHING.values(), ids=NOTHING)
def test_where_nothing_is_labelled_the_message_says_what_is(whole, options, message):
    with pytest.raises(DatasetError, match="no spectrum of .* is labelled R, S or I for") as caught:
        load_driams(whole, **options)
    assert re.search(message, str(caught.value)), caught.value
    assert "MIX!" not in str(caught.value).partition("\n")[2] or options.get("species", "").startswith("MIX!")


def test_without_an_antibiotic_those_are_named_that_there_are(whole):
    with pytest.raises(DatasetError, match=r"name an antibiotic.\n.*'Ceftriaxone' \(8\)"):
        load_driams(whole, None)


def test_several_species(whole, cache_dir):
    with pytest.raises(DatasetError, match=f"3 of 5 spectra cannot be used:\n(.*\n)*.*{code(7)}.txt: no line of num"):
        load_driams(whole, "Cotrimoxazole", species=[KP, EC], years=2017, sites="A")


def test_missing_and_broken_spectra_follow_on_error(root):
    (root / f"DRIAMS-A/raw/2017/{LABELLED[0]}.txt").unlink()
    (root / f"DRIAMS-B/raw/2018/{LABELLED[5]}.txt").write_bytes(b"")
    with pytest.raises(DatasetError, match="1 IDs of DRIAMS .* do not match:\n.*0001.*_MALDI1: in the metadata"):
        load_driams(root, "Ceftriaxone")
    (root / f"DRIAMS-A/raw/2017/{LABELLED[0]}.txt").write_bytes(trees.raw(0, LABELLED[0]))
    with pytest.raises(DatasetError, match="1 of 8 spectra cannot be used:\n.*0021.*txt: the file is empty"):
        load_driams(root, "Ceftriaxone")
    (root / f"DRIAMS-A/raw/2017/{LABELLED[0]}.txt").unlink()
    data = load_driams(root, "Ceftriaxone", on_error="skip")
    assert list(data.X.index) == [*LABELLED[1:5], *LABELLED[6:]]
    assert "no spectrum" in data.info["left_out"][LABELLED[0]] and "empty" in data.info["left_out"][LABELLED[5]]


def test_parts_that_were_not_unpacked_are_named(root):
    shutil.rmtree(root / "DRIAMS-B/raw")
    with pytest.raises(DatasetError, match="DRIAMS-B has no folder raw/.*binned_6000 is not read: the first column is"):
        load_driams(root, "Ceftriaxone")
    shutil.rmtree(root / "DRIAMS-B/id")
    for call in (load_driams, load_dataset):
        with pytest.raises(DatasetError, match="DRIAMS-B has no folder id/ with the tables"):
            call(root, "Ceftriaxone")
    shutil.rmtree(root / "DRIAMS-A/raw/2017")
    with pytest.raises(DatasetError, match="of 3 chosen spectra none is there, the first being '3f5a0001"):
        load_driams(root, "Ceftriaxone", sites="A", years=2017)
    os.unlink(root / "DRIAMS-D/id/2018/2018_clean.csv")
    with pytest.raises(DatasetError, match="DRIAMS-D/id/2018 has no table 2018_strat.csv or 2018_clean.csv"):
        load_driams(root, "Ceftriaxone", sites="D")
    (root / "DRIAMS-D/id/2018/2018_clean.csv").write_bytes(b"Code,Ceftriaxone\nx,R\n")
    with pytest.raises(DatasetError, match="2018_clean.csv: no column code and species; found Code, Ceftriaxone"):
        load_driams(root, "Ceftriaxone", sites="D")
    with pytest.raises(DatasetError, match="no folder DRIAMS-A, DRIAMS-B, ... in it"):
        load_driams(root / "DRIAMS-A/id", "Ceftriaxone")


def test_a_code_in_two_years_is_refused(root):
    table = root / "DRIAMS-A/id/2018/2018_strat.csv"
    table.write_bytes(table.read_bytes().replace(code(11).encode(), code(3).encode()))
    (root / f"DRIAMS-A/raw/2018/{code(3)}.txt").write_bytes(trees.raw(1, code(3)))
    with pytest.raises(DatasetError, match="1 IDs stand there more than once: '3f5a0003"):
        load_driams(root, "Ceftriaxone")


def test_load_dataset_recognises_it_and_goes_back_to_raw_spectra(whole, cache_dir):
    for path in (whole, str(whole / "DRIAMS-B")):
        data = load_dataset(path, "Ceftriaxone", species=None, batch=None)
        assert repr(data).startswith("SpectraDataset('DRIAMS': ")
        told = data.report().set_index("what")
        assert told.loc["table", "found"].startswith(f"DRIAMS: {whole}") and "txt" in told.loc["spectra", "done"]
        mz, intensity = raw_spectrum(data, code(21))
        assert np.array_equal(mz, make_spectrum(5)[0]) and np.array_equal(intensity, make_spectrum(5)[1])


def test_the_cache_lasts_as_long_as_the_files(root, monkeypatch):
    built = []

    def build_matrix(rows, **options):
        built.append(len(rows))
        return matrix.build_matrix(rows, **options)

    monkeypatch.setattr(assembly, "build_matrix", build_matrix)
    settle(root)
    first, again = load_driams(root, "Ceftriaxone"), load_driams(root, "Ceftriaxone")
    assert_same_matrix(again.X, first.X)
    pd.testing.assert_frame_equal(again.meta, first.meta)
    assert again.info == first.info and built == [8]
    load_driams(root, "Ceftriaxone", cache=False)
    assert built == [8, 8]
    (root / f"DRIAMS-A/raw/2017/{LABELLED[0]}.txt").write_bytes(b"")
    settle(root)
    for _ in range(2):
        left = load_driams(root, "Ceftriaxone", on_error="skip")
        assert "the file is empty" in left.info["left_out"][LABELLED[0]]
    assert built == [8, 8, 8]
    half = load_driams(root, "Ceftriaxone", on_error="skip", dtype="float32")
    assert_same_matrix(half.X, left.X.astype("float32"))
    assert built == [8, 8, 8, 8]


@pytest.mark.parametrize("call", [load_spectra, load_dataset])
@pytest.mark.parametrize(
    ("part", "why"),
    [
        ("DRIAMS-B/binned_6000", "the first column is the number of a bin"),
        ("DRIAMS-B/binned_6000/2018", "the first column is the number of a bin, not m/z, and another chain"),
        ("DRIAMS-B/preprocessed/2018", "went through another chain"),
    ],
)
def test_what_is_not_raw_is_refused_as_own_spectra_too(whole, call, part, why):
    with pytest.raises(DatasetError, match=f"{part} is a part of DRIAMS that is not raw: .*{why}.*load_driams"):
        call(whole / part)
    table = pd.DataFrame({"ID": [code(21), code(22)]})
    with pytest.raises(DatasetError, match="not raw"):
        load_spectra(whole / part, table, preprocess="force")
    if part.endswith("2018"):
        assert load_spectra(whole / part, table, preprocess=False).X.shape == (2, 6000)


def test_binned_files_that_were_moved_are_still_told_by_what_is_in_them(whole, tmp_path):
    shutil.copytree(whole / "DRIAMS-B/binned_6000/2018", tmp_path / "mine")
    with pytest.raises(DatasetError, match="the first column counts 0, 1, 2, ...: these seem to be numbers of bins"):
        load_spectra(tmp_path / "mine", pd.DataFrame({"ID": [code(21), code(22)]}))


def test_own_tables_may_describe_raw_spectra_of_it_and_the_root_leads_to_its_loader(whole, cache_dir):
    table = pd.DataFrame({"ID": [code(21), code(22)], "Drug": ["R", "S"]})
    mine = load_spectra(whole / "DRIAMS-B/raw/2018", table, label="Drug", on_error="skip")
    assert_same_matrix(mine.X, load_driams(whole, "Ceftriaxone").X.loc[[code(21), code(22)]])
    with pytest.raises(DatasetError, match="is laid out as DRIAMS: load_driams"):
        load_spectra(whole)


def test_a_folder_of_that_name_may_hold_something_else(tmp_path):
    files = {"metadata.csv": b"ID,Drug\na,R\n", "spectra/a.txt": as_text(*make_spectrum(1))}
    assert len(load_dataset(write_folder(tmp_path / "DRIAMS-A", files), "Drug").X) == 1
    (tmp_path / "DRIAMS-B.tar.gz").write_bytes(b"x")
    with pytest.raises(DatasetError, match="archive of a public collection; unpack it"):
        load_dataset(tmp_path / "DRIAMS-B.tar.gz")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"species": None}, "species is a name"),
        ({"species": [" "]}, "species is a name"),
        ({"intermediate": "X"}, "intermediate is one of"),
        ({"on_error": "ignore"}, "on_error is one of"),
        ({"bin_width": 0}, "bin_width"),
        ({"dtype": "int8"}, "dtype is one of"),
        ({"preprocess": "no"}, "preprocess is one of"),
    ],
)
def test_wrong_options_are_refused_before_anything_is_read(options, message):
    with pytest.raises(ValueError, match=message):
        load_driams("nowhere", "Ceftriaxone", **options)
