"""Hand-outs: a folder and a zip, that open where they are unpacked, and never overwrite an answer."""

import importlib.util
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import demo
import pytest

from maldinb.commands import main as maldinb
from maldinb.course import __main__ as course_command
from maldinb.course.handing_out import OPENING
from maldinb.course.opening import SETTINGS

ROOT = Path(__file__).resolve().parents[2]
STEMS = [path.stem for path in sorted((ROOT / "notebooks").glob("*.py"))]
main = course_command.main


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A folder with two small notebooks, in which commands are typed."""
    for name in ("01_demo", "02_demo"):
        demo.make(tmp_path / "notebooks", name=name, execute=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def unpacked(course):
    """A hand-out, unpacked in a folder of somebody else."""
    main(["students"])
    subprocess.run([sys.executable, "-m", "zipfile", "-e", "students.zip", "else where"], check=True)
    return Path("else where", "students").absolute()


def test_folder_and_zip_hold_the_same(course, unpacked):
    names = {"01_demo.ipynb", "02_demo.ipynb", *OPENING}
    assert {path.name: path.read_bytes() for path in unpacked.iterdir()} == {
        path.name: path.read_bytes() for path in Path("students").iterdir()
    }
    assert {path.name for path in unpacked.iterdir()} == names
    with zipfile.ZipFile("students.zip") as archive:
        runs = {Path(one.filename).name for one in archive.infolist() if one.external_attr >> 16 & 0o100}
    assert runs == {"open_course.py", "open_course.command"}
    assert {path.name for path in Path("students").iterdir() if os.access(path, os.X_OK)} == runs


def test_answers_are_never_overwritten(course, capsys):
    assert main(["students"]) == 0
    first = Path("students/01_demo.ipynb")
    assert capsys.readouterr().out.startswith("students/01_demo.ipynb\nstudents/02_demo.ipynb\n")
    first.write_text("my answers")
    (course / "students" / "02_demo.ipynb").unlink()
    Path("students.zip").write_text("somebody's")
    assert main(["students"]) == 0
    assert first.read_text() == "my answers" and Path("students.zip").read_text() == "somebody's"
    said = capsys.readouterr().out
    assert said.startswith("students/02_demo.ipynb\nKept as they are in students: 01_demo.ipynb, ")
    assert said.endswith("students.zip. Move them away to have them written anew.\n")


def test_a_file_in_its_place_stays(course, capsys):
    Path("week1").write_text("mine")
    assert maldinb(["handout", "week1"]) == 1
    assert "week1 is a file, and the hand-out is a folder" in capsys.readouterr().err
    assert Path("week1").read_text() == "mine" and not Path("week1.zip").exists()


def test_make_clean_leaves_hand_outs_alone():
    rules = (ROOT / "Makefile").read_text(encoding="utf-8").partition("\nclean:")[2].partition("\n\n")[0]
    assert "rm -rf" in rules and "students" not in rules
    assert {"/students/", "/students.zip"} <= set((ROOT / ".gitignore").read_text(encoding="utf-8").splitlines())


def test_names_pick_some(course, capsys):
    assert main(["students", "02_demo", "--out", "elsewhere"]) == 0
    assert [path.name for path in Path("elsewhere").glob("*.ipynb")] == ["02_demo.ipynb"]
    assert main(["students", "07_none"]) == 2
    assert "error: no notebook 07_none in notebooks; there are: 01_demo, 02_demo" in capsys.readouterr().err


def test_it_comes_from_an_installed_package_too(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert maldinb(["handout", "week 1", "--only", STEMS[0], "--only", STEMS[-1]]) == 0
    assert {path.stem for path in Path("week 1").glob("*.ipynb")} == {STEMS[0], STEMS[-1]}
    assert Path("week 1", "glossary.md").is_file() and not list(Path("week 1").glob("0*.py"))
    assert capsys.readouterr().out.splitlines()[-1] == "week 1.zip"


# --- opening ----------------------------------------------------------------------------------------------------------


def test_a_folder_is_opened_as_it_is(unpacked, monkeypatch):
    commands = []
    monkeypatch.setattr(os, "execv", lambda program, command: commands.append(command))
    before = sorted(unpacked.iterdir())
    monkeypatch.chdir(unpacked)
    main(["open", "--no-browser"])
    assert {"--ServerApp.root_dir=.", f"--LabApp.app_settings_dir={SETTINGS}"} <= set(commands[0])
    assert {"--LabApp.default_url=/lab/tree/01_demo.ipynb", "--no-browser"} <= set(commands[0])
    assert sorted(unpacked.iterdir()) == before


def test_a_folder_without_notebooks(tmp_path, capsys):
    assert main(["open", "--folder", str(tmp_path)]) == 2
    assert "error: there are no notebooks (*.ipynb) in" in capsys.readouterr().err


@pytest.mark.skipif(os.name == "nt", reason="plays a Python by a script for sh")
@pytest.mark.parametrize("command", [[sys.executable, "open_course.py"], ["sh", "open_course.command"]])
def test_it_finds_a_python_that_has_the_course(command, unpacked, tmp_path):
    """From another folder, and with a name that holds blanks."""
    python = tmp_path / "python"
    python.write_text('#!/bin/sh\n[ "$1" = -c ] || echo "$PWD" "$@"\n')
    python.chmod(0o755)
    program, name = command
    done = subprocess.run(
        [program, unpacked / name, "--port", "9"], cwd="/", env=os.environ | {"MALDINB_PYTHON": str(python)},
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.stdout == f"{unpacked} -m maldinb.course open --folder {unpacked} --port 9\n" and not done.returncode


@pytest.mark.skipif(os.name == "nt", reason="plays a Python by a script for sh")
def test_it_makes_way_for_jupyterlab(unpacked, tmp_path):
    """Ctrl-C and whatever else ends the command has to reach JupyterLab, which asks, and ends its kernels."""
    python = tmp_path / "python"
    python.write_text('#!/bin/sh\n[ "$1" = -c ] || echo $$\n')
    python.chmod(0o755)
    command = [sys.executable, unpacked / "open_course.py"]
    environ = os.environ | {"MALDINB_PYTHON": str(python)}
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True) as opener:
        assert opener.communicate()[0] == f"{opener.pid}\n"


def test_it_looks_in_this_python_and_in_a_venv_above(unpacked, tmp_path):
    opener = _opener(unpacked)
    there = tmp_path / ".venv" / "bin" / "python"
    assert sys.executable in opener.pythons() and str(there) in opener.pythons()
    assert not opener.has_course(str(there)) and opener.has_course(sys.executable)


def test_without_the_course_it_says_what_to_do(unpacked, monkeypatch, capsys):
    opener = _opener(unpacked)
    monkeypatch.setattr(opener, "pythons", lambda: ["/no/python"])
    monkeypatch.chdir(unpacked)
    assert opener.main([]) == 1
    said = capsys.readouterr().out
    assert said.count("\n") == 1 and "install them as your teacher said" in said
    (unpacked / "maldinb-1.2.0-py3-none-any.whl").touch()
    assert opener.main([]) == 1
    assert 'python -m pip install "./maldinb-1.2.0-py3-none-any.whl[lab]"' in capsys.readouterr().out


def test_windows_gets_its_line_ends(unpacked):
    text = (unpacked / "open_course.bat").read_bytes()
    assert text.count(b"\r\n") == text.count(b"\n") > 5


def _opener(folder):
    spec = importlib.util.spec_from_file_location("open_course", folder / "open_course.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
