"""Does an explanation depend on what it explains? Re-initialise parts of the network, change the seed, and compare."""

import copy
from functools import partial
from itertools import combinations, product

import numpy as np
import pandas as pd
from scipy.stats import spearmanr

from ..arguments import choice, whole
from ..network.opened import check_fitted

#: The parts of the network from the top down, the order in which they are randomised.
PARTS = {"head": "classify", "gate": "gate", "projection": "project"}


def randomised(clf, parts=tuple(PARTS), *, random_state=0):
    """A copy of a fitted classifier, parts of whose network are as before training.

    Parameters
    ----------
    clf : MaldiMLPClassifier
        Fitted. It is not changed.
    parts : iterable of {"head", "gate", "projection"}
        What loses what it has learned; by default everything, which makes an untrained network.
    random_state : int
        Seed of the initial weights.

    Returns
    -------
    MaldiMLPClassifier

    Raises
    ------
    ValueError
        If a part is unknown.

    Examples
    --------
    >>> from maldinb import MaldiMLPClassifier, binary_labels, interpretation, load_simulated
    >>> X, y = binary_labels(load_simulated(n_spectra=60, bin_width=50))
    >>> clf = MaldiMLPClassifier(epochs=2, hidden_dim=16).fit(X, y)
    >>> headless = interpretation.randomised(clf, "head")
    >>> bool((headless.get_attention_weights(X) == clf.get_attention_weights(X)).all())
    True
    """
    parts = [choice(part, "a part", PARTS) for part in ([parts] if isinstance(parts, str) else parts)]
    check_fitted(clf)
    fresh = clf.new_network(clf.n_features_in_, len(clf.classes_), seed=random_state).eval()
    twin = copy.deepcopy(clf)
    for part in parts:
        setattr(twin.model_, PARTS[part], getattr(fresh, PARTS[part]))
    return twin


def cascade(clf, explain, *, random_state=0):
    """How much of an explanation stays when the network forgets, part by part from the top down.

    An explanation of what the network *has learned* must not survive this. One that does shows the data, or the layer
    that it is made of.

    Parameters
    ----------
    clf : MaldiMLPClassifier
        Fitted.
    explain : callable
        Takes a classifier and returns a DataFrame of profiles, a column for each method, as `attributions` does.
    random_state : int
        Seed of the initial weights.

    Returns
    -------
    DataFrame
        A row for each method; a column for each stage, ``head``, ``+ gate`` (where there is one), ``+ projection``:
        rank correlation of the sizes of its profile with those of the trained network.

    References
    ----------
    Adebayo et al. 2018, doi:10.48550/arXiv.1810.03292

    Examples
    --------
    >>> import pandas as pd
    >>> from maldinb import MaldiMLPClassifier, binary_labels, interpretation, load_simulated
    >>> X, y = binary_labels(load_simulated(n_spectra=60, bin_width=50))
    >>> clf = MaldiMLPClassifier(epochs=2, hidden_dim=16).fit(X, y)
    >>> def explain(clf):
    ...     return pd.DataFrame({"weight norm": interpretation.weight_norm(interpretation.Opened(clf, X))})
    >>> interpretation.cascade(clf, explain)[["head", "+ gate"]].round(6).to_numpy().tolist()
    [[1.0, 1.0]]
    """
    check_fitted(clf)
    trained, stages, parts = explain(clf), {}, []
    for part in PARTS:
        if part == "gate" and clf.model_.gate is None:
            continue
        parts.append(part)
        forgot = explain(randomised(clf, parts, random_state=random_state))
        stages[part if part == "head" else f"+ {part}"] = {
            name: rank_correlation(trained[name], forgot[name]) for name in trained.columns
        }
    return pd.DataFrame(stages).rename_axis("method")


def rank_correlation(one, other):
    """Spearman's correlation of the sizes of two profiles.

    Parameters
    ----------
    one, other : array_like, shape (n_bins,)
        Signs do not count.

    Returns
    -------
    float
        From -1 to 1; NaN if one of them is constant.

    Raises
    ------
    ValueError
        If lengths differ, or a number is not finite.

    Examples
    --------
    >>> rank_correlation([1, -2, 3], [10, 20, -30])
    1.0
    """
    one, other = _sizes(one, other)
    if np.ptp(one) == 0 or np.ptp(other) == 0:
        return np.nan
    return float(spearmanr(one, other).statistic)


