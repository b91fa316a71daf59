"""The exercises of notebook 02: splits, parameters, scores within a batch, a threshold, and another network."""

import numpy as np

import maldinb

from .checking import NothingToCheck, Wrong, call, check, close, number, numbers, pair, refuse, share
from .spy import watched_network


@check("repeats of one isolate are nearly the same spectrum: on both sides they make the test too easy")
def check_keep_isolates(function):
    """``split(isolates, seed)``: positions to train on and to test on, a random quarter of the isolates in the test.

    Parameters
    ----------
    function : callable

    Examples
    --------
    >>> check_keep_isolates(lambda isolates, seed: (np.arange(0, 80), np.arange(80, len(isolates))))
    not right: a leak: 12 isolates have spectra in both parts, so the network is tested on what it has seen
    """
    rng = np.random.default_rng(0)
    isolates = rng.permutation(np.repeat([f"isolate-{i:03d}" for i in range(60)], np.tile([1, 1, 2, 3], 15)))
    parts = [_split(function, isolates, seed) for seed in (0, 0, 1)]
    train, test = parts[0]
    if both := len(np.intersect1d(train, test)):
        raise Wrong(f"{both} spectra are in both parts")
    if missing := len(isolates) - len(np.union1d(train, test)):
        raise Wrong(f"{missing} spectra are in neither part")
    if leaked := len(np.intersect1d(isolates[train], isolates[test])):
        raise Wrong(
            f"a leak: {leaked} isolates have spectra in both parts, so the network is tested on what it has seen"
        )
    fraction = len(np.unique(isolates[test])) / 60
    if 0.65 <= fraction <= 0.85:
        raise Wrong("the parts seem to be swapped: return first what to train on, then what to test on")
    if not 0.15 <= fraction <= 0.35:
        raise Wrong(f"{fraction:.0%} of the isolates are in the test part; about a quarter should be")
    if set(parts[1][1]) != set(test):
        raise Wrong("one seed gives two different splits, so nobody could repeat your work; use default_rng(seed)")
    if set(parts[2][1]) == set(test):
        raise Wrong("another seed gives the same split: choose the isolates at random, or their order decides")


def _split(function, isolates, seed):
    """Both parts as positions, each of them named once."""
    parts = pair(call(function, isolates.copy(), seed), "positions to train on and positions to test on")
    return [_positions(part, len(isolates)) for part in parts]


def _positions(part, n):
    values = np.asarray(list(part) if isinstance(part, set) else part)
    if values.dtype.kind in "UTO":
        raise Wrong("a part holds text, such as names of isolates; return positions: 0 is the first spectrum")
    if values.dtype == bool and values.shape == (n,):
        return np.flatnonzero(values)
    values = numbers(values, "positions")
    if values.ndim != 1 or not len(values) or (values % 1).any() or values.min() < 0 or values.max() >= n:
        raise Wrong("each part is a list of positions, whole numbers from 0 on, and is not empty")
    if len(np.unique(values)) < len(values):
        raise Wrong("a position occurs twice in one part")
    return values.astype(int)


@check("nearly all of it is one weight for each pair of a bin and a unit, whatever comes after")
def check_parameter_count(answer, n_bins, hidden_dim):
    """The number of parameters of the projection: its linear layer and its BatchNorm.

    Parameters
    ----------
    answer : int
    n_bins, hidden_dim : int

    Examples
    --------
    >>> check_parameter_count(600_000, n_bins=6000, hidden_dim=100)
    not right: these are the weights alone; a unit also has a bias, and BatchNorm has parameters of its own
    """
    network = maldinb.SpectralAttentionMLP(n_bins, hidden_dim)
    given, weights = number(answer, "a whole number"), n_bins * hidden_dim
    if given == sum(p.numel() for p in network.project.parameters()):
        return
    mistakes = {
        weights: "these are the weights alone; a unit also has a bias, and BatchNorm has parameters of its own",
        weights + hidden_dim: "BatchNorm is forgotten: it has parameters of its own",
        weights + 2 * hidden_dim: "the bias is forgotten: each unit adds one number to its weighted sum",
        weights + 4 * hidden_dim: "BatchNorm remembers a mean and a variance of each unit, but these are not trained",
        weights + 5 * hidden_dim: "BatchNorm remembers a mean and a variance of each unit, but these are not trained",
        weights + n_bins: "a bias belongs to a unit, not to a bin",
        n_bins + hidden_dim: "each unit has a weight for every bin: multiply where you add",
        sum(p.numel() for p in network.parameters()): "that is the whole network; asked for is the projection alone",
    }
    if given in mistakes:
        raise Wrong(mistakes[given])
    if 0 < given < weights:
        raise Wrong("that is too few: each unit has a weight for every bin")
    raise Wrong("which numbers does training change, in the linear layer and in BatchNorm? Count these")


