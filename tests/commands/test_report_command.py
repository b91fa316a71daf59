"""`maldinb report`: what is typed reaches `write_report`."""

from pathlib import Path

import pytest

from maldinb.commands import main


@pytest.fixture
def written(monkeypatch):
    """Calls of `write_report`, which takes minutes."""
    calls = []

    def write(data, folder, *, verbose, **options):
        calls.append((data, folder, options))
        return Path(folder) / "index.html"

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
    assert capsys.readouterr().out == "The report is out/index.html; its tables and the network lie beside it.\n"


def test_what_is_not_typed_is_left_to_the_report(mine, written):
    assert main(["report", "my_spectra", "--label", "Ceftazidime", "--bin-width", "20"]) == 0
    assert written[0][1:] == (Path("maldinb-report"), {})


def test_nothing_is_overwritten(mine, written, capsys):
    Path("empty").mkdir()
    for out in ("my_spectra", "my_spectra/metadata.csv"):
        assert main(["report", "my_spectra", "--label", "Ceftazidime", "--out", out]) == 1
        assert (
            f"error: {out} is there already, and not empty; name another folder with --out" in capsys.readouterr().err
        )
    assert not written
    assert main(["report", "my_spectra", "--label", "Ceftazidime", "--bin-width", "20", "--out", "empty"]) == 0
