"""Which cure helps, and how far labelled isolates of one's own go: two tables that are run once and kept."""

from pathlib import Path

import pandas as pd

from ..fingerprint import source_hash
from ..simulation import SCENARIOS
from ..stored import StoredTable, computed
from .causes import changed_spectra, over_seeds
from .cells import ANTIBIOTIC, MODELS, N_SPECTRA, probe
from .cure_cells import CURES, cures_cell
from .isolate_cells import N_DRAWS, SIZES, isolates_cell

_DATA = {"data": {"antibiotic": ANTIBIOTIC, "n_spectra": N_SPECTRA}, "models": list(MODELS)}
_CODE = ("evaluation.baselines", "transfer.cells")
HERE = Path(__file__).parent

#: Worlds in which the same cures fail, help a little, and heal.
CURES_TABLE = StoredTable(
    HERE / "stored_cures.csv",
    _DATA | {"worlds": ["twin", "shared biology", "shift only"], "cures": list(CURES), "seeds": 3},
    (
        *_CODE,
        "transfer.cure_cells",
        "transfer.judging",
        "transfer.correction",
        "transfer.combat",
        "transfer.augmentation",
    ),
)
ISOLATES_TABLE = StoredTable(
    HERE / "stored_isolates.csv",
    _DATA | {"worlds": ["twin", "shared biology"], "sizes": list(SIZES), "draws": N_DRAWS, "seeds": 3},
    (*_CODE, "transfer.isolate_cells", "transfer.local"),
)


def stored_cures():
    """Four numbers of each cure in three worlds, as they come with the package.

    Returns
    -------
    Stored
        ``table``, with a row for each ``world`` (a name in `simulation.SCENARIOS`), ``seed`` of the simulation,
        ``cure`` and ``model``: "left out", "within", "batch told" and "recovery", as in `judge`. ``provenance``: the
        design, versions, the date, and what tells whether code or simulation have changed since.

    Examples
    --------
    >>> sorted(set(stored_cures().table["world"]))
    ['shared biology', 'shift only', 'twin']
    """
    return CURES_TABLE.read()


def stored_isolates():
    """`local_curve` where biology is local and where it is shared, as it comes with the package.

    Returns
    -------
    Stored
        ``table``, with a row for each ``world`` (a name in `simulation.SCENARIOS`), ``seed`` of the simulation and
        ``model``, and each row of its `local_curve`. Few cities have isolates for the larger sizes: means over them
        are of other cities than those of the smaller sizes. ``provenance`` as in `stored_cures`.

    Examples
    --------
    >>> sorted(set(stored_isolates().table["trained on"]))
    ['others', 'own', 'own and others']
    """
    return ISOLATES_TABLE.read()


def mean_over_seeds(table, by, values, *, level=0.95):
    """Means over the seeds of a simulation, with Student's intervals.

    Parameters
    ----------
    table : DataFrame
        With a row for each of `by` and seed.
    by, values : list of str
        Columns.
    level : float
        Confidence, between 0 and 1.

    Returns
    -------
    DataFrame
        Indexed by `by` and the ``number``, which is one of `values`: ``value``, ``low`` and ``high`` (NaN where there
        is one seed only), ``seeds``.

    Examples
    --------
    >>> table = pd.DataFrame({"cure": "none", "seed": [0, 1], "within": [0.7, 0.8]})
    >>> float(mean_over_seeds(table, ["cure"], ["within"]).loc[("none", "within"), "value"])
    0.75
    """
    rows = {}
    for name, part in table.groupby(by, sort=False):
        # Several rows of one seed, such as those of cities, count as one: they share their simulation.
        for number, column in part.groupby("seed")[values].mean().items():
            rows[*name, number] = (*over_seeds(column, level), len(column))
    index = pd.MultiIndex.from_tuples(rows, names=[*by, "number"])
    return pd.DataFrame(rows.values(), index, ["value", "low", "high", "seeds"])


def renew_cures(folder, n_jobs=None):
    """Run what is not finished yet, and write table and provenance of the cures into the package: as `causes.renew`."""
    _renew(CURES_TABLE, cures_cell, folder, n_jobs)


def renew_isolates(folder, n_jobs=None):
    """The same for the labelled isolates."""
    _renew(ISOLATES_TABLE, isolates_cell, folder, n_jobs)


def why_stale():
    """What has changed since the two tables were run, in words; nothing if they are as today's code would have them."""
    tables = CURES_TABLE, ISOLATES_TABLE
    return [why for stored in tables for why in stored.why_stale() + changed_spectra(stored, probes(stored))]


def _renew(stored, function, folder, n_jobs):
    worlds, seeds = stored.design["worlds"], range(stored.design["seeds"])
    cells = [{"world": world, "seed": seed} for seed in seeds for world in worlds]

    def key(world, seed):
        return probe(SCENARIOS[world], seed), source_hash(*stored.code)

    rows = computed(function, cells, folder, key=key, n_jobs=n_jobs)
    table = pd.DataFrame([cells[row.pop("cell")] | row for row in rows])
    stored.write(table, probes=probes(stored))


def probes(stored):
    """What the simulation draws today in the worlds of a table: name -> numbers."""
    return {world: probe(SCENARIOS[world]) for world in stored.design["worlds"]}
