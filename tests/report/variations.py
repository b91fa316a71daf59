"""Small data sets of every kind that a report has to be true of, and reports of them."""

import copy

import numpy as np
import pandas as pd

from maldinb import load_simulated
from maldinb.report import write_report

QUICK = {"epochs": 2, "hidden_dim": 8, "n_jobs": 1, "n_splits": 3}


def simulated(n_spectra=90, **columns):
    """Simulated spectra in wide bins, with columns of the metadata replaced; None takes one away."""
    data = copy.copy(load_simulated(n_spectra=n_spectra, bin_width=30))
    data.meta, data.info = data.meta.copy(), dict(data.info)
    for name, values in columns.items():
        if values is None:
            del data.meta[name]
        else:
            data.meta[name] = values
    return data


def labels(**counts):
    """Labels in the order given, such as R=3, S=87."""
    return np.repeat(list(counts), list(counts.values()))


def make(name):
    """A data set by name."""
    rng = np.random.default_rng(0)
    if name == "random labels":
        return simulated(Amikacin=rng.permutation(labels(R=40, S=50)))
    if name == "one batch":
        return simulated(Batch="Rome", Species="Klebsiella pneumoniae")
    if name == "thirty":
        return simulated(30, Isolate=None)
    if name == "four species":
        species = rng.integers(0, 4, 90)
        drawn = np.where(rng.random(90) < np.array([0.9, 0.1, 0.6, 0.3])[species], "R", "S")
        names = np.array(["Klebsiella pneumoniae", "Escherichia coli", "Proteus mirabilis", "Staphylococcus aureus"])
        return simulated(Species=names[species], Amikacin=drawn)
    if name == "intermediate":
        return simulated(Amikacin=rng.permutation(labels(R=35, I=15, S=40)))
    if name == "two R":
        return simulated(Amikacin=labels(R=2, S=88))
    if name == "one label":
        return simulated(Amikacin="S")
    if name == "pure batches":
        data = simulated()
        data.meta["Amikacin"] = np.where(data.batch == "Rome", "R", "S")
        return data
    if name == "separable":
        data = simulated()
        data.X = data.X.copy()
        data.X.loc[data.meta["Amikacin"] == "R", data.X.columns[100:103]] += 0.5
        return data
    if name == "many batches":
        return simulated(Batch=[f"ward {i % 13}" for i in range(90)])
    if name == "odd names":
        batches = {"Rome": "<script>alert('x')</script>", "Milan": "A & B | C", "Catania": "Größe"}
        return simulated(Batch=simulated().batch.map(batches))
    if name == "unlabelled":
        data = simulated(Amikacin=None, Meropenem=None, Isolate=None, Batch="all", Species="unknown")
        data.info |= {
            "antibiotic": None,
            "counts": {},
            "labels": {},
            "columns": dict.fromkeys(("Batch", "Species", "Isolate")),
        }
        return data
    raise KeyError(name)


class Written:
    """A report on disk, and what it was made of."""

    def __init__(self, data, folder, **options):
        self.data = data
        self.path = write_report(data, folder, **QUICK | options)
        self.folder = self.path.parent
        self.html = self.path.read_text("utf-8")

    def table(self, name, **options):
        """A table of the folder."""
        return pd.read_csv(self.folder / "tables" / f"{name}.csv", **options)

    @property
    def files(self):
        return {path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*") if path.is_file()}