@check("whoever knows nothing but the batch gets 0.5 by this measure, however high the pooled AUROC is")
def check_within_batch(function):
    """``within_batch(y, score, batch)``: of all pairs of an R and an S of one batch, the share that is in order.

    Parameters
    ----------
    function : callable

    Examples
    --------
    >>> check_within_batch(lambda y, score, batch: 50)
    not right: a share lies between 0 and 1
    """
    from ..evaluation import within_batch_auroc  # SciPy and scikit-learn, for the one exercise that needs them

    rng = np.random.default_rng(33)  # with which all mistakes below give different numbers
    batch = np.repeat(["Rome", "Milan", "Catania"], [30, 16, 8])
    y = (rng.random(54) < np.repeat([0.5, 0.2, 0.7], [30, 16, 8])).astype(int)
    y[[0, 30, 46]], y[[1, 31, 47]] = 1, 0  # no batch with one label
    score = np.round(rng.random(54) * 0.5 + 0.1 * y + 0.3 * (batch != "Milan"), 1)  # rounded: there are ties
    truth, batches = within_batch_auroc(y, score, batch)
    order = np.sign(score[y == 1][:, None] - score[y == 0])
    same = batch[y == 1][:, None] == batch[y == 0]
    sizes = [np.sum(batch == name) for name in batches]
    mistakes = [
        (1 - truth, "the labels seem to be swapped: an R should score higher than an S"),
        (0.5 + order.mean() / 2, "the batch is forgotten: this counts pairs of an R and an S from two batches, too"),
        (np.mean(order > 0), "the batch is forgotten, and so are the ties"),
        (np.mean(order[same] > 0), "a tie, two equal scores, counts one half, and yours counts nothing"),
        (np.mean(order[same] >= 0), "a tie, two equal scores, counts one half, and yours counts as in order"),
        (np.mean(list(batches.values())), "you average over batches, and they differ in size: count pairs"),
        (np.average(list(batches.values()), weights=sizes), "you weight batches by their spectra: count pairs"),
    ]
    share(call(function, y.copy(), score.copy(), batch.copy()), truth, mistakes)
    more = np.append(y, [1, 1]), np.append(score, [0.9, 0.8]), np.append(batch, ["Turin", "Turin"])
    try:
        share(call(function, *more), truth, [])
    except Wrong as wrong:
        raise Wrong(f"right, until a batch has R only: it has no pairs, and should not count ({wrong})") from None


@check("whoever may choose among small test sets may choose the winner: fix the split, and look at it once")
def check_lucky_test_set(answer, y, better, other, size):
    """A seed of which the small test set puts two models in another order than all spectra do.

    Parameters
    ----------
    answer : int
        Seed of ``np.random.default_rng(seed).choice(len(y), size, replace=False)``, the positions of the test set.
    y : array_like of {0, 1}, shape (n,)
        1 for resistant.
    better, other : array_like, shape (n,)
        P(R) of both models; `better` has the higher AUROC over all spectra.
    size : int
        Spectra in a test set.

    Examples
    --------
    >>> check_lucky_test_set(0.77, y=[0, 1] * 9, better=[0.1, 0.9] * 9, other=[0.5] * 18, size=4)
    not right: a seed is a whole number from 0 on
    """
    from scipy.stats import rankdata  # for the one exercise that ranks

    y, scores = np.asarray(y), [np.asarray(score) for score in (better, other)]

    def lead(seed):
        drawn = np.random.default_rng(seed).choice(len(y), size, replace=False)
        r = y[drawn] == 1
        sums = [rankdata(score[drawn])[r].sum() for score in scores]  # AUROC x pairs, but for a constant
        return (sums[0] - sums[1]) / (r.sum() * (~r).sum()) if 0 < r.sum() < size else np.nan

    given = number(answer, "a seed, a whole number")
    if given % 1 or not 0 <= given < 2**63:
        raise Wrong("a seed is a whole number from 0 on")
    found = lead(int(given))
    if found < 0:
        return
    if not any(lead(seed) < 0 for seed in range(500)):
        raise NothingToCheck("none of the first 500 seeds turns the order around: the difference is too large")
    if np.isnan(found):
        raise Wrong("these spectra are all R, or all S: there is no AUROC")
    if found == 0:
        raise Wrong("on this test set both have the same AUROC; the other one has to be ahead")
    raise Wrong(f"on this test set the order is as before, by {found:.3f}; try more seeds, in a loop")


