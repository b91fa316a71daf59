"""The tests begin with the files that take longest."""

import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
from budgets import FILE
from longest_first import SECONDS
from nbformat.v4 import new_code_cell, new_notebook

TESTS = Path(__file__).resolve().parent


def test_the_plugin_is_at_work(request):
    assert request.config.pluginmanager.hasplugin("longest_first")


def test_what_is_called_long_exists():
    assert [name for name in SECONDS if not any(TESTS.rglob(name))] == []


def test_a_worker_gets_long_files_first(tmp_path):
    """By name, the long notebook would be the second one, and the long file of tests would come between the others."""
    for name, seconds in (("01_short", 1), ("02_long", 300)):
        cells = [new_code_cell("x = 1", execution_count=1), new_code_cell("x = 2", execution_count=2)]
        nbformat.write(new_notebook(cells=cells), tmp_path / f"{name}.ipynb")
        with (tmp_path / FILE).open("a") as file:
            file.write(f"[{name}]\nseconds = {seconds}\nmemory_mb = 900\n")
    long = next(iter(SECONDS))
    for name in ("test_a.py", long, "test_z.py"):
        (tmp_path / name).write_text("def test_2(): pass\n\n\ndef test_1(): pass\n", encoding="utf-8")

    environ = os.environ | {"PYTHONPATH": os.pathsep.join([str(TESTS), os.environ["PYTHONPATH"]])}
    options = ["-p", "longest_first", "-p", "no:cacheprovider", "--color=no", "-v", "--nbval", "--nbval-current-env"]
    distributed = ["-n", "1", "--dist", "loadfile", "--no-loadscope-reorder"]
    command = [sys.executable, "-m", "pytest", *options, *distributed, "."]
    done = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    ran = re.findall(r"(?m)^\[gw0\].* (\w+)\S*::(.+?) *$", done.stdout)
    cells, functions = ["Cell 0", "Cell 1"], ["test_2", "test_1"]
    order = {"02_long": cells, Path(long).stem: functions, "01_short": cells, "test_a": functions, "test_z": functions}
    assert ran == [(file, test) for file, tests in order.items() for test in tests]
