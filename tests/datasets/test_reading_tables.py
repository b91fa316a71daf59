"""Tables as spreadsheets write them: read as texts, or refused with what to do."""

import io
import sys

import pandas as pd
import pytest

from maldinb import DatasetError
from maldinb.datasets.tables import read_table


def workbook(**sheets):
    file = io.BytesIO()
    with pd.ExcelWriter(file) as writer:
        for title, sheet in sheets.items():
            pd.DataFrame(sheet).to_excel(writer, sheet_name=title, index=False)
    return file.getvalue()


SHEET = {" ID ": ["007", "1e5", 3], "Drug": ["R ", None, "NA"], "Count": [1, 2.5, None], "Yes": [True, False, None]}


def test_a_workbook_is_read_as_text():
    for data in (workbook(a=SHEET), workbook(empty={}, a=SHEET)):
        assert read_table(data, "t.xlsx").to_dict("list") == {
            "ID": ["007", "1e5", "3"],
            "Drug": ["R", "", "NA"],
            "Count": ["1", "2.5", ""],
            "Yes": ["True", "False", ""],
        }


BAD = {
    "several sheets": (
        workbook(a=SHEET, legend=SHEET),
        "several sheets with something in them, 'a', 'legend'; take .*sheet_name",
    ),
    "no workbook": (b"PK\x03\x04 of something else", "not a table .File is not a zip file"),
    "nothing in it": (workbook(a={}), "the table has no rows"),
    "old": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "is an old Excel file ..xls.: save it as .xlsx or CSV"),
    "empty": (b"\n", "not a table .the file is empty"),
    "half UTF-16": ("ID\na".encode("utf-16")[:-1], "not a table .looks like UTF-16"),
    "two of a name": (
        pd.DataFrame([["a", "R", "S"]], columns=["ID", "Drug", "Drug "]),
        "several columns are called 'Drug'",
    ),
}


@pytest.mark.parametrize(("table", "message"), BAD.values(), ids=BAD)
def test_what_is_no_table_is_refused(table, message):
    with pytest.raises(DatasetError, match=f"^t.xlsx.*{message}"):
        read_table(table, "t.xlsx")


def test_the_package_that_is_missing_is_named(monkeypatch):
    data = workbook(a=SHEET)
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(
        DatasetError, match=r't.xlsx is an Excel file, which openpyxl reads: pip install "maldinb\[excel\]"'
    ):
        read_table(data, "t.xlsx")
