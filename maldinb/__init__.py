"""Learn to read antibiotic resistance out of MALDI-TOF mass spectra, and to doubt what the network says of it."""

from .datasets import (
    DatasetError,
    SpectraDataset,
    binary_labels,
    load_dataset,
    load_maldi_kleb_ai,
    load_simulated,
    load_spectra,
    raw_spectrum,
    write_simulated_archive,
)

__all__ = [
    "DatasetError",
    "SpectraDataset",
    "binary_labels",
    "load_dataset",
    "load_maldi_kleb_ai",
    "load_simulated",
    "load_spectra",
    "raw_spectrum",
    "write_simulated_archive",
]
__version__ = "0.1.0"
