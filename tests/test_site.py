"""The site: built offline without a warning; complete, connected, readable, on a desk and on a phone."""

import importlib
import json
import os
import pkgutil
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from site_rules import RULES, links_lead_somewhere, read, styles_fetch_nothing, table_below
from sphinx.util.inventory import InventoryFile

import maldinb
from maldinb.course.claims import by_section
from maldinb.course.results import read_results

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def build(source: Path, out: Path, *options: str) -> subprocess.CompletedProcess:
    """As `make site` builds it; tests/startup keeps the network away."""
    command = [sys.executable, "-m", "sphinx", "-q", "-n", "-W", "--keep-going", "-b", "html", "-c", str(ROOT / "docs")]
    command += ["-d", str(out.parent / "doctrees"), *options, str(source), str(out)]
    return subprocess.run(command, capture_output=True, text=True, env=os.environ | {"NO_COLOR": "1"})


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    out = tmp_path_factory.mktemp("site") / "html"
    done = build(ROOT, out)
    assert done.returncode == 0, done.stderr
    return out


@pytest.fixture(scope="module")
def pages(site):
    """Pages for readers; in _static the theme keeps files that are none."""
    return [page for page in sorted(site.rglob("*.html")) if "_static" not in page.parts]


# --- what is there ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", RULES)
def test_rule(name, pages):
    assert [f"{page.name}: {problem}" for page in pages for problem in RULES[name](page)] == []


def test_styles_fetch_nothing(site):
    sheets = list(site.rglob("*.css"))
    assert len(sheets) > 3
    assert [problem for sheet in sheets for problem in styles_fetch_nothing(sheet)] == []


@each_notebook
def test_notebook_is_there_with_all_figures(path, site):
    page = site / "notebooks" / f"{path.stem}.html"
    cells = nbformat.read(path, as_version=4).cells
    figures = sum("image/png" in out.get("data", {}) for cell in cells for out in cell.get("outputs", []))
    assert len(read(page).select(".cell_output img")) == figures
    assert any(
        a["href"].endswith(f"notebooks/{path.stem}.html") for a in read(site / "docs" / "index.html").select("a")
    )


@each_notebook
def test_notebook_tells_search_engines_what_it_is(path, site):
    (script,) = read(site / "notebooks" / f"{path.stem}.html").select('head > script[type="application/ld+json"]')
    found = json.loads(script.string)
    assert (
        f"{path.stem[:2]} {found['name']}" == read(site / "notebooks" / f"{path.stem}.html").h1.get_text().rstrip("#")
        and found["timeRequired"] == f"PT{sections(path)[1]}M"
    )


def test_every_public_function_and_class_is_documented(site):
    """Those in an __all__; where a package offers what another one does, once is enough."""
    inventory = InventoryFile.loads((site / "objects.inv").read_bytes(), uri="")
    kinds = ("py:function", "py:class", "py:exception")
    found = [name.rpartition(".") for kind in kinds for name in inventory.data[kind]]
    documented = [getattr(importlib.import_module(module), name) for module, _, name in found]
    names = ["maldinb", *(f"maldinb.{m.name}" for m in pkgutil.iter_modules(maldinb.__path__))]
    modules = [importlib.import_module(name) for name in names]
    offered = [getattr(module, name) for module in modules for name in getattr(module, "__all__", [])]
    missing = [f"{x.__module__}.{x.__qualname__}" for x in offered if callable(x) and x not in documented]
    assert missing == [], "docs/api/ has a page for each package"


# --- the teacher's page and the glossary ------------------------------------------------------------------------------


#: Quotation marks as they are typed.
PLAIN = str.maketrans("’“”", '\'""')


def sections(path):
    """Numbered sections of a notebook."""
    text = "\n".join(c.source for c in nbformat.read(path, as_version=4).cells if c.cell_type == "markdown")
    return re.findall(r"(?m)^## (.+)$", text), int(re.search(r"About (\d+)\s+minutes", text)[1])


@each_notebook
def test_teachers_page_lists_the_sections_and_their_minutes(path, site):
    titles, minutes = sections(path)
    rows = table_below(site / "docs" / "teaching.html", f"Notebook {path.stem[:2]}")
    assert [row[0].translate(PLAIN) for row in rows] == [re.sub(r"[*`]", "", title) for title in titles]
    assert sum(int(row[1]) for row in rows) == minutes


