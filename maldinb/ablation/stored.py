"""The full study on the simulated spectra, run once and kept with the package: it takes longer than a lesson has."""

from pathlib import Path

import pandas as pd

from ..datasets import binary_labels, load_simulated
from ..stored import StoredTable
from .study import COLUMNS, run_study
from .variants import variants

#: What is run. Networks have the settings of the notebooks.
DESIGN = {
    "data": {"antibiotic": "Amikacin"},
    "networks": {"epochs": 30, "hidden_dim": 256, "random_state": 0, "device": "cpu"},
    "study": {"n_repeats": 5, "n_splits": 5},
}
N_SEEDS = 6
#: The variants that the question hangs on, and those that are also tried in cities that were left out.
CENTRAL = ("learned gate", "learned gate, other seed", "no gate")
ABROAD = ("learned gate", "no gate")

#: The code that decides what a fit gives. Data, folds and scores are compared by what they are: see `why_stale`.
CODE = (
    "network.model", "network.training", "network.inputs", "network.classifier", "network.threads",
    "ablation.variants", "ablation.fits", "ablation.heard", "evaluation.baselines",
)  # fmt: skip
STORED = StoredTable(Path(__file__).with_name("stored_study.csv"), DESIGN, CODE)


def stored_study():
    """The full study of all variants on the simulated spectra, as it comes with the package.

    Five repeats of a five-fold cross-validation with several seeds. Gate and no gate also with each city left out.

    Returns
    -------
    Stored
        ``table``, as `run_study` returns it, but for the time that the fits took. ``provenance``: a dict of the design,
        seeds of each variant among it, the numbers of spectra and of resistant ones, versions, the date, and a hash of
        the code that decides the numbers.

    Examples
    --------
    >>> full = stored_study()
    >>> full.provenance["study"]["n_repeats"], len(full.provenance["seeds"])
    (5, 8)
    """
    return STORED.read(seed="Int64", random_state="Int64")


def renew(folder, n_jobs=None, *, n_seeds=N_SEEDS, n_other_seeds=N_SEEDS):
    """Run the full study, and write table and provenance into the package.

    Parameters
    ----------
    folder : path-like
        As in `run_study`: what is finished there is not run again.
    n_jobs : int, optional
        As in `run_study`.
    n_seeds, n_other_seeds : int
        Of the variants that the question hangs on (`CENTRAL`), and of all others.
    """
    design = STORED.design
    data = load_simulated(**design["data"])
    X, y = binary_labels(data)
    models = variants(X.shape[1], **design["networks"])
    known = {"batch": data.batch[X.index], "isolate": data.isolate[X.index], "folder": folder, "n_jobs": n_jobs}

    def study(names, n, **options):
        return run_study({name: models[name] for name in names}, X, y, seeds=range(n), **known, **options)

    at_home = {"leave_one_batch_out": False, **design["study"]}
    others = [name for name in models if name not in CENTRAL]
    parts = [study(CENTRAL, n_seeds, **at_home), study(others, n_other_seeds, **at_home)]
    table = pd.concat([*parts, study(ABROAD, n_seeds, n_repeats=0)]).sort_values(
        ["split", "repeat", "fold", "variant", "seed"],
        key=lambda column: column.map(list(models).index) if column.name == "variant" else column,
    )
    used = table.groupby("variant")["seed"].nunique()  # none by a model that draws no random numbers: one fit will do
    seeds = {name: max(1, int(used[name])) for name in models}
    columns = [name for name in COLUMNS if name != "seconds"]
    facts = {"seeds": seeds, "spectra": len(y), "resistant": int(y.sum()), "fits": len(table)}
    STORED.write(table[columns], packages=("numpy", "sklearn", "torch"), **facts)


def why_stale():
    """What has changed since the stored study was run, in words; nothing if it is as the code of today would have it.

    Networks are known by their code, which is compared without comments, docstrings, annotations and messages of
    errors. Data and folds are not, since nothing in them hangs on rounding: fit a logistic regression again, and hold
    its scores against those of the table.

    Returns
    -------
    list of str
    """
    return STORED.why_stale()
