"""Folders and archives: found, listed and read in place; broken or unsafe archives refused."""

import gzip
import tarfile

import pytest
from builders import files_of, write_folder, write_tar

from maldinb import DatasetError
from maldinb.formats import open_source, parse_spectrum, parsers


def contents(source):
    spectra, metadata = open_source(source)
    return {identifier: plain(*read()) for identifier, _, read in spectra}, metadata and metadata[1]()


def plain(mz, intensity):
    return mz.tolist(), intensity.tolist()


FILES = files_of()
EXPECTED = {f"a{i}": plain(*parse_spectrum(FILES[f"spectra/a{i}.txt"])) for i in (1, 2, 3)}, FILES["metadata.csv"]


def test_a_folder_and_an_archive_give_the_same(folder, archive):
    assert contents(folder) == contents(archive) == EXPECTED


@pytest.mark.parametrize("mode", ["w:gz", "w:bz2", "w:xz"])
def test_compressed_archives_are_read_too(tmp_path, mode):
    for name in ("x.tar", "x"):
        assert contents(write_tar(tmp_path / name, FILES, mode)) == EXPECTED


@pytest.mark.parametrize("wrap", ["./{}", "maldi-tof/{}"])
def test_one_folder_may_wrap_everything(tmp_path, wrap):
    assert contents(write_tar(tmp_path / "x.tar", {wrap.format(k): v for k, v in FILES.items()})) == EXPECTED


def test_files_of_the_system_are_passed_over(tmp_path):
    extra = {"spectra/._a1.txt": b"x", "__MACOSX/spectra/a1.txt": b"x", "spectra/.DS_Store": b"x", "README.txt": b"x"}
    assert contents(write_tar(tmp_path / "x.tar", FILES | extra)) == EXPECTED
    extra.pop("README.txt")
    assert contents(write_folder(tmp_path / "x", FILES | extra)) == EXPECTED


def test_spectra_may_lie_beside_the_metadata_and_be_gzipped(tmp_path):
    packed = gzip.compress(b"2000 1\n2001 2")
    write_folder(tmp_path / "x", {"metadata.csv": b"ID", "a1.txt.gz": packed, "b.2.csv": b"2000,3\n", "note.md": b"3"})
    assert contents(tmp_path / "x") == ({"a1": ([2000, 2001], [1, 2]), "b.2": ([2000], [3])}, b"ID")


def test_text_lies_at_any_depth_and_notes_and_tables_are_none_of_it(tmp_path):
    files = {"a/b/x.txt": b"2000 1", "y.txt": b"2000 2", "a/Metadata.TSV": b"ID", "a/b/metadata.csv": b"id"}
    files |= dict.fromkeys(["readme.txt", "a/READ_ME.txt", "a/Licence.txt", "notes.csv", "a/md5sum.txt"], b"2000 3")
    for source in (write_folder(tmp_path / "x", files), write_tar(tmp_path / "x.tar", files)):
        assert contents(source) == ({"x": ([2000], [1]), "y": ([2000], [2])}, b"ID")  # the table nearest to the top


def test_of_several_tables_none_is_read(tmp_path):
    spectra, metadata = open_source(write_folder(tmp_path / "x", FILES | {"metadata.xlsx": b"PK"}))
    assert len(spectra) == 3
    with pytest.raises(DatasetError, match="several tables, .*x.metadata.csv and .*x.metadata.xlsx; name the one"):
        metadata[1]()


def test_a_reader_knows_its_files_and_when_they_changed(tmp_path):
    files = {
        "metadata.csv": b"ID",
        "a.txt": b"2000 1",
        "b.dat.gz": gzip.compress(b"2000 1"),
        "s/fid": b"",
        "s/acqus": b"",
    }
    files["spectra/c.mzML"] = b""
    inside = {f"spectra/{name}": files[name] for name in ("s/fid", "s/acqus", "a.txt", "b.dat.gz")}
    for write, name in ((write_folder, "x"), (write_tar, "x.tar")):
        readers = {one: read for one, _, read in open_source(write(tmp_path / name, files | inside))[0]}
        assert {one: read.format for one, read in readers.items()} == {
            "a": "txt", "b": "dat", "c": "mzml", "s": "Bruker flex",
        }  # fmt: skip
        assert [stamp[0] for stamp in readers["s"].stamps()] == ["spectra/s/acqus", "spectra/s/fid"]
    before = readers["a"].stamps()
    with open(tmp_path / "x.tar", "ab") as archive:
        archive.write(bytes(512))
    readers = {one: read for one, _, read in open_source(tmp_path / "x.tar")[0]}
    assert readers["a"].stamps() != before and readers["a"].stamps()[0][0] == "spectra/a.txt"


