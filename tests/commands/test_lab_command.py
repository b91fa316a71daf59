"""`maldinb lab`: the notebooks for whoever installed the package, opened in JupyterLab."""

import os
import sys
from pathlib import Path

import pytest

from maldinb.commands import lab, main

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def opened(monkeypatch, tmp_path):
    """What would be started, from an empty folder."""
    commands = []
    monkeypatch.setattr(os, "execv", lambda program, command: commands.append(command))
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return commands


def test_copies_are_made_and_opened(opened, capsys):
    main(["lab"])
    folder = Path("maldinb-notebooks")
    stems = {path.stem for path in (ROOT / "notebooks").glob("*.ipynb")}
    assert {path.stem for path in folder.glob("*.ipynb")} == stems and (folder / "glossary.md").is_file()
    assert f"Your copies of the notebooks are in {folder}" in capsys.readouterr().out
    assert opened[0][:3] == [sys.executable, "-m", "jupyterlab"]
    address = f"--LabApp.default_url=/lab/tree/{folder}/{min(stems)}.ipynb"
    assert {"--ServerApp.root_dir=.", address} <= set(opened[0])


def test_a_folder_elsewhere_is_shown_as_well(opened):
    """JupyterLab shows nothing that lies above its root."""
    main(["lab", "../my course"])
    first = min(Path("../my course").glob("*.ipynb"))
    address = f"--LabApp.default_url=/lab/tree/{first.name}"
    assert {f"--ServerApp.root_dir={Path.cwd().parent}/my course", address} <= set(opened[0])


def test_the_address_that_is_printed_is_one(opened):
    main(["lab", "my course/100 %"])
    assert "--LabApp.default_url=/lab/tree/my%20course/100%20%25/" in " ".join(opened[0])


def test_options_are_for_jupyterlab(opened):
    main(["lab", "mine", "--no-browser", "--port", "9999"])
    assert " --no-browser --port 9999" in " ".join(opened[0]) and Path("mine").is_dir()
    main(["lab", "--port", "9999"])
    assert "9999" in opened[1] and not Path("9999").exists()


def test_copies_are_never_overwritten(opened, capsys):
    main(["lab"])
    mine = min(Path("maldinb-notebooks").glob("*.ipynb"))
    mine.write_text("my work")
    capsys.readouterr()
    main(["lab"])
    assert mine.read_text() == "my work" and f"{mine} is yours, and was kept" in capsys.readouterr().out


def test_without_jupyterlab_it_says_how_to_get_it(opened, monkeypatch, capsys):
    monkeypatch.setattr(lab, "find_spec", lambda name: None if name in ("jupyterlab", "jupytext") else object())
    assert main(["lab"]) == 1
    said = 'error: jupyterlab, jupytext is not installed here; it comes with: pip install "maldinb[lab]"\n'
    assert capsys.readouterr().err == said
    assert not opened and not list(Path().iterdir())


def test_a_file_in_the_way(opened, capsys):
    Path("mine").write_text("")
    assert main(["lab", "mine"]) == 1
    assert "error: " in capsys.readouterr().err and not opened
