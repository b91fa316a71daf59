"""MARISMa in small, with every trap of its layout; and the two of its acquisitions that a package on PyPI holds."""

import importlib.util
import shutil
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import trees
from builders import assert_same_matrix, write_folder
from flex import acqus_of, axis
from trees import EC, KP, PT, SPOTS

from maldinb import DatasetError, load_dataset, load_marisma, load_spectra, raw_spectrum

IDS = [
    f"{folder[:4]}_{folder.rpartition('/')[2]}_{spot.replace('/', '_')}"
    for folder, spots in SPOTS.items()
    for spot in spots
]


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    return write_folder(tmp_path_factory.mktemp("x") / "data", trees.marisma())


@pytest.fixture
def root(tmp_path, cache_dir):
    """A copy of one's own."""
    return write_folder(tmp_path / "data", trees.marisma())


def spot(number):
    """The folder of an acquisition, below that of the years."""
    return [f"{folder}/{place}/1SLin" for folder, places in SPOTS.items() for place in places][number]


def test_what_is_labelled_is_loaded_and_nothing_else_is_read(whole, cache_dir):
    data = load_marisma(whole, "Ceftriaxone")
    assert list(data.X.index) == IDS and data.meta["Ceftriaxone"].tolist() == ["R", "R", "R", "S", "I", "R"]
    assert repr(data).endswith("batch: Year, species: species, isolate: Identifier)")
    assert data.batch.tolist() == ["2018"] * 4 + ["2024"] * 2 and set(data.species) == {KP}
    assert data.isolate.value_counts().to_dict() == {"00109d1f": 3, "0018d75a-01": 1, "0020aaaa": 1, "0053dddd": 1}
    assert data.info["left_out"] == {} and data.info["not_chosen"] == [
        {"what": f"isolates of {KP}", "n": 2, "why": "no R, S or I for Ceftriaxone"},
        {"what": "isolates without a row", "n": 1, "why": "not in AMR.csv"},
    ]
    assert {"found": "R | S", "n": 1, "taken as": None} in data.info["labels"]["Ceftriaxone"]
    assert data.info["doi"] == "10.5281/zenodo.17201597"


def test_rows_are_those_of_the_same_acquisitions_as_own_spectra(whole, cache_dir, monkeypatch):
    monkeypatch.setattr("maldinb.datasets.assembly._RECENT", 0)  # or these files are too new for the cache
    data = load_dataset(whole, "Ceftriaxone", years=2024)
    half = load_marisma(whole, "Ceftriaxone", years=2024, dtype=np.float32)
    assert list(data.X.index) == IDS[4:]
    assert_same_matrix(half.X, data.X.astype("float32"))
    for ID, seed in zip(IDS[4:], (5, 6), strict=True):
        mz, intensity = raw_spectrum(data, ID)
        assert np.allclose(mz, axis(), rtol=1e-9, atol=0) and np.array_equal(intensity, trees.counts(seed))
    folder = whole / "MARISMa/2024/Klebsiella/Pneumoniae"
    own = load_spectra(folder, pd.DataFrame({"ID": ["0020aaaa", "0053dddd"]}), on_error="skip")
    assert np.array_equal(own.X.to_numpy(), data.X.to_numpy())


def test_the_root_may_be_named_at_either_level_and_the_table_lie_elsewhere(root):
    assert list(load_marisma(root / "MARISMa", "Ceftriaxone").X.index) == IDS
    shutil.move(root / "AMR.csv", root / "MARISMa/AMR.csv")
    assert list(load_dataset(root, "Ceftriaxone").X.index) == IDS
    shutil.move(root / "MARISMa/AMR.csv", root / "labels.csv")
    for path in (root, root / "MARISMa"):
        with pytest.raises(DatasetError, match="no AMR.csv in or beside it.*metadata="):
            load_dataset(path, "Ceftriaxone")
        assert list(load_dataset(path, "Ceftriaxone", metadata=root / "labels.csv").X.index) == IDS
    with pytest.raises(DatasetError, match="is laid out as MARISMa: load_marisma"):
        load_spectra(root)


def test_case_and_slashes_do_not_count(whole, cache_dir):
    data = load_marisma(whole, "ceftriaxone", species="klebsiella PNEUMONIAE", years=["2018"], batch="sample")
    assert data.batch.tolist() == ["ORINA"] * 3 + ["SANGRE"]
    with pytest.raises(DatasetError, match="1 of 5 spectra cannot be used:\n.*0042cccc/0_C2/1/1SLin: there is no"):
        load_marisma(whole, "piperacillin-tazobactam")


