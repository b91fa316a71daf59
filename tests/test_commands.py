"""Every command that README and docs show is run as it stands there, in a copy of the repository.

The notebooks of the copy have the names and parameters of the course's, and little else: what is tried here are the
commands. What they take is made small by `SMALLER`; what cannot be run here is in `NOT_HERE`, with the reason.
"""

import hashlib
import html
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import demo
import pytest
import trees
from builders import write_folder

from maldinb import write_simulated_archive
from maldinb.course.pairs import read_pair

ROOT = Path(__file__).resolve().parent.parent
TEXTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), ROOT / "benchmarks" / "README.md"]
TEXTS += sorted((ROOT / "notebooks").glob("*.py"))
PROGRAM = r"(?:[A-Z_]+=\S+ )*(?:make|maldinb(?= \w)|python|pip|py|conda|jupyter|export|\.venv[/\\]\S+)\b"

NOT_HERE = {
    r"make test|.*-m pytest tests": "it is what runs this",
    r"make test-(oldest|newest)": "take a network, and run all tests",
    r"make causes": "takes most of an hour; tests/transfer makes cells of its tables again",
    r"make bench|.*-m benchmarks": "takes half an hour and the peers' packages; benchmarks/README.md holds its results",
    r"make study": "takes 1111 fits; tests/ablation/test_stored_study.py makes some of them again",
    r"make (lock|dist)": "take a network; test_lock.py and test_wheel.py hold what they make",
    r"maldinb marks": "takes what a class has handed in; tests/marks plays a class",
    r"make site": "test_site.py builds the site with the same command",
    r"py -m venv|\.venv\\Scripts": "for Windows",
    r"conda |pip install --no-deps -e \.": "takes conda",
    r"python -m (pip download|venv)|\.venv/bin/python -m pip install": "takes a network",
}
SERVES = r"make (lab|edit)|maldinb(\.course)? lab"
#: What decides how things are set up; where they are, a command does the same with it as without.
SET_UP = r" (?:PYTHON|TORCH_INDEX)=\S*"
#: Text of a command -> what it is run with instead.
SMALLER = {
    "path/to/my_spectra": "my_spectra",
    "path/to/DRIAMS": "DRIAMS",
    "maldinb report": "maldinb report --epochs 1 --hidden-dim 8 --n-splits 2 --n-jobs 1",
    "/path/to/shared/maldinb-cache": "$PWD/cache",
    "load_simulated()": "load_simulated(n_spectra=12)",
    "07_name": "04_ablation_without_attention",
    "DATASET=name": "DATASET=simulated",
    "maldinb challenge new blind": "maldinb challenge new blind --spectra 24",
}


def commands(text: str) -> list[str]:
    """The lines of indented code blocks and the inline code that begin with a program that one calls."""
    lines = re.findall(rf"(?m)^(?:# )? {{4}}({PROGRAM}.*)$", text)
    inline = re.findall(r"`((?:[A-Z_]+=\S+ )*make\b [^`]*)`", text)
    return list(dict.fromkeys(line.strip() for line in [*lines, *inline]))


def smaller(command: str) -> str:
    """What is run in place of a command."""
    for text, other in SMALLER.items():
        command = command.replace(text, other)
    # `make run` itself executes the whole series.
    return command + " ONLY=01_data_loading_and_caching" * bool(re.search(r"DATASET=.*make run$", command))


