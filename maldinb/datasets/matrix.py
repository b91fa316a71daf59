"""From many files to one matrix, in parallel, with every bad spectrum reported at once."""

from contextlib import suppress

import numpy as np
from tqdm.auto import tqdm

from ..arguments import choice
from ..formats import DatasetError
from ..preprocessing import SpectrumError, bin_edges, row_of, target_of
from ..preprocessing import preprocess as process
from .labels import INTERMEDIATE
from .workers import each

ON_ERROR = ("raise", "skip")  # what to do with spectra that cannot be used
_SHOWN = 50  # reasons listed in a message; the exception holds them all
DTYPES = ("float64", "float32")


def check_options(intermediate, on_error, bin_width, align, preprocess=True, dtype="float64"):
    """Refuse what no loader can do, before anything is fetched or read.

    Parameters
    ----------
    intermediate, on_error, bin_width, align, preprocess, dtype
        As for `load_spectra`.

    Returns
    -------
    dtype : str
        Its name.
    align : str, list of float or False
        What rows are aligned to: a species, or masses in Da.

    Raises
    ------
    ValueError
        If an option has no such value, or spectra are to be aligned that are not raw.

    Examples
    --------
    >>> check_options("drop", "raise", 3.0, align=True, dtype=np.float32)
    ('float32', 'Klebsiella pneumoniae')
    """
    choice(intermediate, "intermediate", INTERMEDIATE)
    choice(on_error, "on_error", ON_ERROR)
    choice(preprocess, "preprocess", (True, False, "force"))
    bin_edges(bin_width)
    target = target_of(align)
    if target and not preprocess:
        raise ValueError("align= is for raw spectra, and preprocess=False takes peaks and processed ones as they are")
    with suppress(TypeError):  # of what is no type at all
        dtype = np.dtype(dtype).name
    return choice(dtype, "dtype", DTYPES), target


def build_matrix(rows, bin_width, *, preprocess=True, align=False, dtype="float64", n_jobs=None, verbose=False):
    """Turn spectra into the rows of a matrix.

    Beside the matrix, no more than a few spectra for each worker are in memory at a time.

    Parameters
    ----------
    rows : list of (str, callable)
        Name for messages, and a function that returns m/z and intensity, or raises SpectrumError.
    bin_width : float
        In Da.
    preprocess, align
        As in `load_spectra`.
    dtype : {"float64", "float32"}
        Of the matrix. Rows are computed in float64 in any case.
    n_jobs : int, optional
        See `each`.
    verbose : bool
        Show a progress bar.

    Returns
    -------
    matrix : ndarray of `dtype`, shape (n_good, n_bins)
    good : list of int
        Positions in `rows` that the matrix holds.
    errors : dict
        Name -> exception for those it does not.

    Raises
    ------
    DatasetError
        If no spectrum can be used.
    """
    results = each(_row, [(read, bin_width, preprocess, align, dtype) for _, read in rows], n_jobs=n_jobs)
    good, matrix, errors = [], None, {}
    for i, row in enumerate(tqdm(results, total=len(rows), desc="spectra", unit="", disable=not verbose)):
        if isinstance(row, Exception):
            errors[rows[i][0]] = row
            continue
        if matrix is None:
            matrix = np.empty((len(rows), len(row)), dtype)
        matrix[len(good)] = row
        good.append(i)
    if not good:
        raise unusable(errors, len(rows))
    return matrix[: len(good)], good, errors


def _row(read, bin_width, preprocess, align, dtype):
    """The row of one spectrum, or the exception that says why there is none."""
    try:
        mz, intensity = read()
        if not preprocess:
            return row_of(mz, intensity, bin_width).astype(dtype, copy=False)
        return process(mz, intensity, bin_width, check=preprocess != "force", align=align).astype(dtype, copy=False)
    except (SpectrumError, OSError) as error:
        return error


def unusable(errors, total):
    """The error of spectra that cannot be used.

    Parameters
    ----------
    errors : dict
        Name -> exception or reason.
    total : int
        How many spectra there are.

    Returns
    -------
    DatasetError
    """
    lines = [f"{len(errors)} of {total} spectra cannot be used:"]
    lines += [f"  {name}: {reason}" for name, reason in list(errors.items())[:_SHOWN]]
    if len(errors) > _SHOWN:
        lines.append(f"  ... and {len(errors) - _SHOWN} more, in the exception's attribute errors")
    if len(errors) < total:
        lines.append('Mend or remove them, or pass on_error="skip" to load the others.')
    return DatasetError("\n".join(lines), {name: str(reason) for name, reason in errors.items()})
