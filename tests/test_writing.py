"""Files that are there whole or not at all."""

import pytest

from maldinb.writing import new_folder, write_atomically


def test_interrupted_write_keeps_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "a.txt"
    path.write_text("old")

    def refuse(*_):
        raise OSError("no space left")

    monkeypatch.setattr("os.replace", refuse)
    with pytest.raises(OSError, match="no space"):
        write_atomically(path, "new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_is_there_when_all_is_in_it(tmp_path):
    folder = tmp_path / "new"
    with new_folder(folder) as draft:
        (draft / "a.txt").write_text("whole")
        assert not folder.exists()
    assert (folder / "a.txt").read_text() == "whole" and list(tmp_path.iterdir()) == [folder]


def test_a_folder_that_cannot_be_filled_is_not_there(tmp_path):
    with pytest.raises(OSError, match="no space"), new_folder(tmp_path / "new") as draft:
        (draft / "a.txt").write_text("half")
        raise OSError("no space left")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("when", ["before", "meanwhile"])
def test_a_folder_that_is_there_stays_as_it_is(when, tmp_path):
    folder = tmp_path / "mine"
    if when == "before":
        folder.mkdir()
    with pytest.raises(FileExistsError, match="mine"), new_folder(folder):
        folder.mkdir()
    assert list(tmp_path.iterdir()) == [folder] and not list(folder.iterdir())


def test_a_folder_needs_one_around_it(tmp_path):
    with pytest.raises(FileNotFoundError, match="there is no folder"), new_folder(tmp_path / "no" / "new"):
        pass
