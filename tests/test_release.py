"""What a release says of itself, in each place where it does."""

import importlib
import json
import re
import runpy
import sys
from datetime import date
from pathlib import Path

import pytest
import yaml
from test_frame import PROJECT

import maldinb

ROOT = Path(__file__).resolve().parent.parent
CITATION = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
ZENODO = json.loads((ROOT / ".zenodo.json").read_text(encoding="utf-8"))
CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def releases(text):
    """Version and date, or "unreleased", of each section, the newest first."""
    return re.findall(r"(?m)^## (\d+\.\d+\.\d+) - (\d{4}-\d\d-\d\d|unreleased)$", text)


def test_changelog_has_the_version_first_and_the_others_in_order():
    found = releases(CHANGELOG)
    assert len(found) == len(re.findall(r"(?m)^## ", CHANGELOG)), "## 1.2.3 - 2026-01-31, or - unreleased"
    assert found[0][0] == maldinb.__version__
    assert [when for _, when in found[1:] if when == "unreleased"] == []
    numbers = [tuple(map(int, version.split("."))) for version, _ in found]
    assert numbers == sorted(numbers, reverse=True)
    assert set(re.findall(r"(?m)^### (.+)$", CHANGELOG)) <= {
        "Added",
        "Changed",
        "Deprecated",
        "Removed",
        "Fixed",
        "Security",
        "Known limits",
    }


def test_citation_has_a_date_once_there_is_a_release():
    (_, when), *_ = releases(CHANGELOG)
    assert CITATION["version"] == maldinb.__version__
    assert CITATION.get("date-released") == (None if when == "unreleased" else date.fromisoformat(when))


def test_citation_zenodo_and_package_say_the_same():
    assert ZENODO["title"] == CITATION["title"]
    assert re.sub(r"</?p>", "", ZENODO["description"]) == PROJECT["description"]
    assert ZENODO["keywords"] == CITATION["keywords"] == PROJECT["keywords"]
    assert ZENODO["license"] == CITATION["license"] == PROJECT["license"]
    people = (CITATION["authors"], ZENODO["creators"], PROJECT["authors"])
    assert len({tuple(person["name"] for person in named) for named in people}) == 1
    assert {r["doi"] for r in CITATION["references"]} == {r["identifier"] for r in ZENODO["related_identifiers"]}
    assert CITATION["repository-code"] == PROJECT["urls"]["Repository"]
    assert "version" not in ZENODO  # Zenodo takes it from the tag


@pytest.mark.parametrize("path", sorted((ROOT / "notebooks").glob("*.py")), ids=lambda path: path.stem)
def test_notebooks_end_with_the_version(path):
    assert "{maldinb.__version__}" in path.read_text(encoding="utf-8").rpartition("# %%")[2]


# --- the text of a release, and of a weekly run -----------------------------------------------------------------------

NOTES = runpy.run_path(str(ROOT / ".ci" / "notes.py"))["notes"]
VERSIONS = runpy.run_path(str(ROOT / ".ci" / "versions.py"))
SECTIONS = "# Changelog\n\n## 0.2.0 - 2027-01-31\n\n### Fixed\n\n- this\n\n## 0.1.0 - 2026-12-01\n\n- that\n"


def test_notes_are_the_section_of_the_version():
    assert NOTES("v0.2.0", '__version__ = "0.2.0"', SECTIONS) == "### Fixed\n\n- this"
    assert NOTES("v0.1.0", '__version__ = "0.1.0"', SECTIONS) == "- that"


@pytest.mark.parametrize(
    ("tag", "version", "sections", "why"),
    [
        ("v0.3.0", "0.2.0", SECTIONS, "The tag is v0.3.0, and maldinb/__init__.py says 0.2.0"),
        ("v0.3.0", "0.3.0", SECTIONS, "no section '## 0.3.0 - YYYY-MM-DD'"),
        ("v0.2.0", "0.2.0", SECTIONS.replace("2027-01-31", "unreleased"), "no section '## 0.2.0 - YYYY-MM-DD'"),
    ],
)
def test_what_was_not_prepared_is_not_released(tag, version, sections, why):
    with pytest.raises(SystemExit, match=re.escape(why)):
        NOTES(tag, f'__version__ = "{version}"', sections)


