"""Each notebook's page tells search engines for courses what it is, in the words of its first cell."""

import importlib.util
import re
from pathlib import Path

import nbformat
import pytest
from test_frame import PROJECT

ROOT = Path(__file__).resolve().parent.parent
SPEC = importlib.util.spec_from_file_location("lr", ROOT / "docs" / "extensions" / "learning_resources.py")
EXTENSION = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(EXTENSION)
LICENCE = f"https://spdx.org/licenses/{PROJECT['license']}"

FIRST = """# Find the *way*

**What you will do.** Follow [eight ways](02.ipynb) back,
and hold each against `truth`.

**What you will learn**

- what a map asks, and
  what not;
- which controls it needs.

**What you need.** [Notebook 03](03_x.ipynb), and patience. About 55
minutes, and 50 more for the exercises.
"""


def of(first):
    return EXTENSION.resource(first, "https://example.org/05", ["one", "two"], LICENCE)


def test_words_are_those_of_the_first_cell():
    found = of(FIRST)
    assert found["name"] == "Find the way"
    assert found["description"] == "Follow eight ways back, and hold each against truth."
    assert found["teaches"] == ["what a map asks, and what not", "which controls it needs"]
    assert found["competencyRequired"] == "Notebook 03, and patience."
    assert found["educationalLevel"] == "Intermediate" and found["timeRequired"] == "PT55M"
    assert found["keywords"] == "one, two"
    assert of(FIRST.replace("[Notebook 03](03_x.ipynb)", "Python"))["educationalLevel"] == "Beginner"


@pytest.mark.parametrize(
    "lacking", ["# Find", "**What you will do.**", "**What you will learn**", "**What you need.**", "About 55"]
)
def test_what_is_lacking_is_said(lacking):
    with pytest.raises(ValueError, match="the first cell"):
        of(FIRST.replace(lacking, ""))


@pytest.mark.parametrize("path", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda path: path.stem)
def test_notebooks_have_what_the_profile_asks_for(path):
    found = of(nbformat.read(path, as_version=4).cells[0].source)
    assert [name for name in EXTENSION.MINIMUM if not found.get(name)] == []
    assert len(found["teaches"]) >= 3 and all(len(point) > 20 for point in found["teaches"])
    assert re.fullmatch(r"PT\d{2}M", found["timeRequired"]) and not re.search(r"[*`\[\]]", " ".join(found["teaches"]))
