"""A study that is stopped loses nothing, and goes on where it was."""

import _thread
import json
import signal
import subprocess
import sys
import textwrap
import threading
import time
import warnings
from pathlib import Path

import joblib
import numpy as np
import pandas as pd
import pytest
from toys import Awkward, Interrupted, RandomView, Warner, problem, same

from maldinb.ablation import StudyError, run_study
from maldinb.evaluation import leave_one_batch_out
from maldinb.network.classifier import MaldiMLPClassifier

SHORT = {"n_repeats": 2, "n_splits": 3, "seeds": (0, 1), "progress": False}
DATA = problem()


def files(folder):
    return sorted(Path(folder).glob("*.json"))


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
            r"fold 1 \(Milan\), seed [01] failed.*Awkward: .*lamp",  # whichever fails first
        ),
        (2, {"dead": RandomView(dies=len(milan[1]))}, "the workers failed"),
    ):
        with pytest.raises(StudyError, match=message), joblib.parallel_config(backend="loky"):
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


@pytest.mark.parametrize("n_jobs", [1, 3])
def test_a_fit_that_only_guesses_is_marked_and_other_warnings_are_passed_on(n_jobs):
    X, y, city = DATA
    models = {"network": MaldiMLPClassifier(epochs=1, hidden_dim=4, head_dims=()), "other": Warner(wait=0.002)}
    before = warnings.showwarning, list(warnings.filters)
    with pytest.warns(FutureWarning, match="something else") as caught:
        blank = run_study(models, np.zeros_like(X), y, city, n_jobs=n_jobs, **SHORT)
    guesses = blank.groupby("variant")["guesses"].mean()
    assert guesses["network"] > 0.5 and guesses["other"] == 0
    assert len(caught) == (blank["variant"] == "other").sum()  # each is shown, and none of the networks'
    assert (warnings.showwarning, list(warnings.filters)) == before


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
