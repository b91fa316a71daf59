"""The analyst's own files, whole and with every kind of flaw."""

import numpy as np
import pandas as pd
import pytest
from builders import TABLE, as_text, files_of, make_spectrum, write_folder, write_tar

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


def test_the_repr_says_what_was_recognised_and_shows_no_ids(folder):
    shown = "SpectraDataset('mine': 3 spectra x 6000 bins, batch: City, species: Species, isolate: not known)"
    assert repr(load_spectra(folder)) == shown


def test_isolates_are_known_whatever_their_column_is_called(tmp_path):
    table = "id,isolate,organism,hospital,Drug\na1,x,K,North,R\na2,x,K,North,r\na3,,K,South,s\n"
    ds = load_spectra(write_folder(tmp_path, files_of(3, table)), label="drug")
    assert ds.isolate.tolist()[:2] == ["x", "x"] and ds.isolate.isna().tolist() == [False, False, True]
    assert list(ds.batch) == ["North", "North", "South"] and ds.info["antibiotic"] == "drug"
    assert binary_labels(ds)[1].tolist() == [1, 1, 0]
    assert load_spectra(tmp_path, isolate="organism").isolate.tolist() == ["K"] * 3
    with pytest.raises(DatasetError, match="no column 'ward'; found 'id', 'isolate', 'organism', 'hospital', 'Drug'"):
        load_spectra(tmp_path, batch="ward")


def test_labels_of_another_column_are_read_or_refused_and_never_dropped(tmp_path):
    table = TABLE.replace("Meropenem", "Drug").replace("a1,R,S", "a1,R,s").replace("a2,S,", "a2,S,S ")
    ds = load_spectra(write_folder(tmp_path / "good", files_of(3, table)), label="Amikacin")
    assert binary_labels(ds, antibiotic="Drug")[1].tolist() == [0, 0, 1]
    ds = load_spectra(write_folder(tmp_path / "bad", files_of(3, table.replace("S ", "sens"))), label="Amikacin")
    with pytest.raises(DatasetError, match="column 'Drug' holds 'sens' .1. .first for ID 'a2'.; labels are R, S, I"):
        binary_labels(ds, antibiotic="Drug")


MZ, COUNTS = make_spectrum(1)
ROW = preprocessing.preprocess(MZ, COUNTS)
EDGES = preprocessing.bin_edges()[:-1]
BASELINE_FREE = preprocessing.subtract_baseline(COUNTS, preprocessing.snip_baseline(preprocessing.smooth(COUNTS)))
PEAKS = np.sort(np.random.default_rng(0).choice(np.arange(2100, 19900), 150, replace=False)).astype(float)
WIDE = preprocessing.bin_edges(2.0)[:-1]
FINE = np.arange(44.7, 141.5, 0.006) ** 2
GAP = FINE[(FINE < 5000) | (FINE > 9000)]

#: What is no raw spectrum -> m/z, intensity, what the message says it seems to be, the row by preprocess=False
NOT_RAW = {
    "bin numbers": (np.arange(6000.0), ROW, "the first column counts 0, 1, 2, .* numbers of bins", ROW),
    "bin numbers from 1": (np.arange(1, 6001.0), ROW, "the first column counts 1, 2, 3, .* numbers of bins", ROW),
    "bins": (EDGES, ROW, "6000 points .* one in 3.0 Da: this seems to be bins", ROW),
    "preprocessed": (MZ, BASELINE_FREE, "hardly any baseline .* processed already", None),
    "peaks": (PEAKS, np.arange(1, 151.0), "150 points .* this seems to be a list of peaks", None),
    "a few peaks": (PEAKS[::3], np.arange(1, 51.0), "50 points are too few .* this seems to be a list of peaks", None),
    "wide bins, in which a baseline is left": (
        WIDE,
        50.0 + np.arange(len(WIDE)) % 7,
        "in 2.0 Da: this seems to be bins",
        None,
    ),
    "a margin": (np.arange(2000, 2500, 0.5), 50.0 + np.arange(1000) % 7, "m/z runs from 2000 to 2500 Da", None),
    "a gap": (
        GAP,
        50.0 + np.arange(len(GAP)) % 7,
        "no point between 5000 and 9001 Da: a part of the spectrum is missing",
        None,
    ),
}


@pytest.mark.parametrize("kind", NOT_RAW)
def test_what_is_no_raw_spectrum_is_refused_or_taken_as_it_is(kind, tmp_path):
    mz, intensity, message, row = NOT_RAW[kind]
    (tmp_path / "x.txt").write_bytes(as_text(mz, intensity, "{:.17g} {:.17g}"))
    table = pd.DataFrame({"ID": ["x"]})
    with pytest.raises(DatasetError, match=rf"x.txt: .*{message}.*preprocess="):
        load_spectra(tmp_path, table)
    loaded = load_spectra(tmp_path, table, preprocess=False)
    assert loaded.info["preprocessing"] == {"bin_width": 3}
    as_it_is = loaded.X.loc["x"].to_numpy()
    if row is None:
        inside = (mz >= 2000) & (mz <= 20000)
        assert as_it_is.sum() == pytest.approx(intensity[inside].sum())
    else:
        assert np.allclose(as_it_is, row, rtol=1e-11, atol=0)  # pandas 2 reads 12 of 17 digits rightly
    if len(mz) > 150:
        assert load_spectra(tmp_path, table, preprocess="force").X.loc["x"].sum() == pytest.approx(1)


def test_numbers_of_bins_of_another_width_cannot_be_placed(tmp_path):
    (tmp_path / "x.txt").write_bytes(as_text(np.arange(1800), np.ones(1800)))
    table = pd.DataFrame({"ID": ["x"]})
    with pytest.raises(DatasetError, match="counts 0, 1, ... 1799: numbers of 1800 bins.*there would be 6000"):
        load_spectra(tmp_path, table, preprocess=False)
    assert load_spectra(tmp_path, table, preprocess=False, bin_width=10).X.shape == (1, 1800)
    (tmp_path / "x.txt").write_bytes(as_text(np.delete(np.arange(6000), [1, 7, 8]), np.ones(5997)))  # without its zeros
    with pytest.raises(DatasetError, match="counts 0, 2, ... 5999: numbers of 5997 bins"):
        load_spectra(tmp_path, table, preprocess=False)
    with pytest.raises(DatasetError, match="counts 0, 2, 3, ...: these seem to be numbers of bins"):
        load_spectra(tmp_path, table)
    with pytest.raises(ValueError, match="preprocess is one of True, False, 'force', not 'no'"):
        load_spectra(tmp_path, table, preprocess="no")


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


def test_what_became_of_the_real_spectra_is_told_from_them(real_spectra, tmp_path):
    """Rows written out again, by m/z and by number, without their zeros."""
    for width in (1.0, 2.0, 3.0):
        rows = load_spectra(real_spectra, bin_width=width).X.iloc[::3]
        for mz in (preprocessing.bin_edges(width)[:-1], np.arange(rows.shape[1], dtype=float)):
            for name, row in zip(rows.index, rows.to_numpy(), strict=True):
                (tmp_path / f"{name}.txt").write_bytes(as_text(mz[row > 0], row[row > 0], "{:g} {:.9g}"))
            with pytest.raises(DatasetError, match="10 of 10 spectra cannot be used"):
                load_spectra(tmp_path, pd.DataFrame({"ID": rows.index}))
