"""What a fit changes in the process around it, and puts back: torch's number of threads and its global generator."""

import contextlib
import threading

import torch


class _Overlap(threading.local):
    """For each Python thread how deep it is inside of `threads`."""

    depth = 0


class _Outside:
    """Torch's number of threads while nobody was inside of `threads`, and how many are."""

    def __init__(self):
        self.lock, self.number, self.inside = threading.Lock(), None, 0


_OVERLAP, _OUTSIDE, _SEEDING = _Overlap(), _Outside(), threading.Lock()


@contextlib.contextmanager
def threads(n):
    """Let torch use `n` threads (None: as many as it would) and put its number back afterwards.

    Sums are split between threads, so their number decides the last bits of a result, and over many steps the first.
    Fits may overlap in several Python threads. A new one takes torch's number where it first asks, which is here, and
    not later, when another fit may have put the number back; and the number to go back to is the one from before the
    first of them.
    """
    if n is None:
        yield
        return
    with _OUTSIDE.lock:
        here = torch.get_num_threads()
        if not _OUTSIDE.inside:
            _OUTSIDE.number = here
        _OUTSIDE.inside += 1
        before = here if _OVERLAP.depth else _OUTSIDE.number
        torch.set_num_threads(n)
    _OVERLAP.depth += 1
    try:
        yield
    finally:
        _OVERLAP.depth -= 1
        with _OUTSIDE.lock:
            _OUTSIDE.inside -= 1
            torch.set_num_threads(before)


@contextlib.contextmanager
def torch_seeded(seed):
    """Let torch's global generator, from which new layers draw, start from `seed`; then put its state back."""
    with _SEEDING, torch.random.fork_rng(devices=[]):  # two fits in two threads share that generator
        torch.default_generator.manual_seed(seed)
        yield
