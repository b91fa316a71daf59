"""The parts of marking: names, answers, values as text."""

import ast
import inspect
import json
import pickle

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maldinb import exercises
from maldinb.marks.answers import answers, notebook_of, predictions, remarks, without
from maldinb.marks.collected import read
from maldinb.marks.course import read_course
from maldinb.marks.names import needed
from maldinb.marks.plain import NotPlain, decode, encode
from maldinb.marks.tables import distribution, harmless, whole
from maldinb.marks.worker import run
from maldinb.material import notebooks_folder

COURSE = read_course(notebooks_folder())
FIRST = min(COURSE)


def through_text(value):
    return decode(json.loads(json.dumps(encode(value))))


# --- values -----------------------------------------------------------------------------------------------------------

LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text()
    | st.complex_numbers(allow_nan=False)
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(st.text() | st.integers(), inner),
    max_leaves=10,
)


@settings(max_examples=50)
@given(VALUES)
def test_plain_values_come_back_as_they_were(value):
    assert repr(through_text(value)) == repr(value)


@pytest.mark.parametrize(
    "value",
    [
        ..., np.float32(0.25), np.int64(-3), np.arange(6).reshape(2, 3), np.zeros((3, 0)),
        np.array(["a", "bc"]), {1, 2},
        np.array([True]), 10**400, pd.Series(["R", "S"]), pd.Series([1.5], ["a"]), pd.Index([1, 2]), pd.DataFrame(),
        pd.DataFrame({"a": [1, 2], "b": ["x", "y"]}, ["r", "s"]), float("inf"),
    ],
    ids=repr,
)  # fmt: skip
def test_arrays_and_tables_come_back_as_they_were(value):
    back = through_text(value)
    assert type(back) is type(value) and repr(back) == repr(value)


@pytest.mark.parametrize(
    "value",
    [len, object(), iter([]), [len], np.array([len]), type("L", (list,), {})()],
    ids=["function", "object", "iterator", "list of functions", "array of functions", "subclass"],
)
def test_what_is_more_than_its_values_does_not_leave(value):
    with pytest.raises(NotPlain):
        encode(value)


@pytest.mark.parametrize(
    "text", [["eval", "1"], ["array", "O", [1], [1]], ["scalar", "V8", 1], [], {"a": 1}, ["int", "x"]]
)
def test_other_texts_make_nothing(text):
    with pytest.raises((ValueError, KeyError, IndexError, TypeError)):
        decode(text)


def test_a_verdict_is_the_same_elsewhere(root, monkeypatch):
    monkeypatch.syspath_prepend(root / "tests" / "exercises")
    from cases import all_cases

    for name, make in all_cases().items():
        case = make(0)
        for answer in [*case.right, *(wrong for wrong, _ in case.wrong)]:
            try:
                sent = through_text(answer)
            except NotPlain:
                continue
            judge = exercises.CHECKS[name].judge
            assert judge(sent, *case.data, **case.more) == judge(answer, *case.data, **case.more)


# --- names ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "names", "places"),
    [
        (["import numpy as np", "x = np.ones(3)", "y = 1", "x[0] = 2"], ["x"], [0, 1, 3]),
        (["fig, ax = plot()", "fig, ax = plot(a)", "a = 1"], ["ax"], [1]),
        (["n = 1", "def f():\n    return n", "n = 2"], ["f"], [0, 1, 2]),
        (["x = 1", "if x:\n    y = 2", "y = 1", "for y in []:\n    pass"], ["y"], [2, 3]),
        (["x = 1", "x += 1"], ["x"], [0, 1]),
        (["import plots", "a = 1", "plots.draw(a)"], ["plots", "a"], [0, 1]),
        ([], ["x"], []),
    ],
)
def test_cells_that_are_needed(cells, names, places):
    assert needed(cells, names) == places


def test_an_exercise_whose_check_draws_its_own_data_trains_nothing():
    alone = [e for own in COURSE.values() for e in own.exercises if len(e.call.args) == 1]
    assert len(alone) > 5
    for exercise in alone:
        run = [exercise.above[place] for place in needed(exercise.above, {"np", "X"})]
        assert not any(".fit(" in statement or "plots." in statement for statement in run)


# --- answers ----------------------------------------------------------------------------------------------------------


def notebook(*cells, **metadata):
    cells = [{"cell_type": "code", "source": source, "metadata": {}} for source in cells]
    return read("anna/x.ipynb", json.dumps({"cells": cells, "metadata": metadata}).encode())


def test_each_notebook_knows_its_exercises():
    for own in COURSE.values():
        assert len(own.exercises) >= 3 and all(inspect.isroutine(exercises.CHECKS[e.check]) for e in own.exercises)


def test_a_notebook_is_known_by_what_it_says_its_name_or_its_cells():
    (check,) = [e.check for e in COURSE[FIRST].exercises[-1:]]
    assert notebook_of(notebook(maldinb={"notebook": FIRST}), COURSE) is COURSE[FIRST]
    assert notebook_of(read(f"a/{FIRST} (1).ipynb", b'{"cells": []}'), COURSE) is COURSE[FIRST]
    assert notebook_of(notebook(f"exercises.{check}(1)"), COURSE) is COURSE[FIRST]
    assert notebook_of(notebook("1", maldinb={"notebook": ["x"]}), COURSE) is None


