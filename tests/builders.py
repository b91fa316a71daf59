"""Small spectra, folders and archives to load."""

import io
import tarfile
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

MZ = np.round(np.arange(44.7, 141.5, 0.012) ** 2, 3)


def make_spectrum(seed=0):
    """A small raw spectrum: one peak on a baseline, in counts."""
    rng = np.random.default_rng(seed)
    return MZ, rng.poisson(5 + 500 * np.exp(-(((MZ - 4365 - 100 * seed) / 40) ** 2))).astype(float)


def as_text(mz, y, template="{:.3f} {:.0f}", header="", end="\n"):
    """Write a spectrum as text; the template shows separator and decimals."""
    return (header + end.join([*map(template.format, np.asarray(mz).tolist(), np.asarray(y).tolist()), ""])).encode()


TABLE = """\
ID,Amikacin,Meropenem,Species,City
a1,R,S,Klebsiella pneumoniae,Rome
a2,S,,Klebsiella oxytoca,Milan
a3,,R,Klebsiella pneumoniae,Rome
"""


def files_of(n=3, table=TABLE):
    """Name -> bytes of a data set in the layout of the Zenodo archive."""
    spectra = {f"spectra/a{i}.txt": as_text(*make_spectrum(i)) for i in range(1, n + 1)}
    return {"metadata.csv": table.encode(), **spectra}


def write_folder(folder, files):
    for name, data in files.items():
        path = Path(folder) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return Path(folder)


def write_tar(path, files, mode="w", members=()):
    """Write an archive; `members` are further TarInfo objects without content."""
    with tarfile.open(path, mode) as tar:
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
        for member in members:
            tar.addfile(member)
    return Path(path)


def write_zip(path, files, method=zipfile.ZIP_STORED):
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return Path(path)


@pytest.fixture
def folder(tmp_path):
    """Three spectra and their metadata in a folder."""
    return write_folder(tmp_path / "mine", files_of())


@pytest.fixture
def archive(tmp_path):
    """The same as a tar archive."""
    return write_tar(tmp_path / "mine.tar", files_of())


@pytest.fixture
def cache_dir(tmp_path, monkeypatch):
    """An empty cache of this test's own."""
    monkeypatch.setenv("MALDINB_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


def assert_same_matrix(one, other, rtol=0.0):
    """`pandas.testing.assert_frame_equal` goes through thousands of columns one by one, and takes a second."""
    for axis in ("index", "columns"):
        pd.testing.assert_index_equal(getattr(one, axis), getattr(other, axis))
    assert one.dtypes.equals(other.dtypes)
    np.testing.assert_allclose(one, other, rtol)
