"""A panel: several networks of one kind, each with the spectra that it was and was not trained on.

One network proves little. What is said of networks is said of a panel: a mean over its members, and their range.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from .. import evaluation
from ..arguments import whole
from ..network import MaldiMLPClassifier, Opened
from .effects import best_gate, typical_effect
from .gates import gate_effects, separating_gates
from .networks import over_networks, side_by_side
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
    >>> from maldinb import MaldiMLPClassifier, binary_labels, evaluation, interpretation, load_simulated
    >>> data = load_simulated(n_spectra=60, bin_width=50)
    >>> X, y = binary_labels(data)
    >>> splits = evaluation.stratified_splits(y, data.batch[X.index], n_splits=2)
    >>> model = MaldiMLPClassifier(epochs=2, hidden_dim=16, device="cpu")
    >>> panel = interpretation.train_panel(model, X, y, data.batch[X.index], splits)
    >>> len(panel), len(panel[:1])
    (2, 1)
    >>> [opened_gates.shape[1] for opened_gates in panel.each(lambda opened, y, batch: opened.gates)]
    [16, 16]
    """

    def __init__(self, fits, X, y, batch, isolate):
        self.fits, self.X, self.y, self.batch, self.isolate = tuple(fits), X, y, batch, isolate
        self._gates = {}  # by part, since many questions are asked of the same

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
        """The same networks as they were before they had learned anything.

        Parameters
        ----------
        random_state : int
            Seed of the first one's initial weights; each further one has the next number.

        Returns
        -------
        Panel
        """
        fits = [f._replace(clf=randomised(f.clf, random_state=random_state + i)) for i, f in enumerate(self.fits)]
        return Panel(fits, *self._data)

    def each(self, function, *, most=None, progress=False):
        """What a function makes of each network and the spectra that it has not seen.

        Parameters
        ----------
        function : callable
            Takes ``(opened, y, batch)``: the network opened at its held-out spectra, with the mean of its training
            spectra for a baseline, and what belongs to them. It is called for several networks at once, in threads.
        most : int, optional
            Take no more held-out spectra than so many, drawn at random, the same in every call.
        progress : bool
            Show a progress bar.

        Returns
        -------
        list
        """

        def of_network(fit):
            rows = self.some_of(fit.test, most)
            return function(self.opened(fit, rows), *self._of(rows))

        return side_by_side(of_network, self.fits, progress=progress)

    def opened(self, fit, rows=None):
        """A network opened at spectra, with the mean of its training spectra for a baseline.

        Parameters
        ----------
        fit : Fit
        rows : array_like of int, optional
            Positions; by default those that it has not seen.

        Returns
        -------
        Opened
        """
        rows = fit.test if rows is None else rows
        return Opened(fit.clf, self.X.iloc[rows], baseline=self.X.iloc[fit.train].mean())

    def some_of(self, rows, most=None):
        """At most so many positions, the same every time.

        Parameters
        ----------
        rows : array_like of int
        most : int, optional
            At least 2; None takes all.

        Returns
        -------
        array_like of int

        Raises
        ------
        ValueError
            If `most` is no whole number of at least 2.
        """
        if most is None or len(rows) <= most:
            return rows
        return np.random.default_rng(0).permutation(rows)[: whole(most, "most", 2)]

    def _of(self, rows):
        return self.y.iloc[rows], self.batch.iloc[rows]

    def gates(self, part="test"):
        """Gates of the spectra that `rows` gives, for each network.

        Parameters
        ----------
        part : {"test", "train"}

        Returns
        -------
        list of ndarray, shape (n_spectra, hidden_dim)
            They are kept, and cannot be written to.
        """
        if part not in self._gates:
            rows = [self.rows(number, part) for number in range(len(self))]
            found = side_by_side(lambda fit, r: fit.clf.get_attention_weights(self.X.iloc[r]), self.fits, rows)
            for gates in found:
                gates.setflags(write=False)
            self._gates[part] = found
        return list(self._gates[part])

    def rows(self, number, part="test"):
        """Positions of a network's held-out spectra, or of as many that it was trained on.

        The latter come, as far as there are such, from the same batches and with the same labels: what differs is only
        whether the network has seen them.

        Parameters
        ----------
        number : int
            Of the network.
        part : {"test", "train"}

        Returns
        -------
        ndarray of int
        """
        fit = self.fits[number]
        if part == "test":
            return fit.test
        shuffled = np.random.default_rng(number).permutation(fit.train)
        cell = self.batch.astype(str).to_numpy() + self.y.astype(str).to_numpy()
        wanted = pd.Series(cell[fit.test]).value_counts()
        return np.concatenate([shuffled[cell[shuffled] == one][:n] for one, n in wanted.items()])

    def separating(self, part="test", *, within_batch=True, random_state=0):
        """`separating_gates` of each network.

        Parameters
        ----------
        part : {"test", "train"}
            Which spectra, see `rows`.
        within_batch, random_state
            As for `separating_gates`.

        Returns
        -------
        list of DataFrame
        """

        def tested(gates, y, batch, isolate):
            how = {"within_batch": within_batch, "random_state": random_state}
            return separating_gates(gates, y, batch, isolate=isolate, **how)

        return side_by_side(tested, *zip(*self._gates_and_labels(part), strict=True))

    def separation(self, part="test", *, within_batch=True):
        """How well gates tell R from S: the size of a typical effect, and how many gates pass a test.

        Parameters
        ----------
        part : {"test", "train"}
            Which spectra, see `rows`.
        within_batch : bool
            As for `separating_gates`.

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
        """`best_gate` of each network: chosen on training spectra, judged on held-out ones.

        Returns
        -------
        DataFrame
            As `over_networks`: ``chosen on``, ``held out``.
        """
        effects = [[gate_effects(*data) for *data, _ in self._gates_and_labels(part)] for part in ("train", "test")]
        return over_networks([best_gate(*both) for both in zip(*effects, strict=True)]).drop(index="unit")

    def top_units_shut(self, number, count):
        """Change of a network's held-out AUROC without the units that separate best on its training spectra.

        Parameters
        ----------
        number : int
            Of the network.
        count : int
            Units, at most.

        Returns
        -------
        float
        """
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
