"""Execute the series of notebooks: ``python -m maldinb.course.series run`` and ``... refresh``.

``run`` executes copies with other parameters and writes them, with an HTML page each, to a build folder. ``refresh``
takes the edited ``.py`` sources as the truth, executes them and writes the paired ``.ipynb`` back. Both end with a
table of claims, seconds and memory; both go on after a notebook that failed, and then exit with status 1.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import html
import os
import re
import signal
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
from nbformat import NotebookNode

from ..datasets import LOADERS, binary_labels, load_dataset
from ..network.training import pick_device
from .claims import BROKEN, UNKNOWN, Tally, tally
from .pages import index_page, linked_files, notebook_page, text_page, title_of
from .pairs import read_pair, sources, strip_volatile, write_atomically, write_pair

# --- parameters -------------------------------------------------------------------------------------------------------

#: Parameters that name files: their text is a path, from the folder in which the command was typed.
PATHS = ("DATASET", "FOLDER")


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

    The default of a parameter says what its value has to be. Numbers are above 0, or what the default is. Where the
    default is None and no file is meant, the value is a whole number.

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
    if name in PATHS:
        return text if name == "DATASET" and text in LOADERS else as_path(text)
    if name == "DEVICE":
        pick_device(text)
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
    return value


def as_path(text: str) -> str:
    """A path from the folder in which the command was typed; a kernel works in that of its notebook."""
    return str(Path(text).expanduser().absolute())


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
    binary_labels(load_dataset(chosen["DATASET"], chosen.get("ANTIBIOTIC")))


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

    @property
    def held(self) -> str:
        """The claims in a few words."""
        return "FAILED" if self.error else f"{self.claims.held}/{self.claims.total}"

    @property
    def reason(self) -> str:
        """The last line of the error, which says what is wrong."""
        return self.error.rstrip().splitlines()[-1] if self.error else ""


class Stopped(KeyboardInterrupt):
    """Somebody pressed Ctrl-C while the notebook of this name was executed."""


@contextlib.contextmanager
def interrupting(pid: int, stop: threading.Event) -> Iterator[None]:
    """Hand Ctrl-C on to a kernel, which does not get it by itself, and set `stop`. A second one kills the kernel."""

    def hand_on(*_: Any) -> None:
        with contextlib.suppress(psutil.NoSuchProcess):
            kernel = psutil.Process(pid)
            if stop.is_set():
                kernel.kill()
            else:
                os.write(2, b"\nStopping (Ctrl-C once more does not wait for the kernel) ...\n")  # print may be in use
                os.kill(pid, signal.SIGINT)
        stop.set()

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, hand_on)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def execute(nb: NotebookNode, name: str, cwd: Path, timeout: int) -> Result:
    """Execute in place. An error ends this notebook, is kept in the result, and is not raised.

    Raises
    ------
    Stopped
        If somebody pressed Ctrl-C.
    """
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
    memory, stop, error, start = PeakMemory(), threading.Event(), None, time.perf_counter()
    try:
        with (
            client.setup_kernel(),
            memory.watching(client.km.provisioner.pid),
            interrupting(client.km.provisioner.pid, stop),
        ):
            info = client.wait_for_reply(client.kc.kernel_info())
            nb.metadata["language_info"] = info["content"]["language_info"]
            client.reset_execution_trackers()
            for index, cell in enumerate(nb.cells):
                client.execute_cell(cell, index)
                merge_streams(cell)
                if stop.is_set():  # an interrupt that came between two cells has stopped none
                    break
    except (CellControlSignal, DeadKernelError) as err:  # a failed cell, or one that ran out of time
        error = re.sub(r"\x1b\[[0-9;]*m", "", str(err)) or type(err).__name__
    except Exception as err:
        if not stop.is_set():
            raise
        error = str(err)
    if stop.is_set():
        raise Stopped(name)
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


def run(folder: Path, out: Path, pairs: list[str], timeout: int, names: list[str] | None) -> list[Result]:
    """Execute copies of the notebooks with these parameters; the folder itself stays as it is."""
    notebooks = {py: read_pair(py) for py in sources(folder, names)}
    defaults = {name: value for nb in notebooks.values() for name, value in parameters(nb).items()}
    values = parse_parameters(pairs, defaults)
    if (chosen := os.environ.get("MALDINB_DATASET")) and chosen not in LOADERS:
        os.environ["MALDINB_DATASET"] = as_path(chosen)
    check_dataset(values, defaults)
    out.mkdir(parents=True, exist_ok=True)
    there = {f"{py.stem}.ipynb": f"{py.stem}.html" for py in notebooks}
    beside = {path for py, nb in notebooks.items() for path in linked_files(nb, py.parent)}
    beside = {path: f"{path.parent.name if path.stem == 'README' else path.stem}.html" for path in beside}
    there |= {path.name: page for path, page in beside.items()}
    for path, page in beside.items():
        write_atomically(out / page, text_page(path, there))
    results: list[Result] = []
    try:
        for py, nb in notebooks.items():
            _say(f"{py.stem} ...")
            target = out / py.stem
            target.with_suffix(".error.txt").unlink(missing_ok=True)
            results.append(result := execute(inject(nb, values), py.stem, folder, timeout))
            write_atomically(target.with_suffix(".ipynb"), nbformat.writes(strip_volatile(nb)) + "\n")
            write_atomically(target.with_suffix(".html"), notebook_page(nb, there))
            if result.error:
                write_atomically(target.with_suffix(".error.txt"), result.error + "\n")
                _say(f"{py.stem} FAILED: {result.reason}")
                _say(f"    the traceback is in {target.with_suffix('.error.txt')}")
    except KeyboardInterrupt as stop:
        stop.add_note(_left(results, list(notebooks), out, values.get("FOLDER")))
        raise
    finally:
        if results:
            write_atomically(out / "index.html", _index(results, notebooks, values))
    return results


def _left(results: list[Result], sources: list[Path], out: Path, study: str | None) -> str:
    """What is finished and what is not, after an interruption."""
    finished, stopped, *rest = [r.name for r in results], *[py.stem for py in sources[len(results) :]]
    lines = [table(results), ""] if results else []
    kept = f"Finished and kept in {out}: {', '.join(finished)}." if finished else "No notebook is finished."
    lines.append(f"Stopped in {stopped}. {kept}")
    if rest:
        lines.append(f"Not run: {', '.join(rest)}.")
    if study and Path(study).is_dir():
        lines.append(f"Finished fits of the study are kept in {study}; the same command goes on from there.")
    return "\n".join(lines)


def _index(results: list[Result], notebooks: Mapping[Path, NotebookNode], values: Mapping[str, Any]) -> str:
    titles = {py.stem: title_of(nb) for py, nb in notebooks.items()}
    rows = [
        {
            "notebook": f"{r.name[:2]} {titles[r.name]}",
            "claims held": r.held,
            "seconds": f"{r.seconds:.0f}",
            "peak memory (MB)": f"{r.peak_mb:.0f}",
            "href": f"{r.name}.html",
        }
        for r in results
    ]
    said = "".join(f"<li><code>{html.escape(f'{name} = {value!r}')}</code></li>" for name, value in values.items())
    intro = f"<p>Executed with</p><ul>{said}</ul>" if said else "<p>Executed with the parameters of the course.</p>"
    marked = [(BROKEN, r.claims.broken) for r in results] + [(UNKNOWN, r.claims.unknown) for r in results]
    listed = "".join(f"<li>{mark} {html.escape(line)}</li>" for mark, lines in marked for line in lines)
    intro += f"<p>Claims that do not hold on these data, or are not known to:</p><ul>{listed}</ul>" if listed else ""
    return index_page("maldinb: a run of the course", intro, rows)


def refresh(folder: Path, timeout: int, names: list[str] | None) -> list[Result]:
    """Execute the sources and write the pairs back; a notebook that fails keeps its old files."""
    os.environ.pop("MALDINB_DATASET", None)  # what is committed shows the data set that the notebooks name
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
        lines.append(f"{r.name:<{width}} | {r.held:>11} | {r.seconds:7.1f} | {r.peak_mb:14.0f}")
    lines += [f"{BROKEN} {r.name}: {sentence}" for r in results for sentence in r.claims.broken]
    lines += [f"{UNKNOWN} {r.name}: {sentence}" for r in results for sentence in r.claims.unknown]
    return "\n".join(lines)


def main(argv: list[str] | None = None) -> int:
    """Return the exit status: 0, 1 if a notebook failed, 2 if nothing was run, 130 if it was stopped.

    A claim that does not hold is a result, not a failure.
    """
    parser = argparse.ArgumentParser(prog="python -m maldinb.course.series", description=__doc__.split("\n")[0])
    parser.add_argument("command", choices=["run", "refresh"])
    parser.add_argument("names", nargs="*", help="some of the notebooks, by name; all if left out")
    parser.add_argument("-p", dest="parameters", action="append", default=[], metavar="NAME=value")
    parser.add_argument("--notebooks", type=Path, default=Path("notebooks"), metavar="FOLDER")
    parser.add_argument("--out", type=Path, default=Path("build/run"), metavar="FOLDER", help="where `run` writes")
    parser.add_argument("--timeout", type=int, default=1800, metavar="SECONDS", help="for a cell (default: 1800)")
    args = parser.parse_intermixed_args(argv)  # names may stand before or after the parameters
    try:
        if args.command == "run":
            results = run(args.notebooks, args.out, args.parameters, args.timeout, args.names)
        elif args.parameters:
            raise ValueError("`refresh` takes no parameters: what is committed is run with the notebook's own.")
        else:
            results = refresh(args.notebooks, args.timeout, args.names)
    except (ValueError, OSError) as err:
        print(f"error: {err}", file=sys.stderr)
        return 2
    except KeyboardInterrupt as stop:
        print("", *getattr(stop, "__notes__", ["Stopped; nothing was executed."]), sep="\n", file=sys.stderr)
        return 130
    _say(table(results))
    if args.command == "run":
        _say(f"The first page is {args.out / 'index.html'}; executed notebooks lie beside it.")
    return int(any(r.error for r in results))


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
