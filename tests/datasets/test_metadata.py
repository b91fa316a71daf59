"""Tables of every dialect are understood; wrong ones name the column, the row or the ID."""

import pandas as pd
import pytest
from builders import TABLE

from maldinb import DatasetError
from maldinb.datasets.metadata import match, read_metadata

BOTH = ("Amikacin", "Meropenem")
EXPECTED, COLUMNS, TAKEN = read_metadata(TABLE.encode(), antibiotics=BOTH)


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
    meta, columns, taken = read_metadata(data, antibiotics=BOTH)
    pd.testing.assert_frame_equal(meta, EXPECTED)
    assert taken.keys() == TAKEN.keys() and columns == COLUMNS
    assert columns == {"ID": "ID", "Batch": "City", "Species": "Species", "Isolate": None}


def test_ids_stay_text():
    assert list(read_metadata(b"ID,City\n007,Rome\n1e5,Rome\n")[0].index) == ["007", "1e5"]


def test_columns_are_optional_and_can_be_named():
    table = b"ID,Ward,Bug,Batch,No\nx,North,E. coli,7,12\ny,,,8,\n"
    meta, columns, _ = read_metadata(table, batch="ward", species="Bug", isolate="no")
    assert meta.loc["x"].to_dict() == {"Batch": "North", "Species": "E. coli", "Isolate": "12", "Batch (original)": "7"}
    assert meta.loc["y"].drop("Isolate").tolist() == ["unknown", "unknown", "8"] and pd.isna(meta.loc["y", "Isolate"])
    assert columns == {"ID": "ID", "Batch": "Ward", "Species": "Bug", "Isolate": "No"}
    meta, columns, _ = read_metadata(b"ID\nx\n")
    assert meta.loc["x"].to_dict() == {"Batch": "all", "Species": "unknown"} and set(columns.values()) == {"ID", None}


@pytest.mark.parametrize(
    ("header", "columns"),
    [
        ("id,isolate,species,city", {"Isolate": "isolate", "Species": "species", "Batch": "city"}),
        (
            "Spectrum_ID,ISOLATE ID,organism,hospital",
            {"Isolate": "ISOLATE ID", "Species": "organism", "Batch": "hospital"},
        ),
        ("code,isolate_no,Taxon,Laboratory", {"Isolate": "isolate_no", "Species": "Taxon", "Batch": "Laboratory"}),
        ("sample,isolate,SPECIES,BATCH,City", {"Isolate": "isolate", "Species": "SPECIES", "Batch": "BATCH"}),
        (
            "ID,Isolate name,Organism_name,Hospital Name",
            {"Isolate": "Isolate name", "Species": "Organism_name", "Batch": "Hospital Name"},
        ),
        (
            "ID,isolates,microorganism,INSTITUTE",
            {"Isolate": "isolates", "Species": "microorganism", "Batch": "INSTITUTE"},
        ),
        ("ID,Sample,Strain,city", {"Isolate": None, "Species": None, "Batch": "city"}),
        ("file_name,Site", {"Isolate": None, "Species": None, "Batch": "Site"}),
    ],
)
def test_columns_are_recognised_in_whatever_case(header, columns):
    n = header.count(",") + 1
    meta, found, _ = read_metadata(f"{header}\n{','.join('abcde'[:n])}\n{','.join('vwxyz'[:n])}\n".encode())
    assert found == columns | {"ID": found["ID"]} and meta.index.name == "ID" and list(meta.index) == ["a", "v"]
    for role, column in columns.items():
        if column is not None:
            assert meta.loc["a", role] == "abcde"[header.split(",").index(column)]


