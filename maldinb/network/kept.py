"""Fits that are kept: what has been trained once, on the same spectra, with the same code, is not trained again."""

import hashlib
import json
import os
import platform
import time
import warnings
from contextlib import ExitStack, suppress

import numpy as np
import torch
from filelock import FileLock, Timeout
from sklearn.base import clone
from torch.nn import functional as F

from ..datasets.cache import cache_folder
from ..fingerprint import code_hash
from ..writing import replacing
from . import training
from .inputs import class_weights, draw_seeds, encode, split
from .saved import ModelFileError, plain, write

#: The code that decides a fit. It is part of the key, so that no fit outlives a change of it.
_CODE = (
    "network.classifier",
    "network.inputs",
    "network.model",
    "network.saved",
    "network.threads",
    "network.training",
)
#: The folder of fits takes no more than this; those that nobody has used for longest go first.
MOST_BYTES = 500_000_000
_DAY = 86400  # seconds after which nobody is expected to come back for what was left lying


class BeingFitted(Exception):
    """Another process is at this very fit."""


def fitted(clf, X, y, *, cache_dir=None, wait=True):
    """A fitted clone of a classifier: from the cache if the same was fitted before, else fitted now and kept.

    It is the same, bit for bit, as ``clone(clf).fit(X, y)``: the key is made of the parameters, the spectra, the
    labels, the code of the network, and of what decides rounding (versions and processor). Fits that would not be the
    same twice, as on a GPU or with ``random_state=None``, are not kept.

    Parameters
    ----------
    clf : MaldiMLPClassifier
        It is not fitted itself.
    X, y : array_like
        As for `MaldiMLPClassifier.fit`.
    cache_dir : path-like, optional
        By default $MALDINB_CACHE_DIR, else the system's place for caches; fits are in its folder ``fits``.
    wait : bool
        Whether to wait where another process is at the same fit, and to take what comes out.

    Returns
    -------
    MaldiMLPClassifier

    Raises
    ------
    BeingFitted
        If another process is at it and `wait` is False.
    ValueError, RuntimeError
        As `MaldiMLPClassifier.fit`.

    Examples
    --------
    >>> from maldinb import MaldiMLPClassifier, binary_labels, load_simulated
    >>> X, y = binary_labels(load_simulated(n_spectra=60, bin_width=50))
    >>> clf = MaldiMLPClassifier(epochs=2, hidden_dim=16, device="cpu")
    >>> once, again = fitted(clf, X, y), fitted(clf, X, y)
    >>> bool((once.predict_proba(X) == again.predict_proba(X)).all())
    True
    """
    clf = clone(clf)
    key = fit_key(clf, X, y)
    if key is None:
        return clf.fit(X, y)
    entry = cache_folder(cache_dir) / "fits" / f"{key}.npz"
    lock = entry.with_suffix(".lock")
    if found := _read(clf, entry, X, y):
        return found
    with ExitStack() as locked:
        with suppress(OSError):  # where the cache cannot be written to, each process fits for itself
            entry.parent.mkdir(parents=True, exist_ok=True)
            try:
                locked.enter_context(FileLock(lock, timeout=-1 if wait else 0))
            except Timeout:
                raise BeingFitted(f"another process is fitting {key}") from None
            if found := _read(clf, entry, X, y):
                return found
        clf.fit(X, y)
        if not interrupted(clf):
            _write(clf, entry)
            with suppress(OSError):  # who waits for it has it open, and will find the entry
                lock.unlink()
    return clf


def fit_key(clf, X, y):
    """A key of all that decides a fit; None if another fit would not give the same.

    Parameters
    ----------
    clf : MaldiMLPClassifier
    X, y : array_like

    Returns
    -------
    str or None
    """
    parameters = clf.get_params(deep=False)
    same_again = isinstance(clf.random_state, (int, np.integer)) and clf.num_threads is not None
    if not same_again or training.pick_device(clf.device).type != "cpu":
        return None
    try:
        with np.errstate(over="ignore"):
            rows = np.ascontiguousarray(X, np.float32)  # what the network sees
        labels = np.asarray(y)
        determinants = [
            {name: plain(name, value) for name, value in parameters.items()},
            [rows.shape, hashlib.sha256(rows).hexdigest(), [str(name) for name in getattr(X, "columns", ())]],
            [labels.dtype.str, labels.tolist()],
            [code_hash(*_CODE), torch.__version__, np.__version__],
            [platform.machine(), torch.backends.cpu.get_cpu_capability()],
        ]
        return hashlib.sha256(json.dumps(determinants, sort_keys=True).encode()).hexdigest()[:32]
    except (TypeError, ValueError):
        return None  # `fit` will say what is wrong with it


def interrupted(clf):
    """Whether training was stopped by hand: such a network is usable, and is not what its parameters say.

    Parameters
    ----------
    clf : MaldiMLPClassifier
        Fitted.

    Returns
    -------
    bool
    """
    stopped_early = clf.early_stopping and clf.n_iter_ - clf.best_epoch_ >= clf.patience
    return clf.n_iter_ < clf.epochs and not stopped_early


def _read(clf, entry, X, y):
    """The fit that an entry holds, or None."""
    try:
        found = type(clf).load(entry)
    except ModelFileError as error:
        warnings.warn(f"a fit in the cache is damaged, and is made again ({error})", stacklevel=3)
        return None
    except OSError:
        return None
    with suppress(OSError):  # when it was last of use, for `_prune`; the cache of a class may be read-only
        os.utime(entry)
    found.set_params(**clf.get_params(deep=False))  # a list that was saved comes back as a tuple
    # A file's numbers lie anywhere in memory; sums over those that torch has placed itself are rounded as after a fit.
    found.model_.load_state_dict({n: v.clone() for n, v in found.model_.state_dict().items()}, assign=True)
    _warn_again(found, X, y)
    return found


def _warn_again(clf, X, y):
    """The warning of the fit, if it does no better than guessing."""
    classes, codes = encode(np.asarray(y))
    trained, held = split(codes, clf.validation_fraction if clf.early_stopping else 0, draw_seeds(clf.random_state)[0])
    weight = class_weights(clf.class_weight, classes, codes)
    weight, codes = None if weight is None else torch.from_numpy(weight), torch.from_numpy(codes)
    if len(held):
        lowest, validation = clf.history_["val_loss"][clf.best_epoch_ - 1], (None, codes[held])
    else:
        lowest, validation = F.cross_entropy(torch.from_numpy(clf.logits(X)).float(), codes, weight=weight).item(), None
    training.warn_of_guessing(lowest, codes[trained], validation, weight)


def _write(clf, entry):
    """Write beside the entry, then rename: a reader sees all of it or nothing."""
    with suppress(OSError):  # it is only a memory: the next call fits again
        with replacing(entry) as file:
            write(clf, file)
        _prune(entry.parent)


def _prune(folder):
    """Remove what has not been used for longest until the rest is small enough, and what killed writers left."""
    seen, now = [], time.time()
    for path in folder.iterdir():
        with suppress(OSError):
            status = path.stat()
            if path.suffix == ".npz" and not path.name.startswith("."):
                seen.append((status.st_mtime, status.st_size, path))
            elif now - status.st_mtime > _DAY:
                path.unlink()
    total = sum(size for _, size, _ in seen)
    for _, size, path in sorted(seen):
        if total <= MOST_BYTES:
            break
        with suppress(OSError):
            path.unlink()
            total -= size
