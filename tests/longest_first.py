"""A pytest plugin: files that take long come before the others, so that none of them runs alone in the end.

xdist hands files to its workers in this order. It is made here and not on the command line, because pytest before 9
loses most of a folder's tests without a word where one of its files is named beside it.
"""

from functools import cache
from pathlib import Path

from budgets import declared

#: Beside notebooks, which have their budgets; about what they take, and a guess is enough.
SECONDS = {
    "test_jupyterlab.py": 180,
    "test_commands.py": 90,
    "test_site.py": 75,
    "test_report_truth.py": 40,
    "test_few_spectra.py": 35,
    "test_series.py": 30,
    "test_report_page.py": 30,
    "test_exercises.py": 20,
}


@cache
def seconds(file: Path) -> float:
    """About how long the tests of a file take; 0 where that is not much."""
    budget = declared(file.parent).get(file.stem)
    return budget.seconds if budget else SECONDS.get(file.name, 0)


def pytest_collection_modifyitems(items):
    """Sort files by their seconds; within a file, and where these are the same, everything stays as it was."""
    items.sort(key=lambda item: -seconds(item.path))
