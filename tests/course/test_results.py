"""Which passages of the text tell results."""

import doctest

import maldinb.course.results
from maldinb.course.results import prose, read_results, told


def cell(text, kind="markdown"):
    return {"cell_type": kind, "source": text}


def test_doctests():
    assert doctest.testmod(maldinb.course.results).failed == 0


def test_a_result_reaches_from_its_mark_to_the_end_of_the_paragraph():
    text = "Points are means.\nOn the simulated\nspectra they rise. Most do. (All of them.)\n\nLines are medians."
    assert list(told([cell(text)])) == [("", "On the simulated spectra they rise. Most do. (All of them.)")]


def test_items_of_a_list_are_paragraphs():
    text = "## Recap\n\n- Gates: on simulated spectra, half open.\n- Maps are not.\n1. On the simulated spectra, one."
    assert [passage for _, passage in told([cell(text)])] == [
        "Gates: on simulated spectra, half open.",
        "On the simulated spectra, one.",
    ]


def test_tasks_quizzes_code_and_what_is_folded_tell_no_results():
    said = "On the simulated spectra, it rises."
    cells = [
        cell(f"### Exercise 1: rise\n\n{said}"),
        cell(f"### Quiz 2: fall\n\n{said}"),
        cell(f"<details><summary>Why</summary>\n\n{said}\n\n</details>"),
        cell(f"# {said}", "code"),
        cell(f"**On simulated spectra** all is invented. {said}"),
    ]
    assert list(told(cells)) == []


def test_text_after_a_task_belongs_to_the_section_again():
    cells = [cell("## 2. Gates"), cell("### Exercise 1: open\n\nOpen it."), cell("x = 1", "code"), cell("It is open.")]
    assert list(prose(cells)) == [("2. Gates", ["It is open."])]


def test_entries_are_read_by_notebook(tmp_path):
    (tmp_path / "results.toml").write_text('[01_a]\n"On simulated spectra" = ["it rises"]\n')
    assert read_results(tmp_path) == {"01_a": {"On simulated spectra": ["it rises"]}}
