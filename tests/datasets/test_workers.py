"""Spectra are read side by side, and the same comes out wherever that is."""

import os
import pickle
import warnings
from functools import partial

import joblib
import numpy as np
import pytest
from builders import as_text, assert_same_matrix, files_of, make_spectrum, write_folder, write_tar, write_zip
from flex import acquisition

from maldinb import DatasetError, load_spectra
from maldinb.datasets import workers
from maldinb.datasets.workers import each
from maldinb.formats import open_source
from maldinb.preprocessing import preprocess

WRITERS = {
    "folder": write_folder,
    "x.tar": write_tar,
    "x.zip": write_zip,
    "x.tar.gz": partial(write_tar, mode="w:gz"),
}


@pytest.fixture
def processes(monkeypatch):
    """Two spectra count as many."""
    monkeypatch.setattr(workers, "MANY", 2)
    monkeypatch.setattr(workers, "_CHUNKS", 3)  # five make chunks of one, and six of two


def place(_):
    return os.getpid()


def load(source, table=None, **options):
    return load_spectra(source, table, cache=False, n_jobs=2, **options)


def test_few_spectra_are_read_by_threads_and_many_by_processes(processes):
    assert set(each(place, [(0,)])) == {os.getpid()}
    assert os.getpid() not in set(each(place, [(0,)] * 8, n_jobs=2))
    assert set(each(place, [(0,)] * 8, n_jobs=1)) == {os.getpid()}
    with joblib.parallel_config(backend="threading"):
        assert set(each(place, [(0,)] * 8, n_jobs=2)) == {os.getpid()}


def test_nothing_else_goes_on_in_these_processes(processes):
    readers = set(each(place, [(0,)] * 8, n_jobs=2))
    assert readers.isdisjoint(joblib.Parallel(2)(joblib.delayed(place)(0) for _ in range(8)))


@pytest.mark.parametrize("name", WRITERS)
def test_processes_give_the_same_rows_in_the_same_order(name, tmp_path, processes):
    source = WRITERS[name](tmp_path / name, files_of(5, "ID\n" + "\n".join(f"a{i}" for i in (4, 2, 5, 1, 3))))
    X = load(source).X
    assert list(X.index) == ["a4", "a2", "a5", "a1", "a3"]
    for i in range(1, 6):
        assert np.array_equal(X.loc[f"a{i}"], preprocess(*make_spectrum(i)))


@pytest.mark.parametrize("name", WRITERS)
def test_a_source_that_was_replaced_is_not_read_from_memory(name, tmp_path, processes):
    for shift in (0, 3):
        source = WRITERS[name](tmp_path / name, {f"a{i}.txt": as_text(*make_spectrum(i + shift)) for i in (1, 2)})
        assert np.array_equal(load(source).X.loc["a2"], preprocess(*make_spectrum(2 + shift)))


@pytest.mark.parametrize("n", [0, 1, 5, 6, 200])
@pytest.mark.parametrize("jobs", [1, 2])
def test_every_one_comes_back_once_and_in_order(n, jobs, processes):
    assert list(each(divmod, [(i, 3) for i in range(n)], n_jobs=jobs)) == [divmod(i, 3) for i in range(n)]


def test_what_goes_wrong_in_a_process_is_said_as_elsewhere(tmp_path, processes):
    files = {"a1.txt": as_text(*make_spectrum(1)), "a2.txt": b"2000 1\n", "a3.txt": b"", "a4.txt": b"x\ny\nz"}
    source = write_folder(tmp_path / "x", files)
    for jobs in (1, 2):
        with pytest.raises(DatasetError, match="3 of 4 spectra cannot be used") as error:
            load_spectra(source, cache=False, n_jobs=jobs)
        assert [name[-6:] for name in error.value.errors] == ["a2.txt", "a3.txt", "a4.txt"]
    left_out = load(source, on_error="skip").info["left_out"]
    assert list(left_out) == ["a2", "a3", "a4"] and left_out["a3"] == "the file is empty"


def test_what_should_be_known_of_many_spectra_is_said_once(tmp_path, processes):
    files = {}
    for i in range(6):
        files |= acquisition(f"s{i}/0_C9/1/1SLin", make_spectrum(i)[1], HPClUse="yes", HPClOrd=10)
    with pytest.warns(UserWarning, match="s0/0_C9/1/1SLin, and maybe others: .*HPClUse.* not applied") as caught:
        load(write_folder(tmp_path / "x", files), preprocess="force")
    assert len(caught) == 1


@pytest.mark.parametrize("name", WRITERS)
def test_no_reader_takes_the_whole_source_with_it(name, tmp_path):
    files = {f"a{i}.txt": b"2000 %d\n" % i for i in range(300)}
    spectra, _ = open_source(WRITERS[name](tmp_path / name, files))
    for _, _, read in (spectra[0], spectra[-1]):
        assert len(pickle.dumps(read)) < 2000
        mz, intensity = pickle.loads(pickle.dumps(read))()
        assert (mz, intensity) == read()


def test_dask_gives_the_same_rows(tmp_path, processes):
    from dask import distributed

    source = write_zip(tmp_path / "x.zip", files_of(5, "ID\n" + "\n".join(f"a{i}" for i in range(1, 6))))
    X = load(source).X
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        with joblib.parallel_config(backend="dask"), warnings.catch_warnings():
            warnings.simplefilter("error")
            assert_same_matrix(load_spectra(source, cache=False).X, X)
            places = set(each(place, [(i,) for i in range(20)]))
        assert places <= set(client.run(os.getpid).values()) - {os.getpid()}
