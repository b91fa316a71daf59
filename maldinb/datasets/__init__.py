"""Spectra in, a matrix out: the real set, its simulated twin, and your own files."""

from ..formats import DatasetError
from ..offering import offered as _offered
from .dataset import SpectraDataset
from .driams import load_driams
from .given import from_matrix
from .kleb_ai import load_maldi_kleb_ai
from .labels import binary_labels
from .loading import COLLECTIONS, LOADERS, load_dataset
from .marisma import load_marisma
from .matrix_file import load_matrix
from .own import load_spectra
from .raw import raw_spectrum
from .registry import Record
from .simulated import load_simulated, write_simulated_archive

__all__ = _offered(globals())
