"""The truth behind a seal: labels abroad, and where peaks were planted."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from .key import Key

DESIGN, SPECTRA, ANSWER = "challenge.json", "spectra.zip", "answer"
TOLERANCE = 12.0  # Da, as everywhere in the course: about what 1000 ppm and a bin make at the end of the range


@dataclass(frozen=True, eq=False)
class Truth:
    """What the students do not know.

    Attributes
    ----------
    key : Key
    labels : Series of {0, 1}
        1 for R; of the spectra abroad, indexed by ID; NaN where the isolate was not tested.
    isolate : Series of str
        Of the same spectra.
    peaks : ndarray, shape (n_peaks,)
        Planted for the antibiotic, in Da, rising.
    at_home : ndarray of bool, shape (n_peaks,)
        Whether a peak has to do with resistance in a hospital whose labels the students have.
    other_peaks : ndarray
        Planted for another antibiotic only.
    homes : tuple of str
        The hospitals whose labels the students have.
    ids_at_home : tuple of str
        Their spectra.
    """

    key: Key
    labels: pd.Series
    isolate: pd.Series
    peaks: np.ndarray
    at_home: np.ndarray
    other_peaks: np.ndarray
    homes: tuple
    ids_at_home: tuple


def truth_of(key):
    """What is true in the world of a key.

    Parameters
    ----------
    key : Key

    Returns
    -------
    Truth

    Raises
    ------
    ValueError
        If this version of the package draws another world.
    """
    simulation = key.simulation()
    meta, planted = simulation.meta, simulation.planted
    abroad = meta["City"] == key.abroad
    mine = planted[planted["antibiotic"] == key.antibiotic].sort_values("mz")
    homes = tuple(sorted(set(meta["City"]) - {key.abroad}))
    return Truth(
        key,
        meta.loc[abroad, key.antibiotic].map({"R": 1.0, "S": 0.0}),
        meta.loc[abroad, "Isolate"],
        mine["mz"].to_numpy(float),
        np.array([bool(set(homes) & set(cities.split(";"))) for cities in mine["cities"]], bool),
        np.sort(planted.loc[~planted["mz"].isin(mine["mz"]), "mz"].unique()),
        homes,
        tuple(meta.index[~abroad]),
    )


def open_challenge(folder, key_file):
    """Check the seal of a challenge, and draw its world again.

    Parameters
    ----------
    folder : path-like
        The students' folder, or any that has its ``challenge.json``.
    key_file : path-like

    Returns
    -------
    Truth

    Raises
    ------
    ValueError
        If there is no challenge, the key is none or that of another challenge, or this version of the package draws
        another world from it.
    OSError
        If the key cannot be read.

    Examples
    --------
    >>> import tempfile
    >>> from maldinb.challenge import new_challenge
    >>> folder = Path(tempfile.mkdtemp()) / "blind"
    >>> key_file = new_challenge(folder, n_spectra=24)
    >>> len(open_challenge(folder, key_file).labels)
    16
    """
    seal = read_design(folder)["seal"]
    key = Key.read(key_file)
    if key.seal != seal:
        raise ValueError(
            f"{key_file} does not fit the seal in {Path(folder) / DESIGN}: it is the key of another challenge, or one "
            "of the two was changed"
        )
    return truth_of(key)


def read_design(folder):
    """What students know of a challenge.

    Parameters
    ----------
    folder : path-like

    Returns
    -------
    dict
        antibiotic, abroad, n_spectra, tolerance and seal.

    Raises
    ------
    ValueError
        If there is none.
    """
    path = Path(folder).expanduser() / DESIGN
    try:
        design = json.loads(path.read_text("utf-8"))
        if isinstance(design["seal"], str):
            return design
    except (OSError, ValueError, KeyError, TypeError):
        pass
    raise ValueError(f"{path} is not there, or not as maldinb challenge new has written it; name the students' folder")
