"""Does the network use what an explanation points at? Take bins away, or give only them, and look at the scores."""

import numpy as np
import pandas as pd

from ..arguments import choice, fraction
from ..evaluation import checks
from ..evaluation.discrimination import auroc
from .attribution import integrated_gradients
from .interventions import levelled
from .windows import sizes_of

SHARES = (0.0, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
MODES = ("deletion", "insertion")


def perturbation_curve(opened, y, ranking, *, mode="deletion", shares=SHARES):
    """Scores as more and more bins, the highest ranked first, are filled with those of the baseline.

    A faithful ranking loses the score early by deletion, and finds it early by insertion. Faithful to the network,
    not to the truth: a network that goes by the batch loses its score with the bins that tell the batch.

    Parameters
    ----------
    opened : Opened
        A network, with a gate or without, held-out spectra, and a baseline, such as the mean of the training spectra.
    y : array_like of {0, 1}, shape (n_spectra,)
        1 for resistant.
    ranking : array_like, shape (n_bins,)
        A profile: bins go in the order of its sizes. It must not have been made with the labels of these spectra.
    mode : {"deletion", "insertion"}
        Fill the bins that come first, or all but these.
    shares : iterable of float
        Of all bins, from 0 to 1.

    Returns
    -------
    DataFrame
        A row for each share: ``share``, number of ``bins``, ``auroc``, and ``moved``, the mean absolute change of the
        log-odds against those of the spectra as they are.

    Raises
    ------
    ValueError
        If the mode is unknown, a share is out of range, or shapes do not fit.

    References
    ----------
    Samek et al. 2017, doi:10.1109/TNNLS.2016.2599820; Petsiuk et al. 2018, doi:10.48550/arXiv.1806.07421

    Examples
    --------
    >>> from maldinb import MaldiMLPClassifier, binary_labels, interpretation, load_simulated
    >>> X, y = binary_labels(load_simulated(n_spectra=60, bin_width=50))
    >>> opened = interpretation.Opened(MaldiMLPClassifier(epochs=2, hidden_dim=16).fit(X, y), X)
    >>> ranking = interpretation.weight_norm(opened)
    >>> interpretation.perturbation_curve(opened, y, ranking, shares=[0, 0.1, 1])["bins"].tolist()
    [0, 36, 360]
    """
    choice(mode, "mode", MODES)
    shares = [fraction(share, "a share", ends=True) for share in shares]
    y, n_bins = checks.targets(y, len(opened.rows)), len(opened.baseline)
    order = np.argsort(-sizes_of(ranking, n_bins, "ranking"), kind="stable")
    plain, rows, done = opened.log_odds(), {}, 0
    # The first layer is a sum over bins: what is put in or taken out is a term of it, the rest need not be redone.
    sums, sign = (opened.sums, -1) if mode == "deletion" else (opened.sums - opened.share(slice(None)), 1)
    for n in sorted({round(share * n_bins) for share in shares}):
        sums, done = sums + sign * opened.share(order[done:n]), n
        score = opened.log_odds_of(sums)
        rows[n] = (auroc(y, levelled(score)), np.abs(score - plain).mean())
    rows = [(share, round(share * n_bins), *rows[round(share * n_bins)]) for share in shares]
    return pd.DataFrame(rows, columns=["share", "bins", "auroc", "moved"])


def class_contrast(opened, y):
    """Integrated gradients of R less those of S: a ranking of bins that has seen the labels of these spectra.

    Made of held-out spectra, it is a leak: bins so chosen score well on these very spectra, and on no others.

    Parameters
    ----------
    opened : Opened
    y : array_like of {0, 1}, shape (n_spectra,)
        1 for resistant.

    Returns
    -------
    ndarray, shape (n_bins,)

    Raises
    ------
    ValueError
        If there is only one label.

    Examples
    --------
    >>> from maldinb import MaldiMLPClassifier, binary_labels, interpretation, load_simulated
    >>> X, y = binary_labels(load_simulated(n_spectra=60, bin_width=50))
    >>> opened = interpretation.Opened(MaldiMLPClassifier(epochs=2, hidden_dim=16).fit(X, y), X)
    >>> interpretation.class_contrast(opened, y).shape
    (360,)
    """
    resistant = checks.targets(y, len(opened.rows)) == 1
    parts = integrated_gradients(opened, tolerance=0.01)
    return parts[resistant].mean(axis=0) - parts[~resistant].mean(axis=0)


def area(curve, value="auroc"):
    """Mean height of a curve over the shares of bins: one number for "early".

    Parameters
    ----------
    curve : DataFrame
        As from `perturbation_curve`, with shares from 0 to 1.
    value : {"auroc", "moved"}

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If the value is unknown, or there are not two shares or more that rise.

    Examples
    --------
    >>> area(pd.DataFrame({"share": [0, 0.5, 1], "auroc": [1, 0.5, 0.5]}))
    0.625
    """
    choice(value, "value", ("auroc", "moved"))
    share = curve["share"].to_numpy()
    if len(share) < 2 or not (np.diff(share) > 0).all():
        raise ValueError("an area takes a curve over at least two shares, in rising order")
    return float(np.trapezoid(curve[value], share) / (share[-1] - share[0]))
