"""Every notebook as a reader meets it: opened in JupyterLab, Run All, its figures and widgets there."""

import ast
import os
import re
from pathlib import Path

import demo
import nbformat
import pytest

from maldinb.course.glossary import plain_glossary
from maldinb.course.opening import SETTINGS
from maldinb.course.pairs import WIDGET_TEXT, WIDGET_VIEW, as_text

# Where the browser is required, a missing playwright must not pass for a skipped test.
REQUIRED = os.environ.get("MALDINB_REQUIRE_BROWSER") == "1"
if REQUIRED:
    import browser
else:
    browser = pytest.importorskip("browser", reason="playwright is not installed", exc_type=ImportError)

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
# Whether the sentences hold is for nbval to find out, with the notebooks' own parameters. Here they are only to run.
LESS = {"EPOCHS": 1, "N_SEEDS": 1, "HIDDEN_DIM": 16, "BIN_WIDTH": 60.0, "N_SIMULATED": 200}
SCREENSHOTS = ROOT / "build" / "screenshots"


@pytest.fixture(scope="module")
def lab(executable, tmp_path_factory):
    """The served folder and its address."""
    root = tmp_path_factory.mktemp("served")
    settings = f"--LabApp.app_settings_dir={SETTINGS}"
    with browser.jupyterlab(root, tmp_path_factory.mktemp("home"), settings) as address:
        yield root, address


@pytest.fixture(scope="module")
def opened(executable, lab):
    """JupyterLab in a page of the browser, which takes longer to load than a notebook to open."""
    with browser.chromium(executable) as chromium, browser.fresh_page(chromium) as page:
        browser.open_empty(page, lab[1])
        yield page


@pytest.fixture
def page(opened):
    yield opened
    browser.close_all(opened)


def check(page, lab, ipynb: Path) -> None:
    """Run `ipynb` in the page, and complain about whatever differs from what is stored."""
    root, _ = lab
    stored = nbformat.read(ipynb, as_version=4)
    browser.copy_stripped(ipynb, root, **LESS)
    name = ipynb.stem
    before = (root / f"{name}.py").read_text(encoding="utf-8")
    browser.run_and_save(page, ipynb.name)
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png")

    saved = nbformat.read(root / ipynb.name, as_version=4)
    pairs = [pair for pair in zip(saved.cells, stored.cells, strict=True) if pair[0].cell_type == "code"]
    found = [f"{name}: {fault}:\n{new.source}" for new, old in pairs for fault in faults(new, old)]
    assert not found, "\n\n".join(found)

    # Saving in JupyterLab writes the .py as well; whoever only looks must not end up with a changed one.
    assert (root / f"{name}.py").read_text(encoding="utf-8") == before

    wanted = sum(map(widgets, stored.cells))
    if wanted:
        moved = browser.move_widgets(page)
        assert len(moved) == wanted, f"{name}: moved {moved}"
        page.screenshot(path=SCREENSHOTS / f"{name}_widget.png")


def faults(new, old):
    """What is wrong with a cell that was executed, beside what is stored of it."""
    if not new.execution_count:
        yield "not executed"
    yield from (f"{out.ename} in the cell" for out in new.outputs if out.output_type == "error")
    kinds = {kind for out in new.outputs for kind in out.get("data", {})}
    if any(WIDGET_TEXT in out.get("data", {}).get("text/plain", "") for out in old.outputs):
        if WIDGET_VIEW not in kinds:
            yield "no widget from the cell"
    elif any("image/png" in out.get("data", {}) for out in old.outputs) and "image/png" not in kinds:
        yield "no figure from the cell"


def widgets(cell) -> int:
    """How many widgets a cell makes: one for each keyword of ipywidgets.interactive."""
    if cell.cell_type != "code":
        return 0
    calls = [node for node in ast.walk(ast.parse(cell.source)) if isinstance(node, ast.Call)]
    return sum(len(call.keywords) for call in calls if ast.unparse(call.func) == "ipywidgets.interactive")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_runs_in_jupyterlab(path, lab, page):
    check(page, lab, path)


def test_the_py_of_a_pair_opens_as_a_notebook(lab, page):
    """That each pair holds the same cells is a rule of its own; here one shows that JupyterLab can open it."""
    path = NOTEBOOKS[0]
    browser.copy_stripped(path, lab[0])
    browser.open_as_notebook(page, f"{path.stem}.py", len(nbformat.read(path, as_version=4).cells))


def test_the_glossary_opens_as_one_reads_it(lab, page):
    text = plain_glossary((ROOT / "docs" / "glossary.md").read_text(encoding="utf-8"))
    (lab[0] / "glossary.md").write_text(text, encoding="utf-8")
    browser.command(page, "docmanager:open", path="glossary.md")
    page.wait_for_selector(".jp-MarkdownViewer h1")
    assert "m/z" in page.locator(".jp-MarkdownViewer strong").all_inner_texts()[2]


def test_demo_runs_in_jupyterlab_and_closing_it_ends_its_kernel(lab, page, tmp_path):
    """Four open notebooks would take more memory than Binder grants."""
    path = demo.make(tmp_path)
    check(page, lab, path)
    sessions = re.sub(r"lab.*\?", "api/sessions?", lab[1])
    paths = "async url => (await (await fetch(url)).json()).map(session => session.path)"
    assert path.name in page.evaluate(paths, sessions)
    browser.command(page, "application:close")
    page.wait_for_function(f"async url => !(await ({paths})(url)).includes({path.name!r})", arg=sessions)


def test_an_error_and_a_missing_figure_are_found(lab, page, tmp_path):
    path = demo.make(tmp_path, name="02_planted")
    nb = nbformat.read(path, as_version=4)
    figure = next(cell for cell in nb.cells if cell.source.startswith("fig, ax"))
    figure.source = figure.source.replace("plt.show()", "plt.close()")
    nb.cells[-1].source = "1/0"
    nbformat.write(nb, path)
    path.with_suffix(".py").write_text(as_text(nb, path), encoding="utf-8")
    with pytest.raises(AssertionError) as found:
        check(page, lab, path)
    assert re.search("(?s)no figure.*ZeroDivisionError", str(found.value))
