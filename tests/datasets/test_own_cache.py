"""Rows of own spectra are kept, and never outlive what they were made of."""

import os
import shutil
import stat
import time
import warnings

import numpy as np
import pandas as pd
import pytest
from builders import TABLE, as_text, assert_same_matrix, files_of, make_spectrum, write_folder, write_tar, write_zip
from flex import acquisition, axis

from maldinb import DatasetError, binary_labels, load_spectra
from maldinb.datasets import assembly, cache
from maldinb.preprocessing import preprocess

pytestmark = pytest.mark.usefixtures("cache_dir")


@pytest.fixture
def built(monkeypatch):
    """How many spectra were read in each load that had to read any."""
    counts = []

    def build_matrix(rows, *args, **options):
        counts.append(len(rows))
        return original(rows, *args, **options)

    original = assembly.build_matrix
    monkeypatch.setattr(assembly, "build_matrix", build_matrix)
    return counts


def settled(source):
    """The same source, last changed an hour ago: what has only just been written is not kept."""
    then = time.time() - 3600
    for path in [source, *source.rglob("*")] if source.is_dir() else [source]:
        os.utime(path, (then, then))
    return source


@pytest.fixture
def mine(folder):
    return settled(folder)


def entries(cache_dir):
    return sorted(path.name for path in (cache_dir / "matrices").iterdir())


def same(first, second):
    assert_same_matrix(first.X, second.X)
    pd.testing.assert_frame_equal(first.meta, second.meta)
    assert str(first.info) == str(second.info)


@pytest.mark.parametrize("kind", ["folder", "tar", "zip", "tgz"])
def test_a_second_load_reads_no_spectrum_and_gives_the_same(kind, tmp_path, built):
    write = {"folder": write_folder, "tar": write_tar, "zip": write_zip, "tgz": lambda *a: write_tar(*a, "w:gz")}[kind]
    source = settled(write(tmp_path / "x", files_of()))
    first, second = (load_spectra(source, label="Amikacin") for _ in range(2))
    assert built == [3]
    same(first, second)
    same(first, load_spectra(source, label="Amikacin", cache=False))
    assert built == [3, 3]


CHANGES = {
    "changed": lambda folder: (folder / "a2.txt").write_bytes(as_text(*make_spectrum(7))),
    "touched": lambda folder: os.utime(folder / "a2.txt", (1, 1)),
    "replaced, with the time of the one before": lambda folder: restore_time(
        folder / "a2.txt", as_text(*make_spectrum(7))
    ),
    "added": lambda folder: (folder / "a4.txt").write_bytes(as_text(*make_spectrum(4))),
    "removed": lambda folder: (folder / "a3.txt").unlink(),
    "renamed": lambda folder: [
        (folder / f"a{i}.txt").rename(folder / f"a{j}.txt") for i, j in ((1, 9), (2, 1), (9, 2))
    ],
}


def restore_time(file, data):
    before = file.stat()
    file.write_bytes(data[: before.st_size].ljust(before.st_size))  # and of the same size
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_you_changed_is_what_you_get(change, tmp_path, built):
    files = files_of()
    del files["metadata.csv"]
    folder = settled(write_folder(tmp_path / "x", files))
    load_spectra(folder)
    change(folder / "spectra")
    found, read = load_spectra(folder), load_spectra(folder, cache=False)
    same(found, read)
    assert len(built) == 3


def test_the_table_is_read_anew_every_time(mine, built):
    load_spectra(mine, label="Amikacin")
    (mine / "metadata.csv").write_text(TABLE.replace("a1,R", "a1,S").replace("Rome", "Bari"))
    again = load_spectra(mine, label="Amikacin")
    assert built == [3] and binary_labels(again)[1].tolist() == [0, 0] and set(again.batch) == {"Bari", "Milan"}
    (mine / "metadata.csv").write_text("\n".join(TABLE.splitlines()[i] for i in (0, 3, 1)))
    with pytest.raises(DatasetError, match="a2: a spectrum, but not in the metadata"):
        load_spectra(mine)
    some = load_spectra(mine, on_error="skip")
    assert list(some.X.index) == ["a3", "a1"] and built == [3, 2] and some.X.equals(again.X.loc[["a3", "a1"]])


def test_the_table_decides_the_order(mine, built):
    for order in ([1, 2, 3], [3, 1, 2]):
        (mine / "metadata.csv").write_text("\n".join(TABLE.splitlines()[i] for i in (0, *order)))
        for kept in (True, True, False):
            data = load_spectra(mine, cache=kept)
            assert list(data.X.index) == list(data.meta.index) == [f"a{i}" for i in order]
            assert np.array_equal(data.X.loc["a3"], preprocess(*make_spectrum(3)))
    assert built == [3, 3] * 2


def test_options_and_code_are_part_of_the_key(mine, built, monkeypatch):
    for options in ({}, {"bin_width": 6}, {"preprocess": False}):
        load_spectra(mine, **options)
        load_spectra(mine, n_jobs=1, on_error="skip", **options)
    assert load_spectra(mine, preprocess=False).X.to_numpy().sum() > 1000  # counts, which no check wants to sum to 1
    assert built == [3] * 3
    monkeypatch.setattr(cache, "code_hash", lambda *rooms: "newer code")
    load_spectra(mine)
    assert built == [3] * 4


