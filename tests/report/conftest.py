"""Reports are written once for all tests of a run: each takes some seconds."""

import functools
import os
import pickle
from pathlib import Path

import pytest
from filelock import FileLock
from variations import Written, make


@pytest.fixture(scope="session")
def report():
    """A function from the name of a variation to its report, which all workers share."""
    shared = Path(os.environ["MALDINB_CACHE_DIR"]) / "reports"
    shared.mkdir(parents=True, exist_ok=True)

    @functools.cache
    def written(name):
        kept = shared / f"{name}.pickle"
        with FileLock(kept.with_suffix(".lock")):
            if not kept.exists():
                kept.write_bytes(pickle.dumps(Written(make(name), shared / name)))
        return pickle.loads(kept.read_bytes())

    return written
