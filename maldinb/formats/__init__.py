"""What an instrument or a collection wrote in, m/z and intensity out."""

from .errors import DatasetError
from .parsers import PARSERS
from .reading import read_spectrum
from .sources import open_source
from .spectrum import Spectrum
from .text import decode, parse_spectrum

__all__ = ["PARSERS", "DatasetError", "Spectrum", "decode", "open_source", "parse_spectrum", "read_spectrum"]
