"""A whole class is marked: the right, the wrong, the broken and the hostile, none of whom stops another."""

import csv
import io
import os
import re
import sys
import zipfile
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from school import (
    JOIN,
    RIGHT_JOIN,
    RIGHT_SHIFT,
    SHIFT,
    STANDARDISE,
    STEM,
    WRONG_STANDARDISE,
    blank,
    fill_in,
    hand_in,
    older,
    with_cell,
)

from maldinb.marks import mark_class
from maldinb.marks.fence import FILES, NETWORK

LIMITS = {"seconds": 3, "memory": 400}
ON_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="namespaces and Landlock are Linux's")


def two(shift=RIGHT_SHIFT, join=RIGHT_JOIN, **more):
    return fill_in(blank(), {SHIFT: shift, JOIN: join}, **more)


@pytest.fixture(scope="module")
def marked(tmp_path_factory):
    """What comes out for a class with everybody in it."""
    root = tmp_path_factory.mktemp("class")
    collected, harm = root / "collected", root / "harm.txt"
    forged = "import maldinb.exercises.spectra as s\ns.close = lambda *_, **__: True\ns.check_shift_by_a_bin = print\n"
    class_of = {
        "anna": fill_in(blank(), {SHIFT: RIGHT_SHIFT, JOIN: RIGHT_JOIN, STANDARDISE: WRONG_STANDARDISE}, guess=0.75),
        "bert loops": two("import time\nwhile True:\n    time.sleep(0.01)"),
        "cleo eats": two("x = [0] * 10**10"),
        "dora writes": two(f"open({str(harm)!r}, 'w').write('x')\noff_by_a_bin = 7500"),
        "emil": '{"cells": [',
        "fay": older(two(guess=0.5)),
        "gus exits": two("import os\nos._exit(0)"),
        "hans forges": two(
            f"{forged}print('right ✓')\noff_by_a_bin = 5",
            f"{forged}exercises = None\ndef join_bins(rows, factor):\n    print('right ✓')\n    return rows",
        ),
        "kim reads": two(f"open({str(collected / 'anna' / STEM)!r} + '.ipynb')\noff_by_a_bin = 7500"),
        "ida calls": two("import socket\nsocket.create_connection(('127.0.0.1', 9), 1)"),
        "jan": with_cell(two("off_by_a_bin = (", "def join_bins(rows, factor):\n    return mine(rows, factor)"),
                         RIGHT_JOIN.replace("join_bins", "mine")),
    }  # fmt: skip
    for student, nb in class_of.items():
        hand_in(collected, student, nb)
    table = mark_class(collected, root / "marks", **LIMITS)
    return root, table, harm


def verdict(marked, student, title):
    row = next(row for row in marked[1].itertuples() if row.student == student and title in row.exercise)
    return row.verdict, row.message


def test_two_right_one_wrong_the_rest_untouched(marked):
    mine = marked[1][marked[1]["student"] == "anna"]
    assert mine["verdict"].tolist() == ["not yet", "right", "not yet", "not yet", "right", "not right"]
    assert mine["exercise"].str.match(r"Exercise \d: ").all() and not mine["remark"].any()
    assert "divide by" in mine["message"].iloc[-1]


@pytest.mark.parametrize(
    ("student", "says"),
    [
        ("bert loops", "stopped after 3 s"),
        ("cleo eats", "MemoryError|MB of memory"),
        ("gus exits", "ended its process"),
        ("ida calls", "without a network"),
        ("jan", r"not Python: .*\(line 1\)"),
    ],
)
def test_an_answer_that_fails_takes_no_other_with_it(marked, student, says):
    found = verdict(marked, student, "Exercise 5")
    assert found[0] == "error" and re.search(says, found[1]), found
    assert verdict(marked, student, "Exercise 2")[0] == "right"


def test_no_verdict_is_printed_or_redefined(marked):
    assert verdict(marked, "hans forges", "Exercise 5")[0] == "not right"
    assert verdict(marked, "hans forges", "Exercise 2")[0] == "not right"


@ON_LINUX
def test_nothing_is_written_or_read_outside(marked):
    root, _, harm = marked
    page = (root / "marks" / "index.html").read_text(encoding="utf-8")
    if FILES not in page:
        pytest.skip("this kernel has no Landlock")
    assert not harm.exists() and "PermissionError" in verdict(marked, "dora writes", "Exercise 5")[1]
    assert "PermissionError" in verdict(marked, "kim reads", "Exercise 5")[1]
    assert NETWORK in page


def test_what_is_no_notebook_has_a_line(marked):
    (row,) = [row for row in marked[1].itertuples() if row.student == "emil"]
    assert (row.verdict, row.exercise, row.message) == ("error", "", "is no notebook: it is not JSON")


def test_an_older_release_is_marked_and_named(marked):
    mine = marked[1][marked[1]["student"] == "fay"]
    assert mine["remark"].str.contains("another version of the course (release 0.0.9)", regex=False).all()
    assert (mine["verdict"] == "right").sum() == 2


