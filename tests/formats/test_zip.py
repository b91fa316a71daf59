"""Zip archives: read in place as the others are, and never trusted."""

import stat
import struct
import zipfile

import pytest
from builders import files_of, write_tar, write_zip

from maldinb import DatasetError
from maldinb.formats import files, open_source
from maldinb.preprocessing import SpectrumError

FILES = files_of()


def contents(source):
    spectra, metadata = open_source(source)
    return {identifier: [v.tolist() for v in read()] for identifier, _, read in spectra}, metadata[1]()


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
@pytest.mark.parametrize("wrap", ["{}", "mine/{}"])
def test_a_zip_gives_the_same_as_a_folder(tmp_path, folder, method, wrap):
    packed = write_zip(tmp_path / "x.zip", {wrap.format(k): v for k, v in FILES.items()}, method)
    before = sorted(tmp_path.rglob("*"))
    assert contents(packed) == contents(folder)
    assert sorted(tmp_path.rglob("*")) == before, "nothing is unpacked"


def test_a_zip_is_known_by_its_content(tmp_path, folder):
    assert contents(write_zip(tmp_path / "x", FILES)) == contents(folder)


def test_names_for_messages_say_where(tmp_path):
    path = write_zip(tmp_path / "x.zip", FILES)
    assert [name for _, name, _ in open_source(path)[0]] == [f"{path}:spectra/a{i}.txt" for i in (1, 2, 3)]


def member(name, mode=0):
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    return info


UNSAFE = {
    "absolute": (member("/etc/spectra/a9.txt"), "unsafe path.*'/etc/spectra/a9.txt'"),
    "upwards": (member("spectra/../../a9.txt"), "unsafe path"),
    "drive": (member("C:/spectra/a9.txt"), "unsafe path"),
    "backslash": (member("..\\a9.txt"), "unsafe path"),
    "symbolic link": (member("spectra/a9.txt", stat.S_IFLNK), "'spectra/a9.txt' is a link or device"),
    "pipe": (member("spectra/a9.txt", stat.S_IFIFO), "is a link or device"),
    "a zip": (member("more/inner.ZIP"), "'more/inner.ZIP' is an archive within the archive.*unpack it to a folder"),
    "a tar": (member("inner.tar.gz"), "'inner.tar.gz' is an archive within the archive"),
}


@pytest.mark.parametrize(("info", "message"), UNSAFE.values(), ids=UNSAFE)
def test_unsafe_archives_are_refused(tmp_path, info, message):
    path = write_zip(tmp_path / "x.zip", FILES)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(info, "2000 1")
    with pytest.raises(DatasetError, match=message):
        open_source(path)


@pytest.mark.parametrize(
    ("write", "how"), [(write_zip, zipfile.ZIP_DEFLATED), (write_tar, "w:gz")], ids=["zip", "tar.gz"]
)
def test_a_bomb_is_refused_by_what_it_announces(tmp_path, monkeypatch, write, how):
    path = write(tmp_path / "x.zip", {"spectra/a1.txt": b"2000 1\n" * 10**6}, how)
    with pytest.MonkeyPatch.context() as smaller:
        smaller.setattr(files, "LARGEST", 2**20)
        with pytest.raises(
            DatasetError, match=r"x.zip: 'spectra/a1.txt' announces 6 MiB, and no spectrum has more than 1"
        ):
            open_source(path)
    monkeypatch.setattr(files, "MOST", 2**20)
    with pytest.raises(DatasetError, match="announce 6 MiB by 'spectra/a1.txt', more than 200 times as much.*a trap"):
        open_source(path)


def test_a_member_is_never_read_beyond_what_it_announces(tmp_path):
    path = write_zip(tmp_path / "x.zip", {"spectra/a1.txt": b"2000 1\n" * 1000}, zipfile.ZIP_DEFLATED)
    data = path.read_bytes()
    path.write_bytes(data.replace(struct.pack("<L", 7000), struct.pack("<L", 70)))
    with pytest.raises(SpectrumError, match="damaged in the zip archive"):
        open_source(path)[0][0][2]()


def test_an_encrypted_archive_is_refused(tmp_path):
    path = write_zip(tmp_path / "x.zip", FILES)
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    with pytest.raises(DatasetError, match="is encrypted; unpack it to a folder"):
        open_source(path)


def test_a_damaged_member_is_a_bad_spectrum(tmp_path):
    path = write_zip(tmp_path / "x.zip", FILES)
    data = bytearray(path.read_bytes())
    data[data.index(FILES["spectra/a2.txt"]) + 9] ^= 1
    path.write_bytes(data)
    good, bad = (read for identifier, _, read in open_source(path)[0] if identifier in ("a1", "a2"))
    good()
    with pytest.raises(SpectrumError, match="damaged in the zip archive .*CRC"):
        bad()


@pytest.mark.parametrize("kept", [0.02, 0.5, 0.99])
def test_a_truncated_archive_is_refused(tmp_path, kept):
    path = write_zip(tmp_path / "x.zip", FILES)
    data = path.read_bytes()
    path.write_bytes(data[: int(kept * len(data))])
    with pytest.raises(DatasetError, match=r"x\.zip is not a complete zip archive"):
        open_source(path)


def test_two_members_of_one_name_are_refused(tmp_path):
    path = write_zip(tmp_path / "x.zip", FILES)
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("spectra/a1.txt", "2000 1")
    with pytest.raises(DatasetError, match="'spectra/a1.txt' is in the archive twice"):
        open_source(path)