ALL = list(dict.fromkeys(command for path in TEXTS for command in commands(path.read_text(encoding="utf-8"))))
HERE = [command for command in ALL if not any(re.match(pattern, command) for pattern in NOT_HERE)]
HERE = list({smaller(command): command for command in HERE}.values())
LAST = ("make host", "make clean")  # after these, others would set everything up anew
HERE.sort(key=lambda command: command.startswith(LAST) + (command == "make clean"))


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    """A copy of what git has and would have, set up, with small notebooks and a small MALDI-Kleb-AI in its cache."""
    folder = tmp_path_factory.mktemp("clone") / "a course"
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True)
    names = listed.stdout.splitlines() or pytest.skip("no git checkout")
    for name in names:
        if (ROOT / name).is_file() and not name.startswith(("notebooks/", "tests/")):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    for py in sorted((ROOT / "notebooks").glob("*.py")):
        cell = next(c for c in read_pair(py).cells if "parameters" in c.metadata.get("tags", []))
        cells = ["[markdown]\n# # Title", f'tags=["parameters"]\n{cell.source}', "\nprint(DATASET)"]
        demo.make(folder / "notebooks", demo.HEADER + "".join(f"\n# %% {c}\n" for c in cells), py.stem, execute=False)
    (folder / "tests").mkdir()

    archive = write_simulated_archive(folder / "maldi-tof.tar", n_spectra=12)
    registry, digest = folder / "maldinb" / "datasets" / "registry.py", hashlib.md5(archive.read_bytes()).hexdigest()
    text = registry.read_text(encoding="utf-8")
    registry.write_text(re.sub(r'"[0-9a-f]{32}"', f'"{digest}"', text), encoding="utf-8")
    (folder / "cache" / "maldi-kleb-ai").mkdir(parents=True)
    shutil.copy(archive, folder / "cache" / "maldi-kleb-ai")
    (folder / "my_spectra").mkdir()
    subprocess.run(["tar", "-xf", archive.name, "-C", "my_spectra"], cwd=folder, check=True)
    table = folder / "my_spectra" / "metadata.csv"
    table.write_text(table.read_text().replace("Amikacin", "Ceftazidime").replace("City", "Ward"))

    (folder / "peaks.csv").write_text("ID,Ceftazidime,Hospital,peak_3000,peak_4000\n" + "".join(
        f"i{i},{'RS'[i % 2]},{'North' if i < 20 else 'South'},{i % 7},{i % 5}\n" for i in range(40)
    ))  # fmt: skip
    write_folder(folder / "DRIAMS", trees.driams())
    write_folder(folder, trees.marisma())

    python = folder / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    # Everything is set up, so that nothing may be installed: it would go into the environment that runs these tests.
    refuse = 'case "$*" in *"-m pip"*) echo "pip was called: $*"; exit 1;; esac'
    python.write_text(f'#!/bin/sh\n{refuse}\nexec "{sys.executable}" -W ignore::UserWarning "$@"\n')
    python.chmod(0o755)
    (python.parent / "python3").symlink_to("python")
    (python.parent / "maldinb").write_text('#!/bin/sh\nexec python -m maldinb "$@"\n')
    (python.parent / "maldinb").chmod(0o755)
    for name in ("torch", "lab", "test", "site"):
        (folder / ".venv" / f"{name}.stamp").touch()
    return folder


@pytest.fixture(scope="module")
def environ(clone):
    more = {"MALDINB_CACHE_DIR": str(clone / "cache"), "HOME": str(clone / "home"), "BROWSER": "true"}
    more["PYTHONPATH"] = str(ROOT / "tests" / "startup")
    for name in ("CONFIG", "DATA", "RUNTIME"):
        more[f"JUPYTER_{name}_DIR"] = str(clone / "home" / name)
    (clone / "home").mkdir()
    path = f"{clone / '.venv' / 'bin'}:{os.environ['PATH']}"
    without = ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "DATASET")
    return {name: value for name, value in os.environ.items() if name not in without} | more | {"PATH": path}


def shell(command, clone, environ):
    """Exit status and output of a command; one that serves JupyterLab is told to stop as soon as that is up."""
    serves = re.search(SERVES, command)
    log = clone / "log.txt"
    with log.open("w") as out:
        options = {"cwd": clone, "env": environ, "stdout": out, "stderr": subprocess.STDOUT, "start_new_session": True}
        process = subprocess.Popen(["bash", "-c", command], **options)
        deadline = time.monotonic() + 120
        while process.poll() is None and time.monotonic() < deadline:
            if serves and "is running at" in log.read_text():
                os.killpg(process.pid, signal.SIGTERM)
            time.sleep(0.1)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    return process.returncode, log.read_text()


def planned(command, clone, environ):
    """What `make` would do."""
    return shell(command.replace("make", "make -n", 1), clone, environ)[1].strip()


@pytest.mark.parametrize("command", HERE)
def test_command(command, clone, environ):
    if re.search(SET_UP, command):
        assert planned(command, clone, environ) == planned(re.sub(SET_UP, "", command), clone, environ) != ""
        return
    if re.match(r"(\.venv/bin/)?python -m maldinb\.course lab", command):
        assert planned("make lab", clone, environ) == f".venv/bin/{command.removeprefix('.venv/bin/')}"
        return
    run = smaller(command)
    status, said = shell(run, clone, environ)
    if re.search(SERVES, run):
        assert "is running at" in said, said
        assert "--port 9999" not in run or ":9999/" in said
    else:
        assert status == 0, said
    if run == "make clean":
        assert not (clone / ".venv").exists() and not (clone / "build").exists()
        assert (clone / "workspace").exists() and (clone / "students").exists()
    every = sorted(path.stem for path in (clone / "notebooks").glob("*.py"))
    if re.search(r"make (run|notebooks)", run):
        assert re.findall(r"(?m)^(\d\d_\w+) +\| +0/0 ", said) == (re.findall(r"ONLY=(\S+)", run) or every), said
    if "make run" in run:
        page = html.unescape((clone / "build" / "run" / "index.html").read_text())
        assert all(f"{name} = " in page for name in re.findall(r"([A-Z_]+)=", run) if name not in ("ONLY", "PARAMS"))


