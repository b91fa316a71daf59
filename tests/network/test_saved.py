"""A saved classifier comes back as it was, and a file that is anything else is refused without being trusted."""

import io
import json
import pickle
import tracemalloc
import zipfile

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from maldinb.network import saved as files
from maldinb.network.classifier import MaldiMLPClassifier
from maldinb.network.saved import ModelFileError

RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(40, 5)).astype(np.float32), np.arange(40) % 2


def fitted(y=Y, X=X, **options):
    return MaldiMLPClassifier(**{"epochs": 2, "hidden_dim": 4, "head_dims": (3,)} | options).fit(X, y)


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    path = tmp_path_factory.mktemp("models") / "model.npz"
    fitted().save(path)
    return path.read_bytes()


def load(data, tmp_path):
    path = tmp_path / "model.npz"
    path.write_bytes(data)
    return MaldiMLPClassifier.load(path)


def rewritten(data, change, compression=zipfile.ZIP_STORED):
    """The file with other members: `change` gets them as a dict of bytes and changes that."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def with_header(data, **changes):
    def change(members):
        members["maldinb.json"] = json.dumps(json.loads(members["maldinb.json"]) | changes).encode()

    return rewritten(data, change)


LABELS = [[0, 1], ["S", "R"], [False, True], [1.0, 2.0], [-7, 300, 5], ["Ä", "R", "ß"]]


@pytest.mark.parametrize("labels", [*LABELS, np.array(["S", "R"], dtype=object), np.array([3, 7], dtype=np.uint8)])
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"gate": "constant", "standardize": True},
        {"gate": "frozen", "dropout": 0.1},
        {"use_attention": False, "head_dims": [], "early_stopping": False, "class_weight": "balanced"},
    ],
)
def test_it_comes_back_as_it_was(tmp_path, labels, options):
    labels = np.asarray(labels)
    clf = fitted(labels[np.arange(40) % len(labels)], **options)
    path = clf.save(tmp_path / "model.npz")
    again = MaldiMLPClassifier.load(path)
    assert (again.predict_proba(X) == clf.predict_proba(X)).all()
    assert again.classes_.dtype == clf.classes_.dtype and (again.predict(X) == clf.predict(X)).all()
    for name in ("history_", "n_iter_", "best_epoch_", "n_features_in_"):
        assert getattr(again, name) == getattr(clf, name)
    before, after = clf.get_params(), again.get_params()
    before["head_dims"] = tuple(before["head_dims"])
    assert before == after
    assert [p.requires_grad for p in again.model_.parameters()] == [p.requires_grad for p in clf.model_.parameters()]
    again.fit(X, clf.predict(X) if len(set(clf.predict(X))) > 1 else labels[np.arange(40) % len(labels)])


def test_names_of_bins_and_odd_parameters(tmp_path):
    frame = pd.DataFrame(X, columns=[f"{2000 + 3 * i}" for i in range(5)])
    odd = {
        "class_weight": {np.str_("R"): 2, "S": np.float32(0.5)}, "device": torch.device("cpu"),
        "random_state": np.random.RandomState(0), "learning_rate": np.float64(0.01), "epochs": np.int64(2),
        "head_dims": np.array([3, 2]),
    }  # fmt: skip
    clf = fitted(np.where(Y, "R", "S"), frame, **odd)
    again = MaldiMLPClassifier.load(clf.save(str(tmp_path / "model")))
    assert list(again.feature_names_in_) == list(clf.feature_names_in_)
    assert (again.predict_proba(frame) == clf.predict_proba(frame)).all()
    with pytest.raises(ValueError, match="feature names should match"):
        again.predict(frame[frame.columns[::-1]])
    params = again.get_params()
    assert params["class_weight"] == {"R": 2, "S": 0.5} and params["random_state"] is None
    assert params["head_dims"] == (3, 2) and params["device"] == "cpu"


def test_numpy_can_open_it(saved, tmp_path):
    (tmp_path / "model.npz").write_bytes(saved)
    with np.load(tmp_path / "model.npz", allow_pickle=False) as arrays:
        assert arrays["project.0.weight"].shape == (4, 5)


def test_loading_leaves_random_states_alone(saved, tmp_path):
    ours, theirs = np.random.get_state()[1].copy(), torch.get_rng_state()
    load(saved, tmp_path)
    assert torch.equal(torch.get_rng_state(), theirs) and (np.random.get_state()[1] == ours).all()


def test_labels_that_text_cannot_hold_are_not_saved(tmp_path):
    clf = fitted()
    clf.classes_ = np.array(["2026-01-01", "2026-01-02"], dtype="M8[D]")
    with pytest.raises(TypeError, match="cannot save: classes_ holds .*date"):
        clf.save(tmp_path / "model.npz")
    assert not list(tmp_path.iterdir())


def test_a_failed_save_leaves_the_old_file(saved, tmp_path, monkeypatch):
    path = tmp_path / "model.npz"
    path.write_bytes(saved)

    def full(*args, **options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.np.lib.format, "write_array", full)
    with pytest.raises(OSError, match="No space left"):
        fitted(random_state=1).save(path)
    assert path.read_bytes() == saved and list(tmp_path.iterdir()) == [path]


def test_places_that_are_not_there(tmp_path):
    with pytest.raises(FileNotFoundError):
        MaldiMLPClassifier.load(tmp_path / "none.npz")
    with pytest.raises(FileNotFoundError):
        fitted().save(tmp_path / "none" / "model.npz")
    with pytest.raises(OSError):
        MaldiMLPClassifier.load(tmp_path)


class Malice:
    def __reduce__(self):
        return exec, ("import builtins; builtins.malice = True",)


def pickled(name):
    def change(members):
        out = io.BytesIO()
        np.lib.format.write_array(out, np.array([Malice()], dtype=object), allow_pickle=True)
        members[name] = out.getvalue()

    return change


def torch_file():
    out = io.BytesIO()
    torch.save({"project.0.weight": Malice()}, out)
    return out.getvalue()


@pytest.mark.parametrize(
    "make",
    [
        lambda saved: pickle.dumps(Malice()),
        lambda saved: torch_file(),
        lambda saved: rewritten(saved, pickled("project.0.weight.npy")),
        lambda saved: rewritten(saved, pickled("maldinb.json")),
    ],
)
def test_nothing_is_executed(saved, tmp_path, make):
    import builtins

    with pytest.raises(ModelFileError, match="is damaged, or not a file that MaldiMLPClassifier.save wrote"):
        load(make(saved), tmp_path)
    assert not hasattr(builtins, "malice")


def test_another_version_is_named(saved, tmp_path):
    with pytest.raises(ModelFileError, match="version 2 of the format, by maldinb 9.9; this maldinb reads version 1"):
        load(with_header(saved, version=2, maldinb="9.9"), tmp_path)


def big(members):
    members["project.0.weight.npy"] += bytes(10**6)


def claims_to_be_big(members):
    out = io.BytesIO()
    np.lib.format.write_array_header_1_0(out, {"shape": (10**12,), "fortran_order": False, "descr": "<f4"})
    members["project.0.weight.npy"] = out.getvalue() + bytes(80)


def other_type(members):
    out = io.BytesIO()
    np.save(out, np.zeros((4, 5)))
    members["project.0.weight.npy"] = out.getvalue()


@pytest.mark.parametrize(
    "change", [big, claims_to_be_big, other_type, lambda members: members.pop("classify.1.bias.npy")]
)
def test_arrays_that_do_not_fit(saved, tmp_path, change):
    with pytest.raises(ModelFileError, match="is damaged, or not a file"):
        load(rewritten(saved, change), tmp_path)


def test_a_packed_archive_is_refused(saved, tmp_path):
    def bomb(members):
        members["maldinb.json"] += b" " * 10**7

    with pytest.raises(ModelFileError, match="maldinb.json is packed"):
        load(rewritten(saved, bomb, zipfile.ZIP_DEFLATED), tmp_path)


@pytest.mark.parametrize(
    "changes",
    [
        {"format": "something else"},
        {"parameters": {"hidden_dim": 10**12}},
        {"parameters": {"hidden_dim": 10**30}},
        {"parameters": {"hidden_dim": -1}},
        {"parameters": {"spell": 1}},
        {"parameters": {"class_weight": {"items": 3}}},
        {"parameters": None},
        {"classes": [0]},
        {"classes": [1, 0]},
        {"classes": [[0, 1], [2, 3]]},
        {"classes": 7},
        {"dtype": "O,O"},
        {"dtype": "M8[D]"},
        {"dtype": "spam"},
        {"dtype": "U20000000"},
        {"dtype": ["i4"]},
        {"n_features": 0},
        {"n_features": "5"},
        {"n_features": 10**20},
        {"n_features": 6},
        {"feature_names": ["a"]},
        {"feature_names": [1, 2, 3, 4, 5]},
        {"history": {"train_loss": ["a"]}},
        {"history": {}},
        {"history": []},
        {"best_epoch": "all"},
        {"standardized": True},
    ],
)
def test_headers_that_make_no_sense(saved, tmp_path, changes):
    with pytest.raises(ModelFileError, match=r"model\.npz is damaged, or not a file that MaldiMLPClassifier.save"):
        load(with_header(saved, **changes), tmp_path)


@pytest.mark.parametrize(
    "parameters",
    [
        {"head_dims": [1] * 16_000},
        {"hidden_dim": 1, "head_dims": [1] * 500},  # few numbers, but far more layers than members
        {"hidden_dim": 10**7},
        {"head_dims": [10**4, 10**4]},
    ],
)
def test_what_a_header_announces_has_to_fit_into_the_file(saved, tmp_path, monkeypatch, parameters):
    monkeypatch.setattr(MaldiMLPClassifier, "new_network", lambda *_, **__: pytest.fail("a network was made"))
    with pytest.raises(ModelFileError, match="the size of the file is not what it should be"):
        load(with_header(saved, parameters=parameters), tmp_path)


def with_sizes(data, **sizes):
    """The file with a table of contents that gives members other sizes than they have."""
    file = io.BytesIO(data)
    with zipfile.ZipFile(file, "a") as archive:
        for name, size in sizes.items():
            archive.getinfo(f"{name}.npy").file_size = archive.getinfo(f"{name}.npy").compress_size = size
        archive.comment = b"written anew"
    return file.getvalue()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda data: with_header(data, dtype="U20000000"), "dtype"),
        (
            lambda data: with_sizes(
                with_header(data, parameters={"hidden_dim": 10**8, "head_dims": [3]}),
                **{"project.0.weight": 4 * 5 * 10**8 + 128, "classify.0.0.weight": 4 * 3 * 10**8},
            ),
            "the size of its members",
        ),
    ],
)
def test_what_is_only_announced_takes_no_memory(saved, tmp_path, change, message):
    data = change(saved)
    tracemalloc.start()
    with pytest.raises(ModelFileError, match=f"{message} is not what it should be"):
        load(data, tmp_path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10**7


@given(cut=st.floats(0, 1, exclude_max=True))
def test_a_truncated_file_is_refused(saved, tmp_path_factory, cut):
    with pytest.raises(ModelFileError, match="is damaged"):
        load(saved[: int(cut * len(saved))], tmp_path_factory.getbasetemp())


@given(data=st.data())
def test_a_changed_byte_is_noticed_or_does_not_matter(saved, tmp_path_factory, data):
    place = data.draw(st.integers(0, len(saved) - 1))
    changed = bytearray(saved)
    changed[place] ^= data.draw(st.integers(1, 255))
    try:
        again = load(bytes(changed), tmp_path_factory.getbasetemp())
    except ModelFileError:
        return
    assert (again.predict_proba(X) == fitted_scores).all()  # a time stamp of the archive, for example


fitted_scores = fitted().predict_proba(X)


@given(junk=st.binary(max_size=300))
def test_junk_is_refused(tmp_path_factory, junk):
    with pytest.raises(ModelFileError):
        load(junk, tmp_path_factory.getbasetemp())
