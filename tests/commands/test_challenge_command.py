"""`maldinb challenge`: what is typed reaches the challenge, and what comes out is shown."""

import hashlib
import re
from pathlib import Path

import pandas as pd
import pytest

from maldinb.challenge import Key
from maldinb.commands import main


@pytest.fixture
def blind(tmp_path, monkeypatch, capsys):
    """A challenge, beside which commands are typed."""
    monkeypatch.chdir(tmp_path)
    typed = "challenge new blind --spectra 24 --antibiotic Meropenem --abroad Rome --key teacher.json"
    assert main([*typed.split(), "--scenario", "no difference"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert said.startswith(f"Hand out blind. Its key is {tmp_path}/teacher.json: keep it to yourself until all have ")
    seal = hashlib.sha256(Path("teacher.json").read_bytes()).hexdigest()  # what `sha256sum` shows after the opening
    assert said.endswith(f"The seal, for the board: {seal}")
    return tmp_path / "blind"


def fill_in(answer):
    (answer / "claim.csv").write_text("what,at least,at most\nAUROC abroad,0.4,0.6\n")
    (answer / "method.md").write_text("Say the same of all of them.")
    table = pd.read_csv(answer / "probabilities.csv").assign(**{"P(R)": 0.5})
    table.to_csv(answer / "probabilities.csv", index=False)


def test_what_is_typed_is_passed_on(blind):
    key = Key.read("teacher.json")
    assert (key.scenario, key.antibiotic, key.abroad, key.n_spectra) == ("no difference", "Meropenem", "Rome", 24)
    assert not Path("blind-key.json").exists()


def test_a_claim_gets_its_code_or_is_not_ready(blind, capsys):
    assert main(["challenge", "claim", "blind/answer"]) == 1
    assert re.fullmatch(r"error: claim\.csv: nothing is claimed yet.*\n", capsys.readouterr().err)
    fill_in(blind / "answer")
    assert main(["challenge", "claim", "blind/answer"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("AUROC abroad: at least 0.4 and at most 0.6\n")
    assert re.search(r"claim: ([0-9a-f]{4}-){3}[0-9a-f]{4}\n$", said)


def test_what_comes_out_is_shown(blind, capsys):
    fill_in(blind / "answer")
    main(["challenge", "claim", "blind/answer"])
    code = capsys.readouterr().out.split()[-1]
    Path("codes.csv").write_text(f"hand-in,code\nanswer,{code}\n")
    assert main("challenge open blind teacher.json blind/ans* nowhere --out out --codes codes.csv".split()) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert re.search(r"answer 0\.5 0\.5 0\.5 0\.25 1 1 yes nowhere", said)
    assert "answer peaks.csv: the table has no rows nowhere there is no such folder or zip" in said
    assert said.endswith("out holds this table, a page for each of them, and the planted peaks.")
    assert {path.name for path in Path("out").iterdir()} == {"marks.csv", "planted.csv", "answer.md", "nowhere.md"}


def test_the_wrong_key(blind, capsys):
    main("challenge new other --spectra 24".split())
    assert main("challenge open blind other-key.json blind/answer".split()) == 1
    assert "error: other-key.json does not fit the seal" in capsys.readouterr().err and not Path("marks").exists()
