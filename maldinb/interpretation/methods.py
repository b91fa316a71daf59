"""All ways back to m/z under one roof: each a profile, one signed value per bin."""

import numpy as np
import pandas as pd

from . import attribution as to_bins
from .gates import gate_effects
from .network import baseline_of, choice, inside, labels, network
from .windows import bins_in, in_blocks, profile

#: method -> the question that it answers
METHODS = {
    "weight norm": "How large are a bin's weights in the first layer?",
    "gate-weighted projection": "How large are they in units whose gates are open?",
    "gate difference": "How large are they in units whose gates differ between R and S?",
    "gate gradient": "What would open the gates that are more open in R?",
    "gradient": "What would raise the odds of R?",
    "gradient x input": "What raises them in these spectra, were the network linear?",
    "integrated gradients": "What raises them on the way from the mean spectrum to these?",
    "occlusion": "What is lost of them without a window of the spectrum?",
}
#: Those that look at gates; the others also work for a network without.
GATE_METHODS = ("gate-weighted projection", "gate difference", "gate gradient")


def attributions(clf, X, y, batch, mz, *, methods=tuple(METHODS), baseline=None, window=15.0):
    """Profiles of several methods, side by side.

    Parameters
    ----------
    clf : MaldiMLPClassifier
        Fitted; with a gate for the `GATE_METHODS`.
    X : array_like or DataFrame, shape (n_spectra, n_bins)
        Held-out spectra.
    y : array_like of {0, 1}, shape (n_spectra,)
        1 for resistant. Used by "gate difference" and "gate gradient" only.
    batch : array_like of str, shape (n_spectra,)
        Batch (hospital, instrument, year) of each spectrum. Used by "gate gradient" only.
    mz : array_like, shape (n_bins,)
        Lower edges of the bins, in Da.
    methods : iterable of str
        Of `METHODS`, which says what each asks.
    baseline : array_like, shape (n_bins,), optional
        For the last three methods, see `integrated_gradients`; by default the mean of `X`.
    window : float
        In Da. "occlusion" takes it away; all others sum their signed values, or weights, over it, since a peak is
        wider than a bin. All methods are then comparable.

    Returns
    -------
    DataFrame, shape (n_bins, n_methods)
        Indexed by m/z. Sizes are comparable within a column only. The sign says what more intensity does: for "weight
        norm" and "gate-weighted projection" whether it raises the hidden units on the whole, for "gate difference" and
        "gate gradient" whether it raises those, or opens the gates, that are more open in R, and for the others
        whether it speaks for R.

    Raises
    ------
    ValueError
        If a method is unknown, or the input is malformed.
    RuntimeError
        If a method looks at gates and there are none.
    """
    methods = [choice(method, METHODS, "a method") for method in ([methods] if isinstance(methods, str) else methods)]
    network(clf, gated=not set(methods).isdisjoint(GATE_METHODS))
    size, y = bins_in(window, mz, clf.n_features_in_), labels(y, X)
    distance = (clf.as_tensor(X) - baseline_of(clf, X, baseline)).numpy()
    compute = {
        "weight norm": lambda: to_bins.weight_norm(clf, n_bins=size),
        "gate-weighted projection": lambda: to_bins.gate_weighted_projection(clf, X, n_bins=size),
        "gate difference": lambda: to_bins.gate_difference_projection(clf, X, y, n_bins=size),
        "gate gradient": lambda: profile(
            to_bins.gate_gradient(clf, X, gate_effects(inside(clf, X).gates, y, batch)), size
        ),
        "gradient": lambda: profile(to_bins.gradient(clf, X), size),
        "gradient x input": lambda: profile(
            to_bins.gradient_times_input(clf, X, baseline=baseline), size, distance=distance
        ),
        "integrated gradients": lambda: profile(
            to_bins.integrated_gradients(clf, X, baseline=baseline, tolerance=0.01), size, distance=distance
        ),
        "occlusion": lambda: profile(  # is in windows already
            to_bins.occlusion(clf, X, mz, window=window, baseline=baseline), distance=in_blocks(distance, size)
        ),
    }
    profiles = {method: compute[method]() for method in methods}
    return pd.DataFrame(profiles, index=pd.Index(np.asarray(mz), name="m/z"))


def mean_profiles(profiles):
    """Profiles of several networks as one, each scaled to a mean size of 1 before.

    Parameters
    ----------
    profiles : list of DataFrame, shape (n_bins, n_methods)
        As from `attributions`, with the same bins and methods.

    Returns
    -------
    DataFrame, shape (n_bins, n_methods)
        Sizes are the mean of the sizes, signs those of the mean.

    Raises
    ------
    ValueError
        If there are none, or they do not have the same bins and methods.
    """
    if not profiles:
        raise ValueError("there are no profiles to take the mean of")
    first = profiles[0]
    if any(not (first.index.equals(p.index) and first.columns.equals(p.columns)) for p in profiles):
        raise ValueError("profiles must have the same bins and the same methods in the same order")
    scaled = [p / p.abs().mean().replace(0, 1) for p in profiles]  # one of zeros stays so
    return np.copysign(sum(p.abs() for p in scaled), sum(scaled)) / len(scaled)
