"""From a row back to the raw spectrum, whatever the data set came from."""

import shutil

import numpy as np
import pytest
from builders import make_spectrum

from maldinb import DatasetError, load_simulated, load_spectra, raw_spectrum
from maldinb.preprocessing import preprocess


def test_the_raw_spectrum_gives_the_row(tmp_path, folder, archive):
    for data in (load_spectra(folder), load_spectra(archive), load_simulated(n_spectra=12, cache_dir=tmp_path / "c")):
        identifier = data.X.index[2]
        assert np.array_equal(preprocess(*raw_spectrum(data, identifier)), data.X.loc[identifier])


def test_a_file_is_returned_as_written(folder):
    mz, intensity = raw_spectrum(load_spectra(folder), "a2")
    assert np.array_equal(mz, make_spectrum(2)[0]) and np.array_equal(intensity, make_spectrum(2)[1])


def test_the_folder_may_have_been_named_from_elsewhere(folder, monkeypatch):
    monkeypatch.chdir(folder.parent)
    data = load_spectra(folder.name)
    monkeypatch.chdir(folder)
    assert np.array_equal(raw_spectrum(data, "a2")[0], make_spectrum(2)[0])


def test_unknown_ids_and_lost_files_are_named(folder):
    data = load_spectra(folder)
    with pytest.raises(KeyError, match="mine.*has no spectrum 'a9'"):
        raw_spectrum(data, "a9")
    (folder / "spectra" / "a2.txt").write_text("emptied")
    with pytest.raises(DatasetError, match="a2.txt: no line of numbers"):
        raw_spectrum(data, "a2")
    (folder / "spectra" / "a2.txt").unlink()
    with pytest.raises(DatasetError, match="the raw spectrum of 'a2' is no longer in .*mine; load the data set again"):
        raw_spectrum(data, "a2")
    shutil.rmtree(folder)
    with pytest.raises(DatasetError, match="no longer at .*mine; load the data set again"):
        raw_spectrum(data, "a2")
