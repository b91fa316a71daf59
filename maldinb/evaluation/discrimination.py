"""How well a score tells resistant from susceptible spectra, and how sure that is."""

from typing import NamedTuple

import numpy as np
from scipy.special import expit, logit
from scipy.stats import norm, rankdata

from ..arguments import choice, fraction, whole
from . import checks


class Interval(NamedTuple):
    """A value and its confidence interval."""

    value: float
    low: float
    high: float

    def __str__(self):
        return f"{self.value:.3f} ({self.low:.3f}-{self.high:.3f})"


def auroc(y, score):
    """AUROC of labels and scores that have been checked; ties count one half.

    It is that of `sklearn.metrics.roc_auc_score`, whose own checks take twenty times as long as the ranks. That tells
    where it is asked for hundreds of times.

    Parameters
    ----------
    y : ndarray of {0, 1}, shape (n,)
        Both of them.
    score : ndarray, shape (n,)

    Returns
    -------
    float

    Examples
    --------
    >>> auroc(np.array([0, 0, 1, 1]), np.array([0.1, 0.4, 0.4, 0.8]))
    0.875
    """
    n_r = int(np.sum(y))
    wins = rankdata(score)[np.asarray(y) == 1].sum() - n_r * (n_r + 1) / 2  # an R against an S
    return float(wins / (n_r * (len(y) - n_r)))


def auroc_with_interval(y, score, *, level=0.95, method="delong", isolate=None, random_state=0, n_resamples=2000):
    """AUROC, the probability that a random R scores higher than a random S, with its confidence interval.

    The interval speaks of *these models on other spectra from the same hospitals*. It knows nothing of other hospitals
    or of other training spectra, and so is rather too narrow.

    Parameters
    ----------
    y : array_like of {0, 1}, shape (n,)
        1 for resistant.
    score : array_like, shape (n,)
        Any numbers that are higher where R is more likely. Ties count one half.
    level : float
        Confidence, between 0 and 1.
    method : {"delong", "bootstrap"}
        DeLong's variance, of the logit of the AUROC, so that limits stay within 0 and 1; or the percentiles of
        `n_resamples` resamples with replacement, R and S drawn separately.
    isolate : array_like, shape (n,), optional
        Isolate of each spectrum. Spectra of one isolate say less than as many independent ones: their variance is
        that of the sums per isolate, and the bootstrap draws whole isolates.
    random_state : int
        Seed of the bootstrap.
    n_resamples : int
        Size of the bootstrap.

    Returns
    -------
    Interval
        ``value``, ``low``, ``high``. A score that is the same for all has 0.5 and no width. If R and S are perfectly
        separated, neither method sees any variance; the inner limit is then the AUROC at which as many independent
        pairs of an R and an S as there are would all be in order with a probability of ``(1 - level) / 2``.

    Raises
    ------
    ValueError
        If there is only one label, a score is not a finite number, lengths differ or an option is unknown.

    References
    ----------
    DeLong et al. 1988, doi:10.2307/2531595; by midranks: Sun and Xu 2014, doi:10.1109/LSP.2014.2337313; for sums per
    isolate: Obuchowski 1997, Biometrics 53, 567-578; why not without logit: Kottas et al. 2014,
    doi:10.1186/1471-2288-14-26

    Examples
    --------
    >>> y, score = [0, 0, 0, 0, 1, 1, 1, 1], [0.1, 0.3, 0.2, 0.6, 0.4, 0.8, 0.9, 0.5]
    >>> print(auroc_with_interval(y, score))
    0.875 (0.345-0.989)
    """
    y, score = checks.scored(y, score, probability=False)
    tail = (1 - fraction(level, "level")) / 2
    isolate = checks.isolates(isolate, len(y))
    n_resamples = whole(n_resamples, "n_resamples", 100)
    method = choice(method, "method", ("delong", "bootstrap"))
    fewest = min(len(np.unique(isolate[y == label])) for label in (0, 1))
    if fewest < 2:
        raise ValueError("an interval takes at least two isolates of each label")
    value = auroc(y, score)
    if value in (0.0, 1.0):
        return _separated(value, tail, fewest)
    if method == "delong":
        return Interval(value, *_logit_limits(value, _delong_variance(y, score, isolate, value), tail))
    resampled = _bootstrap(y, score, isolate, n_resamples, random_state)
    return Interval(value, *(float(limit) for limit in np.quantile(resampled, [tail, 1 - tail])))


def within_batch_auroc(y, score, batch):
    """AUROC of each batch on its own: what a score knows beyond the batch.

    Parameters
    ----------
    y : array_like of {0, 1}, shape (n,)
    score : array_like, shape (n,)
    batch : array_like of str, shape (n,)

    Returns
    -------
    mean : float
        Weighted by the number of pairs of an R and an S in each batch: the probability that a random R scores higher
        than a random S *of the same batch*. A score that depends on the batch alone has 0.5 (a little less if it was
        learned out of fold: the more R in the test fold, the fewer in the training folds).
    batches : dict
        batch -> AUROC, in alphabetical order; NaN for a batch with one label only, which has no such pairs.

    Raises
    ------
    ValueError
        If no batch has both labels, and as in `auroc_with_interval`.

    Examples
    --------
    >>> y, batch = [0, 1] * 4, list("aaaabbbb")
    >>> score = [0.1, 0.4, 0.3, 0.8, 0.2, 0.9, 0.6, 0.5]
    >>> within_batch_auroc(y, score, batch)
    (0.875, {'a': 1.0, 'b': 0.75})
    """
    y, score = checks.scored(y, score, probability=False)
    batch = checks.batches(batch, len(y))
    batches, pairs = {}, []
    for name in sorted(set(batch.tolist())):
        here = batch == name
        pairs.append(y[here].sum() * (1 - y[here]).sum())
        batches[name] = auroc(y[here], score[here]) if pairs[-1] else np.nan
    if not any(pairs):
        raise ValueError("no batch has both resistant and susceptible spectra; there is nothing to compare within one")
    return float(np.average(np.nan_to_num(list(batches.values())), weights=pairs)), batches


