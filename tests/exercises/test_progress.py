"""`exercises.progress()` tells what was solved in this session, by the checks and by nobody else."""

import linecache

import pytest

from maldinb import exercises
from maldinb.exercises import progressing


@pytest.fixture(autouse=True)
def fresh_session(monkeypatch):
    monkeypatch.setattr(progressing, "SEEN", {})


def said(capsys):
    capsys.readouterr()
    exercises.progress()
    return capsys.readouterr().out


def shift(answer):
    exercises.check_shift_by_a_bin(answer, ppm=400, bin_width=3)


def test_solved_stays_solved_and_the_rest_is_named(capsys):
    assert said(capsys).startswith("nothing checked yet: ")
    shift(...)
    line = said(capsys)
    total = int(line.split()[2])
    assert line.startswith(f"0 of {total} solved; not yet: Exercise 1: ") and line.count("Exercise ") == total
    shift(7500)
    shift(3)
    line = said(capsys)
    assert line.startswith(f"1 of {total} solved; ") and "Exercise 5" not in line


def test_the_notebook_is_that_of_the_last_check(capsys):
    shift(7500)
    exercises.check_one_charge(None)
    line = said(capsys)
    assert line.startswith("0 of ") and "leave their bin" not in line


def test_all_solved(capsys, monkeypatch):
    monkeypatch.setattr(progressing, "_series", lambda: [{"check_shift_by_a_bin": "Exercise 1: a shift"}])
    shift(7500)
    assert said(capsys) == "1 of 1 solved\n"


def test_a_check_that_no_notebook_has(capsys, monkeypatch):
    monkeypatch.setattr(progressing, "_series", lambda: [])
    shift(7500)
    exercises.check_one_charge(...)
    assert said(capsys) == "1 of 2 solved; not yet: check_one_charge\n"


def test_the_course_s_own_solution_solves_nothing(capsys):
    """As IPython does, the cell is known by its file."""
    cell = "# Solution\nexercises.check_shift_by_a_bin(7500, ppm=400, bin_width=3)"
    linecache.cache["<cell>"] = len(cell), None, cell.splitlines(keepends=True), "<cell>"
    shift(...)
    exec(compile(cell, "<cell>", "exec"), {"exercises": exercises})
    assert said(capsys).startswith("0 of ")


def test_a_printed_tick_solves_nothing(capsys):
    shift(...)
    print("right ✓")
    assert said(capsys).startswith("0 of ")
