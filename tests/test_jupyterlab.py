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
LESS = {"EPOCHS": 2, "N_SEEDS": 1, "HIDDEN_DIM": 32, "BIN_WIDTH": 12.0}
SCREENSHOTS = ROOT / "build" / "screenshots"


@pytest.fixture(scope="module")
def lab(executable, tmp_path_factory):
    """The served folder and the address of a notebook in it."""
    root = tmp_path_factory.mktemp("served")
    settings = f"--LabApp.app_settings_dir={SETTINGS}"
    with browser.jupyterlab(root, tmp_path_factory.mktemp("home"), settings) as address:
        yield root, address


@pytest.fixture(scope="module")
def chromium(executable):
    with browser.chromium(executable) as chromium:
        yield chromium


@pytest.fixture
def page(chromium):
    with browser.fresh_page(chromium) as page:
        yield page


def check(page, lab, ipynb: Path) -> None:
    """Run `ipynb` in the page, and complain about whatever differs from what is stored."""
    root, address = lab
    stored = nbformat.read(ipynb, as_version=4)
    browser.copy_stripped(ipynb, root, **LESS)
    name = ipynb.stem
    before = (root / f"{name}.py").read_text(encoding="utf-8")
    browser.run_and_save(page, address.format(name=name))
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png")

    saved = nbformat.read(root / ipynb.name, as_version=4)
    for new, old in zip(saved.cells, stored.cells, strict=True):
        if new.cell_type != "code":
            continue
        errors = [out for out in new.outputs if out.output_type == "error"]
        assert not errors, f"{name}: {errors[0].ename} in the cell\n{new.source}"
        assert new.execution_count, f"{name}: not executed:\n{new.source}"
        kinds = {kind for out in new.outputs for kind in out.get("data", {})}
        if any(WIDGET_TEXT in out.get("data", {}).get("text/plain", "") for out in old.outputs):
            assert WIDGET_VIEW in kinds, f"{name}: no widget from the cell\n{new.source}"
        elif any("image/png" in out.get("data", {}) for out in old.outputs):
            assert "image/png" in kinds, f"{name}: no figure from the cell\n{new.source}"

    # Saving in JupyterLab writes the .py as well; whoever only looks must not end up with a changed one.
    assert (root / f"{name}.py").read_text(encoding="utf-8") == before

    wanted = sum(map(widgets, stored.cells))
    if wanted:
        moved = browser.move_widgets(page)
        assert len(moved) == wanted, f"{name}: moved {moved}"
        page.screenshot(path=SCREENSHOTS / f"{name}_widget.png")


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
    root, address = lab
    browser.open_empty(page, address.format(name="sources"))
    for path in NOTEBOOKS:
        browser.copy_stripped(path, root)
        cells = nbformat.read(path, as_version=4).cells
        browser.open_as_notebook(page, f"{path.stem}.py", len(cells))


def test_the_glossary_opens_as_one_reads_it(lab, page):
    root, address = lab
    text = plain_glossary((ROOT / "docs" / "glossary.md").read_text(encoding="utf-8"))
    (root / "glossary.md").write_text(text, encoding="utf-8")
    browser.open_empty(page, address.format(name="glossary"))
    browser.command(page, "docmanager:open", path="glossary.md")
    page.wait_for_selector(".jp-MarkdownViewer h1")
    assert "m/z" in page.locator(".jp-MarkdownViewer strong").all_inner_texts()[2]


def test_demo_runs_in_jupyterlab(lab, page, tmp_path):
    check(page, lab, demo.make(tmp_path))


def test_closing_a_notebook_ends_its_kernel(lab, page, tmp_path):
    """Four open notebooks would take more memory than Binder grants."""
    root, address = lab
    browser.copy_stripped(demo.make(tmp_path, name="04_closed"), root)
    browser.run_and_save(page, address.format(name="04_closed"))
    sessions = re.sub(r"lab/.*\?", "api/sessions?", address)
    paths = "async url => (await (await fetch(url)).json()).map(session => session.path)"
    assert "04_closed.ipynb" in page.evaluate(paths, sessions)
    browser.command(page, "application:close")
    page.wait_for_function(f"async url => !(await ({paths})(url)).includes('04_closed.ipynb')", arg=sessions)


def test_an_error_is_found(lab, page, tmp_path):
    path = demo.make(tmp_path, name="02_planted")
    nb = nbformat.read(path, as_version=4)
    nb.cells[-1].source = "1/0"
    nbformat.write(nb, path)
    path.with_suffix(".py").write_text(as_text(nb, path), encoding="utf-8")
    with pytest.raises(AssertionError, match="ZeroDivisionError"):
        check(page, lab, path)


def test_a_missing_figure_is_found(lab, page, tmp_path):
    path = demo.make(tmp_path, name="03_planted")
    nb = nbformat.read(path, as_version=4)
    figure = next(cell for cell in nb.cells if cell.source.startswith("fig, ax"))
    figure.source = figure.source.replace("plt.show()", "plt.close()")
    nbformat.write(nb, path)
    path.with_suffix(".py").write_text(as_text(nb, path), encoding="utf-8")
    with pytest.raises(AssertionError, match="no figure"):
        check(page, lab, path)
