"""Ctrl-C is answered as asked for as long as that lasts, and as before afterwards."""

import signal
import threading

import pytest

from maldinb.interrupts import on_interrupt


def test_it_is_answered_and_put_back():
    before, heard = signal.getsignal(signal.SIGINT), []
    with pytest.raises(ZeroDivisionError), on_interrupt(lambda number, _: heard.append(number)):
        signal.raise_signal(signal.SIGINT)
        1 / 0  # noqa: B018
    assert heard == [signal.SIGINT] and signal.getsignal(signal.SIGINT) is before


def test_it_can_raise():
    class Stop(BaseException):
        pass

    def stop(*_):
        raise Stop

    with pytest.raises(Stop), on_interrupt(stop):
        signal.raise_signal(signal.SIGINT)


def test_in_another_thread_nothing_changes():
    before, seen = signal.getsignal(signal.SIGINT), []

    def work():
        with on_interrupt(print):
            seen.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [before]
