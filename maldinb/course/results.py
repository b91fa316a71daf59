"""What the running text of a notebook tells of results, and the claims that bear it out.

Most results are claims, which check themselves. Where the text tells one, it says that it speaks of the simulated
spectra, and ``results.toml``, beside the notebooks, names the claims that it rests on.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

#: From here to the end of its paragraph, a text tells results.
MARK = re.compile(r"\bon (?:the )?simulated spectra\b", re.IGNORECASE)
_FOLDED = re.compile(r"<details>.*?</details>", re.DOTALL)
_TASK = re.compile(r"### (?:Exercise|Quiz) \d")  # how its cell begins
_PARAGRAPH = re.compile(r"\n\s*\n|\n(?=- |\d+\. |#)")
_SENTENCE = re.compile(r"(?<=[.!?])\)?\s+(?=[A-Z(*\"])")


def read_results(folder: Path) -> dict[str, dict[str, list[str]]]:
    """For each notebook by name, how its passages that tell results begin, and the claims that bear each out.

    Parameters
    ----------
    folder : Path
        Of the notebooks.
    """
    return tomllib.loads((folder / "results.toml").read_text(encoding="utf-8"))


def prose(cells: Iterable[dict[str, Any]]) -> Iterator[tuple[str, list[str]]]:
    """The running text of a notebook, without tasks, quizzes and what is folded away.

    Parameters
    ----------
    cells : iterable of dict
        Of a notebook, in nbformat's layout.

    Yields
    ------
    section : str
        The heading above a paragraph.
    sentences : list of str
        Of the paragraph, each on one line.
    """
    section = ""
    for cell in cells:
        if cell["cell_type"] != "markdown" or _TASK.match(cell["source"]):
            continue
        for paragraph in _PARAGRAPH.split(_FOLDED.sub("", cell["source"])):
            text = " ".join(paragraph.split())
            if heading := re.match(r"#{1,3} (.+)", text):
                section = heading[1]
            elif text:
                yield section, _SENTENCE.split(text)


def told(cells: Iterable[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """Section and text of each passage that tells results: from the mark to the end of its paragraph.

    Paragraphs that begin with words in bold are left out: in the notebooks they say what the whole is about.

    Examples
    --------
    >>> text = "## 2. Gates\\n\\nRows are spectra. On the simulated spectra, gates are half open. None is shut."
    >>> list(told([{"cell_type": "markdown", "source": text}]))
    [('2. Gates', 'On the simulated spectra, gates are half open. None is shut.')]
    """
    for section, sentences in prose(cells):
        marked = [number for number, sentence in enumerate(sentences) if MARK.search(sentence)]
        if marked and not sentences[0].startswith("**"):
            yield section, " ".join(sentences[marked[0] :]).removeprefix("- ")
