"""Scores at home and abroad, side by side."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import GaussianNB

from maldinb import evaluation
from maldinb.transfer import at_home, fall_table


@pytest.fixture
def local():
    """Three hospitals; in each, resistance shows in another bin."""
    rng, n = np.random.default_rng(0), 40
    y, batch = np.tile([0, 1], 3 * n // 2), np.repeat(["Bari", "Milan", "Rome"], n)
    X = rng.normal(size=(3 * n, 6))
    X[np.arange(3 * n), np.repeat([0, 1, 2], n)] += 5 * y
    return X, y, batch


def test_models_fall_where_resistance_is_local(local):
    table = fall_table({"line": LogisticRegression(), "Bayes": GaussianNB()}, *local)
    assert list(table.loc["line"].index) == ["at home", "Bari", "Milan", "Rome"]
    assert list(dict.fromkeys(table.index.get_level_values("model"))) == ["line", "Bayes"]
    assert table.loc[("line", "at home"), "auroc"] > 0.9
    assert table.loc["line"].drop("at home")["auroc"].mean() < 0.65
    assert (table["low"] <= table["auroc"]).all() and (table["auroc"] <= table["high"]).all()


def test_numbers_are_those_of_evaluation(local):
    X, y, batch = local
    isolate = np.arange(len(y)) // 2 * 2 + y  # two spectra of an isolate have one label
    table = fall_table({"Bayes": GaussianNB()}, X, y, batch, isolate, n_splits=4, random_state=3)
    abroad = evaluation.leave_one_batch_out_table(GaussianNB(), X, y, batch, isolate=isolate)
    assert np.allclose(table.loc["Bayes"].drop("at home"), abroad[["auroc", "low", "high"]])
    home = at_home(GaussianNB(), X, y, batch, isolate, n_splits=4, random_state=3)
    assert np.allclose(table.loc[("Bayes", "at home")], home)
    splits = evaluation.stratified_splits(y, batch, isolate=isolate, n_splits=4, random_state=3)
    score = evaluation.out_of_fold_scores(GaussianNB(), X, y, splits)
    assert home == evaluation.within_batch_interval(y, score, batch, isolate=isolate)


@pytest.mark.parametrize("progress", [False, True])
def test_progress_is_shown_on_request_only(progress, local, capsys):
    fall_table({"Bayes": GaussianNB()}, *local, progress=progress)
    err = capsys.readouterr().err
    assert ("left out: 100%" in err) == ("at home: 100%" in err) == progress and bool(err) == progress


def test_a_hospital_with_one_label_is_refused(local):
    X, y, batch = local
    with pytest.raises(ValueError, match="in Rome"):
        fall_table({"Bayes": GaussianNB()}, X, np.where(batch == "Rome", 1, y), batch)
