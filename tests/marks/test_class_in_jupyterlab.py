"""A hand-out, unpacked elsewhere, opened by its own program, answered in JupyterLab, saved, collected and marked."""

import csv
import os
import sys
import zipfile
from pathlib import Path

import pytest
from school import JOIN, RIGHT_JOIN, RIGHT_SHIFT, SHIFT, STANDARDISE, STEM, WRONG_STANDARDISE

from maldinb.commands import main

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


def unpacked(elsewhere):
    """The hand-out of a teacher, made by the command and unpacked by a student; gives its folder."""
    assert main(["handout", "week1", "--only", STEM]) == 0
    with zipfile.ZipFile("week1.zip") as archive:
        archive.extractall(elsewhere)
    return elsewhere / "week1"


def test_a_class_is_played_through(executable, tmp_path, monkeypatch):
    (tmp_path / "teacher").mkdir()
    monkeypatch.chdir(tmp_path / "teacher")
    folder, home = unpacked(tmp_path / "some where"), tmp_path / "home"
    home.mkdir()
    with (
        browser.serving([sys.executable, str(folder / "open_course.py")], home) as address,
        browser.chromium(executable) as chromium,
        browser.fresh_page(chromium) as page,
    ):
        page.goto(address)  # which is that of the notebook
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
    collected = Path("collected", "anna")
    collected.mkdir(parents=True)
    Path(folder / f"{STEM}.ipynb").rename(collected / f"{STEM}.ipynb")
    assert main(["marks", "collected", "--out", "marks", "--timeout", "20"]) == 0
    with Path("marks", "marks.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["verdict"] for row in rows] == ["not yet", "right", "not yet", "not yet", "right", "not right"]
    assert {(row["student"], row["notebook"], row["remark"]) for row in rows} == {("anna", STEM, "")}
