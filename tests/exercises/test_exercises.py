"""The checks accept what is right in every form, and say of what is wrong what is wrong with it."""

import re
from pathlib import Path

import nbformat
import numpy as np
import pandas as pd
import pytest
from cases import all_cases
from exercise_rules import check_calls, exercise_groups, tags

from maldinb import exercises
from maldinb.exercises.checking import RIGHT

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = {path.stem: nbformat.read(path, 4) for path in sorted((ROOT / "notebooks").glob("*.ipynb"))}
CASES = all_cases()
SEEDS = (0, 1)
each_check = pytest.mark.parametrize("name", sorted(exercises.CHECKS))


@pytest.fixture
def said(capsys):
    """What a check prints about an answer; it is one line."""

    def say(name, answer, case):
        assert exercises.CHECKS[name](answer, *case.data, **case.more) is None
        out, err = capsys.readouterr()
        assert out.count("\n") == 1 and not err
        return out.strip()

    return say


def answers(kind):
    """All right or all wrong answers, on each set of data."""
    found = []
    for name, make in CASES.items():
        for seed in SEEDS:
            for i, answer in enumerate(getattr(make(seed), kind)):
                found.append(pytest.param(name, make(seed), answer, id=f"{name}-{seed}-{i}"))
    return found


@pytest.mark.parametrize(("name", "case", "answer"), answers("right"))
def test_right_answer_is_accepted(name, case, answer, said):
    assert said(name, answer, case).startswith(RIGHT)


@pytest.mark.parametrize(("name", "case", "wrong"), answers("wrong"))
def test_wrong_answer_is_told_what_is_wrong(name, case, wrong, said):
    answer, pattern = wrong
    message = said(name, answer, case)
    assert message.startswith("not right: ")
    assert re.search(pattern, message)
    assert "the check cannot use" not in message
    if case.secret is not None:
        found = [float(n) for n in re.findall(r"\d+(?:\.\d+)?(?:e[-+]?\d+)?", message)]
        given = float(answer) if isinstance(answer, str) else np.nan  # what the message repeats is no secret
        assert not [n for n in found if n != given and np.isclose([n, n / 100], case.secret, rtol=0.005).any()]


@each_check
@pytest.mark.parametrize("untouched", [..., None, lambda *data: None, lambda *data: ...])
def test_untouched_stub_is_not_yet(name, untouched, said):
    takes_function = callable(CASES[name](0).right[0])
    if takes_function or not callable(untouched):
        assert said(name, untouched, CASES[name](0)).startswith("not yet: ")


class Odd:
    """As unlike an answer as can be."""

    def __array__(self, *_, **__):
        raise RuntimeError("no array")


ODD = [
    "seven",
    "",
    [],
    {},
    {"a": 1},
    True,
    Odd(),
    Odd,
    float("nan"),
    1j,
    [[1], [2, 3]],
    pd.DataFrame(),
    np.zeros((3, 0)),
]
ODD += [pd.Series(["R", "S"]), b"7", range(3), {1, 2}, iter([]), pd.NA, pd.Timestamp(2026, 1, 1), -1e300, 10**400]


@each_check
@pytest.mark.parametrize("odd", ODD, ids=lambda odd: type(odd).__name__)
def test_odd_answers_are_told_so_kindly(name, odd, said):
    case = CASES[name](0)
    for answer in (odd, lambda *data: odd) if callable(case.right[0]) else (odd,):
        message = said(name, answer, case)
        assert message.startswith("not right: ")
        assert "the check cannot use" not in message
        assert len(message) < 250


def test_a_check_that_fails_does_not_stop_the_notebook(capsys):
    exercises.check_batch_rule(0.5, y=None, city=None)
    assert capsys.readouterr().out.startswith("not right: the check cannot use this float (")


# --- data on which a question makes no sense --------------------------------------------------------------------------


def test_one_city_with_one_label(capsys):
    y, city = pd.Series([0] * 20), pd.Series(["Rome"] * 20)
    exercises.check_batch_rule(1.0, y, city)
    assert capsys.readouterr().out.startswith(RIGHT)
    scores = y, np.linspace(0, 1, 20)
    exercises.check_threshold(0.5, train=scores, test=scores, known=scores, max_very_major=0.1)
    assert capsys.readouterr().out.startswith("nothing to check: no spectrum of the training part is resistant")


def test_test_set_without_resistant_spectra(capsys):
    scores, none = (np.repeat([0, 1], 20), np.linspace(0, 1, 40)), (np.zeros(9), np.linspace(0, 1, 9))
    exercises.check_threshold(0.2, train=scores, test=none, known=scores, max_very_major=0.1)
    assert capsys.readouterr().out.startswith("not right: too low")


def test_no_labels_and_no_peak(capsys):
    exercises.check_batch_rule(0.5, pd.Series([], dtype=int), pd.Series([], dtype=str))
    exercises.check_highest_bin(4365, np.zeros(6000), 2000 + 3.0 * np.arange(6001), (4200, 4900))
    assert [line.partition(":")[0] for line in capsys.readouterr().out.splitlines()] == ["nothing to check"] * 2


# --- the register -----------------------------------------------------------------------------------------------------


@each_check
def test_enough_answers_were_tried(name):
    for seed in SEEDS:
        case = CASES[name](seed)
        assert len(case.right) >= 2
        assert len(case.wrong) >= 3
        assert len({pattern for _, pattern in case.wrong}) >= 3


def test_every_check_has_its_exercise_and_its_answers():
    used = [name for nb in NOTEBOOKS.values() for _, _, stub, _ in exercise_groups(nb) for name in check_calls(stub)]
    assert sorted(used) == sorted(exercises.CHECKS) == sorted(CASES)
    assert {*exercises.CHECKS, "CHECKS"} == set(exercises.__all__)


@pytest.mark.parametrize("stem", NOTEBOOKS)
def test_every_notebook_has_exercises_and_quizzes(stem):
    titles = [line for cell in NOTEBOOKS[stem].cells for line in cell.source.splitlines()[:1]]
    exercise_numbers = [int(n) for title in titles for n in re.findall(r"^### Exercise (\d+): ", title)]
    quiz_numbers = [int(n) for title in titles for n in re.findall(r"^### Quiz (\d+): ", title)]
    assert exercise_numbers == list(range(1, len(exercise_numbers) + 1))
    assert quiz_numbers == list(range(1, len(quiz_numbers) + 1))
    assert 3 <= len(exercise_numbers) <= 5
    assert 3 <= len(quiz_numbers) <= 4
    assert len(exercise_numbers) == sum("exercise" in tags(cell) for cell in NOTEBOOKS[stem].cells)
