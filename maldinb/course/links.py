"""Links of notebooks to Markdown files, such as the glossary, which go along with copies and with pages."""

import re
from pathlib import Path

from nbformat import NotebookNode

#: A link in Markdown to another Markdown file: its path, and a section of it.
LINK = re.compile(r"\]\(([^)#:]+\.md)(#[^)]*)?\)")


def linked_files(nb: NotebookNode, folder: Path) -> list[Path]:
    """The Markdown files beside the course, such as the glossary, that a notebook links to."""
    text = "\n".join(cell.source for cell in nb.cells if cell.cell_type == "markdown")
    found = dict.fromkeys(path for path, _ in LINK.findall(text))
    return [folder / path for path in found if (folder / path).is_file()]
