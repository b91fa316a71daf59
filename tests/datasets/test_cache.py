"""The cache gives back what was put in, and survives damage, strangers, lack of rights and company."""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import maldinb
from maldinb import DatasetError, preprocessing
from maldinb.datasets import cache

META = pd.DataFrame({"Batch": ["Rome", "Milan"], "Amikacin": ["R", None]}, index=pd.Index(["007", "b"], name="ID"))
MATRIX = np.array([[0.25, 0.75, 0.0], [0.5, 0.25, 0.25]])


class Builder:
    """Counts how often it had to work."""

    calls = 0

    def __call__(self):
        self.calls += 1
        return MATRIX.copy(), META, {"n": 2}


def load(build, **options):
    return cache.cached("toy", "k1", build, **options)


def entry_of(cache_dir):
    return cache_dir / "matrices" / "toy-k1"


def test_what_comes_back_is_what_went_in(cache_dir):
    build = Builder()
    load(build)
    matrix, meta, info = load(build)
    assert build.calls == 1
    assert np.array_equal(matrix, MATRIX) and matrix.dtype == float and info == {"n": 2}
    pd.testing.assert_frame_equal(meta, META)


def test_changes_stay_private(cache_dir):
    build = Builder()
    load(build)
    load(build)[0][:] = 0
    assert np.array_equal(load(build)[0], MATRIX)


def test_rebuild_builds_again(cache_dir):
    build = Builder()
    load(build)
    load(build, rebuild=True)
    assert build.calls == 2 and np.array_equal(load(build)[0], MATRIX)


def truncate(entry):
    file = entry / "matrix.npy"
    file.write_bytes(file.read_bytes()[:-8])


def flip(entry):
    file = entry / "matrix.npy"
    data = bytearray(file.read_bytes())
    data[-17] ^= 0x40
    file.write_bytes(data)


def pickle(entry):
    np.save(entry / "matrix.npy", np.array([{}, {}]), allow_pickle=True)


def replace_by_a_file(entry):
    for file in entry.iterdir():
        file.unlink()
    entry.rmdir()
    entry.write_text("not a folder")


