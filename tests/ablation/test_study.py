"""A study is paired, complete, and the same wherever it runs."""

import os

import joblib
import numpy as np
import pandas as pd
import pytest
import torch
from sklearn.base import clone
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression, RidgeClassifier
from sklearn.metrics import average_precision_score, roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_info, threadpool_limits
from toys import RandomView, problem, same

from maldinb.ablation import run_study, variants
from maldinb.evaluation import brier, error_rates, leave_one_batch_out, stratified_splits

SHORT = {"n_repeats": 2, "n_splits": 3, "seeds": (0, 1), "progress": False}
DATA = problem()


# --- the table


def test_there_is_a_row_for_each_variant_split_and_seed():
    table = run_study({"one": RandomView(), "two": RandomView(1), "fixed": LogisticRegression()}, *DATA, **SHORT)
    assert table.groupby(["split", "variant"]).size().to_dict() == {
        ("cross-validation", "fixed"): 6,
        ("cross-validation", "one"): 12,
        ("cross-validation", "two"): 12,
        ("leave-one-batch-out", "fixed"): 3,
        ("leave-one-batch-out", "one"): 6,
        ("leave-one-batch-out", "two"): 6,
    }
    assert (table["seed"].isna() == (table["variant"] == "fixed")).all()
    assert set(table.loc[table["split"] == "cross-validation", "batch"]) == {"all"}
    assert list(table.loc[table["variant"] == "fixed", "batch"])[-3:] == ["Catania", "Milan", "Rome"]
    order = table.drop_duplicates(["split", "repeat", "fold"])[["split", "repeat", "fold"]]
    assert order.equals(order.sort_values(["split", "repeat", "fold"]))
    without = run_study({"one": RandomView()}, *DATA, **SHORT | {"n_repeats": 0})
    assert set(without["split"]) == {"leave-one-batch-out"}
    assert set(run_study({"one": RandomView()}, *DATA, **SHORT, leave_one_batch_out=False)["batch"]) == {"all"}


