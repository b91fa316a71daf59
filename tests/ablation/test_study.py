"""A study is paired, complete, the same wherever it runs, and loses nothing when it is stopped."""

import _thread
import json
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

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
from toys import Awkward, Interrupted, RandomView, Warner, problem

from maldinb.ablation import StudyError, run_study, variants
from maldinb.evaluation import brier, error_rates, leave_one_batch_out, stratified_splits
from maldinb.network.classifier import MaldiMLPClassifier

SHORT = {"n_repeats": 2, "n_splits": 3, "seeds": (0, 1), "progress": False}
DATA = problem()


def same(a, b):
    pd.testing.assert_frame_equal(a.drop(columns="seconds"), b.drop(columns="seconds"), check_exact=True)


def files(folder):
    return sorted(Path(folder).glob("*.json"))


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


def test_one_thread_for_each_fit_and_the_number_is_put_back(tmp_path):
    before = torch.get_num_threads()
    try:
        with threadpool_limits(2):
            torch.set_num_threads(2)
            run_study({"one": ThreadCounter(tmp_path)}, *DATA, **SHORT | {"n_repeats": 0})
            assert torch.get_num_threads() == 2
            assert max(library["num_threads"] for library in threadpool_info()) == 2
    finally:
        torch.set_num_threads(before)
    assert (tmp_path / "threads").read_text().split() == ["1"] * 3


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


def test_sequential_workers_and_dask_give_the_same_table():
    from dask import distributed

    X, y, batch = problem(n_bins=1200)  # more than 1 MB: workers map it instead of getting copies
    networks = variants(X.shape[1], epochs=2, hidden_dim=8, head_dims=(4,))
    models = {name: networks[name] for name in ("learned gate", "no gate", "logistic regression")}
    study = {"n_repeats": 1, "n_splits": 3, "seeds": (0, 1), "progress": False}
    table = run_study(models, X, y, batch, **study)
    same(table, run_study(models, X, y, batch, n_jobs=2, **study))
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        with joblib.parallel_config(backend="dask"):
            same(table, run_study(models, X, y, batch, **study))
        workers = set(client.run(os.getpid).values())
    assert len(workers) == 2 and os.getpid() not in workers


def test_progress_is_shown_or_nothing_is(capfd):
    run_study({"one": RandomView()}, *DATA, **SHORT)
    assert capfd.readouterr() == ("", "")
    run_study({"one": RandomView()}, *DATA, **SHORT | {"progress": True})
    out, err = capfd.readouterr()
    assert out == "" and "study: 100%" in err and "18/18" in err


# --- stopping and going on


def test_a_finished_study_is_read_and_not_fitted_again(tmp_path):
    notes, folder = tmp_path / "notes", tmp_path / "deep" / "study"
    notes.mkdir()
    models = {"one": RandomView(note=str(notes))}
    first = run_study(models, *DATA, folder=folder, **SHORT)
    fits = len(list(notes.iterdir()))
    again = run_study(models, *DATA, folder=folder, **SHORT)
    pd.testing.assert_frame_equal(first, again, check_exact=True)  # seconds, too
    assert len(list(notes.iterdir())) == fits == len(files(folder)) == len(first)
    assert {path.suffix for path in folder.iterdir()} == {".json"}


def test_only_what_is_new_is_fitted_and_nothing_wrong_is_reused(tmp_path):
    X, y, batch = DATA
    folder = tmp_path / "study"
    study = SHORT | {"n_repeats": 1, "leave_one_batch_out": False, "folder": folder}
    changed = X.copy()
    changed[0, 0] += 1e-9
    flipped = y.copy()
    flipped[:2] = 1 - flipped[:2]
    moved = np.where(np.arange(len(y)) < 2, "Pisa", batch)
    run_study({"one": RandomView()}, X, y, batch, **study)
    assert len(files(folder)) == 6
    for new, models, data, options in (
        (6, {"one": RandomView(share=0.6)}, (X, y, batch), {}),
        (0, {"renamed": RandomView()}, (X, y, batch), {}),
        (6, {"one": RandomView(), "two": RandomView(1)}, (X, y, batch), {}),
        (3, {"one": RandomView()}, (X, y, batch), {"seeds": (0, 1, 2)}),
        (6, {"one": RandomView()}, (X, y, batch), {"n_repeats": 2}),
        (10, {"one": RandomView()}, (X, y, batch), {"n_splits": 5}),
        (6, {"one": RandomView()}, (changed, y, batch), {}),
        (6, {"one": RandomView()}, (X, flipped, batch), {}),
        (6, {"one": RandomView()}, (X, y, moved), {}),
        (0, {"one": RandomView()}, (X, y, batch), {}),
    ):
        before = len(files(folder))
        with_folder = run_study(models, *data, **study | options)
        assert len(files(folder)) - before == new
        same(with_folder, run_study(models, *data, **study | options | {"folder": None}))


