"""Every notebook as a reader meets it: opened in JupyterLab, Run All, its figures and widgets there."""

import os
from pathlib import Path

import demo
import nbformat
import pytest

from maldinb.pairs import WIDGET_TEXT, WIDGET_VIEW, as_text

# Where the browser is required, a missing playwright must not pass for a skipped test.
REQUIRED = os.environ.get("MALDINB_REQUIRE_BROWSER") == "1"
if REQUIRED:
    import browser
else:
    browser = pytest.importorskip("browser", reason="playwright is not installed", exc_type=ImportError)

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
SCREENSHOTS = ROOT / "build" / "screenshots"


@pytest.fixture(scope="module")
def executable():
    found = browser.find_chromium()
    if found is None:
        reason = "no Chromium or Chrome found; $CHROMIUM may name one"
        if REQUIRED:
            pytest.fail(reason)
        pytest.skip(reason)
    return found


@pytest.fixture(scope="module")
def lab(executable, tmp_path_factory):
    """The served folder and the address of a notebook in it."""
    root = tmp_path_factory.mktemp("served")
    with browser.jupyterlab(root, tmp_path_factory.mktemp("home")) as address:
        yield root, address


@pytest.fixture
def page(executable):
    with browser.chromium(executable) as page:
        yield page


def check(page, lab, ipynb: Path) -> None:
    """Run `ipynb` in the page, and complain about whatever differs from what is stored."""
    root, address = lab
    stored = nbformat.read(ipynb, as_version=4)
    browser.copy_stripped(ipynb, root)
    name = ipynb.stem
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
    py = ipynb.with_suffix(".py")
    assert (root / py.name).read_text(encoding="utf-8") == py.read_text(encoding="utf-8")

    if any("ipywidgets" in cell.source for cell in stored.cells if cell.cell_type == "code"):
        browser.move_a_widget(page)
        page.screenshot(path=SCREENSHOTS / f"{name}_widget.png")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_runs_in_jupyterlab(path, lab, page):
    check(page, lab, path)


def test_demo_runs_in_jupyterlab(lab, page, tmp_path):
    check(page, lab, demo.make(tmp_path))


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
