"""`maldinb check`: all that is known and all that is wrong, said at once."""

import re
import shutil

import numpy as np
import pytest
from builders import write_folder
from trees import driams

from maldinb.commands import main


def sections(said):
    """Title -> text."""
    parts = re.split(r"(?m)^(.+)\n=+\n", said)
    return {"": parts[0]} | dict(zip(parts[1::2], parts[2::2], strict=True))


def check(capsys, *argv):
    status = main(["check", *argv])
    return status, sections(capsys.readouterr().out)


def flat(text):
    return " ".join(text.split())


def test_good_spectra(mine, capsys):
    before = sorted(mine.rglob("*"))
    status, said = check(capsys, "my_spectra", "--label", "Ceftazidime", "--batch", "Ward", "--bin-width", "20")
    assert status == 0
    assert said[""] == "my_spectra: 24 spectra x 900 bins of 20 Da\n\n"
    assert said["What is wrong"] == "Nothing: these spectra can be used.\n"
    rows = [line.split() for line in said["Labels"].splitlines() if line]
    assert rows[0] == ["Ward", "R", "I", "S", "unlabelled"] and rows[-1][0] == "all"
    assert sum(map(int, rows[-1][1:])) == 24
    assert list(said) == ["", "What was recognised", "Labels", "What deserves a look", "What is wrong"]
    assert sorted(mine.rglob("*")) == before


def test_spectra_are_aligned_where_that_is_asked_for(mine, capsys):
    """One is noise without a peak, which can be processed, but not be aligned."""
    path = min((mine / "spectra").iterdir())
    mz = [float(line.split()[0]) for line in path.read_text().splitlines() if line[:1].isdigit()]
    counts = np.random.default_rng(0).poisson(900, len(mz))
    path.write_text("".join(f"{place} {n}\n" for place, n in zip(mz, counts, strict=True)))
    said = {}
    for align in ("no", "yes", "Klebsiella pneumoniae"):
        options = ["--bin-width", "20", "--on-error", "skip", "--align", align]
        status, said[align] = check(capsys, "my_spectra", "--label", "Ceftazidime", *options)
        assert status == 0
    assert said["no"][""].startswith("my_spectra: 24") and "aligned to" not in flat(said["no"]["What was recognised"])
    assert said["yes"] == said["Klebsiella pneumoniae"] and said["yes"][""].startswith("my_spectra: 23")
    assert "aligned to housekeeping peaks of Klebsiella pneumoniae" in flat(said["yes"]["What was recognised"])
    assert "another species, too few peaks, or noise?" in flat(said["yes"]["What is left out (1)"])


def test_all_that_is_wrong_is_said_at_once(mine, capsys):
    """Spectra that cannot be used, rows without a spectrum, and labels that are none."""
    table = mine / "metadata.csv"
    header, *rows = table.read_text().splitlines()
    column, names = header.split(",").index("Ceftazidime"), header.split(",")
    cells = [row.split(",") for row in rows]
    cells[0][column] = "perhaps"
    ids = [row[names.index("ID")] for row in cells]
    table.write_text("\n".join([header, *(",".join(row) for row in cells)]) + "\n")
    (mine / "spectra" / f"{ids[1]}.txt").write_text("2000 1\n2001 x\n")
    (mine / "spectra" / f"{ids[2]}.txt").unlink()
    status, said = check(capsys, "my_spectra", "--label", "Ceftazidime", "--bin-width", "20")
    assert status == 1
    assert "'perhaps'" in said["What is wrong"] and "--on-error skip" in flat(said["What is wrong"])
    out = next(text for title, text in said.items() if title.startswith("What is left out (2)"))
    assert f"- spectra/{ids[1]}.txt: " in flat(out)
    assert f"- {ids[2]}: in the metadata, but no spectrum" in out
    assert said[""].startswith("my_spectra: 22 spectra")


def test_what_is_left_out_on_request_is_listed_and_not_wrong(mine, capsys):
    one = min((mine / "spectra").iterdir())
    one.write_text("")
    options = ["my_spectra", "--label", "Ceftazidime", "--bin-width", "20"]
    assert check(capsys, *options)[0] == 1
    status, said = check(capsys, *options, "--on-error", "skip")
    assert status == 0 and f"- spectra/{one.name}: " in said["What is left out (1)"]


