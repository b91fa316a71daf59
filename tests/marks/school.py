"""A class played through by script: hand-outs that were filled in, well and badly, collected."""

import json
from pathlib import Path

from maldinb.course.copies import copies_of
from maldinb.material import notebooks_folder

STEM = "01_data_loading_and_caching"
SHIFT, JOIN, STANDARDISE = "check_shift_by_a_bin", "check_join_bins", "check_standardise"
RIGHT_SHIFT = "off_by_a_bin = 3 / 400e-6"
RIGHT_JOIN = "def join_bins(rows, factor):\n    return rows.reshape(len(rows), -1, factor).sum(axis=2)"
WRONG_STANDARDISE = "def standardise(train, test):\n    return train - train.mean(axis=0), test - test.mean(axis=0)"


def blank() -> dict:
    """The notebook as it is handed out."""
    nb = json.loads(copies_of(notebooks_folder(), [STEM], solutions=False)[f"{STEM}.ipynb"])
    for cell in nb["cells"]:
        cell["source"] = "".join(cell["source"])
    return nb


def fill_in(nb: dict, answers: dict[str, str], guess: float | None = None) -> dict:
    """Put answers before the checks, as a student does."""
    for cell in nb["cells"]:
        for check, answer in answers.items():
            if f"exercises.{check}(" in cell["source"]:
                cell["source"] = f"{answer}\n\n{cell['source'][cell['source'].index('exercises.') :]}"
        if cell["source"].startswith("guesses = ") and guess is not None:
            cell["source"] = cell["source"].replace("None", repr(guess))
    return nb


def hand_in(folder: Path, student: str, nb: dict | str) -> Path:
    path = folder / student / f"{STEM}.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text(nb if isinstance(nb, str) else json.dumps(nb), encoding="utf-8")
    return path


def with_cell(nb: dict, source: str) -> dict:
    """With a cell of the student's own above the exercises."""
    cell = {"cell_type": "code", "id": "mine", "metadata": {}, "outputs": [], "execution_count": None, "source": source}
    nb["cells"].insert(1, cell)
    return nb


def older(nb: dict) -> dict:
    nb["metadata"]["maldinb"] = {"origin": "0123456789abcdef", "release": "0.0.9"}
    return nb
