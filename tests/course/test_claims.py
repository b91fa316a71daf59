"""claim() says what holds, and refuses what is neither true nor false."""

import contextlib
import doctest
import io
import re

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from nbval.plugin import get_sanitize_patterns

import maldinb.course.claims
from maldinb.course.claims import RELATIONS, Line, by_section, claim, read_line, tally
from maldinb.course.showing import bundle


@pytest.mark.parametrize("true", [True, np.True_, np.array(True), torch.tensor(True), np.arange(3).mean() > 0])
def test_true(true, capsys):
    assert claim("it holds", true) is None
    assert capsys.readouterr().out == "✓ it holds\n"


@pytest.mark.parametrize("false", [False, np.False_, np.array(False), torch.tensor(False)])
def test_false_does_not_raise(false, capsys):
    claim("it holds", false)
    assert capsys.readouterr().out == "✗ it holds\n"


def test_what_is_not_known_is_neither(capsys):
    claim("it holds", None)
    claim("it holds", None, unknown="nobody looked")
    assert capsys.readouterr().out == "? it holds (unknown)\n? it holds (unknown: nobody looked)\n"


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        (np.array([True, True]), r"shape \(2,\).*\.all\(\)"),
        (pd.Series([True]), r"shape \(1,\)"),
        (torch.ones(2, dtype=torch.bool), r"shape \(2,\)"),
        (float("nan"), "nan.*comparison"),
        (np.float64("nan"), "nan"),
        (pd.NA, "NA"),
        (1, "int"),
        (np.array(1.0), "comparison"),
        ("yes", "'yes'"),
        ([], "list"),
    ],
)
def test_neither_true_nor_false(value, hint, capsys):
    with pytest.raises(TypeError, match=f"(?s)'the sentence'.*{hint}"):
        claim("the sentence", value)
    assert capsys.readouterr().out == ""


def test_the_sentence_comes_first():
    with pytest.raises(TypeError, match="sentence first"):
        claim(True, "it holds")


@pytest.mark.parametrize("sentence", ["", "  ", "two\nlines"])
def test_one_line(sentence):
    with pytest.raises(ValueError, match="one line"):
        claim(sentence, True)


@pytest.mark.parametrize(
    ("value", "relation", "limit", "line"),
    [
        (0.012345, "<", 0.05, "✓ so (0.0123 < 0.05)"),
        (np.float32(0.25), ">", 0.5, "✗ so (0.25 > 0.5)"),
        (np.array(3), "==", 3, "✓ so (3 == 3)"),
        (0.89996, "<", 0.9, "✓ so (0.89996 < 0.9)"),  # and not (0.9 < 0.9)
        (0.9, "<", 0.9, "✗ so (0.9 < 0.9)"),
        (1234, ">=", 743, "✓ so (1234 >= 743)"),
        (-2e-5, "<=", 0, "✓ so (-2e-05 <= 0)"),
        (np.inf, ">", 1, "✓ so (inf > 1)"),
        (0.5001, "within", (0.44, 0.56), "✓ so (0.5 within 0.44 to 0.56)"),
        (0.5604, "within", [0.44, 0.56], "✗ so (0.5604 within 0.44 to 0.56)"),
        (torch.tensor(0.5), "<", 1, "✓ so (0.5 < 1)"),
        (float("nan"), "<", 1, "? so (unknown: no number came out)"),
        (1, "<", np.nan, "? so (unknown: no number came out)"),
        (None, "<", 1, "? so (unknown: no number came out)"),
    ],
)
def test_a_number_and_its_limit(value, relation, limit, line, capsys):
    claim("so", value, relation, limit)
    assert capsys.readouterr().out == f"{line}\n"


@given(
    st.floats(allow_nan=False, allow_infinity=False),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from([name for name in RELATIONS if name != "within"]),
)
def test_what_is_printed_is_still_true(value, limit, relation):
    with contextlib.redirect_stdout(io.StringIO()) as out:
        claim("so", value, relation, limit)
    mark, sentence, why = read_line(out.getvalue().rstrip("\n"))
    left, _, right = why.split()
    truth = RELATIONS[relation](value, limit)
    assert sentence == "so" and (mark == "✓") == truth == RELATIONS[relation](float(left), float(right))