def test_the_column_of_the_ids_can_be_named():
    table = b"ID,File Name,Drug\n1,a,R\n1,b,S\n"
    meta, columns, _ = read_metadata(table, antibiotics=["Drug"], id="file_name")
    assert list(meta.index) == ["a", "b"] and columns["ID"] == "File Name"
    assert meta["ID (original)"].tolist() == ["1", "1"]
    with pytest.raises(
        DatasetError, match="no column 'filename1'; found 'ID', 'File Name', 'Drug'; nearest: 'File Name'$"
    ):
        read_metadata(table, id="filename1")


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"antibiotics": ["Piperacilin Tazobactam"]}, "; nearest: 'Piperacillin/Tazobactam'$"),
        ({"antibiotics": ["Foo"], "batch": "hospitl"}, "no column 'hospitl', 'Foo'; found .*; nearest: 'Hospital'$"),
        ({"isolate": "Foo"}, "no column 'Foo'; found 'Code', .*, 'A17' and 10 more$"),
    ],
)
def test_a_column_that_is_not_there_is_answered_by_the_nearest_ones(asked, message):
    names = ["Code", "Hospital", *(f"A{i}" for i in range(27)), "Piperacillin/Tazobactam"]
    with pytest.raises(DatasetError, match=message):
        read_metadata(pd.DataFrame([names], columns=names), "t.csv", **asked)


def test_an_empty_column_is_as_good_as_none():
    table = b"ID,Isolate,species,CITY,Batch,isolate id\na,,nan,NULL,,7\nb,n/a,None,,NA,7\n"
    meta, found, _ = read_metadata(table)
    assert found == {"ID": "ID", "Batch": None, "Species": None, "Isolate": "isolate id"}
    assert meta[["Batch", "Species", "Isolate"]].to_numpy().tolist() == [["all", "unknown", "7"]] * 2
    meta, found, _ = read_metadata(table.replace(b"7", b""))
    assert found["Isolate"] is None and "Isolate" not in meta
    with pytest.raises(DatasetError, match="no ID in data row '1', '2'"):
        read_metadata(b"ID,City\n,Rome\n,Rome\n")


@pytest.mark.parametrize("values", [["R", "S", "I", ""], ["r", " S", "i ", None]])
def test_labels_are_labels_in_whatever_case(values):
    table = pd.DataFrame({"ID": list("abcd"), "amikacin": values})
    meta, _, _ = read_metadata(table, antibiotics=["Amikacin"])
    assert meta["Amikacin"].tolist()[:3] == ["R", "S", "I"] and pd.isna(meta["Amikacin"]).tolist()[3]


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (TABLE.replace("Meropenem", "Imipenem"), "t.csv: no column 'Meropenem'; found 'ID', 'Amikacin', 'Imipenem'"),
        (TABLE.replace("ID", "Name"), "t.csv: no column 'ID'; found .*; name the one that holds the file names: id="),
        (TABLE.replace("a2", "a1"), "t.csv: 1 IDs stand there more than once: 'a1'"),
        (TABLE.replace("a2", ""), "t.csv: no ID in data row '2'"),
        (
            TABLE.replace("a2,S", "a2,susceptible"),
            "t.csv: column 'Amikacin' holds 'susceptible' .1. .first for ID 'a2'.; labels",
        ),
        (TABLE.replace("a2,S", "a2,R(1)").replace("a1,R", "a1,-"), "holds 'R.1.' .1. .first for ID 'a2'"),
        ("ID,Amikacin,Meropenem,City\n", "t.csv: the table has no rows"),
        ("", "t.csv: not a table"),
    ],
)
def test_a_wrong_table_names_the_fault(table, message):
    with pytest.raises(DatasetError, match=message):
        read_metadata(table.encode(), "t.csv", antibiotics=BOTH, batch="City")


def test_matching_keeps_the_order_of_the_table_and_notes_the_rest():
    matched, alone = match(EXPECTED, ["a3", "a1", "b7"], "t.csv")
    assert matched == ["a1", "a3"]
    assert alone == {"a2": "in the metadata, but no spectrum", "b7": "a spectrum, but not in the metadata"}
    with pytest.raises(
        DatasetError, match="none of its IDs has a spectrum .the first ID is 'a1', the first spectrum 'z'"
    ):
        match(EXPECTED, ["z"], "t.csv")
