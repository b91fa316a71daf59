"""Execute the series of notebooks: ``python -m maldinb.series run`` and ``... refresh``.

``run`` executes copies with other parameters and writes them, with an HTML page each, to a build folder. ``refresh``
takes the edited ``.py`` sources as the truth, executes them and writes the paired ``.ipynb`` back. Both end with a
table of claims, seconds and memory; both go on after a notebook that failed, and then exit with status 1.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import os
import re
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
import psutil
from nbclient import NotebookClient
from nbclient.exceptions import CellControlSignal, DeadKernelError
from nbconvert import HTMLExporter
from nbformat import NotebookNode

from maldinb.claims import BROKEN, UNKNOWN, Tally, tally
from maldinb.pairs import read_pair, sources, strip_volatile, write_atomically, write_pair

# --- parameters -------------------------------------------------------------------------------------------------------


def parameter_names(nb: NotebookNode) -> set[str]:
    """The names that the cell tagged ``parameters`` assigns."""
    cells = [c for c in nb.cells if c.cell_type == "code" and "parameters" in c.metadata.get("tags", [])]
    assigned = [n.targets for c in cells for n in ast.parse(c.source).body if isinstance(n, ast.Assign)]
    return {t.id for targets in assigned for t in targets if isinstance(t, ast.Name)}


def inject(nb: NotebookNode, values: Mapping[str, Any]) -> NotebookNode:
    """Add, in place, a cell after ``parameters`` that sets those of `values` which this notebook has (as papermill)."""
    mine = {name: value for name, value in values.items() if name in parameter_names(nb)}
    if mine:
        source = "\n".join(f"{name} = {value!r}" for name, value in mine.items())
        cell = nbformat.v4.new_code_cell(source, metadata={"tags": ["injected-parameters"]})
        at = next(i for i, c in enumerate(nb.cells) if "parameters" in c.metadata.get("tags", []))
        nb.cells.insert(at + 1, cell)
    return nb


def parse_parameters(pairs: list[str]) -> dict[str, Any]:
    """``["EPOCHS=5", "DATASET=kleb-ai"]`` as ``{"EPOCHS": 5, "DATASET": "kleb-ai"}``."""
    values = {}
    for pair in pairs:
        name, equals, text = pair.partition("=")
        if not (equals and name.isidentifier()):
            raise ValueError(f"{pair!r} is not NAME=value, as in EPOCHS=5.")
        try:
            values[name] = ast.literal_eval(text)
        except (ValueError, SyntaxError):
            # A path is meant from where the command was typed, but the kernel works in the notebook's folder.
            is_path = text.startswith(("~", ".", os.sep)) or os.sep in text
            values[name] = str(Path(text).expanduser().resolve()) if is_path else text
    return values


# --- execution --------------------------------------------------------------------------------------------------------


class Client(NotebookClient):
    """A notebook client that keeps what nbval will see, and that widgets cannot hang.

    nbclient answers widget messages by playing a browser for ipywidgets.Output, which may wait for ever (its issue
    312). Left alone, what a widget draws simply arrives as the cell's output: the static picture that a reader
    without a kernel needs anyway.
    """

    def handle_comm_msg(self, outs: Any, msg: Any, cell_index: int) -> None:
        """Widgets talk; nobody answers."""

    def clear_output(self, outs: Any, msg: Any, cell_index: int) -> None:
        """Widgets clear only themselves, and nbval clears nothing."""


@dataclass
class PeakMemory:
    """Follows the resident memory of a process and its children, in MB; pages that they share count for each."""

    every: float = 0.1
    peak: float = 0.0
    _stop: threading.Event = field(default_factory=threading.Event)

    @contextlib.contextmanager
    def watching(self, pid: int) -> Iterator[None]:
        thread = threading.Thread(target=self._watch, args=(pid,), daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._stop.set()
            thread.join()

    def _watch(self, pid: int) -> None:
        while True:
            with contextlib.suppress(psutil.Error):
                root = psutil.Process(pid)
                total = 0
                for process in [root, *root.children(recursive=True)]:
                    with contextlib.suppress(psutil.Error):  # a worker may end between two looks
                        total += process.memory_info().rss
                self.peak = max(self.peak, total / 1e6)
            if self._stop.wait(self.every):
                return


@dataclass
class Result:
    """One line of the table."""

    name: str
    claims: Tally
    seconds: float
    peak_mb: float
    error: str | None = None


def execute(nb: NotebookNode, name: str, cwd: Path, timeout: int) -> Result:
    """Execute in place. An error ends this notebook, is kept in the result, and is not raised."""
    for cell in nb.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    client = Client(
        nb,
        timeout=timeout,
        startup_timeout=120,
        kernel_name="python3",
        resources={"metadata": {"path": str(cwd)}},
        store_widget_state=False,
        record_timing=False,
        extra_arguments=["--IPKernelApp.log_level=ERROR"],  # or each kernel warns that loopback is not encrypted
    )
    memory, error, start = PeakMemory(), None, time.perf_counter()
    try:
        with client.setup_kernel(), memory.watching(client.km.provisioner.pid):
            info = client.wait_for_reply(client.kc.kernel_info())
            nb.metadata["language_info"] = info["content"]["language_info"]
            client.reset_execution_trackers()
            for index, cell in enumerate(nb.cells):
                client.execute_cell(cell, index)
                merge_streams(cell)
    except (CellControlSignal, DeadKernelError) as err:  # a failed cell, or one that ran out of time
        error = re.sub(r"\x1b\[[0-9;]*m", "", str(err)) or type(err).__name__
    outputs = [out for cell in nb.cells for out in cell.get("outputs", [])]
    return Result(name, tally(outputs), time.perf_counter() - start, memory.peak, error)


def merge_streams(cell: NotebookNode) -> None:
    """Join, in place, pieces of printed text that arrived one after the other: where they are cut is chance."""
    merged: list[NotebookNode] = []
    for out in cell.get("outputs", []):
        if merged and out.output_type == "stream" and out.get("name") == merged[-1].get("name"):
            merged[-1].text += out.text
        else:
            merged.append(out)
    if "outputs" in cell:
        cell.outputs = merged


def to_html(nb: NotebookNode, folder: Path) -> str:
    """One self-contained page: figures are embedded, and nothing is fetched when it is opened."""
    exporter = HTMLExporter(embed_images=True, mathjax_url="", require_js_url="", jquery_url="")
    page, _ = exporter.from_notebook_node(nb, resources={"metadata": {"path": str(folder)}})
    return re.sub(r'<script src="(https?:[^"]*)?">\s*</script>', "", page)


def run(folder: Path, out: Path, values: Mapping[str, Any], timeout: int, names: list[str] | None) -> list[Result]:
    """Execute copies of the notebooks with these parameters; the folder itself stays as it is."""
    pairs = {py: read_pair(py) for py in sources(folder, names)}
    known = set().union(*map(parameter_names, pairs.values()))
    if unknown := sorted(set(values) - known):
        raise ValueError(
            f"no notebook has a parameter {', '.join(unknown)}; there are: {', '.join(sorted(known)) or 'none'}."
        )
    out.mkdir(parents=True, exist_ok=True)
    results = []
    for py, nb in pairs.items():
        _say(f"{py.stem} ...")
        target = out / py.stem
        target.with_suffix(".error.txt").unlink(missing_ok=True)
        results.append(result := execute(inject(nb, values), py.stem, folder, timeout))
        write_atomically(target.with_suffix(".ipynb"), nbformat.writes(strip_volatile(nb)) + "\n")
        write_atomically(target.with_suffix(".html"), to_html(nb, folder))
        if result.error:
            write_atomically(target.with_suffix(".error.txt"), result.error + "\n")
            _say(f"{py.stem} FAILED; the traceback is in {target.with_suffix('.error.txt')}")
    return results


def refresh(folder: Path, timeout: int, names: list[str] | None) -> list[Result]:
    """Execute the sources and write the pairs back; a notebook that fails keeps its old files."""
    results = []
    for py in sources(folder, names):
        _say(f"{py.stem} ...")
        nb = read_pair(py)
        results.append(result := execute(nb, py.stem, folder, timeout))
        if result.error:
            _say(f"{result.error}\n{py.stem} FAILED and was left as it was")
        else:
            write_pair(strip_volatile(nb), py)
    return results


# --- command line -----------------------------------------------------------------------------------------------------


def table(results: list[Result]) -> str:
    """The closing table, and below it the sentences that did not hold or are not known to."""
    width = max(len("notebook"), *(len(r.name) for r in results))
    lines = [f"{'notebook':<{width}} | claims held | seconds | peak memory MB", "-" * (width + 41)]
    for r in results:
        claims = "FAILED" if r.error else f"{r.claims.held}/{r.claims.total}"
        lines.append(f"{r.name:<{width}} | {claims:>11} | {r.seconds:7.1f} | {r.peak_mb:14.0f}")
    lines += [f"{BROKEN} {r.name}: {sentence}" for r in results for sentence in r.claims.broken]
    lines += [f"{UNKNOWN} {r.name}: {sentence}" for r in results for sentence in r.claims.unknown]
    return "\n".join(lines)


def main(argv: list[str] | None = None) -> int:
    """Return the exit status: 0, or 1 if a notebook failed. A claim that does not hold is a result, not a failure."""
    parser = argparse.ArgumentParser(prog="python -m maldinb.series", description=__doc__.split("\n")[0])
    parser.add_argument("command", choices=["run", "refresh"])
    parser.add_argument("names", nargs="*", help="some of the notebooks, by name; all if left out")
    parser.add_argument("-p", dest="parameters", action="append", default=[], metavar="NAME=value")
    parser.add_argument("--notebooks", type=Path, default=Path("notebooks"), metavar="FOLDER")
    parser.add_argument("--out", type=Path, default=Path("build/run"), metavar="FOLDER", help="where `run` writes")
    parser.add_argument("--timeout", type=int, default=1800, metavar="SECONDS", help="for a cell (default: 1800)")
    args = parser.parse_args(argv)
    try:
        if args.command == "run":
            values = parse_parameters(args.parameters)
            results = run(args.notebooks, args.out, values, args.timeout, args.names)
        elif args.parameters:
            raise ValueError("`refresh` takes no parameters: what is committed is run with the notebook's own.")
        else:
            results = refresh(args.notebooks, args.timeout, args.names)
    except ValueError as err:
        parser.error(str(err))
    _say(table(results))
    if args.command == "run":
        _say(f"Executed copies and HTML pages are in {args.out}.")
    return int(any(r.error for r in results))


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
