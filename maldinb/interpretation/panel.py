"""A panel: several networks of one kind, each with the spectra that it was and was not trained on.

One network proves little. What is said of networks is said of a panel: a mean over its members, and their range.
"""

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
import pandas as pd
from sklearn.base import clone
from tqdm.auto import tqdm

from .. import evaluation
from ..arguments import whole
from ..datasets.matrix import default_jobs
from ..evaluation import checks
from ..network import MaldiMLPClassifier, Opened, fitted
from ..network.kept import BeingFitted
from .effects import best_gate, typical_effect
from .gates import gate_effects, separating_gates
from .networks import over_networks
from .sanity import randomised
from .units import knock_out_table


class Fit(NamedTuple):
    """A network, and the positions of the spectra that it was and was not trained on."""

    clf: MaldiMLPClassifier
    train: np.ndarray
    test: np.ndarray


class Panel:
    """Networks of one kind, with the spectra that they were trained and held out on.

    Parameters
    ----------
    fits : sequence of Fit
    X : DataFrame, shape (n, n_bins)
    y : Series of {0, 1}, shape (n,)
        1 for resistant.
    batch, isolate : Series, shape (n,)
        Batch (hospital, instrument, year) and isolate of each spectrum.

    Notes
    -----
    It is a sequence of `Fit`; a slice of it is a panel.

    Examples
    --------
    >>> from maldinb import MaldiMLPClassifier, binary_labels, evaluation, load_simulated
    >>> data = load_simulated(n_spectra=60, bin_width=50)
    >>> X, y = binary_labels(data)
    >>> splits = evaluation.stratified_splits(y, data.batch[X.index], n_splits=2)
    >>> model = MaldiMLPClassifier(epochs=2, hidden_dim=16, device="cpu")
    >>> panel = train_panel(model, X, y, data.batch[X.index], splits)
    >>> len(panel), len(panel[:1])
    (2, 1)
    >>> [opened_gates.shape[1] for opened_gates in panel.each(lambda opened, y, batch: opened.gates)]
    [16, 16]
    """

    def __init__(self, fits, X, y, batch, isolate):
        self.fits, self.X, self.y, self.batch, self.isolate = tuple(fits), X, y, batch, isolate

    def __len__(self):
        return len(self.fits)

    def __iter__(self):
        return iter(self.fits)

    def __getitem__(self, which):
        return Panel(self.fits[which], *self._data) if isinstance(which, slice) else self.fits[which]

    @property
    def _data(self):
        return self.X, self.y, self.batch, self.isolate

    def untrained(self, random_state=0):
        """The same networks as they were before they had learned anything."""
        fits = [f._replace(clf=randomised(f.clf, random_state=random_state + i)) for i, f in enumerate(self.fits)]
        return Panel(fits, *self._data)

    def each(self, function, *, most=None):
        """What a function makes of each network and the spectra that it has not seen.

        Parameters
        ----------
        function : callable
            Takes ``(opened, y, batch)``: the network opened at its held-out spectra, with the mean of its training
            spectra for a baseline, and what belongs to them.
        most : int, optional
            Take no more held-out spectra than so many, drawn at random, the same in every call.

        Returns
        -------
        list
        """
        return [function(self.opened(fit, rows := self.some_of(fit.test, most)), *self._of(rows)) for fit in self.fits]

    def opened(self, fit, rows=None):
        """A network opened at spectra (by default those that it has not seen), its training mean for a baseline."""
        rows = fit.test if rows is None else rows
        return Opened(fit.clf, self.X.iloc[rows], baseline=self.X.iloc[fit.train].mean())

    def some_of(self, rows, most=None):
        """At most so many positions, in an order that is the same every time."""
        if most is None or len(rows) <= most:
            return rows
        return np.random.default_rng(0).permutation(rows)[: whole(most, "most", 2)]

    def _of(self, rows):
        return self.y.iloc[rows], self.batch.iloc[rows]

    def gates(self, part="test"):
        """Gates of held-out spectra (or, with ``part="train"``, of as many training spectra), for each network."""
        rows = [self.rows(i, part) for i in range(len(self))]
        return [f.clf.get_attention_weights(self.X.iloc[r]) for f, r in zip(self.fits, rows, strict=True)]

    def rows(self, number, part="test"):
        """Positions of a network's held-out spectra, or of as many that it was trained on.

        The latter come, as far as there are such, from the same batches and with the same labels: what differs is only
        whether the network has seen them.
        """
        fit = self.fits[number]
        if part == "test":
            return fit.test
        shuffled = np.random.default_rng(number).permutation(fit.train)
        cell = self.batch.astype(str).to_numpy() + self.y.astype(str).to_numpy()
        wanted = pd.Series(cell[fit.test]).value_counts()
        return np.concatenate([shuffled[cell[shuffled] == one][:n] for one, n in wanted.items()])

    def separating(self, part="test", *, within_batch=True, random_state=0):
        """`separating_gates` of each network, on held-out spectra or (``part="train"``) on as many training spectra."""
        how = {"within_batch": within_batch, "random_state": random_state}
        return [separating_gates(*data, isolate=isolate, **how) for *data, isolate in self._gates_and_labels(part)]

    def separation(self, part="test", *, within_batch=True):
        """How well gates tell R from S: the size of a typical effect, and how many gates pass a test.

        Returns
        -------
        DataFrame
            Over the networks, as `over_networks`: ``typical effect`` beyond chance (see `typical_effect`), and ``share
            that separates`` at a false discovery rate of 5 % (see `separating_gates`).
        """
        tested, rows = self.separating(part, within_batch=within_batch), []
        for (*data, isolate), found in zip(self._gates_and_labels(part), tested, strict=True):
            size = typical_effect(*data, isolate=isolate, within_batch=within_batch)
            rows.append({"typical effect": size["beyond chance"], "share that separates": found["separates"].mean()})
        return over_networks(rows)

    def best_gates(self):
        """`best_gate` of each network: chosen on training spectra, judged on held-out ones; over the networks."""
        effects = [[gate_effects(*data) for *data, _ in self._gates_and_labels(part)] for part in ("train", "test")]
        return over_networks([best_gate(*both) for both in zip(*effects, strict=True)]).drop(index="unit")

    def top_units_shut(self, number, count):
        """Change of a network's held-out AUROC without the units that separate best on its training spectra."""
        fit = self.fits[number]
        effect = gate_effects(fit.clf.get_attention_weights(self.X.iloc[fit.train]), *self._of(fit.train))
        ranking, count = np.argsort(-np.abs(effect), kind="stable"), min(count, len(effect))
        table = knock_out_table(self.opened(fit), self.y.iloc[fit.test], ranking, counts=[count], n_draws=1)
        return float(table.loc[count, "ranked"])

    def _gates_and_labels(self, part):
        """Gates, labels, batches and isolates of the spectra of each network."""
        rows = [self.rows(number, part) for number in range(len(self))]
        return [(gates, *self._of(r), self.isolate.iloc[r]) for gates, r in zip(self.gates(part), rows, strict=True)]

    def held_out_auroc(self):
        """AUROC of all spectra, each scored by the networks that have not seen it, with its interval; within batches.

        Returns
        -------
        pooled : Interval
        within : float
        """
        score, times = np.zeros(len(self.y)), np.zeros(len(self.y))
        for fit in self.fits:
            score[fit.test] += Opened(fit.clf, self.X.iloc[fit.test]).log_odds()
            times[fit.test] += 1
        seen = np.flatnonzero(times)
        (y, batch), score = self._of(seen), score[seen] / times[seen]
        pooled = evaluation.auroc_with_interval(y, score, isolate=self.isolate.iloc[seen])
        return pooled, evaluation.within_batch_auroc(y, score, batch)[0]


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
    y = y if isinstance(y, pd.Series) else pd.Series(checks.targets(y))
    if len(X) != len(y):
        raise ValueError(f"X has {len(X)} rows, but there are {len(y)} labels")
    X = X if isinstance(X, pd.DataFrame) else pd.DataFrame(np.asarray(X), y.index).rename(columns=str)
    batch = pd.Series(checks.batches(batch, len(y)), y.index)
    isolate = pd.Series(np.arange(len(y)) if isolate is None else np.asarray(isolate), y.index)
    splits = evaluation.splits.check_splits(splits, checks.targets(y))
    wanted = [(clone(model).set_params(random_state=seed), *split) for seed in seeds for split in splits]
    with np.errstate(over="ignore"):
        rows = X.astype(np.float32)  # what networks see: half the memory for each fit
    return Panel(_fit_all(wanted, rows, y, n_jobs, progress), X, y, batch, isolate)


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
