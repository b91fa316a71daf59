"""What tables call resistant: read as R, S, I or nothing, or refused with the mapping to write."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from maldinb import DatasetError, SpectraDataset, binary_labels
from maldinb.datasets.labels import BLANK, read_labels
from maldinb.datasets.metadata import read_metadata


def plain(labels):
    return [None if pd.isna(label) else label for label in labels]


VALUES = pd.Series(["R", " s", "i ", "-", "NA", None, "Resistant", 0, 1.0], index=list("abcdefghi"))
MEANINGS = {"resistant ": "r", "0": "S", 1: None}


def test_labels_are_read_in_whatever_case_and_what_was_made_of_them_is_told():
    read, taken = read_labels(VALUES, "t.csv", MEANINGS)
    assert plain(read) == ["R", "S", "I", None, None, None, "R", "S", None] and list(read.index) == list("abcdefghi")
    assert sum(row["n"] for row in taken) == len(VALUES)
    assert {row["found"]: row["taken as"] for row in taken} == {
        "R": "R", "s": "S", "i": "I", "-": None, "NA": None, "": None, "Resistant": "R", "0": "S", "1.0": None,
    }  # fmt: skip


def test_what_no_mapping_names_is_counted_and_the_mapping_to_write_is_shown():
    values = pd.Series(["R", "sens", "R(1), S(1)", "sens", "susceptible"], index=list("abcde"))
    with pytest.raises(DatasetError) as caught:
        read_labels(values, "t.csv: column 'X'")
    assert str(caught.value) == (
        "t.csv: column 'X' holds 'sens' (2), 'R(1), S(1)' (1), 'susceptible' (1) (first for ID 'b'); labels are R, S, "
        "I or blank. Load with what the others mean: labels={'sens': 'S', 'R(1), S(1)': ..., 'susceptible': 'S'}, with "
        "'R', 'S', 'I' or None for ..."
    )
    told = {"sens": "S", "R(1), S(1)": None, "Susceptible": "S"}
    assert plain(read_labels(values, "t.csv", told)[0]) == ["R", "S", None, "S", "S"]
    read, taken = read_labels(values, "t.csv", unusable="blank")
    assert plain(read) == ["R", None, None, None, None] and taken[0] == {"found": "sens", "n": 2, "taken as": None}


def test_a_column_of_numbers_gives_a_short_message():
    with pytest.raises(DatasetError, match="and 90 others .first for ID 0.*'9': ...}, with"):
        read_labels(pd.Series(range(100)), "t.csv")


def test_the_mapping_goes_before_what_is_known():
    told = {"I": "R", "-": "S", "none": "S", "": None}
    assert plain(read_labels(pd.Series(["I", "-", "None", None]), "t", told)[0]) == ["R", "S", "S", None]
    meta, _, taken = read_metadata(
        b"ID,KPC\na,none\nb,KPC-2\nc,\n", antibiotics=["kpc"], labels={"None": "S", "KPC-2": "R"}
    )
    assert plain(meta["kpc"]) == ["S", "R", None] and {row["n"] for row in taken["kpc"]} == {1}


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        ({"x": "resistant"}, "labels: 'x' is 'R', 'S', 'I' or None, not 'resistant'"),
        ({"x": 1}, "labels: 'x' is .* not 1"),
        ({"x": "R", "X ": "S"}, "labels: 'X ' has two meanings, 'R' and 'S'"),
    ],
)
def test_a_wrong_mapping_is_refused(labels, message):
    with pytest.raises(ValueError, match=message):
        read_labels(VALUES, "t", labels)


@given(
    st.lists(st.one_of(st.none(), st.sampled_from(["R", "s", " I", *BLANK]), st.text(max_size=3), st.integers(0, 2)))
)
def test_nothing_is_lost_or_invented(values):
    values = pd.Series(values, dtype=object)
    read, taken = read_labels(values, "t", {0: "S"}, "blank")
    assert len(read) == sum(row["n"] for row in taken) == len(values)
    for label in ("R", "S", "I", None):
        count = read.isna().sum() if label is None else (read == label).sum()
        assert count == sum(row["n"] for row in taken if row["taken as"] == label)


META = pd.DataFrame({"Amikacin": ["R", "I", None, "S"]}, index=list("abcd"))


@pytest.mark.parametrize(
    ("meant", "ids", "y"), [("drop", "ad", [1, 0]), ("R", "abd", [1, 1, 0]), ("S", "abd", [1, 0, 0])]
)
def test_what_i_means_is_decided_once_or_anew(meant, ids, y):
    X = pd.DataFrame(np.eye(4), index=META.index)
    decided = SpectraDataset(X, META, np.arange(4), {"antibiotic": "Amikacin", "intermediate": meant})
    for data, told in ((decided, None), (SpectraDataset(X, META, np.arange(4), {"antibiotic": "Amikacin"}), meant)):
        kept, labels = binary_labels(data, intermediate=told)
        assert list(kept.index) == list(ids) and labels.tolist() == y
    assert list(binary_labels(decided, intermediate="drop")[0].index) == ["a", "d"]
    for meta, there in ((META.iloc[1:3], "I 1, no label 1"), (META.iloc[:0], "no spectra")):
        few = SpectraDataset(X.loc[meta.index], meta, np.arange(4), {"antibiotic": "Amikacin"})
        with pytest.raises(ValueError, match=f"no spectrum is labelled R or S for 'Amikacin'; there are {there}$"):
            binary_labels(few)
    with pytest.raises(ValueError, match="intermediate is one of 'drop', 'R', 'S', not 'I'"):
        binary_labels(decided, intermediate="I")
