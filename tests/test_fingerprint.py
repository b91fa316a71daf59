"""The hash of the code follows what decides numbers, and nothing else."""

import functools
import os
import subprocess
import sys
import threading
import types

import numpy as np
import pytest
import tqdm.notebook

from maldinb import datasets, fingerprint, preprocessing, simulation
from maldinb.fingerprint import code_hash, source_hash

SOURCE = """
import functools
import numpy as np

LIMIT = 3
TABLE = np.arange(4.0)
NAMES = frozenset({"a", "b", "c"})


def double(x, factor=2):
    "Twice x."
    return factor * x


def twice(x):
    def inner(y):
        "Add x."
        return y + x

    return [inner(y) for y in range(LIMIT)]


@functools.cache
def remembered(x, *more):
    if x is None:
        return None
    return x + 1


plus_one = functools.partial(double, factor=1)


class Thing:
    "A thing."

    size: int = 4

    @property
    def area(self):
        return self.size**2

    @classmethod
    def make(cls):
        return cls()
"""


@pytest.fixture
def source_hash_of(monkeypatch, tmp_path):
    """The hash of a file of such a text."""
    monkeypatch.setattr(fingerprint, "__file__", str(tmp_path / "fingerprint.py"))

    def compute(source):
        (tmp_path / "toy.py").write_text(source, encoding="utf-8")
        return source_hash("toy")

    return compute


@pytest.fixture(params=["in memory", "on disk"])
def hash_of(request, monkeypatch):
    """The hash of a module of such a text, in memory or on disk."""
    if request.param == "on disk":
        return request.getfixturevalue("source_hash_of")

    def compute(source):
        module = types.ModuleType("maldinb.toy")
        monkeypatch.setitem(sys.modules, "maldinb.toy", module)
        exec(compile(source, "toy.py", "exec"), vars(module))
        return code_hash("toy")

    return compute


@pytest.mark.parametrize(
    "change",
    [
        ("LIMIT = 3", "LIMIT = 4"),
        ("arange(4.0)", "arange(5.0)"),
        ('"a", "b"', '"a", "d"'),
        ("factor * x", "factor + x"),
        ("factor=2", "factor=3"),
        ("y + x", "y - x"),
        ("return x + 1", "return x + 2"),
        ("x is None", "x is True"),
        ("x, *more", "x, more"),
        ("factor=1)", "factor=5)"),
        ("self.size**2", "self.size**3"),
        ("return cls()", "return cls"),
        ("size: int = 4", "size: int = 5"),
        ("class Thing:", "class Thing(dict):"),
    ],
    ids=lambda change: change[1],
)
def test_what_decides_numbers_changes_it(hash_of, change):
    assert hash_of(SOURCE) != hash_of(SOURCE.replace(*change))


@pytest.mark.parametrize(
    "change",
    [
        ('"Twice x."', '"Two times x."'),
        ('"A thing."', '"Another docstring."'),
        ('"Add x."', '"x is added."'),
        ("x, *more):", 'x, *more):\n    "A docstring where there was none."'),
        ("LIMIT = 3", "LIMIT = 3  # why"),
        ("\n", "\n\n"),
    ],
    ids=[
        "docstring",
        "docstring of a class",
        "docstring of an inner function",
        "new docstring",
        "comment",
        "empty lines",
    ],
)
def test_what_decides_nothing_does_not(hash_of, change):
    assert hash_of(SOURCE) == hash_of(SOURCE.replace(*change))


@pytest.mark.parametrize(
    "change",
    [("def double(x,", "def double(x: float,"), ("factor=2):", "factor=2) -> float:"), ("size: int", "size: float")],
    ids=lambda change: change[1],
)
def test_annotations_do_not_count_on_disk(source_hash_of, change):
    assert source_hash_of(SOURCE) == source_hash_of(SOURCE.replace(*change))


def test_what_is_raised_does_not_count_on_disk(source_hash_of):
    source = "def f(x):\n    if x > {limit}:\n        raise ValueError({message!r})\n    return x\n"
    before = source_hash_of(source.format(limit=1, message="too large"))
    assert before == source_hash_of(source.format(limit=1, message="x is 1 at most"))
    assert before != source_hash_of(source.format(limit=2, message="too large"))


def test_a_package_on_disk_is_all_of_its_modules(source_hash_of, tmp_path):
    (tmp_path / "room").mkdir()
    (tmp_path / "room" / "__init__.py").write_text("")
    (tmp_path / "room" / "table.py").write_text("LEGS = 4")
    before = source_hash("room")
    (tmp_path / "room" / "table.py").write_text("LEGS = 3")
    assert source_hash("room") != before and source_hash("room.table") != source_hash("room")


def test_it_is_that_of_the_code_in_memory(monkeypatch):
    before = code_hash("preprocessing")
    monkeypatch.setattr(preprocessing, "smooth", lambda intensity: intensity)
    assert code_hash("preprocessing") != before
    monkeypatch.undo()
    preprocessing.bin_names(9.0)  # fills a functools.cache
    assert code_hash("preprocessing") == before


def test_a_class_that_a_reload_left_behind_is_told_from_the_new_one(monkeypatch):
    """Whoever imported it goes on with the old code: what that computes must not be found under the new."""
    before = code_hash("simulation", "datasets")
    old = simulation.Simulation
    new = type("Simulation", (old,), dict(vars(old)) | {"raw": lambda self, i: None})
    monkeypatch.setattr(simulation, "Simulation", new)
    half_reloaded = code_hash("simulation", "datasets")
    for module in (datasets.simulated, datasets.raw):
        monkeypatch.setattr(module, "Simulation", new)
    assert len({before, half_reloaded, code_hash("simulation", "datasets")}) == 3


def test_every_process_finds_the_same():
    code = "from maldinb.fingerprint import code_hash; print(code_hash('preprocessing', 'datasets', 'simulation'))"
    found = {
        subprocess.run(
            [sys.executable, "-c", code], env=os.environ | {"PYTHONHASHSEED": seed}, capture_output=True, text=True
        ).stdout
        for seed in ("1", "2")
    }
    assert len(found) == 1 and len(found.pop()) == 65


def test_a_notebook_finds_the_same_as_a_terminal(monkeypatch):
    before = code_hash("datasets")
    monkeypatch.setattr(datasets.matrix, "tqdm", tqdm.notebook.tqdm)  # what tqdm.auto is made of in a notebook
    assert code_hash("datasets") == before


def test_the_code_of_a_network_is_part_of_it():
    pytest.importorskip("torch")
    from maldinb.network import training
    from maldinb.network.threads import threads

    with threads(1):
        before = code_hash("network.training", "network.threads")
    assert code_hash("network.training", "network.threads") == before
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(training, "batches", functools.partial(np.array_split))
        assert code_hash("network.training", "network.threads") != before


def test_another_thread_may_import_meanwhile():
    """Fits in threads hash the code while others import what they need."""
    stop = threading.Event()

    def import_on():
        number = 0
        while not stop.is_set():
            sys.modules[f"planted_{number % 500}"] = sys
            sys.modules.pop(f"planted_{(number + 250) % 500}", None)
            number += 1

    switch = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    thread = threading.Thread(target=import_on)
    thread.start()
    try:
        assert len({code_hash("arguments") for _ in range(200)}) == 1
    finally:
        stop.set()
        thread.join()
        sys.setswitchinterval(switch)
        for number in range(500):
            sys.modules.pop(f"planted_{number}", None)
