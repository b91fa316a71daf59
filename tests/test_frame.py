"""The files around the package agree with each other, and do what they say."""

import os
import re
import stat
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CONDA_NAMES = {"torch": "pytorch-cpu", "matplotlib": "matplotlib-base", "seaborn": "seaborn-base"}


def requirements(*extras):
    """Name to version range, without the extras that refer to one another."""
    lists = [PROJECT["dependencies"], *(PROJECT["optional-dependencies"][extra] for extra in extras)]
    found = [Requirement(line) for lines in lists for line in lines]
    return {r.name: r.specifier for r in found if r.name != "maldinb"}


def constraints():
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    found = [Requirement(line) for line in lines if line and not line.startswith("#")]
    return {r.name: r.specifier for r in found}


def environment():
    return yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))


# --- versions ---------------------------------------------------------------------------------------------------------


def test_constraints_pin_everything_that_is_asked_for():
    pinned = constraints()
    for name, allowed in requirements("lab", "site", "test", "bench").items():
        version = re.fullmatch(r"==([\d.]+)", str(pinned[name]))
        assert version, f"{name} is not pinned exactly"
        assert version[1] in allowed, f"{name} is pinned outside of its range {allowed}"


def test_conda_and_pip_ask_for_the_same():
    listed = [re.match(r"([\w.-]+)(.*)", line).groups() for line in environment()["dependencies"]]
    conda = {name: SpecifierSet(versions) for name, versions in listed if name not in ("python", "pip")}
    assert conda == {CONDA_NAMES.get(name, name): versions for name, versions in requirements("lab").items()}


def test_conda_gives_a_python_that_pyproject_allows():
    python = next(line for line in environment()["dependencies"] if line.startswith("python="))
    assert python.removeprefix("python=") in SpecifierSet(PROJECT["requires-python"])


def test_the_badge_leads_where_the_repository_is_said_to_be():
    where = re.fullmatch(r"https://github\.com/([\w.-]+/[\w.-]+)", PROJECT["urls"]["Repository"])[1]
    links = re.findall(r"mybinder\.org/v2/gh/([\w.-]+/[\w.-]+)/main", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert links == [where]


def test_readme_and_package_say_the_same_of_systems():
    systems = [line for line in PROJECT["classifiers"] if line.startswith("Operating System")]
    assert systems == ["Operating System :: POSIX :: Linux"]
    assert "All this is tested on Linux. Windows and macOS are not" in (ROOT / "README.md").read_text(encoding="utf-8")


# --- Binder -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("script", ["binder/postBuild", "binder/start", ".ci/run"])
def test_script_is_executable_and_parses(script):
    assert (ROOT / script).stat().st_mode & stat.S_IXUSR
    subprocess.run(["bash", "-n", ROOT / script], check=True)


@pytest.mark.parametrize(("limit", "threads"), [("1.5", "1"), ("2", "2"), ("0.5", "1"), (".5", "1")])
def test_start_caps_threads(limit, threads):
    environ = {**os.environ, "CPU_LIMIT": limit}
    command = [ROOT / "binder" / "start", "sh", "-c", 'echo "$OMP_NUM_THREADS $NUMEXPR_NUM_THREADS $1"', "sh", "a b"]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=True)
    assert done.stdout == f"{threads} {threads} a b\n"


def test_repo2docker_finds_lock_and_scripts(monkeypatch):
    buildpacks = pytest.importorskip("repo2docker.buildpacks")
    monkeypatch.chdir(ROOT)
    plan = buildpacks.PythonBuildPack("buildpack-deps:noble")
    plan.platform = "linux/amd64"
    assert plan.detect()
    assert plan.binder_dir == "binder"
    assert plan.python_version == "3.11"
    assert plan.get_post_build_scripts() == ["binder/postBuild"]
    assert plan.get_start_script().endswith("binder/start")
    assert "binder/requirements.txt" in plan.render()
    assert not buildpacks.CondaBuildPack("buildpack-deps:noble").detect()  # it would be asked first


# --- Makefile ---------------------------------------------------------------------------------------------------------


def make(*arguments, **environ):
    clean = {k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "DATASET")}
    command = ["make", "-n", "-B", *arguments]
    return subprocess.run(command, cwd=ROOT, env={**clean, **environ}, capture_output=True, text=True).stdout


TARGETS = "help lab edit test test-oldest test-newest run notebooks students site bench lock dist host clean"


@pytest.mark.parametrize("target", TARGETS.split())
def test_targets_exist_and_are_explained(target):
    assert make(target)
    explained = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True).stdout
    assert re.search(rf"^  make {target}\s+\w+", explained, re.M)
    texts = [(ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "CONTRIBUTING.md")]
    assert any(f"make {target}" in text for text in texts)


def test_run_passes_the_data_set_on():
    line = make("run", DATASET="my data", PARAMS="EPOCHS=5 SEED=1")
    assert '-p "DATASET=$DATASET"' in line
    assert '-p "EPOCHS=5" -p "SEED=1"' in line
    assert "ANTIBIOTIC" not in make("run")


def test_make_and_readme_run_the_same_tests():
    made = re.search(r"-m pytest (.*?) *\|\|", make("test").replace("\\\n", " "))[1].split()
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert re.search(r"Scripts\\python -m pytest (.*)", readme)[1].replace("\\", "/").split() == made


def test_no_file_of_tests_is_named_beside_its_folder():
    """Before pytest 9, most of the folder's tests would be lost without a word."""
    named = re.search(r"-m pytest ((?:[\w./]+ )+)", make("test"))[1].split()
    assert {path.partition("/")[0] for path in named} == set(named) == {"notebooks", "tests"}


def test_an_old_python_is_told_so(tmp_path):
    old = tmp_path / "old python"
    # An interpreter that runs what it is given with a version of 3.9.
    old.write_text('#!/bin/sh\nexec python3 -c "import sys; sys.version_info = (3, 9, 1); exec(sys.argv[1])" "$2"\n')
    old.chmod(0o755)
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    (tmp_path / "Makefile").write_text(makefile, encoding="utf-8")
    for name in ("pyproject.toml", "constraints.txt"):
        (tmp_path / name).write_text("", encoding="utf-8")
    done = subprocess.run(["make", "lab", "PYTHON=./old\\ python"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode != 0
    assert "needs Python 3.11 or newer" in done.stderr
    assert not (tmp_path / ".venv").exists()


# --- style ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["check", "format --check"])
def test_ruff(command):
    """One style, so that a review is about the content."""
    done = subprocess.run(
        [sys.executable, "-m", "ruff", *command.split(), "--no-cache"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
