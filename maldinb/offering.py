"""What a room offers: each name stands once, where the `__init__` of the room imports it."""

from types import ModuleType


def offered(names):
    """The names that are for everybody, for ``__all__``: neither modules nor what begins with an underscore.

    Parameters
    ----------
    names : dict
        What the room's `__init__` holds when it has imported all of it: ``globals()``.

    Returns
    -------
    list of str
        Sorted.

    Examples
    --------
    >>> import math
    >>> offered({"plot_gates": print, "BLUE": "#0072B2", "math": math, "_cut": print})
    ['BLUE', 'plot_gates']
    """
    return sorted(n for n, value in names.items() if not n.startswith("_") and not isinstance(value, ModuleType))
