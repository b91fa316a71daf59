"""The front page's cards, one for each notebook, made of the table in the README, which says what each is about.

Each has the title of its page.
"""

import re

_ROW = re.compile(
    r"\| \*\*\[[^]]+\]\((?P<notebook>notebooks/\w+\.ipynb)\)\*\* \((?P<minutes>\d+) minutes\)\. "
    r"(?P<text>.+?) \| !\[(?P<shown>[^]]+)\]\((?P<picture>[^)]+)\) \|"
)
_CARD = """\
- ![{shown}](../{picture})

  **[](../{notebook})**\\
  {minutes} minutes

  {text}
"""


def cards(readme: str) -> str:
    """A list in Markdown for a page in docs/."""
    return "{.cards}\n" + "\n".join(_CARD.format(**row.groupdict()) for row in _ROW.finditer(readme))
