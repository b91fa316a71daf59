"""The analyst's own files, whole and with every kind of flaw."""

import io

import numpy as np
import pandas as pd
import pytest
from builders import TABLE, as_text, assert_same_matrix, files_of, make_spectrum, write_folder, write_tar, write_zip
from flex import acquisition, axis
from mass_xml import mzml

from maldinb import DatasetError, binary_labels, load_dataset, load_spectra, preprocessing


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
        assert_same_matrix(ds.X, sets[0].X)
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
        ({"dtype": "int8"}, ValueError, "dtype is one of 'float64', 'float32', not 'int8'"),
        ({"dtype": "halves"}, ValueError, "dtype is one of .* not 'halves'"),
    ],
)
def test_wrong_arguments_are_named(folder, options, error, message):
    with pytest.raises(error, match=message):
        load_spectra(folder, **options)


def test_without_any_table_spectra_are_loaded_for_prediction(tmp_path):
    files = files_of()
    files.pop("metadata.csv")
    source = write_tar(tmp_path / "x.tar", files)
    ds = load_spectra(source)
    assert list(ds.X.index) == ["a1", "a2", "a3"]
    assert np.array_equal(ds.X.loc["a2"], preprocessing.preprocess(*make_spectrum(2)))
    assert set(ds.batch) == {"all"} and set(ds.species) == {"unknown"} and ds.isolate is None
    with pytest.raises(ValueError, match="loaded without a label"):
        binary_labels(ds)
    with pytest.raises(
        DatasetError, match="holds no table, .* to look for label='X', batch='Ward'. Name one: metadata="
    ):
        load_spectra(source, label="X", batch="Ward")
    assert load_dataset(source, None).X.equals(ds.X)


def test_labels_are_mapped_and_what_i_means_is_decided(tmp_path):
    table = TABLE.replace("a1,R", "a1,Resistant").replace("a2,S", "a2,0").replace("a3,,", "a3,i,")
    folder = write_folder(tmp_path / "x", files_of(3, table))
    with pytest.raises(DatasetError, match="'Resistant' .1., '0' .1. .*: labels={'Resistant': 'R', '0': ...}"):
        load_spectra(folder, label="Amikacin")
    ds = load_spectra(folder, label="Amikacin", labels={"resistant": "R", 0: "S"}, intermediate="S")
    assert binary_labels(ds)[1].to_dict() == {"a1": 1, "a2": 0, "a3": 0}
    assert binary_labels(ds, intermediate="drop")[1].to_dict() == {"a1": 1, "a2": 0}
    assert ds.meta["Amikacin"].tolist() == ["R", "S", "I"] and ds.info["intermediate"] == "S"
    taken = {row["found"]: row["taken as"] for row in ds.info["labels"]["Amikacin"]}
    assert taken == {"Resistant": "R", "0": "S", "i": "I"}
    with pytest.raises(ValueError, match="intermediate is one of 'drop', 'R', 'S', not 'r'"):
        load_spectra(folder, label="Amikacin", intermediate="r")


def test_tables_of_every_ending_are_found_and_read(tmp_path):
    files = files_of()
    expected = load_spectra(write_folder(tmp_path / "csv", files), label="Amikacin")
    table = pd.read_csv(io.BytesIO(files.pop("metadata.csv")), dtype=str)
    table.to_excel(workbook := io.BytesIO(), index=False)
    for name, data in {"Metadata.xlsx": workbook.getvalue(), "metadata.tsv": table.to_csv(sep="\t").encode()}.items():
        here = files | {name: data}
        for source in (write_folder(tmp_path / name, here), write_zip(tmp_path / f"{name}.zip", here)):
            ds = load_spectra(source, label="Amikacin")
            assert ds.X.equals(expected.X) and ds.meta[expected.meta.columns].equals(expected.meta)
    two = write_folder(tmp_path / "two", files | {"metadata.tsv": b"ID\na1", "metadata.xlsx": b""})
    with pytest.raises(
        DatasetError, match="several tables, .*metadata.tsv and .*metadata.xlsx; name the one .*metadata="
    ):
        load_spectra(two)
    assert len(load_spectra(two, expected.meta).X) == 3


