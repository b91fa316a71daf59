"""The code as a part of a key: what other code has computed must not pass for what this code would.

What counts is the code that runs, not the text on disk: whoever edits a file under a running kernel goes on with the
old code, and its results must not be found under the new text. So the functions themselves are hashed, and the
constants beside them. Comments and docstrings decide nothing, and are left out.
"""

import functools
import hashlib
import sys
from importlib import import_module
from types import CodeType, FunctionType, ModuleType

import numpy as np

_PACKAGE = __package__


def code_hash(*modules):
    """A hash of the code and the constants of modules as they are now in memory.

    Parameters
    ----------
    *modules : str
        Names within the package, such as "preprocessing". A package stands for all of its modules.

    Returns
    -------
    str
        Another one wherever a function, a default or a constant of the modules is another, be it by an edit, by
        ``importlib.reload`` or by an assignment in a notebook; and with another minor version of Python, which
        compiles functions in another way.
    """
    digest = hashlib.sha256()
    for name in modules:
        root = f"{_PACKAGE}.{name}"
        import_module(root)
        for loaded in sorted(m for m in sys.modules if m == root or m.startswith(root + ".")):
            digest.update(repr(_namespace(vars(sys.modules[loaded]), loaded)).encode())
    return digest.hexdigest()


def _namespace(names, module):
    """What a module or a class defines, as names and plain values that have the same `repr` in every process."""
    own = {name: value for name, value in names.items() if not name.startswith("__") or _is_function(value)}
    return [(name, _describe(own[name], module)) for name in sorted(own)]


def _is_function(value):
    return isinstance(value, (FunctionType, classmethod, staticmethod))


def _describe(value, module):
    if isinstance(value, ModuleType):
        return None
    if isinstance(value, (classmethod, staticmethod)) or isinstance(getattr(value, "__wrapped__", None), FunctionType):
        return _describe(value.__wrapped__, module)  # functools.cache and the like
    if isinstance(value, property):
        return [_describe(part, module) for part in (value.fget, value.fset, value.fdel)]
    if isinstance(value, functools.partial):
        return [_describe(value.func, module), _constant(value.args), _constant(value.keywords)]
    if isinstance(value, FunctionType):
        return [_code(value.__code__, value.__doc__), _constant(value.__defaults__), _constant(value.__kwdefaults__)]
    if isinstance(value, type):
        # Another module's class is described there; a foreign one is known by its name.
        return _namespace(vars(value), module) if value.__module__ == module else f"{value.__module__}.{value.__name__}"
    return _constant(value)


def _code(code, doc=None):
    """The compiled function without its docstring and line numbers."""
    constants = [_constant(c) for i, c in enumerate(code.co_consts) if not (i == 0 and doc is not None and c == doc)]
    return [code.co_code.hex(), constants, code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars]


def _constant(value):
    if isinstance(value, CodeType):
        return _code(value)
    if isinstance(value, np.ndarray):
        return [value.dtype.str, value.shape, hashlib.sha256(np.ascontiguousarray(value)).hexdigest()]
    if isinstance(value, dict):
        return [(_constant(k), _constant(v)) for k, v in value.items()]
    if isinstance(value, (set, frozenset)):
        return sorted(map(repr, value))  # their order is another one in each process
    if isinstance(value, (list, tuple)):
        return [_constant(v) for v in value]
    if isinstance(value, (FunctionType, functools.partial)):
        return _describe(value, value.__module__ if isinstance(value, FunctionType) else None)
    text = repr(value)
    return type(value).__qualname__ if " at 0x" in text else text
