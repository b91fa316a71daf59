"""The title of a notebook carries its number, on its page, in the side bar and wherever a link takes it from there."""

import re
from pathlib import PurePosixPath

from docutils import nodes


def _number(app, doctree):
    found = re.match(r"\d\d(?=_)", PurePosixPath(app.env.docname).name)
    if found and (title := next(doctree.findall(nodes.title), None)):
        title.insert(0, nodes.Text(f"{found[0]} "))


def setup(app):
    app.connect("doctree-read", _number, priority=400)  # before Sphinx takes down the titles
    return {"parallel_read_safe": True, "parallel_write_safe": True}
