"""claim() says what holds, and refuses what is neither true nor false."""

import doctest

import numpy as np
import pandas as pd
import pytest
import torch

import maldinb.course.claims
from maldinb.course.claims import claim, tally


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


def test_tally_reads_stdout_only():
    outputs = [
        {"output_type": "stream", "name": "stdout", "text": "✓ a\nnot ✓ this\n✗ b c\n✓ d\n? e (unknown: f)\n? g\n"},
        {"output_type": "stream", "name": "stderr", "text": "✓ no\n"},
        {"output_type": "display_data", "data": {"text/plain": "✓ no"}},
    ]
    found = tally(outputs)
    assert (found.held, found.broken, found.unknown, found.total) == (2, ("b c",), ("e (unknown: f)",), 4)
    assert tally([]).total == 0


def test_docstrings():
    assert doctest.testmod(maldinb.course.claims).failed == 0
