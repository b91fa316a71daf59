"""How far m/z is off, told by proteins that every cell of a species has: its housekeeping peaks."""

import numpy as np

from ..simulation.species import SPECIES_MZ, SPECIES_NAMES

#: Species -> m/z in Da of its ribosomal proteins, singly and doubly charged, by the [M+H]+ computed from genomes. They
#: are those of the simulated spectra; real K. pneumoniae show them too.
HOUSEKEEPING = {
    "Klebsiella pneumoniae": np.array(
        [
            mz
            for mz, name in zip(SPECIES_MZ, SPECIES_NAMES, strict=True)
            if name.startswith(("L", "S")) and "not" not in name
        ]
    ),
}
LARGEST_OFFSET = 2000.0  # ppm; no calibration is worse, and farther away other peaks are taken for these
SPREAD = 300.0  # ppm; peaks of one spectrum differ so much in their offsets
#: Fewer matches are chance: of 29 real and 120 simulated spectra, none matched more than five masses that had been
#: moved by 1 to 3 percent.
FEWEST_MATCHES = 6


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
        In ppm: the median of the offsets that the largest number of housekeeping peaks share, within 300 ppm. NaN if
        those of the species are not known here, or fewer than 6 are matched.
    matched : float
        How many are matched; NaN if they are not known.

    References
    ----------
    Ribosomal proteins as markers: Ryzhov and Fenselau 2001, doi:10.1021/ac0008791

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
    away = 1e6 * (np.asarray(peaks, float)[:, None] / expected - 1)
    _, which = near = np.nonzero(np.abs(away) <= LARGEST_OFFSET)
    order = np.argsort(away[near])
    away, which = away[near][order], which[order]
    ends = np.searchsorted(away, away + SPREAD, side="right")
    numbers = [len(set(which[first:end])) for first, end in enumerate(ends)]
    if max(numbers, default=0) < FEWEST_MATCHES:
        return np.nan, float(max(numbers, default=0))
    best = int(np.argmax(numbers))
    return float(np.median(away[best : ends[best]])), float(numbers[best])
