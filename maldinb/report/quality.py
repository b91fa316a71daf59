"""What a report says of the quality of spectra."""

from typing import NamedTuple

import pandas as pd

from .. import quality


class Quality(NamedTuple):
    """A row for each spectrum, what deserves a look as (sentence, IDs), and a row for each batch."""

    table: pd.DataFrame
    findings: list
    summary: pd.DataFrame


def quality_of(data, verbose=False):
    """What `maldinb.quality` says of a data set."""
    table = quality.quality_table(data, verbose=verbose)
    return Quality(table, quality.findings(data, table), quality.batch_table(table))
