"""The rules that every notebook of the course keeps.

Each rule takes an executed notebook and yields what is wrong with it, in words that say where; a notebook that keeps
the rule gives nothing. test_notebooks.py holds every rule against every notebook, and against an offender.
"""

import ast
import io
import re
import tokenize
from collections.abc import Callable, Iterator

from maldinb.course.claims import BROKEN, HELD, ON_PURPOSE, read_line, shown
from maldinb.course.pairs import WIDGET_VIEW

LONGEST_CELL, LONGEST_ANSWER = 12, 20  # lines of code; a call of claim() is one
WIDEST = 88  # characters; the site shows no more beside its outline
ABSOLUTE = re.compile(r"(?<![\w:/.<~)-])/(?:[\w.-]+/)+[\w.-]+|\b[A-Z]:\\{1,2}(?:Users|Windows|Temp|ProgramData)\b")
# What laboratory numbers look like; a handful may be numbers of another kind, a list of them is not.
LABORATORY_NUMBER = re.compile(r"(?<![\w.-])[A-Z]{0,3}\d{6,12}(?:[-/_]\d{1,4})?(?![\w.])")
MOST_NUMBERS = 5

RULES: dict[str, Callable] = {}


def rule(check):
    RULES[check.__name__] = check
    return check


def code_cells(nb) -> Iterator[tuple[str, object]]:
    for index, cell in enumerate(nb.cells):
        if cell.cell_type == "code":
            yield f"cell {index} ({cell.source.strip().splitlines()[0][:50] if cell.source.strip() else 'empty'})", cell


def tags(cell) -> set[str]:
    return set(cell.metadata.get("tags", []))


def markdown(nb) -> str:
    return "\n\n".join(cell.source for cell in nb.cells if cell.cell_type == "markdown")


def tree(cell) -> ast.Module:
    try:
        return ast.parse(cell.source)
    except SyntaxError:
        return ast.Module(body=[], type_ignores=[])  # plain_python reports it


def claims_of(cell) -> list[ast.Call]:
    """Each call of claim() in a cell."""
    return [n for n in ast.walk(tree(cell)) if isinstance(n, ast.Call) and ast.unparse(n.func).endswith("claim")]


def tokens(cell) -> list[tokenize.TokenInfo]:
    try:
        return list(tokenize.generate_tokens(io.StringIO(cell.source).readline))
    except (tokenize.TokenError, SyntaxError):
        return []


def printed(cell) -> str:
    """All text that the cell shows."""
    parts = []
    for out in cell.outputs:
        parts.append(out.get("text", ""))
        parts += [text for kind, text in out.get("data", {}).items() if kind.startswith("text/")]
    return "\n".join(parts)


@rule
def plain_python(nb):
    """No `!command` and no `%magic`: nbval can let a failing one pass, and neither is Python that can be tested."""
    for where, cell in code_cells(nb):
        try:
            ast.parse(cell.source)
        except SyntaxError as error:
            yield f"{where} is not plain Python: line {error.lineno}"
        if "get_ipython" in cell.source:
            yield f"{where} calls get_ipython"


@rule
def no_sys_path(nb):
    for where, cell in code_cells(nb):
        imports_path = any(
            isinstance(n, ast.ImportFrom) and n.module == "sys" and "path" in {a.name for a in n.names}
            for n in ast.walk(tree(cell))
        )
        if imports_path or any(ast.unparse(n) == "sys.path" for n in ast.walk(tree(cell)) if isinstance(n, ast.expr)):
            yield f"{where} touches sys.path"


@rule
def no_silenced_warnings(nb):
    for where, cell in code_cells(nb):
        for call in (n for n in ast.walk(tree(cell)) if isinstance(n, ast.Call)):
            name = ast.unparse(call.func).rpartition(".")[2]
            values = [ast.unparse(a) for a in [*call.args, *(k.value for k in call.keywords)]]
            if name in ("filterwarnings", "simplefilter") and "'ignore'" in values:
                yield f"{where} silences warnings"


@rule
def tags_not_comments(nb):
    """NBVAL comments work only when they stand alone on a line; cell tags always do."""
    for where, cell in code_cells(nb):
        comments = [token.string for token in tokens(cell) if token.type == tokenize.COMMENT]
        if any(re.search(r"NBVAL_|PYTEST_VALIDATE", comment) for comment in comments):
            yield f"{where} steers nbval by a comment; use a cell tag"


@rule
def no_widget_state(nb):
    if "widgets" in nb.metadata:
        yield "the metadata holds widget state"
    for where, cell in code_cells(nb):
        if any(WIDGET_VIEW in out.get("data", {}) for out in cell.outputs):
            yield f"{where} holds a widget of a kernel that is gone; refresh the notebook"


@rule
def no_run_metadata(nb):
    for where, cell in code_cells(nb):
        if found := {"execution", "ExecuteTime", "papermill"} & set(cell.metadata):
            yield f"{where} holds timings: {', '.join(sorted(found))}"
        if any(re.search(r" at 0x[0-9a-f]+", str(out.get("data", ""))) for out in cell.outputs):
            yield f"{where} shows an address in memory, another one in each run"


