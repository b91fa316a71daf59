"""Which cause breaks transfer? Worlds in which causes are switched off, run once and kept with the package."""

from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import t as student

from ..arguments import choice, fraction
from ..fingerprint import source_hash
from ..simulation import CAUSES, Scenario
from ..stored import StoredTable, computed
from .cells import ANTIBIOTIC, MODELS, N_SPECTRA, N_SPLITS, causes_cell, probe

#: What is run. The main rows are all causes, none, all but one, and one alone; the factorial is every combination.
DESIGN = {
    "data": {"antibiotic": ANTIBIOTIC, "n_spectra": N_SPECTRA},
    "models": list(MODELS),
    "n_splits": N_SPLITS,
    "seeds": 5,
    "factorial seeds": 1,
}
#: What decides a number and is not seen in the spectra of the probes.
CODE = ("evaluation.baselines", "transfer.cells")
CAUSES_TABLE = StoredTable(Path(__file__).with_name("stored_causes.csv"), DESIGN, CODE)
MEASURES = ("pooled", "within", "left out", "told")


def stored_causes():
    """Scores of models in worlds whose cities differ in some causes only, as they come with the package.

    Returns
    -------
    Stored
        ``table``, with a row for each world, seed and model: for each of `simulation.CAUSES` 1 where cities differ in
        it and 0 where they do not; ``seed`` of the simulation; ``model``; AUROC ``pooled`` over the cities and
        ``within`` them; mean AUROC in cities that were ``left out``, and in each of them, ``left out Rome`` and so on;
        how well the city is ``told`` from spectra (balanced accuracy; a guess has 1/3). ``provenance``: the design,
        versions, the date, and what tells whether code or simulation have changed since.

    Examples
    --------
    >>> table, provenance = stored_causes()
    >>> provenance["seeds"], sorted(set(table["model"]))
    (5, ['gradient boosting', 'logistic regression'])
    """
    return CAUSES_TABLE.read()


def cause_table(table, measure="left out", *, model="gradient boosting", level=0.95):
    """What a cause does, by itself and as the only one that is missing.

    Parameters
    ----------
    table : DataFrame
        Of `stored_causes`.
    measure : str
        A column of it: "pooled", "within", "left out", "told", or a single city as "left out Rome".
    model : str
    level : float
        Confidence of the intervals, between 0 and 1.

    Returns
    -------
    DataFrame
        Rows by ``differs`` and ``cause``: "everything" and "nothing" (without a cause), "all but" and "only" each of
        the causes. ``value``, the mean over the seeds of the simulation, with Student's interval ``low`` to ``high``.
        ``effect``: of "all but" less everything, of "only" less nothing, the mean of differences between worlds of one
        seed, with its interval ``effect low`` to ``effect high``. ``seeds``: their number; with one there are no
        intervals.

    Raises
    ------
    ValueError
        If there is no such measure or model, or `level` is out of range.

    Examples
    --------
    >>> cause_table(stored_causes().table).loc[("all but", "biology"), ["value", "effect"]].round(1).tolist()
    [0.8, 0.2]
    """
    choice(measure, "measure", [name for name in table.columns if name not in (*CAUSES, "seed", "model")])
    choice(model, "model", sorted(set(table["model"])))
    fraction(level, "level")
    scores = table[table["model"] == model].set_index([*CAUSES, "seed"])[measure]

    def of(*differing):
        here = scores.xs(tuple(int(cause in differing) for cause in CAUSES), level=list(CAUSES))
        return here.reindex(seeds)

    worlds = {("everything", ""): (CAUSES, None), ("nothing", ""): ((), None)}
    worlds |= {("all but", one): ([cause for cause in CAUSES if cause != one], CAUSES) for one in CAUSES}
    worlds |= {("only", one): ([one], ()) for one in CAUSES}
    main = scores.xs((1,) * len(CAUSES), level=list(CAUSES))
    seeds = main.index
    rows = {}
    for name, (differing, held_against) in worlds.items():
        value = of(*differing)
        effect = value - of(*held_against) if held_against is not None else value * np.nan
        rows[name] = (*over_seeds(value, level), *over_seeds(effect, level), len(value))
    index = pd.MultiIndex.from_tuples(rows, names=["differs", "cause"])
    return pd.DataFrame(rows.values(), index, ["value", "low", "high", "effect", "effect low", "effect high", "seeds"])


