"""A fitted network, opened: what its layers make of some spectra, and what would come out with other values."""

import copy
from functools import cached_property

import numpy as np
import torch
from sklearn.utils.validation import check_is_fitted

from .classifier import MaldiMLPClassifier
from .inputs import standardized
from .threads import threads


class Opened:
    """A look inside a fitted network, at some spectra.

    ::

        rows -> sums -> hidden -+-> gates
                                |     |
                                +-> product -> log-odds

    All that the network knows of a spectrum are the `sums` of its first layer. Before them everything is linear, so
    that slopes and windows are computed behind them, at some hundred units instead of thousands of bins.

    Numbers are in double precision. Where spectra are the same to the network, rounding is then far smaller than the
    differences between spectra that even an untrained network makes, and the two can be told apart. Sums in single
    precision give log-odds in single precision, in half the time.

    Parameters
    ----------
    clf : MaldiMLPClassifier
        Fitted. It is not changed.
    X : array_like or DataFrame, shape (n_spectra, n_bins)
    baseline : array_like, shape (n_bins,), optional
        The spectrum that stands for "nothing special here", by default the mean of `X`. Zeros, the usual choice for
        pictures, would be a spectrum without a single ion, which no instrument records and the network has never
        seen; from the mean spectrum one asks what makes *this* one differ from the others.
    target : label, optional
        The class that log-odds speak for, against all others together. It may be left out where the labels are 1 for
        resistant and 0 for susceptible, and is then 1.

    Attributes
    ----------
    rows : ndarray, shape (n_spectra, n_bins)
        The spectra as the network sees them: in standard deviations if the classifier standardises.
    baseline : ndarray, shape (n_bins,)
        The same of the baseline.
    distance : ndarray, shape (n_spectra, n_bins)
        ``rows - baseline``.
    columns : ndarray, shape (n_bins,)
        Names of the bins that the network was fitted on, or their numbers.
    weights : ndarray, shape (hidden_dim, n_bins)
        From bins to hidden units, BatchNorm's scale included: ``diag(gamma / sqrt(var + eps)) W``. By how much one more
        in a bin raises a unit, before ReLU.
    sums : ndarray, shape (n_spectra, hidden_dim)
        What the first layer makes of the rows, before BatchNorm.
    hidden : ndarray, shape (n_spectra, hidden_dim)
        Hidden units after ReLU, not yet gated.
    gates : ndarray, shape (n_spectra, hidden_dim)
        Between 0 and 1.

    Raises
    ------
    TypeError, NotFittedError
        If `clf` is no MaldiMLPClassifier, or not fitted.
    ValueError
        If `X` or the baseline do not fit the network, there is no such class, or log-odds have no class to speak for.
    RuntimeError
        On asking for gates, if the network has none.

    Examples
    --------
    >>> from maldinb import MaldiMLPClassifier, binary_labels, load_simulated
    >>> X, y = binary_labels(load_simulated(n_spectra=60, bin_width=50))
    >>> opened = Opened(MaldiMLPClassifier(epochs=2, hidden_dim=16).fit(X, y), X)
    >>> opened.hidden.shape == opened.gates.shape == (len(X), 16)
    True
    >>> without_gate = opened.log_odds(gates=1)
    >>> slopes = opened.to_bins(opened.slopes())
    >>> slopes.shape == X.shape
    True
    """

    def __init__(self, clf, X, *, baseline=None, target=None):
        check_fitted(clf)
        self._clf, self._classes = clf, clf.classes_.tolist()
        self.target = 1 if target is None and self._classes == [0, 1] else target
        if self.target not in self._classes:  # "R" sorts before "S": nobody guesses which of them is meant
            raise ValueError(
                f"target is {target!r}, and this classifier was fitted on {', '.join(map(repr, self._classes))}: name "
                "the one that log-odds speak for, or fit on 1 for resistant and 0 for susceptible (see binary_labels)"
            )
        self.rows = clf.as_tensor(X).double().numpy()
        self.columns = getattr(clf, "feature_names_in_", np.arange(self.rows.shape[1]))
        self.baseline = self.rows.mean(axis=0) if baseline is None else self._seen(baseline)
        self._model = copy.deepcopy(clf.model_).double()
        self._weight = self._model.project[0].weight.detach().numpy()

    def _seen(self, baseline):
        """The baseline as the network sees it."""
        with np.errstate(over="ignore"):  # too large for float32 is infinite, and refused
            row = np.asarray(baseline).astype(np.float32)
        if row.shape != self.rows.shape[1:]:
            raise ValueError(f"baseline has shape {row.shape}; it is one spectrum of {self.rows.shape[1]} bins")
        if not np.isfinite(row).all():
            raise ValueError(f"baseline holds {(~np.isfinite(row)).sum()} numbers that are not finite")
        return standardized(row, self._clf.mean_, self._clf.scale_).astype(float)

    def _run(self, function, *arrays):
        """Apply a function of tensors to arrays."""
        with torch.no_grad(), threads(self._clf.num_threads):
            return function(*map(_tensor, arrays)).numpy()

    def _run_flat(self, function, sums):
        """The same to an array of which only the last axis, that of the units, means something to the network."""
        sums = np.asarray(sums)
        values = self._run(function, sums.reshape(-1, sums.shape[-1]))
        return values.reshape(sums.shape[:-1] + values.shape[1:])

    @cached_property
    def distance(self):
        return self.rows - self.baseline

    @cached_property
    def weights(self):
        norm = self._model.project[1]
        scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
        return scale.detach().numpy()[:, None] * self._weight

    @cached_property
    def sums(self):
        return self._run(self._model.project[0], self.rows)

    @cached_property
    def hidden(self):
        return self._run(self._model.project[1:], self.sums)

    @cached_property
    def gates(self):
        if self._model.gate is None:
            raise RuntimeError("this network has no gates: it was fitted with use_attention=False. Fit one that has")
        return self._run(self._model.gate, self.hidden)

    def log_odds(self, *, hidden=None, gates=None):
        """Log-odds of the target, with the hidden units and the gates as they are or replaced.

        Parameters
        ----------
        hidden : array_like, shape (n, hidden_dim), optional
        gates : array_like, shape (n, hidden_dim), (hidden_dim,) or (), optional
            One number for all, one for each unit, or one for each unit of each spectrum.

        Returns
        -------
        ndarray, shape (n,)
            ln(P / (1 - P)), where P is the probability of the target.

        Raises
        ------
        ValueError
            If the shapes do not fit the network.
        RuntimeError
            If gates are given and the network has none.
        """
        width, hidden = self.sums.shape[1], self.hidden if hidden is None else np.asarray(hidden, float)
        if hidden.ndim != 2 or hidden.shape[1] != width:
            raise ValueError(f"hidden has shape {hidden.shape}, but the network has {width} hidden units")
        if gates is None and self._model.gate is None:
            return self._run(self._odds, hidden)
        gates = self.gates if gates is None or self._model.gate is None else np.asarray(gates, float)
        if gates.shape not in {(), (width,), hidden.shape}:
            raise ValueError(f"gates has shape {gates.shape}; it may be one number, {(width,)} or {hidden.shape}")
        return self._run(self._odds, hidden * gates)

    def log_odds_of(self, sums):
        """Log-odds of spectra with these sums.

        Parameters
        ----------
        sums : array_like, shape (..., hidden_dim)

        Returns
        -------
        ndarray, shape (...)
        """
        return self._run_flat(self._behind_sums, sums)

    def slopes(self, sums=None, unit_weights=None):
        """Derivatives by the sums: of the log-odds or, with `unit_weights`, of the weighted sum of the gates.

        Parameters
        ----------
        sums : array_like, shape (..., hidden_dim), optional
            Where; by default at the spectra.
        unit_weights : array_like, shape (hidden_dim,), optional

        Returns
        -------
        ndarray, shape (..., hidden_dim)

        Raises
        ------
        RuntimeError
            If gates are asked for and the network has none.
        ValueError
            If there is not one weight for each unit.
        """
        function = self._behind_sums
        if unit_weights is not None:
            weights = np.asarray(unit_weights, float)
            if weights.shape != self.gates.shape[1:]:
                width = self.gates.shape[1]
                raise ValueError(f"unit_weights has shape {weights.shape}, but the network has {width} hidden units")
            weights = torch.from_numpy(weights)

            def function(sums):
                return self._model.gate(self._model.project[1:](sums)) @ weights

        def slope(sums):
            with torch.enable_grad():
                # A constant gate does not depend on its sums: this term makes its slope 0 instead of an error.
                value = function(sums.requires_grad_()).sum() + 0 * sums.sum()
                return torch.autograd.grad(value, sums)[0]

        return self._run_flat(slope, self.sums if sums is None else sums)

    def to_bins(self, slopes):
        """Slopes by sums as slopes by bins, through the linear first layer: (..., hidden_dim) -> (..., n_bins)."""
        return self._run(torch.matmul, slopes, self._weight)

    def share(self, bins):
        """What the distance from the baseline adds to the sums in some bins: (n_spectra, hidden_dim)."""
        return self._run(torch.matmul, self.distance[:, bins], self._weight[:, bins].T)

    def _model_for(self, values):
        return self._clf.model_ if values.dtype == torch.float32 else self._model

    def _behind_sums(self, sums):
        model = self._model_for(sums)
        hidden = model.project[1:](sums)
        return self._odds(hidden if model.gate is None else hidden * model.gate(hidden))

    def _odds(self, gated):
        logits, target = self._model_for(gated).classify(gated), self._classes.index(self.target)
        others = [i for i in range(logits.shape[1]) if i != target]
        return logits[:, target] - logits[:, others].logsumexp(dim=1)


def _tensor(array):
    """A tensor of an array: of single precision if it is that, else of double."""
    single = getattr(array, "dtype", None) == np.float32
    return torch.from_numpy(np.require(array, np.float32 if single else float, "W"))


def check_fitted(clf):
    """Refuse what is no MaldiMLPClassifier, or is not fitted.

    Raises
    ------
    TypeError, NotFittedError
    """
    if not isinstance(clf, MaldiMLPClassifier):
        raise TypeError(f"this looks into a MaldiMLPClassifier, and {type(clf).__name__} is none")
    check_is_fitted(clf, "model_")
