"""The embedded data set: simulated raw spectra, through the same preprocessing as real ones."""

import io
import tarfile
from functools import partial
from pathlib import Path

import numpy as np

from .. import preprocessing
from ..arguments import choice
from ..simulation import Simulation
from ..writing import replacing
from .assembly import make_dataset
from .cache import cache_key, cached
from .matrix import build_matrix, check_options, unusable
from .registry import SIMULATED

#: How the two kinds of instrument software write a spectrum: header, line, line ending.
_FORMATS = {"A": ("", "%.3f %d", "\n"), "R": ("# m/z   \tintensity \n", "%.6f  \t%.6f", "\n")}


def load_simulated(
    antibiotic="Amikacin",
    *,
    n_spectra=SIMULATED.n_spectra,
    seed=0,
    scenario="twin",
    world=0,
    intermediate="drop",
    bin_width=preprocessing.BIN_WIDTH,
    align=False,
    cache_dir=None,
    rebuild=False,
    n_jobs=None,
    on_error="raise",
    verbose=False,
):
    """Load simulated spectra: a statistical twin of MALDI-Kleb-AI, whose resistance peaks are known.

    It needs no network: raw spectra are drawn, binned by the same preprocessing as real ones, and cached. Same shape,
    cities and counts as the real set, and the same trouble: cities differ in calibration, noise and resistance, and
    resistance is partly local. What is learnt from it about a method holds for this simulation; what it says of
    *Klebsiella* is invented.

    Parameters
    ----------
    antibiotic : {"Amikacin", "Meropenem"}
        Which label `binary_labels` takes by default; both are in ``meta``.
    n_spectra : int
        743 gives the real set's counts exactly; other numbers scale them.
    seed : int
        The same seed gives the same spectra.
    scenario : str, Scenario or mapping
        What differs between the hospitals: a name in `simulation.SCENARIOS`, a `simulation.Scenario`, or a mapping of
        its parameters.
    world : int
        Other whole numbers from 0 on, of any size, put the resistance peaks elsewhere.
    intermediate : {"drop", "R", "S"}
        What `binary_labels` makes of I, of which these spectra have none.
    bin_width : float
        Width of a bin in Da.
    align : bool, str or array_like
        Recalibrate each spectrum to housekeeping peaks before binning, as in `load_spectra`. Its masses are those that
        the simulation draws, so that alignment looks better here than it will anywhere else.
    cache_dir : path-like, optional
        By default $MALDINB_CACHE_DIR, else the system's place for caches.
    rebuild : bool
        Simulate the spectra again, whatever the cache holds.
    n_jobs : int, optional
        Threads for the first load; by default as many as there are cores to use.
    on_error : {"raise", "skip"}
        Whether spectra that show too few peaks to be aligned stop the loading, or are left out and listed in
        ``info["left_out"]``. Without `align`, there are none.
    verbose : bool
        Show progress.

    Returns
    -------
    SpectraDataset
        ``meta`` also has Isolate (repeats share it) and Clone. ``info["planted"]`` is a DataFrame of the planted
        resistance peaks, and ``info["simulation"]`` a dict of what the spectra were drawn from: the known truth.

    Raises
    ------
    ValueError
        If an argument is out of range, or there is no such scenario.
    DatasetError
        Names the spectra that cannot be aligned.

    Examples
    --------
    >>> data = load_simulated("Amikacin", n_spectra=24)
    >>> data
    SpectraDataset('simulated': 24 spectra x 6000 bins, batch: City, species: Species, isolate: Isolate)
    >>> data.info["planted"].loc[0, ["mz", "antibiotic", "effect", "note"]].to_dict()
    {'mz': 3224.0, 'antibiotic': 'Amikacin', 'effect': 'up', 'note': 'invented'}
    >>> load_simulated(n_spectra=24, scenario="shared biology").info["planted"].loc[0, "cities"]
    'Rome;Milan;Catania'
    """
    choice(antibiotic, "antibiotic", SIMULATED.antibiotics)
    _, align = check_options(intermediate, on_error, bin_width, align)
    simulation = Simulation(n_spectra, seed, scenario=scenario, world=world)

    def build():
        rows = [(one, partial(simulation.raw, i)) for i, one in enumerate(simulation.meta.index)]
        matrix, good, errors = build_matrix(rows, bin_width, align=align, n_jobs=n_jobs, verbose=verbose)
        meta = simulation.meta.iloc[good].rename(columns={"City": "Batch"})
        return matrix, meta, {one: str(error) for one, error in errors.items()}

    key = cache_key(**simulation.arguments, bin_width=float(bin_width), align=align)
    matrix, meta, left_out = cached(SIMULATED.name, key, build, cache_dir=cache_dir, rebuild=rebuild)
    if left_out and on_error == "raise":
        raise unusable(left_out, len(simulation))
    return make_dataset(
        matrix, meta, name=SIMULATED.title, antibiotic=antibiotic, antibiotics=SIMULATED.antibiotics,
        intermediate=intermediate, bin_width=bin_width, align=align, left_out=left_out,
        columns={"ID": None, "Batch": "City", "Species": "Species", "Isolate": "Isolate"}, record=SIMULATED,
        simulation=simulation.arguments, planted=simulation.planted,
    )  # fmt: skip


def write_simulated_archive(path, *, n_spectra=SIMULATED.n_spectra, seed=0, scenario="twin", world=0):
    """Write simulated raw spectra as a tar archive laid out like the one on Zenodo.

    A teacher can hand it round, and loaders can be tried on it; 743 spectra take about 370 MB. Loading it gives the
    same matrix as `load_simulated`.

    Parameters
    ----------
    path : path-like
        File to write; it appears when it is complete.
    n_spectra, seed, scenario, world
        As in `load_simulated`.

    Returns
    -------
    Path

    Raises
    ------
    ValueError
        If an argument is out of range, or there is no such scenario.

    Examples
    --------
    >>> import tempfile
    >>> from maldinb import load_spectra
    >>> archive = write_simulated_archive(Path(tempfile.mkdtemp()) / "practice.tar", n_spectra=12)
    >>> load_spectra(archive, label="Amikacin")
    SpectraDataset('practice.tar': 12 spectra x 6000 bins, batch: City, species: Species, isolate: not known)
    """
    path = Path(path).expanduser()
    simulation = Simulation(n_spectra, seed, scenario=scenario, world=world)
    table = simulation.meta.reset_index()[["ID", *SIMULATED.antibiotics, "Species", "City"]]
    with replacing(path) as file, tarfile.open(fileobj=file, mode="w") as tar:
        _add(tar, "metadata.csv", table.to_csv(index=False).encode())
        for i, identifier in enumerate(simulation.meta.index):
            _add(tar, f"spectra/{identifier}.txt", spectrum_text(*simulation.raw(i), simulation.file_format(i)))
    return path


def spectrum_text(mz, intensity, file_format):
    """The bytes of a text file in format "A" or "R".

    Parameters
    ----------
    mz, intensity : ndarray, shape (n_points,)
        In Da and counts.
    file_format : {"A", "R"}
        A: blank between the columns, 3 decimals, no header; R: tab, 6 decimals, a header line.

    Returns
    -------
    bytes
    """
    header, line, end = _FORMATS[file_format]
    template = (line + end) * len(mz)
    return (header + template % tuple(np.column_stack([mz, intensity]).ravel())).encode()


def _add(tar, name, data):
    member = tarfile.TarInfo(name)
    member.size = len(data)
    tar.addfile(member, io.BytesIO(data))