def test_a_damaged_result_is_fitted_again(tmp_path):
    models = {"one": RandomView()}
    table = run_study(models, *DATA, folder=tmp_path, **SHORT)
    whole = files(tmp_path)[0].read_text()
    for path, text in zip(files(tmp_path), (whole[: len(whole) // 2], "", "[]", '{"auroc": 0.5}'), strict=False):
        path.write_text(text)
    (tmp_path / "notes.json").write_text("not ours")
    same(table, run_study(models, *DATA, folder=tmp_path, **SHORT))
    assert all(json.loads(path.read_text())["fit"] for path in files(tmp_path) if path.name != "notes.json")


def test_a_killed_study_goes_on_where_it_was(tmp_path):
    notes, folder = tmp_path / "notes", tmp_path / "study"
    notes.mkdir()
    script = f"""
        import sys
        sys.path.insert(0, {str(Path(__file__).parent)!r})
        from toys import RandomView, problem
        from maldinb.ablation import run_study
        slow = RandomView(wait=0.1, note={str(notes)!r})
        run_study({{"slow": slow}}, *problem(), folder={str(folder)!r}, **{SHORT!r})
    """
    process = subprocess.Popen([sys.executable, "-c", textwrap.dedent(script)])
    try:
        deadline = time.monotonic() + 60
        while len(files(folder)) < 4:
            assert process.poll() is None and time.monotonic() < deadline
            time.sleep(0.01)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    kept, begun = len(files(folder)), len(list(notes.iterdir()))
    models = {"slow": RandomView(wait=0.1, note=str(notes))}
    table = run_study(models, *DATA, folder=folder, **SHORT)
    assert 4 <= kept < len(table) == 18
    assert len(list(notes.iterdir())) - begun == 18 - kept
    same(table, run_study({"slow": RandomView()}, *DATA, **SHORT))


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_a_failure_is_named_and_loses_nothing(tmp_path, n_jobs):
    _, milan, _ = leave_one_batch_out(DATA[2])
    models = {"good": RandomView(), "bad": RandomView(fails=len(milan[1]))}
    with pytest.raises(StudyError, match="the lamp went out") as caught:
        run_study(models, *DATA, folder=tmp_path, n_jobs=n_jobs, **SHORT | {"seeds": (5,)})
    assert "'bad', leave-one-batch-out, repeat 0, fold 1 (Milan), seed 5" in str(caught.value)
    cause = caught.value.__cause__
    assert type(cause) is ValueError and "in fit" in cause.__notes__[0]
    kept = len(files(tmp_path))
    assert f"{kept} of 18 fits are finished and kept in {tmp_path}" in str(caught.value)
    assert kept == 15 if n_jobs == 1 else kept in (15, 16, 17)  # those under way are finished
    repaired = {"good": RandomView(), "bad": RandomView()}
    same(
        run_study(repaired, *DATA, folder=tmp_path, **SHORT | {"seeds": (5,)}),
        run_study(repaired, *DATA, **SHORT | {"seeds": (5,)}),
    )


def test_an_exception_that_cannot_travel_and_a_worker_that_dies(tmp_path):
    _, milan, _ = leave_one_batch_out(DATA[2])
    for n_jobs, models, message in (
        (
            2,
            {"bad": RandomView(fails=len(milan[1]), shout=Awkward)},
            r"fold 1 \(Milan\), seed 0 failed.*Awkward: .*lamp",
        ),
        (2, {"dead": RandomView(dies=len(milan[1]))}, "the workers failed"),
    ):
        with pytest.raises(StudyError, match=message):
            run_study(models, *DATA, folder=tmp_path / message[:3], n_jobs=n_jobs, **SHORT)
        assert len(files(tmp_path / message[:3])) >= 12
    with pytest.raises(StudyError, match="lost; with folder= they would be kept"):
        run_study({"bad": RandomView(fails=len(milan[1]))}, *DATA, **SHORT)


def test_interrupting_keeps_what_is_finished(tmp_path):
    _, milan, _ = leave_one_batch_out(DATA[2])
    with pytest.raises(KeyboardInterrupt) as caught:
        run_study({"one": Interrupted(fails=len(milan[1]))}, *DATA, folder=tmp_path, **SHORT)
    assert "14 of 18 fits are finished and kept" in caught.value.__notes__[0]
    assert len(files(tmp_path)) == 14


def test_a_fit_that_only_guesses_is_marked_and_other_warnings_are_passed_on(tmp_path):
    X, y, city = DATA
    network = MaldiMLPClassifier(epochs=1, hidden_dim=4, head_dims=())
    blank = run_study({"network": network}, np.zeros_like(X), y, city, **SHORT)
    with pytest.warns(FutureWarning, match="something else"):
        fine = run_study({"other": Warner()}, X, y, city, **SHORT)
    assert blank["guesses"].mean() > 0.5 and not fine["guesses"].any()


def test_an_interrupted_training_is_no_result(tmp_path):
    model = MaldiMLPClassifier(epochs=100_000, hidden_dim=4, head_dims=(), early_stopping=False)
    # What a shell script starts in the background ignores interrupts; there, this test was endless.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    timer = threading.Timer(1.0, _thread.interrupt_main)
    timer.start()
    try:
        with pytest.raises(KeyboardInterrupt):
            run_study({"endless": model}, *DATA, folder=tmp_path, **SHORT)
    finally:
        signal.signal(signal.SIGINT, before)
    timer.join()
    assert not files(tmp_path)


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
