"""Write a report: judge the spectra, fill the page, and put the folder in its place in one step."""

import json
from datetime import UTC, datetime
from pathlib import Path

from ..arguments import fraction, whole
from . import crate
from .folder import MANIFEST, check_place, draft_of
from .page import facts_of, render
from .problem import CannotBeJudged
from .provenance import file_hash, provenance
from .quality import quality_of
from .results import judge
from .tables import frames
from .tripod import tripod

PAGE = "report.html"


def write_report(
    data, folder, *, epochs=30, hidden_dim=256, seed=0, n_splits=5, prevalence=None, n_jobs=None, replace=False,
    verbose=False,
):  # fmt: skip
    """Judge a network on labelled spectra beside simpler models, and write a page that can go to a colleague.

    Parameters
    ----------
    data : SpectraDataset
        Of any number of batches and species. Where its labels do not allow for a model to be judged (there are none, or
        fewer isolates of one label than folds), the page holds the data and their quality, and says why there is no
        more.
    folder : path-like
        New or empty. The report appears in one step, when all is done.
    epochs, hidden_dim : int
        Of the network, see `MaldiMLPClassifier`.
    seed : int
        Decides folds, initial weights and all else that is drawn.
    n_splits : int
        Folds of the cross-validation, at least 2.
    prevalence : float, optional
        Share of R where the model would be used, between 0 and 1, for predictive values. By default that among the
        labelled isolates, and the page says so.
    n_jobs : int, optional
        Fits at the same time (joblib); by default as many as there are cores.
    replace : bool
        Let it take the place of an older report, unless somebody has put files there.
    verbose : bool
        Show progress bars.

    Returns
    -------
    Path
        The page, ``report.html``, complete in itself. Beside it lie

        - ``tables/*.csv``: every table with all of its figures. ``scores.csv``, ``quality.csv`` and ``findings.csv``
          hold identifiers of spectra, which the page does not list;
        - ``network.npz``: the network, trained on all labelled spectra;
        - ``model_card.md`` and ``tripod_ai.csv``;
        - ``report.json``: versions, parameters, hashes, seed, and a hash of every file;
        - ``ro-crate-metadata.json``, if the package rocrate is installed (extra ``report``).

    Raises
    ------
    FileExistsError, FileNotFoundError
        If something is in the folder already, or it cannot be made there. Nothing has been fitted then.
    ValueError
        If an argument is out of range.

    References
    ----------
    Model cards: Mitchell et al. 2019, doi:10.1145/3287560.3287596; TRIPOD+AI: Collins et al. 2024,
    doi:10.1136/bmj-2023-078378; RO-Crate: Soiland-Reyes et al. 2022, doi:10.3233/DS-210053

    Examples
    --------
    >>> import tempfile
    >>> from maldinb import load_simulated
    >>> data = load_simulated(n_spectra=60, bin_width=50)
    >>> folder = Path(tempfile.mkdtemp()) / "amikacin"
    >>> write_report(data, folder, epochs=1, hidden_dim=8, n_splits=2, n_jobs=1).name
    'report.html'
    """
    parameters = {
        "epochs": whole(epochs, "epochs", 1),
        "hidden_dim": whole(hidden_dim, "hidden_dim", 1),
        "seed": whole(seed, "seed", 0),
        "n_splits": whole(n_splits, "n_splits", 2),
        "prevalence": None if prevalence is None else fraction(prevalence, "prevalence"),
    }
    folder = check_place(folder, replace=replace)
    results, reason = None, ""
    try:
        results = judge(data, **parameters, n_jobs=n_jobs, verbose=verbose)
    except CannotBeJudged as why:
        reason = str(why)
    quality = quality_of(data, verbose)
    created = datetime.now(UTC)
    about = provenance(data, parameters, created)
    with draft_of(folder, replace=replace) as draft:
        _fill(draft, data, about, results, quality, reason, created)
    return folder / PAGE


def _fill(draft, data, about, results, quality, reason, created):
    """Write all files of a report into an empty folder."""
    (draft / "tables").mkdir()
    for name, (frame, has_index) in frames(data, results, quality).items():
        frame.to_csv(draft / "tables" / f"{name}.csv", index=has_index)
    items = tripod(about, data, results, quality)
    items.to_csv(draft / "tripod_ai.csv", index=False)
    if results is not None:
        results.model.save(draft / "network.npz")
    files = sorted([PAGE, *(["model_card.md"] if results is not None else []), *_files(draft)])
    facts = facts_of(data, about, results, quality, reason, files)
    facts |= {"tripod": items, "crate": crate.is_possible(), "no_crate": crate.MISSING}
    (draft / PAGE).write_text(render("page.html.j2", **facts), "utf-8")
    if results is not None:
        (draft / "model_card.md").write_text(render("card.md.j2", **facts), "utf-8")
    hashes = {name: file_hash(draft / name) for name in files}
    if crate.is_possible():
        crate.write_crate(draft, hashes, facts["title"], about, created)
        hashes["ro-crate-metadata.json"] = file_hash(draft / "ro-crate-metadata.json")
    (draft / MANIFEST).write_text(json.dumps(about | {"files": hashes}, indent=2), "utf-8")


def _files(folder: Path):
    return [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]