NOTHING = [
    ({"antibiotic": "Ceftriaxone", "species": "Klebsiela pneumoniae"}, rf"'{KP}' \(4\), .*'{EC}' \(1\)\n.*: nothing"),
    ({"antibiotic": "Ceftriaxon 2"}, rf"Labelled for it: nothing\n.*'Ceftriaxone' \(4\), '{PT}' \(3\)"),
    ({"antibiotic": "MIC_Ceftriaxone"}, "Labelled for it: nothing\n.*Ceftriaxone"),
    ({"antibiotic": PT, "years": 2024}, r"Labelled for it: nothing\n.*'Ceftriaxone' \(2\)"),
    ({"antibiotic": "Imipenem", "species": "Klebsiela"}, rf": nothing\n.*: nothing\n  Species: .*'{KP}' \(7\)"),
]


@pytest.mark.parametrize(("options", "message"), NOTHING)
def test_where_nothing_is_labelled_the_message_says_what_is(whole, options, message):
    with pytest.raises(DatasetError, match=f"(?s)no spectrum of .* is labelled R, S or I for.*{message}"):
        load_marisma(whole, **options)


def test_without_an_antibiotic_those_are_named_that_there_are(whole):
    with pytest.raises(DatasetError, match=r"(?s)name an antibiotic.\n.*'Ceftriaxone' \(4\)"):
        load_marisma(whole, None)


def test_years_and_tables_that_are_not_there(root):
    with pytest.raises(DatasetError, match="MARISMa: no year 2017; there is 2018, 2024"):
        load_marisma(root, "Ceftriaxone", years=[2017, 2018])
    with pytest.raises(DatasetError, match="cannot read the table .*nowhere.csv"):
        load_marisma(root, "Ceftriaxone", metadata=root / "nowhere.csv")
    (root / "AMR.csv").write_bytes(b"ID,Ceftriaxone\nx,R\n")
    with pytest.raises(DatasetError, match="AMR.csv: no column Identifier; found ID, Ceftriaxone"):
        load_marisma(root, "Ceftriaxone")


def test_empty_spots_and_isolates_without_one_follow_on_error(root):
    tree = root / "MARISMa"
    (tree / spot(0) / "fid").write_bytes(b"")
    (tree / spot(1) / "fid").unlink()
    shutil.rmtree(tree / spot(2))
    shutil.rmtree(tree / "2018/Klebsiella/Pneumoniae/0018d75a-01/0_C9")
    with pytest.raises(DatasetError, match="2 IDs of MARISMa .* do not match:") as caught:
        load_marisma(root, "Ceftriaxone")
    assert set(caught.value.errors) == {IDS[2], "2018_0018d75a-01"}
    data = load_marisma(root, "Ceftriaxone", on_error="skip")
    assert list(data.X.index) == IDS[4:]
    reasons = {ID: why for ID, why in data.info["left_out"].items() if ID.startswith("2018_")}
    assert set(reasons) == {*IDS[:3], "2018_0018d75a-01"}
    assert "the spot is empty" in reasons[IDS[0]] and "there is no fid" in reasons[IDS[1]]


def test_the_cache_notices_another_calibration(root):
    trees.settle(root)
    first = load_marisma(root, "Ceftriaxone")
    acqus = root / "MARISMa" / spot(0) / "acqus"
    acqus.write_bytes(acqus_of(len(axis()), ML2=500))
    trees.settle(root)
    assert not np.array_equal(load_marisma(root, "Ceftriaxone").X.loc[IDS[0]], first.X.loc[IDS[0]])


def test_a_calibration_that_is_not_applied_is_warned_of_once(root):
    for number in (0, 1):
        folder = root / "MARISMa" / spot(number)
        (folder / "acqus").write_bytes(acqus_of(len(axis()), HPClUse="yes", HPClOrd=10))
    with pytest.warns(UserWarning, match="HPClUse") as caught:
        load_marisma(root, "Ceftriaxone", n_jobs=1)
    assert len(caught) == 1


@pytest.fixture(scope="module")
def real():
    """The tree of two acquisitions of E. coli in the wheel of maldida; its genus is misspelt there."""
    package = importlib.util.find_spec("MALDIDA")
    if package is None:
        pytest.skip("maldida is not installed")
    return Path(package.submodule_search_locations[0]) / "data" / "MARISMA"


def test_two_real_acquisitions_become_rows(real, tmp_path, cache_dir):
    table = tmp_path / "AMR.csv"
    table.write_text("Identifier,MIC_Ciprofloxacin,Ciprofloxacin\n00109d1f,>2,R\n0018d75a,<=0.25,S\n")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        data = load_dataset(real, "Ciprofloxacin", species="Eschericia coli", metadata=table)
    assert list(data.X.index) == ["2018_00109d1f_0_C5_1", "2018_0018d75a_0_C9_1"]
    assert np.allclose(data.X.sum(axis=1), 1) and data.meta["Ciprofloxacin"].tolist() == ["R", "S"]
    ends = [raw_spectrum(data, ID)[0][[0, -1]] for ID in data.X.index]
    assert np.allclose(ends, [[1999.9, 19999.8], [1999.7, 19997.3]], atol=0.06)
    assert float(np.corrcoef(data.X)[0, 1]) > 0.3  # one species
