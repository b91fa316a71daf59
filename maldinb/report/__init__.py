"""A report that can go to a colleague: one page of what was found in some spectra, and of what may not be concluded.

::

    data = load_spectra("my_spectra", label="Ceftazidime")
    page = write_report(data, "ceftazidime")
"""

from .folder import check_place
from .writing import write_report

__all__ = ["check_place", "write_report"]
