"""What an argument may be, and the error that says so: at the bottom of the house, for every room above it."""

import math
from numbers import Integral, Real


def is_whole(value, low=-math.inf, high=math.inf):
    """Whether a value is a whole number, Python's or NumPy's, from `low` to `high`; True and False are none.

    Examples
    --------
    >>> is_whole(3), is_whole(3, low=4), is_whole(3.0), is_whole(True)
    (True, False, False, False)
    """
    return isinstance(value, Integral) and not isinstance(value, bool) and low <= value <= high


def is_real(value, low=-math.inf, high=math.inf):
    """Whether a value is a finite number, Python's or NumPy's, from `low` to `high`; True and False are none.

    Examples
    --------
    >>> is_real(0.5, 0, 1), is_real(1.5, 0, 1), is_real(float("nan")), is_real(True)
    (True, False, False, False)
    """
    if not isinstance(value, Real) or isinstance(value, bool):
        return False
    try:
        return low <= float(value) <= high and math.isfinite(value)
    except OverflowError:  # a whole number of more than 300 digits
        return False


def whole(value, name, low):
    """A whole number of at least `low`.

    Parameters
    ----------
    value : object
    name : str
        What the argument is called, for the message.
    low : int

    Returns
    -------
    int

    Raises
    ------
    ValueError
        If it is not.

    Examples
    --------
    >>> whole(5, "n_splits", 2)
    5
    >>> whole(1, "n_splits", 2)
    Traceback (most recent call last):
    ValueError: n_splits is a whole number of at least 2, not 1
    """
    if not is_whole(value, low):
        raise ValueError(f"{name} is a whole number of at least {low}, not {value!r}")
    return int(value)


def real(value, name, low, high, *, ends=True, what="a number"):
    """A number from `low` to `high`.

    Parameters
    ----------
    value : object
    name : str
        What the argument is called, for the message.
    low, high : float
    ends : bool
        Whether `low` and `high` themselves are allowed.
    what : str
        For the message, such as "a width in Da".

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If it is not.

    Examples
    --------
    >>> real(3, "bin_width", 0.01, 18000, what="a width in Da")
    3.0
    >>> real(0, "bin_width", 0.01, 18000, what="a width in Da")
    Traceback (most recent call last):
    ValueError: bin_width is a width in Da from 0.01 to 18000, not 0
    """
    if not (is_real(value, low, high) and (ends or low < value < high)):
        limits = f"{low:.10g} to {high:.10g}{'' if ends else ' (exclusive)'}"
        raise ValueError(f"{name} is {what} from {limits}, not {value!r}")
    return float(value)


def fraction(value, name, *, ends=False):
    """A number between 0 and 1.

    Parameters
    ----------
    value : object
    name : str
        What the argument is called, for the message.
    ends : bool
        Whether 0 and 1 themselves are allowed.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If it is not.

    Examples
    --------
    >>> fraction(0.95, "level")
    0.95
    >>> fraction(95, "level")
    Traceback (most recent call last):
    ValueError: level is a number from 0 to 1 (exclusive), not 95
    """
    return real(value, name, 0, 1, ends=ends)


def positive(value, name, *, what="a number"):
    """A finite number above 0.

    Parameters
    ----------
    value : object
    name, what : str
        As for `real`.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If it is not.

    Examples
    --------
    >>> positive(12, "tolerance")
    12.0
    >>> positive(0, "tolerance", what="a distance in Da")
    Traceback (most recent call last):
    ValueError: tolerance is a distance in Da above 0, not 0
    """
    if not (is_real(value) and value > 0):
        raise ValueError(f"{name} is {what} above 0, not {value!r}")
    return float(value)


def listed(values, most=5, quote=repr):
    """Some values for a message, and how many more there are.

    Parameters
    ----------
    values : iterable
        They are shown as text.
    most : int
        How many are shown.
    quote : callable
        What to do with the text of each.

    Returns
    -------
    str

    Examples
    --------
    >>> listed(["a", "b"]), listed(range(7), most=2, quote=str)
    ("'a', 'b'", '0, 1 and 5 more')
    """
    shown = [quote(str(value)) for value in values]
    return ", ".join(shown[:most]) + (f" and {len(shown) - most} more" if len(shown) > most else "")


def choice(value, name, allowed):
    """One of a few values.

    Parameters
    ----------
    value : object
    name : str
        What the argument is called, for the message.
    allowed : iterable

    Returns
    -------
    object
        The value.

    Raises
    ------
    ValueError
        If it is none of them.

    Examples
    --------
    >>> choice("R", "positive", ("R", "S"))
    'R'
    >>> choice("I", "positive", ("R", "S"))
    Traceback (most recent call last):
    ValueError: positive is one of 'R', 'S', not 'I'
    """
    allowed = list(allowed)
    if not any(isinstance(value, type(one)) and value == one for one in allowed):
        raise ValueError(f"{name} is one of {', '.join(map(repr, allowed))}, not {value!r}")
    return value
