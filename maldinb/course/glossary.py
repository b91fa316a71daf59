"""The glossary where nothing knows Sphinx: in JupyterLab, in a hand-out, on a page of its own."""

import re
from itertools import groupby

_BLOCK = re.compile(r"```\{glossary\}\n(.*?)\n```\n?", re.DOTALL)


def plain_glossary(text: str) -> str:
    """Markdown without the directive: a paragraph for each entry, its terms in bold.

    Parameters
    ----------
    text : str
        With blocks ``{glossary}``: lines that begin at the margin are terms, indented ones explain those above.

    Returns
    -------
    str
    """
    return _BLOCK.sub(lambda block: "\n\n".join(map(_paragraph, entries(block[0]))) + "\n", text)


def _paragraph(entry: tuple[list[str], str]) -> str:
    return f"**{'**, **'.join(entry[0])}.** {entry[1]}"


def entries(text: str) -> list[tuple[list[str], str]]:
    """The terms of each entry, and their definition.

    Parameters
    ----------
    text : str
        As for `plain_glossary`.

    Examples
    --------
    >>> entries("```{glossary}\\nbin\\nbins\\n  A step of 3 Da.\\n```\\n")
    [(['bin', 'bins'], 'A step of 3 Da.')]
    """
    lines = filter(str.strip, "\n".join(_BLOCK.findall(text)).splitlines())
    parts = [[line.strip() for line in some] for _, some in groupby(lines, key=lambda line: line.startswith(" "))]
    return [(terms, " ".join(lines)) for terms, lines in zip(parts[::2], parts[1::2], strict=False)]
