"""The rules that exercises and quizzes keep, beside those of notebook_rules.py: importing this adds them to RULES."""

import ast
import dis
import itertools
import re
from collections.abc import Iterator
from types import CodeType

from notebook_rules import RULES, code_cells, printed, rule, tags, tree

from maldinb.course.copies import SOLUTION
from maldinb.exercises.checking import RIGHT, NotYet

__all__ = ["RULES"]

FOLDED = re.compile(
    r"<details>\s*<summary>(?P<title>(?:(?!</summary>).)*)</summary>\n\s*\n"
    r"(?P<text>(?:(?!<details>).)*?\S(?:(?!<details>).)*?)\n\s*\n</details>",
    re.S,
)
ANSWER = re.compile(r"(?P<verdict>✓ \*\*Right:\*\*|✗ \*\*Wrong:\*\*) (?P<reason>.*)", re.S)
ALPHABET = list("ABCDEFGH")


def check_calls(cell) -> list[str]:
    """The checks of `maldinb.exercises` that a cell calls."""
    called = [ast.unparse(n.func).split(".") for n in ast.walk(tree(cell)) if isinstance(n, ast.Call)]
    return [name for *module, name in called if module == ["exercises"] and name.startswith("check_")]


def exercise_groups(nb) -> Iterator[tuple[str, object, object, list]]:
    """Where it is, the task above it, the stub and the solution cells below it, of every exercise."""
    for index, cell in enumerate(nb.cells):
        if "exercise" in tags(cell):
            solutions = list(itertools.takewhile(lambda c: SOLUTION in tags(c), nb.cells[index + 1 :]))
            yield f"the exercise in cell {index}", nb.cells[index - 1], cell, solutions


def folded(cell, title: str) -> str:
    """The text that a Markdown cell folds away under a title."""
    return next((found["text"] for found in FOLDED.finditer(cell.source) if found["title"] == title), "")


def has_dots(cell) -> bool:
    return any(isinstance(n, ast.Constant) and n.value is ... for n in ast.walk(tree(cell)))


@rule
def exercise_has_its_parts(nb):
    """Task with a folded hint, stub with its check, folded solution with the same check, one after the other."""
    seen = 0
    for where, task, stub, solutions in exercise_groups(nb):
        seen += len(solutions)
        if task.cell_type != "markdown" or not re.match(r"### Exercise \d+: \S", task.source):
            yield f"{where} is not preceded by its task (### Exercise 1: ...)"
        elif not folded(task, "Hint"):
            yield f"{where} has no hint folded away (<details><summary>Hint</summary>, with blank lines around it)"
        if len(checks := check_calls(stub)) != 1 or not has_dots(stub):
            yield f"{where} is no stub with ... and one call of exercises.check_...()"
        if [name for cell in solutions for name in check_calls(cell)] != checks:
            yield f"{where} is not followed by a solution with the same check"
        for cell in solutions:
            if "hide-input" not in tags(cell) or not cell.metadata.get("jupyter", {}).get("source_hidden"):
                yield f"{where}: a solution is not folded; it wants the tag hide-input and jupyter.source_hidden"
            if not cell.source.startswith("# Solution"):
                yield f"{where}: a solution does not begin with '# Solution', the line that JupyterLab shows of it"
            if has_dots(cell):
                yield f"{where}: a solution is not finished: it has ..."
    if seen != sum(SOLUTION in tags(cell) for cell in nb.cells):
        yield "a solution does not follow an exercise"
    for where, cell in code_cells(nb):
        if check_calls(cell) and not tags(cell) & {"exercise", SOLUTION}:
            yield f"{where} calls a check, and is tagged neither as exercise nor as solution"
        if check_calls(cell) and any(tag.startswith("nbval") for tag in tags(cell)):
            yield f"{where} calls a check, and its output is not compared"


@rule
def exercise_is_answered_by_its_solution(nb):
    """The stored output of a stub says "not yet", and that of its solution has the tick."""
    for where, _, stub, solutions in exercise_groups(nb):
        if not printed(stub).startswith(f"{NotYet.label}: "):
            yield f"{where}: an untouched stub should give 'not yet', and gives {printed(stub)[:60]!r}"
        if not any(line.startswith(RIGHT) for c in solutions for line in printed(c).splitlines()):
            yield f"{where}: its solution is not right: {' '.join(map(printed, solutions))[:80]!r}"


@rule
def exercise_stands_alone(nb):
    """What a stub or a solution defines is used nowhere else: students may not have it, or have it wrong."""
    for where, _, stub, solutions in exercise_groups(nb):
        own = [stub, *solutions]
        defined = {name for cell in own for name in defined_by(cell)}
        elsewhere = {name for _, cell in code_cells(nb) if cell not in own for name in defined_by(cell) | used_by(cell)}
        if shared := sorted(defined & elsewhere):
            yield f"{where} defines what other cells define or use: {', '.join(shared)}"


def codes(cell) -> list[CodeType]:
    """The compiled cell, and the functions, classes and comprehensions in it."""
    try:
        found = [compile(cell.source, "cell", "exec")]
    except SyntaxError:
        return []  # plain_python reports it
    for code in found:  # grows on the way
        found += [constant for constant in code.co_consts if isinstance(constant, CodeType)]
    return found


def names(codes: list[CodeType], *operations: str) -> set[str]:
    """The names of the notebook that code stores, loads or deletes; those within functions are others."""
    steps = itertools.chain.from_iterable(map(dis.get_instructions, codes))
    return {step.argval for step in steps if step.opname in operations}


def defined_by(cell) -> set[str]:
    """The names that a cell leaves behind."""
    return names(codes(cell)[:1], "STORE_NAME", "STORE_GLOBAL")


def used_by(cell) -> set[str]:
    """The names that a cell needs, and those built into Python."""
    return names(codes(cell), "LOAD_NAME", "LOAD_GLOBAL", "DELETE_NAME")


@rule
def quiz_explains_every_option(nb):
    """Options A, B, C ... that unfold and say whether they are right, and why; one is, or two if the quiz says so."""
    for index, cell in enumerate(nb.cells):
        if cell.cell_type != "markdown" or not re.match(r"### Quiz\b", cell.source):
            continue
        letters = re.findall(r"<summary><b>([A-Z])\.</b> \S", cell.source)
        answers = [ANSWER.match(found["text"]) for found in FOLDED.finditer(cell.source)]
        if len(letters) < 3 or letters != ALPHABET[: len(answers)] or not all(answers):
            yield f"the quiz in cell {index} does not explain each of its options (A, B, C at least), in their order"
        if re.search(r"<summary>(?:(?!</summary>).)*[*`$]", cell.source, re.S):
            yield f"the quiz in cell {index} has Markdown in a <summary>, where it is not read; write HTML"
        wanted = 2 if re.search(r"\btwo\b[^.]{0,25} are right\b", cell.source.partition("<details>")[0], re.I) else 1
        if sum(found["verdict"] == "✓ **Right:**" for found in answers if found) != wanted:
            yield f"the quiz in cell {index} should have exactly one right answer, or two and say 'two are right'"
        if any(len(found["reason"].split()) < 5 for found in answers if found):
            yield f"the quiz in cell {index} has an option without a reason"