DAMAGE = {
    "truncated": truncate,
    "a flipped bit": flip,
    "a pickle": pickle,
    "a file": replace_by_a_file,
    "no table": lambda entry: (entry / "table.json").unlink(),
    "half a table": lambda entry: (entry / "table.json").write_text('{"info": '),
    "a foreign table": lambda entry: (entry / "table.json").write_text("[1]"),
    "other spectra": lambda entry: np.save(entry / "matrix.npy", MATRIX[:1]),
    "other numbers": lambda entry: np.save(entry / "matrix.npy", MATRIX.astype("float32")),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_or_foreign_entry_is_built_again_with_a_word(cache_dir, damage):
    build = Builder()
    load(build)
    damage(entry_of(cache_dir))
    with pytest.warns(UserWarning, match="toy-k1 is damaged or foreign .*built again"):
        matrix, _, _ = load(build)
    assert build.calls == 2 and np.array_equal(matrix, MATRIX)
    assert np.array_equal(load(build)[0], MATRIX) and build.calls == 2  # mended
    assert [p.name for p in (cache_dir / "matrices").iterdir()] == ["toy-k1"]  # and nothing left over


def test_an_unwritable_cache_costs_only_time(tmp_path):
    (tmp_path / "file").write_text("in the way")
    build = Builder()
    with pytest.warns(UserWarning, match="cannot write to the cache .*file.*MALDINB_CACHE_DIR names another"):
        matrix, _, _ = load(build, cache_dir=tmp_path / "file")
    assert np.array_equal(matrix, MATRIX)


def test_a_full_disk_leaves_nothing_half_written(cache_dir, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(cache.np, "save", full)
    with pytest.warns(UserWarning, match="No space left"):
        load(Builder())
    assert list((cache_dir / "matrices").iterdir()) == []


def test_a_failing_build_leaves_nothing(cache_dir):
    def fail():
        raise RuntimeError("bad spectra")

    with pytest.raises(RuntimeError):
        load(fail)
    assert not cache_dir.exists() or list(cache_dir.rglob("*")) == []


def test_leavings_of_killed_writers_are_swept_after_a_day(cache_dir):
    old, new = cache_dir / "matrices" / ".draft-old", cache_dir / "matrices" / ".draft-new"
    for folder in (old, new):
        folder.mkdir(parents=True)
    os.utime(old, (0, 0))
    load(Builder())
    assert not old.exists() and new.exists()


def test_the_key_depends_on_all_that_determines_a_matrix(monkeypatch):
    def key(**determinants):
        return cache.cache_key(**{"md5": "a", "bin_width": 3.0} | determinants)

    before = key()
    assert before == key() != key(md5="b") and before != key(bin_width=4.0)
    monkeypatch.setitem(preprocessing.PARAMETERS, "snip_half_window", 41)
    assert key() != before
    monkeypatch.undo()
    monkeypatch.setattr(cache, "code_hash", lambda *patterns: "newer code")
    assert key() != before


def old_entry(cache_dir, name, code):
    """An entry that was last of use long ago."""
    folder = cache_dir / "matrices" / name
    folder.mkdir(parents=True)
    (folder / "table.json").write_text(json.dumps({"code": code}))
    os.utime(folder, (0, 0))
    return folder


def test_what_no_current_code_can_read_is_pruned_when_nobody_has_used_it_for_a_day(cache_dir):
    unreadable = [old_entry(cache_dir, "simulated-a", "older code"), old_entry(cache_dir, "kleb-ai-b", None)]
    readable = old_entry(cache_dir, "simulated-c", cache.code_hash(*cache._CODE))
    recent = old_entry(cache_dir, "simulated-d", "code of another branch")
    os.utime(recent)
    load(Builder())
    assert not any(entry.exists() for entry in unreadable) and readable.exists() and recent.exists()
    assert sorted(p.name for p in (cache_dir / "matrices").iterdir()) == ["simulated-c", "simulated-d", "toy-k1"]


def test_reading_counts_as_use(cache_dir):
    load(Builder())
    os.utime(entry_of(cache_dir), (0, 0))
    load(Builder())
    assert time.time() - entry_of(cache_dir).stat().st_mtime < 3600


EDITED_UNDER_A_RUNNING_KERNEL = """
import pathlib, maldinb
source = pathlib.Path("maldinb/preprocessing/steps.py")
text = source.read_text()
source.write_text(text.replace("return np.sqrt(intensity)", "return np.cbrt(intensity)"))
assert source.read_text() != text
print(float(maldinb.load_simulated(n_spectra=12).X.iloc[0, 800]))
"""
AFTER_A_RESTART = """
import maldinb
print(float(maldinb.load_simulated(n_spectra=12).X.iloc[0, 800]))
print(float(maldinb.load_simulated(n_spectra=12, rebuild=True).X.iloc[0, 800]))
"""


def test_a_file_that_is_edited_under_a_running_kernel_does_not_poison_the_cache(tmp_path, cache_dir):
    shutil.copytree(Path(maldinb.__file__).parent, tmp_path / "maldinb")

    def run(code):  # in the folder of the copy, which comes before the installed package
        command = [sys.executable, "-B", "-c", f"{code}\nassert {str(tmp_path)!r} in maldinb.__file__"]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout.split()

    before = run(EDITED_UNDER_A_RUNNING_KERNEL)
    found, rebuilt = run(AFTER_A_RESTART)
    assert found == rebuilt != before[0]


def test_where_the_cache_lies(tmp_path, monkeypatch):
    monkeypatch.setenv("MALDINB_CACHE_DIR", str(tmp_path / "a"))
    assert cache.cache_folder() == tmp_path / "a" and cache.cache_folder(tmp_path / "b") == tmp_path / "b"
    monkeypatch.delenv("MALDINB_CACHE_DIR")
    assert cache.cache_folder().name == "maldinb"


def test_hashes_are_remembered_until_the_file_changes(tmp_path, cache_dir, monkeypatch):
    file = tmp_path / "x.tar"
    file.write_bytes(b"one")
    first = cache.file_md5(file)
    with monkeypatch.context() as patch:
        patch.setattr(cache.pooch, "file_hash", lambda *_, **__: pytest.fail("hashed again"))
        assert cache.file_md5(file) == first
    file.write_bytes(b"other")
    assert cache.file_md5(file) != first
    next((cache_dir / "hashes").iterdir()).write_text("garbage")
    assert cache.file_md5(file) != first
    with pytest.raises(DatasetError, match="no such archive: .*y.tar"):
        cache.file_md5(tmp_path / "y.tar")


WORKER = """
import sys, json, warnings
warnings.simplefilter("error")
from maldinb import load_simulated
ds = load_simulated(n_spectra=24, n_jobs=1)
print(json.dumps([float(ds.X.to_numpy().sum()), float(ds.X.iloc[3, 100]), len(ds.meta)]))
"""


def test_notebooks_that_start_at_once_get_the_same(cache_dir):
    workers = [subprocess.Popen([sys.executable, "-c", WORKER], stdout=subprocess.PIPE, text=True) for _ in range(3)]
    results = [json.loads(worker.communicate(timeout=120)[0]) for worker in workers]
    assert results[0] == results[1] == results[2]
    left = list((cache_dir / "matrices").iterdir())
    assert len(left) == 1 and left[0].name.startswith("simulated-")
