"""A kept fit is the fit itself, bit for bit, and nothing that is kept passes for another one."""

import os
import subprocess
import sys
import time
import warnings

import numpy as np
import pandas as pd
import pytest
from networks import SMALL, frame, spectra
from sklearn.exceptions import ConvergenceWarning

from maldinb import MaldiMLPClassifier
from maldinb.network import kept

OPTIONS = SMALL | {"device": "cpu", "epochs": 3, "early_stopping": True}


@pytest.fixture
def data():
    """40 spectra of which one bin tells the label."""
    y = pd.Series(np.arange(40) % 2, [f"id{i}" for i in range(40)])
    X = frame(spectra(40, 30))
    X.iloc[:, 3] += y.to_numpy()
    return X, y


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """An empty cache, and a list of the fits that are made."""
    made, fit = [], MaldiMLPClassifier.fit

    def counted(self, X, y):
        made.append(self)
        return fit(self, X, y)

    monkeypatch.setenv("MALDINB_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(MaldiMLPClassifier, "fit", counted)
    return tmp_path / "fits", made


def model(**options):
    return MaldiMLPClassifier(**OPTIONS | options)


def same_bits(one, other, X):
    """Whether two fits agree in all that one can ask of them."""
    states = [fit.model_.state_dict() for fit in (one, other)]
    return (
        one.get_params() == other.get_params()
        and states[0].keys() == states[1].keys()
        and all(value.equal(states[1][name]) for name, value in states[0].items())
        and (one.predict_proba(X) == other.predict_proba(X)).all()
        and (one.get_attention_weights(X) == other.get_attention_weights(X)).all()
        and (one.classes_ == other.classes_).all()
        and (one.feature_names_in_ == other.feature_names_in_).all()
        and (one.history_, one.n_iter_, one.best_epoch_) == (other.history_, other.n_iter_, other.best_epoch_)
    )


@pytest.mark.parametrize(
    "options",
    [{}, {"standardize": True}, {"head_dims": [4, 3]}, {"class_weight": {0: 1.0, 1: 2.0}}, {"early_stopping": False}],
    ids=str,
)
def test_the_second_is_the_first(options, data, cache):
    X, y = data
    fresh = model(**options).fit(X, y)
    first, second = (kept.fitted(model(**options), X, y) for _ in range(2))
    assert len(cache[1]) == 2  # the fresh one, and the first
    assert [path.suffix for path in cache[0].iterdir()] == [".npz"]
    assert same_bits(fresh, first, X) and same_bits(fresh, second, X)


@pytest.mark.parametrize(
    "other",
    [
        lambda clf, X, y: (clf.set_params(epochs=2), X, y),
        lambda clf, X, y: (clf.set_params(random_state=1), X, y),
        lambda clf, X, y: (clf, X + 1e-6, y),
        lambda clf, X, y: (clf, X.rename(columns={"2000": "1999"}), y),
        lambda clf, X, y: (clf, X.iloc[::-1], y),
        lambda clf, X, y: (clf, X, 1 - y),
        lambda clf, X, y: (clf, X, y.map({0: "S", 1: "R"})),
        lambda clf, X, y: (clf, X, y.astype(float)),
    ],
)
def test_what_decides_a_fit_is_in_its_key(other, data, cache):
    X, y = data
    kept.fitted(model(), X, y)
    clf, X, y = other(model(), X, y)
    assert same_bits(kept.fitted(clf, X, y), model(**clf.get_params()).fit(X, y), X)
    assert len(cache[1]) == 3


def test_the_code_is_in_the_key(data, cache, monkeypatch):
    before = kept.fit_key(model(), *data)
    assert kept.fit_key(model(), *data) == before
    monkeypatch.setattr("maldinb.network.inputs.moments", lambda X: (X[0], X[1]))
    assert kept.fit_key(model(), *data) != before


@pytest.mark.parametrize("options", [{"random_state": None}, {"num_threads": None}], ids=str)
def test_what_is_another_one_each_time_is_not_kept(options, data, cache):
    kept.fitted(model(**options), *data)
    kept.fitted(model(**options), *data)
    assert len(cache[1]) == 2 and not cache[0].exists()


def test_what_cannot_be_fitted_says_why(data, cache):
    X, y = data
    with pytest.raises(ValueError, match="only one class"):
        kept.fitted(model(), X, 0 * y)
    with pytest.raises(ValueError, match="epochs"):
        kept.fitted(model(epochs=0), X, y)
    with pytest.raises(ValueError):
        kept.fitted(model(), X.iloc[:3], y)
    assert not list(cache[0].glob("*.npz"))


def test_damage_is_told_and_mended(data, cache):
    first = kept.fitted(model(), *data)
    (entry,) = cache[0].glob("*.npz")
    entry.write_bytes(entry.read_bytes()[:500])
    with pytest.warns(UserWarning, match="damaged, and is made again"):
        again = kept.fitted(model(), *data)
    assert same_bits(first, again, data[0]) and same_bits(first, kept.fitted(model(), *data), data[0])
    assert len(cache[1]) == 2


@pytest.mark.parametrize("early_stopping", [True, False])
def test_a_fit_that_guesses_warns_each_time(early_stopping, data, cache):
    X, y = data
    nonsense = pd.Series(np.random.default_rng(2).permutation(y), y.index)
    said = []
    for seed in range(20):
        options = {"epochs": 1, "early_stopping": early_stopping, "learning_rate": 1e-9, "random_state": seed}
        for _ in range(2):
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                kept.fitted(model(**options), X, nonsense)
            said.append([str(one.message) for one in caught if one.category is ConvergenceWarning])
    assert said[::2] == said[1::2] and len(cache[1]) == 20
    assert any("no better than guessing" in message for messages in said for message in messages)


def test_a_fit_that_was_stopped_is_not_kept(data, cache, monkeypatch):
    train = kept.training.train_epoch
    calls = []

    def interrupt(*args):
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return train(*args)

    monkeypatch.setattr(kept.training, "train_epoch", interrupt)
    with pytest.warns(UserWarning, match="interrupted"):
        kept.fitted(model(), *data)
    assert not list(cache[0].glob("*.npz"))


def test_the_folder_stays_small(data, cache, monkeypatch):
    kept.fitted(model(), *data)
    (entry,) = cache[0].glob("*.npz")
    monkeypatch.setattr(kept, "MOST_BYTES", int(2.5 * entry.stat().st_size))
    for seed in (1, 2):
        kept.fitted(model(random_state=seed), *data)
        for path in cache[0].glob("*.npz"):
            os.utime(path, (path.stat().st_mtime - 1,) * 2)  # as if a second had passed
    kept.fitted(model(), *data)  # read, and so the one that was used last
    kept.fitted(model(random_state=3), *data)
    assert len(list(cache[0].glob("*.npz"))) == 2 and entry.exists()


def test_leavings_go_after_a_day(data, cache):
    cache[0].mkdir()
    for name, days in ((".draft-old.npz", 2), ("old.lock", 2), (".draft-new.npz", 0)):
        (cache[0] / name).touch()
        os.utime(cache[0] / name, (time.time() - days * 86400,) * 2)
    kept.fitted(model(), *data)
    assert {p.name for p in cache[0].iterdir() if "draft" in p.name or p.name == "old.lock"} == {".draft-new.npz"}


def test_a_cache_that_cannot_be_written(data, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("MALDINB_CACHE_DIR", str(tmp_path / "file"))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert same_bits(kept.fitted(model(), *data), model().fit(*data), data[0])


WORKER = """
import sys, numpy as np
from maldinb import MaldiMLPClassifier
from maldinb.network import kept
train = kept.training.train
def counted(*args, **options):
    print("fitted", flush=True)
    return train(*args, **options)
kept.training.train = counted
X = np.random.default_rng(0).random((60, 400))
clf = kept.fitted(MaldiMLPClassifier(epochs=40, hidden_dim=64, device="cpu"), X, np.arange(60) % 2)
print(clf.predict_proba(X).sum())
"""


def test_of_two_processes_one_waits_for_the_other(tmp_path):
    environ = os.environ | {"MALDINB_CACHE_DIR": str(tmp_path)}
    command = [sys.executable, "-W", "ignore", "-c", WORKER]
    workers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environ) for _ in range(2)]
    said = [worker.communicate()[0].split() for worker in workers]
    assert sorted(len(lines) for lines in said) == [1, 2]  # one fitted, both have it
    assert said[0][-1] == said[1][-1]


def test_who_does_not_wait_is_told(data, cache):
    from filelock import FileLock

    key = kept.fit_key(model(), *data)
    cache[0].mkdir()
    with FileLock(cache[0] / f"{key}.lock"), pytest.raises(kept.BeingFitted):
        kept.fitted(model(), *data, wait=False)
    assert not cache[1]