@pytest.mark.parametrize(("label", "why"), [("S", "no spectrum|one kind|both kinds"), ("", "no spectrum is labelled")])
def test_labels_that_nothing_can_be_learned_from(label, why, mine, capsys):
    table = mine / "metadata.csv"
    header, *rows = table.read_text().splitlines()
    at = header.split(",").index("Ceftazidime")
    rows = [",".join(label if i == at else cell for i, cell in enumerate(row.split(","))) for row in rows]
    table.write_text("\n".join([header, *rows]) + "\n")
    status, said = check(capsys, "my_spectra", "--label", "Ceftazidime", "--bin-width", "20")
    assert status == 1 and re.search(
        f"No model can be trained and judged on these labels: .*({why})", flat(said["What is wrong"])
    )


def test_without_a_label_labels_are_not_looked_at(mine, capsys):
    status, said = check(capsys, "my_spectra", "--bin-width", "20")
    assert status == 0 and "Labels" not in said


def test_a_column_that_is_not_there(mine, capsys):
    """The rest is checked all the same."""
    status, said = check(capsys, "my_spectra", "--label", "Ceftazidim", "--bin-width", "20")
    assert status == 1 and "Ceftazidim" in said["What is wrong"] and said[""].startswith("my_spectra: 24 spectra")


def test_several_columns_that_are_not_there(mine, capsys):
    status, said = check(capsys, "my_spectra", "--label", "Ceftazidim", "--batch", "Words")
    assert status == 1 and list(said) == ["", "What is wrong"]
    assert said["What is wrong"].count("no column") == 1
    assert "'Ceftazidim'" in said["What is wrong"] and "'Words'" in said["What is wrong"]


def test_no_spectrum_that_can_be_used(mine, capsys):
    for path in (mine / "spectra").iterdir():
        path.write_text("")
    status, said = check(capsys, "my_spectra", "--label", "Ceftazidime")
    assert status == 1 and "24 of 24 spectra cannot be used" in said["What is wrong"]
    assert said["What is wrong"].startswith("- ") and "--on-error" not in said["What is wrong"]


def test_what_a_collection_was_not_asked_for_is_not_left_out(tmp_path, capsys):
    write_folder(tmp_path, driams())
    status, said = check(capsys, str(tmp_path), "--label", "Ceftriaxone", "--bin-width", "20")
    assert status == 1 and said[""].startswith("DRIAMS: 8 spectra")  # too few to judge a model
    assert "rows of other species: 1" in flat(said["What was recognised"])
    assert not any("left out" in title for title in said)


def test_a_table_of_peaks_is_checked_as_it_is(tmp_path, capsys):
    rows = [f"a{i},{'RS'[i % 2]},{'NS'[i // 10]},{i},{i % 3}" for i in range(20)]
    table = tmp_path / "peaks.csv"
    table.write_text("\n".join(["ID,Drug,Site,4365.3,9540.2", *rows]))
    status, said = check(capsys, str(table), "--label", "Drug", "--on-error", "raise")
    assert status == 0 and said[""] == "peaks.csv: 20 spectra x 2 columns\n\n"
    assert "taken as they are: 2 columns" in flat(said["What was recognised"])
    _, said = check(capsys, str(table), "--label", "Drug", "--features", "4*")
    assert said[""].startswith("peaks.csv: 20 spectra x 1")
    assert main(["check", str(table), "--label", "Drug", "--bin-width", "6"]) == 1
    assert "error: --bin-width 6.0 is for your own spectra" in capsys.readouterr().err


def test_nothing_that_can_be_read(mine, capsys):
    shutil.rmtree(mine / "spectra")
    status, said = check(capsys, "my_spectra", "--label", "Ceftazidime")
    assert status == 1 and "my_spectra" in said["What is wrong"]


def test_findings_deserve_a_look_and_are_not_wrong(mine, capsys, monkeypatch):
    ids = [f"s{i}" for i in range(25)]
    monkeypatch.setattr(
        "maldinb.quality.findings", lambda data, table: [("25 spectra are faint", ids), ("one batch", [])]
    )
    status, said = check(capsys, "my_spectra", "--bin-width", "20")
    assert status == 0
    listed = flat(said["What deserves a look"])
    assert "- 25 spectra are faint (s0, s1," in listed and "s19, and 5 more) - one batch" in listed


@pytest.mark.parametrize("columns", ["80", "100"])
def test_lines_fit(columns, mine, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", columns)
    for path in (mine / "spectra").glob("*1.txt"):
        path.write_text("2000 1\n")
    main(["check", "my_spectra", "--label", "nothing", "--bin-width", "20"])
    assert max(map(len, capsys.readouterr().out.splitlines())) <= int(columns)
