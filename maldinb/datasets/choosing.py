"""Spectra of public collections are chosen in their tables, before any of them is read."""

import difflib
import re
from collections import Counter
from numbers import Integral

import pandas as pd

from ..formats import DatasetError
from .labels import BLANK, LABELS, read_labels

#: How a species begins that is none: several in one spectrum, or an identification that failed.
NO_SPECIES = ("mix!", "not reliable identification", "no peaks found")
_SHOWN = 15  # names in a message


def check_species(species):
    """Refuse what is no name of a species, or several, before a table is read.

    Raises
    ------
    ValueError
    """
    if not as_list(species) or not all(map(_plain, as_list(species))):
        raise ValueError(f"species is a name, such as 'Klebsiella pneumoniae', or several, not {species!r}")


def as_list(value):
    """One value or several, as a list of text; None stays None.

    Examples
    --------
    >>> as_list(2018), as_list(["A", "B"]), as_list(None)
    (['2018'], ['A', 'B'], None)
    """
    if value is None:
        return None
    return [str(one) for one in ([value] if isinstance(value, (str, Integral)) else value)]


def pick(asked, there, what, where):
    """Those of `there` that were asked for, or all.

    Raises
    ------
    DatasetError
        If one is not there, or nothing is; names those that are.

    Examples
    --------
    >>> pick(["2018"], ["2015", "2018"], "year", "/data/DRIAMS-A")
    ['2018']
    """
    missing = [one for one in asked or () if one not in there]
    if missing or not there:
        raise DatasetError(f"{where}: no {what} {', '.join(missing)}; there is {', '.join(there) or 'none'}")
    return [one for one in there if asked is None or one in asked]


# --- tables -----------------------------------------------------------------------------------------------------------


def read_table(path, wanted=lambda column: True, n_rows=None):
    """Columns of a CSV file, as text; where two have one name, the second is called ``name.1``.

    Parameters
    ----------
    path : Path
    wanted : callable
        Takes the name of a column, and says whether to read it.
    n_rows : int, optional
        How many rows to read; by default all.

    Returns
    -------
    DataFrame of str

    Raises
    ------
    DatasetError
        If there is no such file, or it is no table.
    """
    try:
        return pd.read_csv(
            path, dtype=str, keep_default_na=False, usecols=wanted, nrows=n_rows, encoding="utf-8-sig"
        )  # fmt: skip
    except OSError as error:
        raise DatasetError(f"cannot read the table {path}: {error.strerror or error}") from None
    except ValueError as error:  # pandas' own errors, and what is not UTF-8
        raise DatasetError(f"{path}: not a table ({error})") from None


def same_drug(column, antibiotic):
    """Whether a column is that of an antibiotic: case, punctuation, a last e, and being there twice do not count.

    Examples
    --------
    >>> same_drug("Cotrimoxazol", "cotrimoxazole"), same_drug("Piperacillin-Tazobactam", "Piperacillin/Tazobactam")
    (True, True)
    >>> same_drug("Cefuroxime.1", "Cefuroxime"), same_drug("Penicillin", "Penicillin_with_meningitis")
    (True, False)
    """
    return spelled(column) == spelled(antibiotic)


def spelled(name):
    """What is compared of the name of an antibiotic."""
    name = re.sub(r"\.\d+$", "", str(name))  # what `read_table` adds to a name that is there twice
    return "".join(character for character in name.casefold() if character.isalnum()).removesuffix("e")


def agreed(texts):
    """One text of several for the same thing; those that differ are put side by side, and are no label.

    Examples
    --------
    >>> agreed(["R", "-", "R"]), agreed(["R", "S"]), agreed(["-", ""])
    ('R', 'R | S', '-')
    """
    texts = dict.fromkeys(text.strip() for text in texts)
    return " | ".join(text for text in texts if text.casefold() not in BLANK) or next(iter(texts), "")


def labels_of(table, antibiotic):
    """The text that stands for an antibiotic in each row of a table; nothing if no column is called so.

    Parameters
    ----------
    table : DataFrame of str
    antibiotic : str

    Returns
    -------
    Series of str
    """
    columns = [column for column in table if same_drug(column, antibiotic)]
    if len(columns) == 1:
        return table[columns[0]]
    return pd.Series([agreed(texts) for texts in table[columns].to_numpy()], table.index, dtype=object)


def labelled(table, column):
    """The rows of a table that hold R, S or I in a column."""
    return table[table[column].str.strip().str.upper().isin(LABELS)]


# --- the choice -------------------------------------------------------------------------------------------------------


def is_species(found, species):
    """Which names are one of these species, whatever their case and blanks; mixtures and failures never are.

    Parameters
    ----------
    found : Series of str
    species : str or sequence of str

    Returns
    -------
    Series of bool
    """
    wanted = {_plain(one) for one in as_list(species)}
    return found.isin([name for name in found.unique() if _plain(name) in wanted]) & ~_is_no_species(found)


