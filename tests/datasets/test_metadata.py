"""Tables of every dialect are understood; wrong ones name the column, the row or the ID."""

import pandas as pd
import pytest
from builders import TABLE

from maldinb.datasets.dataset import DatasetError
from maldinb.datasets.metadata import match, read_metadata

BOTH = ("Amikacin", "Meropenem")
EXPECTED = read_metadata(TABLE.encode(), labels=BOTH)


def test_the_canonical_columns():
    assert list(EXPECTED) == ["Batch", "Species", "Amikacin", "Meropenem"]
    assert list(EXPECTED.index) == ["a1", "a2", "a3"] and EXPECTED.index.name == "ID"
    assert list(EXPECTED["Batch"]) == ["Rome", "Milan", "Rome"]
    assert EXPECTED["Amikacin"].tolist()[:2] == ["R", "S"] and EXPECTED["Amikacin"].isna().tolist() == [
        False,
        False,
        True,
    ]


@pytest.mark.parametrize(
    "data",
    [
        TABLE.replace(",", ";").encode(),
        TABLE.replace(",", "\t").encode(),
        TABLE.replace("\n", "\r\n").encode(),
        TABLE.encode("utf-8-sig"),
        TABLE.encode("utf-16"),
        TABLE.replace("a3,,R", "a3, NA ,R ").encode(),
        pd.read_csv(pd.io.common.StringIO(TABLE)),
        pd.read_csv(pd.io.common.StringIO(TABLE)).set_index("ID"),
    ],
    ids=["semicolon", "tab", "CRLF", "BOM", "UTF-16", "NA and blanks", "DataFrame", "indexed DataFrame"],
)
def test_every_dialect_gives_the_same_table(data):
    pd.testing.assert_frame_equal(read_metadata(data, labels=BOTH), EXPECTED)


def test_ids_stay_text():
    assert list(read_metadata(b"ID,City\n007,Rome\n1e5,Rome\n").index) == ["007", "1e5"]


def test_columns_are_optional_and_can_be_named():
    meta = read_metadata(b"ID,Hospital,Organism,Batch\nx,North,E. coli,7\n", batch="Hospital", species="Organism")
    assert meta.loc["x"].to_dict() == {"Batch": "North", "Species": "E. coli", "Batch (original)": "7"}
    assert read_metadata(b"ID\nx\n").loc["x"].to_dict() == {"Batch": "all", "Species": "unknown"}


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (TABLE.replace("Meropenem", "Imipenem"), "t.csv: no column 'Meropenem'; found 'ID', 'Amikacin', 'Imipenem'"),
        (TABLE.replace("ID", "Name"), "t.csv: no column 'ID'"),
        (TABLE.replace("a2", "a1"), "t.csv: 1 IDs stand there more than once: 'a1'"),
        (TABLE.replace("a2", ""), "t.csv: no ID in data row '2'"),
        (
            TABLE.replace("a2,S", "a2,susceptible"),
            "t.csv: column 'Amikacin' holds 'susceptible' .first for ID 'a2'.; labels",
        ),
        (TABLE.replace("a2,S", "a2,s"), "column 'Amikacin' holds 's'"),
        ("ID,Amikacin,Meropenem,City\n", "t.csv: the table has no rows"),
        ("", "t.csv: not a table"),
    ],
)
def test_a_wrong_table_names_the_fault(table, message):
    with pytest.raises(DatasetError, match=message):
        read_metadata(table.encode(), "t.csv", labels=BOTH, batch="City")


def test_matching_keeps_the_order_of_the_table_and_notes_the_rest():
    matched, alone = match(EXPECTED, ["a3", "a1", "b7"], "t.csv")
    assert matched == ["a1", "a3"]
    assert alone == {"a2": "in the metadata, but no spectrum", "b7": "a spectrum, but not in the metadata"}
    with pytest.raises(
        DatasetError, match="none of its IDs has a spectrum .the first ID is 'a1', the first spectrum 'z'"
    ):
        match(EXPECTED, ["z"], "t.csv")
