"""What is known of resistance: R, S, I or nothing."""

from collections import Counter

import pandas as pd

from ..arguments import choice
from ..formats import DatasetError

LABELS = ("R", "S", "I")
#: What can become of I, the default first.
INTERMEDIATE = ("drop", "R", "S")
#: What stands in tables where nothing is known, in whatever case.
BLANK = ("", "-", "na", "n/a", "nan", "none", "null")
_WORDS = {"resistant": "R", "susceptible": "S", "sensitive": "S", "intermediate": "I"}
_SHOWN = 10  # texts in a message


def binary_labels(dataset, *, antibiotic=None, positive="R", intermediate=None):
    """Features and labels of the spectra that are either resistant or susceptible.

    Parameters
    ----------
    dataset : SpectraDataset
    antibiotic : str, optional
        Column of ``dataset.meta``; by default the one that the data set was loaded for.
    positive : {"R", "S"}
        The label that becomes 1.
    intermediate : {"drop", "R", "S"}, optional
        What becomes of intermediate spectra (I): they are dropped, or count as resistant or susceptible. By default
        what the data set was loaded with, ``dataset.info["intermediate"]``, else "drop". Since 2019, EUCAST's I means
        "susceptible, increased exposure"; Weis et al. 2022 (doi:10.1038/s41591-021-01619-9) count it as resistant.

    Returns
    -------
    X : DataFrame, shape (n_labelled, n_bins)
        Rows without a label are dropped.
    y : Series of int, shape (n_labelled,)
        1 for `positive`, 0 for the other label.

    Raises
    ------
    ValueError
        If there is no such column, no such label, or no labelled spectrum, or if the column holds anything else than R,
        S, I and missing values.

    Examples
    --------
    >>> from maldinb import load_simulated
    >>> data = load_simulated(n_spectra=24)
    >>> X, y = binary_labels(data)
    >>> X.shape, int(y.sum())
    ((24, 6000), 12)
    """
    column = antibiotic if antibiotic is not None else dataset.info.get("antibiotic")
    if column is None:
        raise ValueError("the data set was loaded without a label; name a column of its meta: antibiotic=...")
    if column not in dataset.meta:
        raise ValueError(f"unknown antibiotic {column!r}; the data set has {', '.join(map(str, dataset.meta.columns))}")
    choice(positive, "positive", ("R", "S"))
    meant = dataset.info.get("intermediate") or INTERMEDIATE[0] if intermediate is None else intermediate
    choice(meant, "intermediate", INTERMEDIATE)
    labels, _ = read_labels(dataset.meta[column], f"column {column!r}")
    labels = labels.replace("I", meant)
    kept = labels.isin(["R", "S"])
    if not kept.any():
        n = labels.fillna("no label").replace("drop", "I").value_counts()
        there = ", ".join(f"{label} {count}" for label, count in n.items())
        raise ValueError(f"no spectrum is labelled R or S for {column!r}; there are {there or 'no spectra'}")
    return dataset.X.loc[kept.to_numpy()], (labels[kept] == positive).astype(int).rename(column)


