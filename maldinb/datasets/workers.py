"""One function for each of many spectra: in threads, in processes, or wherever joblib is told to run it."""

import os
import warnings
from contextlib import closing

from joblib import Parallel, delayed

#: From so many spectra on, processes save more than the second or two that they take to start. Threads wait for each
#: other between short NumPy calls, and gain little from a second core.
MANY = 1500
_CHUNK, _CHUNKS = 32, 64  # spectra that are sent together, at most; parts that even a few are cut into

#: Seconds that processes wait for more to do. With another time than joblib's own, nothing else goes on in them: fits
#: of networks grow so far beyond what reading takes that joblib takes it for a leak, and warns.
_IDLE = 30


def default_jobs():
    """Cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def each(function, arguments, *, n_jobs=None):
    """Call a function for each of many spectra, side by side.

    Parameters
    ----------
    function : callable
        Of the top level of a module, and with results that can be sent from one process to another.
    arguments : sequence of tuple
        What to call it with; only what can be sent.
    n_jobs : int, optional
        Threads or, from `MANY` spectra on, processes; by default as many as there are cores to use. Within ``with
        joblib.parallel_config(backend=...)``, that backend is used whatever the number of spectra.

    Yields
    ------
    object
        Its results, in order. None is kept. A warning given in another process is given again in this one, and one
        of `SpectrumWarning` only once for each text.

    Examples
    --------
    >>> list(each(divmod, [(7, 2), (9, 5)]))
    [(3, 1), (1, 4)]
    """
    many = len(arguments) >= MANY
    n_jobs = default_jobs() if n_jobs is None else n_jobs
    options = {"prefer": "processes", "idle_worker_timeout": _IDLE} if many else {"prefer": "threads"}
    jobs = Parallel(n_jobs, return_as="generator", **options)
    size = min(_CHUNK, max(1, len(arguments) // _CHUNKS))
    chunks = (arguments[first : first + size] for first in range(0, len(arguments), size))
    warned = set()
    with closing(jobs(delayed(_chunk)(function, chunk, os.getpid()) for chunk in chunks)) as done:
        for results, caught in done:
            for warning in caught:
                text = getattr(warning[0], "text", str(warning[0]))
                if text not in warned:
                    warned.add(text)
                    warnings.warn_explicit(*warning)
            yield from results


def _chunk(function, chunk, parent):
    """Results and, in another process, the warnings that would be lost there."""
    if os.getpid() == parent:
        return [function(*one) for one in chunk], []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        results = [function(*one) for one in chunk]
    return results, [(one.message, one.category, one.filename, one.lineno) for one in caught]
