"""The option align= of every loader: the same rows, refusals as for other unusable spectra, keys, and what is told."""

import inspect
import warnings

import numpy as np
import pandas as pd
import pytest
from builders import as_text, make_spectrum, write_folder

from maldinb import DatasetError, load_dataset, load_maldi_kleb_ai, load_simulated, load_spectra, quality
from maldinb import write_simulated_archive as write
from maldinb.datasets import COLLECTIONS, LOADERS, cache
from maldinb.preprocessing import HOUSEKEEPING, preprocess
from maldinb.simulation import Simulation

KP, N = "Klebsiella pneumoniae", 12
MASSES = HOUSEKEEPING[KP]


@pytest.fixture(scope="module")
def aligned():
    """The rows that alignment gives, one by one."""
    simulation = Simulation(N)
    return np.array([preprocess(*simulation.raw(i), 20, align=True) for i in range(N)])


@pytest.fixture
def mixed(tmp_path):
    """Eleven spectra that can be aligned, and one of a single peak."""
    simulation = Simulation(N)
    files = {f"s{i}.txt": as_text(*simulation.raw(i), "{:.3f} {:.0f}") for i in range(N - 1)}
    return write_folder(tmp_path / "mixed", files | {"alone.txt": as_text(*make_spectrum(1))})


@pytest.mark.parametrize("loader", [load_spectra, load_dataset, *LOADERS.values(), *COLLECTIONS.values()])
def test_every_loader_has_the_option(loader):
    takes = inspect.signature(loader).parameters
    assert "options" in takes or takes["align"].default is False


def test_the_simulated_set_its_archive_and_a_folder_give_the_same_rows(aligned, tmp_path, cache_dir):
    path = write(tmp_path / "archive.tar", n_spectra=N)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it is not the published archive
        published = load_maldi_kleb_ai(archive=path, bin_width=20, align=True)
    for data in (
        load_dataset("simulated", n_spectra=N, bin_width=20, align=KP),
        load_dataset(path, None, bin_width=20, align=MASSES),
        published,
    ):
        assert np.allclose(data.X, aligned, rtol=1e-9, atol=1e-15)


def test_aligned_rows_and_others_are_kept_apart(mixed, cache_dir, monkeypatch):
    monkeypatch.setattr(cache, "OWN_BYTES", 2**30)
    monkeypatch.setattr("maldinb.datasets.assembly._RECENT", 0)
    options = {"bin_width": 20, "on_error": "skip"}
    for load in (
        lambda **more: load_spectra(mixed, **options, **more),
        lambda **more: load_simulated(n_spectra=N, **options, **more),
    ):
        plain, other = load(), load(align=True)
        again = load(), load(align=True)
        assert plain.X.equals(again[0].X) and other.X.equals(again[1].X)
        assert not plain.X.loc[other.X.index].equals(other.X)
        assert load(align=MASSES[:20]).X.shape[1] == 900


def test_info_and_report_say_what_was_aligned(mixed, cache_dir):
    data = load_spectra(mixed, bin_width=20, align=True, on_error="skip")
    assert data.info["preprocessing"]["align"] == KP
    rows = data.report().set_index("what").loc["rows", "done"]
    assert f"aligned to housekeeping peaks of {KP}" in rows
    given = load_simulated(n_spectra=N, bin_width=20, align=MASSES)
    assert given.info["preprocessing"]["align"] == MASSES.tolist() and "at 34 masses" in given.report()["done"].iloc[-1]
    plain = load_simulated(n_spectra=N, bin_width=20)
    assert plain.info["preprocessing"]["align"] is False and "aligned" not in plain.report()["done"].iloc[-1]


def test_what_cannot_be_aligned_stops_the_loading_or_is_left_out(mixed, cache_dir):
    with pytest.raises(
        DatasetError, match=r"1 of 12 spectra cannot be used:\n.*alone.txt: no more than .* of 34"
    ) as caught:
        load_spectra(mixed, bin_width=20, align=True)
    assert len(caught.value.errors) == 1
    data = load_spectra(mixed, bin_width=20, align=True, on_error="skip")
    assert len(data.X) == 11 and list(data.info["left_out"]) == ["alone"]
    assert len(load_spectra(mixed, bin_width=20).X) == 12


