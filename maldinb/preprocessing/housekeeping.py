"""Housekeeping peaks: proteins that all cells of a species make, so that a spectrum tells its own calibration."""

import numpy as np

from ..arguments import listed

_PROTON = 1.00728  # Da

#: Protein -> [M+H]+ in Da, averaged over isotopes: computed from the sequences in genomes of K. pneumoniae, without the
#: first methionine where it is cleaved off, with a methyl group on L33 and an acetyl group on S18, as in E. coli. Those
#: up to 10.3 kDa that spectra show, singly and doubly charged.
_PROTEINS = {
    "Klebsiella pneumoniae": {
        "L36": 4365.33, "L34": 5381.40, "L33": 6289.46, "L30": 6383.55, "L35": 7158.75, "L29": 7244.47, "L31": 7742.91,
        "S21": 8369.77, "L28": 8876.30, "S18": 8898.26, "S16": 8960.21, "L27": 8993.34, "HU-beta": 9138.48,
        "HU-alpha": 9477.91, "S20": 9540.18, "S15": 10078.57, "S19": 10286.07,
    },
}  # fmt: skip

#: Species -> m/z in Da of its housekeeping peaks, rising: ribosomal proteins and HU, [M+H]+ and [M+2H]2+.
HOUSEKEEPING = {
    species: np.sort([mz for mh in proteins.values() for mz in (mh, (mh + _PROTON) / 2)])
    for species, proteins in _PROTEINS.items()
}
#: What `align=True` stands for.
DEFAULT_SPECIES = "Klebsiella pneumoniae"
FEWEST_MASSES = 10  # fewer are no pattern that could be told from chance


def masses_of(align):
    """The masses that an option ``align=`` means.

    Parameters
    ----------
    align : bool, str or array_like
        As in `target_of`.

    Returns
    -------
    ndarray, shape (n_masses,), or None
        Rising, in Da.

    Raises
    ------
    ValueError
        As `target_of`.

    Examples
    --------
    >>> masses_of(False), masses_of(True)[:3].round(1)
    (None, array([2183.2, 2691.2, 3145.2]))
    """
    target = target_of(align)
    if target is False:
        return None
    return HOUSEKEEPING[target] if isinstance(target, str) else np.array(target)


def target_of(align):
    """What an option ``align=`` means, in words or numbers that can be kept.

    Parameters
    ----------
    align : bool, str or array_like
        False (or None) for nothing; True for *Klebsiella pneumoniae*; a species that `HOUSEKEEPING` names; or m/z in
        Da, at least ten.

    Returns
    -------
    False, str or list of float
        The name of the species, or m/z, rising.

    Raises
    ------
    ValueError
        If no masses of the species are known here, or it is nothing of the kind.

    Examples
    --------
    >>> target_of(None), target_of(True), target_of("klebsiella  pneumoniae")
    (False, 'Klebsiella pneumoniae', 'Klebsiella pneumoniae')
    >>> target_of("Escherichia coli")
    Traceback (most recent call last):
    ValueError: no housekeeping masses of 'Escherichia coli' are known here, only of Klebsiella pneumoniae; align= takes
    m/z in Da as well
    """
    if align is None or isinstance(align, (bool, np.bool_)):
        return DEFAULT_SPECIES if align else False
    if isinstance(align, str):
        plain = " ".join(align.split()).casefold()
        for species in HOUSEKEEPING:
            if species.casefold() == plain:
                return species
        known = listed(HOUSEKEEPING, quote=str)
        raise ValueError(
            f"no housekeeping masses of {align!r} are known here, only of {known}; align= takes m/z in Da as well"
        )
    try:
        masses = np.unique(np.asarray(align, dtype=float))
    except (TypeError, ValueError):
        masses = np.array([np.nan])
    if not (np.isfinite(masses) & (masses > 0)).all() or len(masses) < FEWEST_MASSES:
        raise ValueError(
            f"align is True, False, a species, or at least {FEWEST_MASSES} m/z in Da that all its isolates show, not "
            f"{align!r}"
        )
    return masses.tolist()
