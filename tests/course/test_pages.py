"""Pages of a run: complete in themselves, with answers closed, formulae drawn and links that lead somewhere."""

import re
from pathlib import Path

import demo
import nbformat
import pytest
from bs4 import BeautifulSoup

from maldinb.course.__main__ import main
from maldinb.course.claims import Tally
from maldinb.course.execution import Result
from maldinb.course.glossary import plain_glossary
from maldinb.course.links import linked_files
from maldinb.course.pages import index_page, notebook_page, text_page, title_of

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
THERE = {path.name: f"{path.stem}.html" for path in NOTEBOOKS} | {"glossary.md": "glossary.html"}


@pytest.fixture(scope="module", params=NOTEBOOKS, ids=lambda path: path.stem)
def page(request):
    """A notebook, and its page as a browser reads it."""
    nb = nbformat.read(request.param, 4)
    return nb, BeautifulSoup(notebook_page(nb, THERE), "html.parser")


def test_answers_and_solutions_are_closed_and_hold_what_they_should(page):
    nb, soup = page
    details = soup.find_all("details")
    written = sum(cell.source.count("<details>") for cell in nb.cells if cell.cell_type == "markdown")
    solutions = [cell for cell in nb.cells if "solution" in cell.metadata.get("tags", [])]
    assert len(details) == written + len(solutions) > 8
    assert not any(one.has_attr("open") for one in details)
    for one in details:
        assert len(one.get_text(" ", strip=True)) > len(one.summary.get_text(strip=True)) + 40, one
    folded = [one.get_text() for one in soup.select("details.solution")]
    assert all("# Solution" in text for text in folded) and len(folded) == len(solutions)
    for one in soup.find_all("details"):
        one.decompose()
    shown = soup.get_text()
    assert "# Solution" not in shown and "Right:" not in shown and "Wrong:" not in shown


def test_formulae_are_drawn_by_the_browser(page):
    nb, soup = page
    formulae = sum(len(re.findall(r"\$[^$]+\$", c.source)) for c in nb.cells if c.cell_type == "markdown")
    assert len(soup.find_all("math")) == formulae
    assert not any("$" in p.get_text() for p in soup.select(".jp-MarkdownOutput p"))


def test_the_title_is_the_heading(page):
    nb, soup = page
    assert soup.title.string == title_of(nb) == nb.cells[0].source.splitlines()[0].removeprefix("# ")


def test_links_lead_to_pages_or_elsewhere(page):
    _, soup = page
    near = {link["href"] for link in soup.select("a[href]") if not re.match("#|https?:", link["href"])}
    assert near and near <= set(THERE.values())
    ids = {tag["id"] for tag in soup.select("[id]")}
    assert {a["href"][1:] for a in soup.select("a[href^='#']")} <= {i.replace('"', "%22") for i in ids}


def test_nothing_is_fetched(page):
    _, soup = page
    assert not soup.select("script[src], link[href], img:not([src^='data:'])")


def test_formulae_of_both_kinds():
    nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(r"$\sqrt{x}$ and" + "\n\n$$y$$")])
    page = notebook_page(nb, {})
    soup = BeautifulSoup(page, "html.parser")
    assert len(soup.find_all("math")) == 2 and soup.find("msqrt") and "$" not in soup.main.get_text()


def test_a_link_to_what_is_not_there_is_text():
    source = "[one](02_other.ipynb), [two](../README.md#a), [three](https://doi.org/1), [four](#here)"
    nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(source)])
    links = BeautifulSoup(notebook_page(nb, {"README.md": "a b.html"}), "html.parser").select("p a")
    assert [link["href"] for link in links] == ["a%20b.html#a", "https://doi.org/1", "#here"]


def test_the_glossary_is_readable_without_sphinx():
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    plain = plain_glossary(text)
    assert "```" not in plain and "**total ion current**, **TIC.** Sum of all intensities" in plain
    terms = [line for block in re.findall(r"```\{glossary\}\n(.*?)```", text, re.S) for line in block.splitlines()]
    terms = [line for line in terms if line and not line.startswith(" ")]
    assert len(re.findall(r"\*\*[^*]+\*\*", plain)) >= len(terms) > 60
    page = BeautifulSoup(text_page(ROOT / "docs" / "glossary.md", {}), "html.parser")
    assert page.title.string == "Glossary" and len(page.find_all("strong")) >= len(terms)


def test_the_index_names_every_notebook():
    done = Result("01 a", Tally(2, ("a < b",), ("who?",)), 1.2, 3.4)
    failed = Result("02", Tally(0, ()), 5, 6, "Error: no")
    page = index_page([done, failed], {"01 a": "<a> & b", "02": "c"}, {"NAME": "<'x'>"})
    soup = BeautifulSoup(page, "html.parser")
    cells = [cell.get_text() for cell in soup.select("td")]
    assert cells == ["01 <a> & b", "2/4", "1", "3", "02 c", "FAILED", "5", "6"]
    assert [link["href"] for link in soup.select("a")] == ["01%20a.html", "02.html"]
    assert [line.get_text() for line in soup.select("li")] == ["""NAME = "<'x'>\"""", "✗ a < b", "? who?"]
    assert soup.title.string == soup.h1.string == "maldinb: a run of the course"


def test_the_index_says_that_nothing_was_changed():
    soup = BeautifulSoup(index_page([Result("01", Tally(1, ()), 1, 1)], {"01": "a"}, {}), "html.parser")
    assert soup.p.string == "Executed with the parameters of the course." and not soup.select("li")


def test_a_run_has_a_first_page_and_what_its_pages_link_to(tmp_path, monkeypatch):
    text = demo.GOOD.replace(
        "# # Draw a parabola", "# # Draw\n#\n# See the [glossary](../docs/glossary.md), and [two](02_b.ipynb)."
    )
    for name in ("01_a", "02_b"):
        demo.make(tmp_path / "notebooks", text, name, execute=False)
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "glossary.md").write_text("# Words\n\n```{glossary}\nbin\n  A step.\n```\n")
    monkeypatch.chdir(tmp_path)
    assert main(["run", "-p", "SHIFT=2", "01_a"]) == 0
    out = tmp_path / "build" / "run"
    pages = {path.name: BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser") for path in out.glob("*.html")}
    assert set(pages) == {"01_a.html", "glossary.html", "index.html"}
    links = {name: [a["href"] for a in soup.select("a[href]") if a["href"][0] != "#"] for name, soup in pages.items()}
    assert links == {"01_a.html": ["glossary.html"], "glossary.html": [], "index.html": ["01_a.html"]}
    said = pages["index.html"].get_text()
    assert "SHIFT = 2" in said and "1/2" in said and "✗ the parabola was shifted by 2" in said
    assert linked_files(nbformat.read(out / "01_a.ipynb", 4), tmp_path / "notebooks")
