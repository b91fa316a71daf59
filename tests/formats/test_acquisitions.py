"""Bruker trees as they come: found at any depth, called by their sample, each bad one named."""

import warnings

import numpy as np
import pandas as pd
import pytest
from builders import as_text, assert_same_matrix, files_of, write_folder, write_tar, write_zip
from flex import acquisition, acqus_of, axis, fid_of

from maldinb import DatasetError, load_dataset, load_spectra, raw_spectrum
from maldinb.formats import open_source, read_spectrum
from maldinb.preprocessing import SpectrumError

N = 20672
COUNTS = {
    i: np.random.default_rng(i).poisson(5 + 500 * np.exp(-(((axis() - 4000 - 100 * i) / 40) ** 2))) for i in (1, 2)
}
TREE = acquisition("p/s1/0_C9/1/1SLin", COUNTS[1]) | acquisition("p/deep/er/s2/0_C5/1/1SLin", COUNTS[2])
TABLE = {"metadata.csv": b"ID,Drug\ns1,R\ns2,S\n"}


def ids(source):
    return [identifier for identifier, _, _ in open_source(source)[0]]


def test_a_tree_a_tar_and_a_zip_give_the_matrix_of_the_text(tmp_path):
    text = {f"spectra/s{i}.txt": as_text(axis(), COUNTS[i], "{:.17g} {:.0f}") for i in (1, 2)}
    expected = load_spectra(write_folder(tmp_path / "text", text | TABLE), label="Drug")
    sources = [
        write_folder(tmp_path / "tree", TREE | TABLE),
        write_tar(tmp_path / "tree.tar", TREE | TABLE),
        write_tar(tmp_path / "tree.tgz", TREE | TABLE, "w:gz"),
        write_zip(tmp_path / "tree.zip", TREE | TABLE),
        write_tar(tmp_path / "text.tar", text | TABLE),
        write_zip(tmp_path / "text.zip", text | TABLE),
    ]
    for source in sources:
        data = load_spectra(source, label="Drug")
        assert_same_matrix(data.X.sort_index(), expected.X, rtol=1e-9)
        mz, intensity = raw_spectrum(data, "s2")
        assert np.allclose(mz, axis(), rtol=1e-9, atol=0) and np.array_equal(intensity, COUNTS[2])
        assert load_dataset(source, antibiotic="Drug").X.shape == (2, 6000)


def test_a_sample_with_several_acquisitions_says_where_each_lay(tmp_path):
    files = {}
    for folder in ("s1/0_C9/1", "s1/0_C9/2", "s1/0_D9/1", "s2/0_A1/1"):
        files |= acquisition(f"p/{folder}/1SLin", [1])
    assert sorted(ids(write_folder(tmp_path / "x", files))) == ["s1_0_C9_1", "s1_0_C9_2", "s1_0_D9_1", "s2"]


@pytest.mark.parametrize("level", [".", "s1", "s1/0_C9", "s1/0_C9/1", "s1/0_C9/1/1SLin", "s1/0_C9/1/1SLin/fid"])
def test_one_acquisition_is_read_from_any_level_above_it(tmp_path, level):
    folder = write_folder(tmp_path, acquisition("x/s1/0_C9/1/1SLin", COUNTS[1])) / "x"
    mz, intensity, about = read_spectrum(folder / level)
    assert np.allclose(mz, axis(), rtol=1e-9, atol=0) and np.array_equal(intensity, COUNTS[1])
    assert about["format"] == "Bruker flex" and about["instrument"] == "FLEX-PC"
    if not level.endswith("fid"):
        assert ids(folder / level) == ["s1"]


def test_acqu_serves_where_acqus_is_missing_and_comes_second(tmp_path):
    only = {"s1/0_C9/1/1SLin/fid": fid_of([1, 2]), "s1/0_C9/1/1SLin/acqu": acqus_of(2)}
    assert read_spectrum(write_folder(tmp_path / "x", only)).intensity.tolist() == [1, 2]
    both = only | {"s1/0_C9/1/1SLin/acqu": acqus_of(3), "s1/0_C9/1/1SLin/acqus": acqus_of(2)}
    assert read_spectrum(write_folder(tmp_path / "y", both)).intensity.tolist() == [1, 2]


def test_flat_exports_are_called_by_their_folder(tmp_path):
    assert ids(write_folder(tmp_path / "x", acquisition("922145", [1]) | acquisition("b/1SLin", [1]))) == [
        "922145",
        "b",
    ]


def test_text_beside_acquisitions_is_no_spectrum(tmp_path):
    notes = {
        "README.txt": b"x",
        "labels.csv": b"ID\ns1\n",
        "p/s1/notes.txt": b"x",
        "p/s1/0_C9/1/1SLin/peaks.txt": b"1 2",
    }
    assert ids(write_folder(tmp_path / "x", TREE | notes)) == ["s2", "s1"]


