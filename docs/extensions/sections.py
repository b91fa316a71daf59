"""Where a page of docs/ names a section of a notebook, it links there.

It does so in running text, as in "notebook 02, sections 6 and 10", and in tables: below a heading "Notebook 02" titles
of sections stand in the first column, elsewhere in the second, and "02" in the first. Below such a heading "section 6"
means one of that notebook.
"""

import re

from docutils import nodes

_NAMED = re.compile(r"(?:[Nn]otebook (\d\d), )?[Ss]ections? (\d+(?:\.\d+)?)(?: and (\d+(?:\.\d+)?))?")
_NOTEBOOK = re.compile(r"Notebook (\d\d)\b")


def _sections(env) -> dict[str, dict[str, str]]:
    """For each notebook by number, title and number of each section -> its address."""
    found = {}
    for docname, toc in env.tocs.items():
        if of_one := re.match(r"notebooks/(\d\d)_", docname):
            titles = {link.astext(): (docname, link["anchorname"]) for link in toc.findall(nodes.reference)}
            numbers = {n[0].rstrip("."): to for title, to in titles.items() if (n := re.match(r"\d[\d.]*", title))}
            found[of_one[1]] = titles | numbers
    return found


def _here(node) -> str | None:
    """The number of the notebook that the part of the page is about."""
    while node is not None:
        if isinstance(node, nodes.section) and (found := _NOTEBOOK.match(node.next_node(nodes.title).astext())):
            return found[1]
        node = node.parent
    return None


def _link(app, doctree, docname) -> None:
    if not docname.startswith("docs/") or docname.startswith("docs/api/"):
        return
    sections = _sections(app.env)

    def linked(text: str, notebook: str | None, section: str) -> nodes.Node:
        if (to := sections.get(notebook, {}).get(section)) is None:
            return nodes.Text(text)
        address = app.builder.get_relative_uri(docname, to[0]) + to[1]
        return nodes.reference("", text, refuri=address, internal=True)

    for row in doctree.findall(nodes.row):
        notebook, cell = _here(row), row.next_node(nodes.paragraph)
        if cell is not None and cell.astext() in sections:
            notebook, cell = cell.astext(), row[1].next_node(nodes.paragraph)
        if cell is not None and (title := cell.astext()) in sections.get(notebook, {}):
            cell.children = []
            cell += linked(title, notebook, title)
    for text in list(doctree.findall(nodes.Text)):
        if isinstance(text.parent, nodes.paragraph | nodes.emphasis) and _NAMED.search(text):
            parts, end = [], 0
            for found in _NAMED.finditer(text):
                notebook = found[1] or _here(text)
                parts += [nodes.Text(text[end : found.start()])]
                parts += [linked(text[found.start() : found.end(2)], notebook, found[2])]
                if found[3]:
                    parts += [nodes.Text(" and "), linked(found[3], notebook, found[3])]
                end = found.end()
            text.parent.replace(text, [*parts, nodes.Text(text[end:])])


def setup(app):
    app.connect("doctree-resolved", _link)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
