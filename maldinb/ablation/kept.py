"""Where the results of a study lie if nobody names a folder: in the cache, for a month."""

import os
import time
from contextlib import suppress

from ..datasets.cache import cache_folder

_DAYS = 30


def study_cache(cache_dir=None):
    """A folder in the cache for `run_study`, so that the same study takes seconds when it is run again.

    Results that are older than a month are removed.

    Parameters
    ----------
    cache_dir : path-like, optional
        By default $MALDINB_CACHE_DIR, else the system's place for caches.

    Returns
    -------
    Path or None
        None where the cache cannot be written to: then nothing is kept.

    Examples
    --------
    >>> import tempfile
    >>> study_cache(tempfile.mkdtemp()).name
    'studies'
    """
    folder = cache_folder(cache_dir) / "studies"
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        for file in folder.glob("*.json"):
            if time.time() - file.stat().st_mtime > _DAYS * 86400:
                file.unlink()
    return folder if os.access(folder, os.W_OK) else None
