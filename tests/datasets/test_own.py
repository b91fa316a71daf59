"""The analyst's own files, whole and with every kind of flaw."""

import numpy as np
import pandas as pd
import pytest
from builders import TABLE, files_of, make_spectrum, write_folder, write_tar

from maldinb import DatasetError, binary_labels, load_spectra, preprocessing


def test_a_folder_becomes_a_data_set(folder):
    ds = load_spectra(folder, label="Amikacin")
    assert (
        ds.X.shape == (3, 6000)
        and list(ds.X.index) == ["a1", "a2", "a3"]
        and list(ds.X.columns[:2]) == ["2000", "2003"]
    )
    assert list(ds.mz[:2]) == [2000, 2003] and len(ds.mz) == 6000
    assert list(ds.batch) == ["Rome", "Milan", "Rome"] and list(ds.species)[1] == "Klebsiella oxytoca"
    assert np.array_equal(ds.X.loc["a2"], preprocessing.preprocess(*make_spectrum(2)))
    assert ds.info["counts"]["Amikacin"]["Rome"] == {"S": 0, "I": 0, "R": 1, "unlabelled": 1}
    assert ds.info["preprocessing"]["bin_width"] == 3 and ds.info["n_spectra"] == 3 and ds.info["left_out"] == {}
    X, y = binary_labels(ds)
    assert list(X.index) == ["a1", "a2"] and y.tolist() == [1, 0]


def test_folder_archive_and_table_in_memory_give_the_same(folder, archive, tmp_path):
    elsewhere = tmp_path / "table.csv"
    elsewhere.write_bytes((folder / "metadata.csv").read_bytes())
    (folder / "metadata.csv").unlink()
    sets = [
        load_spectra(folder, elsewhere, n_jobs=1),
        load_spectra(str(archive), n_jobs=3, verbose=False),
        load_spectra(folder / "spectra", pd.read_csv(elsewhere)),
    ]
    for ds in sets[1:]:
        pd.testing.assert_frame_equal(ds.X, sets[0].X)
        pd.testing.assert_frame_equal(ds.meta, sets[0].meta)


def test_the_repr_shows_no_ids(folder):
    assert repr(load_spectra(folder)) == "SpectraDataset('mine': 3 spectra x 6000 bins)"


def test_without_a_label_there_is_nothing_to_learn(folder):
    ds = load_spectra(folder)
    with pytest.raises(ValueError, match="loaded without a label.*antibiotic="):
        binary_labels(ds)
    assert binary_labels(ds, antibiotic="Meropenem")[1].tolist() == [0, 1]


BAD = {
    "spectra/a2.txt": b"",
    "spectra/a3.txt": b"2000 5\n2001 x\n",
    "spectra/a4.txt": b"1 2\n" * 100,
}


@pytest.fixture
def flawed(tmp_path):
    table = TABLE + "a4,S,S,,Milan\n"
    return write_folder(tmp_path / "flawed", files_of(3, table) | BAD)


def test_all_bad_spectra_are_reported_at_once(flawed):
    with pytest.raises(DatasetError) as caught:
        load_spectra(flawed)
    message = str(caught.value)
    assert message.startswith("3 of 4 spectra cannot be used:")
    assert "a2.txt: the file is empty" in message
    assert "a3.txt: line 2 is not two finite numbers" in message
    assert "a4.txt: m/z is repeated at point 2" in message and 'on_error="skip"' in message
    assert len(caught.value.errors) == 3


def test_skip_loads_the_rest_and_records_what_was_left_out(flawed):
    ds = load_spectra(flawed, on_error="skip")
    assert list(ds.X.index) == list(ds.meta.index) == ["a1"]
    assert set(ds.info["left_out"]) == {"a2", "a3", "a4"} and "empty" in ds.info["left_out"]["a2"]


def test_nothing_good_is_an_error_even_then(tmp_path):
    folder = write_folder(tmp_path / "bad", files_of(0) | {f"spectra/a{i}.txt": b"" for i in (1, 2, 3)})
    with pytest.raises(DatasetError, match="3 of 3 spectra cannot be used") as caught:
        load_spectra(folder, on_error="skip")
    assert "on_error" not in str(caught.value)


def test_long_reports_are_cut_but_complete_in_the_exception(tmp_path):
    table = "ID\n" + "".join(f"x{i}\n" for i in range(60))
    files = {f"spectra/x{i}.txt": b"?" for i in range(60)}
    folder = write_folder(tmp_path / "bad", files | {"metadata.csv": table.encode()})
    with pytest.raises(DatasetError, match="and 10 more") as caught:
        load_spectra(folder)
    assert len(caught.value.errors) == 60


def test_ids_on_one_side_only_are_named_or_recorded(tmp_path):
    table = TABLE.replace("a3,", "b9,")
    folder = write_folder(tmp_path / "x", files_of(3, table))
    with pytest.raises(DatasetError, match="2 IDs .* do not match") as caught:
        load_spectra(folder)
    assert "b9: in the metadata, but no spectrum" in str(caught.value)
    assert "a3: a spectrum, but not in the metadata" in str(caught.value)
    ds = load_spectra(folder, on_error="skip")
    assert list(ds.X.index) == ["a1", "a2"] and set(ds.info["left_out"]) == {"a3", "b9"}


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"label": "Colistin"}, DatasetError, "no column 'Colistin'; found"),
        ({"batch": "Ward"}, DatasetError, "no column 'Ward'"),
        ({"metadata": "nowhere.csv"}, DatasetError, "cannot read the metadata nowhere.csv"),
        ({"on_error": "ignore"}, ValueError, "on_error is one of 'raise', 'skip', not 'ignore'"),
        ({"bin_width": 0}, ValueError, "bin_width"),
    ],
)
def test_wrong_arguments_are_named(folder, options, error, message):
    with pytest.raises(error, match=message):
        load_spectra(folder, **options)


def test_a_folder_without_a_table_asks_for_one(tmp_path):
    files = files_of()
    files.pop("metadata.csv")
    with pytest.raises(DatasetError, match="holds no metadata.csv; name a table: metadata="):
        load_spectra(write_tar(tmp_path / "x.tar", files))


def test_the_real_spectra_load(real_spectra):
    ds = load_spectra(real_spectra, label="Drug")
    X, y = binary_labels(ds)
    assert X.shape == (29, 6000) and y.sum() == 10
    assert np.allclose(X.sum(axis=1), 1) and set(ds.batch) == {"all"}