def main_effects(table, measure="left out", *, model="gradient boosting"):
    """Of each cause, by how much a score is lower where cities differ in it, over all worlds of the other causes.

    Parameters
    ----------
    table : DataFrame
        Of `stored_causes`.
    measure, model : str
        As in `cause_table`.

    Returns
    -------
    Series
        For each cause, the mean where cities do not differ less the mean where they do, over the seeds that every
        combination of causes was run with.

    Raises
    ------
    ValueError
        If no seed has every combination.

    Examples
    --------
    >>> main_effects(stored_causes().table).idxmax()
    'biology'
    """
    mine = table[table["model"] == model]
    whole = mine.groupby("seed")[measure].transform("size") == 2 ** len(CAUSES)
    if not whole.any():
        raise ValueError("main effects take every combination of causes, and no seed has them all")
    scores = mine[whole].set_index(list(CAUSES))[measure]
    means = {cause: scores.groupby(level=cause).mean() for cause in CAUSES}
    return pd.Series({cause: mean[0] - mean[1] for cause, mean in means.items()})


def over_seeds(values, level=0.95):
    """Mean of one value a seed, and Student's interval for it; NaN as limits where there is one seed only."""
    values = np.asarray(values, float)
    reach = np.nan
    if len(values) > 1:
        reach = student.ppf((1 + level) / 2, len(values) - 1) * values.std(ddof=1) / np.sqrt(len(values))
    return values.mean(), values.mean() - reach, values.mean() + reach


def causes_cells(design=DESIGN):
    """The cells of the stored table: main rows of all seeds, then what the factorial adds."""
    main = [CAUSES, (), *combinations(CAUSES, len(CAUSES) - 1), *combinations(CAUSES, 1)]
    every = [differs for n in range(len(CAUSES) + 1) for differs in combinations(CAUSES, n)]
    cells = [{"differs": list(d), "seed": seed} for seed in range(design["seeds"]) for d in main]
    rest = [{"differs": list(d), "seed": seed} for seed in range(design["factorial seeds"]) for d in every]
    return cells + [cell for cell in rest if cell not in cells]


def renew(folder, n_jobs=None):
    """Run what is not finished yet, and write table and provenance into the package.

    Parameters
    ----------
    folder : path-like
        Where finished cells are kept: what lies there is not run again.
    n_jobs : int, optional
        Cells at the same time.
    """
    cells = causes_cells(CAUSES_TABLE.design)
    rows = computed(causes_cell, cells, folder, key=key, n_jobs=n_jobs)
    table = pd.DataFrame([{c: int(c in cells[row["cell"]]["differs"]) for c in CAUSES} | row for row in rows])
    table.insert(len(CAUSES), "seed", [cells[number]["seed"] for number in table.pop("cell")])
    CAUSES_TABLE.write(table, probes=probes())


def key(differs, seed):
    """What decides the rows of a cell besides its names: the spectra, by a probe, and the code."""
    return probe(Scenario.only(*differs), seed), source_hash(*CODE)


def probes():
    """What the simulation draws today in the worlds of the main rows: name -> numbers."""
    named = {"everything": Scenario(), "nothing": Scenario.only()} | {f"only {c}": Scenario.only(c) for c in CAUSES}
    return {name: probe(scenario) for name, scenario in named.items()}


def why_stale():
    """What has changed since the stored table was run, in words; nothing if it is as today's code would have it."""
    return CAUSES_TABLE.why_stale() + changed_spectra(CAUSES_TABLE, probes())


def changed_spectra(stored, today):
    """Of which worlds the simulation draws other spectra than when a table was run, in words."""
    kept = stored.read().provenance["probes"]
    changed = [name for name, centres in today.items() if not np.allclose(kept.get(name, 0), centres, atol=0.01)]
    return [f"the simulation draws other spectra where this differs between cities: {name}" for name in changed]
