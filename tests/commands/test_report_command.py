"""`maldinb report`: what is typed reaches `write_report`."""

import json
import re
from pathlib import Path

import pytest

from maldinb.commands import main


@pytest.fixture
def written(monkeypatch):
    """Calls of `write_report`, which takes minutes."""
    calls = []

    def write(data, folder, *, replace, verbose, **options):
        calls.append((data, folder, options))
        Path(folder).mkdir(exist_ok=True)
        if data.info["antibiotic"]:
            Path(folder, "network.npz").touch()
        return Path(folder) / "report.html"

    monkeypatch.setattr("maldinb.report.write_report", write)
    return calls


def test_what_is_typed_is_passed_on(mine, written, capsys):
    typed = "report my_spectra --label Ceftazidime --batch Ward --bin-width 20 --out out"
    numbers = "--epochs 3 --hidden-dim 8 --seed 0 --n-splits 2 --n-jobs 1 --prevalence 0.05"
    assert main([*typed.split(), *numbers.split()]) == 0
    ((data, folder, options),) = written
    passed = {"epochs": 3, "hidden_dim": 8, "seed": 0, "n_splits": 2, "n_jobs": 1, "prevalence": 0.05}
    assert options == passed and folder == Path("out")
    assert data.info["antibiotic"] == "Ceftazidime" and data.X.shape == (24, 900)
    assert data.info["columns"]["Batch"] == "Ward"
    assert capsys.readouterr().out == "The report is out/report.html; its tables and the network lie beside it.\n"


def test_what_is_not_typed_is_left_to_the_report(mine, written):
    assert main(["report", "my_spectra", "--label", "Ceftazidime", "--bin-width", "20"]) == 0
    assert written[0][1:] == (Path("maldinb-report"), {})


def test_without_a_label_no_network_is_promised(mine, written, capsys):
    assert main(["report", "my_spectra", "--bin-width", "20"]) == 0
    assert capsys.readouterr().out.endswith("No model was trained, and the page says why.\n")


def test_nothing_is_overwritten(mine, written, capsys):
    Path("empty").mkdir()
    for out in ("my_spectra", "my_spectra/metadata.csv"):
        assert main(["report", "my_spectra", "--label", "Ceftazidime", "--out", out]) == 1
        assert re.search(rf"error: \S+{out} (holds|is) .*; name another folder", capsys.readouterr().err)
    assert not written
    assert main(["report", "my_spectra", "--label", "Ceftazidime", "--bin-width", "20", "--out", "empty"]) == 0


def test_an_older_report_is_replaced_on_request_only(mine, written, capsys):
    Path("out").mkdir()
    Path("out", "report.json").write_text(json.dumps({"made by": "maldinb.report", "files": {}}))
    typed = "report my_spectra --label Ceftazidime --bin-width 20 --out out".split()
    assert main(typed) == 1
    assert capsys.readouterr().err.endswith("holds a report already; name another folder, or replace it: --replace\n")
    assert not written
    assert main([*typed, "--replace"]) == 0 and len(written) == 1
