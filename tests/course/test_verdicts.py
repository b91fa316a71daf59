"""A verdict is what the number says of its sentence."""

import pytest

from maldinb.course import Verdicts


@pytest.mark.parametrize(
    ("value", "relation", "limit", "verdict"),
    [(2, ">", 1, "yes"), (1, ">", 1, "no"), (None, ">", 1, "unknown"), (float("nan"), "<", 1, "unknown")],
)
def test_verdict(value, relation, limit, verdict):
    verdicts = Verdicts()
    verdicts.add("So it is.", value, relation, limit, evidence="a number")
    assert verdicts["So it is."] == verdict and verdicts.count(verdict) == 1
    assert verdicts.table().to_dict("records") == [
        {"sentence": "So it is.", "may it be said?": verdict, "evidence": "a number"}
    ]


def test_one_verdict_for_each_sentence():
    verdicts = Verdicts()
    verdicts.add("So it is.", 1, "<", 2, evidence="")
    with pytest.raises(ValueError, match="has a verdict already"):
        verdicts.add("So it is.", 1, "<", 2, evidence="")
    with pytest.raises(ValueError, match="a relation is one of"):
        verdicts.add("Or so.", 1, "=", 2, evidence="")