def within_batch_interval(y, score, batch, *, level=0.95, isolate=None):
    """AUROC within batches with its confidence interval: of R and S of the same batch only.

    Parameters
    ----------
    y, score, batch
        As in `within_batch_auroc`.
    level : float
        Confidence, between 0 and 1.
    isolate : array_like, shape (n,), optional
        Isolate of each spectrum, as in `auroc_with_interval`.

    Returns
    -------
    Interval
        The mean over all batches with two or more isolates of each label, weighted by their pairs of an R and an S.
        Limits are those of DeLong's variance in each batch, on the scale of the logit; where all these batches are
        perfectly separated, the inner one is that of `auroc_with_interval` for as many pairs. All are NaN if there is
        no such batch.

    Raises
    ------
    ValueError
        As in `auroc_with_interval`.

    Examples
    --------
    >>> y, batch = [0, 1] * 4, list("aaaabbbb")
    >>> print(within_batch_interval(y, [0.1, 0.4, 0.3, 0.8, 0.2, 0.9, 0.6, 0.5], batch))
    0.875 (0.228-0.994)
    """
    y, score = checks.scored(y, score, probability=False)
    batch, isolate = checks.batches(batch, len(y)), checks.isolates(isolate, len(y))
    tail = (1 - fraction(level, "level")) / 2
    values, variances, pairs, independent = [], [], [], 0
    for name in sorted(set(batch.tolist())):
        here = batch == name
        fewest = min(len(np.unique(isolate[here & (y == label)])) for label in (0, 1))
        if fewest < 2:
            continue
        independent += fewest
        values.append(auroc(y[here], score[here]))
        variances.append(_delong_variance(y[here], score[here], isolate[here], values[-1]))
        pairs.append(y[here].sum() * (1 - y[here]).sum())
    if not pairs:
        return Interval(np.nan, np.nan, np.nan)
    weight = np.array(pairs) / np.sum(pairs)
    value, variance = float(weight @ values), float(weight**2 @ variances)
    if value in (0.0, 1.0):
        return _separated(value, tail, independent)
    return Interval(value, *_logit_limits(value, variance, tail))


def pairs_within_batch(y, batch):
    """Number of pairs of an R and an S that come from the same batch: what can be compared within batches.

    Parameters
    ----------
    y : array_like of {0, 1}, shape (n,)
        Perhaps of one label only.
    batch : array_like of str, shape (n,)

    Returns
    -------
    int
        0 where each batch has only R or only S.

    Raises
    ------
    ValueError
        If the input is malformed.

    Examples
    --------
    >>> pairs_within_batch([0, 1, 1, 0, 0], list("aaabb"))
    2
    """
    y = checks.targets(y, both=False)
    batch = checks.batches(batch, len(y))
    return int(sum(y[batch == name].sum() * (1 - y[batch == name]).sum() for name in set(batch)))


def _separated(value, tail, n_pairs):
    """R and S are perfectly separated: the AUROC at which so many independent pairs would all be in order by chance."""
    inner = tail ** (1 / n_pairs)
    return Interval(value, *((inner, 1.0) if value else (0.0, 1 - inner)))


def _delong_variance(y, score, isolate, value):
    """DeLong's variance of an AUROC."""
    r, s = y == 1, y == 0
    # Of each R the share of S below it, of each S the share of R above it: rank among all minus rank among its own.
    place = np.empty(len(y))
    rank = rankdata(score)
    place[r] = (rank[r] - rankdata(score[r])) / s.sum()
    place[s] = 1 - (rank[s] - rankdata(score[s])) / r.sum()
    # How far they are off the mean, summed per isolate. With one spectrum per isolate this is DeLong's variance.
    off = np.zeros(isolate.max() + 1)
    for one in (r, s):
        n = len(np.unique(isolate[one]))
        off += np.sqrt(n / (n - 1)) * np.bincount(isolate[one], (place[one] - value) / one.sum(), minlength=len(off))
    return (off**2).sum()


def _logit_limits(value, variance, tail):
    """Limits on the scale of the logit, so that they stay within 0 and 1."""
    error = np.sqrt(variance) / (value * (1 - value))
    return tuple(float(limit) for limit in expit(logit(value) + norm.ppf([tail, 1 - tail]) * error))


def _bootstrap(y, score, isolate, n_resamples, random_state):
    """AUROCs of resamples: isolates with R only, with S only and with both are drawn separately, with replacement."""
    rng = np.random.default_rng(random_state)
    n = isolate.max() + 1
    kind = np.minimum(np.bincount(isolate, y, n), 1) + 2 * np.minimum(np.bincount(isolate, 1 - y, n), 1)
    drawn = np.zeros((n_resamples, n))  # how often
    for one in np.unique(kind):
        members = np.flatnonzero(kind == one)
        drawn[:, members] = rng.multinomial(len(members), np.full(len(members), 1 / len(members)), n_resamples)
    order = np.argsort(score, kind="stable")
    starts = np.flatnonzero(np.diff(score[order], prepend=-np.inf))  # where a new value begins
    weight = drawn[:, isolate[order]]
    r = np.add.reduceat(weight * y[order], starts, axis=1)  # R and S at each value, in rising order
    s = np.add.reduceat(weight * (1 - y[order]), starts, axis=1)
    return (r * (np.cumsum(s, axis=1) - s / 2)).sum(axis=1) / (r.sum(axis=1) * s.sum(axis=1))
