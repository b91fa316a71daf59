"""How far m/z is off, told by proteins that every cell of a species has: its housekeeping peaks."""

import numpy as np

from ..preprocessing import HOUSEKEEPING, NotAligned, calibrate


def calibration_offset(peaks, species):
    """How far the m/z of a spectrum lie above those of its housekeeping peaks.

    Parameters
    ----------
    peaks : array_like, shape (n_peaks,)
        In Da.
    species : str

    Returns
    -------
    offset : float
        In ppm, at 5000 Da: see `maldinb.preprocessing.calibrate`. NaN if the masses of the species are not known here,
        or no more peaks match than by chance.
    matched : float
        How many are matched; NaN if they are not known.

    Examples
    --------
    >>> peaks = HOUSEKEEPING["Klebsiella pneumoniae"] * (1 + 400e-6)
    >>> offset, matched = calibration_offset(peaks, "Klebsiella pneumoniae")
    >>> round(offset), matched == len(peaks)
    (400, True)
    >>> calibration_offset(peaks, "Escherichia coli")
    (nan, nan)
    """
    expected = HOUSEKEEPING.get(str(species).strip())
    if expected is None:
        return np.nan, np.nan
    try:
        found = calibrate(peaks, expected)
    except NotAligned as error:
        return np.nan, float(error.matched)
    return found.offset, float(found.n_peaks)
