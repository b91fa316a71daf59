"""The whole series: run copies with other parameters, or refresh the committed outputs.

``run`` executes copies with other parameters and writes them, with an HTML page each, to a build folder. ``refresh``
takes the edited ``.py`` sources as the truth, executes them and writes the paired ``.ipynb`` back. Both go on after a
notebook that failed.
"""

from __future__ import annotations

import os
from pathlib import Path

import nbformat

from ..writing import write_atomically
from .claims import BROKEN, UNKNOWN
from .execution import Result, execute
from .links import linked_files
from .pages import index_page, notebook_page, text_page, title_of
from .pairs import read_pair, sources, strip_volatile, write_pair
from .parameters import check_dataset, inject, parameters, parse_parameters, resolve_environment


def run(folder: Path, out: Path, pairs: list[str], timeout: int, names: list[str] | None) -> list[Result]:
    """Execute copies of the notebooks with these parameters; the folder itself stays as it is."""
    notebooks = {py: read_pair(py) for py in sources(folder, names)}
    defaults = {name: value for nb in notebooks.values() for name, value in parameters(nb).items()}
    values = parse_parameters(pairs, defaults)
    resolve_environment()
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
            say(f"{py.stem} ...")
            target = out / py.stem
            target.with_suffix(".error.txt").unlink(missing_ok=True)
            results.append(result := execute(inject(nb, values), py.stem, folder, timeout))
            write_atomically(target.with_suffix(".ipynb"), nbformat.writes(strip_volatile(nb)) + "\n")
            write_atomically(target.with_suffix(".html"), notebook_page(nb, there))
            if result.error:
                write_atomically(target.with_suffix(".error.txt"), result.error + "\n")
                say(f"{py.stem} FAILED: {result.reason}")
                say(f"    the traceback is in {target.with_suffix('.error.txt')}")
    except KeyboardInterrupt as stop:
        stop.add_note(_left(results, list(notebooks), out, values.get("FOLDER")))
        raise
    finally:
        if results:
            titles = {py.stem: title_of(nb) for py, nb in notebooks.items()}
            write_atomically(out / "index.html", index_page(results, titles, values))
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


def refresh(folder: Path, timeout: int, names: list[str] | None) -> list[Result]:
    """Execute the sources and write the pairs back; a notebook that fails keeps its old files."""
    os.environ.pop("MALDINB_DATASET", None)  # what is committed shows the data set that the notebooks name
    results = []
    for py in sources(folder, names):
        say(f"{py.stem} ...")
        nb = read_pair(py)
        results.append(result := execute(nb, py.stem, folder, timeout))
        if result.error:
            say(f"{result.error}\n{py.stem} FAILED and was left as it was")
        else:
            write_pair(strip_volatile(nb), py)
    return results


def table(results: list[Result]) -> str:
    """The closing table, and below it the sentences that did not hold or are not known to."""
    width = max(len("notebook"), *(len(r.name) for r in results))
    lines = [f"{'notebook':<{width}} | claims held | seconds | peak memory MB", "-" * (width + 41)]
    for r in results:
        lines.append(f"{r.name:<{width}} | {r.held:>11} | {r.seconds:7.1f} | {r.peak_mb:14.0f}")
    lines += [f"{BROKEN} {r.name}: {sentence}" for r in results for sentence in r.claims.broken]
    lines += [f"{UNKNOWN} {r.name}: {sentence}" for r in results for sentence in r.claims.unknown]
    return "\n".join(lines)


def conclude(results: list[Result]) -> int:
    """Print the closing table, and return the exit status. A claim that does not hold is a result, not a failure."""
    say(table(results))
    return int(any(result.error for result in results))


def say(text: str) -> None:
    """Print at once, also where the output goes into a file or another program."""
    print(text, flush=True)
