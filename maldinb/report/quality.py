"""The one place where a report asks for the quality of spectra."""

from importlib import import_module
from importlib.util import find_spec
from typing import NamedTuple

import pandas as pd


class Quality(NamedTuple):
    """A row for each spectrum, what deserves a look as (sentence, IDs), and a row for each batch."""

    table: pd.DataFrame
    findings: list
    summary: pd.DataFrame


def quality_of(data):
    """What `maldinb.quality` says of a data set; None where the installation has no such room."""
    if find_spec("maldinb.quality") is None:
        return None
    room = import_module("maldinb.quality")
    table = room.quality_table(data)
    return Quality(table, list(room.findings(data, table)), room.batch_table(table))
