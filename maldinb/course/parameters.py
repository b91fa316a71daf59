"""What a run of the notebooks is told: read from the command line, checked, and put into a notebook."""

from __future__ import annotations

import ast
import os
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from .. import preprocessing
from ..arguments import choice, whole
from ..datasets import LOADERS, binary_labels, load_dataset
from ..datasets.labels import INTERMEDIATE, meanings
from ..datasets.matrix import ON_ERROR

#: Parameters that name files: their text is a path, from the folder in which the command was typed.
PATHS = ("DATASET", "FOLDER")
#: Parameters that name columns of a table, and all that `load_dataset` takes under the same names, in small letters.
COLUMNS = ("BATCH", "ISOLATE", "SPECIES")
LOADING = (*COLUMNS, "LABELS", "INTERMEDIATE", "ON_ERROR", "BIN_WIDTH", "ALIGN")


def parameters(nb: NotebookNode) -> dict[str, Any]:
    """Names and defaults that the cell tagged ``parameters`` assigns."""
    cells = [c for c in nb.cells if c.cell_type == "code" and "parameters" in c.metadata.get("tags", [])]
    assigned = [n for c in cells for n in ast.parse(c.source).body if isinstance(n, ast.Assign)]
    return {t.id: ast.literal_eval(n.value) for n in assigned for t in n.targets if isinstance(t, ast.Name)}


def inject(nb: NotebookNode, values: Mapping[str, Any]) -> NotebookNode:
    """Add, in place, a cell after ``parameters`` that sets those of `values` which this notebook has (as papermill)."""
    mine = {name: value for name, value in values.items() if name in parameters(nb)}
    if mine:
        source = "\n".join(f"{name} = {value!r}" for name, value in mine.items())
        cell = nbformat.v4.new_code_cell(source, metadata={"tags": ["injected-parameters"]})
        at = next(i for i, c in enumerate(nb.cells) if "parameters" in c.metadata.get("tags", []))
        nb.cells.insert(at + 1, cell)
    return nb


def parse_parameters(pairs: list[str], defaults: Mapping[str, Any]) -> dict[str, Any]:
    """``["EPOCHS=5", "DATASET=kleb-ai"]`` as ``{"EPOCHS": 5, "DATASET": "kleb-ai"}``.

    The name of a parameter says what its value has to be, or else its default does. Numbers are above 0, or what the
    default is. Where the default is None, the value is a whole number.

    Raises
    ------
    ValueError
        If a pair is none, or a parameter does not exist or cannot have this value.
    """
    values = {}
    for pair in pairs:
        name, equals, text = pair.partition("=")
        if not (equals and name.isidentifier()):
            raise ValueError(f"{pair!r} is not NAME=value, as in EPOCHS=5.")
        if name not in defaults:
            known = ", ".join(sorted(defaults)) or "none"
            raise ValueError(f"no notebook has a parameter {name}; there are: {known}.")
        values[name] = _parse(name, text, defaults[name])
    return values


def _parse(name: str, text: str, default: Any) -> Any:
    if text == "None" and default is None:
        return None
    if not text and name in (*PATHS, *COLUMNS):
        raise ValueError(f"{name} is empty; name a {'folder' if name in PATHS else 'column'}, or leave it out.")
    if name in PATHS:
        return text if name == "DATASET" and text in LOADERS else as_path(text)
    if name in _READ:
        return _READ[name](text)
    if isinstance(default, str):
        return text
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError):
        value = text
    if default is None:
        wanted, fits = "a whole number or None,", type(value) is int
    elif isinstance(default, bool):
        wanted, fits = "True or False", isinstance(value, bool)
    else:
        kind, types = ("a whole number", [int]) if isinstance(default, int) else ("a number", [int, float])
        wanted = f"{kind} {'above 0' if default else 'of 0 or more'}, such as {default!r},"
        fits = type(value) in types and (value > 0 or value == default)
    if not fits:
        raise ValueError(f"{name} is {wanted} and not {text!r}.")
    if name == "BIN_WIDTH":
        preprocessing.bin_edges(value)
    return value


def _read_align(text: str) -> bool | str:
    return {"True": True, "False": False}[text] if text in ("True", "False") else str(preprocessing.target_of(text))


def _read_device(text: str) -> str:
    from ..network.training import pick_device  # here, because it imports torch

    pick_device(text)
    return text


def _read_labels(text: str) -> dict:
    try:
        meanings(labels := ast.literal_eval(text))
    except (ValueError, SyntaxError, AttributeError, TypeError) as error:
        reason = f" ({error})" if str(error).startswith("labels:") else ""
        raise ValueError(
            f'LABELS is a mapping such as {{"resistant": "R", "0": "S"}}, and not {text!r}{reason}.'
        ) from None
    return labels


def _read_scenario_size(text: str) -> int:
    """With fewer, a city of a scenario is left without isolates once twenty of them are labelled."""
    return whole(int(text) if text.isdecimal() else text, "N_SIMULATED", 200)


#: Parameters of which not every text will do -> what makes a value of a text, or raises ValueError.
_READ = {
    **dict.fromkeys(COLUMNS, str),
    "LABELS": _read_labels,
    "INTERMEDIATE": partial(choice, name="INTERMEDIATE", allowed=INTERMEDIATE),
    "ON_ERROR": partial(choice, name="ON_ERROR", allowed=ON_ERROR),
    "ALIGN": _read_align,
    "DEVICE": _read_device,
    "N_SIMULATED": _read_scenario_size,
}


def as_path(text: str) -> str:
    """A path from the folder in which the command was typed; a kernel works in that of its notebook."""
    return str(Path(text).expanduser().absolute())


def resolve_environment() -> None:
    """Let $MALDINB_DATASET, if it is a path, mean one from where the command was typed in every kernel, too."""
    chosen = os.environ.get("MALDINB_DATASET")
    if chosen and chosen not in LOADERS:
        os.environ["MALDINB_DATASET"] = as_path(chosen)


def check_dataset(values: Mapping[str, Any], defaults: Mapping[str, Any]) -> None:
    """Load the data set once and look at its labels, before four kernels find out one by one that it cannot be used.

    Raises
    ------
    ValueError, OSError
        As `load_dataset` and `binary_labels`.
    """
    if "DATASET" not in defaults:
        return
    chosen = {**defaults, **values}
    options = {name.lower(): chosen[name] for name in LOADING if name in chosen}
    binary_labels(load_dataset(chosen["DATASET"], chosen.get("ANTIBIOTIC"), **options))