def test_the_last_cell_with_the_check_is_the_answer_and_solutions_are_none():
    exercise = COURSE[FIRST].exercises[0]
    call = f"exercises.{exercise.check}({{}}, row, edges, WINDOW)"
    hand_in = notebook(
        "tip = 3", "a = 1\n" + call.format("a"), "b = tip\n" + call.format("b + 1"), "c = 1\n" + call.format("c")
    )
    hand_in.cells[-1].tags = {"solution"}
    answer = answers(hand_in, COURSE[FIRST])[0]
    assert (answer.code, answer.above, answer.value, answer.verdict) == ("tip = 3\nb = tip\nNone", 1, "b + 1", "")
    assert "it has the solutions" in remarks(hand_in, COURSE[FIRST])
    missing = answers(hand_in, COURSE[FIRST])[1]
    assert missing.verdict == "not yet" and "no cell" in missing.message


ANSWER = """# a comment

x = 1; print(
    x); y = 2
print("é"); print("ü"); {last}
"""


@pytest.mark.parametrize(
    ("last", "where"),
    [
        ("1 / 0", "ZeroDivisionError: division by zero (line 5)"),
        ("import sys; sys.exit('bye')", "SystemExit: bye (line 5)"),
        ("f = lambda: helper()\nf()", "NameError: name 'nowhere' is not defined (line 5)"),
        ("pass\nz = (\n  1\n  / 0)", "ZeroDivisionError: division by zero (line 7)"),
    ],
)
def test_an_error_names_the_line_of_the_cell(last, where):
    source = ANSWER.replace("{last}", last)
    prints = [node for node in ast.parse(source).body if ast.unparse(node).startswith("print")]
    left = without(source, prints)
    assert "print" not in left and len(left.split("\n")) == len(source.split("\n"))
    helper = "def helper():\n    return nowhere\n"
    found = run({"code": helper + left, "above": 2, "value": "y", "given": pickle.dumps({})})
    assert found["error"] == where


def test_an_error_in_another_cell_is_told_as_one():
    found = run({"code": "1 / 0\ny = 2", "above": 1, "value": "y", "given": pickle.dumps({})})
    assert found["error"] == "ZeroDivisionError: division by zero (in another cell of yours)"


def test_other_parameters_are_told():
    hand_in = notebook('ANTIBIOTIC = "Meropenem"', maldinb={"origin": COURSE[FIRST].origin})
    hand_in.cells[0].tags = {"parameters"}
    assert remarks(hand_in, COURSE[FIRST]) == ["worked with other parameters: ANTIBIOTIC = 'Meropenem'"]


def test_predictions_are_read_and_not_run():
    asked = list(COURSE[FIRST].predictions)
    hand_in = notebook(
        f"guesses = {{{asked[0]!r}: 0.7}}", f"guesses[{asked[1]!r}] = open('x')", "guesses[", "guess = 3"
    )
    said = predictions(hand_in, COURSE[FIRST])
    assert list(said) == asked and [*said.values()][:3] == [0.7, "open('x')", None]


def test_what_is_asked_is_told_in_words():
    for own in COURSE.values():
        assert own.predictions and not any(asked.isidentifier() for asked in own.predictions.values())
    asked = [asked for own in COURSE.values() for name, asked in own.predictions.items() if name.isidentifier()]
    assert len(asked) > 1 and all(question.startswith("How ") and question.endswith("?") for question in asked)


def test_predictions_of_a_class():
    said = [0.75, "about half", 0.5, float("inf"), "about half", "<b>"]
    table = pd.DataFrame({"student": "x", "notebook": FIRST, "asked": "AUROC", "predicted": said})
    assert distribution(table) == [(FIRST, "AUROC", [0.5, 0.75, float("inf")], ["about half (2 times)", "<b>"])]


@pytest.mark.parametrize("number", ["1" + "0" * 400, "-1e999", "0x" + "f" * 5000, "1" * 5000])
def test_a_number_without_measure_is_told_all_the_same(number):
    (name, *_) = COURSE[FIRST].predictions
    said = predictions(notebook(f"guesses = {{{name!r}: {number}}}"), COURSE[FIRST])
    table = pd.DataFrame({"student": "x", "notebook": FIRST, "asked": name, "predicted": [said[name]]}, dtype=object)
    for _, _, numbers, _ in distribution(table):
        assert all(f"{number:g}" for number in numbers)


@pytest.mark.parametrize(
    "content",
    [b"", b"[1]", b'{"cells": 3}', b'{"cells": [{"source": []}]}', b"[" * 100_000, b"\xff", b'{"worksheets": []}'],
)
def test_what_is_no_notebook_says_so(content):
    hand_in = read("x.ipynb", content)
    assert hand_in.problem.startswith("is no notebook: ") and not hand_in.cells


def test_half_a_character_is_told_by_its_number():
    assert [whole(value) for value in ("\ud800 é", "b\udcff", 0.5, None)] == ["\\ud800 é", "b\\udcff", 0.5, None]


def test_a_spreadsheet_runs_no_formula():
    assert harmless("=1+1") == "'=1+1" and harmless("@x") == "'@x" and harmless(-0.5) == -0.5 and harmless("ok") == "ok"
