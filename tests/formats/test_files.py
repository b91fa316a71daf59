"""Folders are walked once, whole, and in order; what is packed is unpacked only so far."""

import gzip
import os

import pytest
from builders import write_folder, write_tar

from maldinb import DatasetError
from maldinb.formats import files, open_source, packed
from maldinb.preprocessing import SpectrumError


def test_a_folder_that_leads_back_into_itself_is_walked_once(tmp_path):
    folder = write_folder(tmp_path / "x", {"deep/a1.mzML": b"", "a2.txt": b"2000 1"})
    (folder / "deep" / "up").symlink_to(folder)
    assert files.files_in(folder).names == ["a2.txt", "deep/a1.mzML"]


def test_a_folder_that_may_not_be_looked_into_is_named(tmp_path, monkeypatch):
    folder = write_folder(tmp_path / "x", {"deep/a1.mzML": b"", "a2.txt": b"2000 1"})
    look = os.scandir

    def closed(path):
        if str(path).endswith("deep"):
            raise PermissionError(13, "Permission denied", str(path))
        return look(path)

    monkeypatch.setattr(os, "scandir", closed)
    with pytest.raises(DatasetError, match="cannot look into .*deep: Permission denied"):
        files.files_in(folder)


def test_beside_a_folder_of_spectra_nothing_is_walked(tmp_path):
    folder = write_folder(tmp_path / "x", {"spectra/a1.txt": b"", "other/a2.mzML": b"", "metadata.csv": b"ID"})
    assert files.files_in(folder).names == ["metadata.csv", "spectra/a1.txt"]


def test_a_tar_that_holds_a_member_twice_is_refused(tmp_path):
    path = write_tar(tmp_path / "x.tar", {"spectra/a1.txt": b"2000 1"})
    write_tar(path, {"spectra/a1.txt": b"2000 2"}, "a")
    with pytest.raises(DatasetError, match="two spectra for one ID: .*a1.txt and .*a1.txt"):
        open_source(path)


def test_gzip_is_unpacked_only_so_far(monkeypatch):
    monkeypatch.setattr(packed, "LARGEST", 2**20)
    assert packed.gunzip(gzip.compress(bytes(2**20))) == bytes(2**20)
    with pytest.raises(SpectrumError, match="unpacks to more than 1 MiB"):
        packed.gunzip(gzip.compress(bytes(2**20 + 1)))
