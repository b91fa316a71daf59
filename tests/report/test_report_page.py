"""The page is complete in itself, says nothing that its tables do not, and can be read on any screen."""

import re

import numpy as np
import pytest
from bs4 import BeautifulSoup

ALL = (
    "random labels", "one batch", "thirty", "four species", "intermediate", "two R", "one label", "pure batches",
    "separable", "many batches", "odd names", "unlabelled",
)  # fmt: skip


@pytest.fixture(params=ALL)
def page(request, report):
    written = report(request.param)
    return written, BeautifulSoup(written.html, "html.parser")


def text_of(soup):
    return re.sub(r"\s+", " ", soup.find("main").get_text(" "))


def test_nothing_is_fetched_and_nothing_runs(page):
    _, soup = page
    assert not soup.find_all(["script", "link", "iframe", "object"])
    assert all(image["src"].startswith("data:image/png;base64,") for image in soup.find_all("img"))
    assert "url(" not in soup.find("style").string and "@import" not in soup.find("style").string
    assert all(a["href"].startswith(("#", "https://doi.org/")) or ":" not in a["href"] for a in soup.find_all("a"))


def test_links_lead_somewhere(page):
    written, soup = page
    ids = [tag["id"] for tag in soup.find_all(id=True)]
    assert len(ids) == len(set(ids))
    for href in {a["href"] for a in soup.find_all("a")}:
        assert href.startswith("https") or href.lstrip("#") in ids or href in written.files, href


def test_figures_have_a_text_and_tables_scroll_by_themselves(page):
    _, soup = page
    assert all(len(image["alt"]) > 20 for image in soup.find_all("img"))
    for table in soup.find_all("table"):
        assert "scroll" in table.parent["class"] and table.parent["tabindex"] == "0"
        assert len({len(row.find_all(["th", "td"])) for row in table.find_all("tr")}) == 1


def test_no_blank_was_left_open(page):
    _, soup = page
    for word in ("nan", "NaN", "None", "inf", "Undefined", "{{", "{%", "Interval(", "<NA>"):
        assert not re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text_of(soup)), word


def test_sentences_are_apart(page):
    _, soup = page
    for paragraph in soup.find_all("p"):
        text = paragraph.get_text()
        assert not re.search(r"[a-z)]\.[A-Z]", re.sub(r"doi:\S+|tables/\S+", "", text)), text


def test_no_spectrum_is_named(page):
    written, soup = page
    assert not [one for one in written.data.X.index if one in soup.get_text()]


def test_names_of_batches_are_text(report):
    written = report("odd names")
    assert "<script>" not in written.html and "&lt;script&gt;" in written.html
    assert "Größe" in written.html


@pytest.fixture(scope="module")
def tab(executable):
    import browser

    with browser.chromium(executable) as chromium, browser.fresh_page(chromium) as tab:
        yield tab


@pytest.mark.parametrize("name", ["many batches", "unlabelled", "four species"])
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_the_screen_and_can_be_read(name, width, scheme, report, tab):
    tab.set_viewport_size({"width": width, "height": 800})
    tab.emulate_media(color_scheme=scheme)
    tab.goto(report(name).path.as_uri())
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    ink, paper = (tab.evaluate(f"getComputedStyle(document.body).{what}") for what in ("color", "backgroundColor"))
    assert contrast(ink, paper) > 7


def contrast(one, other):
    """Of two colours as browsers write them, by the WCAG."""
    light = []
    for color in (one, other):
        rgb = np.array([int(c) for c in re.findall(r"\d+", color)[:3]]) / 255
        light.append(np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4) @ [0.2126, 0.7152, 0.0722])
    return (max(light) + 0.05) / (min(light) + 0.05)