def test_simulated_spectra_that_cannot_be_aligned(cache_dir, monkeypatch):
    raw = Simulation.raw
    monkeypatch.setattr(Simulation, "raw", lambda self, i: make_spectrum(1) if i == 3 else raw(self, i))
    for _ in range(2):  # computed, and from the cache
        with pytest.raises(DatasetError, match="1 of 12 spectra cannot be used:\n  sim-0004: no more than"):
            load_simulated(n_spectra=N, bin_width=20, align=True)
        data = load_simulated(n_spectra=N, bin_width=20, align=True, on_error="skip")
        assert list(data.info["left_out"]) == ["sim-0004"] and len(data.X) == 11 and data.info["n_spectra"] == 11
        assert list(data.X.index) == list(data.meta.index) and "sim-0004" not in data.X.index
        assert quality.quality_table(data)["offset ppm"].notna().any()


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (
            {"align": "Escherichia coli"},
            "no housekeeping masses of 'Escherichia coli' are known here, only of Klebsiella",
        ),
        ({"align": [4365.3]}, "align is True, False, a species, or at least 10 m/z"),
        ({"align": True, "preprocess": False}, "align= is for raw spectra"),
    ],
)
def test_impossible_wishes_are_refused_before_anything_is_read(options, reason, tmp_path):
    loaders = [lambda **o: load_spectra(tmp_path / "nowhere", **o)]
    loaders += [lambda load=load, **o: load(tmp_path / "nowhere", "Drug", **o) for load in COLLECTIONS.values()]
    if "preprocess" not in options:
        loaders += [load_simulated, lambda **o: load_maldi_kleb_ai(archive=tmp_path / "nowhere", **o)]
    for load in loaders:
        with pytest.raises(ValueError, match=reason):
            load(**options)


def test_a_table_cannot_be_aligned(tmp_path):
    table = tmp_path / "peaks.csv"
    table.write_text("ID,Drug,4365.3,9540.2\na1,R,0.5,0\na2,S,0.25,12\n")
    assert len(load_dataset(table, "Drug", align=False).X) == 2
    with pytest.raises(ValueError, match="align=True is for your own spectra, and 'peaks.csv' takes none"):
        load_dataset(table, "Drug", align=True)


def test_quality_tells_the_error_of_the_raw_spectra(cache_dir):
    plain, aligned = (load_simulated(n_spectra=24, align=align) for align in (False, True))
    tables = [quality.quality_table(data) for data in (plain, aligned)]
    pd.testing.assert_frame_equal(*tables)
    said = [" ".join(what for what, _ in quality.findings(data, tables[0])) for data in (plain, aligned)]
    assert "m/z is off by" in said[0] and "before alignment" in said[1] and "before alignment" not in said[0]


def test_what_a_shift_takes_alignment_brings_back(tmp_path, cache_dir):
    """Raw spectra of which half were shifted by 3000 ppm: unaligned rows differ, aligned ones are the same."""
    simulation = Simulation(N)
    spectra = [simulation.raw(i) for i in range(4)]
    files = {
        f"{i}{name}.txt": as_text(mz * factor, y, "{:.6f} {:.0f}")
        for i, (mz, y) in enumerate(spectra)
        for name, factor in (("a", 1), ("b", 1.003))
    }
    folder = write_folder(tmp_path / "shifted", files)
    plain, aligned = (load_spectra(folder, align=align).X.to_numpy() for align in (False, True))
    agree = [[np.corrcoef(rows[i], rows[i + 1])[0, 1] for i in range(0, 8, 2)] for rows in (plain, aligned)]
    assert max(agree[0]) < 0.9 < 0.98 < min(agree[1])


def test_the_real_spectra(real_spectra, cache_dir):
    data = load_spectra(real_spectra, label="Drug", align=True, on_error="skip")
    assert list(data.info["left_out"]) == ["18s"] and np.allclose(data.X.sum(axis=1), 1)
    plain = load_spectra(real_spectra, label="Drug").X.loc[data.X.index]
    alike = [np.corrcoef(rows)[np.triu_indices(28, 1)].mean() for rows in (plain, data.X)]
    assert alike[1] > alike[0] + 0.05  # spectra of several instruments
