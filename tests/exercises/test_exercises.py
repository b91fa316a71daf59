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


def complaints(said, name, kind, judge):
    """What `judge` finds wrong with the words on each right or wrong answer, on each set of data."""
    for seed in SEEDS:
        for i in range(len(getattr(CASES[name](seed), kind))):
            case = CASES[name](seed)  # anew for each answer: what one of them changes is not the next one's fault
            found = judge(lambda answer, case=case: said(name, answer, case), getattr(case, kind)[i], case)
            if found:
                yield f"answer {i} on data {seed}: {found}"


@each_check
def test_right_answers_are_accepted(name, said):
    def judge(say, answer, case):
        message = say(answer)
        return None if message.startswith(RIGHT) else message

    assert list(complaints(said, name, "right", judge)) == []


@each_check
def test_wrong_answers_are_told_what_is_wrong(name, said):
    def judge(say, wrong, case):
        answer, pattern = wrong
        message = say(answer)
        if not message.startswith("not right: ") or "the check cannot use" in message:
            return message
        if not re.search(pattern, message):
            return f"{message!r} does not say {pattern!r}"
        if case.secret is None:
            return None
        found = [float(n) for n in re.findall(r"\d+(?:\.\d+)?(?:e[-+]?\d+)?", message)]
        given = float(answer) if isinstance(answer, str) else np.nan  # what the message repeats is no secret
        tells = any(n != given and np.isclose([n, n / 100], case.secret, rtol=0.005).any() for n in found)
        return f"{message!r} tells the answer" if tells else None

    assert list(complaints(said, name, "wrong", judge)) == []


@each_check
def test_untouched_stub_is_not_yet(name, said):
    case = CASES[name](0)
    stubs = [..., None]
    stubs += [lambda *data: None, lambda *data: ...] if callable(case.right[0]) else []
    assert [m for m in (said(name, stub, case) for stub in stubs) if not m.startswith("not yet: ")] == []


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
def test_odd_answers_are_told_so_kindly(name, said):
    case = CASES[name](0)
    for odd in ODD:
        for answer in (odd, lambda *data, odd=odd: odd) if callable(case.right[0]) else (odd,):
            message = said(name, answer, case)
            kindly = message.startswith("not right: ") and "the check cannot use" not in message
            assert kindly and len(message) < 250, (type(odd).__name__, message)


def test_a_check_that_fails_does_not_stop_the_notebook(capsys):
    exercises.check_batch_rule(0.5, y=None, batch=None)
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


def test_a_claim_that_nothing_breaks(capsys):
    y, city = pd.Series([0, 0, 0, 1, 1, 1]), pd.Series(list("aaabbb"))
    exercises.check_where_batch_fails(["a", "b"], y, city, 0.6)
    exercises.check_where_batch_fails(["a"], y, city.replace("b", "a"), 0.6)
    exercises.check_lucky_test_set(0, y, y, 1 - y, 3)
    exercises.check_breaking_overlap(3, [4, 3, 2, 1], [4, 3, 2, 1], 2)
    said = capsys.readouterr().out.splitlines()
    assert [line.partition(":")[0] for line in said] == ["nothing to check"] * 4


def test_a_test_set_without_a_decision(capsys):
    y, place = np.repeat([0, 1], 50), np.arange(100)
    better, other = (np.where(place % 10 < wrong, 1 - y, y) for wrong in (1, 3))
    other[place % 10 == 0] = y[place % 10 == 0]
    for seed in range(20):
        exercises.check_lucky_test_set(seed, y, better, other, 3)
    said = capsys.readouterr().out
    assert "all R, or all S" in said and "both have the same AUROC" in said


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
    assert {*exercises.CHECKS, "CHECKS", "progress"} == set(exercises.__all__)


@pytest.mark.parametrize("stem", NOTEBOOKS)
def test_every_notebook_has_exercises_and_quizzes(stem):
    titles = [line for cell in NOTEBOOKS[stem].cells for line in cell.source.splitlines()[:1]]
    exercise_numbers = [int(n) for title in titles for n in re.findall(r"^### Exercise (\d+): ", title)]
    quiz_numbers = [int(n) for title in titles for n in re.findall(r"^### Quiz (\d+): ", title)]
    assert exercise_numbers == list(range(1, len(exercise_numbers) + 1))
    assert quiz_numbers == list(range(1, len(quiz_numbers) + 1))
    assert 3 <= len(exercise_numbers) <= 6
    assert 3 <= len(quiz_numbers) <= 4
    assert len(exercise_numbers) == sum("exercise" in tags(cell) for cell in NOTEBOOKS[stem].cells)