def test_page_of_claims_has_each_that_a_notebook_prints(site):
    printed = [
        (path.stem[:2], found.sentence)
        for path in sorted((ROOT / "notebooks").glob("*.ipynb"))
        for _, found in by_section(nbformat.read(path, as_version=4).cells)
    ]
    rows = table_below(site / "docs" / "claims.html", "What the notebooks claim")
    assert [row[0] for row in rows] == [number for number, _ in printed] and len(rows) > 50


def test_page_of_claims_leads_to_sections_and_shows_marks_as_notebooks_do(site):
    table = read(site / "docs" / "claims.html").table
    rows = [row.select("td") for row in table.select("tbody tr")]
    assert all(f"notebooks/{number.get_text()}_" in section.a["href"] for number, section, *_ in rows)
    assert {row[2].find(role="img")["aria-label"] for row in rows} == {"holds", "does not hold"}


def test_page_of_claims_has_each_result_that_the_text_tells(site):
    rows = table_below(site / "docs" / "claims.html", "Results that the text tells")
    told = [name[:2] for name, of_one in read_results(ROOT / "notebooks").items() for _ in of_one]
    assert [row[0] for row in rows] == told and all(row[3] for row in rows)


def test_time_plan_of_a_lesson_adds_up(site):
    rows = table_below(site / "docs" / "teaching.html", "A lesson of 90 minutes")
    assert sum(int(row[0]) for row in rows) == 90


def glossary(site):
    """Names of each entry, with the number of the notebook that teaches it, or None."""
    names = []
    for tag in read(site / "docs" / "glossary.html").select("dl.glossary > dt, dl.glossary > dd"):
        if tag.name == "dt":
            names.append(tag.get_text(" ", strip=True).removesuffix("#").strip())
        else:
            number = re.search(r"\((\d\d)\)$", tag.get_text(" ", strip=True))
            yield names, number and number[1]
            names = []


def test_notebooks_use_the_words_that_the_glossary_says_they_teach(site):
    entries = list(glossary(site))
    assert len(entries) > 50
    texts = {p.stem[:2]: " ".join(c.source for c in nbformat.read(p, as_version=4).cells) for p in NOTEBOOKS}
    texts = {number: re.sub(r"[\s*`]+", " ", text).lower() for number, text in texts.items()}
    missing = [
        (names, number)
        for names, number in entries
        if number in texts and not any(name.lower() in texts[number] for name in names)
    ]
    assert missing == []


# --- the front page, words and sections -------------------------------------------------------------------------------


def test_front_page_has_a_card_of_each_notebook(site):
    cards = read(site / "docs" / "index.html").select("ul.cards > li")
    assert [card.a["href"] for card in cards] == [f"../notebooks/{path.stem}.html" for path in NOTEBOOKS]
    minutes = [re.search(r"(\d+) minutes", card.get_text())[1] for card in cards]
    assert list(map(int, minutes)) == [sections(path)[1] for path in NOTEBOOKS]
    assert all(card.img["alt"] for card in cards)
    titles = [read(site / "notebooks" / f"{path.stem}.html").h1.find(string=True).strip() for path in NOTEBOOKS]
    assert [card.a.get_text().strip() for card in cards] == titles


def test_the_notebooks_can_be_downloaded_without_solutions(site):
    link = read(site / "docs" / "index.html").select_one("a[download]")
    with zipfile.ZipFile(site / "docs" / link["href"]) as packed:
        names = {Path(name).name: name for name in packed.namelist()}
        assert {path.name for path in NOTEBOOKS} | {"glossary.md"} <= set(names)
        copies = [nbformat.reads(packed.read(names[path.name]), as_version=4) for path in NOTEBOOKS]
    assert not any("solution" in cell.metadata.get("tags", []) for copy in copies for cell in copy.cells)


@each_notebook
def test_title_carries_the_number(path, site):
    page = read(site / "notebooks" / f"{path.stem}.html")
    texts = [page.title.get_text(), page.article.h1.get_text(), page.select_one("nav li.current > a").get_text()]
    assert all(text.strip().startswith(path.stem[:2]) for text in texts)


