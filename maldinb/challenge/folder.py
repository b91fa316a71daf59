"""Draw a world, and write down what students may know of it."""

import json
import os
import secrets
import zipfile
from pathlib import Path
from string import Template

from tqdm.auto import tqdm

from .. import __version__
from ..arguments import choice
from ..datasets.registry import SIMULATED
from ..datasets.simulated import spectrum_text
from ..writing import new_folder
from .claims import CLAIM, METHOD, TEMPLATE
from .handed_in import PEAKS, PROBABILITIES
from .key import Key
from .truth import ANSWER, DESIGN, SPECTRA, TOLERANCE, truth_of

#: One of these is drawn if no scenario is named: what is learned at home helps abroad in the one, and not in the other.
DRAWN = ("twin", "shared biology")
_TEMPLATES = Path(__file__).parent / "templates"
_LEAST = 2  # isolates of each label, abroad and at home


def new_challenge(
    folder, key_file=None, *, antibiotic="Amikacin", scenario=None, n_spectra=SIMULATED.n_spectra, abroad="Rome",
    verbose=False,
):  # fmt: skip
    """Draw a sealed world, and write a folder for students and a key for the teacher.

    Parameters
    ----------
    folder : path-like
        A new folder, to be handed out: README.md, ``spectra.zip``, which all loaders and notebooks read, forms in
        ``answer``, and ``challenge.json`` with the seal. About 0.16 MB a spectrum.
    key_file : path-like, optional
        A new file outside of it, which only its owner can read; by default beside the folder, as ``FOLDER-key.json``.
    antibiotic : {"Amikacin", "Meropenem"}
    scenario : str, optional
        What differs between the hospitals, see `maldinb.simulation.SCENARIOS`. By default "twin" or "shared biology",
        drawn, so that nobody knows whether a model can work abroad at all.
    n_spectra : int
        Of all hospitals together.
    abroad : str
        The hospital without labels. Rome has the most spectra, and so the narrowest interval.
    verbose : bool
        Show a progress bar.

    Returns
    -------
    Path
        The key's file.

    Raises
    ------
    ValueError
        If an argument is out of range, or there would be fewer than two R or S abroad or at home.
    FileExistsError, FileNotFoundError
        If something is there already, or the folder around it is not. Nothing has been written then.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp()) / "blind"
    >>> new_challenge(folder, n_spectra=24).name
    'blind-key.json'
    >>> sorted(path.name for path in folder.iterdir())
    ['README.md', 'answer', 'challenge.json', 'spectra.zip']
    """
    folder = Path(folder).expanduser().absolute()
    key_file = Path(key_file or folder.with_name(f"{folder.name}-key.json")).expanduser().absolute()
    if folder == key_file or folder in key_file.parents:
        raise ValueError(f"the key must not lie in the folder that students get; name another place than {key_file}")
    if key_file.exists():
        raise FileExistsError(f"{key_file} is there already; name another file for the key, or move that one away")
    choice(antibiotic, "antibiotic", SIMULATED.antibiotics)
    key = Key.draw(secrets.choice(DRAWN) if scenario is None else scenario, antibiotic, abroad, n_spectra)
    simulation = key.simulation()
    choice(abroad, "abroad", simulation.meta["City"].unique().tolist())
    _refuse_few(simulation.meta, key)
    with new_folder(folder) as draft:
        _write_forms(draft, key, truth_of(key))
        _write_spectra(draft / SPECTRA, simulation, key, verbose)
        with open(os.open(key_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(key.text)
    return key_file


def _refuse_few(meta, key):
    """Without some R and S on both sides there is nothing to learn, or nothing to mark."""
    for there, where in ((meta["City"] == key.abroad, f"in {key.abroad}"), (meta["City"] != key.abroad, "elsewhere")):
        for label in "RS":
            n = meta.loc[there & (meta[key.antibiotic] == label), "Isolate"].nunique()
            if n < _LEAST:
                raise ValueError(
                    f"n_spectra={key.n_spectra} makes {n} isolates {label} {where}, too few to be marked; take more "
                    "spectra, or another hospital as the one abroad"
                )


def _write_forms(draft, key, truth):
    """All that is text."""
    design = {
        "antibiotic": key.antibiotic,
        "abroad": key.abroad,
        "n_spectra": key.n_spectra,
        "tolerance": TOLERANCE,
        "seal": key.seal,
        "made by": f"maldinb {__version__}",
    }
    (draft / DESIGN).write_text(json.dumps(design, indent=2) + "\n", "utf-8")
    readme = Template((_TEMPLATES / "README.md").read_text("utf-8"))
    words = {"homes": ", ".join(truth.homes), "tolerance": f"{TOLERANCE:g}"}
    (draft / "README.md").write_text(readme.substitute(design | words), "utf-8")
    forms = draft / ANSWER
    forms.mkdir()
    ids = "".join(f"{one},\n" for one in truth.labels.index)
    files = {CLAIM: TEMPLATE, PEAKS: "m/z\n", PROBABILITIES: f"ID,P(R)\n{ids}"}
    files[METHOD] = (_TEMPLATES / METHOD).read_text("utf-8")
    for name, text in files.items():
        (forms / name).write_text(text, "utf-8")


def _write_spectra(path, simulation, key, verbose):
    """Spectra, and a table that says nothing of the hospital abroad but its name."""
    table = simulation.meta[[key.antibiotic, "City", "Isolate", "Species"]].rename(columns={"City": "Hospital"})
    table[key.antibiotic] = table[key.antibiotic].mask(table["Hospital"] == key.abroad)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        _add(archive, "metadata.csv", table.to_csv(lineterminator="\n").encode())
        rows = enumerate(simulation.meta.index)
        for i, identifier in tqdm(rows, total=len(simulation), desc="spectra", unit="", disable=not verbose):
            _add(archive, f"spectra/{identifier}.txt", spectrum_text(*simulation.raw(i), simulation.file_format(i)))


def _add(archive, name, data):
    """Add a file without a time, which is of no use and would differ each time."""
    member = zipfile.ZipInfo(name)
    member.external_attr = 0o644 << 16
    # Of text of spectra, the usual level of 6 makes files 5 % smaller and takes nearly three times as long.
    archive.writestr(member, data, zipfile.ZIP_DEFLATED, compresslevel=4)
