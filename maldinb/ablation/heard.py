"""The warnings of one thread.

Python's own `warnings.catch_warnings` changes the whole process. Where several threads are in it at once, one may catch
what another gives, and the last to leave puts back what is not the beginning.
"""

import threading
import warnings
from contextlib import ExitStack, contextmanager


class _Here(threading.local):
    """What this thread has heard; None where it does not listen."""

    heard = None


class _Outside:
    """What is to be put back when no thread listens any more, and how many do."""

    def __init__(self):
        self.lock, self.listening, self.put_back = threading.Lock(), 0, ExitStack()


_HERE, _OUTSIDE = _Here(), _Outside()


@contextmanager
def heard_here():
    """Catch every warning that this thread gives. Those of threads that do not listen are shown, each time they come.

    Yields
    ------
    list of warnings.WarningMessage
        Grows with each.

    Examples
    --------
    >>> with heard_here() as heard:
    ...     warnings.warn("mind the gap")
    >>> str(heard[0].message)
    'mind the gap'
    """
    with _OUTSIDE.lock:
        if not _OUTSIDE.listening:
            _OUTSIDE.put_back.enter_context(warnings.catch_warnings())
            warnings.simplefilter("always")
            warnings.showwarning = _listener(warnings.showwarning)
        _OUTSIDE.listening += 1
    before, _HERE.heard = _HERE.heard, []
    try:
        yield _HERE.heard
    finally:
        _HERE.heard = before
        with _OUTSIDE.lock:
            _OUTSIDE.listening -= 1
            if not _OUTSIDE.listening:
                _OUTSIDE.put_back.close()


def _listener(show):
    def listen(*warning, **options):
        if _HERE.heard is None:
            show(*warning, **options)
        else:
            _HERE.heard.append(warnings.WarningMessage(*warning, **options))

    return listen