JUNIT = """<testsuites><testsuite><testcase classname="tests.test_a" name="test_good"/>
<testcase classname="tests.test_a" name="test_bad"><failure message="assert 1 == 2&#10;more"/></testcase>
<testcase classname="" name="notebooks/01.ipynb"><error>ImportError: no `torch`</error></testcase>
<testcase classname="tests.test_a" name="test_skipped"><skipped message="not here"/></testcase>
</testsuite></testsuites>"""


def test_a_weekly_run_says_what_is_new_and_what_failed():
    pinned = VERSIONS["tested"]("# numpy==1.0\nnumpy==2.4.6\nnothing-of-it==1.0\ntorch==2.13.0\n")
    assert pinned == {"numpy": "2.4.6", "nothing-of-it": "1.0", "torch": "2.13.0"}
    new = VERSIONS["changed"](pinned, {"numpy": "2.5.0", "torch": "2.13.0"}.get)
    text = VERSIONS["summary"](new, VERSIONS["failed"](JUNIT))
    assert text == (
        f"## Python {sys.version.split()[0]}\n\n**2 tests failed.**\n\n"
        "- `tests.test_a::test_bad`: `assert 1 == 2`\n- `notebooks/01.ipynb`: `ImportError: no 'torch'`\n\n"
        "| other than in constraints.txt | tested | here |\n|---|---|---|\n| numpy | 2.4.6 | 2.5.0 |\n"
    )
    assert "**All tests passed.**\n\nAll versions are those" in VERSIONS["summary"]([], [])
    assert "no report of tests" in VERSIONS["summary"](new, None)


def test_versions_are_read_from_where_it_runs():
    assert VERSIONS["installed"]("pyyaml") == yaml.__version__
    assert "+" not in VERSIONS["installed"]("torch")
    assert VERSIONS["installed"]("no-such-package") is None


# --- workflows --------------------------------------------------------------------------------------------------------


def workflow(name):
    return yaml.safe_load((ROOT / ".github" / "workflows" / f"{name}.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ["tests", "weekly", "release"])
def test_workflows_are_granted_reading_unless_a_job_needs_more(name):
    found = workflow(name)
    assert found["permissions"] == {"contents": "read"}
    granted = {job: steps["permissions"] for job, steps in found["jobs"].items() if "permissions" in steps}
    expected = {"weekly": {"tell": {"issues": "write"}}, "release": {"release": {"contents": "write"}}}
    assert granted == expected.get(name, {})


@pytest.mark.parametrize("name", ["tests", "weekly", "release"])
def test_workflows_call_what_is_there(name):
    text = (ROOT / ".github" / "workflows" / f"{name}.yml").read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets, scripts = re.findall(r"\bmake ([a-z-]+)", text), re.findall(r"\.ci/[\w.]+", text)
    assert targets or scripts
    assert [target for target in targets if not re.search(rf"(?m)^{target}:", makefile)] == []
    assert [script for script in scripts if not (ROOT / script).is_file()] == []


@pytest.mark.parametrize("name", ["tests", "weekly", "release"])
def test_workflows_import_what_is_there(name):
    text = (ROOT / ".github" / "workflows" / f"{name}.yml").read_text(encoding="utf-8")
    found = re.findall(r"from (maldinb[\w.]*) import (\w+)", text)
    assert bool(found) == (name == "release")
    assert [pair for pair in found if not hasattr(importlib.import_module(pair[0]), pair[1])] == []


def test_python_versions_are_the_same_every_week_as_for_each_change():
    jobs = [workflow("tests")["jobs"]["tests"], workflow("weekly")["jobs"]["newest"]]
    changes, weekly = (job["strategy"]["matrix"]["python"] for job in jobs)
    assert changes == weekly and f">={changes[0]}" == PROJECT["requires-python"]
