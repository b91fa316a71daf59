"""The embedded data set: the real one's shape and counts, deterministic, cached, and writable as an archive."""

import json
import stat
import tarfile

import numpy as np
import pandas as pd
import pytest
from builders import assert_same_matrix

from maldinb import binary_labels, load_dataset, load_simulated, load_spectra, raw_spectrum, write_simulated_archive
from maldinb.formats.sources import open_source
from maldinb.simulation import Scenario, Simulation


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return load_simulated(n_spectra=24, cache_dir=tmp_path_factory.mktemp("cache"))


def test_shape_and_counts_are_those_of_the_real_set():
    ds = load_simulated()
    assert ds.X.shape == (743, 6000) and ds.info["counts_as_published"] is True
    assert [len(binary_labels(ds, antibiotic=a)[1]) for a in ("Amikacin", "Meropenem")] == [741, 738]
    assert list(ds.X.columns) == [str(mz) for mz in range(2000, 20000, 3)]
    assert {"Batch", "Species", "Amikacin", "Meropenem", "Isolate", "Clone"} == set(ds.meta)
    assert np.allclose(ds.X.sum(axis=1), 1)


def test_other_sizes_do_not_claim_the_published_counts(small):
    assert small.X.shape == (24, 6000) and small.info["counts_as_published"] is False


def test_it_is_deterministic(small, tmp_path):
    again = load_simulated(n_spectra=24, cache_dir=tmp_path, n_jobs=3)
    cached = load_simulated(n_spectra=24, cache_dir=tmp_path)
    for other in (again, cached):
        assert_same_matrix(other.X, small.X)
        pd.testing.assert_frame_equal(other.meta, small.meta)
        pd.testing.assert_frame_equal(other.info["planted"], small.info["planted"])
    assert not np.allclose(load_simulated(n_spectra=24, seed=1, cache_dir=tmp_path).X, small.X)


def test_the_planted_truth_is_told(small):
    planted = small.info["planted"]
    assert (planted["mz"].between(2000, 20000)).all() and {"up", "down"} == set(planted["effect"])
    assert all((planted["antibiotic"] == drug).sum() >= 10 for drug in ("Amikacin", "Meropenem"))


@pytest.mark.parametrize(
    ("options", "differs"),
    [
        ({"scenario": "no difference"}, True),
        ({"scenario": Scenario(offset_ppm={"Milan": 500.0})}, True),
        ({"scenario": Scenario(n_hospitals=5).as_dict()}, True),
        ({"world": 2**100}, True),
        ({"scenario": "twin", "world": np.int64(0)}, False),
    ],
)
def test_scenario_and_world_decide_the_spectra_and_the_truth(small, tmp_path, options, differs):
    load_simulated(n_spectra=24, cache_dir=tmp_path)  # what is in the cache must not pass for another scenario
    data = load_dataset("simulated", n_spectra=24, cache_dir=tmp_path, **options)
    simulation = Simulation(24, **options)
    assert data.info["simulation"] == json.loads(json.dumps(simulation.arguments))
    assert data.info["planted"].equals(simulation.planted)
    assert np.array_equal(raw_spectrum(data, "sim-0002")[1], simulation.raw(1)[1])
    assert data.X.equals(small.X) != differs
    assert data.X.equals(load_simulated(n_spectra=24, cache_dir=tmp_path, **options).X)


def test_an_archive_of_a_scenario_holds_the_same_spectra(tmp_path):
    chosen = {"n_spectra": 20, "scenario": "same instrument", "world": 7}
    archive = load_spectra(write_simulated_archive(tmp_path / "t.tar", **chosen), label="Amikacin")
    loaded = load_simulated(cache_dir=tmp_path, **chosen)
    assert np.allclose(archive.X.loc[loaded.X.index], loaded.X, rtol=1e-9)


def test_the_archive_is_laid_out_like_the_one_on_zenodo(tmp_path):
    path = write_simulated_archive(tmp_path / "t.tar", n_spectra=12)
    spectra, metadata = open_source(path)
    table = metadata[1]().decode()
    assert table.splitlines()[0] == "ID,Amikacin,Meropenem,Species,City" and len(table.splitlines()) == 13
    with tarfile.open(path) as tar:
        texts = [tar.extractfile(member).read(5) for member in tar if member.name.startswith("spectra/")]
    assert len(spectra) == len(texts) == 12 and b"# m/z" in texts
    assert stat.S_IMODE(path.stat().st_mode) & 0o044 == 0o044
    assert [p.name for p in tmp_path.iterdir()] == ["t.tar"]


def test_a_failed_archive_leaves_nothing(tmp_path, monkeypatch):
    def fail(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("maldinb.datasets.simulated.spectrum_text", fail)
    with pytest.raises(KeyboardInterrupt):
        write_simulated_archive(tmp_path / "t.tar", n_spectra=12)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"antibiotic": "Colistin"}, "antibiotic is one of 'Amikacin', 'Meropenem', not 'Colistin'"),
        ({"n_spectra": 2}, "n_spectra"),
        ({"seed": -1}, "seed"),
        ({"bin_width": 0}, "bin_width"),
        ({"scenario": "tripled"}, "scenario is a Scenario or one of 'twin'"),
        ({"world": -1}, "world"),
    ],
)
def test_wrong_arguments_are_named(options, message):
    with pytest.raises(ValueError, match=message):
        load_simulated(**{"n_spectra": 24} | options)