@rule
def parameters_cell(nb):
    cells = [cell for _, cell in code_cells(nb) if "parameters" in cell.metadata.get("tags", [])]
    if len(cells) != 1:
        yield f"{len(cells)} cells are tagged `parameters`; there is exactly one"
    for statement in (s for cell in cells for s in tree(cell).body):
        plain = isinstance(statement, ast.Assign) and all(isinstance(t, ast.Name) for t in statement.targets)
        try:
            ast.literal_eval(statement.value)
        except (ValueError, AttributeError):
            plain = False
        if not plain:
            yield f"the parameters cell holds more than NAME = value: {ast.unparse(statement)}"


@rule
def no_absolute_paths(nb):
    for index, cell in enumerate(nb.cells):
        text = cell.source + ("\n" + printed(cell) if cell.cell_type == "code" else "")
        for found in ABSOLUTE.findall(text):
            yield f"cell {index} names a place on one machine: {found}"


@rule
def short_cells(nb):
    for where, cell in code_cells(nb):
        if "parameters" in tags(cell):
            continue
        most = LONGEST_ANSWER if tags(cell) & {"exercise", "solution"} else LONGEST_CELL
        skip = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.ENDMARKER, tokenize.INDENT, tokenize.DEDENT)
        lines = {line for t in tokens(cell) if t.type not in skip for line in range(t.start[0], t.end[0] + 1)}
        for call in claims_of(cell):  # a sentence with its numbers, which is read as one
            lines -= set(range(call.lineno + 1, call.end_lineno + 1))
        if len(lines) > most:
            yield f"{where} has {len(lines)} lines of code; {most} are the most"


@rule
def narrow_cells(nb):
    for where, cell in code_cells(nb):
        for line in cell.source.splitlines():
            if len(line) > WIDEST:
                yield f"{where} has a line of {len(line)} characters; {WIDEST} are the most: {line.strip()[:50]}"


@rule
def executed_in_order(nb):
    counts = [cell.execution_count for _, cell in code_cells(nb)]
    if counts != list(range(1, len(counts) + 1)):
        yield f"the cells were not executed from top to bottom in a fresh kernel: {counts}"


@rule
def no_errors_or_warnings(nb):
    for where, cell in code_cells(nb):
        for out in cell.outputs:
            if out.output_type == "error":
                yield f"{where} ends in {out.ename}"
            elif out.get("name") == "stderr":
                yield f"{where} writes to stderr: {out.text.strip()[:80]}"


@rule
def python3_kernel(nb):
    if (name := nb.metadata.get("kernelspec", {}).get("name")) != "python3":
        yield f"the kernel is {name!r} and not 'python3', which everybody has"


@rule
def claims_hold(nb):
    """Every claim() has its tick in the stored output, and nothing has a cross but what is there to show one."""
    for where, cell in code_cells(nb):
        lines = list(shown(cell.outputs))
        said = [found for line in lines if (found := read_line(line))]
        calls = claims_of(cell)
        if ON_PURPOSE in cell.metadata.get("tags", []):
            if [found.mark for found in said] != [BROKEN] * max(len(calls), 1):
                yield f"{where} is there to show a claim that does not hold, and shows {lines}"
            continue
        if sum(found.mark == HELD for found in said) < len(calls):
            yield f"{where} makes {len(calls)} claims and shows fewer ticks"
        for sentence in (n.args[0].value for n in calls if n.args and isinstance(n.args[0], ast.Constant)):
            if (HELD, sentence.strip()) not in [found[:2] for found in said]:
                yield f"{where} does not show that {sentence!r}"
        for found in said:
            if found.mark == BROKEN:
                yield f"{where} shows a claim that does not hold: {found.sentence!r}"


@rule
def device_is_a_parameter(nb):
    """On a GPU the numbers of a fit are others, from run to run: the course's come from the CPU."""
    makes = [
        (where, call)
        for where, cell in code_cells(nb)
        for call in ast.walk(tree(cell))
        if isinstance(call, ast.Call) and re.search(r"(MaldiMLPClassifier|ablation\.variants)$", ast.unparse(call.func))
    ]
    for where, call in makes:
        if not {keyword.arg for keyword in call.keywords} & {"device", None}:  # None: **options
            yield f"{where} makes a network without device="
    cells = [cell.source for _, cell in code_cells(nb) if "parameters" in cell.metadata.get("tags", [])]
    if makes and not any(re.search(r'(?m)^DEVICE = "cpu"', source) for source in cells):
        yield 'the parameters do not say DEVICE = "cpu"'


@rule
def no_laboratory_numbers(nb):
    """The identifiers of real isolates look like laboratory numbers; no list of them is ever committed."""
    for index, cell in enumerate(nb.cells):
        text = cell.source + ("\n" + printed(cell) if cell.cell_type == "code" else "")
        if len(found := set(LABORATORY_NUMBER.findall(text))) > MOST_NUMBERS:
            yield f"cell {index} shows {len(found)} numbers that could be isolates: {', '.join(sorted(found)[:3])} ..."
