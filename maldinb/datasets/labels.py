"""What is known of resistance: R, S, I or nothing."""

from collections import Counter

from ..arguments import choice
from ..formats import DatasetError

LABELS = ("R", "S", "I")


def binary_labels(dataset, *, antibiotic=None, positive="R"):
    """Features and labels of the spectra that are either resistant or susceptible.

    Parameters
    ----------
    dataset : SpectraDataset
    antibiotic : str, optional
        Column of ``dataset.meta``; by default the one that the data set was loaded for.
    positive : {"R", "S"}
        The label that becomes 1.

    Returns
    -------
    X : DataFrame, shape (n_labelled, n_bins)
        Rows without a label and intermediate ones (I) are dropped.
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
    labels = read_labels(dataset.meta[column], f"column {column!r}")
    kept = labels.isin(["R", "S"])
    if not kept.any():
        raise ValueError(f"no spectrum is labelled R or S for {column!r}")
    return dataset.X.loc[kept.to_numpy()], (labels[kept] == positive).astype(int).rename(column)


def read_labels(values, where):
    """Labels as R, S, I or missing.

    Parameters
    ----------
    values : Series
        Of any case, blanks around them or not.
    where : str
        What to call them in the message.

    Returns
    -------
    Series

    Raises
    ------
    DatasetError
        Counts what is something else, and names the first ID.
    """
    known = values.notna()
    labels = values.astype(object).where(known, "").astype(str).str.strip().str.upper()
    known &= labels != ""
    wrong = values[known & ~labels.isin(LABELS)]
    if len(wrong):
        counts = ", ".join(f"{str(value)!r} ({n})" for value, n in wrong.value_counts().head(5).items())
        raise DatasetError(
            f"{where} holds {counts} (first for ID {wrong.index[0]!r}); labels are {', '.join(LABELS)} or blank"
        )
    return labels.where(known, None)


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
