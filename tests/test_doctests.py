"""The examples in docstrings do what they show, and every public function has one."""

import doctest
import importlib
import inspect
import pkgutil
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import maldinb

MODULES = ["maldinb", *(module.name for module in pkgutil.walk_packages(maldinb.__path__, "maldinb."))]
ROOMS = ("", *(f".{room.name}" for room in pkgutil.iter_modules(maldinb.__path__) if room.ispkg))
#: What cannot run here: it wants the network, or files that come from there.
SKIPPED = {
    "maldinb.datasets.driams.load_driams",
    "maldinb.datasets.kleb_ai.load_maldi_kleb_ai",
    "maldinb.datasets.marisma.load_marisma",
}
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


def examples(module):
    """The examples of a module, by the name of what they explain; a check of an exercise is a wrapped function."""
    found = [doctest.DocTestParser().get_doctest(module.__doc__ or "", vars(module), module.__name__, None, 0)]
    for name, thing in vars(module).items():
        mine = getattr(thing, "__module__", None) == module.__name__
        if mine and (inspect.isroutine(thing) or inspect.isclass(thing)):
            found += doctest.DocTestFinder().find(thing, f"{module.__name__}.{name}", module=False, globs=vars(module))
    return {test.name: test for test in found if test.examples}


@pytest.mark.parametrize("name", MODULES)
def test_examples_do_what_they_show(name, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    module = importlib.import_module(name)
    found = examples(module)
    written = len(re.findall(r"(?m)^\s*>>> ", Path(module.__file__).read_text(encoding="utf-8")))
    assert sum(len(test.examples) for test in found.values()) == written, "some examples are not found"
    skipped = {n for n, test in found.items() if any(doctest.SKIP in e.options for e in test.examples)}
    assert skipped == {n for n in SKIPPED if n.rpartition(".")[0] == name}
    runner = doctest.DocTestRunner(optionflags=FLAGS)
    with np.printoptions(legacy=False), pd.option_context("display.width", 120):
        for test in found.values():
            runner.run(test)
    assert not runner.failures, capsys.readouterr().out


@pytest.mark.parametrize("room", ROOMS)
def test_every_public_function_has_an_example(room):
    module = importlib.import_module("maldinb" + room)
    public = {name: getattr(module, name) for name in module.__all__}
    assert [name for name, f in public.items() if inspect.isroutine(f) and "\n    Examples\n" not in f.__doc__] == []
