"""Ctrl-C, answered in another way for a while."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Callable, Iterator


@contextlib.contextmanager
def on_interrupt(answer: Callable[..., None]) -> Iterator[None]:
    """Let `answer` be called at Ctrl-C in place of what was; only the main thread may change that, so others do not.

    Examples
    --------
    >>> with on_interrupt(lambda *_: print("not now")):
    ...     signal.raise_signal(signal.SIGINT)
    not now
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, answer)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
