"""What students get: no solutions, no outputs, and a notebook that runs from top to bottom before they start."""

import re
from pathlib import Path

import demo
import nbformat
import pytest
from exercise_rules import printed, tags

from maldinb.exercises.students import main, student_copy, write_student_copies
from maldinb.pairs import read_pair
from maldinb.series import execute

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = ROOT / "notebooks"
STEMS = [path.stem for path in sorted(NOTEBOOKS.glob("*.ipynb"))]


@pytest.fixture(scope="module")
def copies(tmp_path_factory):
    out = tmp_path_factory.mktemp("build") / "students"
    return {path.stem: path for path in write_student_copies(NOTEBOOKS, out, STEMS)}


@pytest.mark.parametrize("stem", STEMS)
def test_copy_has_everything_but_solutions_and_outputs(stem, copies):
    original, copy = nbformat.read(NOTEBOOKS / f"{stem}.ipynb", 4), nbformat.read(copies[stem], 4)
    nbformat.validate(copy)
    kept = [cell.source for cell in original.cells if "solution" not in tags(cell)]
    assert [cell.source for cell in copy.cells] == kept
    assert len(kept) < len(original.cells)
    assert not any(cell.get("outputs") or cell.get("execution_count") for cell in copy.cells)
    assert "jupytext" not in copy.metadata
    assert copy.metadata.kernelspec.name == "python3"


def test_copy_runs_with_untouched_stubs(copies):
    """Of the others, the rule exercise_stands_alone sees to it that no cell needs a solution."""
    nb = nbformat.read(copies["01_data_loading_and_caching"], 4)
    result = execute(nb, "01", NOTEBOOKS, timeout=300)
    assert result.error is None
    assert result.claims.total and not result.claims.broken
    stubs = [cell for cell in nb.cells if "exercise" in tags(cell)]
    assert len(stubs) >= 3
    assert all(printed(cell).startswith("not yet: ") for cell in stubs)


def test_the_original_stays_as_it_is():
    nb = read_pair(NOTEBOOKS / "01_data_loading_and_caching.py")
    before = nbformat.writes(nb)
    student_copy(nb)
    assert nbformat.writes(nb) == before


def test_command_line(tmp_path, capsys):
    demo.make(tmp_path / "notebooks", execute=False)
    out = tmp_path / "build" / "students"
    assert main(["01_demo", "--notebooks", str(tmp_path / "notebooks"), "--out", str(out)]) == 0
    assert capsys.readouterr().out.strip() == str(out / "01_demo.ipynb")
    assert [path.name for path in out.iterdir()] == ["01_demo.ipynb"]
    with pytest.raises(SystemExit):
        main(["07_none", "--notebooks", str(tmp_path / "notebooks"), "--out", str(out)])
    assert re.search("no notebook 07_none in .*; there are: 01_demo", capsys.readouterr().err)
