"""Learn to read antibiotic resistance out of MALDI-TOF mass spectra, and to doubt what the network says of it."""

import importlib

from .datasets import (
    DatasetError,
    SpectraDataset,
    binary_labels,
    from_matrix,
    load_dataset,
    load_driams,
    load_maldi_kleb_ai,
    load_marisma,
    load_matrix,
    load_simulated,
    load_spectra,
    raw_spectrum,
    write_simulated_archive,
)
from .offering import offered as _offered

__version__ = "0.1.0"

# PyTorch takes seconds to import; whoever only loads spectra should not wait for it.
_LAZY = ("MaldiMLPClassifier", "SpectralAttentionMLP")
__all__ = sorted([*_offered(globals()), *_LAZY])


def __getattr__(name):
    if name in _LAZY:
        return getattr(importlib.import_module(".network", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
