"""The exercises of notebook 03 on gates: a colour bar, a share of variance, a p-value, and an intervention."""

import numpy as np
import pandas as pd

import maldinb

from .checking import NothingToCheck, Wrong, call, check, close, number, numbers, refuse, share, table

READING_ERROR = 0.1  # of the length of a colour bar; what an eye can read off it
FEWEST_PERMUTATIONS = 99


@check("stretched from its lowest to its highest number, a table fills the colours however little its numbers differ")
def check_colour_range(answer, gates):
    """The lowest and the highest gate of a picture, read off its colour bar.

    Parameters
    ----------
    answer : (float, float)
        From 0 to 1; each may be wrong by a tenth of their distance.
    gates : array_like, shape (n_spectra, hidden_dim)
        Those of the picture.

    Examples
    --------
    >>> check_colour_range((0, 1), gates=[[0.4, 0.5], [0.6, 0.5]])
    not right: that is how far gates could go, from shut to open; how far do these go?
    """
    truth = np.array([np.min(gates), np.max(gates)], float)
    length = truth[1] - truth[0]
    if length == 0:
        raise NothingToCheck("all of these gates are the same; there is nothing to read off")
    given = numbers(answer, "two numbers, the lowest and the highest gate").ravel()
    if given.size != 2:
        raise Wrong(f"this takes two numbers, the lowest and the highest gate, and got {given.size}")
    if not np.isfinite(given).all():
        raise Wrong("this takes two numbers, the lowest and the highest gate, and one is not finite")
    error = READING_ERROR * length
    if close(given, truth, error):
        return
    if close(given[::-1], truth, error):
        raise Wrong("the two are swapped: first the lowest gate, then the highest")
    if close(given, [0, 1], 0.02):
        raise Wrong("that is how far gates could go, from shut to open; how far do these go?")
    if close(given / 100, truth, error):
        raise Wrong("this looks like per cent; gates lie between 0 and 1")
    if max(given) > 1:
        raise Wrong("gates are on the colour bar, and lie between 0 and 1; the axis below counts hidden units")
    if min(given) < 0:
        raise Wrong("no gate is below 0: read the numbers beside the colour bar")
    low, high = abs(given - truth) > error
    if low and high:
        raise Wrong("neither end is where the colour bar has it")
    right, wrong = ("upper", "lower") if low else ("lower", "upper")
    raise Wrong(f"the {right} end, but not the {wrong} is where the colour bar has it")


@check("the rest of the variance is between units: a constant for each, which no spectrum has a say in")
def check_share_between_spectra(function):
    """``between_spectra(gates)``: the share of the variance of all gates that is not a constant of the unit.

    Parameters
    ----------
    function : callable

    Examples
    --------
    >>> check_share_between_spectra(lambda gates: gates.var(axis=0).mean())
    not right: that is a variance; which share is it of the variance of all gates?
    """
    # With so many spectra it does not matter whether one divides by n or by n - 1.
    for units, between_units in ((9, 0.08), (300, 0.04)):
        rng = np.random.default_rng(units)
        gates = 0.5 + between_units * rng.uniform(-1.7, 1.7, units)
        gates = gates + rng.uniform(-1, 1, (1000, units)) * rng.uniform(0.01, 0.14, units)
        gates = gates + 0.04 * rng.uniform(-1.7, 1.7, (1000, 1))  # some spectra have higher gates than others
        total = gates.var()
        truth, within = 1 - gates.mean(axis=0).var() / total, gates.var(axis=1).mean() / total
        mistakes = [
            (1 - truth, "that is the share between units; asked for is the rest"),
            (within, "wrong axis: you compare the units of a spectrum, and not the spectra of a unit"),
            (1 - within, "you take the mean gate of a spectrum, over units: look at each unit"),
            (np.sqrt(truth), "you divide standard deviations; variances add up, and standard deviations do not"),
            (gates.std(axis=0).mean() / gates.std(), "you divide standard deviations; use variances, which add up"),
            (gates.std(axis=0).mean() ** 2 / total, "square first, then take the mean: variances add up over units"),
            (gates.var(axis=0).mean(), "that is a variance; which share is it of the variance of all gates?"),
            (truth / (1 - truth), "you divide by the variance between units; divide by that of all gates"),
        ]
        share(call(function, gates.copy()), truth, mistakes)


