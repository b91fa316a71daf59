"""What Binder would do, as far as it can be tried without a container engine.

The plan is rendered by repo2docker itself, and the two scripts are run in an empty home. test_lock.py compares the
versions that are installed with those that are tested.
"""

import ast
import os
import re
import shutil
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from test_frame import CONDA_NAMES, PROJECT, environment

ROOT = Path(__file__).resolve().parent.parent
# What repo2docker reads. Beside a folder binder/, files of these names in the root would be ignored without a word.
CONFIGURATION = {"apt.txt", "Dockerfile", "environment.yml", "install.R", "Pipfile", "Pipfile.lock", "postBuild"}
CONFIGURATION |= {"Project.toml", "REQUIRE", "default.nix", "requirements.txt", "runtime.txt", "setup.py", "start"}

# --- the plan ---------------------------------------------------------------------------------------------------------


def plan(folder):
    """The Dockerfile for a folder."""
    command = [
        sys.executable,
        "-m",
        "repo2docker",
        "--no-build",
        "--debug",
        "--user-id",
        "1000",
        "--user-name",
        "reader",
    ]
    done = subprocess.run([*command, str(folder)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def steps(dockerfile):
    """Where in the plan the things are done that have to be done, in this order; -1 for what is missing."""
    wanted = [
        "environment-2epy-2d3-2e11-",  # the Python of runtime.txt, in repo2docker's spelling of a file name
        "COPY --chown=1000:1000 src/binder/requirements.txt",
        'bin/pip install --no-cache-dir -r "binder/requirements.txt"',
        "COPY --chown=1000:1000 src/ ${REPO_DIR}/",
        "\nUSER ${NB_USER}\n\n# Make sure that postBuild",
        "\nRUN ./binder/postBuild",
        'ENV R2D_ENTRYPOINT="${REPO_DIR}/binder/start"',
    ]
    return [dockerfile.find(text) for text in wanted]


def copy_of_the_frame(folder):
    """What repo2docker looks at."""
    shutil.copytree(ROOT / "binder", folder / "binder")
    for name in ("environment.yml", "pyproject.toml"):
        shutil.copy(ROOT / name, folder)
    return folder


def test_plan_makes_the_environment_then_copies_then_prepares_then_starts(tmp_path):
    found = steps(plan(copy_of_the_frame(tmp_path)))
    assert -1 not in found
    assert found == sorted(found)


@pytest.mark.parametrize("name", ["requirements.txt", "runtime.txt", "postBuild", "start"])
def test_a_missing_file_is_missing_in_the_plan(name, tmp_path):
    (copy_of_the_frame(tmp_path) / "binder" / name).unlink()
    assert -1 in steps(plan(tmp_path))


def test_binder_reads_all_that_is_there_for_it():
    files = {"requirements.txt", "runtime.txt", "postBuild", "start"}
    assert {path.name for path in (ROOT / "binder").iterdir()} == files
    assert {path.name for path in ROOT.iterdir()} & CONFIGURATION == {"environment.yml"}  # for people, not for Binder


# --- the scripts ------------------------------------------------------------------------------------------------------


@pytest.fixture
def home(tmp_path):
    """An empty home whose `python` is this one and whose `pip` writes down what it is asked for."""
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "python").write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    (programs / "pip").write_text('#!/bin/sh\necho "$PWD: $*" >> "$HOME/pip.txt"\nexit ${PIP_FAILS:-0}\n')
    for program in programs.iterdir():
        program.chmod(0o755)
    return tmp_path


def in_home(home, *command, **more):
    ours = ("XDG_CACHE_HOME", "MALDINB_CACHE_DIR", "CPU_LIMIT")
    environ = {name: value for name, value in os.environ.items() if name not in ours}
    environ |= {"HOME": str(home), "NB_PYTHON_PREFIX": str(home / "prefix")}
    environ |= {"PATH": f"{home / 'bin'}:{os.environ['PATH']}"} | more
    return subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True)


def test_the_image_holds_the_package_and_the_data_and_a_session_finds_them(home):
    done = in_home(home, "binder/postBuild")
    assert done.returncode == 0, done.stderr
    assert (home / "pip.txt").read_text() == f"{ROOT}: install --no-deps --no-build-isolation -e .\n"
    (matrix,) = home.rglob("matrix.npy")
    settings = home / "prefix" / "share" / "jupyter" / "lab" / "settings" / "overrides.json"
    assert settings.read_bytes() == (ROOT / "maldinb" / "course" / "lab" / "overrides.json").read_bytes()

    made, count = matrix.stat().st_mtime_ns, "import maldinb; print(len(maldinb.load_simulated().X))"
    session = in_home(home, "binder/start", "python", "-c", count, CPU_LIMIT="2")
    assert session.stdout == "743\n", session.stderr
    assert list(home.rglob("matrix.npy")) == [matrix] and matrix.stat().st_mtime_ns == made  # not simulated again


def test_a_failed_installation_fails_the_image(home):
    assert in_home(home, "binder/postBuild", PIP_FAILS="1").returncode == 1
    assert not list(home.rglob("matrix.npy"))


# --- nothing is used that Binder does not have ------------------------------------------------------------------------


OWNERS = packages_distributions()  # module -> names of what is installed


def third_party(source):
    """The distributions of what a source imports, of the standard library and of maldinb nothing."""
    nodes = list(ast.walk(ast.parse(source)))
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module for node in nodes if isinstance(node, ast.ImportFrom) and not node.level]
    modules = {name.partition(".")[0] for name in names} - set(sys.stdlib_module_names) - {"maldinb"}
    return {OWNERS.get(module, [module])[0].lower() for module in modules}


def listed():
    return {re.match(r"[\w.-]+", line)[0] for line in environment()["dependencies"]}


def test_environment_lists_whatever_package_and_notebooks_import():
    sources = [*(ROOT / "maldinb").rglob("*.py"), *(ROOT / "notebooks").glob("*.py")]
    imported = set().union(*(third_party(path.read_text(encoding="utf-8")) for path in sources))
    # What a report can do without, and says so; the pages of Binder make no reports.
    missed = {re.match(r"[\w.-]+", wanted)[0] for wanted in PROJECT["optional-dependencies"]["report"]}
    brought = {"cloudpickle", "ipython"}  # by joblib and ipykernel, and used only where these are
    assert {CONDA_NAMES.get(name, name) for name in imported - missed} - listed() - brought == set()
    assert len(imported) > 10


def test_an_unlisted_import_is_caught():
    assert third_party("import os, hypothesis\nfrom sklearn.svm import SVC") - listed() == {"hypothesis"}


def test_binder_links_open_notebooks_that_exist():
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "README.md", *(ROOT / "docs").glob("*.md"))]
    opened = re.findall(r"mybinder\.org/v2/\S+?urlpath=lab/tree/([^\s)]+)", "\n".join(texts))
    assert opened
    assert [path for path in opened if not (ROOT / path).is_file()] == []
