"""Train a panel: fits side by side, each kept, none twice."""

from collections import deque
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
from sklearn.base import clone
from tqdm.auto import tqdm

from .. import evaluation
from ..arguments import whole
from ..datasets.workers import default_jobs
from ..evaluation import checks
from ..memory import give_back
from ..network import fitted
from ..network.kept import BeingFitted
from .panel import Fit, Panel


def train_panel(model, X, y, batch, splits, *, isolate=None, seeds=(0,), n_jobs=None, progress=False):
    """Train one network for each seed and split, or take those from the cache that were trained before.

    Fits run side by side, each on one thread: they are the same, bit for bit, as one after the other. They are kept
    (see `maldinb.network.fitted`), so that another notebook, or the same one a second time, trains nothing twice; where
    two notebooks run at once, each trains what the other is not at.

    Parameters
    ----------
    model : MaldiMLPClassifier
        Not fitted itself.
    X : DataFrame or array_like, shape (n, n_bins)
    y : Series or array_like of {0, 1}, shape (n,)
    batch : Series or array_like of str, shape (n,)
        Batch (hospital, instrument, year) of each spectrum.
    splits : list of (train, test)
        Positions, such as `evaluation.stratified_splits` returns.
    isolate : array_like, shape (n,), optional
        By default each spectrum is an isolate of its own.
    seeds : sequence of int
        Values of ``random_state``. All splits of the first seed come first.
    n_jobs : int, optional
        Fits at the same time; by default as many as there are cores to use.
    progress : bool
        Show a progress bar.

    Returns
    -------
    Panel

    Raises
    ------
    ValueError
        If the data cannot be trained on.

    Examples
    --------
    See `Panel`.

    >>> train_panel(None, [[0.0]], [0, 1], ["Rome"], [])
    Traceback (most recent call last):
      ...
    ValueError: X has 1 rows, but there are 2 labels
    """
    labels = checks.targets_of(X, y)
    y = y if isinstance(y, pd.Series) else pd.Series(labels)
    X = X if isinstance(X, pd.DataFrame) else pd.DataFrame(np.asarray(X), y.index).rename(columns=str)
    batch = pd.Series(checks.batches(batch, len(y)), y.index)
    isolate = pd.Series(np.arange(len(y)) if isolate is None else np.asarray(isolate), y.index)
    splits = evaluation.splits.check_splits(splits, labels)
    wanted = [(clone(model).set_params(random_state=seed), *split) for seed in seeds for split in splits]
    with np.errstate(over="ignore"):
        rows = X.astype(np.float32)  # what networks see: half the memory for each fit
    fits = _fit_all(wanted, rows, y, n_jobs, progress)
    del rows
    give_back()
    return Panel(fits, X, y, batch, isolate)


def _fit_all(wanted, X, y, n_jobs, progress):
    """Fit side by side. What another process is at comes last: by then it has most likely been kept."""
    done, queue = {}, deque((number, False) for number in range(len(wanted)))
    n_jobs = default_jobs() if n_jobs is None else whole(n_jobs, "n_jobs", 1)
    bar = tqdm(total=len(wanted), desc="networks", unit="", disable=not progress)

    def work():
        while queue:
            try:
                number, wait = queue.popleft()
            except IndexError:  # another thread was faster
                return
            clf, train, test = wanted[number]
            try:
                done[number] = Fit(fitted(clf, X.iloc[train], y.iloc[train], wait=wait), train, test)
                bar.update()
            except BeingFitted:
                queue.append((number, True))

    # Fits in threads of their own: Ctrl-C reaches none of them half-way, and leaves no half-trained network.
    with bar, ThreadPoolExecutor(min(n_jobs, max(len(wanted), 1))) as pool:
        workers = [pool.submit(work) for _ in range(n_jobs)]
        try:
            for worker in workers:
                worker.result()
        except BaseException:
            queue.clear()
            raise
    return [done[number] for number in range(len(wanted))]