@check("p says how often chance alone would do as well. Whether chance may change the batch, you decided")
def check_permutation_p(function):
    """``p_value(effect, y, batch)``: two-sided, by permutations within each batch.

    Parameters
    ----------
    function : callable
        The effect that it is given writes down which labels it was asked about.

    Examples
    --------
    >>> check_permutation_p(lambda effect, y, batch: 0.05)
    not right: your function never calls effect()
    """
    effect, y, batch, asked = _watched_effect()
    returned = call(function, effect, y.copy(), batch.copy())
    if not asked:
        raise Wrong("your function never calls effect()")
    labels = np.array(asked)
    as_they_are = (labels == y).all(axis=1)
    if not as_they_are.any():
        raise Wrong("the effect of the labels as they are was never asked for; are they shuffled before?")
    drawn = labels[~as_they_are]
    _check_permutations(drawn, y, batch)
    given, n = number(returned, "a p-value from 0 to 1"), len(drawn)
    observed, chance = effect(y), np.array([effect(one) for one in drawn])

    def p(extreme, plus=1):
        return (plus + np.sum(extreme)) / (plus + n)

    as_large, larger = abs(chance) >= abs(observed), abs(chance) > abs(observed)
    never_0 = (
        "p would be 0 if no permutation did as well, and chance is never out of the question: count the labels as "
    )
    mistakes = [
        (p(as_large, 0), never_0 + "they are among the permutations"),
        (p(larger, 0), never_0 + "they are; and permutations with the very same effect did as well, too"),
        (p(larger), "permutations with the very same effect did as well, too; you leave them out"),
        (1 - p(as_large), "that is the share that did worse; p is the share that did as well or better"),
        (1 - p(as_large, 0), "that is the share that did worse; p is the share that did as well or better"),
        (np.sum(as_large), "that is a number of permutations; which share of them is it?"),
    ]
    one_sided = "one-sided: a gate that is lower in R than in S separates them as well; how far from 0 is the effect?"
    mistakes += [(p(side, plus), one_sided) for side in (chance >= observed, chance <= observed) for plus in (0, 1)]
    if close(given, p(as_large), 0.1 / n):
        return
    refuse(given, mistakes, 0.1 / n)
    if not 0 <= given <= 1:
        raise Wrong("a p-value lies between 0 and 1")
    raise Wrong("the permutations are fine, but p is not the share of them whose effect is as far from 0, or farther")


def _watched_effect():
    """How well a gate separates R from S within batches, as a function of labels, and the list of those it got."""
    rng = np.random.default_rng(0)
    mixed = rng.permutation(46)
    batch = np.repeat(["Rome", "Milan", "Catania"], [24, 14, 8])[mixed]
    y = np.repeat([1, 0, 1, 0, 1, 0], [12, 12, 3, 11, 5, 3])[mixed]
    gate = np.round(rng.normal(size=46) - 0.5 * y, 1)  # lower in R; with ties
    order = np.sign(gate[:, None] - gate) * (batch[:, None] == batch)
    pairs = y @ (batch[:, None] == batch) @ (1 - y)
    asked = []

    def effect(labels):
        labels = np.asarray(labels)
        if labels.shape != y.shape or not ((labels == 0) | (labels == 1)).all():
            raise ValueError("effect() takes an array of labels, a 0 or a 1 for each spectrum")
        asked.append(labels.astype(int))
        return float(labels @ order @ (1 - labels)) / (2 * pairs)

    return effect, y, batch, asked


def _check_permutations(drawn, y, batch):
    """Complain about labels that did not just change places within each batch."""
    if not len(drawn):
        raise Wrong("the effect of permuted labels was never asked for")
    if (drawn.sum(axis=1) != y.sum()).any():
        raise Wrong("the number of R changes: permuted labels change places, and none is drawn twice or made up")
    for name in np.unique(batch):
        here = batch == name
        if (drawn[:, here].sum(axis=1) != y[here].sum()).any():
            raise Wrong("the batch is forgotten: labels move from one batch to another, and should stay in theirs")
    if (drawn == drawn[0]).all():
        raise Wrong("each permutation is the same: make the random generator once, before the loop")
    if any((drawn[:, batch == name] == y[batch == name]).all() for name in np.unique(batch)):
        raise Wrong("in one batch at least the labels never change places")
    if len(drawn) < FEWEST_PERMUTATIONS:
        raise Wrong(f"{len(drawn)} permutations are too few: p can then not be below 1 / {len(drawn) + 1}")


