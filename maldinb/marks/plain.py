"""Answers as text, to be read by a process that runs nobody's code: numbers, texts, and arrays and tables of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

_KINDS = "biufU"
_SIMPLE = (bool, float, str, type(None))


class NotPlain(TypeError):
    """This answer is a function, or something else that is more than its values."""


def encode(value: Any) -> Any:
    """What JSON can hold; `decode` makes the same of it again.

    Raises
    ------
    NotPlain

    Examples
    --------
    >>> decode(encode((1, [2.5, None], {"a": np.arange(2)})))
    (1, [2.5, None], {'a': array([0, 1])})
    """
    kind = type(value)
    if kind in _SIMPLE:
        return value
    if kind is int:
        return ["int", hex(value)]
    if value is ...:
        return ["..."]
    if kind is complex:
        return ["complex", value.real, value.imag]
    if kind in (list, tuple, set, frozenset):
        return [kind.__name__, [encode(one) for one in value]]
    if kind is dict:
        return ["dict", [[encode(key), encode(one)] for key, one in value.items()]]
    if kind is np.ndarray and value.dtype.kind in _KINDS:
        return ["array", value.dtype.str, list(value.shape), value.ravel().tolist()]
    if isinstance(value, np.generic) and value.dtype.kind in _KINDS:
        return ["scalar", value.dtype.str, value.item()]
    if kind is pd.Series:
        return ["series", encode(_values(value)), encode(_values(value.index))]
    if kind is pd.DataFrame:
        return ["table", encode([_values(value[name]) for name in value]), *map(encode, map(_values, value.axes))]
    if isinstance(value, pd.Index):
        return ["index", encode(_values(value))]
    raise NotPlain(kind.__name__)


def decode(text: Any) -> Any:
    """The value that `encode` was given. It is one of the types above, whatever the text says."""
    if type(text) in _SIMPLE:
        return text
    kind, *rest = text
    if kind == "int":
        return int(rest[0], 16)
    if kind == "...":
        return ...
    if kind == "complex":
        return complex(*rest)
    if kind in ("list", "tuple", "set", "frozenset"):
        return {"list": list, "tuple": tuple, "set": set, "frozenset": frozenset}[kind](map(decode, rest[0]))
    if kind == "dict":
        return {decode(key): decode(one) for key, one in rest[0]}
    if kind in ("array", "scalar"):
        dtype = np.dtype(rest[0])
        if dtype.kind not in _KINDS:
            raise ValueError(f"no plain values: {dtype}")
        return dtype.type(rest[1]) if kind == "scalar" else np.array(rest[2], dtype).reshape(rest[1])
    if kind == "series":
        return pd.Series(*map(decode, rest))
    if kind == "table":
        columns, index, names = map(decode, rest)
        return pd.DataFrame(dict(enumerate(columns)), index=index).set_axis(names, axis=1)
    if kind == "index":
        return pd.Index(decode(rest[0]))
    raise ValueError(f"no plain value: {kind}")


def _values(column: Any) -> Any:
    values = column.to_numpy()
    return values if values.dtype.kind in _KINDS else list(values)
