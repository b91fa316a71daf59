"""From hidden units back to m/z: how much each bin matters, by eight methods.

Three look at weights and gates only and give a signed value for each bin; the gate's gradient asks the gate, the others
the whole network, and they give one for each spectrum and bin. None of them knows whether the network is right.
"""

import numpy as np
import torch

from ..arguments import fraction
from ..network.threads import threads
from .network import baseline_of, behind_first_layer, inside, labels, network, width_of
from .windows import bins_in, in_windows

#: A path from baseline to spectrum is cut into at most so many steps before `integrated_gradients` gives up.
MOST_STEPS = 4096


def projection_weights(clf):
    """Weights from bins to hidden units, BatchNorm's scale included: ``diag(gamma / sqrt(var + eps)) W``.

    Parameters
    ----------
    clf : MaldiMLPClassifier
        Fitted.

    Returns
    -------
    ndarray, shape (hidden_dim, n_bins)
        By how much one more of what the network sees in a bin (standard deviations if the classifier standardises)
        raises a unit, before ReLU.
    """
    linear, norm = network(clf).project[:2]
    scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
    return (scale[:, None] * linear.weight).detach().numpy()


def weight_norm(clf, *, n_bins=1):
    """How large a bin's weights in the first layer are: the norm of its column, whatever the rest of the network does.

    Parameters
    ----------
    clf : MaldiMLPClassifier
        Fitted.
    n_bins : int
        Weights are first summed over so many neighbouring bins, see `profile`.

    Returns
    -------
    ndarray, shape (n_bins,)
        With the sign of the sum of the weights.
    """
    weights = in_windows(projection_weights(clf), n_bins)
    return np.copysign(np.linalg.norm(weights, axis=0), weights.sum(axis=0))


def gate_weighted_projection(clf, X, *, n_bins=1):
    """The published idea of a map: weights of the projection, each unit counted as far as its gate is open.

    ``sum over units of mean gate x abs(weight)``; with the sign of the sum without the absolute value: whether the bin
    raises the gated units on the whole. What the head makes of them, this does not know.

    Parameters
    ----------
    clf : MaldiMLPClassifier
        Fitted, with a gate.
    X : array_like or DataFrame, shape (n_spectra, n_bins)
    n_bins : int
        Weights are first summed over so many neighbouring bins, see `profile`.

    Returns
    -------
    ndarray, shape (n_bins,)

    Raises
    ------
    RuntimeError
        If the network has no gate.
    """
    return _weighted(clf, inside(clf, X).gates.mean(axis=0), n_bins)


def gate_difference_projection(clf, X, y, *, n_bins=1):
    """The same with the difference between the mean gates of R and S: the bins behind gates that differ.

    ``sum over units of abs(difference x weight)``, with the sign of ``sum of difference x weight``.

    Parameters
    ----------
    clf : MaldiMLPClassifier
        Fitted, with a gate.
    X : array_like or DataFrame, shape (n_spectra, n_bins)
    y : array_like of {0, 1}, shape (n_spectra,)
        1 for resistant.
    n_bins : int
        Weights are first summed over so many neighbouring bins, see `profile`.

    Returns
    -------
    ndarray, shape (n_bins,)

    Raises
    ------
    RuntimeError
        If the network has no gate.
    ValueError
        If there is only one label.
    """
    y, gates = labels(y, X), inside(clf, X).gates
    return _weighted(clf, gates[y == 1].mean(axis=0) - gates[y == 0].mean(axis=0), n_bins)


def gradient(clf, X):
    """Slope of the log-odds at each spectrum: by how much one more in a bin would move them.

    Parameters
    ----------
    clf : MaldiMLPClassifier
        Fitted.
    X : array_like or DataFrame, shape (n_spectra, n_bins)

    Returns
    -------
    ndarray, shape (n_spectra, n_bins)
        Per unit of what the network sees: standard deviations of a bin if the classifier standardises, else shares of
        all ions.

    References
    ----------
    Simonyan et al. 2013, doi:10.48550/arXiv.1312.6034
    """
    network(clf)
    return _to_bins(clf, _slopes(clf, _sums(clf, clf.as_tensor(X))))


