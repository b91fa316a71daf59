"""What every loader returns, and what most lessons ask of it."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from .description import describe


@dataclass
class SpectraDataset:
    """Binned spectra, what is known of each, and where they come from.

    Attributes
    ----------
    X : DataFrame, shape (n_spectra, n_bins)
        Intensities; each row sums to 1. Columns are the lower edges of the bins ("2000", "2003", ...; Da), the index
        holds the spectrum IDs. A matrix from elsewhere holds what it holds: see `from_matrix`.
    meta : DataFrame
        One row for each row of `X`: ``Batch`` (the hospital, say), ``Species``, ``Isolate`` where it is known, and a
        column of R, S, I or missing values for each antibiotic.
    mz : ndarray, shape (n_bins,), or None
        Lower edges of the bins in Da, or positions of peaks (see `maldinb.preprocessing.middles`); None where columns
        have no m/z.
    info : dict
        Where it all comes from. Every loader gives the same keys; None where there is nothing to say:

        name, antibiotic
            What the data set is called, and the column of labels that `binary_labels` takes by default.
        n_spectra, counts
            antibiotic -> batch -> {"S": n, "I": n, "R": n, "unlabelled": n}
        counts_as_published
            Whether they are those of the data set's record.
        columns
            ID, Batch, Species and Isolate -> the column of the table that they were found in, or None.
        labels
            antibiotic -> list of {"found": text in the table, "n": how often, "taken as": "R", "S", "I" or None}.
        intermediate
            "drop", "R" or "S": what `binary_labels` makes of I by default.
        left_out
            ID or file -> why it is not in the data set, although it was meant to be.
        not_chosen
            Groups of what was not asked for, such as other species of a collection: a list of {"what": rows or files
            of some kind, "n": how many, "why": reason}.
        preprocessing
            Parameters that determine a row, the width of a bin among them; nothing, where others made the rows. Of raw
            spectra, ``align`` says to which housekeeping peaks they were aligned: a species, masses in Da, or False.
        matrix
            Whether others made the rows, so that there never was a raw spectrum here.
        source, metadata, formats, md5, doi
            Path of the folder or archive, name of the table, format -> number of spectra, hash of the archive, and
            where it was published.
        files
            ID -> paths below `source`, where the ID does not say which files are meant.
        simulation, planted
            Arguments of the `Simulation` that drew the spectra, scenario and world among them, and its planted
            resistance peaks, a DataFrame.

    Examples
    --------
    >>> from maldinb import load_simulated
    >>> data = load_simulated(n_spectra=24)
    >>> data.X.shape, data.mz[:2], list(data.meta)[:3]
    ((24, 6000), array([2000., 2003.]), ['Batch', 'Species', 'Amikacin'])
    >>> data.batch.value_counts().to_dict()
    {'Rome': 16, 'Milan': 6, 'Catania': 2}
    >>> data.info["counts"]["Amikacin"]["Milan"]
    {'S': 5, 'I': 0, 'R': 1, 'unlabelled': 0}
    """

    X: pd.DataFrame
    meta: pd.DataFrame
    mz: np.ndarray
    info: dict = field(default_factory=dict)

    @property
    def batch(self):
        """Series: the batch (hospital, instrument, year) of each spectrum."""
        return self.meta["Batch"]

    @property
    def species(self):
        """Series: the species of each spectrum."""
        return self.meta["Species"]

    @property
    def isolate(self):
        """Series: the isolate of each spectrum, which repeats share; None if it is not known."""
        return self.meta.get("Isolate")

    def report(self):
        """What was recognised, mapped and left out on the way here, in one short table.

        Returns
        -------
        DataFrame
            Columns ``what``, ``found`` and ``done``.

        Examples
        --------
        >>> from maldinb import load_simulated
        >>> load_simulated(n_spectra=24).report().set_index("what").loc["Batch"].to_dict()
        {'found': "column 'City'", 'done': '3 batches: Rome 16, Milan 6, Catania 2'}
        """
        return describe(self)

    def __repr__(self):
        # Not the dataclass's: it would print the spectrum IDs, which may be laboratory numbers.
        (spectra, n), columns = self.X.shape, self.info.get("columns", {})
        bins = f"{n} bins"
        if self.info.get("matrix"):
            mz = "no m/z" if self.mz is None else f"{self.mz[0]:.10g}-{self.mz[-1]:.10g} Da"
            bins = f"{n} columns ({mz})"
        known = "".join(
            f", {role.lower()}: {column or 'not known'}" for role, column in columns.items() if role != "ID"
        )
        return f"SpectraDataset({self.info.get('name', 'unnamed')!r}: {spectra} spectra x {bins}{known})"