@check("chosen before the test set is looked at, a threshold may well miss its aim there: that is the honest answer")
def check_threshold(answer, train, test, known, max_very_major):
    """The highest threshold on P(R) that calls at most a share of the resistant spectra susceptible.

    Parameters
    ----------
    answer : float
        From 0 to 1; it may be 0.005 too low.
    train, test, known : (array_like of {0, 1}, array_like), shape (n,) each
        Labels and P(R): of the training part, each spectrum scored by a network that has not seen it; of the test set;
        of the training part, scored by the network that was trained on it.
    max_very_major : float
        From 0 to 1.

    Examples
    --------
    >>> scores = [0, 0, 1, 1], [0.1, 0.4, 0.3, 0.9]
    >>> check_threshold(30, train=scores, test=scores, known=scores, max_very_major=0)
    not right: this looks like per cent; P(R) lies between 0 and 1
    """
    y, score = (np.asarray(values) for values in train)
    r = np.sort(score[y == 1])
    if not len(r):
        raise NothingToCheck("no spectrum of the training part is resistant, so no very major error can be made")
    given = number(answer, "a threshold from 0 to 1")
    allowed = int(max_very_major * len(r) + 1e-9)
    missed = np.sum(r < given)

    def highest(y, score):
        """By counting errors from below; NaN without R."""
        r = np.sort(np.asarray(score)[np.asarray(y) == 1])
        return r[int(max_very_major * len(r) + 1e-9)] if len(r) else np.nan

    if missed <= allowed and given > r[allowed] - 0.005:
        return
    among_s, of_all = 1 - highest(1 - y, 1 - score), np.sort(score)[int(max_very_major * len(y))]
    mistakes = [
        (highest(*test), "a leak: that is the threshold which the test set would choose"),
        (highest(*known), "that suits scores of spectra that the network was trained on; on new ones it is less sure"),
        (highest(1 - y, score), "R and S seem to be swapped: very major errors are R that are called S"),
        (among_s, "that keeps the errors among S low, the major errors; very major ones are made among R"),
        (of_all, "that is a share of all spectra; very major errors are counted among the R"),
    ]
    refuse(given, mistakes, 0.002)
    if given > 1:
        raise Wrong("this looks like per cent; P(R) lies between 0 and 1")
    if close(given, 1 - max_very_major) or close(given, max_very_major):
        raise Wrong("that is the share of errors itself; asked for is the P(R) from which on a spectrum is called R")
    if missed > allowed:
        raise Wrong(f"too high: {missed} of {len(r)} R would be called S, and at most {max_very_major:.0%} may be")
    raise Wrong(f"too low: it could be higher, and spare some S, with at most {max_very_major:.0%} very major errors")


@check("compared like this, both networks learn from the same spectra: what differs is the gate, and luck")
def check_without_gate(function):
    """``without_gate(network, X, y, splits)``: P(R) of each spectrum by the same network without its gate.

    Parameters
    ----------
    function : callable
        It is tried on a network that writes down what is done with it, so that nothing is trained.

    Examples
    --------
    >>> check_without_gate(lambda network, X, y, splits: y)
    not right: no copy of the given network was trained; make one with clone(network)
    """
    network, X, y, splits, log = watched_network()
    before = network.get_params()
    returned = call(function, network, X.copy(), y.copy(), list(splits))
    if network.get_params() != before or any(fitted is network for fitted in log.networks):
        raise Wrong("your function changes the network that it is given; make another one with clone(network)")
    if not log.networks:
        raise Wrong("no copy of the given network was trained; make one with clone(network)")
    changed = {name for fitted in log.networks for name, value in fitted.get_params().items() if value != before[name]}
    if "use_attention" not in changed:
        raise Wrong("what was trained still has its gate")
    if others := sorted(changed - {"use_attention"}):
        raise Wrong(f"something else differs beside the gate, and might be the cause: {', '.join(others)}")
    _check_scores(numbers(returned, "P(R) of every spectrum"), len(X), splits, log)


def _check_scores(scores, n, splits, log):
    """Complain about scores that are not those of the test parts, in the order of the spectra."""
    if scores.shape == (n, 2):
        raise Wrong("your function returns two columns; P(R) is the second one")
    if np.isin(scores, [0, 1]).all():
        raise Wrong("your function returns calls, 0 or 1; asked for are probabilities")
    if scores.shape != (n,):
        raise Wrong(f"your function returns numbers of shape {scores.shape} for {n} spectra")
    if None not in log.sources(1 - scores):
        raise Wrong("your function returns P(S), the first column; P(R) is the second one")
    sources = log.sources(scores)
    if None in sources:
        raise Wrong("your function returns other numbers than the P(R) that the networks gave")
    if any(row in trained_on for row, trained_on in sources):
        raise Wrong("a leak: spectra are scored by a network that was trained on them")
    if any(set(trained_on) not in [set(train) for train, _ in splits] for _, trained_on in sources):
        raise Wrong("the networks were not trained on the training parts of the splits")
    if [row for row, _ in sources] != list(range(n)):
        raise Wrong("the scores stand in the order of the folds; put each where its spectrum stands")
