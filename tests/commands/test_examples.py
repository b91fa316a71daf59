"""The examples of every --help do what they say, and docs/command.md shows the help as it is."""

import csv
import os
import re
import shlex
import shutil
import zipfile
from functools import partial
from pathlib import Path

import pytest

from maldinb import load_simulated
from maldinb.challenge import new_challenge
from maldinb.commands import main
from maldinb.commands.challenge import STEPS
from maldinb.commands.line import COMMANDS
from maldinb.course.copies import copies_of
from maldinb.datasets import LOADERS

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = [line for command in COMMANDS.values() for line in command.EXAMPLES.splitlines()]


@pytest.fixture
def desk(mine, model, monkeypatch):
    """All files that the examples speak of; nothing is trained, and JupyterLab is not started."""
    started = []
    table = mine / "metadata.csv"
    with table.open() as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row["Drug"] = {"R": "R", "S": "S"}.get(row["Ceftazidime"], "")
    write(table, rows)
    shutil.copytree(mine, "new_spectra")
    with zipfile.ZipFile("my.zip", "w") as archive:
        for path in (mine / "spectra").iterdir():
            archive.writestr(f"spectra/{path.name}", path.read_bytes())
    write(Path("table.csv"), [row | {"Drug": {"R": "res", "S": "0"}.get(row["Drug"], "")} for row in rows])
    monkeypatch.setitem(LOADERS, "simulated", lambda *label, **more: load_simulated(*label, n_spectra=24, **more))
    monkeypatch.setattr("maldinb.report.write_report", lambda data, folder, **_: started.append(folder) or folder / "a")
    monkeypatch.setattr(os, "execv", lambda program, command: started.append(command))
    monkeypatch.setattr("maldinb.challenge.new_challenge", partial(new_challenge, n_spectra=24))
    return started


def hand_in():
    """A challenge for which a group has filled in the forms."""
    new_challenge("blind", n_spectra=24)
    answer = Path("blind", "answer")
    (answer / "claim.csv").write_text("what,at least,at most\nAUROC abroad,,0.6\n")
    (answer / "method.md").write_text("Say that all are as the mean.")
    shutil.copytree(answer, "handed_in/anna")


def collect():
    """What a student hands in who has done nothing, as a folder and as a zip."""
    copies = copies_of(ROOT / "notebooks", ["01_data_loading_and_caching"], solutions=False)
    for name, text in copies.items():
        path = Path("collected", "anna", name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    shutil.make_archive("collected", "zip", "collected")


def write(path, rows):
    with path.open("w", newline="") as file:
        table = csv.DictWriter(file, list(rows[0]))
        table.writeheader()
        table.writerows(rows)


@pytest.mark.parametrize("line", EXAMPLES)
def test_example(line, desk, capsys):
    program, *argv = shlex.split(line)
    if argv[:2] in (["challenge", "claim"], ["challenge", "open"]):
        hand_in()
    if argv[0] == "marks":
        collect()
    before = set(Path().iterdir())
    status = main(argv)
    said = capsys.readouterr()
    assert program == "maldinb" and not status, said.err
    new = {path.name for path in set(Path().iterdir()) - before}
    if argv[0] == "predict":
        assert new == {Path(re.search(r"--out (\S+)", line)[1] if "--out" in line else "predictions.csv").name}
    elif argv[0] == "check":
        assert not new and "Nothing: these spectra can be used." in said.out
    elif argv[0] == "challenge":
        assert new == {"new": {"blind", "blind-key.json"}, "claim": set(), "open": {"marks"}}[argv[1]]
    elif argv[0] == "marks":
        assert new == {"week1" if "--out" in argv else "marks"} and "anna" in said.out
    elif argv[0] == "handout":
        assert new == {"handout": {"students", "students.zip"}, "week1": {"week1", "week1.zip"}}[(argv[1:2] or argv)[0]]
    else:
        assert len(desk) == 1


def test_the_page_shows_the_help(monkeypatch, capsys):
    """Line by line, but for how argparse breaks them, which differs between versions of Python."""
    monkeypatch.setenv("COLUMNS", "80")
    page = (ROOT / "docs" / "command.md").read_text(encoding="utf-8")
    blocks = re.findall(r"(?s)```text\n(.*?)```", page)
    helps = [[], *([name] for name in COMMANDS), *(["challenge", step] for step in STEPS)]
    assert len(blocks) == len(helps)
    for argv, block in zip(helps, blocks, strict=True):
        main([*argv, "--help"])
        assert block.split() == capsys.readouterr().out.split(), f"python -m maldinb {' '.join(argv)} --help says more"
