"""The stored study is what the code of today would give, and the command that renews it writes both of its files."""

import shutil
from dataclasses import replace

import pandas as pd
import pytest

from maldinb import binary_labels, load_simulated
from maldinb.ablation import __main__ as command
from maldinb.ablation import batch_differences, compare, run_study, stored, stored_study, variants
from maldinb.ablation.fits import fit_and_score, seeded
from maldinb.evaluation import stratified_splits

RENEW = "the stored study is out of date: `make study` renews it, in about half an hour"


def test_the_code_that_decides_its_numbers_is_the_same():
    assert stored.why_stale() == [], RENEW


NUMBERS = ["n_train", "n_test", "auroc", "within_batch_auroc", "average_precision", "brier", "very_major_error"]


@pytest.fixture(scope="module")
def today():
    """The variants of the study, and what they are fitted to."""
    data = load_simulated(**stored.DESIGN["data"])
    X, y = binary_labels(data)
    models = variants(X.shape[1], **stored.DESIGN["networks"])
    return models, X, y, {"batch": data.batch[X.index], "isolate": data.isolate[X.index]}


@pytest.fixture(scope="module")
def full():
    """Cross-validation with seed 0, or without one."""
    table = stored_study().table
    chosen = (table["split"] == "cross-validation") & (table["seed"].fillna(0) == 0)
    return table[chosen].set_index(["variant", "repeat", "fold"])[NUMBERS].astype(float)


def test_data_folds_and_scores_are_the_same(today, full):
    """A logistic regression draws no random numbers; all that comes before it shows in its Brier score."""
    models, X, y, known = today
    models = {"logistic regression": models["logistic regression"]}
    table = run_study(models, X, y, **known, n_repeats=1, seeds=[0], leave_one_batch_out=False, progress=False)
    now = table.set_index(["variant", "repeat", "fold"])[NUMBERS].astype(float)
    assert (now - full.loc[now.index]).abs().max(axis=None) < 1e-3, RENEW


def test_a_network_is_the_same(today, full):
    models, X, y, known = today
    train, test = stratified_splits(y, **known, random_state=0)[0]
    network, _ = seeded(models["learned gate"], 0)
    now = fit_and_score(network, X, y.to_numpy(), known["batch"].to_numpy(), train, test)
    off = full.loc[("learned gate", 0, 0)] - pd.Series(now)[NUMBERS].astype(float)
    assert off.abs().max() < 0.1, RENEW  # training amplifies how processors round


def test_it_is_whole():
    table, provenance = stored_study()
    study = provenance["study"]
    assert len(table) == provenance["fits"] and not table.drop(columns=["seed", "random_state"]).isna().any(axis=None)
    assert list(dict.fromkeys(table["variant"])) == list(variants(600)) == list(provenance["seeds"])
    assert set(table["split"]) == {"cross-validation", "leave-one-batch-out"}
    assert set(compare(table)["n"]) == {study["n_repeats"] * study["n_splits"]}
    assert table["n_train"].add(table["n_test"]).eq(provenance["spectra"]).all()


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """The stored study in a folder of its own, with a design that takes seconds."""
    for path in (stored.STORED.path, stored.STORED.provenance):
        shutil.copy(path, tmp_path)
    little = {"data": stored.DESIGN["data"] | {"bin_width": 30.0}, "study": {"n_repeats": 1, "n_splits": 2}}
    little["networks"] = {"epochs": 1, "hidden_dim": 8, "device": "cpu"}
    there = replace(stored.STORED, path=tmp_path / stored.STORED.path.name, design=stored.DESIGN | little)
    monkeypatch.setattr(stored, "STORED", there)
    return tmp_path


def test_a_change_of_code_or_design_is_noticed(elsewhere, monkeypatch):
    assert stored.why_stale() == [f"the design has another value of {part!r}" for part in stored.DESIGN]
    monkeypatch.setattr("maldinb.stored.source_hash", lambda *modules: "another")
    assert "the code of network.model, " in stored.why_stale()[-1]


def test_the_command_renews_it(elsewhere, capsys):
    command.main(["--folder", str(elsewhere / "fits"), "--jobs", "1", "--seeds", "2", "--other-seeds", "1"])
    table, provenance = stored_study()
    assert stored.why_stale() == [] and len(table) == provenance["fits"]
    seeds = table[table["split"] == "cross-validation"].groupby("variant", sort=False)["seed"].nunique()
    assert list(seeds.index) == list(provenance["seeds"]) == list(variants(600))
    assert (seeds["no gate"], seeds["gradient boosting"], provenance["seeds"]["no gate"]) == (2, 1, 2)
    assert len(compare(table)) == 7 and len(batch_differences(table)) == 3
    assert any((elsewhere / "fits").glob("*.json")) and "seconds" not in table
    assert provenance["spectra"] == 741 and provenance["versions"]["torch"]
    assert provenance["study"] == {"n_repeats": 1, "n_splits": 2}
    assert "make notebooks" in capsys.readouterr().out