def top_k_overlap(one, other, k=50):
    """Share of the `k` largest values of one profile that are among those of the other.

    Parameters
    ----------
    one, other : array_like, shape (n_bins,)
        Signs do not count.
    k : int

    Returns
    -------
    float
        From 0 to 1; by chance ``k / n_bins``.

    Raises
    ------
    ValueError
        If lengths differ, a number is not finite, or `k` is not from 1 to their number.

    Examples
    --------
    >>> top_k_overlap([9, 8, 0, 1], [9, 0, -8, 1], k=2)
    0.5
    """
    one, other = _sizes(one, other)
    k = whole(k, "k", 1)
    if k > len(one):
        raise ValueError(f"k is {k}, but a profile has {len(one)} values")
    top = [set(np.argsort(-values, kind="stable")[:k]) for values in (one, other)]
    return len(top[0] & top[1]) / k


def agreement(profiles, k=50):
    """How alike several profiles of one method are, such as those of networks from different seeds.

    Parameters
    ----------
    profiles : list of DataFrame, shape (n_bins, n_methods)
        At least two, with the same columns.
    k : int

    Returns
    -------
    DataFrame
        A row for each method: ``rank correlation`` and ``top-k overlap``, each the mean over all pairs of profiles.

    Raises
    ------
    ValueError
        If there are fewer than two, their columns differ, or `k` is out of range.

    Examples
    --------
    >>> one, other = pd.DataFrame({"gradient": [9, 8, 0, 1]}), pd.DataFrame({"gradient": [9, 0, -8, 1]})
    >>> agreement([one, other], k=2)["top-2 overlap"].to_dict()
    {'gradient': 0.5}
    """
    if len(profiles) < 2:
        raise ValueError(f"agreement takes at least two profiles, not {len(profiles)}")
    pairs = list(combinations(profiles, 2))
    measures = {"rank correlation": rank_correlation, f"top-{k} overlap": partial(top_k_overlap, k=k)}
    means = {name: _mean_over(pairs, measure, "agreement") for name, measure in measures.items()}
    return pd.DataFrame(means).rename_axis("method")


def likeness(some, others):
    """How alike the maps of one set of networks are to those of another, such as networks trained on other labels.

    Parameters
    ----------
    some, others : list of DataFrame, shape (n_bins, n_methods)
        With the same columns.

    Returns
    -------
    Series
        For each method the mean rank correlation over all pairs of one of `some` and one of `others`.

    Raises
    ------
    ValueError
        If one of the lists is empty, or the columns differ.

    Examples
    --------
    >>> one, other = pd.DataFrame({"gradient": [3.0, 2, 1]}), pd.DataFrame({"gradient": [1.0, 2, 3]})
    >>> likeness([one], [one, other]).to_dict()
    {'gradient': 0.0}
    """
    if not some or not others:
        raise ValueError("likeness takes two lists of profiles, neither of them empty")
    return _mean_over(list(product(some, others)), rank_correlation, "likeness")


def _mean_over(pairs, measure, who):
    """Mean of a measure over pairs of tables, method by method."""
    if any(set(one.columns) != set(other.columns) for one, other in pairs):
        raise ValueError(f"{who} takes profiles of the same methods; their columns differ")
    return pd.Series({name: np.mean([measure(a[name], b[name]) for a, b in pairs]) for name in pairs[0][0]})


def _sizes(one, other):
    one, other = np.abs(np.asarray(one, float)), np.abs(np.asarray(other, float))
    if one.ndim != 1 or one.shape != other.shape:
        raise ValueError(f"two profiles of the same bins are compared, not arrays of shape {one.shape}, {other.shape}")
    if not (np.isfinite(one).all() and np.isfinite(other).all()):
        raise ValueError("a profile holds a number that is not finite")
    return one, other
