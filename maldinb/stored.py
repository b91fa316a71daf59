"""Tables that take longer to compute than a lesson has: kept with the package, and how they came about."""

import datetime
import json
import platform
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

import joblib
import pandas as pd
from tqdm.auto import tqdm

from .fingerprint import source_hash
from .writing import write_atomically


class Stored(NamedTuple):
    """A table, and how it came about."""

    table: pd.DataFrame
    provenance: dict


@dataclass(frozen=True)
class StoredTable:
    """Where a table lies, what was asked for, and which code decides its numbers.

    Attributes
    ----------
    path : Path
        Of the CSV; its provenance lies beside it, as JSON.
    design : dict
        What is run, of what JSON can hold.
    code : tuple of str
        Modules, as for `fingerprint.source_hash`.
    """

    path: Path
    design: dict
    code: tuple

    def __str__(self):
        return f"{self.path.name} and {self.provenance.name}"

    @property
    def provenance(self):
        """Path of the provenance."""
        return self.path.with_suffix(".json")

    def read(self, **dtypes):
        """The table, some of its columns of the type that is asked for, and its provenance."""
        return Stored(pd.read_csv(self.path, dtype=dtypes), json.loads(self.provenance.read_text("utf-8")))

    def write(self, table, *, packages=("numpy", "sklearn"), **facts):
        """Write table and provenance: the design, some facts, versions, the date, and a hash of the code."""
        versions = {name: import_module(name).__version__ for name in packages}
        provenance = self.design | facts
        provenance["date"] = datetime.datetime.now(datetime.UTC).date().isoformat()
        provenance["versions"] = {"python": platform.python_version()} | versions
        provenance["code"] = source_hash(*self.code)
        write_atomically(self.path, table.to_csv(index=False, float_format="%.6g", lineterminator="\n"))
        write_atomically(self.provenance, json.dumps(provenance, indent=2) + "\n")

    def why_stale(self):
        """What has changed since, in words: a list, empty if the design and the code of today are those of the table.

        Code is compared without comments, docstrings, annotations and messages of errors.
        """
        provenance = self.read().provenance
        found = [
            f"the design has another value of {part!r}"
            for part, asked in self.design.items()
            if provenance.get(part) != asked
        ]
        if provenance["code"] != source_hash(*self.code):
            found.append(f"the code of {', '.join(self.code)} has changed")
        return found


def computed(function, cells, folder, *, key, n_jobs=None):
    """The rows of all cells; those of a finished cell are kept in a folder, so that whoever stops can go on.

    Parameters
    ----------
    function : callable
        Takes a cell's items as keywords; gives a list of dicts of plain values.
    cells : list of dict
        Of what JSON can hold.
    folder : path-like
        Made if it is not there. A result is found by the function's name, its cell and `key`.
    key : callable
        Takes a cell's items as keywords; gives whatever else decides its rows, such as a hash of the code.
    n_jobs : int, optional
        Cells at the same time, each in a process of its own (joblib).

    Returns
    -------
    list of dict
        The rows of the cells, each with its cell's number as "cell", in the order of the cells.
    """
    folder = Path(folder).expanduser()
    folder.mkdir(parents=True, exist_ok=True)
    keys = [joblib.hash([function.__name__, cell, key(**cell)], "sha1") for cell in cells]
    files = [folder / f"{key}.json" for key in keys]
    todo = [number for number, file in enumerate(files) if not file.is_file()]
    jobs = (joblib.delayed(_numbered)(number, function, cells[number]) for number in todo)
    done = joblib.Parallel(n_jobs, return_as="generator_unordered", batch_size=1)(jobs)
    bar = tqdm(done, function.__name__, len(cells), initial=len(cells) - len(todo), unit="cell")
    for number, rows in bar:
        write_atomically(files[number], json.dumps(rows))
    found = [json.loads(file.read_text("utf-8")) for file in files]
    return [{"cell": number} | row for number, rows in enumerate(found) for row in rows]


def _numbered(number, function, cell):
    return number, function(**cell)
