"""Free memory goes back to the system where there is a way, and nothing happens where there is none."""

import ctypes
import platform

import numpy as np
import psutil
import pytest

from maldinb.memory import give_back


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other allocators have no such call")
def test_what_is_free_goes_back():
    blocks = [np.ones(8000) for _ in range(2000)]  # 128 MB in pieces that the allocator keeps
    last = blocks[-1]  # and that it cannot cut off at the end
    del blocks
    before = psutil.Process().memory_info().rss
    give_back()
    assert before - psutil.Process().memory_info().rss > 100e6 and last.all()


@pytest.mark.parametrize("error", [AttributeError, OSError, TypeError])
def test_elsewhere_nothing_happens(error, monkeypatch):
    def no_library(name):
        raise error

    monkeypatch.setattr(ctypes, "CDLL", no_library)
    give_back()
