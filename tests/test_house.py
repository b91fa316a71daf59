"""The house: each room stands only on the rooms below it, and nothing in it grows beyond what one can read."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "maldinb"
#: From the ground up. A room may use those before it, and no others.
ROOMS = (
    "offering", "arguments", "memory", "interrupts", "writing", "fingerprint", "stored", "material", "simulation",
    "preprocessing", "formats", "datasets", "quality", "evaluation", "network", "interpretation", "ablation",
    "transfer", "plots", "exercises", "challenge", "course", "marks", "report", "commands", "__main__",
)  # fmt: skip
FILES = sorted(PACKAGE.rglob("*.py"))
LONGEST = 300  # lines


def name_of(path):
    return ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")


MODULES = {name_of(path): path for path in FILES}


def imported(path):
    """Modules of the package that a file imports when it is imported itself, or later, inside of a function."""
    package = name_of(path) if path.name == "__init__.py" else name_of(path).rpartition(".")[0]
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = package.rsplit(".", node.level - 1)[0] if node.level else ""
            base = ".".join(filter(None, [base, node.module]))
            found |= {f"{base}.{a.name}" if f"{base}.{a.name}" in MODULES else base for a in node.names}
    return {name for name in found if name in MODULES}


def room_of(module):
    return module.split(".")[1] if "." in module else None


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_imports_run_downwards(path):
    room = room_of(name_of(path))
    if room is None:
        return  # the door: it names what the rooms offer
    assert room in ROOMS, f"{room} is no room that this house knows: give it its place in ROOMS"
    above = {other for other in map(room_of, imported(path)) if other and ROOMS.index(other) > ROOMS.index(room)}
    assert not above, f"{name_of(path)} stands on {above}, which lie above it"


def test_no_circle_within_a_room():
    graph = {name: {m for m in imported(path) if room_of(m) == room_of(name)} for name, path in MODULES.items()}
    graph = {name: {m for m in below if m != f"maldinb.{room_of(name)}"} for name, below in graph.items()}
    while leaves := {name for name, below in graph.items() if not below}:
        graph = {name: below - leaves for name, below in graph.items() if name not in leaves}
    assert not graph, f"these import one another: {', '.join(sorted(graph))}"


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_files_can_be_read_in_one_go(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST


def test_the_landing_has_no_hidden_rooms():
    landing = {path.stem for path in PACKAGE.glob("*.py")} - {"__init__", "__main__"}
    assert not {name for name in landing if name.startswith("_")}


@pytest.mark.parametrize("path", [path for path in FILES if path.name == "__init__.py"], ids=name_of)
def test_a_class_does_not_live_in_an_init(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert not [node.name for node in tree.body if isinstance(node, ast.ClassDef)]
