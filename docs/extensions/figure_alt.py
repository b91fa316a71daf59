"""Alternative texts for the figures of the notebooks.

Every figure of the course is followed by a sentence that says what it shows. For those who cannot see the figure this
sentence becomes its alternative text. A figure without one is a warning, so the site is not built.
"""

import re

from docutils import nodes
from sphinx.util import logging

from maldinb.course.pairs import WIDGET_TEXT

LOGGER = logging.getLogger(__name__)


def _cell(node):
    """The code cell that a node stands in, or None."""
    while node is not None and node.get("nb_element") != "cell_code":
        node = node.parent
    return node


def _sentence(paragraph):
    text = " ".join(paragraph.astext().split())
    return re.split(r"(?<=[.:!?]) (?=[A-Z])", text)[0]


def add_alternative_texts(app, doctree):
    """Give each picture without an alternative text the first sentence after it.

    The picture of a widget stands below that of the call before it, and is the same: both share the sentence.
    """
    waiting = []
    for node in doctree.findall(lambda n: isinstance(n, nodes.image | nodes.section | nodes.paragraph)):
        cell = _cell(node)
        if isinstance(node, nodes.image):
            if waiting and _cell(waiting[-1]) is not cell and WIDGET_TEXT not in cell.astext():
                _complain(waiting)
            if not node.get("alt"):
                waiting.append(node)
        elif isinstance(node, nodes.section):
            _complain(waiting)
        elif cell is None:
            for image in waiting:
                image["alt"] = _sentence(node)
            waiting.clear()
    _complain(waiting)


def _complain(waiting):
    for image in waiting:
        LOGGER.warning("no sentence after this figure says what it shows", location=image)
    waiting.clear()


def setup(app):
    app.connect("doctree-read", add_alternative_texts)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
