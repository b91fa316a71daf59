"""The notebooks of the course: their rules, their pairing, and whether nbval would notice."""

import os
import re
import subprocess
import sys
from copy import deepcopy
from pathlib import Path

import demo
import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output
from reading_rules import RULES
from result_rules import RESULTS

from maldinb.course.pairs import WIDGET_VIEW, as_text, picture, picture_path, read_pair
from maldinb.course.results import told

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def read(path):
    return nbformat.read(path, as_version=4)


def out_of_step(ipynb: Path) -> bool:
    """By content: jupytext's own checks go by time stamps, which a clone does not keep."""
    py = ipynb.with_suffix(".py")
    return not py.exists() or as_text(read(ipynb), py) != py.read_text(encoding="utf-8")


# --- the course -------------------------------------------------------------------------------------------------------


def test_every_file_has_its_partner():
    assert {p.stem for p in NOTEBOOKS} == {p.stem for p in (ROOT / "notebooks").glob("*.py")}


@each_notebook
def test_pair_is_in_step(path):
    assert not out_of_step(path), f"{path.stem}: .py and .ipynb differ; run `make notebooks ONLY={path.stem}`"


@each_notebook
@pytest.mark.parametrize("name", RULES)
def test_rule(path, name):
    assert list(RULES[name](read(path))) == []


def test_each_entry_for_a_result_has_its_passage_and_claims():
    for path in NOTEBOOKS:
        texts = [text for _, text in told(read(path).cells)]
        for start, claims in RESULTS.get(path.stem, {}).items():
            assert claims and sum(text.startswith(start) for text in texts) == 1, start
    assert RESULTS.keys() <= {path.stem for path in NOTEBOOKS}


@each_notebook
def test_the_readme_shows_its_picture(path):
    shown = picture_path(path)
    assert shown.read_bytes() == picture(read(path)), f"run `make notebooks ONLY={path.stem}`"
    alt = re.search(rf"!\[([^\]]{{20,}})\]\({shown.relative_to(ROOT)}\)", (ROOT / "README.md").read_text())
    assert alt, f"README.md does not show {shown.relative_to(ROOT)}, or does not say what is to be seen"


@each_notebook
def test_it_begins_with_whose_results_it_tells_and_ends_with_how_to_free_its_memory(path):
    cells = [cell.source for cell in read_pair(path.with_suffix(".py")).cells if cell.cell_type == "markdown"]
    assert "results, they are those of the simulated spectra" in cells[0]
    end = " ".join(cells[-1].split())
    assert "its kernel ends with it" in end and "Shut Down Kernel" in end


# --- each rule catches an offender ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def good_path(tmp_path_factory):
    return demo.make(tmp_path_factory.mktemp("good"))


@pytest.fixture
def nb(good_path):
    return deepcopy(read(good_path))


def code(nb, source, **more):
    """Append an executed cell."""
    count = 1 + sum(cell.cell_type == "code" for cell in nb.cells)
    nb.cells.append(new_code_cell(source, execution_count=count, **more))


def stdout(text):
    return [new_output("stream", name="stdout", text=text)]


def html(text):
    return [new_output("display_data", data={"text/html": text})]


def markdown(nb, source):
    nb.cells.append(new_markdown_cell(source))


STUB = "area = ...  # your answer\n\nexercises.check_area(area, x)"
ANSWER = "# Solution\n" + STUB.replace("...  # your answer", "x**2")
TASK = "### Exercise 1: an area\n\nHow large?\n\n<details><summary>Hint</summary>\n\nMultiply.\n\n</details>"
QUIZ = """\
### Quiz 1: squares

<details><summary><b>A.</b> They are never negative.</summary>

✓ **Right:** two minus signs cancel each other.

</details>

<details><summary><b>B.</b> They are never <code>0</code>.</summary>

✗ **Wrong:** the square of zero is zero.

</details>

<details><summary><b>C.</b> They are
always larger.</summary>

✗ **Wrong:** the square of a half
is a quarter.

</details>"""
OPTION_B = QUIZ[QUIZ.index("<details><summary><b>B") : QUIZ.index("<details><summary><b>C")]


ROW = "<tr><td>1</td></tr>"
SHOWN = {"metadata": {"tags": ["fails-on-purpose"]}}


def exercise(nb, task=TASK, stub=STUB, said="not yet: ...", solution=ANSWER, says="right ✓ good", **metadata):
    """Append an exercise; without arguments, one that keeps the rules."""
    markdown(nb, task)
    code(nb, stub, outputs=stdout(f"{said}\n"), metadata={"tags": ["exercise"]})
    folded = {"tags": ["solution", "hide-input"], "jupyter": {"source_hidden": True}} | metadata
    code(nb, solution, outputs=stdout(f"{says}\n"), metadata=folded)


