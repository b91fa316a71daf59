"""Matrices that hold no spectra any more: isolates x bins or x peaks, whoever made them."""

import re

import numpy as np
import pandas as pd

from ..arguments import choice, listed
from .assembly import make_dataset
from .labels import INTERMEDIATE
from .metadata import column_of, read_metadata

#: Names of columns that are m/z; R writes an X before a number.
MZ_NAME = re.compile(r"(?:x|m/?z)?[\s_:.]*(\d+(?:\.\d+)?)\s*(?:da)?", re.IGNORECASE)
_LEAST_MZ = 100  # whole numbers from below this count columns
_BITS = {"0": "S", "1": "R", "false": "S", "true": "R"}


def from_matrix(
    X, y=None, *, mz=None, batch=None, isolate=None, species=None, antibiotic="label", labels=None,
    intermediate=INTERMEDIATE[0], name="matrix",
):  # fmt: skip
    """Make a data set of a matrix: spectra that somebody else has binned, or intensities or presence of peaks.

    Nothing is changed: rows need not sum to 1, columns need not be equidistant, and a handful is enough. What needs raw
    spectra, such as `raw_spectrum`, says that there are none.

    Parameters
    ----------
    X : DataFrame or array_like, shape (n_spectra, n_columns)
        Finite numbers. The index of a DataFrame holds the IDs, each once; rows of an array are numbered.
    y : array_like, shape (n_spectra,), optional
        R, S, I or missing, or 1 for resistant and 0 for susceptible.
    mz : array_like, shape (n_columns,), optional
        In Da: lower edges of bins of one width, or else the position of each column. By default it is read from the
        columns' names: "4365.3", "X4365.3", "mz_4365.3" and "4365.3 Da" hold an m/z, and 0, 1, 2, ... do not.
    batch, isolate, species : array_like, shape (n_spectra,), optional
        The hospital, instrument or year; the isolate that repeats share; the species. A text stands for all.
    antibiotic : str
        What to call the labels.
    labels : mapping, optional
        What other labels mean, such as ``{"resistant": "R"}``.
    intermediate : {"drop", "R", "S"}
        What `binary_labels` makes of I by default.
    name : str
        What to call the data set.

    Returns
    -------
    SpectraDataset
        Columns are in the order of their m/z. ``mz`` is None where they have none.

    Raises
    ------
    ValueError
        Names the argument, and row or column where it can. A Series must have the index of `X`.
    DatasetError
        If IDs repeat, or labels are something else.

    Examples
    --------
    >>> peaks = pd.DataFrame({"4365.3": [1, 0, 1], "9540.2": [1, 1, 0]}, index=["a1", "a2", "a3"])
    >>> data = from_matrix(peaks, ["R", "S", "R"], batch=["North", "North", "South"], antibiotic="Colistin")
    >>> data
    SpectraDataset('matrix': 3 spectra x 2 columns (4365.3-9540.2 Da), batch: Batch, species: not known,
                   isolate: not known)
    >>> data.mz, data.meta["Colistin"].tolist()
    (array([4365.3, 9540.2]), ['R', 'S', 'R'])
    """
    matrix, names, ids = numbers_of(X)
    if antibiotic in ("ID", "Batch", "Isolate", "Species"):
        raise ValueError(f"antibiotic is the name of a label, and {antibiotic!r} is that of another column")
    if mz is not None and np.shape(mz) != matrix.shape[1:]:
        raise ValueError(f"mz has shape {np.shape(mz)}, but X has {matrix.shape[1]} columns")
    table = {"ID": [f"row-{i:04d}" for i in range(1, len(matrix) + 1)] if ids is None else ids}
    for role, values in {antibiotic: y, "Batch": batch, "Isolate": isolate, "Species": species}.items():
        if values is not None:
            table[role] = _aligned(values, role.lower() if role != antibiotic else "y", ids, len(matrix))
    described = {"antibiotic": None if y is None else antibiotic, "labels": labels, "intermediate": intermediate}
    return assemble_matrix(matrix, names, mz, pd.DataFrame(table), name, name, **described)