@pytest.mark.parametrize(
    ("value", "relation", "limit", "error", "message"),
    [
        (1, "=", 2, ValueError, "a relation is one of <, <=, .*, not '='"),
        (1, "within", 2, TypeError, "'within' takes two limits"),
        (1, "<", None, TypeError, "one number against a limit, and got None"),
        (True, "<", 2, TypeError, "one number against a limit, and got True"),
        (np.arange(2), "<", 2, TypeError, "one number against a limit"),
        ("1", "<", 2, TypeError, "got '1'"),
        (1, None, 2, TypeError, "got a limit and no relation"),
    ],
)
def test_a_comparison_that_is_none(value, relation, limit, error, message, capsys):
    with pytest.raises(error, match=f"(?s)'so'.*{message}"):
        claim("so", value, relation, limit)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("line", ["", "✓", "✓it", "done", "? why (not)", "✓ so (unknown: why)"])
def test_what_is_no_claim(line):
    assert read_line(line) is None


def test_a_line_is_read_as_it_was_meant():
    assert read_line("✗ a (b) c (2 within 0 to 1)") == Line("✗", "a (b) c", "2 within 0 to 1")
    assert read_line("✓ f(x) holds (sometimes)") == Line("✓", "f(x) holds (sometimes)")
    assert read_line("? a (unknown)") == Line("?", "a", "unknown")


def test_the_numbers_are_not_compared(root):
    """Two outputs that differ in the numbers behind a claim are the same to nbval, and in nothing else."""
    _, (regex, replace), _ = get_sanitize_patterns((root / "tests" / "nbval_sanitize.cfg").read_text("utf-8"))
    same = {re.sub(regex, replace, f"hm\n✓ so ({n} < 0.05)\nend\n") for n in ("0.0123", "-1e-05", "4", "-inf")}
    assert same == {"hm\n✓ so (value < limit)\nend\n"}
    for other in ("✗ so (0.01 < 0.05)", "✓ no (0.01 < 0.05)", "✓ so (0.01 > 0.05)", "✓ so (0.01 < 0.05) "):
        assert re.sub(regex, replace, other) != "✓ so (value < limit)"
    assert re.sub(regex, replace, "plain (0.01 < 0.05)") == "plain (0.01 < 0.05)"


def test_what_is_displayed_is_not_compared_in_its_numbers(root):
    *_, (regex, replace) = get_sanitize_patterns((root / "tests" / "nbval_sanitize.cfg").read_text("utf-8"))
    pages = [bundle("✓", "so", f"{n} >= 0.05")["text/html"] for n in ("0.12", "1e+05", "inf")]
    assert len({re.sub(regex, replace, page) for page in pages}) == 1 and "(value &gt;= limit)" in re.sub(
        regex, replace, pages[0]
    )
    same = re.sub(regex, replace, pages[0])
    for other in (("✗", "so", "1 >= 2"), ("✓", "no", "1 >= 2"), ("✓", "so", "1 > 2"), ("✓", "so", "")):
        assert re.sub(regex, replace, bundle(*other)["text/html"]) != same


def test_tally_reads_what_is_printed_and_displayed_as_a_claim():
    outputs = [
        {
            "output_type": "stream",
            "name": "stdout",
            "text": "✓ a\nnot ✓ this\n✗ b c (2 < 1)\n✓ d\n? e (unknown: f)\n? g\n",
        },
        {"output_type": "stream", "name": "stderr", "text": "✓ no\n"},
        {"output_type": "display_data", "data": {"text/plain": "✓ no"}},
        {"output_type": "display_data", "data": {"text/plain": "✓ no", "text/html": "<p>✓ no</p>"}},
        {"output_type": "display_data", "data": bundle("✗", "h", "3 < 1")},
    ]
    found = tally(outputs)
    assert (found.held, found.broken, found.unknown) == (2, ("b c (2 < 1)", "h (3 < 1)"), ("e (unknown: f)",))
    assert found.total == 5
    assert tally([]).total == 0


def test_docstrings():
    assert doctest.testmod(maldinb.course.claims).failed == 0


def test_claims_are_found_with_their_sections():
    def code(text, name="stdout"):
        return {"cell_type": "code", "source": "", "outputs": [{"name": name, "text": text}, {"data": {}}]}

    cells = [
        code("✓ at the very start\n"),
        {"cell_type": "markdown", "source": "# Title\n## 1. Gates\ntext\n### Exercise 1: read"},
        code("some numbers\n✗ many are shut (0.2 > 0.5)\n? and open (unknown: nobody looked)\n"),
        {"cell_type": "markdown", "source": "#### no section"},
        code("✓ a warning\n", "stderr"),
    ]
    assert list(by_section(cells)) == [
        ("", Line("✓", "at the very start")),
        ("Exercise 1: read", Line("✗", "many are shut", "0.2 > 0.5")),
        ("Exercise 1: read", Line("?", "and open", "unknown: nobody looked")),
    ]
