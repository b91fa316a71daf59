"""Baselines beat the batch, and tables say what was computed by hand."""

import numpy as np
import pandas as pd
import pytest
from problems import small
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from maldinb import evaluation as ev


def test_the_city_only_score_is_learned_from_the_training_folds():
    y = np.array([1, 1, 0, 1, 0, 0])
    city = ["Rome", "Rome", "Rome", "Milan", "Milan", "Bari"]
    splits = [([1, 2, 3, 4], [0, 5]), ([0, 2, 4, 5], [1, 3])]
    score = ev.batch_only_scores(y, city, [*splits, ([0, 1, 3, 5], [2, 4])])
    assert score[0] == 0.5 and score[5] == 0.5  # Rome: one of two; Bari is unknown, and half of all are R
    assert score[1] == 0.5 and score[3] == 0 and score[2] == 1 and score[4] == 1


def test_the_floor_of_the_simulated_set(amikacin):
    _, y, city, isolate = amikacin
    score = ev.batch_only_scores(y, city, ev.stratified_splits(y, city, isolate=isolate))
    assert roc_auc_score(y, score) == pytest.approx(0.715, abs=0.01)
    assert ev.within_batch_auroc(y, score, city)[0] == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize("name", list(ev.baselines()))
def test_baselines_beat_the_city_and_repeat(amikacin, name):
    X, y, city, isolate = amikacin
    X = X.iloc[:, ::6]  # a sixth of the bins will do
    splits = ev.stratified_splits(y, city, isolate=isolate, n_splits=2)
    score, again = (ev.out_of_fold_scores(ev.baselines(random_state=1)[name], X, y, splits) for _ in range(2))
    assert np.array_equal(score, again)
    assert roc_auc_score(y, score) > 0.73 and ev.within_batch_auroc(y, score, city)[0] > 0.6


def test_baselines_use_one_thread_and_the_seed():
    models = ev.baselines(random_state=7)
    assert list(models) == ["logistic regression", "random forest", "gradient boosting"]
    assert models["random forest"].get_params()["n_jobs"] == 1
    assert models["random forest"].random_state == models["gradient boosting"].random_state == 7


def test_scores_side_by_side():
    y, city, X = small(200)
    good = 1 / (1 + np.exp(-X.sum(axis=1)))
    table = ev.score_table({"good": good, "constant": np.full(200, 0.5)}, y, city)
    assert list(table.columns) == ["auroc", "low", "high", "within batch", "within Milan", "within Rome", "brier"]
    assert table.loc["constant"].tolist() == [0.5] * 6 + [0.25]
    assert tuple(table.loc["good", ["auroc", "low", "high"]]) == ev.auroc_with_interval(y, good)
    assert table.loc["good", "within Rome"] == roc_auc_score(y[city == "Rome"], good[city == "Rome"])
    assert table.loc["good", "brier"] == ev.brier(y, good)
    with pytest.raises(ValueError, match="the score of 'bad' is nan at position 0"):
        ev.score_table({"good": good, "bad": np.full(200, np.nan)}, y, city)
    with pytest.raises(ValueError, match="scores is a dict"):
        ev.score_table(good, y, city)
    with pytest.raises(ValueError, match="no batch has both resistant and susceptible"):
        ev.score_table({"good": good}, y, np.where(y == 1, "Bari", "Rome"))


def test_a_city_with_one_label_has_an_empty_place_in_the_table():
    y, city, X = small(200)
    city[y == 1] = np.where(np.arange(100) < 20, "Bari", city[y == 1])
    score = 1 / (1 + np.exp(-X.sum(axis=1)))
    row = ev.score_table({"good": score}, y, city).loc["good"]
    elsewhere = city != "Bari"
    assert np.isnan(row["within Bari"]) and row.drop("within Bari").notna().all()
    assert row["within batch"] == ev.within_batch_auroc(y[elsewhere], score[elsewhere], city[elsewhere])[0]


def test_leave_one_batch_out_side_by_side():
    y, city, X = small(200)
    models = {"LR": LogisticRegression(), "prior": DummyClassifier()}
    table = ev.leave_one_batch_out_table(models, pd.DataFrame(X), pd.Series(y), city)
    assert table[["model", "batch"]].to_numpy().tolist() == [
        ["LR", "Milan"], ["LR", "Rome"], ["prior", "Milan"], ["prior", "Rome"],
    ]  # fmt: skip
    rome = city == "Rome"
    score = LogisticRegression().fit(X[~rome], y[~rome]).predict_proba(X[rome])[:, 1]
    assert tuple(table.loc[1, ["auroc", "low", "high"]]) == ev.auroc_with_interval(y[rome], score)
    assert table.loc[1, "R"] == y[rome].sum() and table.loc[1, "S"] == (1 - y[rome]).sum()
    assert (table.loc[2:, ["auroc", "low", "high"]] == 0.5).all(axis=None)
    assert not hasattr(models["LR"], "coef_")
    alone = ev.leave_one_batch_out_table(make_pipeline(StandardScaler(), LogisticRegression()), X, y, city)
    assert set(alone["model"]) == {"LogisticRegression"}


@pytest.mark.parametrize("progress", [False, True])
def test_progress_is_shown_on_request_only(progress, capsys):
    y, city, X = small()
    ev.leave_one_batch_out_table({"prior": DummyClassifier()}, X, y, city, progress=progress)
    out, err = capsys.readouterr()
    assert out == "" and ("left out: 100%" in err) == progress and bool(err) == progress


def test_a_city_with_one_label_is_named_before_anything_is_fitted():
    class Untouchable(LogisticRegression):
        def fit(self, X, y):
            raise AssertionError

    y, city, X = small()
    with pytest.raises(ValueError, match=r"all \d+ spectra in Rome are resistant"):
        ev.leave_one_batch_out_table(Untouchable(), X, np.where(city == "Rome", 1, y), city)
    with pytest.raises(ValueError, match="X has 59 rows"):
        ev.leave_one_batch_out_table(Untouchable(), X[1:], y, city)
    with pytest.raises(ValueError, match="there is no estimator"):
        ev.leave_one_batch_out_table({}, X, y, city)


def test_all_names_are_there():
    assert all(hasattr(ev, name) for name in ev.__all__) and ev.__all__ == sorted(ev.__all__)