@each_notebook
def test_words_of_the_glossary_are_linked_once_with_their_definition(path, site):
    page = read(site / "notebooks" / f"{path.stem}.html")
    links = page.select("a:has(> .term)")
    anchors = [link["href"] for link in links]
    assert len(set(anchors)) == len(anchors) > 5
    definitions = {
        tag["id"]: " ".join(tag.find_next("dd").get_text().translate(PLAIN).split())
        for tag in read(site / "docs" / "glossary.html").select("dl.glossary > dt")
    }
    assert all(link["title"] in definitions[link["href"].partition("#")[2]] for link in links)
    assert not page.select(".cell_output .term, .cell_input .term, h1 .term, h2 .term, a a")


def test_glossary_and_teachers_page_lead_to_sections(site):
    entries = read(site / "docs" / "glossary.html").select("dl.glossary dd")
    numbers = [a for dd in entries for a in dd.select("a") if re.fullmatch(r"\(\d\d\)", a.get_text())]
    assert len(numbers) == sum(number is not None for _, number in glossary(site)) > 50
    assert all(f"/{a.get_text()[1:3]}_" in a["href"] and "#" in a["href"] for a in numbers)
    teaching = read(site / "docs" / "teaching.html")
    for path in NOTEBOOKS:
        heading = next(h for h in teaching.select("h3") if h.get_text().startswith(f"Notebook {path.stem[:2]}"))
        rows = heading.find_next("table").select("tbody tr")
        assert all(row.td.a["href"].startswith(f"../notebooks/{path.stem}.html#") for row in rows)
    there = {a.get_text(): a["href"] for a in teaching.select("a")}
    assert there["notebook 01, section 6"] == "../notebooks/01_data_loading_and_caching.html#the-confounder"
    assert there["5"] == "../notebooks/01_data_loading_and_caching.html#what-is-known-of-each-spectrum"


# --- in a browser -----------------------------------------------------------------------------------------------------

CONTRAST = (ROOT / "tests" / "contrast.js").read_text(encoding="utf-8")
WIDE = """[...document.querySelectorAll("pre")]
    .filter(block => block.scrollWidth > block.clientWidth)
    .map(block => `has a block that is cut, as at "${block.textContent.trim().slice(0, 30)}"`)"""
#: Serious and critical findings of axe-core; what CONTRAST measures on every page takes it long.
AXE = """async () => (await axe.run({rules: {"color-contrast": {enabled: false}}, resultTypes: ["violations"]}))
    .violations.filter(({impact}) => ["serious", "critical"].includes(impact))
    .map(({help, nodes}) => `${help}: ${nodes[0].html.slice(0, 80)}`)"""
SCREENSHOTS = ROOT / "build" / "screenshots"
DESK, PHONE = (1280, 900), (390, 844)


@pytest.fixture(scope="module")
def tab(executable):
    """A page of the browser; what it asks for and does not get, or asks for elsewhere, is kept in `tab.missed`."""
    import browser

    with browser.chromium(executable) as chromium, browser.fresh_page(chromium) as tab:
        tab.missed = []
        tab.on("requestfailed", lambda request: tab.missed.append(request.url))
        tab.on("request", lambda r: None if r.url.startswith(("file:", "data:")) else tab.missed.append(r.url))
        yield tab


def show(tab, page, size=PHONE):
    tab.missed.clear()
    resize(tab, size)
    put_into(tab, "light")
    tab.goto(page.as_uri())


def resize(tab, size):
    tab.set_viewport_size(dict(zip(("width", "height"), size, strict=True)))


def put_into(tab, scheme):
    tab.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # no colours on their way


def faults(tab):
    """What is wrong with the page that is shown."""
    width, there = tab.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    wide = [f"is {width} px wide, on a screen of {there}"] if width > there else []
    return wide + tab.evaluate(WIDE) + tab.evaluate(CONTRAST) + [f"misses {url}" for url in tab.missed]


LOOKED_AT = (
    "docs/index",
    "docs/claims",
    "notebooks/01_data_loading_and_caching",
    "docs/glossary",
    "docs/api/maldinb.evaluation",
)


