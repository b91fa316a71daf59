"""Quality before models: what spectra show of themselves. Nothing is left out of the data, and all of it is said."""

from ..offering import offered as _offered
from ..preprocessing import HOUSEKEEPING, noise_of
from .calibration import calibration_offset
from .duplicates import duplicates
from .findings import Finding, findings
from .measures import saturated_share
from .replicates import replicate_table
from .table import batch_table, quality_table

__all__ = _offered(globals())
