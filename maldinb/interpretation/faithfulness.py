"""Does the network use what an explanation points at? Take bins away, or give only them, and look at the scores."""

import numpy as np
import pandas as pd
import torch
from sklearn.metrics import roc_auc_score

from ..arguments import fraction
from ..network.threads import threads
from .network import baseline_of, behind_first_layer, choice, labels, levelled, network, precise

SHARES = (0.0, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
MODES = ("deletion", "insertion")


def perturbation_curve(clf, X, y, ranking, *, filler, mode="deletion", shares=SHARES):
    """Scores as more and more bins, the highest ranked first, are filled with those of one and the same spectrum.

    A faithful ranking loses the score early by deletion, and finds it early by insertion. Faithful to the network,
    not to the truth: a network that goes by the city loses its score with the bins that tell the city.

    Parameters
    ----------
    clf : MaldiMLPClassifier
        Fitted. One without a gate will do.
    X : array_like or DataFrame, shape (n_spectra, n_bins)
        Held-out spectra.
    y : array_like of {0, 1}, shape (n_spectra,)
        1 for resistant.
    ranking : array_like, shape (n_bins,)
        A profile: bins go in the order of its sizes. It must not have been made with the labels of `X`.
    filler : array_like, shape (n_bins,)
        The spectrum that is put in, such as the mean of the training spectra. Zeros would be no spectrum that the
        network knows.
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
    """
    model = precise(network(clf))
    choice(mode, MODES, "mode")
    shares = [fraction(share, "a share", ends=True) for share in shares]
    y, n_bins = labels(y, X), clf.n_features_in_
    ranking, filler = np.asarray(ranking, float), np.asarray(filler, float)
    for name, row in (("ranking", ranking), ("filler", filler)):
        if row.shape != (n_bins,) or not np.isfinite(row).all():
            raise ValueError(f"{name} holds one finite number for each of {n_bins} bins; its shape is {row.shape}")
    order = torch.from_numpy(np.argsort(-np.abs(ranking), kind="stable"))
    spectra, fill = clf.as_tensor(X).double(), baseline_of(clf, X, filler).double()
    with torch.no_grad(), threads(clf.num_threads):
        weight = model.project[0].weight
        plain = behind_first_layer(model, model.project[0](spectra))
        # The first layer is a sum over bins: what is put in or taken out is a term of it, the rest need not be redone.
        sums = model.project[0](spectra if mode == "deletion" else fill.expand_as(spectra))
        moved = fill - spectra if mode == "deletion" else spectra - fill
        rows, done = {}, 0
        for n in sorted({round(share * n_bins) for share in shares}):
            new = order[done:n]
            sums, done = sums + moved[:, new] @ weight[:, new].T, n
            score = behind_first_layer(model, sums)
            rows[n] = (roc_auc_score(y, levelled(score)), (score - plain).abs().mean().item())
    rows = [(share, round(share * n_bins), *rows[round(share * n_bins)]) for share in shares]
    return pd.DataFrame(rows, columns=["share", "bins", "auroc", "moved"])


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
    """
    choice(value, ("auroc", "moved"), "value")
    share = curve["share"].to_numpy()
    if len(share) < 2 or not (np.diff(share) > 0).all():
        raise ValueError("an area takes a curve over at least two shares, in rising order")
    return float(np.trapezoid(curve[value], share) / (share[-1] - share[0]))