# What stands before a piece of Python in the text around it, for small spectra.
BEFORE = """
import maldinb
from maldinb import evaluation
data = maldinb.load_simulated(n_spectra=60, bin_width=30)
X, y = maldinb.binary_labels(data)
batch, isolate = data.batch[X.index], data.isolate[X.index]
models = {"one": evaluation.baselines()["logistic regression"]}
"""
SMALLER_PYTHON = {
    'Client("tcp://scheduler:8786")': "Client(n_workers=1, threads_per_worker=1, dashboard_address=None)",
    'load_dataset("simulated")': 'load_dataset("simulated", n_spectra=60)',
    "epochs=30": "epochs=2",
    "seed=2027": "n_spectra=60, seed=2027",
    '"Ciprofloxacin", species="Escherichia coli"': '"Ceftriaxone"',
}
BLOCKS = [b for path in TEXTS for b in re.findall(r"(?s)```python\n(.*?)```", path.read_text(encoding="utf-8"))]


# One process for all, because each would spend most of its time on imports. Workers of Dask import this text, too.
RUN_BLOCKS = """
import json, traceback
from pathlib import Path

def failure(code):
    try:
        exec(code, {"__name__": "__main__"})
    except Exception:
        return traceback.format_exc()

if __name__ == "__main__":
    codes = json.loads(Path("blocks.json").read_text(encoding="utf-8"))
    Path("failures.json").write_text(json.dumps([failure(code) for code in codes]), encoding="utf-8")
"""


@pytest.fixture(scope="module")
def failures(clone, environ):
    """What went wrong in each block, None where nothing has."""
    codes = [BEFORE + block for block in BLOCKS]
    for text, other in SMALLER_PYTHON.items():
        codes = [code.replace(text, other) for code in codes]
    (clone / "blocks.json").write_text(json.dumps(codes), encoding="utf-8")
    (clone / "blocks.py").write_text(RUN_BLOCKS, encoding="utf-8")
    command = [sys.executable, "-W", "ignore", "blocks.py"]
    done = subprocess.run(command, cwd=clone, env=environ, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads((clone / "failures.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("number", range(len(BLOCKS)))
def test_python(number, failures):
    assert failures[number] is None, failures[number]


def test_there_are_commands_and_reasons():
    assert len(HERE) > 12 and {"make lab", "make run", "make students", "make notebooks"} <= set(HERE)
    unused = [pattern for pattern in NOT_HERE if not any(re.match(pattern, command) for command in ALL)]
    assert unused == []


def test_commands_are_found():
    text = "Type\n\n    DATASET=a/b make run\n    not this\n\nor `make x ONLY=1`, not `maker`.\n\n#     make y\n"
    text += "    maldinb check a\n    maldinb/    a folder\n"
    assert commands(text) == ["DATASET=a/b make run", "make y", "maldinb check a", "make x ONLY=1"]


# --- when something is missing ----------------------------------------------------------------------------------------


@pytest.fixture
def bare(tmp_path):
    """What `make` reads, in a folder where nothing is set up."""
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def make(folder, *arguments):
    """As typed at a prompt, also where these tests themselves are run by make."""
    environ = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL")}
    return subprocess.run(["make", *arguments], cwd=folder, env=environ, capture_output=True, text=True)


@pytest.mark.parametrize("target", ["lab", "test", "test-oldest", "test-newest", "host"])
def test_a_python_that_is_not_there(target, bare):
    done = make(bare, target, "PYTHON=nosuchpython")
    assert done.returncode != 0
    advice = f"Name a Python of 3.11 or newer: make PYTHON=python3.12 {target}\n"
    assert done.stdout == f"There is no program called nosuchpython. {advice}"


@pytest.mark.parametrize("ready", [[], ["torch"]])
def test_no_network(bare, ready):
    """A `python` that cannot reach anything: it says what is installed, how to stop it, and what to do without."""
    python = bare / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text("#!/bin/sh\nexit 1\n")
    python.chmod(0o755)
    for name in ready:
        (bare / ".venv" / f"{name}.stamp").touch()
    done = make(bare, "lab")
    assert done.returncode != 0
    assert "docs/teaching.md, 'Without a network', says how to install from a folder" in done.stdout
    assert "## What to prepare" in (ROOT / "docs" / "teaching.md").read_text()
    assert "\n### Without a network\n" in (ROOT / "docs" / "teaching.md").read_text()
    if not ready and os.uname().sysname == "Linux" and not shutil.which("nvidia-smi"):
        assert "the one for NVIDIA cards, 5 GB in all: Ctrl-C stops it, and TORCH_INDEX=... names" in done.stdout
    assert not list((bare / ".venv").glob("lab.stamp"))
