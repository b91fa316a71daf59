"""The quality of every spectrum of a data set, and of every batch, as tables."""

import pandas as pd
from tqdm.auto import tqdm

from ..datasets.raw import raw_readers
from ..datasets.workers import each
from ..formats import DatasetError
from ..preprocessing import PARAMETERS, SpectrumError
from .calibration import calibration_offset
from .measures import fingerprint, measure

RAW, ROW = "raw spectrum", "row"
#: Columns of numbers, of which batches have medians.
NUMBERS = (
    "low m/z", "high m/z", "points", "total count", "negative share", "saturated share", "signal to noise", "peaks",
    "offset ppm", "peaks matched",
)  # fmt: skip


def quality_table(data, *, n_jobs=None, verbose=False):
    """What can be measured on each spectrum before any model sees it. Nothing is left out.

    It is measured on raw spectra, which are read again, one at a time. Where there are none (a matrix, spectra that
    others have processed, files that are gone), what needs them is missing, and the rest is told from the rows.

    Parameters
    ----------
    data : SpectraDataset
    n_jobs : int, optional
        As in `load_spectra`.
    verbose : bool
        Show a progress bar.

    Returns
    -------
    DataFrame
        A row for each spectrum, in the order of ``data.X``:

        batch
            Its hospital, instrument or year.
        measured on
            "raw spectrum" or "row".
        problem
            Why the raw spectrum could not be used; missing if it could.
        low m/z, high m/z, points
            Ends, in Da, and number of points of the raw spectrum.
        total count
            Sum of the intensities above 0.
        negative share
            Share of points below 0, which count as 0. A detector counts none; subtracting a baseline makes many.
        empty
            Whether there is not a single peak; of a row, whether it holds zeros only.
        saturated share
            Share of points on a plateau of five and more at the highest value: see `saturated_share`.
        signal to noise
            Height of the highest peak above the baseline over the noise, both in square roots of counts; noise is
            1.4826 times the median absolute deviation of what smoothing takes away: see `noise_of`.
        peaks
            Number of maxima with a prominence of at least 3 times the noise, after smoothing.
        offset ppm, peaks matched
            Calibration against housekeeping peaks; missing where those of the species are not known: see
            `calibration_offset`.
        duplicate of
            ID of the first spectrum with the same intensities, point by point; missing if there is none before.

    Raises
    ------
    ValueError
        If IDs are not unique.

    Examples
    --------
    >>> from maldinb import load_simulated, quality
    >>> table = quality.quality_table(load_simulated(n_spectra=24))
    >>> table.loc["sim-0001", ["batch", "measured on", "points"]].to_dict()
    {'batch': 'Milan', 'measured on': 'raw spectrum', 'points': 20697.0}
    """
    if not data.X.index.is_unique:
        raise ValueError("IDs are not unique; quality is told by ID")
    readers, why = _readers(data)
    jobs = [(readers.get(one), why, species) for one, species in zip(data.X.index, data.species, strict=True)]
    results = each(_measure, jobs, n_jobs=n_jobs) if readers else [why] * len(jobs)
    results = tqdm(results, total=len(jobs), desc="quality", unit="", disable=not verbose)
    found = zip(data.X.to_numpy(), results, strict=True)
    measured = [_of_row(row, result) if isinstance(result, str) else result for row, result in found]
    table = pd.DataFrame(measured, index=data.X.index).reindex(columns=[*_COLUMNS, "fingerprint"])
    table.insert(0, "batch", data.batch.astype(str))
    first = pd.Series(table.index, table.index).groupby(table["fingerprint"]).transform("first")
    table["duplicate of"] = first.where(first != table.index, None).astype(object)
    types = dict.fromkeys(NUMBERS, float) | {"empty": bool, "problem": object}
    return table.drop(columns="fingerprint").astype(types)


_COLUMNS = ("measured on", "problem", "empty", *NUMBERS)


def _readers(data):
    """How to read raw spectra, and why there are none."""
    if not PARAMETERS.keys() <= data.info.get("preprocessing", {}).keys():
        return {}, "what was loaded was no raw spectrum"
    try:
        return raw_readers(data), "the raw spectrum is no longer where it was loaded from"
    except DatasetError as error:
        return {}, str(error)


def _measure(reader, why, species):
    """The values of one raw spectrum, or why there are none."""
    if reader is not None:
        try:
            mz, intensity = reader[1]()
            values, peaks = measure(mz, intensity)
            offset, matched = calibration_offset(peaks, species)
            return values | {"measured on": RAW, "offset ppm": offset, "peaks matched": matched}
        except (SpectrumError, OSError) as error:
            why = f"{reader[0]}: {error}"
    return why


def _of_row(row, why):
    return {"measured on": ROW, "problem": why, "empty": not row.any(), "fingerprint": fingerprint(row)}


def batch_table(table):
    """What is typical of the spectra of each batch.

    Parameters
    ----------
    table : DataFrame
        As from `quality_table`.

    Returns
    -------
    DataFrame
        A row for each batch: ``spectra``, how many of them are ``empty``, ``saturated`` or ``duplicates`` of another,
        and the medians of the numbers.

    Examples
    --------
    >>> from maldinb import load_simulated, quality
    >>> batches = quality.batch_table(quality.quality_table(load_simulated(n_spectra=24)))
    >>> batches["spectra"].to_dict()
    {'Catania': 2, 'Milan': 6, 'Rome': 16}
    """
    batch = table["batch"]
    saturated = table["saturated share"].gt(0).where(table["saturated share"].notna()).astype(float)
    found = pd.DataFrame(
        {
            "spectra": table.groupby(batch).size(),
            "empty": table["empty"].groupby(batch).sum(),
            "saturated": saturated.groupby(batch).sum(min_count=1),  # missing where none could be
            "duplicates": table["duplicate of"].notna().groupby(batch).sum(),
        }
    )
    return found.join(table.groupby(batch)[[name for name in NUMBERS if name != "saturated share"]].median())