def _solution_only(nb):
    exercise(nb)
    del nb.cells[-2]


def _solution_elsewhere(nb):
    exercise(nb)
    nb.cells.insert(-1, new_markdown_cell("Here it comes."))


def _drop_parameters(nb):
    for cell in nb.cells:
        cell.metadata.pop("tags", None)


def _run_twice(nb):
    nb.cells[-1].execution_count += 1


def _not_run(nb):
    nb.cells[-1].execution_count = None
    nb.cells[-1].outputs = []


def _widget_view(nb):
    code(nb, "slider", outputs=[new_output("display_data", data={WIDGET_VIEW: {"model_id": "1f"}})])


def _numbers(nb):
    code(nb, "meta", outputs=stdout("\n".join(f"{2023100000 + 37 * i}-{i}" for i in range(8))))


OFFENDERS = [
    ("plain_python", lambda nb: code(nb, "!pip install maldinb")),
    ("plain_python", lambda nb: code(nb, "%matplotlib inline")),
    ("plain_python", lambda nb: code(nb, "%%time\nx = 1")),
    ("plain_python", lambda nb: code(nb, "get_ipython().run_line_magic('time', '')")),
    ("no_sys_path", lambda nb: code(nb, "import sys\nsys.path.insert(0, '..')")),
    ("no_sys_path", lambda nb: code(nb, "from sys import path")),
    ("no_silenced_warnings", lambda nb: code(nb, "warnings.filterwarnings('ignore')")),
    ("no_silenced_warnings", lambda nb: code(nb, "simplefilter(action='ignore')")),
    ("tags_not_comments", lambda nb: code(nb, "x  # NBVAL_IGNORE_OUTPUT")),
    ("no_widget_state", lambda nb: nb.metadata.update(widgets={})),
    ("no_widget_state", _widget_view),
    ("no_run_metadata", lambda nb: nb.cells[-1].metadata.update(execution={})),
    ("no_run_metadata", lambda nb: code(nb, "x", outputs=html("&lt;object at 0x7f201123d350&gt;"))),
    ("parameters_cell", _drop_parameters),
    ("parameters_cell", lambda nb: code(nb, "x = 1", metadata={"tags": ["parameters"]})),
    ("parameters_cell", lambda nb: nb.cells[1].update(source="A = print()")),
    ("parameters_cell", lambda nb: nb.cells[1].update(source="import os")),
    ("title_first", lambda nb: nb.cells.insert(0, new_markdown_cell("Welcome"))),
    ("title_first", lambda nb: markdown(nb, "# A second title")),
    ("headings_in_order", lambda nb: markdown(nb, "## A\n\n#### B")),
    ("headings_in_order", lambda nb: markdown(nb, "## A\n\n##\n\nText")),
    ("sections_differ", lambda nb: markdown(nb, "## Training\n\nIt runs.\n\n## training")),
    ("tables_have_headers", lambda nb: markdown(nb, f"<table><caption>Two</caption>{ROW}</table>")),
    ("tables_have_headers", lambda nb: markdown(nb, f"<table>{ROW.replace('td', 'th')}</table>")),
    ("tables_have_headers", lambda nb: code(nb, "table", outputs=html(f"<table>{ROW}</table>"))),
    ("links_say_where_they_lead", lambda nb: markdown(nb, "[Click here](a.md)")),
    ("links_say_where_they_lead", lambda nb: markdown(nb, "[](a.md)")),
    ("links_say_where_they_lead", lambda nb: markdown(nb, '<a href="a.md">*this* page</a>')),
    ("links_say_where_they_lead", lambda nb: markdown(nb, "[https://doi.org/10.1/x](https://doi.org/10.1/x)")),
    ("device_is_a_parameter", lambda nb: code(nb, "MaldiMLPClassifier(epochs=2, device='cpu')")),
    ("device_is_a_parameter", lambda nb: code(nb, "DEVICE = 'cpu'\nmaldinb.MaldiMLPClassifier(epochs=2)")),
    ("device_is_a_parameter", lambda nb: code(nb, "models = ablation.variants(6000)")),
    ("alt_text", lambda nb: markdown(nb, "![](figure.png)")),
    ("alt_text", lambda nb: markdown(nb, '<img src="figure.png" width="3">')),
    ("no_absolute_paths", lambda nb: code(nb, "open('/home/ada/x.csv')")),
    ("no_absolute_paths", lambda nb: code(nb, r"open(r'C:\Users\x.csv')")),
    ("no_absolute_paths", lambda nb: code(nb, "where()", outputs=stdout("cached in /root/.cache/maldinb"))),
    ("short_cells", lambda nb: code(nb, "\n".join(f"x = {i}" for i in range(19)))),
    ("short_cells", lambda nb: exercise(nb, solution=ANSWER + "\nx = 1" * 20)),
    ("short_cells", lambda nb: code(nb, 'x = """' + "\n" * 21 + '"""')),
    ("narrow_cells", lambda nb: code(nb, f"x = {'1' * 85}")),
    ("executed_in_order", _run_twice),
    ("executed_in_order", _not_run),
    ("no_errors_or_warnings", lambda nb: code(nb, "1/0", outputs=[new_output("error", ename="ZeroDivisionError")])),
    ("no_errors_or_warnings", lambda nb: code(nb, "f()", outputs=[new_output("stream", name="stderr", text="Oops")])),
    ("python3_kernel", lambda nb: nb.metadata.kernelspec.update(name="my-env")),
    ("claims_hold", lambda nb: code(nb, "claim('it is so', True)")),
    ("claims_hold", lambda nb: code(nb, "claim('it is so', x)", outputs=stdout("✓ it was so\n"))),
    ("claims_hold", lambda nb: code(nb, "claim(f'{x} is so', x)", outputs=stdout("✗ 2 is so\n"))),
    ("claims_hold", lambda nb: code(nb, "claim('few', 2, '<', 1)", outputs=stdout("✗ few (2 < 1)\n"))),
    ("claims_hold", lambda nb: code(nb, "claim('few', 0, '<', 1)", outputs=stdout("✓ few (0 < 1)\n"), **SHOWN)),
    ("no_laboratory_numbers", _numbers),
    ("exercise_has_its_parts", lambda nb: exercise(nb, task="How large?")),
    ("exercise_has_its_parts", lambda nb: exercise(nb, task=TASK.partition("<details>")[0])),
    ("exercise_has_its_parts", lambda nb: exercise(nb, task=TASK.replace("Multiply.", ""))),
    ("exercise_has_its_parts", lambda nb: exercise(nb, stub=ANSWER)),
    ("exercise_has_its_parts", lambda nb: exercise(nb, stub="area = ...", solution="# Solution\narea = x**2")),
    ("exercise_has_its_parts", lambda nb: exercise(nb, solution=ANSWER.replace("check_area", "check_volume"))),
    ("exercise_has_its_parts", lambda nb: exercise(nb, solution=f"# Solution\n{STUB}")),
    ("exercise_has_its_parts", lambda nb: exercise(nb, solution=ANSWER.removeprefix("# Solution\n"))),
    ("exercise_has_its_parts", lambda nb: exercise(nb, tags=["solution"])),
    ("exercise_has_its_parts", lambda nb: exercise(nb, jupyter={})),
    ("exercise_has_its_parts", _solution_only),
    ("exercise_has_its_parts", _solution_elsewhere),
    ("exercise_has_its_parts", lambda nb: code(nb, ANSWER)),
    ("exercise_has_its_parts", lambda nb: exercise(nb, tags=["solution", "hide-input", "nbval-ignore-output"])),
    ("exercise_is_answered_by_its_solution", lambda nb: exercise(nb, said="right ✓ good")),
    ("exercise_is_answered_by_its_solution", lambda nb: exercise(nb, says="not right: too small")),
    ("exercise_is_answered_by_its_solution", lambda nb: exercise(nb, says="not yet: ...")),
    ("exercise_stands_alone", lambda nb: (exercise(nb), code(nb, "print(area)"))),
    ("exercise_stands_alone", lambda nb: exercise(nb, stub=STUB.replace("area", "x"))),
    ("exercise_stands_alone", lambda nb: (exercise(nb, solution=f"{ANSWER}\nimport math"), code(nb, "math.pi"))),
    ("quiz_explains_every_option", lambda nb: markdown(nb, QUIZ.replace("<b>B.", "<b>D."))),
    ("quiz_explains_every_option", lambda nb: markdown(nb, QUIZ.replace(OPTION_B, ""))),
    ("quiz_explains_every_option", lambda nb: markdown(nb, QUIZ.replace("</details>", ""))),
    ("quiz_explains_every_option", lambda nb: markdown(nb, QUIZ.replace("<code>0</code>", "`0`"))),
    (
        "quiz_explains_every_option",
        lambda nb: markdown(nb, QUIZ.replace("✗ **Wrong:** the square of zero", "✓ **Right:** the square of zero")),
    ),
    ("quiz_explains_every_option", lambda nb: markdown(nb, QUIZ.replace("✓ **Right:**", "✗ **Wrong:**"))),
    ("quiz_explains_every_option", lambda nb: markdown(nb, QUIZ.replace("✗ **Wrong:** the", "The"))),
    ("quiz_explains_every_option", lambda nb: markdown(nb, QUIZ.replace("the square of zero is zero", "no"))),
    ("quiz_explains_every_option", lambda nb: markdown(nb, QUIZ.replace("squares", "squares; two are right"))),
    ("results_rest_on_claims", lambda nb: markdown(nb, "So, on the simulated spectra, it is the larger one.")),
    ("results_rest_on_claims", lambda nb: markdown(nb, "On the simulated spectra gradient boosting comes out ahead.")),
    ("numbers_have_a_source", lambda nb: markdown(nb, "The network has an AUROC of .83, or 0.83.")),
    ("numbers_have_a_source", lambda nb: markdown(nb, "It finds 83 % of them.")),
]


