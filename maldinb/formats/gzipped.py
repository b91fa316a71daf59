"""Any file may be packed with gzip: what it says stands in its first bytes, not in its name."""

import gzip
import zlib

from ..preprocessing import SpectrumError


def unpack(data):
    """Unpack what gzip has packed; leave all else as it is.

    Parameters
    ----------
    data : bytes

    Returns
    -------
    bytes

    Raises
    ------
    SpectrumError
        If the packed file is damaged.

    Examples
    --------
    >>> unpack(gzip.compress(b"2000 12")), unpack(b"2000 12")
    (b'2000 12', b'2000 12')
    """
    if data[:2] != b"\x1f\x8b":
        return data
    try:
        return gzip.decompress(data)
    except (OSError, EOFError, zlib.error) as error:
        raise SpectrumError(f"damaged gzip file ({error})") from None
