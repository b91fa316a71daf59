"""Open a challenge: mark all that was handed in, and write a table for the class and a page for each group."""

import re
from pathlib import Path

import numpy as np
import pandas as pd

from ..datasets import load_spectra
from ..writing import new_folder
from .claims import read_codes
from .control import list_without_labels
from .handed_in import MOST, read_hand_in
from .marks import mark
from .page import page_of
from .truth import SPECTRA, open_challenge

MARKS, TRUTH = "marks.csv", "planted.csv"
COLUMNS = (
    "hand-in", "m/z", "right", "right by chance", "p", "right without labels", "AUROC abroad", "low", "high",
    "Brier score abroad", "claims", "that hold", "as sealed", "problems",
)  # fmt: skip
#: Whole numbers, of which some may be missing.
COUNTS = dict.fromkeys(("m/z", "right", "right without labels", "claims", "that hold"), "Int64")


def mark_challenge(folder, key_file, answers, out, *, codes=None):
    """Open a challenge, and mark what was handed in.

    Parameters
    ----------
    folder : path-like
        The students' folder, with its ``challenge.json`` and spectra.
    key_file : path-like
        As `new_challenge` has written it.
    answers : sequence of path-like
        Folders or zips, one for each group.
    out : path-like
        A new folder: ``marks.csv``, a page (Markdown) for each hand-in, and ``planted.csv``, the truth.
    codes : path-like, optional
        A CSV with the columns hand-in and code: the claims as they were sealed.

    Returns
    -------
    DataFrame
        What is in ``marks.csv``, a row for each hand-in. "right by chance" is the mean of the list, moved; "p", how
        often it finds as many then; "right without labels", how many are right in as long a list of m/z where spectra
        vary most. A hand-in, or a part of it, that cannot be read has no numbers, and a line in "problems" that says
        why.

    Raises
    ------
    ValueError
        If the key does not fit the seal, or there is nothing to mark.
    FileExistsError, FileNotFoundError
        If `out` is there already, or the folder around it is not.

    Examples
    --------
    >>> import tempfile
    >>> from maldinb.challenge import new_challenge
    >>> here = Path(tempfile.mkdtemp())
    >>> key_file = new_challenge(here / "blind", n_spectra=24)
    >>> marks = mark_challenge(here / "blind", key_file, [here / "blind" / "answer"], here / "marks")
    >>> marks.loc["answer", "problems"].splitlines()[0]
    'claim.csv: nothing is claimed yet; write a limit beside at least one of the numbers'
    """
    out = Path(out).expanduser().absolute()
    truth = open_challenge(folder, key_file)
    noted = {} if codes is None else read_codes(codes)
    answers = named(answers)
    if not answers:
        raise ValueError("there is nothing to mark: name the folders or zips that were handed in")
    with new_folder(out) as draft:
        data, marks = load_spectra(Path(folder) / SPECTRA), []
        control = list_without_labels(data.X, data.mz, MOST)
        for name, path in answers.items():
            hand_in = read_hand_in(path, name, truth.labels.index, truth.ids_at_home)
            marks.append(mark(hand_in, truth, control, None if codes is None else noted.get(name, "")))
            (draft / f"{name}.md").write_text(page_of(marks[-1], truth), "utf-8")
        table = pd.DataFrame([_row(one) for one in marks], columns=COLUMNS).set_index("hand-in").astype(COUNTS)
        table.to_csv(draft / MARKS)
        planted = {"m/z": truth.peaks, "at home": np.where(truth.at_home, "yes", "no")}
        pd.DataFrame(planted).to_csv(draft / TRUTH, index=False)
    return table


def named(answers):
    """A name for each hand-in: that of its folder or zip, with the folder around it where names repeat.

    Examples
    --------
    >>> list(named(["in/anna.zip", "in/ben", "c/answer", "d/answer"]))
    ['anna', 'ben', 'c-answer', 'd-answer']
    """
    paths = [Path(path).expanduser().absolute() for path in answers]
    plain = [re.sub(r"\.zip$", "", path.name, flags=re.IGNORECASE) for path in paths]
    found, taken = {}, {}
    for path, name in zip(paths, plain, strict=True):
        name = f"{path.parent.name}-{name}" if plain.count(name) > 1 else name
        other = taken.setdefault(name.casefold(), path)  # each gets a file, and some systems know no case
        if other is not path:
            raise ValueError(f"{other} and {path} would both be called {name!r}; rename one of them")
        found[name] = path
    return found


def _row(one):
    """A line of the table."""
    row = {"hand-in": one.hand_in.name}
    if one.recovered is not None:
        row |= {"m/z": len(one.recovered.right), "right": one.recovered.n_right()}
        row |= {"right by chance": one.recovered.by_chance().mean(), "p": one.recovered.p}
        row |= {"right without labels": one.without_labels()}
    if one.auroc is not None:
        row |= {"AUROC abroad": one.auroc.value, "low": one.auroc.low, "high": one.auroc.high}
        row |= {"Brier score abroad": one.brier}
    if one.hand_in.claim is not None:
        row |= {"claims": len(one.verdicts), "that hold": sum(verdict.holds is True for verdict in one.verdicts)}
    return row | {"as sealed": one.sealed, "problems": "\n".join(one.hand_in.problems)}
