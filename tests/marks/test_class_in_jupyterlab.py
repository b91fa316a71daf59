"""A hand-out, unpacked elsewhere, opened in JupyterLab, answered there, saved, collected and marked."""

import os
import zipfile
from pathlib import Path

import pytest
from school import JOIN, RIGHT_JOIN, RIGHT_SHIFT, SHIFT, STANDARDISE, STEM, WRONG_STANDARDISE

from maldinb.course.handing_out import write_handout
from maldinb.course.opening import SETTINGS
from maldinb.marks import mark_class
from maldinb.material import notebooks_folder

if os.environ.get("MALDINB_REQUIRE_BROWSER") == "1":
    import browser
else:
    browser = pytest.importorskip("browser", reason="playwright is not installed", exc_type=ImportError)

#: Types an answer into the cell that ends in a check, and runs this cell.
ANSWER = """async ([check, answer]) => {
    const panel = jupyterapp.shell.currentWidget;
    const cells = panel.content.widgets;
    const index = cells.findIndex(cell => cell.model.sharedModel.getSource().includes('exercises.' + check + '('));
    const shared = cells[index].model.sharedModel;
    const source = shared.getSource();
    shared.setSource(answer + '\\n\\n' + source.slice(source.indexOf('exercises.')));
    panel.content.activeCellIndex = index;
}"""
#: What the cells that hold some text have printed.
PRINTED = """text => jupyterapp.shell.currentWidget.content.widgets
    .filter(cell => cell.model.type === 'code' && cell.model.sharedModel.getSource().includes(text))
    .map(cell => cell.outputArea.node.innerText).join('')"""


def run_cell(page, starts):
    """Run the first cell that holds some text, and wait for what it prints."""
    find = """text => {
        const content = jupyterapp.shell.currentWidget.content;
        content.deselectAll();
        content.activeCellIndex = content.widgets.findIndex(
            cell => cell.model.type === 'code' && cell.model.sharedModel.getSource().includes(text));
    }"""
    page.evaluate(find, starts)
    browser.command(page, "notebook:run-cell")


def test_a_class_is_played_through(executable, tmp_path):
    write_handout(notebooks_folder(), tmp_path / "students", [STEM])
    elsewhere = tmp_path / "some where"
    with zipfile.ZipFile(tmp_path / "students.zip") as archive:
        archive.extractall(elsewhere)
    served, home = elsewhere / "students", tmp_path / "home"
    home.mkdir()
    with (
        browser.jupyterlab(served, home, f"--LabApp.app_settings_dir={SETTINGS}") as address,
        browser.chromium(executable) as chromium,
        browser.fresh_page(chromium) as page,
    ):
        page.goto(address.format(name=STEM))
        page.wait_for_function("window.jupyterapp && document.body.textContent.includes('| Idle')")
        run_cell(page, "from maldinb import")
        for check, answer in ((SHIFT, RIGHT_SHIFT), (JOIN, RIGHT_JOIN), (STANDARDISE, WRONG_STANDARDISE)):
            page.evaluate(ANSWER, [check, answer])
            browser.command(page, "notebook:run-cell")
        said = [page.evaluate(PRINTED, f"exercises.{check}(") for check in (SHIFT, JOIN, STANDARDISE)]
        assert [text.split()[0] for text in said] == ["right", "right", "not"], said
        page.evaluate(ANSWER, ["check_batch_rule", "exercises.progress()"])
        browser.command(page, "notebook:run-cell")
        progress = page.evaluate(PRINTED, "exercises.progress()")
        assert progress.startswith("2 of 6 solved; not yet: Exercise 1: "), progress
        page.evaluate(ANSWER, ["check_batch_rule", "right_by_city = ...  # a share, from 0 to 1"])
        browser.command(page, "docmanager:save")
    collected = tmp_path / "collected" / "anna"
    collected.mkdir(parents=True)
    Path(served / f"{STEM}.ipynb").rename(collected / f"{STEM}.ipynb")
    table = mark_class(tmp_path / "collected", tmp_path / "marks", seconds=20)
    assert table["verdict"].tolist() == ["not yet", "right", "not yet", "not yet", "right", "not right"]
    assert set(table["student"]) == {"anna"} and not table["remark"].any()
