"""What is packed may unpack to far more than it seems: no more is read than a spectrum can hold."""

import gzip
import io
import zlib

from ..preprocessing import SpectrumError

LARGEST = 2**28  # bytes of one file: a hundred times a spectrum, and still nothing that fills a memory
MOST, RATIO = 2**26, 200  # bytes of all, below which no one counts; how many times its size a packed file may unpack to


def gunzip(data):
    """Unpack gzip, if `data` are that.

    Raises
    ------
    SpectrumError
        If they are damaged, or unpack to more than `LARGEST`.

    Examples
    --------
    >>> gunzip(gzip.compress(b"2000 12")), gunzip(b"2000 12")
    (b'2000 12', b'2000 12')
    """
    if data[:2] != b"\x1f\x8b":
        return data
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
            unpacked = file.read(LARGEST + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise SpectrumError(f"damaged gzip file ({error})") from None
    if len(unpacked) > LARGEST:
        raise SpectrumError(f"unpacks to more than {LARGEST >> 20} MiB, and no spectrum is that large")
    return unpacked