def test_text_lies_in_folders_of_any_depth_and_notes_beside_it_are_none(tmp_path):
    files = {"metadata.csv": TABLE.encode(), "README.txt": b"1 2", "rome/License.txt": b"x"}
    files |= {f"c{i % 2}/2019/a{i}.txt": as_text(*make_spectrum(i)) for i in (1, 2, 3)}
    expected = load_spectra(write_folder(tmp_path / "flat", files_of()))
    notes = {"c1/protocol.txt": b"Incubated for 1 night\n", "AMR.csv": b"ID,X\na1,7\n"}
    source = write_folder(tmp_path / "deep", files | notes)
    ds = load_spectra(source)
    assert ds.X.equals(expected.X)
    assert set(ds.info["left_out"]) == {"protocol", "AMR"}
    assert ds.info["left_out"]["AMR"].startswith("not in the metadata, and no spectrum: ")
    (source / "metadata.csv").unlink()
    with pytest.raises(
        DatasetError, match="2 of 5 spectra cannot be used:(\n.*(AMR.csv|protocol.txt): .*){2}\nMend or remove"
    ):
        load_spectra(source)
    stray = write_folder(tmp_path / "stray", files | {"c1/notes2.txt": files["c1/2019/a1.txt"]})
    with pytest.raises(DatasetError, match="1 IDs .* do not match:\n  notes2: a spectrum, but not in the metadata"):
        load_spectra(stray)
    twice = write_folder(tmp_path / "twice", files | {"c0/a1.txt": b"2000 1", "c0/a3.txt": b"2000 1"})
    with pytest.raises(
        DatasetError, match="two spectra for one ID: .*a1.txt and .*a1.txt, and 1 more IDs .* Rename one"
    ):
        load_spectra(twice)


def test_a_table_that_lies_among_the_spectra_is_none_of_them(tmp_path, monkeypatch):
    files = files_of()
    files["spectra/labels.csv"] = files.pop("metadata.csv")
    folder = write_folder(tmp_path / "x", files)
    assert len(load_spectra(folder, folder / "spectra" / "labels.csv").X) == 3
    monkeypatch.chdir(folder)
    assert load_spectra(".", "spectra/../spectra/labels.csv").info["left_out"] == {}


def test_text_bruker_mzml_and_zip_of_the_same_isolates_give_the_same_matrix(tmp_path):
    """Points of an acquisition, written in each form: what reads them may differ in nothing that a model would see."""
    x = axis()
    heights = {f"s{i}": 5 + 500 * np.exp(-(((x - 4000 - 50 * i) / 40) ** 2)) for i in range(4)}
    counts = {one: np.random.default_rng(0).poisson(y) for one, y in heights.items()}
    table = {"metadata.csv": b"ID,Drug,City\ns0,R,Rome\ns1,S,Rome\ns2,R,Milan\ns3,,Milan\n"}
    text = {f"2019/{one}.txt": as_text(x, y, "{:.17g} {:.0f}") for one, y in counts.items()}
    tree = {name: data for one, y in counts.items() for name, data in acquisition(f"p/{one}/0_A1/1/1SLin", y).items()}
    xml = {f"{one}.mzML": mzml((x, y), packed=True) for one, y in counts.items()}
    expected = load_spectra(write_folder(tmp_path / "expected", text | table), label="Drug")
    for name, files in {"Bruker flex": tree, "mzml": xml, "txt": text}.items():
        here = files | table
        for source in (write_folder(tmp_path / name, here), write_zip(tmp_path / f"{name}.zip", here)):
            ds = load_spectra(source, label="Drug")
            assert_same_matrix(ds.X, expected.X, rtol=1e-9)
            pd.testing.assert_frame_equal(ds.meta, expected.meta)
            assert ds.info["formats"] == {name: 4}


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
