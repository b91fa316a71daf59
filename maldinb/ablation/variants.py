"""The models to compare: the gated network, and what it has to beat if the gate is to deserve the credit."""

import torch
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline

from ..evaluation import baselines
from ..network import MaldiMLPClassifier


def variants(n_bins, **parameters):
    """The gated network and models that lack one thing each, unfitted.

    Parameters
    ----------
    n_bins : int
        Number of bins, `X.shape[1]`; the width of the matched MLP depends on it.
    **parameters
        Of `MaldiMLPClassifier`, the same for all networks, such as ``epochs`` and ``hidden_dim``.

    Returns
    -------
    dict
        Name -> scikit-learn estimator. Add your own with one line: ``models["forest"] = RandomForestClassifier()``.

        "learned gate"
            The model in question.
        "learned gate, other seed"
            The same with other random numbers throughout (an A/A comparison). How much the two differ is what chance
            alone does: a difference that is no larger needs no gate to explain it.
        "no gate"
            A plain MLP of the same depth and width.
        "frozen gate"
            The gate is a random layer that is not trained.
        "constant gate"
            Every gate is 1/2.
        "matched MLP"
            A plain MLP with, as nearly as its width allows, as many parameters as the gated network.
        "logistic regression"
            On standardised bins; no network at all.
        "gradient boosting"
            Small trees on raw bins; no network either, and another kind of model altogether.

    Raises
    ------
    TypeError
        If `MaldiMLPClassifier` has no such parameter.

    Examples
    --------
    >>> models = variants(n_bins=600, hidden_dim=32, epochs=5)
    >>> list(models)[:3]
    ['learned gate', 'learned gate, other seed', 'no gate']
    >>> models["matched MLP"].hidden_dim
    33
    """
    gated = MaldiMLPClassifier(**parameters)
    simpler = baselines(gated.random_state or 0)

    def but(**changes):
        return clone(gated).set_params(**changes)

    return {
        "learned gate": but(use_attention=True, gate="learned"),
        "learned gate, other seed": but(use_attention=True, gate="learned", random_state=(gated.random_state or 0) + 1),
        "no gate": but(use_attention=False),
        "frozen gate": but(use_attention=True, gate="frozen"),
        "constant gate": but(use_attention=True, gate="constant"),
        "matched MLP": but(use_attention=False, hidden_dim=matched_width(gated, n_bins)),
        "logistic regression": simpler["logistic regression"],
        "gradient boosting": simpler["gradient boosting"],
    }


def count_parameters(estimator, n_bins):
    """Number of the weights that training sets; those of a frozen gate are not among them.

    Parameters
    ----------
    estimator : scikit-learn classifier
        Fitted or not; a pipeline is counted by its last step.
    n_bins : int
        Number of bins.

    Returns
    -------
    int or None
        For two classes. None for any but MaldiMLPClassifier and LogisticRegression: how many parameters a forest has,
        for example, is a question of what one counts.

    Examples
    --------
    >>> count_parameters(MaldiMLPClassifier(hidden_dim=32), n_bins=600)
    62722
    """
    if isinstance(estimator, Pipeline):
        estimator = estimator[-1]
    if isinstance(estimator, LogisticRegression):
        return n_bins + int(estimator.fit_intercept)
    if not isinstance(estimator, MaldiMLPClassifier):
        return None
    with torch.device("meta"):  # shapes without memory
        network = estimator.new_network(n_bins)
    return sum(weight.numel() for weight in network.parameters() if weight.requires_grad)


def matched_width(gated, n_bins):
    """The `hidden_dim` with which an MLP without a gate comes closest to the parameters of a gated network.

    Parameters
    ----------
    gated : MaldiMLPClassifier
    n_bins : int

    Returns
    -------
    int
    """
    wanted = count_parameters(clone(gated).set_params(use_attention=True, gate="learned"), n_bins)
    plain = clone(gated).set_params(use_attention=False)
    width = gated.hidden_dim
    now, with_one_more = (
        count_parameters(plain.set_params(hidden_dim=units), n_bins) for units in (width, width + 1)
    )  # each unit costs the same
    return width + round((wanted - now) / (with_one_more - now))
