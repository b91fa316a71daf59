"""The rules for what the running text says of results, beside those of the other rule files: importing this adds them.

They see the words that mark a result, and numbers. They do not see a result in words alone that leaves the mark out,
nor whether a claim bears out all that a sentence says. A reader has to: the page of claims lists both.
"""

import itertools
import re
from pathlib import Path

from exercise_rules import RULES
from notebook_rules import code_cells, printed, rule, tags

from maldinb.course.claims import BROKEN, HELD, ON_PURPOSE, by_section
from maldinb.course.results import prose, read_results, told

__all__ = ["RESULTS", "RULES"]

RESULTS = read_results(Path(__file__).resolve().parent.parent / "notebooks")
NUMBER = re.compile(r"(?<![\w.,])(\d*\.\d+|\d+(?= ?%))( ?%)?(?![\w.]*\d)")
ANYWHERE = re.compile(r"\d*\.\d+|\d+")
NOT_TEXT = re.compile(r"`[^`]*`|\$[^$]*\$|\bsections? \d+\.\d+|<[^>]*>|\b10\.\d{4,}/\S+", re.IGNORECASE)


@rule
def results_rest_on_claims(nb):
    """Each passage that tells results is in results.toml, and the claims that it rests on stand in the outputs."""
    on_purpose = [cell for _, cell in code_cells(nb) if ON_PURPOSE in tags(cell)]
    shown = {found.sentence for _, found in by_section(nb.cells) if found.mark == HELD}
    shown |= {found.sentence for _, found in by_section(on_purpose) if found.mark == BROKEN}
    entries = {start: claims for of_one in RESULTS.values() for start, claims in of_one.items()}
    for section, text in told(nb.cells):
        claims = [claims for start, claims in entries.items() if text.startswith(start)]
        if len(claims) != 1 or not claims[0]:
            yield f"section {section!r}: results.toml does not say which claims bear out {text[:60]!r}"
        for claim in itertools.chain(*claims):
            if claim not in shown:
                yield f"section {section!r}: {text[:60]!r} rests on {claim!r}, which has no tick"


@rule
def numbers_have_a_source(nb):
    """A decimal number or a percentage in the text is in the code or in an output, or has a link beside it."""
    known = {float(n) for _, cell in code_cells(nb) for n in ANYWHERE.findall(f"{cell.source}\n{printed(cell)}")}
    for section, sentences in prose(nb.cells):
        text = " ".join(sentences)
        if "](http" in text:
            continue
        for said, percent in NUMBER.findall(NOT_TEXT.sub("", text)):
            factors = (1, 0.01) if percent else (1,)
            if not any(_is(float(said) * factor, said, known) for factor in factors):
                yield f"section {section!r}: {said}{percent} is neither in the code nor in an output, and has no link"


def _is(number: float, said: str, known: set[float]) -> bool:
    """Whether a known number is this one; from two decimals on, rounded."""
    decimals = len(said.partition(".")[2])
    if decimals < 2:
        return any(abs(number - one) < 1e-9 for one in known)
    return any(abs(number - one) <= 0.5 * 10**-decimals for one in known)
