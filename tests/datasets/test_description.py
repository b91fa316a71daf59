"""One short table says what became of what was found, whichever loader found it."""

import numpy as np
import pandas as pd
import pytest
from builders import files_of, write_folder, write_tar

from maldinb import SpectraDataset, load_maldi_kleb_ai, load_simulated, load_spectra

TABLE = """\
code,Drug,organism,Ward
a1,resistant,K,North
a2,s,K,
a3,I,E,South
b9,-,K,South
"""


def rows(data):
    table = data.report()
    assert list(table) == ["what", "found", "done"] and all(
        isinstance(cell, str) and cell for cell in table.to_numpy().ravel()
    )
    return {what: tuple(rest) for what, *rest in table.itertuples(index=False)}


def test_it_says_what_was_recognised_mapped_and_left_out(tmp_path):
    folder = write_folder(tmp_path / "x", files_of(3, TABLE) | {"spectra/a3.txt": b"2000 1\n2001 x"})
    options = {"label": "drug", "batch": "ward", "labels": {"resistant": "R"}, "on_error": "skip"}
    found = rows(load_spectra(folder, intermediate="S", **options))
    assert found == {
        "spectra": (str(folder), "2 spectra loaded (2 txt)"),
        "table": (str(folder / "metadata.csv"), "3 columns of metadata"),
        "ID": ("column 'code'", "matched with the names of the spectra"),
        "Batch": ("column 'Ward'", "2 batches: North 1, unknown 1"),
        "Species": ("column 'organism'", "1 species: K 2"),
        "Isolate": ("no column", "not known"),
        "drug": (
            "'resistant' 1, 's' 1, 'I' 1, '-' 1",
            "R 1, S 1, I 1, no label 1; of the spectra loaded R 1, S 1, I 0, no label 0",
        ),
        "drug: I": ("1 intermediate", "counted as susceptible (S)"),
        "left out": found["left out"],
        "rows": ("raw spectra", "root, smoothed, baseline subtracted, scaled to a sum of 1; 6000 bins of 3 Da"),
    }


def test_reasons_are_grouped_and_their_first_ids_named(tmp_path):
    bad = {f"spectra/x{i}.txt": b"1 2\n" * (i + 2) + b"x" for i in range(8)}
    table = "ID\na1\n" + "".join(f"x{i}\n" for i in range(8)) + "y1\n"
    folder = write_folder(tmp_path / "x", files_of(1, table) | bad)
    report = load_spectra(folder, on_error="skip").report()
    left = report[report["what"] == "left out"]
    assert left["found"].tolist() == ["8: x0, x1, x2, x3, x4 and 3 more", "1: y1"]
    assert left["done"].str.contains("line 3 is not two|in the metadata, but no spectrum").all()


def test_without_a_table_there_is_little_to_say(tmp_path):
    files = files_of(2)
    del files["metadata.csv"]
    found = rows(load_spectra(write_tar(tmp_path / "x.tar", files), preprocess=False, bin_width=6))
    assert found["table"] == ("none", "nothing is known but IDs") and "ID" not in found
    assert found["Batch"] == ("no column", "taken as one batch") and found["Species"] == ("no column", "not known")
    assert found["rows"] == ("processed spectra", "summed into 3000 bins of 6 Da")


@pytest.mark.filterwarnings("ignore:.*is not the published archive")
def test_it_works_for_named_sets_and_for_any_matrix(tmp_path, cache_dir):
    found = rows(load_simulated(n_spectra=24, seed=3))
    assert found["spectra"] == ("simulated, seed 3", "24 spectra loaded") and "table" not in found
    other = rows(load_simulated(n_spectra=24, seed=3, scenario="shift only", world=5))
    assert other["spectra"][0] == "simulated, seed 3, scenario shift only, world 5"
    assert found["Isolate"] == ("column 'Isolate'", "22 isolates")
    assert found["Amikacin"] == ("'R' 12, 'S' 12", "R 12, S 12, I 0, no label 0")
    archive = write_tar(tmp_path / "own.tar", files_of())
    for _ in range(2):  # from the archive, and from the cache
        found = rows(load_maldi_kleb_ai(archive=archive))
        assert found["spectra"] == (str(archive), "3 spectra loaded (3 txt)")
        assert found["table"] == ("metadata.csv", "4 columns of metadata")
        assert found["Amikacin"] == ("'R' 1, 'S' 1, blank 1", "R 1, S 1, I 0, no label 1")
    meta = pd.DataFrame({"Batch": ["a"], "Species": ["b"]})
    matrix = SpectraDataset(pd.DataFrame(np.eye(1, 4)), meta, np.arange(4), {"name": "peaks", "preprocessing": {}})
    assert rows(matrix) == {
        "spectra": ("peaks", "1 spectrum loaded"),
        "rows": ("columns 0 to 3", "taken as they are: 4 columns (0-3 Da)"),
    }
