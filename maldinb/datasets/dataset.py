"""What every loader returns, and what most lessons ask of it."""

from collections import Counter
from dataclasses import dataclass, field

import numpy as np
import pandas as pd


class DatasetError(ValueError):
    """A data set that cannot be loaded; the message names the file or argument and says what to do.

    Attributes
    ----------
    errors : dict
        File name -> reason, for every spectrum that could not be used; empty when the cause lies elsewhere.
    """

    def __init__(self, message, errors=None):
        super().__init__(message)
        self.errors = dict(errors or {})


@dataclass
class SpectraDataset:
    """Binned spectra, what is known of each, and where they come from.

    Attributes
    ----------
    X : DataFrame, shape (n_spectra, n_bins)
        Intensities; each row sums to 1. Columns are the lower edges of the bins ("2000", "2003", ...; Da), the index
        holds the spectrum IDs.
    meta : DataFrame
        One row for each row of `X`: ``Batch`` (the city), ``Species``, and a column of R, S, I or missing values for
        each antibiotic.
    mz : ndarray, shape (n_bins,)
        Lower edges of the bins in Da.
    info : dict
        Provenance: name, antibiotic, counts, preprocessing, and more that depends on the loader.
    """

    X: pd.DataFrame
    meta: pd.DataFrame
    mz: np.ndarray
    info: dict = field(default_factory=dict)

    @property
    def batch(self):
        """Series: the city (or other batch) of each spectrum."""
        return self.meta["Batch"]

    @property
    def species(self):
        """Series: the species of each spectrum."""
        return self.meta["Species"]

    def __repr__(self):
        # Not the dataclass's: it would print the spectrum IDs, which may be laboratory numbers.
        spectra, bins = self.X.shape
        return f"SpectraDataset({self.info.get('name', 'unnamed')!r}: {spectra} spectra x {bins} bins)"


def binary_labels(demo, *, antibiotic=None, positive="R"):
    """Features and labels of the spectra that are either resistant or susceptible.

    Parameters
    ----------
    demo : SpectraDataset
    antibiotic : str, optional
        Column of ``demo.meta``; by default the one that the data set was loaded for.
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
        If there is no such column, no such label, or no labelled spectrum.
    """
    column = antibiotic if antibiotic is not None else demo.info.get("antibiotic")
    if column is None:
        raise ValueError("the data set was loaded without a label; name a column of its meta: antibiotic=...")
    if column not in demo.meta:
        raise ValueError(f"unknown antibiotic {column!r}; the data set has {', '.join(map(str, demo.meta.columns))}")
    if positive not in ("R", "S"):
        raise ValueError(f"positive is 'R' or 'S', not {positive!r}")
    labels = demo.meta[column]
    kept = labels.isin(["R", "S"])
    if not kept.any():
        raise ValueError(f"no spectrum is labelled R or S for {column!r}")
    return demo.X.loc[kept.to_numpy()], (labels[kept] == positive).astype(int).rename(column)


def count_labels(meta, antibiotics):
    """How many spectra there are per city and label.

    Parameters
    ----------
    meta : DataFrame
        With a column Batch and one for each antibiotic.
    antibiotics : sequence of str

    Returns
    -------
    dict
        antibiotic -> city -> {"S": n, "I": n, "R": n, "unlabelled": n}, as plain numbers (JSON).
    """
    counts = {}
    for antibiotic in antibiotics:
        # Counted in plain Python: a table by pandas takes longer than all the rest of loading from the cache.
        n = Counter(zip(meta["Batch"].tolist(), meta[antibiotic].fillna("unlabelled").tolist(), strict=True))
        counts[antibiotic] = {
            city: {label: n[city, label] for label in ("S", "I", "R", "unlabelled")}
            for city in sorted({city for city, _ in n})
        }
    return counts
