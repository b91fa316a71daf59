"""The answers in a notebook that was handed in: what a student wrote into the exercises, and nothing else."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from .collected import Cell, HandIn
from .course import Exercise, Notebook, check_calls, predicted
from .names import loads, needed, stores


@dataclass(frozen=True)
class Answer:
    """What is to be run for an exercise, or why nothing is.

    Attributes
    ----------
    exercise : Exercise
    source : str
        The student's cell as it is, to be shown.
    code : str
        The same without the checks, line for line, after cells of the student's own that it needs.
    above : int
        How many lines these cells have.
    value : str
        The expression that was given to the check.
    verdict, message : str
        Empty if the code is to be run.
    """

    exercise: Exercise
    source: str = ""
    code: str = ""
    above: int = 0
    value: str = ""
    verdict: str = ""
    message: str = ""

    @property
    def names(self) -> set[str]:
        """What it may need of the course."""
        return loads(f"{self.code}\n{self.value}") if not self.verdict else set()


def notebook_of(hand_in: HandIn, course: dict[str, Notebook]) -> Notebook | None:
    """The course's notebook that this is a copy of: as it says itself, by its name, or by the cells that it has."""
    said = hand_in.origin.get("notebook")
    if isinstance(said, str) and said in course:
        return course[said]
    if named := [stem for stem in course if stem in hand_in.file.rpartition("/")[2]]:
        return course[named[0]]
    ids = {cell.id for cell in hand_in.cells} - {None}
    checks = {call.func.attr for cell in hand_in.code() for call in _calls(cell.source)}
    shared = {
        stem: len(ids & own.ids) + len(checks & {exercise.check for exercise in own.exercises})
        for stem, own in course.items()
    }
    best = max(shared, key=shared.get, default=None)
    return course[best] if best and shared[best] else None


def remarks(hand_in: HandIn, notebook: Notebook) -> list[str]:
    """What a teacher should know before reading the verdicts."""
    found = []
    origin = hand_in.origin.get("origin")
    if origin is None:
        found.append("not a copy that was handed out: it does not say which release it is of")
    elif origin != notebook.origin:
        release = hand_in.origin.get("release", "not known")
        found.append(f"of another version of the course (release {str(release)[:20]}), marked by the checks of this")
    if any("solution" in cell.tags for cell in hand_in.code()):
        found.append("it has the solutions")
    for cell in hand_in.code():
        if "parameters" in cell.tags and (other := _other_parameters(cell.source, notebook)):
            found.append(f"worked with other parameters: {other}")
    return found


def answers(hand_in: HandIn, notebook: Notebook) -> list[Answer]:
    """An answer for each exercise of the notebook."""
    return [_answer(hand_in, notebook, exercise) for exercise in notebook.exercises]


def _answer(hand_in: HandIn, notebook: Notebook, exercise: Exercise) -> Answer:
    code = hand_in.code()
    cells = [cell for cell in code if "solution" not in cell.tags and _is_for(cell, exercise)]
    if not cells:
        return Answer(exercise, verdict="not yet", message="this notebook has no cell for this exercise")
    cell = next((cell for cell in cells if cell.id == exercise.id and _changed(cell, exercise)), cells[-1])
    if not _changed(cell, exercise):
        return Answer(exercise, cell.source, verdict="not yet", message="the cell is as it was handed out")
    try:
        tree = ast.parse(cell.source)
        own = _own_cells(code[: code.index(cell)], notebook)
        answer = without(cell.source, [node for node in tree.body if _checks(node)])
        calls = [call for call in check_calls(cell.source) if call.func.attr == exercise.check]
        given = (calls[-1].args or [None])[0] if calls else exercise.call.args[0]
        value = "..." if given is None else ast.unparse(given)
        missing = loads(f"{answer}\n{value}") - set().union(*map(stores, exercise.above), stores(exercise.stub))
        helpers = "".join(f"{own[i]}\n" for i in needed(own, missing))
        return Answer(exercise, cell.source, helpers + answer, helpers.count("\n"), value)
    except SyntaxError as error:
        message = f"this is not Python: {error.msg} (line {error.lineno})"
    except (ValueError, RecursionError, MemoryError) as error:
        message = f"this is not Python: {error}"
    return Answer(exercise, cell.source, verdict="error", message=message)


def without(source: str, statements: list[ast.stmt]) -> str:
    """Code without some of its statements, in which all others keep their lines: errors name these.

    Examples
    --------
    >>> source = "x = 1\\nprint(\\n    x)\\ny = 2"
    >>> without(source, ast.parse(source).body[1:2])
    'x = 1\\n\\nNone\\ny = 2'
    """
    lines = source.encode().split(b"\n")
    for one in reversed(statements):
        first, last = one.lineno - 1, one.end_lineno - 1
        before, after = lines[first][: one.col_offset], lines[last][one.end_col_offset :]
        if first == last:
            lines[first] = before + b"None" + after
        else:
            lines[first : last + 1] = [before, *[b""] * (last - first - 1), b"None" + after]
    return b"\n".join(lines).decode()


def _is_for(cell: Cell, exercise: Exercise) -> bool:
    return (cell.id is not None and cell.id == exercise.id) or f"exercises.{exercise.check}(" in cell.source


def _changed(cell: Cell, exercise: Exercise) -> bool:
    return cell.source.split() != exercise.stub.split()


def _checks(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and bool(check_calls(ast.unparse(node)))


def _calls(source: str) -> list[ast.Call]:
    try:
        return check_calls(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []


def _own_cells(code: list[Cell], notebook: Notebook) -> list[str]:
    """Cells that are the student's own and can be read: what an answer needs of them goes along."""
    found = []
    for cell in code:
        if cell.id in notebook.ids or cell.source.strip() in notebook.sources or "exercises." in cell.source:
            continue
        try:
            loads(cell.source)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        found.append(cell.source)
    return found


def _other_parameters(source: str, notebook: Notebook) -> str:
    try:
        nodes = [node for node in ast.parse(source).body if isinstance(node, ast.Assign)]
        found = {t.id: ast.literal_eval(n.value) for n in nodes for t in n.targets if isinstance(t, ast.Name)}
    except (SyntaxError, ValueError, TypeError, RecursionError, MemoryError):
        return "they cannot be read"
    other = {name: value for name, value in found.items() if value != notebook.parameters.get(name, value)}
    return ", ".join(f"{name} = {value!r}"[:60] for name, value in other.items())


def predictions(hand_in: HandIn, notebook: Notebook) -> dict[str, object]:
    """What the course asks to be predicted -> what is written there; None where nothing is."""
    found: dict[str, object] = dict.fromkeys(notebook.predictions)
    for cell in hand_in.code():
        try:
            said = predicted(cell.source)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        found |= {name: value for name, value in said.items() if name in found and value is not None}
    return found