def gate_gradient(clf, X, unit_weights=None):
    """Slope of the gates at each spectrum: which bins would open them.

    Parameters
    ----------
    clf : MaldiMLPClassifier
        Fitted, with a gate.
    X : array_like or DataFrame, shape (n_spectra, n_bins)
    unit_weights : array_like, shape (hidden_dim,), optional
        The slope is that of the weighted sum of the gates, such as with `gate_effects` for weights: the contrast of R
        and S. By default of their mean.

    Returns
    -------
    ndarray, shape (n_spectra, n_bins)

    Raises
    ------
    RuntimeError
        If the network has no gate.
    ValueError
        If there is not one weight for each unit.
    """
    model = network(clf, gated=True)
    width = width_of(model)
    weights = np.full(width, 1 / width) if unit_weights is None else np.asarray(unit_weights, float)
    if weights.shape != (width,):
        raise ValueError(f"unit_weights has shape {weights.shape}, but the network has {width} hidden units")
    weights = torch.from_numpy(weights.astype(np.float32))
    return _to_bins(
        clf, _slopes(clf, _sums(clf, clf.as_tensor(X)), lambda sums: model.gate(model.project[1:](sums)) @ weights)
    )


def gradient_times_input(clf, X, *, baseline=None):
    """Slope times distance from the baseline: what each bin adds, were the network linear.

    Parameters
    ----------
    clf : MaldiMLPClassifier
        Fitted.
    X : array_like or DataFrame, shape (n_spectra, n_bins)
    baseline : array_like, shape (n_bins,), optional
        As in `integrated_gradients`.

    Returns
    -------
    ndarray, shape (n_spectra, n_bins)
        In log-odds.

    References
    ----------
    Shrikumar et al. 2016, doi:10.48550/arXiv.1605.01713
    """
    return gradient(clf, X) * (clf.as_tensor(X) - baseline_of(clf, X, baseline)).numpy()


def integrated_gradients(clf, X, *, baseline=None, tolerance=1e-3):
    """What each bin adds on the way from the baseline to the spectrum.

    The slope is averaged along the straight line between the two and multiplied with the distance. The values of a
    spectrum then sum to the difference of the log-odds (*completeness*).

    Parameters
    ----------
    clf : MaldiMLPClassifier
        Fitted.
    X : array_like or DataFrame, shape (n_spectra, n_bins)
    baseline : array_like, shape (n_bins,), optional
        The spectrum that stands for "nothing special here", by default the mean of `X`. Zeros, the usual choice for
        pictures, would be a spectrum without a single ion, which no instrument records and the network has never
        seen; from the mean spectrum one asks what makes *this* one differ from the others.
    tolerance : float
        Steps are added until completeness holds to this part of the difference, or of 1 where that is smaller.

    Returns
    -------
    ndarray, shape (n_spectra, n_bins)
        In log-odds.

    Raises
    ------
    RuntimeError
        If a path is too rough for the tolerance.
    ValueError
        If the tolerance is not between 0 and 1.

    References
    ----------
    Sundararajan et al. 2017, doi:10.48550/arXiv.1703.01365
    """
    fraction(tolerance, "tolerance")
    model, rows = network(clf), clf.as_tensor(X)
    start = baseline_of(clf, X, baseline)
    with torch.no_grad(), threads(clf.num_threads):
        ends, begin = _sums(clf, rows), _sums(clf, start)
        wanted = (behind_first_layer(model, ends) - behind_first_layer(model, begin)).double()
    slopes, open_paths, steps = torch.zeros_like(ends), torch.arange(len(rows)), 32
    while len(open_paths):
        if steps > MOST_STEPS:
            raise RuntimeError(
                f"{MOST_STEPS} steps do not bring {len(open_paths)} spectra (the first at position "
                f"{int(open_paths[0])}) within a completeness of {tolerance:g}; choose a larger tolerance"
            )
        way = ends[open_paths] - begin
        slopes[open_paths] = _mean_slopes(clf, begin, way, steps)
        error = ((slopes[open_paths] * way).double().sum(dim=1) - wanted[open_paths]).abs()
        open_paths = open_paths[error > tolerance * wanted[open_paths].abs().clamp(min=1)]
        steps *= 2
    return _to_bins(clf, slopes) * (rows - start).numpy()


