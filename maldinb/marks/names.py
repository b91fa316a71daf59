"""Which cells, or statements, an exercise needs: found by names, without running anything."""

from __future__ import annotations

import ast
import dis
import itertools
import re
from collections.abc import Iterable, Sequence
from types import CodeType


def stores(source: str) -> set[str]:
    """The names that a cell leaves behind."""
    return _names(_codes(source)[:1], "STORE_NAME", "STORE_GLOBAL")


def loads(source: str) -> set[str]:
    """The names that a cell takes from elsewhere, and those built into Python.

    Examples
    --------
    >>> sorted(loads("x = len(y)"))
    ['len', 'y']
    """
    codes = _codes(source)
    taken, own = set(), set()
    for step in dis.get_instructions(codes[0]):
        if step.opname.startswith("STORE_NAME"):
            own.add(step.argval)
        elif step.opname in ("LOAD_NAME", "LOAD_GLOBAL", "DELETE_NAME") and step.argval not in own:
            taken.add(step.argval)
    return taken | _names(codes[1:], "LOAD_NAME", "LOAD_GLOBAL")


def needed(cells: Sequence[str], names: Iterable[str]) -> list[int]:
    """Places of the cells without which some names would not be what they are after the last cell.

    A cell is needed if it binds one of the names, or changes what one of them means in place: ``x[0] = 1``,
    ``x.a = 1``, ``x.append(1)``. What a function changes in its arguments is not seen, and one that sets a seed is
    always needed.

    Examples
    --------
    >>> needed(["a = 1", "b = 2", "c = [a]", "c.append(3)", "a = 4"], ["c"])
    [0, 2, 3]
    """
    modules = set().union(*map(_imported, cells))
    late: set[str] = set()  # what functions look up when they are called, and not where they are written
    while True:
        wanted, found = set(names) | late, []
        for place in reversed(range(len(cells))):
            bound = stores(cells[place])
            if bound & wanted or (_changed(cells[place]) - modules) & wanted or "seed(" in cells[place]:
                found.append(place)
                wanted -= _bound_whatever_happens(cells[place])
                wanted |= loads(cells[place])
        more = set().union(late, *(_looked_up_later(cells[place]) for place in found))
        if more == late:
            return found[::-1]
        late = more


def _looked_up_later(source: str) -> set[str]:
    """The names that functions of a cell take from elsewhere; comprehensions run where they stand."""
    inner = [code for code in _codes(source)[1:] if not re.fullmatch(r"<\w+(comp|expr)>", code.co_name)]
    return _names(inner, "LOAD_NAME", "LOAD_GLOBAL")


def _codes(source: str) -> list[CodeType]:
    """The compiled cell, and the functions, classes and comprehensions in it."""
    found = [compile(source, "cell", "exec", dont_inherit=True)]
    for code in found:  # grows on the way
        found += [constant for constant in code.co_consts if isinstance(constant, CodeType)]
    return found


def _names(codes: list[CodeType], *operations: str) -> set[str]:
    steps = itertools.chain.from_iterable(map(dis.get_instructions, codes))
    return {step.argval for step in steps if step.opname in operations}


def _bound_whatever_happens(source: str) -> set[str]:
    """Names that statements at the margin bind: those before them do not matter any more."""
    found: set[str] = set()
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign):
            targets = [leaf for target in node.targets for leaf in ast.walk(target)]
            found |= {t.id for t in targets if isinstance(t, ast.Name) and isinstance(t.ctx, ast.Store)}
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
    return found | _imported(source)


def _imported(source: str) -> set[str]:
    """Names that import statements at the margin bind to modules, functions and classes."""
    nodes = [node for node in ast.parse(source).body if isinstance(node, ast.Import | ast.ImportFrom)]
    return {(alias.asname or alias.name).partition(".")[0] for node in nodes for alias in node.names}


def _changed(source: str) -> set[str]:
    """Names of what a cell may change in place."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Subscript | ast.Attribute) and not isinstance(node.ctx, ast.Load):
            found.add(_root(node))
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            if isinstance(node.value.func, ast.Attribute):
                found.add(_root(node.value.func))
    return found - {None}


def _root(node: ast.AST) -> str | None:
    while isinstance(node, ast.Subscript | ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None
