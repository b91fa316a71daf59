"""The same spectrum twice, and what its two copies say."""

import pandas as pd

from .table import quality_table


def duplicates(data, table=None):
    """Spectra that are there more than once: the same intensities, point by point, whatever they are called.

    Parameters
    ----------
    data : SpectraDataset
    table : DataFrame, optional
        As from `quality_table`, which is computed otherwise.

    Returns
    -------
    DataFrame
        A row for each spectrum that repeats an earlier one, indexed by its ID: ``duplicate of``, the ID of the first;
        ``batches``, ``isolates`` and ``labels``, whether the two differ in these, the latter for any antibiotic that
        the data set was loaded with. ``isolates`` is missing where one of the two is not known.

    Examples
    --------
    >>> from maldinb import from_matrix
    >>> duplicates(from_matrix([[1, 2], [3, 4], [1, 2]], ["R", "S", "S"]))[["duplicate of", "labels"]]
             duplicate of  labels
    ID
    row-0003     row-0001    True
    """
    table = quality_table(data) if table is None else table
    copies = table["duplicate of"].dropna()
    ids, firsts = copies.index, list(copies)
    differ = pd.DataFrame(False, index=ids, columns=["labels"])
    for antibiotic in data.info.get("counts", {}):
        one, other = (data.meta.loc[which, antibiotic].to_numpy(object) for which in (ids, firsts))
        known = pd.notna(one) & pd.notna(other)
        differ["labels"] |= known & (one != other)
    found = pd.DataFrame({"duplicate of": copies})
    found["batches"] = data.batch.loc[ids].astype(str).to_numpy() != data.batch.loc[firsts].astype(str).to_numpy()
    found["isolates"] = None
    if data.isolate is not None:
        one, other = (data.isolate.loc[which].to_numpy(object) for which in (ids, firsts))
        found["isolates"] = pd.Series(one != other, ids, dtype=object).where(pd.notna(one) & pd.notna(other), None)
    return found.assign(labels=differ["labels"])