def occlusion(clf, X, mz, *, window=15.0, baseline=None):
    """What is lost of the log-odds when a window of the spectrum is filled with the baseline.

    Parameters
    ----------
    clf : MaldiMLPClassifier
        Fitted.
    X : array_like or DataFrame, shape (n_spectra, n_bins)
    mz : array_like, shape (n_bins,)
        Lower edges of the bins, in Da.
    window : float
        Width in Da, rounded to whole bins. Windows stand side by side; all bins of one get its value.
    baseline : array_like, shape (n_bins,), optional
        What the window is filled with, by default the mean of `X`.

    Returns
    -------
    ndarray, shape (n_spectra, n_bins)
        Log-odds as they are less those without the window: positive where its content argues for R.

    Raises
    ------
    ValueError
        If the window is narrower than a bin or wider than the spectrum, or `mz` does not fit.

    References
    ----------
    Zeiler and Fergus 2014, doi:10.1007/978-3-319-10590-1_53
    """
    model, rows = network(clf), clf.as_tensor(X)
    size = bins_in(window, mz, clf.n_features_in_)
    with torch.no_grad(), threads(clf.num_threads):
        sums, surplus = _sums(clf, rows), rows - baseline_of(clf, X, baseline)
        plain, weight = behind_first_layer(model, sums), model.project[0].weight
        lost = np.empty(rows.shape, np.float32)
        for first in range(0, rows.shape[1], size):
            here = slice(first, first + size)
            without = sums - surplus[:, here] @ weight[:, here].T
            lost[:, here] = (plain - behind_first_layer(model, without))[:, None].numpy()
    return lost


def _weighted(clf, unit_weights, n_bins):
    weights = unit_weights[:, None] * in_windows(projection_weights(clf), n_bins)
    return np.copysign(np.abs(weights).sum(axis=0), weights.sum(axis=0))


def _sums(clf, rows):
    """What the first layer makes of rows: (n, n_bins) -> (n, hidden_dim)."""
    with torch.no_grad(), threads(clf.num_threads):
        return clf.model_.project[0](rows)


def _slopes(clf, sums, function=None):
    """Derivative, by the sums of the first layer, of a function of them; by default of the log-odds."""
    model = network(clf)
    sums = sums.detach().requires_grad_()
    with threads(clf.num_threads):
        value = behind_first_layer(model, sums) if function is None else function(sums)
        return torch.autograd.grad(value.sum(), sums)[0]


def _mean_slopes(clf, begin, way, steps):
    """Mean slope along each path, by the midpoint rule."""
    at = (torch.arange(steps) + 0.5) / steps
    mean = torch.empty_like(way)
    together = max(1, 4096 // steps)  # paths at a time: memory
    for first in range(0, len(way), together):
        some = way[first : first + together]
        points = begin + at[None, :, None] * some[:, None, :]  # (paths, steps, hidden_dim)
        mean[first : first + together] = _slopes(clf, points).mean(dim=1)
    return mean


def _to_bins(clf, slopes):
    """Slopes by sums into slopes by bins, through the linear first layer: (n, hidden_dim) -> (n, n_bins)."""
    with torch.no_grad(), threads(clf.num_threads):
        return (slopes @ clf.model_.project[0].weight).numpy()