def assemble_matrix(
    matrix, names, mz, table, name, where, *, antibiotic, labels, intermediate, source=None, **columns
):  # fmt: skip
    """A data set of numbers and a table that describes their rows."""
    choice(intermediate, "intermediate", INTERMEDIATE)
    antibiotics = () if antibiotic is None else (antibiotic,)
    if labels is None and antibiotic is not None:
        labels = _bits(table, antibiotic)
    meta, found, taken = read_metadata(table, where, antibiotics=antibiotics, labels=labels, **columns)
    mz = _mz_of(names) if mz is None else _positions(mz)
    if names is None:
        names = [f"column {i}" for i in range(1, matrix.shape[1] + 1)] if mz is None else [f"{m:.10g}" for m in mz]
    if mz is not None:
        order = np.argsort(mz, kind="stable")
        mz, names, matrix = mz[order], [names[i] for i in order], matrix[:, order]
        repeated = mz[1:][np.diff(mz) == 0]
        if len(repeated):
            raise ValueError(f"{len(repeated)} columns have the m/z of another one, such as {repeated[0]:.10g} Da")
    return make_dataset(
        matrix, meta, name=name, antibiotic=antibiotic, antibiotics=antibiotics, bin_width=None, columns=found,
        labels=taken, intermediate=intermediate, left_out={}, source=source, axis=(names, mz),
    )  # fmt: skip


def numbers_of(X):
    """The numbers of X, names of its columns and its IDs, the latter two None for an array."""
    is_table = isinstance(X, pd.DataFrame)
    try:
        matrix = np.array(X, dtype=float)
    except (TypeError, ValueError):
        wrong = [c for c in X if pd.to_numeric(X[c], errors="coerce").isna().any()] if is_table else []
        where = f" in column {listed(wrong)}" if wrong else ""
        raise ValueError(f"X holds something else than numbers{where}; leave out what is no bin or peak") from None
    if matrix.ndim != 2 or not matrix.size:
        raise ValueError(f"X is a matrix of spectra x columns, not an array of shape {matrix.shape}")
    names = [str(name) for name in X.columns] if is_table else None
    if is_table and len(set(names)) < len(names):
        repeated = X.columns[X.columns.astype(str).duplicated()]
        raise ValueError(f"columns of X that are there twice: {listed(repeated)}")
    wrong = np.argwhere(~np.isfinite(matrix))
    if len(wrong):
        row, column = wrong[0]
        at = f"row {X.index[row]!r}, column {names[column]!r}" if is_table else f"row {row}, column {column}, from 0"
        raise ValueError(
            f"X holds {len(wrong)} missing or infinite values, the first in {at}; fill them in (0 where there is no "
            "peak), or leave out the rows or columns"
        )
    return matrix, names, list(X.index.astype(str).str.strip()) if is_table else None


def _positions(mz):
    """The m/z that were given."""
    try:
        mz = np.asarray(mz, dtype=float)
    except (TypeError, ValueError):
        mz = np.array([np.nan])
    if not (np.isfinite(mz) & (mz > 0)).all():
        raise ValueError("mz holds a finite number above 0, in Da, for each column; leave it out if there are none")
    return mz


def _mz_of(names):
    """The m/z that names of columns hold, or None."""
    found = [MZ_NAME.fullmatch(name.strip()) for name in names or ()]
    if not found or sum(map(bool, found)) <= len(found) / 2:
        return None
    if not all(found):
        wrong = [name for name, match in zip(names, found, strict=True) if not match]
        raise ValueError(f"most columns are named by their m/z, but not {listed(wrong)}; leave them out, or pass mz=")
    mz = np.array([float(match[1]) for match in found])
    counted = mz.min() < _LEAST_MZ and (mz == np.round(mz)).all()
    return None if counted else mz


def _aligned(values, name, ids, n):
    """One value for each row of X, in its order."""
    if isinstance(values, str):
        return [values] * n
    if isinstance(values, pd.Series) and ids is not None:
        index = values.index.astype(str).str.strip()
        differ = sorted(set(index) ^ set(ids))
        if differ or len(index) != len(ids):
            raise ValueError(
                f"the index of {name} is not that of X ({len(index)} and {len(ids)} rows"
                + (f", only in one of them: {listed(differ)}" if differ else "")
                + f"); if rows are in the same order, pass {name}.to_numpy()"
            )
        if index.is_unique:  # if not, the IDs repeat, and that is said later
            values = values.set_axis(index).loc[ids]
    values = np.asarray(values, dtype=object)
    if values.shape != (n,):
        raise ValueError(f"{name} has shape {values.shape}, but X has {n} rows")
    return values


def _bits(table, antibiotic):
    """What 0 and 1 mean, where labels are these and nothing else."""
    column = column_of(table, antibiotic)
    if column is None:
        return None
    values = table[column].dropna().astype(str).str.strip().str.casefold().str.removesuffix(".0")
    return _BITS if set(values[values != ""]) <= set(_BITS) else None