def test_a_folder_of_spectra_is_preferred_and_the_nearest_one(tmp_path):
    files = files_of(2) | TREE | {"old/spectra/a1.txt": b"1"}
    for source in (write_folder(tmp_path / "x", files), write_zip(tmp_path / "x.zip", files)):
        assert ids(source) == ["a1", "a2"]
    inside = {f"spectra/{name}": data for name, data in TREE.items()}
    assert ids(write_tar(tmp_path / "y.tar", inside)) == ["s1", "s2"]


def test_two_samples_of_one_name_are_refused(tmp_path):
    files = acquisition("p/s1/0_C9/1/1SLin", [1]) | acquisition("q/s1/0_C5/1/1SLin", [1])
    with pytest.raises(DatasetError, match="two spectra for one ID: .*p/s1/0_C9/1/1SLin and .*q/s1/0_C5/1/1SLin"):
        open_source(write_folder(tmp_path / "x", files))


BROKEN = {
    "no fid": ({"acqus": acqus_of(N)}, "the spot is empty: there is no fid"),
    "empty fid": ({"fid": b"", "acqus": acqus_of(N)}, "the spot is empty"),
    "no acqus": ({"fid": fid_of(COUNTS[1])}, "there is no acqus beside fid"),
    "cut off": ({"fid": fid_of(COUNTS[1])[:-7], "acqus": acqus_of(N)}, "fid holds 82681 bytes"),
    "an unknown order": ({"fid": fid_of(COUNTS[1]), "acqus": acqus_of(N, BYTORDA=7)}, "acqus gives BYTORDA as 7"),
    "no ML1": ({"fid": fid_of(COUNTS[1]), "acqus": acqus_of(N, ML1=None)}, "acqus has no ML1"),
    "half UTF-16": ({"fid": b"", "acqus": acqus_of(N).decode().encode("utf-16")[:-1]}, "acqus: looks like UTF-16"),
    "reflector": ({"fid": fid_of(COUNTS[1]), "acqus": acqus_of(N, AQOP_m=1)}, "a reflector spectrum"),
    "another range": (
        {"fid": fid_of(COUNTS[1]), "acqus": acqus_of(N, DELAY=40000)},
        "m/z runs from .* Da only; a row stands for 2000-20000 Da",
    ),
}


@pytest.mark.parametrize(("parts", "message"), BROKEN.values(), ids=BROKEN)
def test_each_bad_acquisition_names_its_folder(tmp_path, parts, message):
    bad = {f"p/bad/0_A1/1/1SLin/{name}": data for name, data in parts.items()}
    table = pd.DataFrame({"ID": ["s1", "s2", "bad"]})
    for source in (write_folder(tmp_path / "x", TREE | bad), write_zip(tmp_path / "x.zip", TREE | bad)):
        with pytest.raises(DatasetError, match=f"1 of 3 spectra cannot be used:\n.*p/bad/0_A1/1/1SLin: {message}"):
            load_spectra(source, table)
        data = load_spectra(source, table, on_error="skip")
        assert sorted(data.X.index) == ["s1", "s2"] and list(data.info["left_out"]) == ["bad"]


def test_a_finer_calibration_that_was_asked_for_is_warned_of_once(tmp_path):
    files = {}
    for i in (1, 2):
        files |= acquisition(f"s{i}/0_C9/1/1SLin", COUNTS[i], HPClUse="yes", HPClOrd=10)
    folder = write_folder(tmp_path / "x", files)
    with pytest.warns(UserWarning, match="s1/0_C9/1/1SLin, and maybe others: .*HPClUse.* not applied") as caught:
        load_spectra(folder, pd.DataFrame({"ID": ["s1", "s2"]}), n_jobs=1)
    assert len(caught) == 1
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert "HPClUse" in read_spectrum(folder / "s1").about["warning"]


def test_one_spectrum_is_asked_for_and_one_must_be_there(tmp_path):
    folder = write_folder(tmp_path / "x", TREE)
    with pytest.raises(DatasetError, match="x holds 2 spectra, and one is to be read:\n.*s2/0_C5/1/1SLin\n.*s1/0_C9"):
        read_spectrum(folder)
    (tmp_path / "empty").mkdir()
    with pytest.raises(DatasetError, match="empty holds no spectra, and one is to be read$"):
        read_spectrum(tmp_path / "empty")
    with pytest.raises(DatasetError, match="no such .*nowhere"):
        read_spectrum(tmp_path / "nowhere")
    (tmp_path / "a1.txt").write_bytes(b"2000 x")
    with pytest.raises(DatasetError, match="a1.txt: no line of numbers") as caught:
        read_spectrum(tmp_path / "a1.txt")
    assert isinstance(caught.value.__cause__, SpectrumError)


def test_the_real_acquisition_becomes_a_row(real_spectra):
    if not (real_spectra / "bruker").is_dir():
        pytest.skip("no Bruker folder beside the real spectra")
    data = load_spectra(real_spectra / "bruker", pd.DataFrame({"ID": ["922145"]}))
    assert data.X.loc["922145"].sum() == pytest.approx(1)
    assert raw_spectrum(data, "922145")[0][0] == pytest.approx(1999.903753923907, rel=1e-9)
    assert len(load_spectra(real_spectra, label="Drug").X) == 29  # those in spectra/, and none beside it
