"""A room offers what its `__init__` imports, and nothing else."""

import ast
import importlib
import pkgutil
from pathlib import Path
from types import ModuleType

import pytest

import maldinb
from maldinb.offering import offered

ROOMS = [f"maldinb.{found.name}" for found in pkgutil.iter_modules(maldinb.__path__) if found.ispkg]


def test_what_is_for_everybody():
    names = {"__name__": "room", "_cut": print, "plot": print, "BLUE": "#0072B2", "ast": ast, "Kind": int}
    assert offered(names) == ["BLUE", "Kind", "plot"]


@pytest.mark.parametrize("room", ROOMS)
def test_a_star_brings_what_is_listed_and_no_file(room):
    module, got = importlib.import_module(room), {}
    exec(f"from {room} import *", got)
    got.pop("__builtins__")
    assert set(got) == set(module.__all__)
    files = {name for name, value in got.items() if isinstance(value, ModuleType)}
    assert files == ({"conclusions"} if room == "maldinb.evaluation" else set())


@pytest.mark.parametrize("room", ROOMS)
def test_what_is_imported_is_offered(room):
    module = importlib.import_module(room)
    tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
    names = {a.asname or a.name for node in tree.body if isinstance(node, ast.ImportFrom) for a in node.names}
    public = {name for name in names if not isinstance(getattr(module, name), ModuleType) and name[0] != "_"}
    assert public <= set(module.__all__)
