"""What the course asks: exercises with their checks, and predictions that students write down."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from ..course.copies import SOLUTION, fingerprint
from ..course.pairs import read_pair, sources
from ..course.parameters import parameters


@dataclass(frozen=True)
class Exercise:
    """An exercise of a notebook.

    Attributes
    ----------
    title : str
        As in "Exercise 1: read a figure".
    check : str
        Name of the check.
    stub : str
        The cell that students fill in.
    id : str
        Of that cell.
    above : tuple of str
        The statements of the course's cells above it, without those of other exercises.
    """

    title: str
    check: str
    stub: str
    id: str
    above: tuple[str, ...]

    @property
    def call(self) -> ast.Call:
        return check_calls(self.stub)[0]


@dataclass(frozen=True)
class Notebook:
    """A notebook of the course."""

    stem: str
    origin: str
    exercises: tuple[Exercise, ...]
    predictions: dict[str, str]  #: entry of ``guesses``, or name of a variable -> what is asked
    parameters: dict[str, Any]
    ids: frozenset[str]
    sources: frozenset[str]


def read_course(folder: Path) -> dict[str, Notebook]:
    """The notebooks of the course by name."""
    return {py.stem: _notebook(py.stem, read_pair(py)) for py in sources(folder)}


def _notebook(stem: str, nb: NotebookNode) -> Notebook:
    exercises, above, asked, title, text = [], [], {}, "", ""
    for cell in nb.cells:
        tags = cell.metadata.get("tags", [])
        if cell.cell_type == "markdown":
            text = cell.source
            heading = re.match(r"### (Exercise \d+: .+)", cell.source)
            title = heading[1] if heading else title
        elif cell.cell_type == "code" and "exercise" in tags:
            check = check_calls(cell.source)[0].func.attr
            exercises.append(Exercise(title, check, cell.source, cell.get("id"), tuple(above)))
        elif cell.cell_type == "code" and SOLUTION not in tags:
            above += map(ast.unparse, ast.parse(cell.source).body)
            asked |= {name: _question(name, text) for name, value in predicted(cell.source).items() if value is None}
    ids = frozenset(cell.get("id") for cell in nb.cells)
    texts = frozenset(cell.source.strip() for cell in nb.cells)
    return Notebook(stem, fingerprint(nb), tuple(exercises), asked, parameters(nb), ids, texts)


def check_calls(source: str) -> list[ast.Call]:
    """The calls of ``exercises.check_...`` in a cell."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return [c for c in calls if re.fullmatch(r"exercises\.check_\w+", ast.unparse(c.func))]


def predicted(source: str) -> dict[str, Any]:
    """What a cell writes down beforehand: entries of ``guesses``, or a variable such as ``my_guess``.

    Examples
    --------
    >>> predicted("guesses = {'AUROC': 0.7}\\nguesses['share'] = None\\nguess = 1 / 3")
    {'AUROC': 0.7, 'share': None, 'guess': '1 / 3'}
    """
    found: dict[str, Any] = {}
    for node in ast.parse(source).body:
        target = node.targets[0] if isinstance(node, ast.Assign) else None
        name = target.value if isinstance(target, ast.Subscript) else target
        if not (isinstance(name, ast.Name) and re.search(r"(^|_)guess(es)?$", name.id)):
            continue
        if isinstance(target, ast.Subscript):
            if isinstance(target.slice, ast.Constant):
                found[str(target.slice.value)] = _value(node.value)
        elif isinstance(node.value, ast.Dict):
            pairs = zip(node.value.keys, node.value.values, strict=True)
            found |= {str(key.value): _value(value) for key, value in pairs if isinstance(key, ast.Constant)}
        else:
            found[name.id] = _value(node.value)
    return found


def _question(name: str, text: str) -> str:
    """What is asked: an entry of ``guesses`` says it, and above a variable the text does, in its first question."""
    question = re.search(r"(?:^|[.*] )([A-Z][^.?]*\?)", " ".join(text.split()))
    return question[1] if name.isidentifier() and question else name


def _value(node: ast.expr) -> Any:
    """A number, a text or None as it is, and the code of anything else."""
    try:
        value = ast.literal_eval(node)
        if isinstance(value, int):
            float(value)  # a number of a thousand digits is a text here
    except (ValueError, TypeError, OverflowError, MemoryError, RecursionError):
        value = node
    return value if isinstance(value, int | float | str | None) else ast.unparse(node)
