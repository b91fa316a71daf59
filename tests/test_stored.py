"""Tables that are kept: a computation that was stopped goes on, and a change of what decides numbers is noticed."""

import pandas as pd
import pytest

from maldinb.stored import StoredTable, computed


@pytest.fixture
def kept(tmp_path):
    return StoredTable(tmp_path / "table.csv", {"seeds": 2}, ("writing",))


def test_a_table_comes_back_with_what_is_known_of_it(kept):
    table = pd.DataFrame({"seed": [0, 1], "score": [0.123456789, 0.5]})
    kept.write(table, rows=2)
    back, provenance = kept.read(seed="Int64")
    assert back["seed"].dtype == "Int64" and back["score"].tolist() == [0.123457, 0.5]
    assert provenance["seeds"] == provenance["rows"] == 2 and set(provenance["versions"]) == {
        "python",
        "numpy",
        "sklearn",
    }
    assert kept.why_stale() == []


def test_another_design_or_code_makes_it_stale(kept, monkeypatch):
    kept.write(pd.DataFrame({"seed": [0]}))
    assert StoredTable(kept.path, {"seeds": 3}, kept.code).why_stale() == ["the design has another value of 'seeds'"]
    assert StoredTable(kept.path, {"seeds": 2}, ("arguments",)).why_stale() == ["the code of arguments has changed"]


class Cells:
    """Counts what it is asked for, and stops at a seed."""

    __name__ = "cells"

    def __init__(self, stops_at=None):
        self.asked, self.stops_at = [], stops_at

    def __call__(self, seed):
        if seed == self.stops_at:
            raise KeyboardInterrupt
        self.asked.append(seed)
        return [{"score": seed / 10, "half": half} for half in (0, 1)]


def test_what_is_finished_is_not_computed_again(tmp_path):
    cells, first, second = [{"seed": seed} for seed in (3, 1, 2)], Cells(stops_at=2), Cells()
    with pytest.raises(KeyboardInterrupt):
        computed(first, cells, tmp_path / "cells", key=lambda seed: 0)
    rows = computed(second, cells, tmp_path / "cells", key=lambda seed: 0)
    assert first.asked == [3, 1] and second.asked == [2]
    assert [(row["cell"], row["score"], row["half"]) for row in rows] == [
        (0, 0.3, 0), (0, 0.3, 1), (1, 0.1, 0), (1, 0.1, 1), (2, 0.2, 0), (2, 0.2, 1),
    ]  # fmt: skip


def test_what_another_key_has_computed_is_not_taken(tmp_path):
    cells, again = [{"seed": 1}, {"seed": 2}], Cells()
    computed(Cells(), cells, tmp_path, key=lambda seed: 0)
    computed(again, cells, tmp_path, key=lambda seed: int(seed == 2))
    assert again.asked == [2]