def test_tables_and_pages(marked):
    out = marked[0] / "marks"
    with (out / "marks.csv").open(encoding="utf-8", newline="") as file:
        assert [row["student"] for row in csv.DictReader(file)] == marked[1]["student"].tolist()
    with (out / "predictions.csv").open(encoding="utf-8", newline="") as file:
        said = [(row["student"], row["asked"], row["predicted"]) for row in csv.DictReader(file)]
    assert said == [("anna", "AUROC of the city alone", "0.75"), ("fay", "AUROC of the city alone", "0.5")]
    page = BeautifulSoup((out / "index.html").read_text(encoding="utf-8"), "html.parser")
    links = {link.text: out / link["href"] for link in page.find_all("a")}
    assert set(links) == set(marked[1]["student"]) and all(
        path.with_name(path.name.replace("%20", " ")).is_file() for path in links.values()
    )
    heads = [[cell.text for cell in table.thead.find_all("th")] for table in page.find_all("table")]
    assert heads[0][1:] == ["✓ right", "✗ not right", "… not yet", "– nothing to check", "! error"]
    assert heads[1][2:] == ["right", "not right", "not yet", "error"]
    assert "0.5, 0.75" in page.text
    (picture,) = page.find_all("img")
    assert picture["src"].startswith("data:image/png;base64,") and picture["alt"] == "Bars: 0.5, 0.75"
    own = BeautifulSoup(links["anna"].read_text(encoding="utf-8"), "html.parser").text
    assert "✓ right: an error of calibration" in own and "reshape(len(rows)" in own


def test_nothing_is_left_of_the_processes(marked):
    import psutil

    left = [p for p in psutil.Process().children(recursive=True) if "maldinb.marks.worker" in " ".join(p.cmdline())]
    assert left == []


def test_what_is_no_text_is_told_all_the_same(tmp_path):
    """JSON, an error and a file's name may hold half a character, which no file takes."""
    hand_in(tmp_path / "collected", "anna", two("raise KeyError('\\ud800')", "# \ud800", guess="\ud800"))
    hand_in(tmp_path / "collected", "b\udcffrt", blank())
    table = mark_class(tmp_path / "collected", tmp_path / "marks", **LIMITS)
    assert set(table["student"]) == {"anna", "b\\udcffrt"}
    assert {path.name for path in (tmp_path / "marks" / "feedback").iterdir()} == {"anna.html", "b_udcffrt.html"}
    assert "KeyError" in (tmp_path / "marks" / "marks.csv").read_text(encoding="utf-8")


# --- what is collected ------------------------------------------------------------------------------------------------


def test_a_zip_of_files_with_names(tmp_path):
    with zipfile.ZipFile(tmp_path / "collected.zip", "w") as archive:
        archive.writestr(f"{STEM}_anna.ipynb", "no")
        archive.writestr("__MACOSX/._x.ipynb", "no")
        archive.writestr("bert/.ipynb_checkpoints/x.ipynb", "no")
        archive.writestr("bert/renamed.ipynb", "{}")
        archive.writestr("notes.txt", "no")
    table = mark_class(tmp_path / "collected.zip", tmp_path / "marks")
    assert table["student"].tolist() == ["anna", "bert"]
    assert set(table["verdict"]) == {"error"}


def test_a_folder_that_may_not_be_read_has_a_line(tmp_path, monkeypatch):
    hand_in(tmp_path / "collected", "anna", blank())
    (tmp_path / "collected" / "bert").mkdir()
    monkeypatch.setattr(os, "access", lambda path, _: path.name != "bert")  # root may read whatever there is
    table = mark_class(tmp_path / "collected", tmp_path / "marks")
    assert table["student"].tolist()[-1] == "bert"
    assert table["message"].tolist()[-1] == "is a folder that you may not look into"


@pytest.mark.parametrize("around", ["", "collected/", "those of week 1/"])
def test_a_zip_of_the_folder_with_zips_in_it(around, tmp_path):
    """What packing a folder gives, and what learning platforms do."""
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr(f"students/{STEM}.ipynb", "no")
    with zipfile.ZipFile(tmp_path / "collected.zip", "w") as archive:
        archive.writestr(f"{around}anna/week1.zip", inner.getvalue())
        archive.writestr(f"{around}bert.zip", inner.getvalue())
        archive.writestr(f"{around}cleo/broken.zip", "no")
        archive.writestr(f"{around}dora/{STEM}.ipynb", "no")
    table = mark_class(tmp_path / "collected.zip", tmp_path / "marks")
    assert table["student"].tolist() == ["anna", "bert", "cleo", "dora"]
    assert table["message"].tolist()[2] == "is no zip that can be read"


def test_a_zip_of_one_student_has_its_name(tmp_path):
    with zipfile.ZipFile(tmp_path / "collected.zip", "w") as archive:
        archive.writestr(f"anna/{STEM}.ipynb", "no")
        archive.writestr("anna/week 2/02_training.ipynb", "no")
    assert set(mark_class(tmp_path / "collected.zip", tmp_path / "marks")["student"]) == {"anna"}


def test_untouched_notebooks_start_no_process(tmp_path, monkeypatch):
    monkeypatch.setattr("subprocess.Popen", None)
    (tmp_path / "all").mkdir()
    path = hand_in(tmp_path, "anna", blank())
    path.rename(tmp_path / "all" / f"{STEM} (anna).ipynb")
    table = mark_class(tmp_path / "all", tmp_path / "marks")
    assert set(table["student"]) == {"anna"} and set(table["verdict"]) == {"not yet"}


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (lambda path: None, FileNotFoundError),
        (lambda path: path.mkdir(), ValueError),
        (lambda path: path.write_text("no zip"), FileNotFoundError),
    ],
)
def test_nothing_to_mark_leaves_nothing_behind(make, error, tmp_path):
    make(tmp_path / "collected")
    with pytest.raises(error, match="there (is|are) no"):
        mark_class(tmp_path / "collected", tmp_path / "marks")
    assert not (tmp_path / "marks").exists()


def test_marks_are_never_overwritten(tmp_path):
    hand_in(tmp_path / "collected", "anna", blank())
    Path(tmp_path / "marks").mkdir()
    with pytest.raises(FileExistsError, match="is there already"):
        mark_class(tmp_path / "collected", tmp_path / "marks")
