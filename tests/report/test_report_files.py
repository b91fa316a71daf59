"""What lies beside the page: tables, network, card, items, manifest, RO-Crate."""

import hashlib
import json

import numpy as np
import pandas as pd
import pytest
from rocrate.rocrate import ROCrate
from variations import QUICK, Written, make

from maldinb import MaldiMLPClassifier, from_matrix
from maldinb.quality import findings, quality_table
from maldinb.report import crate, provenance, tripod


def test_the_network_can_be_used(report):
    written = report("random labels")
    clf = MaldiMLPClassifier.load(written.folder / "network.npz")
    assert clf.feature_names_in_.tolist() == written.data.X.columns.tolist()
    assert clf.predict_proba(written.data.X).shape == (90, 2) and clf.classes_.tolist() == [0, 1]
    assert (clf.epochs, clf.hidden_dim, clf.random_state) == (QUICK["epochs"], QUICK["hidden_dim"], 0)


def test_the_manifest_knows_every_file_and_how_it_came_to_be(report):
    written = report("random labels")
    manifest = json.loads((written.folder / "report.json").read_text("utf-8"))
    assert {*manifest["files"], "report.json"} == written.files
    for name, digest in manifest["files"].items():
        assert hashlib.sha256((written.folder / name).read_bytes()).hexdigest() == digest
    assert manifest["parameters"] == {"epochs": 2, "hidden_dim": 8, "seed": 0, "n_splits": 3, "prevalence": None}
    assert manifest["data"]["antibiotic"] == "Amikacin" and manifest["data"]["preprocessing"]["bin_width"] == 30
    assert manifest["versions"]["numpy"] == np.__version__ and manifest["data"]["simulation"]["seed"] == 0


def test_hashes_tell_data_apart():
    one, other = make("random labels"), make("random labels")
    assert provenance.hashes(one) == provenance.hashes(other)
    other.meta.iloc[0, other.meta.columns.get_loc("Amikacin")] = "I"
    before, after = provenance.hashes(one), provenance.hashes(other)
    assert before["matrix (SHA-256)"] == after["matrix (SHA-256)"]
    assert before["metadata (SHA-256)"] != after["metadata (SHA-256)"]


def test_no_path_of_the_machine_is_given_away(report, tmp_path):
    data = make("random labels")
    data.info["source"] = str(tmp_path / "patients")
    data.report = lambda: pd.DataFrame(
        [["spectra", data.info["source"], "90 spectra loaded"], ["left out", "2: a1, a2", "not in the table"]],
        columns=["what", "found", "done"],
    )
    written = Written(data, tmp_path / "report", n_splits=2)
    for path in written.folder.rglob("*"):
        assert not path.is_file() or str(tmp_path).encode() not in path.read_bytes()
    assert "a1, a2" not in written.html and "a1, a2" in (written.folder / "tables" / "recognised.csv").read_text()


def test_the_crate_holds_every_file(report):
    written = report("random labels")
    read = ROCrate(written.folder)
    assert {one.id for one in read.data_entities} == written.files - {"report.json", "ro-crate-metadata.json"}
    assert read.root_dataset["mentions"]["instrument"]["name"] == "maldinb"
    assert "seed=0" in read.root_dataset["mentions"]["description"]


def test_without_the_package_there_is_no_crate_and_the_page_says_so(monkeypatch, tmp_path):
    monkeypatch.setattr(crate, "is_possible", lambda: False)
    written = Written(make("two R"), tmp_path / "report")
    assert "ro-crate-metadata.json" not in written.files and "pip install &#39;maldinb[report]&#39;" in written.html


def test_the_card_says_what_the_page_says(report):
    card = (report("random labels").folder / "model_card.md").read_text("utf-8")
    net = report("random labels").table("models", index_col="model").loc["gated network"]
    assert f"| AUROC | {net['auroc']:.2f} ({net['low']:.2f} to {net['high']:.2f}) |" in card
    assert "*for the author*" in card and "Not for diagnosis" in card and "nan" not in card


def test_items_are_those_of_tripod_ai(report):
    table = pd.read_csv(report("random labels").folder / "tripod_ai.csv", dtype=str, keep_default_na=False)
    numbers = [int("".join(filter(str.isdigit, item))) for item in table["item"]]
    assert table["item"].is_unique and numbers == sorted(numbers) and set(numbers) == set(range(1, 28))
    assert set(table["filled in"]) == {tripod.RUN, tripod.BOTH, tripod.AUTHOR}
    assert ((table["what the run says"] == "") == (table["filled in"] == tripod.AUTHOR)).all()
    assert table.set_index("item").loc["17", "filled in"] == tripod.AUTHOR  # no run knows of ethics


def test_less_is_filled_in_without_a_model(report):
    def known(name):
        table = pd.read_csv(report(name).folder / "tripod_ai.csv", dtype=str)
        return set(table.loc[table["filled in"] != tripod.AUTHOR, "item"])

    assert known("two R") < known("random labels") and "23a" not in known("two R")


def test_quality_is_that_of_the_spectra(report):
    written = report("random labels")
    pd.testing.assert_frame_equal(
        written.table("quality", index_col=0)[["points", "peaks"]], quality_table(written.data)[["points", "peaks"]]
    )
    assert set(written.table("findings")["what"]) == {what for what, _ in findings(written.data)}


def test_a_matrix_is_reported_as_it_was_given(tmp_path):
    rng = np.random.default_rng(0)
    X = pd.DataFrame(rng.random((60, 4)), index=[f"a{i}" for i in range(60)])
    X.iloc[[3, 5]] = 0
    data = from_matrix(X, rng.permutation([1, 0] * 30), batch=["North", "South"] * 30)
    written = Written(data, tmp_path / "report")
    assert "<li>2 spectra hold zeros only.</li>" in written.html and "have no m/z" in written.html
    found = written.table("findings")
    assert found.loc[found["what"] == "2 spectra hold zeros only.", "ID"].tolist() == ["a3", "a5"]
    assert not {"tables/peaks.csv"} & written.files and len(written.table("batches_left_out")) == 4


@pytest.mark.parametrize(
    ("option", "value"),
    [("epochs", 0), ("hidden_dim", 1.5), ("seed", -1), ("n_splits", 1), ("prevalence", 0), ("prevalence", 1.2)],
)
def test_arguments_out_of_range_are_named(option, value, tmp_path):
    with pytest.raises(ValueError, match=option):
        Written(make("two R"), tmp_path / "report", **{option: value})
    assert not list(tmp_path.iterdir())
