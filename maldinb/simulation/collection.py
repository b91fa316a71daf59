"""A collection of simulated spectra: who is in it, and the raw spectrum of each, drawn on demand."""

import numpy as np
import pandas as pd

from ..arguments import is_whole, real, whole
from .causes import hospitals_in, planted_in
from .instrument import INSTRUMENTS, MZ_END, MZ_START, draw_conditions, miscalibration, record
from .population import draw_population
from .scenario import as_scenario
from .species import SPECIES_MZ
from .world import make_world

N_MIN, N_MIN_PER_HOSPITAL = 12, 4

ISOLATE_SD, REPLICATE_SD = 0.57, 0.28  # of a peak's log-height
DROPOUT = 0.03  # share of isolates in which a species peak is missing


class Simulation:
    """A collection of raw spectra, drawn from its arguments alone.

    Parameters
    ----------
    n_spectra : int, default 743
        At least 12, and 4 for each hospital. The real set has 743; other numbers scale all counts in proportion.
    seed : int, default 0
        Not negative. Other seeds draw other isolates from the same hospitals: the peaks stay what they are.
    scenario : str, Scenario or mapping, default "twin"
        What differs between the hospitals: a name in `SCENARIOS`, a `Scenario`, or a mapping of its parameters.
    world : int, default 0
        Not negative, of any size. Other worlds have other resistance peaks and other accessory peaks, with the same
        make-up: as many for each city and antibiotic, as high, in as many isolates.

    Attributes
    ----------
    scenario : Scenario
    meta : DataFrame, shape (n_spectra, 6)
        City, Species, Amikacin, Meropenem ('R', 'S' or missing), Isolate, Clone; index ID. Isolates may be repeated.
    planted : DataFrame
        The resistance peaks, one row per peak and antibiotic: mz (Da, true position), antibiotic, effect ('up': more
        frequent in R, 'down': lost in R), cities (where it has to do with resistance, joined by ';'), share_S, share_R
        (of isolates there), note. It follows `scenario` and `world`.

    Raises
    ------
    ValueError
        If an argument is out of range, or there is no such scenario.

    Examples
    --------
    >>> sim = Simulation(n_spectra=30)
    >>> mz, intensity = sim.raw(0)
    """

    def __init__(self, n_spectra=743, seed=0, *, scenario="twin", world=0):
        self.scenario, self.world = as_scenario(scenario), whole(world, "world", 0)
        self.n_spectra = whole(n_spectra, "n_spectra", max(N_MIN, N_MIN_PER_HOSPITAL * self.scenario.n_hospitals))
        self.seed = whole(seed, "seed", 0)
        made = make_world(self.world, self.scenario.n_hospitals)
        hospitals = hospitals_in(self.scenario, made)
        self._planted = planted_in(self.scenario, made)
        self.meta, self._isolate, self._carries = draw_population(
            hospitals, self._planted, self.n_spectra, self.scenario.repeats, self._rng(0, self.n_spectra)
        )
        named = {hospital.name: hospital for hospital in hospitals}
        self._hospitals = [named[name] for name in self.meta["City"]]
        self._clones = self.meta["Clone"].tolist()
        self._made = made

    def __len__(self):
        return self.n_spectra

    def __repr__(self):
        scenario = "" if self.scenario.name == "twin" else f", scenario={self.scenario.name or self.scenario!r}"
        world = f", world={self.world}" if self.world else ""
        return f"Simulation(n_spectra={self.n_spectra}, seed={self.seed}{scenario}{world})"

    @property
    def arguments(self):
        """What the collection is drawn from, a dict of plain values: ``Simulation(**arguments)`` draws it again."""
        scenario = self.scenario.as_dict()
        return {"n_spectra": self.n_spectra, "seed": self.seed, "scenario": scenario, "world": self.world}

    @property
    def planted(self):
        """The resistance peaks, a fresh copy of the truth."""
        rows = [
            (p.mz, drug, p.effect, ";".join(p.cities), p.share_s, p.share_r, p.note)
            for p in self._planted
            if p.cities
            for drug in p.antibiotics
        ]
        names = ["mz", "antibiotic", "effect", "cities", "share_S", "share_R", "note"]
        return pd.DataFrame(rows, columns=names).sort_values(["antibiotic", "mz"], ignore_index=True)

    def file_format(self, i):
        """Format of spectrum `i` as a file: 'R' (Rome's instrument: 6 decimals) or 'A' (the others': 3 decimals)."""
        return self._hospitals[self._row(i)].file_format

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
        return record(*self._measured(i))

    def calibration(self, i, mz=5000.0):
        """The true error of m/z in spectrum `i`, which an alignment should find.

        Parameters
        ----------
        i : int
            Row in `meta`, from 0.
        mz : float, default 5000
            In Da. The error is a straight line over m/z.

        Returns
        -------
        float
            In ppm of m/z, positive where the spectrum reads too high: that of the laboratory and of this spectrum.
            Single peaks are off by some 65 ppm besides.

        Raises
        ------
        IndexError
            If there is no row `i`.
        ValueError
            If `mz` is not within 2000 to 20000 Da.

        Examples
        --------
        >>> sim = Simulation(n_spectra=12, scenario="no difference")
        >>> round(sim.calibration(0)), round(sim.calibration(0, mz=9000))
        (-1, 33)
        """
        _, _, _, conditions, _ = self._measured(i)
        return float(miscalibration(conditions, real(mz, "mz", MZ_START, MZ_END, what="m/z in Da")))

    def _measured(self, i):
        """What `record` makes spectrum `i` of: m/z and heights of the peaks, instrument, conditions, random numbers."""
        i = self._row(i)
        hospital = self._hospitals[i]
        instrument = INSTRUMENTS[hospital.file_format]
        mz, height = self._isolate_peaks(i)
        rng = self._rng(2, i)
        height = height * np.exp(rng.normal(0, REPLICATE_SD, height.size))
        return mz, height, instrument, draw_conditions(instrument, hospital.offset, rng), rng

    def _isolate_peaks(self, i):
        """Peaks of the isolate behind row `i`: m/z in Da and height, the same each time it is measured."""
        isolate, clone, hospital, world = self._isolate[i], self._clones[i], self._hospitals[i], self._made
        rng = self._rng(1, isolate)
        planted = np.array([(p.mz, p.height) for p in self._planted]).T
        mz = np.concatenate([world.species_mz[clone], planted[0], world.accessory_mz])
        accessory = world.accessory_height * np.exp(hospital.accessory_spread)
        minor = hospital.minor * np.concatenate([planted[1], accessory])
        height = np.concatenate([hospital.species_height, minor])
        there = np.concatenate(
            [
                rng.random(SPECIES_MZ.size) >= DROPOUT,
                self._carries[isolate],
                rng.random(world.accessory_mz.size) < world.accessory_share[clone],
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
