"""Spectra to type commands about."""

import tarfile

import pytest

from maldinb import MaldiMLPClassifier, binary_labels, load_spectra, write_simulated_archive


@pytest.fixture(scope="session")
def archive(tmp_path_factory):
    """24 simulated spectra as they would come from an instrument, with a table."""
    return write_simulated_archive(tmp_path_factory.mktemp("archive") / "mine.tar", n_spectra=24)


@pytest.fixture
def mine(archive, tmp_path, monkeypatch):
    """The same as a folder `my_spectra`, beside which commands are typed."""
    with tarfile.open(archive) as tar:
        tar.extractall(tmp_path / "my_spectra", filter="data")
    table = tmp_path / "my_spectra" / "metadata.csv"
    table.write_text(table.read_text().replace("Amikacin", "Ceftazidime").replace("City", "Ward"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "my_spectra"


@pytest.fixture(scope="session")
def data(archive):
    """The same as a data set, in bins of 20 Da."""
    return load_spectra(archive, label="Amikacin", batch="City", bin_width=20)


@pytest.fixture(scope="session")
def clf(data):
    """A network that has seen them, for a moment."""
    return MaldiMLPClassifier(epochs=2, hidden_dim=16, head_dims=(8,), early_stopping=False).fit(*binary_labels(data))


@pytest.fixture
def model(clf, mine):
    """The same in a file `network.npz`."""
    return clf.save(mine.parent / "network.npz")
