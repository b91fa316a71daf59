"""What an instrument or a collection wrote in, m/z and intensity out."""

from .errors import DatasetError
from .sources import open_source
from .text import decode, parse_spectrum

__all__ = ["DatasetError", "decode", "open_source", "parse_spectrum"]