@pytest.mark.parametrize("name", RULES)
def test_good_notebook_keeps_rule(name, nb):
    assert list(RULES[name](nb)) == []


@pytest.mark.parametrize(("name", "offend"), OFFENDERS)
def test_offender_is_caught(name, offend, nb):
    offend(nb)
    assert list(RULES[name](nb)) != []


def test_every_rule_has_an_offender():
    assert {name for name, _ in OFFENDERS} == set(RULES)


def test_innocent_code_is_not_accused(nb):
    code(nb, 'share = 100 * x % 7\ntext = "%d; 50 %%"  # a comment\n# !not a command')
    markdown(nb, "![One line of meaning](a.png) and <https://zenodo.org/home/records> and 10.5281/zenodo.17405072")
    markdown(nb, "```\n# not a heading\n```")
    markdown(nb, "[What a bin is](glossary.md); more at [Zenodo](https://zenodo.org)\n\n| a |\n|---|\n| 1 |")
    code(nb, "table", outputs=html("<table><tr><th>a</th></tr></table>"))
    code(nb, "claim('few', 2, '<', 3)", outputs=stdout("✓ few (2 < 3)\n"))
    code(nb, "claim('few', 4, '<', 3)", outputs=stdout("✗ few (4 < 3)\n"), **SHOWN)
    markdown(nb, "A point (0.4, 0.16), as in section 3.1; `x = 0.123`; $0.7^2$.")
    code(nb, "x = 0.4\nx**2", outputs=stdout("0.1600001"))
    markdown(nb, "Others found 85 % ([Cordovana et al. 2018](https://doi.org/10.3389/fmicb.2018.02854)).")
    markdown(nb, "**On simulated spectra** all this is invented.\n\n## Your turn")
    exercise(nb, solution=f"{ANSWER}\nhalves = [a / 2 for a in x]")
    code(nb, "def double(a):\n    return 2 * a\n\n\ndoubles = [double(a) for a in x]")
    markdown(nb, QUIZ)
    markdown(
        nb,
        QUIZ.replace("squares", "squares; two are right").replace(
            "✗ **Wrong:** the square of z", "✓ **Right:** not really z"
        ),
    )
    for name, check in RULES.items():
        assert list(check(nb)) == [], name


