"""The glossary where nothing knows Sphinx: in JupyterLab, in a hand-out, on a page of its own."""

import re

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
    return _BLOCK.sub(lambda block: _entries(block[1]), text)


def _entries(block):
    entries, terms, lines = [], [], []
    for line in [*block.splitlines(), "end"]:
        if line.startswith(" "):
            lines.append(line.strip())
        elif line.strip():
            if lines:
                entries.append(f"**{'**, **'.join(terms)}.** {' '.join(lines)}")
                terms, lines = [], []
            terms.append(line.strip())
    return "\n\n".join(entries) + "\n"
