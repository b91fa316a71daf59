"""The rules that every page of the built site keeps.

As in notebook_rules.py, each rule yields what is wrong, in words that say where; test_site.py holds every rule against
every page, and against an offender.
"""

import itertools
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup, Tag

RULES: dict[str, Callable] = {}
#: Elements whose address a browser opens by itself, while it shows the page.
FETCHED = {"script": "src", "img": "src", "iframe": "src", "source": "src", "video": "src", "link": "href"}
ELSEWHERE = re.compile(r"(?:https?:)?//")
IN_STYLE = re.compile(r"""(?:url\(|@import)\s*["']?(?:https?:)?//[^"')\s]*""")


def rule(check):
    RULES[check.__name__] = check
    return check


@cache
def read(page: Path) -> BeautifulSoup:
    return BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")


def headings(soup) -> Iterator[tuple[int, str]]:
    """Level and text; the theme repeats the title for printing, where the screen does not show it."""
    for tag in soup.find_all(re.compile(r"^h[1-6]$")):
        if not tag.find_parent(class_="onlyprint"):
            yield int(tag.name[1]), tag.get_text(" ", strip=True)


@rule
def language_is_set(page):
    html = read(page).html
    if html is None or html.get("lang") != "en":
        yield "<html> does not say that the page is in English (lang)"


@rule
def title_is_set(page):
    title = read(page).title
    if title is None or not title.get_text(strip=True):
        yield "the page has no <title>"


@rule
def images_have_alternative_texts(page):
    for image in read(page).find_all("img"):
        if len(image.get("alt", "").split()) < 2:
            yield f"an image is not described (alt={image.get('alt')!r}): {image.get('src', '')[:60]}"


@rule
def headings_are_in_order(page):
    found = list(headings(read(page)))
    if len(titles := [text for level, text in found if level == 1]) != 1:
        yield f"there is not exactly one heading of the first level: {titles}"
    for (above, _), (below, text) in itertools.pairwise(found):
        if below > above + 1:
            yield f"the heading {text!r} skips from level {above} to {below}"


@rule
def nothing_is_fetched_from_elsewhere(page):
    """Links that a reader may click on lead anywhere; what the browser opens by itself is part of the site."""
    soup = read(page)
    for name, attribute in FETCHED.items():
        for tag in soup.find_all(name):
            if ELSEWHERE.match(address := tag.get(attribute, "")):
                yield f"<{name}> fetches {address}"
    styles = [tag.get_text() for tag in soup.find_all("style")] + [t["style"] for t in soup.find_all(style=True)]
    for found in IN_STYLE.findall("\n".join(styles)):
        yield f"a style fetches {found}"


@rule
def links_lead_somewhere(page):
    """Every address within the site: the file is there, and has the anchor."""
    for tag in read(page).find_all(True):
        for address in (tag.get("href"), tag.get("src")):
            if address is not None and (problem := _dead(address, page)):
                yield f"{problem}: {address}"


def _dead(address: str, page: Path) -> str | None:
    parts = urlsplit(address)
    if parts.scheme or parts.netloc:
        return None
    target = page.parent / unquote(parts.path) if parts.path else page
    if not target.is_file():
        return "there is no such file"
    if parts.fragment and target.suffix == ".html" and unquote(parts.fragment) not in _anchors(target.resolve()):
        return "the page has no such anchor"
    return None


@cache
def _anchors(page: Path) -> frozenset[str]:
    return frozenset(tag["id"] for tag in read(page).find_all(id=True))


@rule
def anchors_are_unique(page):
    ids = sorted(tag["id"] for tag in read(page).find_all(id=True))
    for name in sorted({a for a, b in itertools.pairwise(ids) if a == b}):
        yield f"two elements have the id {name!r}"


def styles_fetch_nothing(stylesheet: Path) -> Iterator[str]:
    """The same for a style sheet: no font and no picture from elsewhere."""
    for found in IN_STYLE.findall(stylesheet.read_text(encoding="utf-8")):
        yield f"a style fetches {found}"


def table_below(page: Path, heading: str) -> list[list[str]]:
    """Texts of the cells of the first table below a heading, without its header line."""
    title = next((t for t in read(page).find_all(re.compile(r"^h[1-6]$")) if t.get_text().startswith(heading)), None)
    table: Tag | None = title.find_next("table") if title else None
    rows = table.find_all("tr")[1:] if table else []
    return [[cell.get_text(" ", strip=True) for cell in row.find_all("td")] for row in rows]
