"""Matrices that others have made: what is taken, what is refused, and that all rooms work on them."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.model_selection import StratifiedKFold

from maldinb import (
    DatasetError,
    MaldiMLPClassifier,
    ablation,
    binary_labels,
    evaluation,
    from_matrix,
    interpretation,
    load_dataset,
    load_matrix,
    plots,
    raw_spectrum,
)

IDS = ["a1", "a2", "a3", "a4"]
FRAME = pd.DataFrame(np.eye(4), IDS, ["4365.3", "X2035.5", "mz_9540.2", "7158.8 Da"])


def test_names_of_columns_are_mz_and_put_in_order():
    data = from_matrix(FRAME, ["R", "s", "I", None], antibiotic="Colistin", batch=["N", "N", "S", "S"])
    assert data.mz.tolist() == [2035.5, 4365.3, 7158.8, 9540.2]
    assert list(data.X) == ["X2035.5", "4365.3", "7158.8 Da", "mz_9540.2"] and list(data.X.index) == IDS
    assert data.X.loc["a2"].tolist() == [1, 0, 0, 0]
    assert data.meta["Colistin"].fillna("?").tolist() == ["R", "S", "I", "?"] and list(data.batch) == list("NNSS")
    assert data.info["matrix"] and data.info["preprocessing"] == {} and data.info["antibiotic"] == "Colistin"
    assert "4 columns (2035.5-9540.2 Da)" in repr(data)


@pytest.mark.parametrize("names", [range(4), range(1, 5), [0, 3, 17, 40], ["X1", "X2", "X3", "X4"], list("abcd")])
def test_numbers_of_columns_are_no_mz(names):
    data = from_matrix(pd.DataFrame(np.eye(4), IDS, list(names)))
    assert data.mz is None and list(data.X) == [str(name) for name in names] and "no m/z" in repr(data)


@given(arrays(float, st.tuples(st.integers(1, 6), st.integers(1, 5)), elements=st.floats(-1e6, 1e6)))
def test_numbers_stay_what_they_are(X):
    data = from_matrix(X)
    assert np.array_equal(data.X, X) and data.X.index.is_unique and data.X.columns.is_unique
    assert list(data.batch) == ["all"] * len(X) and data.isolate is None and data.info["antibiotic"] is None
    mz = 3000.0 - np.arange(X.shape[1]) ** 2
    placed = from_matrix(X, mz=mz)
    assert np.array_equal(placed.X, X[:, ::-1]) and np.array_equal(placed.mz, mz[::-1])


@pytest.mark.parametrize("y", [[1, 0, 1, 0], [1.0, 0.0, 1.0, 0.0], [True, False, True, False], "1010", "RSRS"])
def test_labels_in_letters_and_numbers(y):
    X, labels = binary_labels(from_matrix(FRAME, list(y)))
    assert labels.to_dict() == {"a1": 1, "a2": 0, "a3": 1, "a4": 0} and list(X.index) == IDS


def test_a_series_is_put_in_the_order_of_the_matrix():
    data = from_matrix(FRAME, pd.Series([0, 1, 1, 1], IDS[::-1]), isolate=pd.Series(list("wxyz"), IDS))
    assert data.meta["label"].tolist() == ["R", "R", "R", "S"] and list(data.isolate) == list("wxyz")
    assert from_matrix(FRAME, species="Klebsiella pneumoniae").species.nunique() == 1


def test_the_matrix_is_a_copy():
    X = np.eye(2)
    data = from_matrix(X)
    X[0, 0] = 5
    assert data.X.iloc[0, 0] == 1


WRONG = {
    "not an array of shape": lambda: from_matrix([1, 2]),
    r"of spectra x columns, not an array of shape \(0, 3\)": lambda: from_matrix(np.empty((0, 3))),
    "4 missing or infinite values, the first in row 'a3', column '4365.3'; fill": lambda: from_matrix(
        FRAME.drop("a3").reindex(IDS)
    ),
    "1 missing or infinite values, the first in row 1, column 0": lambda: from_matrix([[1], [np.inf]]),
    "something else than numbers in column 'ward'": lambda: from_matrix(FRAME.assign(ward="x")),
    "most columns are named by their m/z, but not 'age'": lambda: from_matrix(FRAME.assign(age=3)),
    "columns of X that are there twice: '4365.3'": lambda: from_matrix(pd.concat([FRAME, FRAME[["4365.3"]]], axis=1)),
    "1 columns have the m/z of another one, such as 4365.3 Da": lambda: from_matrix(FRAME.assign(**{"4365.30": 1})),
    "IDs stand there more than once: 'a1'": lambda: from_matrix(FRAME.set_axis(["a1", "a1", "b", "c"])),
    r"y has shape \(3,\), but X has 4 rows": lambda: from_matrix(FRAME, [1, 0, 1]),
    r"batch has shape \(4, 2\), but X has 4 rows": lambda: from_matrix(FRAME, batch=np.ones((4, 2))),
    "the index of y is not that of X .4 and 4 rows, only in one of them: '0', '1'": lambda: from_matrix(
        FRAME, pd.Series([1, 0, 1, 0])
    ),
    r"the index of isolate is not that of X \(5 and 4 rows\)": lambda: from_matrix(
        FRAME.set_axis(["a", "b", "c", "d"]), isolate=pd.Series(list("12345"), list("abcda"))
    ),
    "label' holds '1' .2., '0' .1., '2' .1. .first for ID 'a1'": lambda: from_matrix(FRAME, [1, 0, 1, 2]),
    r"mz has shape \(2,\), but X has 4 columns": lambda: from_matrix(FRAME, mz=[1, 2]),
    "mz holds a finite number above 0": lambda: from_matrix(FRAME, mz=[1, 2, 3, -4]),
    "intermediate is one of 'drop', 'R', 'S', not 'I'": lambda: from_matrix(FRAME, intermediate="I"),
    "'Batch' is that of another column": lambda: from_matrix(FRAME, [1, 0, 1, 0], antibiotic="Batch"),
}


@pytest.mark.parametrize("message", WRONG)
def test_what_is_refused(message):
    with pytest.raises(ValueError, match=message):
        WRONG[message]()


# --- files ------------------------------------------------------------------------------------------------------------

PLAIN = "ID,City,Amikacin,4365.3,9540.2\n007,Rome,R,0.5,0\n008,Milan,S,0.25,12\n"


def written(folder, text, name="table.csv"):
    (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder / name


def test_a_table_is_a_data_set(tmp_path):
    data = load_dataset(written(tmp_path, PLAIN), "Amikacin")
    assert data.X.to_numpy().tolist() == [[0.5, 0], [0.25, 12]] and data.mz.tolist() == [4365.3, 9540.2]
    assert list(data.X.index) == ["007", "008"] and list(data.batch) == ["Rome", "Milan"]
    assert data.info["name"] == "table.csv" and data.info["source"] == str(tmp_path / "table.csv")


@pytest.mark.parametrize(
    "text",
    [
        PLAIN.replace(",", "\t"),
        PLAIN.replace(",", ";").replace(".", ",").replace("4365,3", "4365.3").replace("9540,2", "9540.2"),
        PLAIN.replace("\n", "\r\n"),
        PLAIN.encode("utf-16"),
        PLAIN.replace("ID,", ",").replace("R,", "1,").replace("S,", "0,"),
        PLAIN.replace("Rome", "Forlì").encode("latin-1"),
    ],
    ids=["tabs", "semicolons", "windows", "utf-16", "an index without a name", "latin-1"],
)
def test_however_it_is_written(tmp_path, text):
    data = load_matrix(written(tmp_path, text, "t.tsv"), "Amikacin")
    assert data.X.to_numpy().tolist() == [[0.5, 0], [0.25, 12]] and data.meta["Amikacin"].tolist() == ["R", "S"]
    assert list(data.X.index) == ["007", "008"] and data.info["columns"]["Batch"] == "City"


UNNAMED = "Amikacin,Meropenem,age,peak_1,peak_2\n1,0,40,0.5,0\n0,1,60,0.25,12\n"


def test_other_labels_are_no_peaks(tmp_path):
    """A column of 0 and 1 that describes isolates must not become a feature: it may give the label away."""
    data = load_dataset(written(tmp_path, UNNAMED), "Amikacin")
    assert list(data.X) == ["peak_1", "peak_2"] and data.mz is None and list(data.X.index) == ["row-0001", "row-0002"]
    assert data.meta["age"].tolist() == ["40", "60"] and data.meta["Amikacin"].tolist() == ["R", "S"]
    assert list(load_matrix(tmp_path / "table.csv", features=["peak_2", "age"]).X) == ["peak_2", "age"]
    assert list(load_matrix(tmp_path / "table.csv", features="peak_[2-9]").X) == ["peak_2"]


def test_a_table_may_hold_nothing_but_numbers(tmp_path):
    (tmp_path / "bare.csv").write_text("2000,2003\n1,2\n3,4\n")
    data = load_matrix(tmp_path / "bare.csv")
    assert data.X.to_numpy().tolist() == [[1, 2], [3, 4]] and list(data.X.index) == ["row-0001", "row-0002"]


@pytest.mark.parametrize(
    ("text", "options", "message"),
    [
        (PLAIN, {"label": "Colistin"}, "no column 'Colistin'; found 'ID', 'City', 'Amikacin'"),
        (PLAIN, {"id": "code"}, "no column 'code'; found 'ID', 'City', 'Amikacin'"),
        (PLAIN, {"features": "peak*"}, "no features 'peak.'; found 'Amikacin', '4365.3', '9540.2'"),
        (
            PLAIN.replace("0.25", ""),
            {},
            "X holds 1 missing or infinite values, the first in row 1, column '4365.3'",
        ),
        (PLAIN.replace("0.25", "high"), {}, "X holds something else than numbers in column '4365.3'"),
        (PLAIN.replace("9540.2", "4365.3"), {}, "columns that are there twice: '4365.3'"),
        (PLAIN.replace("008", "007"), {}, "1 IDs stand there more than once: '007'"),
        ("ID,Amikacin,age\na,R,3\n", {}, "it cannot be told which columns are bins or peaks"),
        ("m/z,s1,s2\n2000,1,2\n2003,3,4\n", {}, "has a column 'm/z': rows seem to be bins. Turn it round"),
        ("ID,2000,2003\n", {}, "table.csv: the table has no rows"),
        ("ID,2000,2003\na,1,2,3\n", {}, "not a table"),
        (" ", {}, "cannot read .*the file is empty"),
    ],
)
def test_tables_that_are_refused(tmp_path, text, options, message):
    with pytest.raises(DatasetError, match=message):
        load_matrix(written(tmp_path, text), **options)


def test_a_missing_table(tmp_path):
    with pytest.raises(DatasetError, match="cannot read .*none.csv: No such file"):
        load_matrix(tmp_path / "none.csv")


# --- through the house ------------------------------------------------------------------------------------------------


def peaks(n=48, n_columns=5, *, binary=False, mz=True):
    """Isolates in two batches, of which the third column tells the label."""
    rng = np.random.default_rng(0)
    y, batch = np.arange(n) % 2, np.where(np.arange(n) % 4 < 2, "North", "South")
    X = rng.gamma(2.0, size=(n, n_columns))
    X[:, 2:3] += 4 * y[:, None]
    return from_matrix(
        (X > 3).astype(int) if binary else X, y, batch=batch, isolate=np.arange(n) // 2 // 2,
        mz=[2035.5, 4365.3, 4370.1, 9540.2, 15000][:n_columns] if mz else None,
    )  # fmt: skip


@pytest.mark.parametrize("data", [peaks(), peaks(binary=True), peaks(mz=False)], ids=["peaks", "binary", "no m/z"])
def test_a_handful_of_columns_goes_through_all_rooms(data):
    X, y = binary_labels(data)
    clf = MaldiMLPClassifier(epochs=3, hidden_dim=8, random_state=0)
    splits = list(StratifiedKFold(3).split(X, y))
    models = {"network": clf, **evaluation.baselines()}
    scores = {name: evaluation.out_of_fold_scores(model, X, y, splits) for name, model in models.items()}
    scores["batch only"] = evaluation.batch_only_scores(y, data.batch, splits)
    table = evaluation.score_table(scores, y, data.batch)
    assert table.loc["logistic regression", "auroc"] > 0.8 and table.notna().all(axis=None)
    abroad = evaluation.leave_one_batch_out_table(clf, X, y, data.batch)
    assert abroad["batch"].tolist() == ["North", "South"]

    opened = interpretation.Opened(clf.fit(X, y), X)
    profiles = interpretation.attributions(opened, y, data.batch, data.mz, window=15)
    assert list(profiles) == list(interpretation.METHODS) and np.isfinite(profiles).all(axis=None)
    if data.mz is None:
        assert list(profiles.index) == list(X.columns)
    else:  # 4365.3 and 4370.1 lie in one window
        assert list(profiles.index) == list(data.mz)
        assert profiles["gradient"].iloc[1] == profiles["gradient"].iloc[2] != profiles["gradient"].iloc[0]
    fig, axes = plt.subplots(1, 2)
    plots.plot_profiles(profiles, axes[0])
    plots.plot_matrix(data, axes[1])
    fig.canvas.draw()


def test_the_study_takes_a_matrix():
    data = peaks()
    X, y = binary_labels(data)
    models = {
        "with": MaldiMLPClassifier(epochs=1, hidden_dim=4, early_stopping=False),
        "without": MaldiMLPClassifier(epochs=1, hidden_dim=4, early_stopping=False, use_attention=False),
    }
    table = ablation.run_study(models, X, y, data.batch, isolate=data.isolate, n_splits=2, n_repeats=1)
    assert set(table["variant"]) == set(models)


@pytest.mark.parametrize("columns", [1, 2])
def test_one_column_is_a_matrix_too(columns):
    data = peaks(n_columns=columns)
    X, y = binary_labels(data)
    opened = interpretation.Opened(MaldiMLPClassifier(epochs=1, hidden_dim=4).fit(X, y), X)
    assert len(interpretation.attributions(opened, y, data.batch, data.mz)) == columns
    plots.plot_matrix(data, plt.figure().add_subplot())


def test_what_wants_raw_spectra_says_so():
    with pytest.raises(DatasetError, match="was given as a matrix: there are no raw spectra behind its rows"):
        raw_spectrum(peaks(), "row-0001")
    with pytest.raises(ValueError, match="columns of the data set have no m/z"):
        plots.plot_batch_means(peaks(mz=False), plt.figure().add_subplot(), window=(4000, 5000))
    with pytest.raises(ValueError, match="no column lies in the window 5000-6000 Da"):
        plots.plot_batch_means(peaks(), plt.figure().add_subplot(), window=(5000, 6000))
    ax = plots.plot_batch_means(peaks(), plt.figure().add_subplot(), window=(4300, 4400))
    assert ax.get_ylabel() == "value"
