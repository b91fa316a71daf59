"""Notebooks 02 to 06 on 30 spectra of which only the label is known: they run, and claim no more than that bears."""

import tarfile

import pandas as pd
import pytest

from maldinb import write_simulated_archive

MEANINGLESS = "it is not shown that labels without meaning are told: the interval reaches below 0.5"
SMALL = {"EPOCHS": 1, "HIDDEN_DIM": 16, "N_SEEDS": 1, "N_JOBS": 1, "N_SIMULATED": 200, "BIN_WIDTH": 60.0}
STEMS = (
    "02_training",
    "03_attention_interpretation",
    "04_ablation_without_attention",
    "05_back_to_mz",
    "06_another_hospital",
)


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


@pytest.mark.parametrize("stem", STEMS)
def test_few_spectra(stem, spectra, claims):
    found = claims(stem, spectra, drawn=True, **SMALL)
    assert len(found) >= 10
    unknown = {sentence: line.why for sentence, line in found.items() if line.why.startswith("unknown")}
    if stem.startswith("02"):
        always_the_same = "unknown: there are no more than forty to draw from"
        assert unknown["forty spectra show the same model ahead as all do"] == always_the_same
    if stem.startswith("03"):
        no_skill = "unknown: the network does no better than a coin"
        assert unknown["for the mean AUROC, the trained gate may be replaced by 1/2"] == no_skill
    if stem.startswith("05"):
        no_truth = "unknown: the true peaks are not known"
        assert unknown["the first layer has learned where the peaks are"] == no_truth
    if stem.startswith("06"):
        assert sum("it takes two hospitals with 12" in why for why in unknown.values()) > 15
        assert unknown.keys() >= {MEANINGLESS}
