"""What differs between the hospitals of a simulation, cause by cause, and scenarios that have a name."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace

import pandas as pd

from ..arguments import choice, fraction, is_real, listed, positive, real, whole
from .species import CITIES

#: What differs between the hospitals of the twin.
CAUSES = ("calibration", "prevalence", "biology", "instrument", "heights", "clones")
SWITCHES = ("instrument", "clones")  # either as in the twin or the same everywhere
MOST_HOSPITALS = 8  # the m/z range has room for the resistance peaks of so many
MOST_PPM = 20_000.0


def hospital_names(n_hospitals):
    """Names of the hospitals of a scenario: the cities of the real set, then "Hospital 4" and so on."""
    return (*CITIES, *(f"Hospital {k}" for k in range(4, n_hospitals + 1)))[:n_hospitals]


@dataclass(frozen=True)
class Scenario:
    """How the hospitals of a simulation differ: 1 is as in the real set, and 0 the same everywhere.

    Parameters
    ----------
    calibration : float, default 1
        Times the error of each laboratory's m/z (Rome 1000 ppm, Milan and Catania 0); 0 or more. Errors of single
        spectra stay.
    prevalence : float from 0 to 1, default 1
        Of resistance. At 0 each hospital has the shares of all real spectra together.
    biology : float from 0 to 1, default 1
        At 1 the resistance peaks are mostly local. At 0 Rome's peaks have to do with resistance in all hospitals, in
        Rome's shares of isolates, and no others do. In between each hospital has some of its own and some of Rome's.
        So a hospital's number of peaks, and how hard its isolates are to tell apart, hardly change.
    instrument : {1, 0}, default 1
        File format, noise, baseline and resolution. At 0 all are measured on the kind that Milan and Catania have.
    heights : float from 0 to 1, default 1
        Of the species' and the accessory peaks, and how well a laboratory sees what is not the species'. At 0 all have
        the mean of the three cities.
    clones : {1, 0}, default 1
        At 0 the same clones circulate everywhere, and the same ones are more often resistant.
    n_hospitals : int from 1 to 8, default 3
        Rome, Milan, Catania, and others that are invented with the world: "Hospital 4" and so on.
    repeats : bool, default True
        Whether one isolate in twelve is measured twice. Without, there are as many isolates as spectra.
    offset_ppm : mapping of str to float, optional
        Error of m/z of these hospitals in ppm, whatever `calibration` is.
    resistant : mapping of str to float, optional
        Share of R in these hospitals, of either antibiotic, whatever `prevalence` is; above 0 and below 1.
    sizes : mapping of str to float, optional
        Relative numbers of spectra of these hospitals; by default 472 in Rome, 184 in Milan, 87 in Catania.
    purpose : str, optional
        What it is good for, in a sentence.

    Raises
    ------
    ValueError
        If a value is out of range, or a hospital is not among the `n_hospitals`.

    Examples
    --------
    >>> Scenario().without("biology").name
    'shared biology'
    >>> Scenario.only("calibration", offset_ppm={"Rome": 3000.0}).differing
    ('calibration',)
    """

    calibration: float = 1.0
    prevalence: float = 1.0
    biology: float = 1.0
    instrument: float = 1.0
    heights: float = 1.0
    clones: float = 1.0
    n_hospitals: int = 3
    repeats: bool = True
    offset_ppm: Mapping = field(default_factory=dict, hash=False)
    resistant: Mapping = field(default_factory=dict, hash=False)
    sizes: Mapping = field(default_factory=dict, hash=False)
    purpose: str = field(default="", compare=False, repr=False)

    def __post_init__(self):
        checked = {cause: self._degree(cause) for cause in CAUSES}
        checked["n_hospitals"] = whole(self.n_hospitals, "n_hospitals", 1)
        if checked["n_hospitals"] > MOST_HOSPITALS:
            raise ValueError(f"n_hospitals is at most {MOST_HOSPITALS}, not {self.n_hospitals!r}")
        choice(self.repeats, "repeats", (True, False))
        there = hospital_names(checked["n_hospitals"])
        checked["offset_ppm"] = self._per_hospital(
            "offset_ppm", there, lambda value, name: real(value, name, -MOST_PPM, MOST_PPM, what="an error in ppm")
        )
        checked["resistant"] = self._per_hospital("resistant", there, fraction)
        checked["sizes"] = self._per_hospital("sizes", there, positive)
        for name, value in checked.items():
            object.__setattr__(self, name, value)

    def _degree(self, cause):
        value = getattr(self, cause)
        if cause in SWITCHES and not (is_real(value) and value in (0, 1)):
            raise ValueError(f"{cause} is 1 (as in the real set) or 0 (the same everywhere), not {value!r}")
        return real(value, cause, 0, 20 if cause == "calibration" else 1)

    def _per_hospital(self, name, there, check):
        """A mapping of hospitals, checked; a plain copy, that no caller can change."""
        given = getattr(self, name)
        if not isinstance(given, Mapping):
            raise ValueError(f'{name} is a mapping such as {{"Rome": ...}}, not {given!r}')
        if strange := [hospital for hospital in given if hospital not in there]:
            raise ValueError(
                f"{name} names {listed(strange)}; with n_hospitals={self.n_hospitals} there are {listed(there, most=8)}"
            )
        return {hospital: check(given[hospital], f"{name}[{hospital!r}]") for hospital in there if hospital in given}

    @property
    def name(self):
        """What this scenario is called in `SCENARIOS`, or None."""
        return next((name for name, scenario in SCENARIOS.items() if scenario == self), None)

    @property
    def differing(self):
        """The causes that differ between hospitals, a tuple of str."""
        given = {"calibration": any(self.offset_ppm.values()), "prevalence": len(set(self.resistant.values())) > 1}
        return tuple(cause for cause in CAUSES if getattr(self, cause) or given.get(cause))

    def without(self, *causes):
        """The same scenario with these causes switched off.

        Parameters
        ----------
        *causes : str
            Of `CAUSES`. What was given for single hospitals (`offset_ppm`, `resistant`) goes with its cause.

        Returns
        -------
        Scenario

        Raises
        ------
        ValueError
            If there is no such cause.

        Examples
        --------
        >>> Scenario().without("biology", "clones").differing
        ('calibration', 'prevalence', 'instrument', 'heights')
        """
        for cause in causes:
            choice(cause, "cause", CAUSES)
        gone = dict.fromkeys(causes, 0.0)
        gone |= {given: {} for cause, given in PER_HOSPITAL.items() if cause in causes}
        return replace(self, **gone, purpose="")

    @classmethod
    def only(cls, *causes, **changes):
        """A scenario in which nothing differs but these causes.

        Parameters
        ----------
        *causes : str
            Of `CAUSES`; they are as in the real set.
        **changes
            Other parameters of the scenario.

        Returns
        -------
        Scenario

        Raises
        ------
        ValueError
            If there is no such cause, or a value is out of range.

        Examples
        --------
        >>> Scenario.only("prevalence", n_hospitals=2).differing
        ('prevalence',)
        """
        for cause in causes:
            choice(cause, "cause", CAUSES)
        return cls(**{cause: float(cause in causes) for cause in CAUSES} | changes)

    def as_dict(self):
        """The scenario as plain values, as `info` holds it and `as_scenario` reads it.

        Returns
        -------
        dict
            The parameters without `purpose`, and first the name, where there is one.

        Examples
        --------
        >>> as_scenario(Scenario().as_dict()) == Scenario()
        True
        """
        plain = asdict(self)
        del plain["purpose"]
        return ({"name": self.name} if self.name else {}) | plain


#: The parameter of single hospitals that overrules a cause.
PER_HOSPITAL = {"calibration": "offset_ppm", "prevalence": "resistant"}

#: Scenarios with a name. Each says what it is good for.
SCENARIOS = {
    "twin": Scenario(purpose="As in the real set: everything differs between the cities."),
    "shared biology": Scenario(
        biology=0.0,
        purpose="Rome's resistance peaks in all cities. Does a model travel that has something to take along?",
    ),
    "same instrument": Scenario(
        calibration=0.0,
        instrument=0.0,
        heights=0.0,
        purpose="One laboratory measures all isolates: what still differs is bacteria and patients.",
    ),
    "only biology": Scenario.only(
        "biology", purpose="Local resistance peaks and nothing else: a fall that no correction of spectra can cure."
    ),
    "only prevalence": Scenario.only(
        "prevalence", purpose="Other shares of resistance and nothing else: the order travels, probabilities do not."
    ),
    "shift only": Scenario.only(
        "calibration",
        offset_ppm={"Rome": 3000.0},
        purpose="Rome reads 3000 ppm high and nothing else differs: a fall that alignment cures.",
    ),
    "no difference": Scenario.only(purpose="All hospitals are one: the best that any cure could reach."),
    "six hospitals": Scenario(
        n_hospitals=6, purpose="The twin and three invented hospitals: more than three to be left out."
    ),
}


def as_scenario(scenario):
    """A scenario by its name, or as it is.

    Parameters
    ----------
    scenario : str, Scenario or mapping
        A name in `SCENARIOS`; a scenario; or a mapping of its parameters, such as `Scenario.as_dict` returns.

    Returns
    -------
    Scenario

    Raises
    ------
    ValueError
        If it is none of these, or the mapping has a key that is no parameter of a scenario.

    Examples
    --------
    >>> as_scenario("no difference").differing
    ()
    """
    if isinstance(scenario, Scenario):
        return scenario
    if isinstance(scenario, Mapping):
        given = {name: value for name, value in scenario.items() if name != "name"}
        known = [one.name for one in fields(Scenario)]
        if strange := [name for name in given if name not in known]:
            raise ValueError(f"scenario has no parameter {listed(strange)}; there are {listed(known, most=len(known))}")
        return Scenario(**given)
    if isinstance(scenario, str) and scenario in SCENARIOS:
        return SCENARIOS[scenario]
    raise ValueError(f"scenario is a Scenario or one of {', '.join(map(repr, SCENARIOS))}, not {scenario!r}")


def scenario_table():
    """The scenarios that have a name, and what differs between their hospitals.

    Returns
    -------
    DataFrame
        Index scenario; columns purpose, n_hospitals, and one of bool for each of `CAUSES`.

    Examples
    --------
    >>> scenario_table().loc["only biology", ["calibration", "biology"]].to_dict()
    {'calibration': False, 'biology': True}
    """
    rows = {
        name: {"purpose": scenario.purpose, "n_hospitals": scenario.n_hospitals}
        | {cause: cause in scenario.differing for cause in CAUSES}
        for name, scenario in SCENARIOS.items()
    }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("scenario")
