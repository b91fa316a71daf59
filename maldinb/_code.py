"""The code as a part of a key: what an older version has computed must not pass for what this one would."""

import functools
import hashlib
from pathlib import Path

_PACKAGE = Path(__file__).parent


@functools.cache
def code_hash(*patterns):
    """A hash of the text of those files of the package that patterns such as "datasets/*.py" name."""
    digest = hashlib.sha256()
    for pattern in patterns:
        for file in sorted(_PACKAGE.glob(pattern)):
            digest.update(file.read_bytes())
    return digest.hexdigest()
