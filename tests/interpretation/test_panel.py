"""A panel keeps each network together with the spectra that it has not seen."""

import numpy as np
import pandas as pd
import pytest
from networks import SMALL, frame, spectra
from sklearn.metrics import roc_auc_score
from threadpoolctl import threadpool_info, threadpool_limits

from maldinb import MaldiMLPClassifier, evaluation
from maldinb import interpretation as ip
from maldinb.interpretation import fitting

MODEL = MaldiMLPClassifier(**SMALL | {"device": "cpu"})


@pytest.fixture(scope="module")
def data():
    """X, y, batch, isolate and splits of 60 spectra, two of each isolate."""
    X = frame(spectra(60, 20))
    y = pd.Series(np.arange(60) // 2 % 2, X.index)
    batch = pd.Series(np.where(np.arange(60) % 6 < 4, "Rome", "Milan"), X.index)
    isolate = pd.Series(np.arange(60) // 2, X.index)
    return X, y, batch, isolate, evaluation.stratified_splits(y, batch, isolate=isolate, n_splits=3)


@pytest.fixture(scope="module")
def panel(data):
    X, y, batch, isolate, splits = data
    return ip.train_panel(MODEL, X, y, batch, splits, isolate=isolate, seeds=(0, 5))


def test_one_network_for_each_seed_and_split(panel, data):
    X, y, *_, splits = data
    assert [fit.clf.random_state for fit in panel] == [0, 0, 0, 5, 5, 5]
    for fit, (train, test) in zip(panel, [*splits, *splits], strict=True):
        assert (fit.train == train).all() and (fit.test == test).all()
        alone = MaldiMLPClassifier(**SMALL | {"device": "cpu", "random_state": fit.clf.random_state})
        alone.fit(X.iloc[train], y.iloc[train])
        assert (fit.clf.predict_proba(X) == alone.predict_proba(X)).all()
    assert isinstance(panel[:2], ip.Panel) and len(panel[:2]) == 2 and panel[1] is panel.fits[1]


@pytest.mark.parametrize("n_jobs", [1, 3])
def test_side_by_side_is_the_same(n_jobs, panel, data, tmp_path, monkeypatch):
    X, y, batch, isolate, splits = data
    monkeypatch.setenv("MALDINB_CACHE_DIR", str(tmp_path))
    other = ip.train_panel(MODEL, X, y, batch, splits, isolate=isolate, seeds=(0, 5), n_jobs=n_jobs)
    assert all((a.clf.logits(X) == b.clf.logits(X)).all() for a, b in zip(panel, other, strict=True))


def test_questions_side_by_side_give_the_same_in_order_on_one_core_each(panel):
    def asked(opened, y, batch):
        blas = [library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"]
        return float(opened.log_odds().sum()), max(blas)

    with threadpool_limits(2):
        found = panel.each(asked)
    assert found == [(float(panel.opened(fit).log_odds().sum()), 1) for fit in panel]


def test_gates_are_computed_once_and_stay_as_they_are(panel, monkeypatch):
    here = panel[:2]
    first = here.gates()
    monkeypatch.setattr(MaldiMLPClassifier, "get_attention_weights", None)
    assert all(a is b for a, b in zip(first, here.gates(), strict=True))
    with pytest.raises(ValueError, match="read-only"):
        first[0][0, 0] = 1


def test_a_fit_that_fails_stops_all(data):
    X, y, batch, isolate, splits = data
    with pytest.raises(ValueError, match="epochs"):
        ip.train_panel(MaldiMLPClassifier(epochs=0), X, y, batch, splits)


def test_what_another_process_is_at_comes_last(data, monkeypatch):
    X, y, batch, _, splits = data
    asked = []

    def busy(clf, X, y, wait):
        asked.append((len(X), wait))
        if len(asked) == 1:
            raise fitting.BeingFitted
        return clf

    monkeypatch.setattr(fitting, "fitted", busy)
    ip.train_panel(MODEL, X, y, batch, splits, n_jobs=1)
    assert [wait for _, wait in asked] == [False, False, False, True] and asked[0][0] == asked[3][0]


def test_each_looks_at_held_out_spectra_with_the_training_mean(panel, data):
    X, y, batch, *_ = data
    for fit, (opened, labels, cities) in zip(panel, panel.each(lambda *seen: seen), strict=True):
        assert np.allclose(opened.rows, X.iloc[fit.test]) and np.allclose(opened.baseline, X.iloc[fit.train].mean())
        assert labels.index.equals(X.index[fit.test]) and cities.equals(batch.iloc[fit.test])
    few = panel.each(lambda opened, y, batch: y.index, most=7)
    assert all(len(names) == 7 and set(names) <= set(X.index[fit.test]) for names, fit in zip(few, panel, strict=True))
    assert all(a.equals(b) for a, b in zip(few, panel.each(lambda opened, y, batch: y.index, most=7), strict=True))


@pytest.mark.parametrize("progress", [False, True])
def test_progress_is_shown_on_request_only(progress, panel, capsys):
    panel.each(lambda opened, y, batch: None, progress=progress)
    assert panel[:0].each(lambda opened, y, batch: None) == []
    err = capsys.readouterr().err
    assert ("networks: 100%" in err and "6/6" in err) == progress and bool(err) == progress


def test_training_spectra_like_those_held_out(panel, data):
    _, y, batch, *_ = data
    for i, fit in enumerate(panel):
        rows = panel.rows(i, "train")
        assert set(rows) <= set(fit.train) and len(set(rows)) == len(rows)
        counts = [pd.crosstab(batch.iloc[r], y.iloc[r]) for r in (rows, fit.test)]
        assert counts[0].equals(counts[1])
    assert all(len(a) == len(b) for a, b in zip(panel.gates("train"), panel.gates(), strict=True))


def test_separating_is_that_of_each_network(panel, data):
    X, y, batch, isolate, _ = data
    n = panel[1].test
    alone = ip.separating_gates(
        panel[1].clf.get_attention_weights(X.iloc[n]), y.iloc[n], batch.iloc[n], isolate=isolate.iloc[n]
    )
    assert panel.separating()[1].equals(alone)


def test_untrained_networks_know_nothing(panel, data):
    fresh = panel.untrained()
    assert all((a.test == b.test).all() for a, b in zip(panel, fresh, strict=True))
    weights = [fit.clf.model_.project[0].weight for fit in (*panel, *fresh)]
    assert not any(weights[0].equal(other) for other in weights[1:])


def test_auroc_is_that_of_scores_by_networks_that_have_not_seen_them(panel, data):
    X, y, batch, isolate, _ = data
    score = pd.Series(0.0, X.index)
    for fit in panel:
        score.iloc[fit.test] += ip.Opened(fit.clf, X.iloc[fit.test]).log_odds() / 2
    pooled, within = panel.held_out_auroc()
    assert pooled == pytest.approx(evaluation.auroc_with_interval(y, score, isolate=isolate))
    assert within == pytest.approx(evaluation.within_batch_auroc(y, score, batch)[0])


def test_arrays_will_do():
    X, y = spectra(30, 8), np.arange(30) % 2
    panel = ip.train_panel(MODEL, X, y, ["Rome"] * 30, evaluation.stratified_splits(y, ["Rome"] * 30, n_splits=2))
    assert len(panel.held_out_auroc()) == 2


def test_range_over_networks():
    table = ip.over_networks({"a": i, "b": np.nan} for i in range(101))
    assert table.loc["a"].tolist() == [50, 2.5, 97.5] and table.loc["b"].isna().all()


def test_sizes_and_counts_are_those_of_each_network(panel, data):
    _, y, batch, isolate, _ = data
    table, sizes = panel.separation(within_batch=False), []
    for gates, fit in zip(panel.gates(), panel, strict=True):
        of = (gates, y.iloc[fit.test], batch.iloc[fit.test])
        sizes.append(ip.typical_effect(*of, isolate=isolate.iloc[fit.test], within_batch=False)["beyond chance"])
    assert table.loc["typical effect", "mean"] == pytest.approx(np.mean(sizes))
    shares = [found["separates"].mean() for found in panel.separating(within_batch=False)]
    assert table.loc["share that separates", "mean"] == pytest.approx(np.mean(shares))
    best = panel.best_gates()
    assert best.loc["chosen on", "mean"] >= 0.5 and list(best.index) == ["chosen on", "held out"]


def test_top_units_are_those_of_the_training_spectra(panel, data):
    X, y, batch, *_ = data
    fit = panel[2]
    effect = ip.gate_effects(fit.clf.get_attention_weights(X.iloc[fit.train]), y.iloc[fit.train], batch.iloc[fit.train])
    opened = ip.Opened(fit.clf, X.iloc[fit.test])
    shut = ip.knock_out(opened, np.argsort(-np.abs(effect))[:2].tolist())
    lost = roc_auc_score(y.iloc[fit.test], shut) - roc_auc_score(y.iloc[fit.test], opened.log_odds())
    assert panel.top_units_shut(2, 2) == pytest.approx(lost)
    assert panel.top_units_shut(2, 999) == pytest.approx(0.5 - roc_auc_score(y.iloc[fit.test], opened.log_odds()))
