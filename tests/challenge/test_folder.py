"""What students get, and what they must not."""

import hashlib
import json
import stat
import zipfile

import pandas as pd
import pytest

from maldinb import load_dataset, load_spectra
from maldinb.challenge import Key, new_challenge, open_challenge
from maldinb.challenge import folder as folders
from maldinb.challenge import key as keys
from maldinb.simulation import Simulation

FORMS = ["answer/claim.csv", "answer/method.md", "answer/peaks.csv", "answer/probabilities.csv"]


def texts(blind):
    """All that students can read, but for the spectra themselves: name -> bytes."""
    found = {path.relative_to(blind).as_posix(): path.read_bytes() for path in blind.rglob("*.*")}
    del found["spectra.zip"]
    with zipfile.ZipFile(blind / "spectra.zip") as archive:
        return found | {"metadata.csv": archive.read("metadata.csv"), "names": "\n".join(archive.namelist()).encode()}


def test_spectra_load_like_any_others(blind, truth):
    data, meta = load_spectra(blind / "spectra.zip", label="Amikacin", bin_width=20), truth.key.simulation().meta
    assert data.info["columns"] == {"ID": "ID", "Batch": "Hospital", "Species": "Species", "Isolate": "Isolate"}
    assert data.batch.to_dict() == meta["City"].to_dict()
    known = data.meta["Amikacin"].dropna()
    assert known.to_dict() == meta.loc[meta["City"] != "Rome", "Amikacin"].dropna().to_dict()
    assert load_dataset(blind / "spectra.zip", "Amikacin", bin_width=20).X.equals(data.X)  # as the notebooks do


def test_the_truth_is_not_in_the_folder(blind, truth):
    key, simulation = truth.key, truth.key.simulation()
    numbers = [int(key.number, 16), simulation.seed, simulation.world]
    secrets = [key.number, key.world_hash, key.scenario, *map(str, numbers), *(f"{number:x}" for number in numbers)]
    secrets += [f"{mz:g}" for mz in (*truth.peaks, *truth.other_peaks)] + ["Meropenem", "Clone"]
    for name, content in texts(blind).items():
        content = content.replace(key.seal.encode(), b"")
        assert not [secret for secret in secrets if secret.encode() in content], name
    with zipfile.ZipFile(blind / "spectra.zip") as archive, archive.open("metadata.csv") as file:
        table = pd.read_csv(file, index_col="ID")
    assert table.loc[truth.labels.index, "Amikacin"].isna().all()
    assert list(table) == ["Amikacin", "Hospital", "Isolate", "Species"]


def test_neither_order_nor_times_nor_names_tell_labels_apart(blind):
    with zipfile.ZipFile(blind / "spectra.zip") as archive:
        members = archive.infolist()
    assert len({(member.date_time, member.external_attr, member.comment, member.extra) for member in members}) == 1
    assert [member.filename for member in members[1:]] == [f"spectra/sim-{i:04d}.txt" for i in range(1, 61)]


def test_forms_wait_to_be_filled_in(blind, truth):
    files = {path.relative_to(blind).as_posix() for path in blind.rglob("*") if path.is_file()}
    assert files == {*FORMS, "README.md", "challenge.json", "spectra.zip"}
    form = pd.read_csv(blind / "answer" / "probabilities.csv")
    assert form["ID"].tolist() == truth.labels.index.tolist() and form["P(R)"].isna().all()
    readme = (blind / "README.md").read_text("utf-8")
    assert "$" not in readme and truth.key.seal in readme and "Catania, Milan. **Rome does not say.**" in readme


def test_the_seal_is_the_hash_of_the_keys_file(blind, key_file):
    seal = json.loads((blind / "challenge.json").read_text())["seal"]
    assert hashlib.sha256(key_file.read_bytes()).hexdigest() == seal
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600