def test_pages_are_readable(tab, pages, site):
    """Light on a phone, dark on a desk but for the package's many; one of each kind also the other way round."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    found = []
    for page in set(pages) - {site / "index.html"}:
        name = page.relative_to(site).with_suffix("").as_posix()
        show(tab, page, PHONE)
        looks = [(PHONE, "light")]
        if name in LOOKED_AT or not name.startswith("docs/api/"):
            looks += [(DESK, "dark")]
        if name in LOOKED_AT:
            looks += [(PHONE, "dark"), (DESK, "light")]
        for size, scheme in looks:
            resize(tab, size)
            put_into(tab, scheme)
            tab.wait_for_function("scheme => document.documentElement.dataset.theme === scheme", arg=scheme, polling=20)
            found += [f"{name} {fault} ({scheme}, {size[0]} px)" for fault in faults(tab)]
            if name in LOOKED_AT:
                tab.screenshot(path=SCREENSHOTS / f"site_{name.replace('/', '_')}_{scheme}_{size[0]}.png")
    assert found == []


def barriers(tab):
    """What axe-core calls a serious or critical barrier. The library brings it along, so nothing is fetched."""
    from axe_playwright_python.base import AXE_SCRIPT

    tab.evaluate(AXE_SCRIPT)
    return tab.evaluate(AXE)


@pytest.mark.parametrize("name", LOOKED_AT)
def test_pages_have_no_barriers(name, tab, site):
    show(tab, site / f"{name}.html", DESK)
    assert barriers(tab) == []


@pytest.mark.parametrize(
    ("planted", "barrier"),
    [
        ("<p>fine</p>", None),
        ("<button></button>", "Buttons must have discernible text"),
        ('<img src="data:,">', "Images must have alternative text"),
    ],
)
def test_a_barrier_is_caught(planted, barrier, tab, page):
    show(tab, page(f'<!DOCTYPE html><html lang="en"><title>A page</title><body>{planted}</body></html>'))
    found = barriers(tab)
    assert barrier in " ".join(found) if barrier else found == []


def test_a_definition_is_shown_to_those_who_use_the_keyboard(tab, site):
    show(tab, site / "notebooks" / f"{NOTEBOOKS[0].stem}.html", DESK)
    word = tab.locator("a:has(> .term)").first
    shown = "a => getComputedStyle(a, '::after').content"
    assert word.evaluate(shown) == "none"
    tab.keyboard.press("Tab")  # whoever uses the keyboard sees where it is
    word.focus()
    assert word.get_attribute("title")[:20] in word.evaluate(shown)


def test_the_front_door_leads_to_the_first_page(tab, site):
    show(tab, site / "index.html")
    tab.wait_for_url((site / "docs" / "index.html").as_uri())


@pytest.mark.parametrize(
    ("planted", "fault"),
    [
        ("<p>fine</p>", None),
        ('<p style="color: #777">a bit too pale</p>', "4.48"),
        ('<p style="background: #00f; color: #000">on blue</p>', "2.44"),
        ('<h2 style="color: #777; font-size: 24px">large enough for this grey</h2>', None),
        ('<p style="opacity: 0; color: #eee">not seen by anybody</p>', None),
        ('<pre style="width: 2000px">wide</pre>', "is 2008 px wide, on a screen of 390"),
        ('<pre style="width: 50px; overflow: auto">a long line that is not wrapped</pre>', "is cut"),
        ('<img src="missing.png">', "misses"),
        ('<img src="https://cdn.example/a.png">', "misses https://cdn.example/a.png"),
    ],
)
def test_what_cannot_be_read_is_caught(planted, fault, tab, page):
    show(tab, page(f"<!DOCTYPE html><html><body>{planted}</body></html>"))
    found = faults(tab)
    assert fault in " ".join(found) if fault else found == []


# --- planted defects --------------------------------------------------------------------------------------------------

GOOD = """<!DOCTYPE html><html lang="en"><head><title>A page</title><link rel="stylesheet" href="a.css"></head>
<body><h1>A page</h1><h2 id="two">Two</h2><p><a href="#two">here</a> <a href="https://doi.org/10.1/x">there</a>
<img src="a.png" alt="A rising line."></p></body></html>"""

OFFENDERS = [
    ("language_is_set", ' lang="en"', ""),
    ("title_is_set", "<title>A page</title>", ""),
    ("images_have_alternative_texts", ' alt="A rising line."', ""),
    ("images_have_alternative_texts", "A rising line.", ""),
    ("images_have_alternative_texts", "A rising line.", "a.png"),
    ("headings_are_in_order", "h2", "h3"),
    ("headings_are_in_order", "h2", "h1"),
    ("headings_are_in_order", "h1", "p"),
    ("nothing_is_fetched_from_elsewhere", 'href="a.css"', 'href="https://fonts.example/a.css"'),
    ("nothing_is_fetched_from_elsewhere", 'src="a.png"', 'src="//cdn.example/a.png"'),
    ("nothing_is_fetched_from_elsewhere", "</head>", '<script src="http://cdn.example/a.js"></script></head>'),
    ("nothing_is_fetched_from_elsewhere", "</head>", "<style>@import 'https://cdn.example/a.css';</style></head>"),
    ("nothing_is_fetched_from_elsewhere", "<p>", '<p style="background: url(https://cdn.example/a.png)">'),
    ("links_lead_somewhere", 'href="#two"', 'href="#three"'),
    ("links_lead_somewhere", 'href="#two"', 'href="other.html"'),
    ("links_lead_somewhere", 'src="a.png"', 'src="b.png"'),
    ("anchors_are_unique", "<p>", '<p id="two">'),
]


@pytest.fixture
def page(tmp_path):
    def write(text, name="page.html"):
        for beside in ("a.css", "a.png"):
            (tmp_path / beside).touch()
        (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path / name

    return write


@pytest.mark.parametrize("name", RULES)
def test_good_page_keeps_rule(name, page):
    assert list(RULES[name](page(GOOD))) == []


@pytest.mark.parametrize(("name", "old", "new"), OFFENDERS)
def test_offender_is_caught(name, old, new, page):
    assert list(RULES[name](page(GOOD.replace(old, new)))) != []


def test_every_rule_has_an_offender():
    assert {name for name, *_ in OFFENDERS} == set(RULES)


def test_anchors_of_other_pages_are_looked_up(page):
    page(GOOD, "other.html")
    good = page(GOOD.replace("#two", "other.html#two"), "good.html")
    bad = page(GOOD.replace("#two", "other.html#three"), "bad.html")
    assert list(links_lead_somewhere(good)) == []
    assert list(links_lead_somewhere(bad)) == ["the page has no such anchor: other.html#three"]


def test_font_from_elsewhere_is_caught(tmp_path):
    (tmp_path / "a.css").write_text("@font-face { src: url('https://fonts.example/a.woff2') }")
    assert list(styles_fetch_nothing(tmp_path / "a.css")) != []


@pytest.mark.parametrize(
    ("after", "warning"),
    [
        ("The line rises.", None),
        ("## The next section", "no sentence after this figure"),
        ("A [link](nowhere.ipynb).", "nowhere"),
    ],
)
def test_build_fails_on_a_figure_without_a_sentence_and_on_a_broken_link(after, warning, tmp_path):
    figure = nbformat.v4.new_output("display_data", data={"image/png": "iVBORw0KGgo="})
    first = "# A title\n\n**What you will do.** Draw.\n\n**What you will learn**\n\n- to draw\n\n"
    first += "**What you need.** A pen. About 5 minutes."
    cells = [new_markdown_cell(first), new_code_cell("draw()", outputs=[figure]), new_markdown_cell(after)]
    path = tmp_path / "source" / "notebooks" / "01.ipynb"
    path.parent.mkdir(parents=True)
    nbformat.write(new_notebook(cells=cells, metadata={"language_info": {"name": "python"}}), path)
    done = build(tmp_path / "source", tmp_path / "out", "-D", "root_doc=notebooks/01")
    if warning:
        assert done.returncode == 1
        assert warning in done.stderr
    else:
        assert done.returncode == 0, done.stderr
        assert 'alt="The line rises."' in (tmp_path / "out" / "notebooks" / "01.html").read_text(encoding="utf-8")
