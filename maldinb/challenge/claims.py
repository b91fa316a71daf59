"""A claim that can be checked: limits for numbers that nobody knows yet, written before they are known."""

import hashlib
import json
import math
import re
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from ..formats import decode
from ..preprocessing import SpectrumError
from .files import AnswerError, Answers, as_table, numbers, plain_text

CLAIM, METHOD = "claim.csv", "method.md"
COLUMNS = ("what", "at least", "at most")
AUROC, BRIER = "AUROC abroad", "Brier score abroad"
FIRST = re.compile(r"right among (?:my |the )?first (\d+) m/z", re.IGNORECASE)
TEMPLATE = f"what,at least,at most\n{AUROC},,\n{BRIER},,\nright among my first 10 m/z,,\n"
_LEAST_METHOD = 20  # characters: less is no method


class Limit(NamedTuple):
    """One line of a claim: a number will lie within these limits."""

    what: str
    low: float  # -inf where nothing is said
    high: float

    def __str__(self):
        sides = {"at least": self.low, "at most": self.high}
        parts = [f"{side} {value:g}" for side, value in sides.items() if math.isfinite(value)]
        return f"{self.what}: {' and '.join(parts)}"

    @property
    def first(self):
        """Of how many m/z it speaks, or None."""
        found = FIRST.fullmatch(self.what)
        return int(found[1]) if found else None

    def holds(self, value):
        """Whether a value lies within the limits."""
        return self.low <= value <= self.high


class Claim(NamedTuple):
    """What a group says before it knows: limits, the method in its own words, and the code of both."""

    limits: tuple
    method: str
    code: str


def read_claim(path):
    """Read ``claim.csv`` and ``method.md`` of a hand-in.

    Parameters
    ----------
    path : path-like
        A folder or a zip.

    Returns
    -------
    Claim

    Raises
    ------
    AnswerError
        A ValueError that says in one line what is missing or cannot be checked.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = (folder / "claim.csv").write_text("what;at least;at most\\nAUROC abroad;0,6;\\n")
    >>> _ = (folder / "method.md").write_text("Logistic regression on aligned spectra.")
    >>> claim = read_claim(folder)
    >>> str(claim.limits[0]), claim.code
    ('AUROC abroad: at least 0.6', 'a2a8-e3be-74ac-e537')
    """
    answers = Answers(path)
    limits, method = tuple(_limits(answers.table(CLAIM, *COLUMNS))), plain_text(_own_words(answers.read(METHOD)))
    if len(method) < _LEAST_METHOD:
        raise AnswerError(f"{METHOD}: it does not say yet what you will do (lines with # or > do not count)")
    digest = hashlib.sha256(json.dumps([limits, method]).encode()).hexdigest()
    return Claim(limits, method, "-".join(digest[i : i + 4] for i in range(0, 16, 4)))


def seal_claim(path):
    """The code of a claim, to be given to the teacher before the work goes on.

    Whoever changes method or claim later changes the code. How a spreadsheet or an editor saves them does not matter.

    Parameters
    ----------
    path : path-like
        A folder or a zip, with ``claim.csv`` and ``method.md``.

    Returns
    -------
    str
        16 hexadecimal digits of a SHA-256, in groups of four.

    Raises
    ------
    AnswerError
        As `read_claim`.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = (folder / "claim.csv").write_text("what,at least,at most\\nAUROC abroad,0.60,\\n")
    >>> _ = (folder / "method.md").write_text("Logistic regression\\non aligned spectra.\\n")
    >>> seal_claim(folder)
    'a2a8-e3be-74ac-e537'
    """
    return read_claim(path).code


def read_codes(path):
    """What the teacher has noted: hand-in -> code of its claim.

    Parameters
    ----------
    path : path-like
        A CSV with the columns hand-in and code.

    Returns
    -------
    dict

    Raises
    ------
    AnswerError
        If it is no such table.
    OSError
        If it cannot be read.
    """
    try:
        table = as_table(decode(Path(path).expanduser().read_bytes()), str(path), "hand-in", "code")
    except SpectrumError as error:
        raise AnswerError(f"{path}: {error}") from None
    return {name: _plain(code) for name, code in zip(table["hand-in"], table["code"], strict=True)}


def same_code(noted, code):
    """Whether a code is the one that was noted, whatever stands between its digits."""
    return _plain(noted) == _plain(code)


def _plain(code):
    return re.sub(r"[^0-9a-f]", "", code.casefold())


def _limits(table):
    """The lines of a claim in which something is claimed."""
    table = table.assign(what=table["what"].map(_known))
    table = table[(table["at least"] != "") | (table["at most"] != "")].set_index("what")
    if table.empty:
        raise AnswerError(f"{CLAIM}: nothing is claimed yet; write a limit beside at least one of the numbers")
    if not table.index.is_unique:
        raise AnswerError(f"{CLAIM}: {table.index[table.index.duplicated()][0]!r} stands there twice")
    for what, row in table.iterrows():
        low, high = (_limit(row[side], what, free) for side, free in (("at least", -math.inf), ("at most", math.inf)))
        limit = Limit(what, low, high)
        if what not in (AUROC, BRIER) and not limit.first:
            raise AnswerError(f"{CLAIM}: {what!r} is no number that will be measured; keep the words of the template")
        if low > high:
            raise AnswerError(f"{CLAIM}: {what!r} cannot be at least {low:g} and at most {high:g}")
        yield limit


def _known(what):
    """What is claimed, as the template has it, whatever blanks and capitals have become of it."""
    what = " ".join(what.split())
    return next((known for known in (AUROC, BRIER) if known.casefold() == what.casefold()), what)


def _limit(text, what, free):
    return float(numbers(pd.Series([text], [what]), CLAIM, "a limit")[what]) if text else free


def _own_words(data):
    """Without headings and the questions of the template."""
    return b"\n".join(line for line in data.splitlines() if not line.lstrip().startswith((b"#", b">")))
