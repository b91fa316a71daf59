"""The rules by which everybody can read a notebook, beside those of the other rule files: importing this adds them.

They are those of Berkeley's checker for notebooks (https://pypi.org/project/jupyterlab-a11y-checker) that no other rule
has. The checker itself is an extension of JupyterLab, or a program for Node, and no part of these tests; it reads no
outputs. The texts that figures get for those who do not see them are looked at where the site is built.
"""

import itertools
import re
from collections import Counter

from bs4 import BeautifulSoup
from notebook_rules import RULES, code_cells, markdown, rule

__all__ = ["RULES"]

IMAGE = re.compile(r"!\[(?P<alt>[^\]]*)\]\([^)]*\)|<img\b(?P<tag>[^>]*)>")
LINK = re.compile(r"(?<!!)\[(?P<text>[^\]]*)\]\([^)]*\)|<a\b[^>]*>(?P<inner>.*?)</a>", re.DOTALL)
VAGUE = {"click", "here", "link", "more", "page", "read", "see", "this"}


def headings(nb) -> list[tuple[int, str]]:
    text = re.sub(r"(?ms)^(```|~~~).*?^\1", "", markdown(nb))
    return [(len(marks), title) for marks, title in re.findall(r"(?m)^(#{1,6})(?:[ \t]+(.*))?$", text)]


@rule
def title_first(nb):
    first = nb.cells[0] if nb.cells else None
    if first is None or first.cell_type != "markdown" or not first.source.startswith("# "):
        yield "the first cell does not begin with a title (# ...)"
    if (titles := sum(level == 1 for level, _ in headings(nb))) != 1:
        yield f"there are {titles} headings of the first level; the title is the only one"


@rule
def headings_in_order(nb):
    levels = headings(nb)
    if not all(title for _, title in levels):
        yield "a heading is empty"
    for (above, _), (below, title) in itertools.pairwise(levels):
        if below > above + 1:
            yield f"the heading {title!r} skips from level {above} to {below}"


@rule
def alt_text(nb):
    for image in IMAGE.finditer(markdown(nb)):
        alt = image["alt"] if image["tag"] is None else "".join(re.findall(r"""alt=["']([^"']*)""", image["tag"]))
        if not alt.strip():
            yield f"an image has no alt text: {image[0][:60]}"


@rule
def sections_differ(nb):
    """Whoever jumps from heading to heading hears nothing else of a section."""
    for title, times in Counter(title.lower() for level, title in headings(nb) if level <= 2).items():
        if times > 1:
            yield f"{times} sections are called {title!r}"


@rule
def tables_have_headers(nb):
    """In the text and in outputs; those in Markdown's own way always have."""
    places = [("the text", markdown(nb))]
    for where, cell in code_cells(nb):
        places += [(where, out.get("data", {}).get("text/html", "")) for out in cell.outputs]
    for where, html in places:
        for table in BeautifulSoup(html, "html.parser").find_all("table"):
            if not table.find("th"):
                yield f"{where} has a table without cells of a header (<th>)"
            if where == "the text" and not table.find("caption"):
                yield "the text has a table in HTML without a <caption>"


@rule
def links_say_where_they_lead(nb):
    for link in LINK.finditer(markdown(nb)):
        text = re.sub(r"<[^>]*>|[*_`]", "", link["text"] or link["inner"] or "").strip()
        if set(re.findall(r"\w+", text.lower())) <= VAGUE or re.match(r"https?://|www\.", text):
            yield f"a link does not say where it leads: {link[0][:60]}"
