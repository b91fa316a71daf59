"""Reports are written once for all tests of a worker: each takes a second or two."""

import functools

import pytest
from variations import Written, make


@pytest.fixture(scope="session")
def report(tmp_path_factory):
    """A function from the name of a variation to its report."""
    return functools.cache(lambda name: Written(make(name), tmp_path_factory.mktemp("reports") / "report"))
