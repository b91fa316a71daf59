"""One challenge for all tests of this room, from a key that is the same every time."""

import pandas as pd
import pytest

from maldinb.challenge import new_challenge, open_challenge

NUMBER = 0x0123456789ABCDEF0123456789ABCDEF


@pytest.fixture(scope="session")
def blind(tmp_path_factory):
    """The students' folder of 60 spectra, of which 38 are of Rome; the key lies beside it."""
    folder = tmp_path_factory.mktemp("challenge") / "blind"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("secrets.randbits", lambda bits: NUMBER)
        new_challenge(folder, n_spectra=60, scenario="shared biology")
    return folder


@pytest.fixture(scope="session")
def key_file(blind):
    return blind.with_name("blind-key.json")


@pytest.fixture(scope="session")
def truth(blind, key_file):
    return open_challenge(blind, key_file)


@pytest.fixture
def hand_in(tmp_path, truth):
    """Write what a group hands in; by default all of it is right."""

    def write(
        name="group", mz=None, probability=None, claim="AUROC abroad,0.6,", method="Guess, with some luck, again."
    ):
        folder = tmp_path / name
        folder.mkdir()
        mz = truth.peaks if mz is None else mz
        probability = truth.labels.fillna(0.5) if probability is None else probability
        pd.Series(mz, name="m/z").to_csv(folder / "peaks.csv", index=False)
        pd.Series(probability, truth.labels.index, name="P(R)").to_csv(folder / "probabilities.csv", index_label="ID")
        (folder / "claim.csv").write_text(f"what,at least,at most\n{claim}\n")
        (folder / "method.md").write_text(f"# Method\n\n> What will you do?\n\n{method}\n")
        return folder

    return write
