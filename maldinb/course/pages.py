"""Executed notebooks as pages for a browser: each complete in itself, nothing fetched, answers folded away."""

import html
import re
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from docutils.utils.math.latex2mathml import tex2mathml
from jinja2 import DictLoader
from nbconvert import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode

from .glossary import plain_glossary

#: The page of JupyterLab, but for solutions, which are closed until somebody opens them.
_TEMPLATE = """\
{% extends 'lab/index.html.j2' %}
{% block extra_css %}
<style>
.jp-RenderedText pre { word-break: normal; overflow-wrap: anywhere; }
details.solution > summary { padding: 4px 8px; margin-left: var(--jp-cell-prompt-width); cursor: pointer; }
</style>
{% endblock %}
{% block input_group %}
{% if 'solution' in cell.metadata.get('tags', []) %}
<details class="solution"><summary>Show the solution</summary>
{{ super() }}
</details>
{% else %}
{{ super() }}
{% endif %}
{% endblock %}
"""
_PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ font-family: system-ui, sans-serif; line-height: 1.5; max-width: 50rem; margin: 2rem auto; padding: 0 1rem; }}
table {{ border-collapse: collapse; display: block; overflow-x: auto; }}
th, td {{ text-align: left; padding: 0.3rem 0.8rem; border-bottom: 1px solid #ccc; }}
pre {{ overflow-x: auto; }}
</style>
</head>
<body>
{body}
</body>
</html>
"""


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
    exporter = HTMLExporter(
        template_file="course.html.j2",
        extra_loaders=[DictLoader({"course.html.j2": _TEMPLATE})],
        mathjax_url="",
        require_js_url="",
        jquery_url="",
    )
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
    return _PAGE.format(title=html.escape(title[1] if title else path.stem), body=body)


def index_page(title: str, intro: str, rows: list[dict[str, str]]) -> str:
    """The first page: what was run, with a line for each notebook.

    Parameters
    ----------
    title, intro : str
    rows : list of dict
        Column -> text, alike for all; a value in ``href`` makes the first column a link.

    Returns
    -------
    str
    """
    columns = [name for name in rows[0] if name != "href"]
    head = "".join(f"<th>{html.escape(name)}</th>" for name in columns)
    lines = []
    for row in rows:
        cells = [html.escape(row[name]) for name in columns]
        if row.get("href"):
            cells[0] = f'<a href="{quote(row["href"])}">{cells[0]}</a>'
        lines.append("<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>")
    table = f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n" + "\n".join(lines) + "\n</tbody>\n</table>"
    return _PAGE.format(title=html.escape(title), body=f"<h1>{html.escape(title)}</h1>\n{intro}\n{table}")
