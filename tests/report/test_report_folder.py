"""A report is there whole or not at all, and nothing but an older report is replaced, if that is wanted."""

import stat

import pytest
from variations import Written, make

from maldinb.report import folder as folders
from maldinb.report import writing


@pytest.fixture
def no_fit(monkeypatch):
    """Whatever is refused is refused before the work begins."""

    def judge(*_, **__):
        raise AssertionError("it has begun to work")

    monkeypatch.setattr(writing, "judge", judge)


def test_a_new_report_replaces_an_older_one_if_that_is_wanted(tmp_path):
    first = Written(make("random labels"), tmp_path / "report", n_splits=2)
    with pytest.raises(FileExistsError, match="holds a report already; name another folder, or replace it: replace"):
        Written(make("two R"), tmp_path / "report")
    assert first.path.read_text("utf-8") == first.html
    second = Written(make("two R"), tmp_path / "report", replace=True)
    assert first.path == second.path and "network.npz" not in second.files
    assert [path.name for path in tmp_path.iterdir()] == ["report"]
    assert stat.S_IMODE(second.folder.stat().st_mode) == 0o755


def test_an_empty_folder_will_do(tmp_path):
    (tmp_path / "report").mkdir()
    assert Written(make("two R"), tmp_path / "report").path.is_file()


@pytest.mark.parametrize("what", ["folder", "file", "link", "foreign json"])
@pytest.mark.parametrize("replace", [False, True])
def test_what_is_no_report_is_left_alone(what, replace, tmp_path, no_fit):
    place = tmp_path / "report"
    if what == "file":
        place.write_text("mine")
    elif what == "link":
        (tmp_path / "elsewhere").mkdir()
        place.symlink_to(tmp_path / "elsewhere")
    else:
        place.mkdir()
        (place / ("report.json" if what == "foreign json" else "thesis.txt")).write_text("{}")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(FileExistsError, match="name another folder"):
        Written(make("two R"), place, replace=replace)
    assert sorted(tmp_path.rglob("*")) == before


def test_what_somebody_has_put_beside_a_report_is_not_lost(tmp_path, monkeypatch):
    written = Written(make("two R"), tmp_path / "report")
    (written.folder / "tables" / "notes.txt").write_text("mine")
    with pytest.raises(FileExistsError, match=r"tables/notes\.txt"):
        Written(make("two R"), tmp_path / "report", replace=True)
    assert (written.folder / "tables" / "notes.txt").read_text() == "mine"


def test_a_folder_that_cannot_be_made_is_named(tmp_path, no_fit):
    with pytest.raises(FileNotFoundError, match="there is no folder"):
        Written(make("two R"), tmp_path / "not" / "there")


@pytest.mark.parametrize("error", [RuntimeError("broken"), KeyboardInterrupt()])
@pytest.mark.parametrize("older", [False, True])
def test_nothing_half_written_stays(error, older, tmp_path, monkeypatch):
    if older:
        before = Written(make("two R"), tmp_path / "report").html

    def render(*_, **__):
        raise error

    monkeypatch.setattr(writing, "render", render)
    with pytest.raises(type(error)):
        Written(make("two R"), tmp_path / "report", replace=older)
    assert [path.name for path in tmp_path.iterdir()] == ["report"] * older
    if older:
        assert (tmp_path / "report" / "report.html").read_text("utf-8") == before


def test_what_comes_in_the_meantime_is_not_replaced(tmp_path):
    place = folders.check_place(tmp_path / "report")
    with pytest.raises(FileExistsError), folders.draft_of(place) as draft:
        (draft / "report.html").write_text("page")
        place.mkdir()
        (place / "thesis.txt").write_text("mine")
    assert [path.name for path in tmp_path.rglob("*")] == ["report", "thesis.txt"]
