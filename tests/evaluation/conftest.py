"""The labelled simulated spectra."""

import pytest

import maldinb


@pytest.fixture(scope="session")
def amikacin():
    data = maldinb.load_simulated("Amikacin")
    X, y = maldinb.binary_labels(data)
    return X, y, data.batch[X.index], data.meta.loc[X.index, "Isolate"]