def test_a_row_is_what_fitting_by_hand_gives():
    X, y, batch = DATA
    isolate = np.repeat(np.arange(len(y) // 2), 2)
    model = RandomView(3)
    table = run_study({"one": model}, *DATA, isolate=isolate, **SHORT)
    for split, row_filter in (("cross-validation", "repeat == 1 and fold == 2"), ("leave-one-batch-out", "fold == 1")):
        row = table.query(f"split == @split and seed == 1 and {row_filter}").squeeze()
        if split == "cross-validation":
            train, test = stratified_splits(y, batch, isolate=isolate, n_splits=3, random_state=1)[2]
            assert not set(isolate[train]) & set(isolate[test])
        else:
            _, train, test = leave_one_batch_out(batch)[1]
        by_hand = clone(model).set_params(random_state=int(row["random_state"])).fit(X[train], y[train])
        score = by_hand.predict_proba(X[test])[:, 1]
        rates = error_rates(y[test], score)["value"]
        assert row["auroc"] == roc_auc_score(y[test], score)
        assert row["average_precision"] == average_precision_score(y[test], score)
        assert row["brier"] == brier(y[test], score)
        assert (row["very_major_error"], row["major_error"]) == (rates["very major error"], rates["major error"])
        assert (row["n_train"], row["n_test"]) == (len(train), len(test))
    city = table.query("split == 'leave-one-batch-out'")
    assert city["within_batch_auroc"].tolist() == pytest.approx(city["auroc"].tolist(), abs=1e-12)


def test_a_frame_gives_the_same_table_and_estimators_stay_unfitted():
    X, y, batch = DATA
    models = {"one": RandomView()}
    frame = pd.DataFrame(X, columns=[f"{2000 + 3 * k}" for k in range(X.shape[1])])
    same(run_study(models, X, y, batch, **SHORT), run_study(models, frame, pd.Series(y), pd.Series(batch), **SHORT))
    assert not hasattr(models["one"], "weight_")


def test_seeds_are_shared_by_variants_unless_their_own_random_state_differs():
    models = {
        "one": RandomView(),
        "same": RandomView(0, share=0.9),
        "none": RandomView(None),
        "other": RandomView(1),
        "piped": make_pipeline(StandardScaler(), RandomView()),
        "saga": LogisticRegression(solver="saga", max_iter=5000),
        "forest": RandomForestClassifier(2),
    }
    table = run_study(models, *DATA, **SHORT | {"n_repeats": 1, "leave_one_batch_out": False})
    states = table.groupby("variant")["random_state"].unique().map(list)
    assert states["one"] == states["same"] == states["none"] == states["piped"] == states["saga"] == states["forest"]
    assert not set(states["one"]) & set(states["other"]) and len(states["one"]) == 2
    scores = table.groupby("variant")["auroc"].apply(list)
    assert scores["one"] == scores["none"] != scores["other"]


def test_a_fold_where_no_city_has_both_labels_has_no_within_batch_score():
    X, y, _ = DATA
    table = run_study(
        {"one": RandomView()}, X, y, np.where(y, "Rome", "Milan"), **SHORT | {"leave_one_batch_out": False}
    )
    assert table["within_batch_auroc"].isna().all() and table["auroc"].notna().all()


@pytest.mark.parametrize("n_jobs", [1, 3])
def test_one_thread_for_each_fit_and_the_number_is_put_back(tmp_path, n_jobs):
    before = torch.get_num_threads()
    try:
        with threadpool_limits(2):
            torch.set_num_threads(2)
            run_study({"one": ThreadCounter(tmp_path)}, *DATA, n_jobs=n_jobs, **SHORT)
            assert torch.get_num_threads() == 2
            assert max(library["num_threads"] for library in threadpool_info()) == 2
    finally:
        torch.set_num_threads(before)
    assert (tmp_path / "threads").read_text().split() == ["1"] * 9


class ThreadCounter(RandomView):
    """Notes how many threads the libraries may use while it is fitted. It draws nothing: there is no random_state."""

    def __init__(self, folder):
        self.folder = folder
        super().__init__()

    @classmethod
    def _get_param_names(cls):
        return ["folder"]

    def fit(self, X, y):
        most = max(torch.get_num_threads(), *(library["num_threads"] for library in threadpool_info()))
        with open(self.folder / "threads", "a") as file:
            file.write(f"{most}\n")
        return super().fit(X, y)


# --- where it runs


def test_sequential_threads_processes_and_dask_give_the_same_table():
    from dask import distributed

    X, y, batch = problem(n_bins=1200)  # more than 1 MB: workers map it instead of getting copies
    networks = variants(X.shape[1], epochs=2, hidden_dim=8, head_dims=(4,))
    models = {name: networks[name] for name in ("learned gate", "no gate", "logistic regression")}
    study = {"n_repeats": 1, "n_splits": 3, "seeds": (0, 1), "progress": False}
    table = run_study(models, X, y, batch, **study)
    same(table, run_study(models, X, y, batch, n_jobs=2, **study))
    with joblib.parallel_config(backend="loky"):
        same(table, run_study(models, X, y, batch, n_jobs=2, **study))
    with (
        distributed.LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        with joblib.parallel_config(backend="dask"):
            same(table, run_study(models, X, y, batch, **study))
        (worker,) = client.run(os.getpid).values()
    assert worker != os.getpid()


def test_progress_is_shown_or_nothing_is(capfd):
    run_study({"one": RandomView()}, *DATA, **SHORT)
    assert capfd.readouterr() == ("", "")
    run_study({"one": RandomView()}, *DATA, **SHORT | {"progress": True})
    out, err = capfd.readouterr()
    assert out == "" and "study: 100%" in err and "18/18" in err


# --- refusing


@pytest.mark.parametrize(
    "change, message",
    [
        ({"variants": {}}, "variants is a dict"),
        ({"variants": RandomView()}, "variants is a dict"),
        ({"variants": {"ridge": RidgeClassifier()}}, "'ridge': RidgeClassifier has no predict_proba"),
        ({"variants": {"one": RandomView(np.random.RandomState(0))}}, "random_state is None or a whole number"),
        ({"X": DATA[0][:50]}, "X has 50 rows, but there are 120 labels"),
        ({"y": np.ones(120)}, "all 120 spectra are resistant"),
        ({"batch": ["Rome"] * 120}, "leaving a batch out takes at least two"),
        ({"batch": np.where(DATA[1], "Rome", "Milan")}, "all 60 spectra in Milan are susceptible"),
        ({"batch": np.where(np.arange(120) < 60, "Rome", None)}, "have no batch"),
        ({"n_repeats": -1}, "n_repeats is a whole number"),
        ({"n_splits": 1}, "n_splits is a whole number"),
        ({"n_repeats": 0, "leave_one_batch_out": False}, "no split is left"),
        ({"seeds": ()}, "seeds is one or more different whole numbers"),
        ({"seeds": (1, 1)}, "seeds is one or more different whole numbers"),
        ({"seeds": (0.5,)}, "each of seeds is a whole number"),
    ],
)
def test_malformed_input_is_refused_before_anything_is_fitted(tmp_path, change, message):
    X, y, batch = DATA
    arguments = {"variants": {"one": RandomView(note=str(tmp_path))}, "X": X, "y": y, "batch": batch} | SHORT
    with pytest.raises(ValueError, match=message):
        run_study(**arguments | change)
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_one_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="file"):
        run_study({"one": RandomView()}, *DATA, folder=tmp_path / "file", **SHORT)