def read_labels(values, where, labels=None, unusable="raise"):
    """Labels as R, S, I or nothing, and what they were made of.

    Parameters
    ----------
    values : Series
        Of any case, blanks around them or not. Missing values, "-", "NA" and the like are no label.
    where : str
        What to call them in the message.
    labels : mapping, optional
        What other texts or numbers mean: "R", "S", "I", or None for no label. It goes before all that is known here.
    unusable : {"raise", "blank"}
        Whether what is still something else is an error, or no label.

    Returns
    -------
    read : Series
        R, S, I or missing.
    taken : list of dict
        ``found``, the text; ``n``, how often; ``taken as``, R, S, I or None. The most frequent comes first.

    Raises
    ------
    DatasetError
        Counts what is something else, names the first ID, and shows the `labels` to write.
    ValueError
        If `labels` gives a meaning that is none, or two to one text.

    Examples
    --------
    >>> read, taken = read_labels(pd.Series(["resistant", "s", "-"]), "my table", {"Resistant": "R"})
    >>> read.fillna("?").tolist()
    ['R', 'S', '?']
    >>> taken[0]
    {'found': 'resistant', 'n': 1, 'taken as': 'R'}
    """
    known = dict.fromkeys(BLANK) | {_plain(label): label for label in LABELS} | meanings(labels or {})
    texts = values.astype(object).where(values.notna(), "").map(str).str.strip()
    found = texts.value_counts()
    strange = [text for text in found.index if _plain(text) not in known]
    if strange and unusable == "raise":
        listed = ", ".join(f"{text!r} ({found[text]})" for text in strange[:_SHOWN])
        more = f" and {len(strange) - _SHOWN} others" if len(strange) > _SHOWN else ""
        first = texts.index[texts.isin(strange)][0]
        raise DatasetError(
            f"{where} holds {listed}{more} (first for ID {first!r}); labels are {', '.join(LABELS)} or blank. "
            f"Load with what the others mean: {_to_write(strange[:_SHOWN])}"
        )
    means = {text: known.get(_plain(text)) for text in found.index}
    taken = [{"found": text, "n": int(n), "taken as": means[text]} for text, n in found.items()]
    return pd.Series([means[text] for text in texts], values.index, name=values.name), taken


def _plain(value):
    """A text or number by which labels are compared: 1, 1.0 and "1" are one, and so are " r" and "R"."""
    return str(value).strip().casefold().removesuffix(".0")


def meanings(labels):
    """A mapping of labels by plain text, as `read_labels` compares them.

    Parameters
    ----------
    labels : mapping
        Text or number -> "R", "S", "I", in whatever case, or None.

    Returns
    -------
    dict

    Raises
    ------
    ValueError
        If a meaning is none, or there are two to one text.

    Examples
    --------
    >>> meanings({" Resistant": "r", 0: "S"})
    {'resistant': 'R', '0': 'S'}
    """
    means = {}
    for text, label in labels.items():
        upper = label.strip().upper() if isinstance(label, str) else label
        if upper is not None and upper not in LABELS:
            raise ValueError(f"labels: {text!r} is 'R', 'S', 'I' or None, not {label!r}")
        if means.setdefault(_plain(text), upper) != upper:
            raise ValueError(f"labels: {text!r} has two meanings, {means[_plain(text)]!r} and {upper!r}")
    return means


def _to_write(strange):
    """The argument that gives a meaning to these texts: what is the beginning of a word that says it is filled in."""
    guessed = {
        text: [k for word, k in _WORDS.items() if len(text) > 2 and word.startswith(_plain(text))] for text in strange
    }
    pairs = [f"{text!r}: {guess[0]!r}" if guess else f"{text!r}: ..." for text, guess in guessed.items()]
    open_ones = "" if all(guessed.values()) else ", with 'R', 'S', 'I' or None for ..."
    return f"labels={{{', '.join(pairs)}}}{open_ones}"


def count_labels(meta, antibiotics):
    """How many spectra there are per batch and label.

    Parameters
    ----------
    meta : DataFrame
        With a column Batch and one for each antibiotic.
    antibiotics : sequence of str

    Returns
    -------
    dict
        antibiotic -> batch -> {"S": n, "I": n, "R": n, "unlabelled": n}, as plain numbers (JSON).
    """
    counts = {}
    for antibiotic in antibiotics:
        # Counted in plain Python: a table by pandas takes longer than all the rest of loading from the cache.
        n = Counter(zip(meta["Batch"].tolist(), meta[antibiotic].fillna("unlabelled").tolist(), strict=True))
        counts[antibiotic] = {
            batch: {label: n[batch, label] for label in ("S", "I", "R", "unlabelled")}
            for batch in sorted({batch for batch, _ in n})
        }
    return counts
