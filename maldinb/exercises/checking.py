"""What every check of an exercise needs: how it speaks, and how it reads whatever a student may answer.

A check is a function of the answer and the data. It ends quietly if the answer is right, and else raises an
`Outcome`; ``@check`` turns both into one printed line::

    @check("an edge is named by its m/z")
    def check_upper_edge(answer, mz):
        given = number(answer, "an m/z in Da")
        if close(given, mz[-1] + 3):
            return
        if close(given, len(mz)):
            raise Wrong("you seem to count bins; the edge is an m/z in Da")
        raise Wrong("the last bin does not end there")

Right answers are recognised first. Then come those that are wrong in a way that can be named, then the rest.
"""

import functools
import math
import reprlib
from collections.abc import Iterable

import numpy as np

from .progressing import note

#: Name -> check, for the tests: an exercise has a check, and a check has answers that it was tried on.
CHECKS = {}
RIGHT = "right ✓"


class Outcome(Exception):
    """What a check has to say unless the answer is right; the message ends the line that begins with `label`."""

    label = ""


class NotYet(Outcome):
    """The stub is still as it was."""

    label = "not yet"


class Wrong(Outcome):
    """The message says what is wrong, or may have gone wrong, and does not hold the right answer."""

    label = "not right"


class NothingToCheck(Outcome):
    """The question makes no sense on these data; the message says why."""

    label = "nothing to check"


def check(lesson):
    """Make a check of a function that raises an `Outcome`, and enter it in `CHECKS`.

    Parameters
    ----------
    lesson : str
        What to take from the exercise, printed after a right answer. It has to be true of any data.

    Returns
    -------
    callable
        Decorator. The check takes what the function takes, prints one line, returns None and raises nothing.
    """

    def decorate(function):
        def judge(answer, *data, **more):
            try:
                if answer is None or answer is ...:
                    raise NotYet("put your answer in place of the three dots, and run the cell again")
                function(answer, *data, **more)
                return RIGHT, lesson
            except Outcome as outcome:
                return outcome.label, " ".join(str(outcome).split())
            except Exception as error:  # a student's notebook goes on, whatever an answer is made of
                said = f"the check cannot use this {type(answer).__name__} ({type(error).__name__}: {error})"
                return Wrong.label, " ".join(said.split())

        @functools.wraps(function)
        def checked(answer, *data, **more):
            label, message = judge(answer, *data, **more)
            note(function.__name__, label == RIGHT)
            print(f"{label} {message}" if label == RIGHT else f"{label}: {message}")

        checked.judge = judge  # label and message, for whoever marks: what is printed, anybody can print
        CHECKS[function.__name__] = checked
        return checked

    return decorate


def call(function, *arguments):
    """What a student's function returns; `Wrong` if it stops with an error, `NotYet` if it returns nothing."""
    if not callable(function):
        raise Wrong(f"this takes a function, and got {short(function)}")
    try:
        result = function(*arguments)
    except Exception as error:
        raise Wrong(
            f"your function stopped with {type(error).__name__}: {error}; call it yourself to see in which line"
        ) from None
    if result is None or result is ...:
        raise NotYet("your function returns nothing so far; it ends with `return` and the result")
    return result


def number(answer, what="a number"):
    """One finite number as a float, be it Python's, NumPy's, a tensor's or the only one of a list; or `Wrong`."""
    values = numbers(answer, what)
    if values.size != 1:
        raise Wrong(f"this takes {what}, and got {values.size} numbers")
    value = float(values.reshape(()))
    if not math.isfinite(value):
        raise Wrong(f"this takes {what}, and got {value}")
    return value


def numbers(answer, what="numbers"):
    """An array of float of any shape; or `Wrong`. True and False are no numbers here, and neither is text."""
    if callable(answer):
        raise Wrong(f"this takes {what}, and got a function; call it, or give its result")
    try:
        values = np.asarray(answer)
    except Exception:
        raise Wrong(f"this takes {what}, and got {short(answer)}") from None
    if values.dtype.kind == "O":
        values = _from_objects(values)
    if values is None or values.dtype.kind not in "iuf":
        raise Wrong(f"this takes {what}, and got {short(answer)}")
    return values.astype(float)


def _from_objects(values):
    """Numbers that were kept as objects, as pandas does with mixed columns; None if they are something else."""
    plain = all(isinstance(value, int | float | np.number) and not isinstance(value, bool) for value in values.flat)
    try:
        return values.astype(float) if plain else None
    except OverflowError:  # a whole number of more than 300 digits
        return None


def pair(answer, what):
    """The two things that a function returns; or `Wrong`."""
    parts = list(answer) if isinstance(answer, Iterable) and not isinstance(answer, str | dict) else None
    if parts is None or len(parts) != 2:
        raise Wrong(f"your function returns {short(answer)} instead of {what}, which are two things")
    return parts


def table(answer, shape, what):
    """An array of float of this shape, or `Wrong`; say what is wrong with frequent other shapes before."""
    values = numbers(answer, what)
    if values.shape != shape:
        raise Wrong(f"{what} should have the shape {shape}, and yours has {values.shape}")
    return values


def close(given, truth, tolerance=1e-6):
    """Whether all numbers agree, apart from rounding errors or from `tolerance`."""
    given, truth = np.asarray(given, dtype=float), np.asarray(truth, dtype=float)
    return given.shape == truth.shape and bool(np.allclose(given, truth, rtol=1e-6, atol=tolerance, equal_nan=False))


def refuse(given, mistakes, tolerance=1e-6):
    """`Wrong` with the message of the first (value, message) whose value is given."""
    for value, message in mistakes:
        if close(given, value, tolerance):
            raise Wrong(message)


def share(answer, truth, mistakes):
    """Check one share from 0 to 1 to three decimals.

    Parameters
    ----------
    answer : object
    truth : float
    mistakes : list of (float, str)
        What other ways of computing it would give, and what is wrong with them.

    Raises
    ------
    Wrong
    """
    given = number(answer, "a share from 0 to 1")
    if close(given, truth, 0.001):
        return
    refuse(given, mistakes, 0.001)
    if close(given / 100, truth, 0.001):
        raise Wrong("this looks like per cent; a share lies between 0 and 1")
    if not 0 <= given <= 1:
        raise Wrong("a share lies between 0 and 1")
    if close(given, truth, 0.006):
        raise Wrong("nearly: give three decimals at least")
    raise Wrong("that is another share than the one asked for; is everybody counted, and nobody twice?")


def short(answer):
    """What an answer is, in a few words."""
    if isinstance(answer, str | bytes | bool | int | float | complex):
        return f"{reprlib.repr(answer)} ({type(answer).__name__})"
    return f"something of type {type(answer).__name__}"
