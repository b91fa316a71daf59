"""Budgets of the notebooks: every one is declared, none is too large for Binder, and what exceeds one is caught."""

import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from budgets import FILE, declared
from nbformat.v4 import new_code_cell, new_notebook

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
MOST_MB = 1500  # Binder grants about 2 GB, and JupyterLab takes its share


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_budget_is_declared_that_binder_can_afford(path):
    assert declared(path.parent)[path.stem].memory_mb <= MOST_MB


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    """What pytest prints of three notebooks that hold 300 MB for a moment."""
    folder = tmp_path_factory.mktemp("planted")
    hold = "import time\n\nheld = bytearray(300_000_000)\ntime.sleep(0.5)"
    for name in ("01_hungry", "02_modest", "03_undeclared"):
        cells = [new_code_cell(hold, execution_count=1), new_code_cell("del held", execution_count=2)]
        nbformat.write(new_notebook(cells=cells), folder / f"{name}.ipynb")
    hungry, modest = "seconds = 60\nmemory_mb = 200", "seconds = 0.1\nmemory_mb = 900"
    (folder / FILE).write_text(f"[01_hungry]\n{hungry}\n[02_modest]\n{modest}\n", encoding="utf-8")

    options = ["-p", "budgets", "-p", "no:cacheprovider", "--color=no", "-rA", "--nbval", "--nbval-current-env"]
    environ = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT / "tests"), os.environ["PYTHONPATH"]])}
    command = [sys.executable, "-m", "pytest", *options, "."]
    done = subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True)
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout


def test_a_notebook_over_its_budget_fails(planted):
    assert "FAILED 01_hungry.ipynb::budget" in planted
    assert re.search(rf"^01_hungry took [34]\d\d MB; {FILE} declares 200 MB at most$", planted, re.M)


def test_a_notebook_without_a_budget_fails(planted):
    assert "FAILED 03_undeclared.ipynb::budget" in planted
    assert re.search(rf"^03_undeclared took [34]\d\d MB; {FILE} beside it declares nothing for it$", planted, re.M)


def test_a_slow_notebook_is_only_told_so(planted):
    assert "PASSED 02_modest.ipynb::budget" in planted
    assert re.search(r"^02_modest +\| +\d+\.\d \| +0 \| +[34]\d\d \| +900  slower than declared$", planted, re.M)


def test_nothing_else_fails(planted):
    assert "2 failed, 7 passed" in planted