def test_what_was_left_out_and_warned_of_is_the_same_from_the_cache(tmp_path, built):
    counts = np.random.default_rng(0).poisson(5 + 500 * np.exp(-(((axis() - 4000) / 40) ** 2)))
    files = acquisition("s1/0_A1/1/1SLin", counts, HPClUse="yes", HPClOrd=10) | acquisition("s2/0_A2/1/1SLin", [])
    source = settled(write_folder(tmp_path / "x", files))
    loads = []
    for _ in range(2):
        with pytest.warns(UserWarning, match="s1/0_A1/1/1SLin, and maybe others: .*HPClUse") as caught:
            loads.append(load_spectra(source, on_error="skip"))
        assert len(caught) == 1 and caught[0].filename == __file__
    same(*loads)
    with pytest.raises(DatasetError, match="1 of 2 spectra cannot be used:\n.*s2/0_A2/1/1SLin: the spot is empty"):
        load_spectra(source)
    assert built == [2] and list(loads[1].info["left_out"]) == ["s2"]


def test_whoever_skips_what_stopped_a_load_need_not_read_all_again(mine, built):
    (mine / "spectra" / "a2.txt").write_text("emptied")
    settled(mine)
    for _ in range(2):
        with pytest.raises(DatasetError, match="1 of 3 spectra cannot be used:\n.*a2.txt: no line of numbers"):
            load_spectra(mine)
    assert list(load_spectra(mine, on_error="skip").info["left_out"]) == ["a2"] and built == [3]


def test_what_could_not_be_read_is_tried_again(mine, built):
    shutil.move(mine / "spectra" / "a2.txt", mine / "elsewhere")
    (mine / "spectra" / "a2.txt").symlink_to("nowhere")
    for _ in range(2):
        assert list(load_spectra(mine, on_error="skip").info["left_out"]) == ["a2"]
    assert built == [3, 3]


def test_a_file_that_has_only_just_been_written_is_not_trusted(folder, built, cache_dir):
    for _ in range(2):
        load_spectra(folder)
    assert built == [3, 3] and not (cache_dir / "matrices").exists()


def test_a_damaged_entry_is_built_again_with_a_word(mine, built, cache_dir):
    first = load_spectra(mine)
    file = cache_dir / "matrices" / entries(cache_dir)[0] / "matrix.npy"
    data = bytearray(file.read_bytes())
    data[-17] ^= 0x40
    file.write_bytes(data)
    with pytest.warns(UserWarning, match="is damaged or foreign .*built again"):
        same(first, load_spectra(mine))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        same(first, load_spectra(mine))
    assert built == [3, 3]


def test_nobody_else_reads_it_and_its_name_says_nothing(mine, cache_dir):
    load_spectra(mine)
    (name,) = entries(cache_dir)
    assert name.startswith("own-") and "mine" not in name
    if os.name == "posix":
        assert stat.S_IMODE((cache_dir / "matrices" / name).stat().st_mode) == 0o700


def ages(cache_dir, days):
    """Let the entries be last of use so many days ago, the one that was written first the longest."""
    for path, age in zip(sorted((cache_dir / "matrices").iterdir(), key=os.path.getmtime), days, strict=True):
        os.utime(path, (time.time() - 86400 * age,) * 2)


def test_what_nobody_has_used_for_a_week_goes(mine, cache_dir):
    for width in (6, 9):
        load_spectra(mine, bin_width=width)
    ages(cache_dir, [8, 6])
    load_spectra(mine, bin_width=12)
    widths = [np.load(cache_dir / "matrices" / name / "matrix.npy").shape[1] for name in entries(cache_dir)]
    assert sorted(widths) == [1500, 2000]


def test_the_oldest_go_when_all_take_too_much_and_what_is_too_large_is_not_kept(mine, cache_dir, built, monkeypatch):
    size = 3 * 3000 * 8
    monkeypatch.setattr(cache, "OWN_BYTES", int(2.5 * size))
    for width in (6, 6.001, 6.002):
        load_spectra(mine, bin_width=width)
        time.sleep(0.01)
    assert len(entries(cache_dir)) == 2
    load_spectra(mine, bin_width=6.002)
    assert len(built) == 3
    load_spectra(mine, bin_width=6)
    assert len(built) == 4
    with pytest.warns(UserWarning, match="cannot write to the cache .*GiB are more than"):
        load_spectra(mine, bin_width=2)
    assert len(entries(cache_dir)) == 2


def test_each_dtype_is_kept_for_itself(mine, built):
    whole, half = (load_spectra(mine, dtype=dtype) for dtype in ("float64", np.float32))
    assert built == [3, 3] and set(whole.X.dtypes) == {np.dtype("float64")}
    assert_same_matrix(half.X, whole.X.astype("float32"))
    same(half, load_spectra(mine, dtype="float32"))
    same(whole, load_spectra(mine))
    assert built == [3, 3]
