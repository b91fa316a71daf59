"""All ways back to m/z under one roof: each a profile, one signed value per bin."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd

from ..arguments import choice
from ..evaluation import checks
from .attribution import gate_gradient, gradient, gradient_times_input, integrated_gradients, occlusion
from .gates import gate_effects
from .projections import gate_difference_projection, gate_weighted_projection, weight_norm
from .windows import Windows, profile


class Method(NamedTuple):
    """A way back to m/z, one entry of `METHODS`.

    Attributes
    ----------
    question : str
        What it asks.
    function : callable
        Takes ``(opened, y, batch, windows)``: an `Opened`, what `attributions` is given, and `Windows`. Returns a
        profile, shape (n_bins,).
    needs_gate : bool
        Whether it looks at gates; the others also work for a network without.
    asks_head : bool
        Whether the map depends on what the network makes of its gated units. One that does not shows no decision.

    Examples
    --------
    >>> METHODS["chance"] = Method("What if I drew lots?", lambda opened, *_: np.random.rand(*opened.baseline.shape))
    >>> [name for name, method in METHODS.items() if not method.asks_head]
    ['weight norm', 'gate-weighted projection', 'gate difference', 'gate gradient']
    >>> del METHODS["chance"]
    """

    question: str
    function: Callable
    needs_gate: bool = False
    asks_head: bool = True


METHODS = {
    "weight norm": Method(
        "How large are a bin's weights in the first layer?",
        lambda opened, y, batch, windows: weight_norm(opened, windows),
        asks_head=False,
    ),
    "gate-weighted projection": Method(
        "How large are they in units whose gates are open?",
        lambda opened, y, batch, windows: gate_weighted_projection(opened, windows),
        needs_gate=True,
        asks_head=False,
    ),
    "gate difference": Method(
        "How large are they in units whose gates differ between R and S?",
        lambda opened, y, batch, windows: gate_difference_projection(opened, y, windows),
        needs_gate=True,
        asks_head=False,
    ),
    "gate gradient": Method(
        "What would open the gates that are more open in R?",
        lambda opened, y, batch, windows: profile(gate_gradient(opened, gate_effects(opened.gates, y, batch)), windows),
        needs_gate=True,
        asks_head=False,
    ),
    "gradient": Method(
        "What would raise the odds of R?",
        lambda opened, y, batch, windows: profile(gradient(opened), windows),
    ),
    "gradient x input": Method(
        "What raises them in these spectra, were the network linear?",
        lambda opened, y, batch, windows: profile(gradient_times_input(opened), windows, distance=opened.distance),
    ),
    "integrated gradients": Method(
        "What raises them on the way from the mean spectrum to these?",
        lambda opened, y, batch, windows: profile(
            integrated_gradients(opened, tolerance=0.01), windows, distance=opened.distance
        ),
    ),
    "occlusion": Method(
        "What is lost of them without a window of the spectrum?",
        lambda opened, y, batch, windows: profile(  # is in windows already
            occlusion(opened, windows), distance=windows.side_by_side(opened.distance)
        ),
    ),
}


def attributions(opened, y, batch, mz, *, methods=None, window=15.0):
    """Profiles of several methods, side by side.

    Parameters
    ----------
    opened : Opened
        A network and held-out spectra, with a baseline for the methods that ask what differs from it.
    y : array_like of {0, 1}, shape (n_spectra,)
        1 for resistant, or for spectra of the target. Used by "gate difference" and "gate gradient" only.
    batch : array_like of str, shape (n_spectra,)
        Batch (hospital, instrument, year) of each spectrum. Used by "gate gradient" only.
    mz : array_like, shape (n_bins,), or None
        As for `Windows`, such as the data set's ``mz``; None where columns have no m/z.
    methods : iterable of str, optional
        Of `METHODS`, which says what each asks; by default all.
    window : float
        In Da. "occlusion" takes it away; all others sum their signed values, or weights, over it, since a peak is
        wider than a bin. All methods are then comparable.

    Returns
    -------
    DataFrame, shape (n_bins, n_methods)
        Indexed by m/z, or by the names of columns that have none. Sizes are comparable within a method only. The sign
        says what more intensity does: for "weight norm" and "gate-weighted projection" whether it raises the hidden
        units on the whole, for "gate difference" and "gate gradient" whether it raises those, or opens the gates, that
        are more open in R, and for the others whether it speaks for R, or for the target.

    Raises
    ------
    ValueError
        If a method is unknown, or the input is malformed.
    RuntimeError
        If a method looks at gates and there are none.

    Examples
    --------
    >>> from maldinb import MaldiMLPClassifier, binary_labels, interpretation, load_simulated
    >>> data = load_simulated(n_spectra=60, bin_width=50)
    >>> X, y = binary_labels(data)
    >>> opened = interpretation.Opened(MaldiMLPClassifier(epochs=2, hidden_dim=16).fit(X, y), X)
    >>> profiles = interpretation.attributions(opened, y, data.batch[X.index], data.mz, window=100)
    >>> list(profiles) == list(interpretation.METHODS), len(profiles)
    (True, 360)
    """
    methods = METHODS if methods is None else [methods] if isinstance(methods, str) else methods
    methods = {name: METHODS[choice(name, "a method", METHODS)] for name in methods}
    if any(method.needs_gate for method in methods.values()):
        opened.gates  # noqa: B018 - before others have worked for nothing
    n = len(opened.rows)
    rest = checks.targets(y, n), checks.batches(batch, n), Windows(mz, window)
    profiles = {name: method.function(opened, *rest) for name, method in methods.items()}
    index = pd.Index(opened.columns, name="column") if mz is None else pd.Index(np.asarray(mz), name="m/z")
    return pd.DataFrame(profiles, index=index)


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

    Examples
    --------
    >>> mean_profiles([pd.DataFrame({"a": [1.0, -3]}), pd.DataFrame({"a": [-20.0, -20]})])["a"].tolist()
    [-0.75, -1.25]
    """
    if not profiles:
        raise ValueError("there are no profiles to take the mean of")
    first = profiles[0]
    if any(not (first.index.equals(p.index) and first.columns.equals(p.columns)) for p in profiles):
        raise ValueError("profiles must have the same bins and the same methods in the same order")
    scaled = [p / p.abs().mean().replace(0, 1) for p in profiles]  # one of zeros stays so
    return np.copysign(sum(p.abs() for p in scaled), sum(scaled)) / len(scaled)
