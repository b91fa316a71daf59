"""Links of notebooks to files, such as the glossary and pictures, which go along with copies and with pages."""

import re
from pathlib import Path

from nbformat import NotebookNode

#: A link in Markdown to another Markdown file: its path, and a section of it.
LINK = re.compile(r"\]\(([^)#:]+\.md)(#[^)]*)?\)")
#: A picture that lies in a file.
PICTURE = re.compile(r"!\[[^\]]*\]\(([^)#:\s]+\.(?:png|jpe?g|svg|gif))[^)]*\)", re.IGNORECASE)


def linked_files(nb: NotebookNode, folder: Path) -> list[Path]:
    """The Markdown files beside the course, such as the glossary, that a notebook links to."""
    return _found((path for path, _ in LINK.findall(_text(nb))), folder)


def linked_pictures(nb: NotebookNode, folder: Path) -> list[Path]:
    """The files of the pictures that the text of a notebook shows."""
    return _found(PICTURE.findall(_text(nb)), folder)


def _text(nb):
    return "\n".join(cell.source for cell in nb.cells if cell.cell_type == "markdown")


def _found(paths, folder):
    return [folder / path for path in dict.fromkeys(paths) if (folder / path).is_file()]
