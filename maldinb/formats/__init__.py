"""What an instrument or a collection wrote in, m/z and intensity out."""

from .errors import DatasetError
from .parsers import PARSERS
from .sources import open_source
from .text import decode, parse_spectrum

__all__ = ["PARSERS", "DatasetError", "decode", "open_source", "parse_spectrum"]
