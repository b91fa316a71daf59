"""From many files to one matrix, in parallel, with every bad spectrum reported at once."""

import os

import numpy as np
from joblib import Parallel, delayed
from tqdm.auto import tqdm

from ..formats import DatasetError
from ..preprocessing import SpectrumError, row_of
from ..preprocessing import preprocess as process

ON_ERROR = ("raise", "skip")  # what to do with spectra that cannot be used
_SHOWN = 50  # reasons listed in a message; the exception holds them all


def default_jobs():
    """Cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def build_matrix(rows, bin_width, *, preprocess=True, n_jobs=None, on_error="raise", verbose=False):
    """Turn spectra into the rows of a matrix.

    Threads serve: parsing, two thirds of the work, releases Python's lock. The filters gain little from a second
    thread, but processes would take longer to start than they save.

    Parameters
    ----------
    rows : list of (str, callable)
        Name for messages, and a function that returns m/z and intensity, or raises SpectrumError.
    bin_width : float
        In Da.
    preprocess : bool or "force"
        As in `load_spectra`.
    n_jobs : int, optional
        Threads; by default as many as there are cores to use.
    on_error : {"raise", "skip"}
        What to do with spectra that cannot be used.
    verbose : bool
        Show a progress bar.

    Returns
    -------
    matrix : ndarray of float64, shape (n_good, n_bins)
    good : list of int
        Positions in `rows` that the matrix holds.
    errors : dict
        Name -> exception for those it does not.

    Raises
    ------
    DatasetError
        If a spectrum is bad and `on_error` is "raise", or if all are.
    """
    jobs = Parallel(n_jobs=default_jobs() if n_jobs is None else n_jobs, backend="threading", return_as="generator")
    results = jobs(delayed(_row)(read, bin_width, preprocess) for _, read in rows)
    good, matrix, errors = [], None, {}
    for i, row in enumerate(tqdm(results, total=len(rows), desc="spectra", unit="", disable=not verbose)):
        if isinstance(row, Exception):
            errors[rows[i][0]] = row
            continue
        if matrix is None:
            matrix = np.empty((len(rows), len(row)))
        matrix[len(good)] = row
        good.append(i)
    if errors and (on_error == "raise" or not good):
        raise DatasetError(_report(errors, len(rows), good), {name: str(error) for name, error in errors.items()})
    return matrix[: len(good)], good, errors


def _row(read, bin_width, preprocess):
    """The row of one spectrum, or the exception that says why there is none."""
    try:
        mz, intensity = read()
        if not preprocess:
            return row_of(mz, intensity, bin_width)
        return process(mz, intensity, bin_width, check=preprocess != "force")
    except (SpectrumError, OSError) as error:
        return error


def _report(errors, total, good):
    lines = [f"{len(errors)} of {total} spectra cannot be used:"]
    lines += [f"  {name}: {reason}" for name, reason in list(errors.items())[:_SHOWN]]
    if len(errors) > _SHOWN:
        lines.append(f"  ... and {len(errors) - _SHOWN} more, in the exception's attribute errors")
    if good:
        lines.append('Mend or remove them, or pass on_error="skip" to load the others.')
    return "\n".join(lines)
