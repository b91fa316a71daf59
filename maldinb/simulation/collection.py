"""A collection of simulated spectra: who is in it, and the raw spectrum of each, drawn on demand."""

import numpy as np
import pandas as pd

from ..arguments import is_whole, whole
from .instrument import INSTRUMENTS, record
from .peaks import PLANTED, accessory_peaks, shifted_masses
from .population import CLONES, OTHER_SPECIES, draw_population
from .species import CITIES, SPECIES_HEIGHT

N_MIN = 12

FORMATS = {"Rome": "R", "Milan": "A", "Catania": "A"}
MINOR = {"Rome": 0.45, "Milan": 1.0, "Catania": 1.0}  # how well the laboratory sees peaks that are not the species'
OFFSETS = {"Rome": 1000.0, "Milan": 0.0, "Catania": 0.0}  # ppm

ISOLATE_SD, REPLICATE_SD = 0.57, 0.28  # of a peak's log-height
DROPOUT = 0.03  # share of isolates in which a species peak is missing


class Simulation:
    """A collection of raw spectra, drawn from `seed` alone.

    Parameters
    ----------
    n_spectra : int, default 743
        At least 12. The real set has 743; other numbers scale all counts in proportion.
    seed : int, default 0
        Not negative. Other seeds draw other isolates from the same hospitals: the peaks stay what they are.

    Attributes
    ----------
    meta : DataFrame, shape (n_spectra, 6)
        City, Species, Amikacin, Meropenem ('R', 'S' or missing), Isolate, Clone; index ID. Isolates may be repeated.
    planted : DataFrame
        The resistance peaks, one row per peak and antibiotic: mz (Da, true position), antibiotic, effect ('up': more
        frequent in R, 'down': lost in R), cities (where it has to do with resistance, joined by ';'), share_S, share_R
        (of isolates there), note.

    Raises
    ------
    ValueError
        If `n_spectra` or `seed` is not such a number.

    Examples
    --------
    >>> sim = Simulation(n_spectra=30)
    >>> mz, intensity = sim.raw(0)
    """

    def __init__(self, n_spectra=743, seed=0):
        self.n_spectra = whole(n_spectra, "n_spectra", N_MIN)
        self.seed = whole(seed, "seed", 0)
        rng = self._rng(0, self.n_spectra)
        self.meta, self._isolate, self._carries = draw_population(self.n_spectra, rng)
        self._cities = self.meta["City"].tolist()
        self._clones = self.meta["Clone"].tolist()
        clones = [*dict.fromkeys(sum(CLONES.values(), [])), *(name.split()[1] for name in OTHER_SPECIES)]
        self._species_mz = shifted_masses(clones)
        self._accessory_mz, self._accessory_height, self._accessory_share = accessory_peaks(clones)

    def __len__(self):
        return self.n_spectra

    def __repr__(self):
        return f"Simulation(n_spectra={self.n_spectra}, seed={self.seed})"

    @property
    def planted(self):
        """The resistance peaks, a fresh copy of the truth."""
        rows = [
            (p.mz, drug, p.effect, ";".join(p.cities), p.share_s, p.share_r, p.note)
            for p in PLANTED
            for drug in p.antibiotics
        ]
        names = ["mz", "antibiotic", "effect", "cities", "share_S", "share_R", "note"]
        return pd.DataFrame(rows, columns=names).sort_values(["antibiotic", "mz"], ignore_index=True)

    def file_format(self, i):
        """Format of spectrum `i` as a file: 'R' (Rome: 6 decimals) or 'A' (Milan, Catania: 3 decimals)."""
        return FORMATS[self._cities[self._row(i)]]

    def raw(self, i):
        """Simulate the raw spectrum of row `i`; any order, any process, always the same.

        Parameters
        ----------
        i : int
            Row in `meta`, from 0.

        Returns
        -------
        mz, intensity : ndarray of float64, shape (n_points,)
            m/z in Da, rounded to the decimals of its file format; intensity in whole counts.

        Raises
        ------
        IndexError
            If there is no row `i`.
        """
        i = self._row(i)
        city = self._cities[i]
        mz, height = self._isolate_peaks(i)
        rng = self._rng(2, i)
        height = height * np.exp(rng.normal(0, REPLICATE_SD, height.size))
        return record(mz, height, INSTRUMENTS[FORMATS[city]], OFFSETS[city], rng)

    def _isolate_peaks(self, i):
        """Peaks of the isolate behind row `i`: m/z in Da and height, the same each time it is measured."""
        isolate, clone, city = self._isolate[i], self._clones[i], CITIES.index(self._cities[i])
        rng = self._rng(1, isolate)
        planted = np.array([(p.mz, p.height) for p in PLANTED]).T
        mz = np.concatenate([self._species_mz[clone], planted[0], self._accessory_mz])
        minor = MINOR[CITIES[city]] * np.concatenate([planted[1], self._accessory_height[city]])
        height = np.concatenate([SPECIES_HEIGHT[city], minor])
        there = np.concatenate(
            [
                rng.random(SPECIES_HEIGHT.shape[1]) >= DROPOUT,
                self._carries[isolate],
                rng.random(self._accessory_mz.size) < self._accessory_share[clone],
            ]
        )
        height = height * np.exp(rng.normal(0, ISOLATE_SD, height.size))
        return mz[there], height[there]

    def _rng(self, *key):
        """Independent random stream number `key` of this seed."""
        return np.random.default_rng(np.random.SeedSequence(self.seed, spawn_key=key))

    def _row(self, i):
        if not is_whole(i, 0, self.n_spectra - 1):
            raise IndexError(f"i is a row from 0 to {self.n_spectra - 1}, not {i!r}")
        return int(i)
