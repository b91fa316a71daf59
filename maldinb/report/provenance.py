"""What it takes to get the same report again: versions, parameters, hashes, seed."""

import hashlib
import platform
from importlib.metadata import version

import numpy as np

from ..fingerprint import code_hash

PACKAGES = ("numpy", "scipy", "pandas", "scikit-learn", "torch", "joblib", "matplotlib")
_CODE = (
    "simulation", "preprocessing", "formats", "datasets", "quality", "evaluation", "network", "interpretation",
    "ablation", "report",
)  # fmt: skip


def provenance(data, parameters, created):
    """Where a report comes from, as plain values (JSON).

    Parameters
    ----------
    data : SpectraDataset
    parameters : dict
        Arguments of `write_report`.
    created : datetime

    Returns
    -------
    dict
        No path of the machine is among them.
    """
    from .. import __version__

    info = data.info
    return {
        "made by": "maldinb.report",
        "created": created.isoformat(timespec="seconds"),
        "data": {
            "name": info.get("name"),
            "antibiotic": info.get("antibiotic"),
            "intermediate": info.get("intermediate", "drop"),
            "spectra": len(data.X),
            "bins": data.X.shape[1],
            "doi": info.get("doi"),
            "preprocessing": _plain(info.get("preprocessing") or {}),
            "simulation": _plain(info.get("simulation")),
        },
        "parameters": parameters,
        "versions": {"maldinb": __version__, "Python": platform.python_version()}
        | {name: version(name) for name in PACKAGES},
        "machine": f"{platform.system()} {platform.machine()}",
        "hashes": {"archive (MD5)": info.get("md5")} | hashes(data) | {"code of maldinb": code_hash(*_CODE)},
    }


def hashes(data):
    """SHA-256 of the matrix, and of the table beside it."""
    matrix = np.ascontiguousarray(data.X.to_numpy(), dtype="<f8")
    table = data.meta.to_csv(lineterminator="\n").encode()
    return {
        "matrix (SHA-256)": hashlib.sha256(matrix).hexdigest(),
        "metadata (SHA-256)": hashlib.sha256(table).hexdigest(),
    }


def file_hash(path):
    """SHA-256 of a file.

    Parameters
    ----------
    path : str or path-like

    Returns
    -------
    str

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.NamedTemporaryFile() as empty:
    ...     file_hash(empty.name)[:12]
    'e3b0c44298fc'
    """
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _plain(value):
    """Numbers of NumPy, tuples and the like as what JSON knows."""
    if isinstance(value, dict):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    if isinstance(value, np.generic):
        return value.item()
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)