@check("if an intervention moves nothing, the network can do without what it took away")
def check_batch_gates(function):
    """``batch_gates(clf, X, batch)``: log-odds of spectra with each gate at its unit's mean over their batch.

    Parameters
    ----------
    function : callable
        It is tried on a small network.

    Examples
    --------
    >>> check_batch_gates(lambda clf, X, batch: None)
    not yet: your function returns nothing so far; it ends with `return` and the result
    """
    from ..interpretation import Opened, replace_gates  # PyTorch, for the one exercise that needs it

    clf, X, batch = _small_network()
    before = {name: value.clone() for name, value in clf.model_.state_dict().items()}
    returned = call(function, clf, X.copy(), batch.copy())
    if any(not value.equal(before[name]) for name, value in clf.model_.state_dict().items()):
        raise Wrong("your function changes the network that it is given; change gates, not weights")
    opened = Opened(clf, X)
    truth = pd.concat([pd.Series(replace_gates(Opened(clf, rows), "mean"), rows.index) for _, rows in X.groupby(batch)])
    given = numbers(returned, "log-odds")
    if given.shape == opened.gates.shape:
        raise Wrong("your function returns a number for each unit; log_odds() makes one for each spectrum of them")
    given = table(given, (len(X),), "the log-odds")
    if close(given, truth[X.index], 1e-4):
        return
    p = 1 / (1 + np.exp(-truth[X.index]))
    mistakes = [
        *_gate_mistakes(opened, batch.to_numpy()),
        (truth, "the numbers are right, but stand batch after batch; put each where its spectrum stands"),
        (-truth[X.index], "these are the log-odds of S; those of R are asked for"),
        (p, "these are probabilities; asked for are log-odds, as log_odds() gives them"),
    ]
    refuse(given, mistakes, 1e-4)
    if np.ptp(given) < 1e-6:
        raise Wrong("all spectra get the same log-odds: the hidden units must stay as they are")
    raise Wrong("these are other log-odds than those with each gate at its unit's mean over the batch")


def _gate_mistakes(opened, batch):
    """Log-odds that are wrong, and what is wrong with them."""
    hidden, gates = opened.hidden, opened.gates

    def log_odds(gates, hidden=hidden):
        return opened.log_odds(hidden=hidden, gates=gates)

    def by_batch(values):
        """Each row replaced by the mean over its batch, unit by unit."""
        return pd.DataFrame(values).groupby(batch).transform("mean").to_numpy()

    def each(column):
        """One number for each spectrum, for all of its units."""
        return np.broadcast_to(np.reshape(column, (-1, 1)), gates.shape)

    means = by_batch(gates)
    one_for_all = "you take one mean for all units; each unit has a mean of its own"
    hidden_too = "the hidden units are at a mean, too; change the gates and nothing else"
    return [
        (log_odds(gates.mean(axis=0)), "the batch is forgotten: that is the mean over all spectra"),
        (log_odds(gates), "the gates are as they were"),
        (log_odds(gates.mean()), one_for_all),
        (log_odds(each(means.mean(axis=1))), one_for_all),
        (log_odds(each(gates.mean(axis=1))), "wrong axis: you take the mean over the units of a spectrum"),
        (log_odds(gates, by_batch(hidden)), "you replace the hidden units, and the gates stay as they were"),
        (log_odds(means, by_batch(hidden)), hidden_too),
        (log_odds(means, np.broadcast_to(hidden.mean(axis=0), hidden.shape)), hidden_too),
        (log_odds(means, hidden * gates), "gated twice: by the gates as they were, and by their means"),
        (log_odds(1.0, means), "the hidden units are missing: a gate lets them pass or not"),
        (log_odds(means, gates), "the hidden units are missing: the head gets the gates of the gates"),
    ]


def _small_network():
    """A network whose gates differ between spectra and batches, and something to show it."""
    rng = np.random.default_rng(0)
    names = pd.Index([f"spectrum-{i}" for i in rng.permutation(45)])
    batch = pd.Series(rng.permutation(np.repeat(["Rome", "Milan", "Catania"], [25, 13, 7])), names)
    rows = rng.normal(size=(45, 12)) + batch.map({"Rome": 0, "Milan": 1, "Catania": -1}).to_numpy()[:, None]
    X = pd.DataFrame(rows, names, [str(2000 + 3 * i) for i in range(12)])
    clf = maldinb.MaldiMLPClassifier(
        epochs=2, hidden_dim=8, head_dims=(6,), learning_rate=0.1, early_stopping=False, random_state=0, device="cpu"
    )
    clf.fit(X, np.tile([0, 1, 1], 15))
    clf.model_.gate[0].weight.data *= 4  # after two epochs gates would hardly differ
    return clf, X, batch
