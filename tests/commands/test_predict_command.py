"""`maldinb predict`: what a saved network says, of spectra that it can read."""

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from maldinb import MaldiMLPClassifier, binary_labels, load_spectra
from maldinb.commands import main
from maldinb.commands.predict import as_typed
from maldinb.preprocessing import PARAMETERS, bin_names
from maldinb.report import write_report

SMALL = {"epochs": 1, "hidden_dim": 4, "head_dims": (), "early_stopping": False}


def refused(capsys, *argv):
    """The one line of the error."""
    assert main(["predict", *map(str, argv)]) == 1
    said = capsys.readouterr()
    assert said.out == "" and said.err.startswith("error: ")
    return said.err


def fitted(path, names, classes=(0, 1)):
    X = np.random.default_rng(0).random((20, 3 if names is None else len(names)))
    X = X if names is None else pd.DataFrame(X, columns=list(names))
    return MaldiMLPClassifier(**SMALL).fit(X, np.array(classes)[np.arange(20) % len(classes)]).save(path)


def test_what_the_network_says(mine, model, clf, data, capsys):
    assert main(["predict", str(model), "my_spectra", "--batch", "Ward", "--threshold", "0.4"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    table = pd.read_csv("predictions.csv", dtype={"ID": str}).set_index("ID")
    assert list(table) == ["batch", "P(R)", "call", "distance", "unlike training"]
    np.testing.assert_allclose(table["P(R)"], clf.predict_proba(data.X.loc[table.index])[:, 1], atol=1e-6)
    np.testing.assert_allclose(table["distance"], clf.training_distance(data.X.loc[table.index]), atol=0.006)
    assert (table["call"] == np.where(table["P(R)"] >= 0.4, "R", "S")).all()
    assert (table["batch"] == data.batch[table.index]).all()
    n = (table["call"] == "R").sum()
    assert said.startswith(f"predictions.csv: {n} of 24 spectra are called R, at 0.4.")
    assert "Not for diagnosis" in said


def test_spectra_may_be_aligned_as_those_of_the_training_were(mine, model, clf):
    assert main(["predict", str(model), "my_spectra", "--align", "yes"]) == 0
    table = pd.read_csv("predictions.csv", dtype={"ID": str}).set_index("ID")
    X = load_spectra(mine, bin_width=20, align=True).X.loc[table.index]
    np.testing.assert_allclose(table["P(R)"], clf.predict_proba(X)[:, 1], atol=1e-6)


@pytest.fixture(scope="module")
def reported(archive, tmp_path_factory):
    """The folder of a report of aligned spectra."""
    data = load_spectra(archive, label="Amikacin", batch="City", bin_width=60, align=True)
    return write_report(data, tmp_path_factory.mktemp("aligned") / "a", epochs=1, hidden_dim=4, n_splits=2).parent


def test_spectra_are_read_as_those_of_a_report_were(mine, reported, capsys):
    model = reported / "network.npz"
    said = refused(capsys, model, "my_spectra")
    assert "read with --preprocess yes --align 'Klebsiella pneumoniae', says report.json beside it" in said
    assert "these were read with --preprocess yes --align no" in said
    assert "these were read with --preprocess no" in refused(capsys, model, "my_spectra", "--preprocess", "no")
    assert not Path("predictions.csv").exists()
    assert main(["predict", str(model), "my_spectra", "--align", "yes"]) == 0


@pytest.mark.parametrize("text", [None, "", "[]", "{}", '{"files": {}, "data": {"preprocessing": {}}}', '{"files": 1}'])
def test_without_its_report_a_network_is_taken_at_its_word(text, mine, reported):
    shutil.copy(reported / "network.npz", "network.npz")
    if text is None:  # the report of another network
        shutil.copy(reported / "report.json", "report.json")
        MaldiMLPClassifier.load("network.npz").set_params(dropout=0.1).save("network.npz")
    else:
        Path("report.json").write_text(text)
    assert main(["predict", "network.npz", "my_spectra"]) == 0


@pytest.mark.parametrize(
    ("align", "typed"),
    [
        (False, "--preprocess yes --align no"),
        ("Klebsiella pneumoniae", "--preprocess yes --align 'Klebsiella pneumoniae'"),
        ([4365.3, 5380.5], "alignment to 4365.3, 5380.5 Da"),
    ],
)
def test_how_spectra_were_read(align, typed):
    assert as_typed(PARAMETERS | {"align": align, "bin_width": 3.0}) == typed


@pytest.mark.parametrize("names", [[f"peak_{i}" for i in range(8)], [f"{4000 + 700.5 * i}" for i in range(8)]])
def test_a_table_of_peaks_is_read_by_its_columns(names, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    peaks = pd.DataFrame(np.random.default_rng(0).random((20, 8)), columns=names)
    clf = MaldiMLPClassifier(**SMALL).fit(peaks, np.arange(20) % 2)
    clf.save("network.npz")
    peaks[names[::-1]].assign(Ward="A", Age=3).to_csv("peaks.csv", index=False)
    assert main(["predict", "network.npz", "peaks.csv", "--batch", "Ward"]) == 0
    table = pd.read_csv("predictions.csv")
    np.testing.assert_allclose(table["P(R)"], clf.predict_proba(peaks)[:, 1], atol=1e-6)
    peaks[names[2:]].to_csv("few.csv", index=False)
    capsys.readouterr()
    said = refused(capsys, "network.npz", "few.csv", "--out", "other.csv")
    assert f"few.csv lacks 2 of the 8 columns that network.npz was trained on: {names[0]!r}, {names[1]!r};" in said
    assert "--features says which they are" in said


def test_wide_bins_in_a_table(tmp_path, monkeypatch, data, clf):
    monkeypatch.chdir(tmp_path)
    clf.save("network.npz")
    data.X.to_csv("bins.csv")
    assert main(["predict", "network.npz", "bins.csv"]) == 0
    np.testing.assert_allclose(pd.read_csv("predictions.csv")["P(R)"], clf.predict_proba(data.X)[:, 1], atol=1e-5)


def test_a_folder_is_no_network(mine, capsys):
    assert "my_spectra is a folder; MODEL is a file in it, such as my_spectra/network.npz" in refused(
        capsys, "my_spectra", "my_spectra"
    )


def test_labels_stand_beside(mine, model, data):
    assert main(["predict", str(model), "my_spectra", "--label", "Ceftazidime", "--out", "with labels.csv"]) == 0
    table = pd.read_csv("with labels.csv", dtype={"ID": str}).set_index("ID")
    assert table["label"].fillna("").tolist() == data.meta["Amikacin"].fillna("")[table.index].tolist()
    assert list(table)[:3] == ["batch", "label", "P(R)"]


def test_spectra_unlike_those_of_the_training(mine, model, capsys):
    """Flat ones: nothing else in their place would be said of them."""
    path = min((mine / "spectra").iterdir())
    lines = [line.split()[0] for line in path.read_text().splitlines() if line.strip()[:1].isdigit()]
    path.write_text("".join(f"{mz} {i % 2}\n" for i, mz in enumerate(lines)))
    assert main(["predict", str(model), "my_spectra", "--preprocess", "no"]) == 0
    table = pd.read_csv("predictions.csv", dtype={"ID": str}).set_index("ID")
    flagged = table["unlike training"] == "yes"
    assert (flagged == (table["distance"] >= 2)).all() and flagged.any()
    assert f"{flagged.sum()} are unlike those" in " ".join(capsys.readouterr().out.split())


def test_labels_may_be_letters(mine, data, tmp_path):
    X, y = binary_labels(data)
    clf = MaldiMLPClassifier(**SMALL).fit(X, np.where(y == 1, "R", "S"))
    clf.save("letters.npz")
    assert main(["predict", "letters.npz", "my_spectra"]) == 0
    table = pd.read_csv("predictions.csv", dtype={"ID": str}).set_index("ID")
    np.testing.assert_allclose(table["P(R)"], clf.predict_proba(data.X.loc[table.index])[:, 0], atol=1e-6)


@pytest.mark.parametrize(
    ("names", "why"),
    [
        (None, "does not say which bins the network was trained on"),
        (["a", "b", "c"], "was trained on 3 columns ('a', 'b', 'c', ...), and these are no bins of one width"),
        (["2000", "5000", "7000"], "these are no bins of one width from 2000 to 20000 Da"),
        (bin_names(6000)[:2], "these are no bins of one width"),
        (["20000", "11000", "2000"], "these are no bins of one width"),
    ],
)
def test_networks_of_other_columns(names, why, mine, capsys):
    assert why in refused(capsys, fitted("network.npz", names), "my_spectra")


@pytest.mark.parametrize("width", [3, 0.7, 7.3, 100 / 3, 6000])
def test_bins_are_those_of_the_network(width, mine):
    fitted("network.npz", bin_names(width))
    assert main(["predict", "network.npz", "my_spectra"]) == 0


def test_networks_that_tell_other_things_apart(mine, capsys):
    path = fitted("network.npz", bin_names(6000), ("K. pneumoniae", "K. oxytoca", "E. coli"))
    assert "tells 'E. coli', 'K. oxytoca', 'K. pneumoniae' apart, and not resistant" in refused(
        capsys, path, "my_spectra"
    )


def test_nothing_is_overwritten(mine, model, capsys):
    Path("predictions.csv").write_text("mine")
    assert "predictions.csv is there already; name another file with --out" in refused(capsys, model, "my_spectra")
    assert Path("predictions.csv").read_text() == "mine"
    assert "there is no folder nowhere" in refused(capsys, model, "my_spectra", "--out", "nowhere/a.csv")


def test_a_file_that_holds_no_network(mine, capsys):
    Path("network.npz").write_text("text")
    assert "network.npz is damaged, or not a file that MaldiMLPClassifier.save wrote" in refused(
        capsys, "network.npz", "x"
    )
    assert "No such file" in refused(capsys, "none.npz", "my_spectra")
    assert not Path("predictions.csv").exists()


def test_spectra_that_cannot_be_used(mine, model, capsys):
    min((mine / "spectra").iterdir()).write_text("")
    said = refused(capsys, model, "my_spectra")
    assert "1 of 24 spectra cannot be used" in said and "--on-error skip" in said and "on_error=" not in said
    assert main(["predict", str(model), "my_spectra", "--on-error", "skip"]) == 0
    assert len(pd.read_csv("predictions.csv")) == 23


def test_spectra_without_a_table(mine, model):
    shutil.move(mine / "metadata.csv", "elsewhere.csv")
    assert main(["predict", str(model), "my_spectra"]) == 0
    assert set(pd.read_csv("predictions.csv")["batch"]) == {"all"}
