"""A claim in a notebook: a mark in colour and shape, legible on any page, and the words of the plain text."""

import re

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from maldinb.course import claim
from maldinb.course.claims import Line, read_line
from maldinb.course.showing import BEGIN, bundle

MARKS = {"✓": "holds", "✗": "does not hold", "?": "unknown"}
_TEXT = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1).filter(lambda text: "(" not in text)


@given(st.sampled_from(list(MARKS)), _TEXT)
def test_both_forms_say_the_same(mark, sentence):
    why = "unknown: why" if mark == "?" else "1 < 2"
    data = bundle(mark, sentence, why)
    assert read_line(data["text/plain"]) == Line(mark, sentence, why)
    page = BeautifulSoup(data["text/html"], "html.parser")
    assert page.get_text() == f"{mark}{sentence} ({why})" and data["text/html"].startswith(BEGIN)
    assert page.find(role="img")["aria-label"] == MARKS[mark]


def test_marks_differ_in_more_than_colour():
    styles = [bundle(mark, "so")["text/html"] for mark in MARKS]
    assert len({re.search(r"border-radius: (\w+)", style)[1] for style in styles}) == 3


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("mark", MARKS)
def test_the_sign_stands_out_from_its_background(mark):
    """By WCAG 2.2, level AA, and whatever the page behind it."""
    sign, ground = re.findall(r"#[0-9a-f]{6}", bundle(mark, "so")["text/html"])
    light, dark = sorted((luminance(sign), luminance(ground)), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_text_where_there_is_only_text(capsys):
    claim("1 & 1 < 3", 2, "<", 3)
    assert capsys.readouterr().out == "✓ 1 & 1 < 3 (2 < 3)\n"


def test_html_where_a_kernel_runs(capsys, monkeypatch):
    import IPython
    import IPython.display

    displayed = []
    monkeypatch.setattr(IPython, "get_ipython", lambda: type("Shell", (), {"kernel": object()})())
    monkeypatch.setattr(IPython.display, "display", lambda data, raw: displayed.append(data))
    claim("1 & 1 < 3", 2, "<", 3)
    assert displayed == [bundle("✓", "1 & 1 < 3", "2 < 3")] and capsys.readouterr().out == ""
    assert '1 &amp; 1 &lt; 3 <small style="white-space: nowrap">(2 &lt; 3)</small>' in displayed[0]["text/html"]
