"""The front page's cards, one for each notebook, made of the table in the README, which says what each is about."""

import re

_ROW = re.compile(
    r"\| \*\*\[(?P<title>[^]]+)\]\((?P<notebook>notebooks/\w+\.ipynb)\)\*\* \((?P<minutes>\d+) minutes\)\. "
    r"(?P<text>.+?) \| !\[(?P<shown>[^]]+)\]\((?P<picture>[^)]+)\) \|"
)
_CARD = """\
- ![{shown}](../{picture})

  **[{title}](../{notebook})**\\
  {minutes} minutes

  {text}
"""


def cards(readme: str) -> str:
    """A list in Markdown for a page in docs/."""
    return "{.cards}\n" + "\n".join(_CARD.format(**row.groupdict()) for row in _ROW.finditer(readme))