def _is_no_species(found):
    return found.isin([name for name in found.unique() if _plain(name).startswith(NO_SPECIES)])


def _plain(name):
    return " ".join(name.casefold().split())


def choose(rows, antibiotic, species, labels, where, unit="rows"):
    """The rows of a species that have a label, and what became of the others.

    Parameters
    ----------
    rows : DataFrame
        With columns species and label, the text.
    antibiotic, species, labels
        As in `load_driams`.
    where : str
        What to call the label in messages.
    unit : str
        What a row stands for.

    Returns
    -------
    chosen : DataFrame
        With R, S and I in a column `antibiotic`, in place of label; the species is written as it was asked for, and
        columns that say nothing of these rows are gone.
    taken : list of dict
        What was found in the rows of the species, as `read_labels` tells it.
    not_chosen : list of dict
        Groups of other rows, as in ``info["not_chosen"]``.
    """
    unclear, mine = _is_no_species(rows["species"]), is_species(rows["species"], species)
    read, taken = read_labels(rows["label"][mine], where, labels, unusable="blank")
    read = read[read.notna()]
    asked = {_plain(one): one for one in as_list(species)}
    chosen = rows.loc[read.index].replace("", None).dropna(axis=1, how="all").drop(columns="label", errors="ignore")
    chosen = chosen.assign(species=rows["species"].map(_plain).map(asked)[read.index])
    chosen[antibiotic] = read
    named = " or ".join(as_list(species))
    groups = [
        group(f"{unit} of mixtures or failed identifications", unclear.sum(), "no single species"),
        group(f"{unit} of other species", (~mine & ~unclear).sum(), f"not {named}"),
        group(f"{unit} of {named}", mine.sum() - len(chosen), f"no R, S or I for {antibiotic}"),
    ]
    return chosen, taken, [one for one in groups if one["n"]]


def group(what, n, why):
    """Rows or files that were not chosen, as ``info["not_chosen"]`` holds them.

    Examples
    --------
    >>> group("rows of other species", 7, "not Klebsiella pneumoniae")
    {'what': 'rows of other species', 'n': 7, 'why': 'not Klebsiella pneumoniae'}
    """
    return {"what": what, "n": int(n), "why": why}


def count_species(rows):
    """Species -> number of rows that are labelled R, S or I; and species -> number of all rows."""
    rows = rows[~_is_no_species(rows["species"])]
    plain = rows["species"].map(_plain)
    spelled = rows["species"].str.strip().groupby(plain).agg(lambda names: names.mode()[0])  # as it is most often
    rows = rows.assign(species=plain.map(spelled))
    return [one["species"].value_counts().to_dict() for one in (labelled(rows, "label"), rows)]


def nothing_chosen(where, antibiotic, species, taken, by_species, by_antibiotic, there):
    """The error that says what there is instead, with counts.

    Parameters
    ----------
    where : str
        Name of the collection, or its path.
    antibiotic, species : str
        What was asked for.
    taken : list of dict
        As `choose` returns it.
    by_species, by_antibiotic : mapping
        Species -> number of labels for the antibiotic; antibiotic -> number of labels of the species.
    there : mapping
        Species -> how often it is there, with a label or not.

    Returns
    -------
    DatasetError
    """
    species = " or ".join(as_list(species))
    labelled_in = f"Labelled in {species!r}: {_listed(by_antibiotic, antibiotic)}"
    if antibiotic is None:
        return DatasetError(f"{where}: name an antibiotic.\n  {labelled_in}")
    strange = {one["found"]: one["n"] for one in taken if one["found"].casefold() not in BLANK}
    instead = f" What stands there, {_listed(strange)}, is no label unless labels={{...}} says so." if strange else ""
    more = "" if any(by_species.values()) or any(by_antibiotic.values()) else f"\n  Species: {_listed(there, species)}"
    return DatasetError(
        f"{where}: no spectrum of {species!r} is labelled R, S or I for {antibiotic!r}.{instead}\n"
        f"  Labelled for it: {_listed(by_species, species)}\n  {labelled_in}{more}"
    )


def _listed(counts, wanted=None):
    """Names with counts: what is nearly called as `wanted` comes first, then what is most frequent."""
    counts = {name: n for name, n in counts.items() if n}
    close = difflib.get_close_matches(str(wanted), list(counts), n=3)
    names = close + [name for name, _ in Counter(counts).most_common() if name not in close]
    more = f" and {len(names) - _SHOWN} others" if len(names) > _SHOWN else ""
    return ", ".join(f"{name!r} ({counts[name]})" for name in names[:_SHOWN]) + more or "nothing"
