"""Executed notebooks as pages for a browser: each complete in itself, nothing fetched, answers folded away."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote

from docutils.utils.math.latex2mathml import tex2mathml
from jinja2 import Environment, PackageLoader, StrictUndefined
from nbconvert import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode

from .claims import BROKEN, UNKNOWN
from .execution import Result
from .glossary import plain_glossary

_LOADER = PackageLoader("maldinb.course")


class _Renderer(IPythonRenderer):
    """Markdown as JupyterLab shows it, with formulae that need no script, and links that lead somewhere."""

    def __init__(self, there, **options):
        super().__init__(escape=False, **options)
        self.there = there

    def inline_math(self, body):
        return tex2mathml(body)

    def block_math(self, body):
        return tex2mathml(body, as_block=True)

    def link(self, text, url, title=None):
        target, hash_, section = url.partition("#")
        if "://" in url or not target:
            return super().link(text, url, title)
        page = self.there.get(PurePosixPath(target).name)
        return super().link(text, f"{quote(page)}{hash_}{section}", title) if page else text


def notebook_page(nb: NotebookNode, there: dict[str, str]) -> str:
    """The page of an executed notebook.

    Parameters
    ----------
    nb : NotebookNode
    there : dict
        Name of a file that notebooks link to -> name of its page. Other links to files become plain text.

    Returns
    -------
    str
    """
    nothing = {"mathjax_url": "", "require_js_url": "", "jquery_url": ""}
    exporter = HTMLExporter(template_file="course.html.j2", extra_loaders=[_LOADER], **nothing)
    exporter.register_filter("markdown2html", lambda source: MarkdownWithMath(renderer=_Renderer(there)).render(source))
    page, _ = exporter.from_notebook_node(nb, resources={"metadata": {"name": title_of(nb)}})
    return re.sub(r'<script src="(https?:[^"]*)?">\s*</script>', "", page)


def title_of(nb: NotebookNode) -> str:
    """The heading of a notebook, as plain text."""
    for cell in nb.cells:
        if cell.cell_type == "markdown" and (heading := re.match(r"\s*# +(.+)", cell.source)):
            return re.sub(r"[*`]", "", heading[1])
    return "Notebook"


def text_page(path: Path, there: dict[str, str]) -> str:
    """The page of a Markdown file, such as the glossary."""
    text = plain_glossary(path.read_text(encoding="utf-8"))
    title = re.search(r"(?m)^# +(.+)", text)
    body = MarkdownWithMath(renderer=_Renderer(there, exclude_anchor_links=True)).render(text)
    return _render("text.html.j2", title=title[1] if title else path.stem, body=body)


def index_page(results: list[Result], titles: Mapping[str, str], values: Mapping[str, Any]) -> str:
    """The first page: what was run with which parameters, a line for each notebook, and which claims did not hold.

    Parameters
    ----------
    results : list of Result
    titles : dict
        Name of a notebook -> its heading.
    values : dict
        Parameters other than those of the course.

    Returns
    -------
    str
    """
    marked = [(BROKEN, text) for r in results for text in r.claims.broken]
    marked += [(UNKNOWN, text) for r in results for text in r.claims.unknown]
    return _render("index.html.j2", results=results, titles=titles, values=values, marked=marked)


def _render(template: str, **facts: Any) -> str:
    environment = Environment(loader=_LOADER, autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    return environment.get_template(template).render(**facts)
