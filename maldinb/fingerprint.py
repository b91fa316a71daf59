"""The code as a part of a key: what other code has computed must not pass for what this code would.

What counts is the code that runs, not the text on disk: whoever edits a file under a running kernel goes on with the
old code, and its results must not be found under the new text. So the functions themselves are hashed, and the
constants beside them. Comments and docstrings decide nothing, and are left out.
"""

import ast
import dis
import functools
import hashlib
import inspect
import sys
from importlib import import_module
from pathlib import Path
from types import CodeType, FunctionType, ModuleType

import numpy as np

_PACKAGE = __package__
_LOADS = frozenset(dis.hasconst)  # instructions whose argument is the number of a constant


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
    roots, digest = [f"{_PACKAGE}.{name}" for name in modules], hashlib.sha256()
    for root in roots:
        import_module(root)
    # A list first: another thread may import something meanwhile. Few of the thousands are ours.
    ours = sorted(name for name in list(sys.modules) if name.startswith(_PACKAGE))
    for root in roots:
        for name in ours:
            if name == root or name.startswith(f"{root}."):
                digest.update(repr(_namespace(vars(sys.modules[name]))).encode())
    return digest.hexdigest()


def source_hash(*modules):
    """A hash of the source of modules on disk, the same with every version of Python.

    It belongs to results that are kept for longer than a cache is: with the package itself.

    Parameters
    ----------
    *modules : str
        Names within the package, such as "network.model". A package stands for all of its modules.

    Returns
    -------
    str
        Another one wherever statements differ. Comments, docstrings, annotations and what is raised do not count.
    """
    digest = hashlib.sha256()
    for name in modules:
        path = Path(__file__).parent.joinpath(*name.split("."))
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path.with_suffix(".py")]:
            digest.update(repr(_statements(ast.parse(file.read_text("utf-8")))).encode())
    return digest.hexdigest()


def _statements(node):
    """A syntax tree as plain lists. Fields that are empty are left out: newer versions of Python add some."""
    if isinstance(node, list):
        return [_statements(part) for part in node if not _is_bare_text(part)]
    if isinstance(node, ast.Raise):
        return "raise"
    if not isinstance(node, ast.AST):
        return repr(node)
    fields = [(name, value) for name, value in ast.iter_fields(node) if name not in ("annotation", "returns")]
    return [type(node).__name__, *((name, _statements(value)) for name, value in fields if value not in (None, []))]


def _is_bare_text(node):
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _namespace(names):
    """What a module or a class defines, as names and plain values that have the same `repr` in every process."""
    own = {name: value for name, value in list(names.items()) if not name.startswith("__") or _is_function(value)}
    return [(name, _describe(own[name])) for name in sorted(own)]


def _is_function(value):
    return isinstance(value, (FunctionType, classmethod, staticmethod))


def _describe(value):
    if isinstance(value, ModuleType):
        return None
    if isinstance(value, (classmethod, staticmethod)) or isinstance(getattr(value, "__wrapped__", None), FunctionType):
        return _describe(value.__wrapped__)  # functools.cache and the like
    if isinstance(value, property):
        return [_describe(part) for part in (value.fget, value.fset, value.fdel)]
    if isinstance(value, functools.partial):
        return [_describe(value.func), _constant(value.args), _constant(value.keywords)]
    if isinstance(value, FunctionType):
        return [_code(value.__code__), _constant(value.__defaults__), _constant(value.__kwdefaults__)]
    if isinstance(value, type):
        return _class(value)
    return _constant(value)


def _class(value):
    """A class of this package as what it defines, wherever it was imported: after a reload, there may be two of it."""
    package = value.__module__.partition(".")[0]
    if package == _PACKAGE:
        return [[base.__qualname__ for base in value.__bases__], _namespace(vars(value))]
    # tqdm.auto has another class for notebooks than for terminals, and a progress bar decides no number.
    return None if package == "tqdm" else f"{value.__module__}.{value.__name__}"


@functools.cache  # compiled code never changes: an edit or a reload makes another
def _code(code):
    """What a compiled function does. Constants come in the order of use: a docstring, which nobody uses, is none."""
    steps, used = bytearray(code.co_code), []
    for at in range(0, len(steps), 2):
        if steps[at] in _LOADS:
            beyond = steps[at - 1] if at and steps[at - 2] == dis.EXTENDED_ARG else 0
            used.append(_constant(code.co_consts[256 * beyond + steps[at + 1]]))
            steps[at + 1] = 0  # its number, which a docstring shifts
    takes = [code.co_argcount, code.co_kwonlyargcount, code.co_flags & (inspect.CO_VARARGS | inspect.CO_VARKEYWORDS)]
    names = [code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars]
    return hashlib.sha256(repr([steps.hex(), used, takes, names]).encode()).hexdigest()


def _constant(value):
    if isinstance(value, (str, int, float)):  # nearly all are
        return repr(value)
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
        return _describe(value)
    text = repr(value)
    return type(value).__qualname__ if " at 0x" in text else text
