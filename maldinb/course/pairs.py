"""A notebook as two files: the ``.py`` that is written and reviewed, the ``.ipynb`` that carries the outputs.

jupytext converts; which of the two is right is decided here, by content and never by time stamps (in a fresh clone
these mean nothing): the ``.py`` is the truth.
"""

from __future__ import annotations

import base64
import itertools
import re
from pathlib import Path

import jupytext
import jupytext.config
import nbformat
from jupytext.combine import combine_inputs_with_outputs
from nbformat import NotebookNode

from ..writing import write_atomically

PERCENT = "py:percent"
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
# A widget lives only as long as its kernel. In a stored notebook this line stands for it, next to the picture that
# the widget drew; tests/nbval_sanitize.cfg knows it too.
WIDGET_TEXT = "[a widget: run this cell to use it]"


def sources(folder: Path, names: list[str] | None = None) -> list[Path]:
    """The paired ``.py`` files of a folder in the order of the series; `names` picks some of them by their stem."""
    found = sorted(p for p in folder.glob("*.py") if not p.name.startswith((".", "_")))
    if names:
        stems = [Path(name).stem for name in names]
        if unknown := sorted(set(stems) - {p.stem for p in found}):
            known = ", ".join(p.stem for p in found) or "none"
            raise ValueError(f"no notebook {', '.join(unknown)} in {folder}; there are: {known}.")
        found = [p for p in found if p.stem in stems]
    if not found:
        raise ValueError(f"there are no notebooks (*.py) in {folder}.")
    return found


def as_text(nb: NotebookNode, py: Path) -> str:
    """What the ``.py`` beside this notebook must contain."""
    return jupytext.writes(nb, PERCENT, config=jupytext.config.load_jupytext_config(str(py)))


def read_pair(py: Path) -> NotebookNode:
    """The notebook that the ``.py`` describes; what only an ``.ipynb`` holds (cell ids, outputs) comes from there."""
    config = jupytext.config.load_jupytext_config(str(py))
    nb = jupytext.reads(py.read_text(encoding="utf-8"), PERCENT, config=config)
    ipynb = py.with_suffix(".ipynb")
    if ipynb.exists():
        nb = combine_inputs_with_outputs(nb, nbformat.read(ipynb, as_version=4), PERCENT)
    nb.metadata.get("jupytext", {}).pop("text_representation", None)
    return nb


def write_pair(nb: NotebookNode, py: Path) -> None:
    """Write both files, the ``.py`` last: JupyterLab refuses a pair whose ``.ipynb`` is the newer one and differs."""
    nbformat.validate(nb)
    if (shown := picture(nb)) is not None:
        picture_path(py).parent.mkdir(exist_ok=True)
        write_atomically(picture_path(py), shown)
    write_atomically(py.with_suffix(".ipynb"), nbformat.writes(nb) + "\n")
    write_atomically(py, as_text(nb, py))


def picture(nb: NotebookNode) -> bytes | None:
    """The figure of the cell tagged ``picture``, which the README shows; None if there is no such cell."""
    for cell in nb.cells:
        if cell.cell_type == "code" and "picture" in cell.metadata.get("tags", []):
            found = [out.data["image/png"] for out in cell.outputs if "image/png" in out.get("data", {})]
            if not found:
                raise ValueError(f"a cell is tagged `picture` and shows none: {cell.source.splitlines()[0]}")
            return base64.b64decode(found[0])
    return None


def picture_path(py: Path) -> Path:
    """Where the picture of a notebook lies."""
    return py.parent / "pictures" / f"{py.stem}.png"


def strip_volatile(nb: NotebookNode) -> NotebookNode:
    """Remove, in place, what changes from run to run and means nothing: timings, widgets, versions, ids of tables."""
    nb.metadata.pop("widgets", None)
    nb.metadata.get("language_info", {}).pop("version", None)
    styled = itertools.count(1)
    for cell in nb.cells:
        for key in ("execution", "ExecuteTime", "papermill"):
            cell.metadata.pop(key, None)
        if "outputs" in cell:
            cell.outputs = [out for out in cell.outputs if not _is_progress_bar(out)]
        for out in cell.get("outputs", []):
            data = out.get("data", {})
            if WIDGET_VIEW in data:
                out.data = NotebookNode({"text/plain": WIDGET_TEXT})
            elif table := re.search('<table id="(T_[^"]+)"', data.get("text/html", "")):
                # pandas draws the id of a styled table by lot. No two in a notebook may share one.
                data["text/html"] = data["text/html"].replace(table[1], f"T_{next(styled)}")
                data["text/plain"] = re.sub(" at 0x[0-9a-f]+>$", ">", data["text/plain"])
    return nb


def _is_progress_bar(out: NotebookNode) -> bool:
    """Whether a widget is tqdm's bar: once it is full, nobody has to run the cell to see it."""
    data = out.get("data", {})
    return WIDGET_VIEW in data and bool(re.search(r"\d+%\|", data.get("text/plain", "")))
