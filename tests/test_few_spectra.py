"""Notebooks 02 to 05 on 30 spectra of which only the label is known: they run, and claim no more than that bears."""

import tarfile
from pathlib import Path

import nbformat
import pandas as pd
import pytest

from maldinb import write_simulated_archive
from maldinb.course.__main__ import main
from maldinb.course.claims import tally

NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks"
LESS = {
    "02_training": ["EPOCHS=1", "HIDDEN_DIM=16"],
    "03_attention_interpretation": ["EPOCHS=1", "HIDDEN_DIM=16", "N_SEEDS=1"],
    "04_ablation_without_attention": ["EPOCHS=1", "HIDDEN_DIM=16", "N_SEEDS=1"],
    "05_back_to_mz": ["EPOCHS=1", "HIDDEN_DIM=16", "N_SEEDS=1"],
}


@pytest.fixture(scope="module")
def spectra(tmp_path_factory):
    """A folder of spectra with so few R that shuffled labels leave a fold of notebooks 03 and 05 without any."""
    folder = tmp_path_factory.mktemp("few") / "spectra"
    with tarfile.open(write_simulated_archive(folder.with_suffix(".tar"), n_spectra=30)) as archive:
        archive.extractall(folder, filter="data")
    (table,) = folder.rglob("metadata.csv")
    ids = pd.read_csv(table)["ID"]
    pd.DataFrame({"ID": ids, "Drug": ["RSSS"[i % 4] for i in range(len(ids))]}).to_csv(table, index=False)
    return table.parent


@pytest.mark.parametrize("name", LESS)
def test_few_spectra(name, spectra, tmp_path, capsys):
    pairs = [f"-p{pair}" for pair in (f"DATASET={spectra}", "ANTIBIOTIC=Drug", *LESS[name])]
    status = main(["run", name, *pairs, "--notebooks", str(NOTEBOOKS), "--out", str(tmp_path)])
    assert status == 0, capsys.readouterr().out
    cells = nbformat.read(tmp_path / f"{name}.ipynb", 4).cells
    claims = tally(out for cell in cells for out in cell.get("outputs", []))
    assert claims.total >= 10
    if name.startswith("03"):
        unknown = "\n".join(claims.unknown)
        assert "the trained gate may be replaced by 1/2 (unknown: the network does no better than a coin)" in unknown
    if name.startswith("05"):
        unknown = "\n".join(claims.unknown)
        assert "the first layer has learned where the peaks are (unknown: the true peaks are not known)" in unknown