def test_a_format_is_a_parser_and_an_ending(tmp_path, monkeypatch):
    def reversed_text(data):
        return parse_spectrum(data[::-1])

    monkeypatch.setitem(parsers.PARSERS, ".txet", reversed_text)
    files = {"metadata.csv": b"ID", "spectra/a1.txet": b"1 0002", "spectra/a2.txt": b"2000 1"}
    files["spectra/a3.txet.gz"] = gzip.compress(b"3 0002")
    for source in (write_folder(tmp_path / "x", files), write_tar(tmp_path / "x.tar", files)):
        assert contents(source)[0] == {"a1": ([2000], [1]), "a2": ([2000], [1]), "a3": ([2000], [3])}


def test_nothing_is_unpacked(archive):
    before = sorted(archive.parent.iterdir())
    contents(archive)
    assert sorted(archive.parent.iterdir()) == before


def special(name, kind=tarfile.REGTYPE, target=""):
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, target
    return member


UNSAFE = {
    "absolute": (special("/etc/spectra/a9.txt"), "unsafe path.*'/etc/spectra/a9.txt'"),
    "upwards": (special("spectra/../../a9.txt"), "unsafe path"),
    "drive": (special("C:/spectra/a9.txt"), "unsafe path"),
    "backslash": (special("..\\a9.txt"), "unsafe path"),
    "symbolic link": (
        special("spectra/a9.txt", tarfile.SYMTYPE, "/etc/passwd"),
        "'spectra/a9.txt' is a link or device",
    ),
    "hard link": (special("spectra/a9.txt", tarfile.LNKTYPE, "metadata.csv"), "is a link or device"),
    "device": (special("spectra/a9.txt", tarfile.CHRTYPE), "is a link or device"),
    "pipe": (special("spectra/a9.txt", tarfile.FIFOTYPE), "is a link or device"),
}


@pytest.mark.parametrize("mode", ["w", "w:gz"])
@pytest.mark.parametrize(("member", "message"), UNSAFE.values(), ids=UNSAFE)
def test_unsafe_archives_are_refused(tmp_path, mode, member, message):
    with pytest.raises(DatasetError, match=message):
        open_source(write_tar(tmp_path / "x.tar", FILES, mode, [member]))


@pytest.mark.parametrize("kept", [0.0, 0.1, 0.5, 0.9, 0.99])
@pytest.mark.parametrize("mode", ["w", "w:gz"])
def test_a_truncated_archive_is_refused(tmp_path, kept, mode):
    path = write_tar(tmp_path / "x.tar", FILES, mode)
    data = path.read_bytes()
    # A plain archive ends in padding, which may be missing: cut what matters.
    end = len(data.rstrip(b"\0")) if mode == "w" else len(data)
    path.write_bytes(data[: int(kept * end)])
    with pytest.raises(DatasetError, match=r"x\.tar is not a complete tar archive"):
        open_source(path)


def test_an_archive_cut_between_two_members_is_refused(tmp_path):
    path = write_tar(tmp_path / "x.tar", FILES)
    with tarfile.open(path) as tar:
        boundary = tar.getmember("spectra/a3.txt").offset
    path.write_bytes(path.read_bytes()[:boundary])
    with pytest.raises(DatasetError, match="not a complete tar archive"):
        open_source(path)


def test_something_else_is_refused(tmp_path):
    (tmp_path / "x.tar").write_bytes(b"PK\x03\x04" + bytes(range(256)) * 9)
    with pytest.raises(DatasetError, match="not a complete tar archive"):
        open_source(tmp_path / "x.tar")
    for name, data in {"table.csv": b"ID,City\na1,Rome\n", "table.csv.gz": gzip.compress(b"ID,City\n")}.items():
        (tmp_path / name).write_bytes(data)
        with pytest.raises(DatasetError, match=rf"{name} is neither a folder nor an archive .tar, zip..*metadata="):
            open_source(tmp_path / name)
    with pytest.raises(DatasetError, match="no such folder or archive: .*nowhere"):
        open_source(tmp_path / "nowhere")
    with pytest.raises(DatasetError, match="holds no spectra"):
        open_source(write_tar(tmp_path / "y.tar", {"metadata.csv": b"ID"}))


def test_two_spectra_for_one_id_are_refused(tmp_path):
    with pytest.raises(DatasetError, match=r"two spectra for one ID: .*a1\.txt.* and .*a1\.txt"):
        open_source(write_tar(tmp_path / "x.tar", {"rome/spectra/a1.txt": b"1", "milan/spectra/a1.txt": b"2"}))