def test_each_key_is_another_one_of_128_bits(monkeypatch):
    asked = []
    monkeypatch.setattr("secrets.randbits", lambda bits: asked.append(bits) or len(asked))
    one, other = (Key.draw("twin", "Amikacin", "Rome", 24) for _ in range(2))
    assert asked == [128, 128] and len(one.number) == 32 and one.seal != other.seal
    first, second = one.simulation(), other.simulation()
    assert len({first.seed, first.world, second.seed, second.world}) == 4
    assert min(first.seed, first.world) > 2**64  # cannot be tried out
    assert not first.planted.equals(second.planted)


def test_without_a_scenario_one_is_drawn(monkeypatch, tmp_path):
    monkeypatch.setattr("secrets.choice", lambda scenarios: scenarios[-1])
    assert Key.read(new_challenge(tmp_path / "blind", n_spectra=24)).scenario == folders.DRAWN[-1]


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"number": "0" * 32}, "does not fit the seal"),
        ({"scenario": "twin"}, "does not fit the seal"),
        ({"abroad": "Milan"}, "does not fit the seal"),
        ({"more": 1}, "is not a key that maldinb challenge new has written"),
        (None, "is not a key that maldinb challenge new has written"),
    ],
)
def test_another_key_is_refused(changed, why, blind, key_file, tmp_path):
    other = tmp_path / "key.json"
    other.write_text("no key" if changed is None else json.dumps(json.loads(key_file.read_text()) | changed))
    with pytest.raises(ValueError, match=why):
        open_challenge(blind, other)


@pytest.mark.parametrize(("design", "why"), [('{"seal": "0"}', "does not fit the seal"), ("[]", "name the students'")])
def test_a_seal_that_was_swapped_is_noticed(design, why, key_file, tmp_path):
    (tmp_path / "challenge.json").write_text(design)
    with pytest.raises(ValueError, match=why):
        open_challenge(tmp_path, key_file)
    with pytest.raises(ValueError, match="name the students' folder"):
        open_challenge(tmp_path / "nowhere", key_file)


def test_a_key_survives_an_editor_that_adds_the_end_of_a_line(blind, key_file, tmp_path):
    (tmp_path / "key.json").write_text(key_file.read_text() + "\r\n")
    assert open_challenge(blind, tmp_path / "key.json").key == Key.read(key_file)


def test_a_simulator_that_draws_another_world_is_noticed(blind, key_file, monkeypatch):
    monkeypatch.setattr(keys, "Simulation", lambda n, seed, **more: Simulation(n, seed + 1, **more))
    with pytest.raises(ValueError, match="draws another world from this key"):
        open_challenge(blind, key_file)


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"antibiotic": "Colistin"}, "antibiotic is one of"),
        ({"scenario": "utopia"}, "scenario is a Scenario or one of"),
        ({"abroad": "Naples"}, "abroad is one of"),
        ({"n_spectra": 3}, "n_spectra is a whole number"),
        ({"abroad": "Catania", "scenario": "twin"}, "too few to be marked"),
        ({"key_file": "blind/key.json"}, "must not lie in the folder that students get"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(options, why, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError, match=why):
        new_challenge("blind", **{"n_spectra": 24} | options)
    assert not list(tmp_path.iterdir())


def test_nothing_is_overwritten(tmp_path):
    (tmp_path / "blind").mkdir()
    (tmp_path / "other-key.json").write_text("mine")
    for name in ("blind", "other"):
        with pytest.raises(FileExistsError):
            new_challenge(tmp_path / name, n_spectra=24)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["blind", "other-key.json"]
    assert (tmp_path / "other-key.json").read_text() == "mine"


def test_a_disk_that_is_full_leaves_nothing(tmp_path, monkeypatch):
    def full(*_):
        raise OSError("no space left")

    monkeypatch.setattr(folders, "spectrum_text", full)
    with pytest.raises(OSError, match="no space left"):
        new_challenge(tmp_path / "blind", n_spectra=24)
    assert not list(tmp_path.iterdir())
