"""What may be said in the end: sentences with their evidence and a verdict, in one table."""

from __future__ import annotations

from typing import Any

import pandas as pd

from .claims import compare

YES, NO, UNKNOWN = "yes", "no", "unknown"


class Verdicts:
    """A table of sentences that somebody might say, each with a verdict that a number gives.

    Examples
    --------
    >>> verdicts = Verdicts()
    >>> verdicts.add("Most gates are shut.", 0.02, ">", 0.5, evidence="2 % are below 0.1")
    >>> verdicts.add("The peaks are the true ones.", None, ">", 0.5, evidence="the truth is not known")
    >>> verdicts["Most gates are shut."], verdicts.table()["may it be said?"].tolist()
    ('no', ['no', 'unknown'])
    """

    def __init__(self) -> None:
        self._rows: dict[str, dict[str, str]] = {}

    def add(self, sentence: str, value: Any, relation: str, limit: Any, *, evidence: str) -> None:
        """Enter a sentence, which may be said if a value stands so to its limit.

        Parameters
        ----------
        sentence, value, relation, limit
            As for `claim`; None where the value is not known.
        evidence : str
            What the verdict rests on, in a few words and numbers.

        Raises
        ------
        ValueError
            If the sentence has been entered before, or the relation is unknown.
        TypeError
            If the value or the limit is not a number.
        """
        if sentence in self._rows:
            raise ValueError(f"{sentence!r} has a verdict already")
        holds, _ = compare(sentence, value, relation, limit)
        verdict = {True: YES, False: NO, None: UNKNOWN}[holds]
        self._rows[sentence] = {"sentence": sentence, "may it be said?": verdict, "evidence": evidence}

    def __getitem__(self, sentence: str) -> str:
        return self._rows[sentence]["may it be said?"]

    def table(self) -> pd.DataFrame:
        """All of them, in the order in which they were entered.

        Returns
        -------
        DataFrame
            With the columns ``sentence``, ``may it be said?`` and ``evidence``.
        """
        return pd.DataFrame(self._rows.values())

    def count(self, verdict: str) -> int:
        """How many have this verdict: "yes", "no" or "unknown"."""
        return sum(row["may it be said?"] == verdict for row in self._rows.values())