# --- pairing ----------------------------------------------------------------------------------------------------------


def test_edit_of_one_side_is_noticed(tmp_path):
    path = demo.make(tmp_path)
    assert not out_of_step(path)
    py = path.with_suffix(".py")
    py.write_text(py.read_text(encoding="utf-8").replace("SHIFT = 1", "SHIFT = 2"), encoding="utf-8")
    os.utime(py, (1, 1))  # older than its partner, as in an unlucky clone
    assert out_of_step(path)


# --- nbval ------------------------------------------------------------------------------------------------------------


def nbval(folder: Path) -> subprocess.CompletedProcess:
    """Compare the notebooks in `folder` in the way that `make test` compares the course's."""
    options = ["--nbval", "--nbval-current-env", "--nbval-sanitize-with", str(ROOT / "tests" / "nbval_sanitize.cfg")]
    command = [sys.executable, "-m", "pytest", *options, "-p", "no:cacheprovider", "--color=no", "."]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True)


def test_nbval_passes_what_was_just_stored(good_path):
    done = nbval(good_path.parent)
    assert done.returncode == 0, done.stdout
    assert "5 passed" in done.stdout


def test_nbval_fails_on_an_error_and_on_a_changed_output(good_path, tmp_path):
    nb = read(good_path)
    sources = {cell.source.partition("\n")[0]: cell for cell in nb.cells}
    figure = sources["fig, ax = plt.subplots(figsize=(3, 2))"]
    figure.source += "\n1/0"
    said = nb.cells[-1].outputs[0].data
    said["text/plain"] = said["text/plain"].replace("✓ a square", "✗ a square")
    nbformat.write(nb, tmp_path / "01_planted.ipynb")
    done = nbval(tmp_path)
    assert done.returncode == 1, done.stdout
    assert "2 failed, 3 passed" in done.stdout
    assert "ZeroDivisionError" in done.stdout
    assert "mismatch 'text/plain'" in done.stdout
