"""Each thread hears its own warnings, whatever the others do meanwhile."""

import threading
import warnings
from concurrent.futures import ThreadPoolExecutor

import pytest

from maldinb.ablation.heard import heard_here
from maldinb.ablation.study import _listening


def test_threads_that_overlap_hear_their_own_and_leave_no_trace():
    before, entered, left = (warnings.showwarning, list(warnings.filters)), threading.Barrier(2), threading.Event()

    def first():
        with heard_here() as heard:
            entered.wait(10)
            warnings.warn("of the first", stacklevel=2)
        left.set()
        return heard

    def second():
        with heard_here() as heard:
            entered.wait(10)
            left.wait(10)  # who came first has gone first, and has put nothing back
            for _ in range(2):
                warnings.warn("of the second", stacklevel=2)
        return heard

    with ThreadPoolExecutor(2) as pool:
        heard = [[str(one.message) for one in job.result(10)] for job in [pool.submit(first), pool.submit(second)]]
    assert heard == [["of the first"], ["of the second"] * 2]
    assert (warnings.showwarning, list(warnings.filters)) == before


def test_a_thread_that_does_not_listen_is_shown_its_warnings():
    with pytest.warns(UserWarning, match="for everybody") as shown, heard_here() as heard:
        thread = threading.Thread(target=warnings.warn, args=("for everybody",))
        thread.start()
        thread.join()
    assert len(shown) == 1 and not heard


def test_what_an_error_leaves_is_put_back():
    before = warnings.showwarning, list(warnings.filters)
    with pytest.raises(ZeroDivisionError), heard_here():
        raise ZeroDivisionError
    assert (warnings.showwarning, list(warnings.filters)) == before


def test_a_score_of_another_thread_closes_no_ear():
    """What it puts back is what it found: the ear is open for all of a study."""
    with _listening():
        score = warnings.catch_warnings()
        score.__enter__()
        with heard_here() as heard:
            score.__exit__(None, None, None)
            warnings.warn("mind the gap", stacklevel=1)
    assert [str(warning.message) for warning in heard] == ["mind the gap"]
