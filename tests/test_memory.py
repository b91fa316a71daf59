"""What a process takes is counted, and free memory goes back to the system where there is a way to."""

import ctypes
import platform
import subprocess
import sys

import numpy as np
import psutil
import pytest

from maldinb.memory import give_back, taken_by


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other allocators have no such call")
def test_what_is_free_goes_back():
    blocks = [np.ones(8000) for _ in range(2000)]  # 128 MB in pieces that the allocator keeps
    last = blocks[-1]  # and that it cannot cut off at the end
    del blocks
    before = psutil.Process().memory_info().rss
    give_back()
    assert before - psutil.Process().memory_info().rss > 100e6 and last.all()


def test_children_count_until_they_end():
    code = "held = b'x' * 100_000_000; print(1, flush=True); input()"
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    before = taken_by(psutil.Process().pid)
    with subprocess.Popen([sys.executable, "-c", code], **pipes) as child:
        child.stdout.readline()
        assert taken_by(child.pid) > 100 and taken_by(psutil.Process().pid) > before + 90
        child.stdin.close()
    assert taken_by(child.pid) == 0


@pytest.mark.parametrize("error", [AttributeError, OSError, TypeError])
def test_elsewhere_nothing_happens(error, monkeypatch):
    def no_library(name):
        raise error

    monkeypatch.setattr(ctypes, "CDLL", no_library)
    give_back()
