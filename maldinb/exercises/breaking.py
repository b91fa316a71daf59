"""Exercises that break a claim: where does its tick become a cross?"""

import numpy as np

from .checking import NothingToCheck, Wrong, check, number

ALLOWED_SHARE = 0.005  # by which the share at the answer may be off


@check("at this width the sentence turns. Whoever writes one chooses the limit, and should say before what it is to be")
def check_breaking_width(answer, gates, share=0.9):
    """The width w at which "more than 90 % of the gates lie within 1/2 +- w" begins to be wrong.

    Parameters
    ----------
    answer : float
        Right if the share of gates within 1/2 +- answer is that of the claim, to half a per cent.
    gates : array_like
        Those that the claim is about.
    share : float

    Examples
    --------
    >>> check_breaking_width(0.45, gates=[0.4, 0.5, 0.6, 0.7, 0.9], share=0.6)
    not right: at that width the claim still holds; it breaks at a smaller one
    """
    distance = np.abs(np.asarray(gates, float).ravel() - 0.5)
    if np.ptp(distance) == 0:
        raise NothingToCheck("all of these gates are as far from one half; no width divides them")
    given = number(answer, "a distance from one half")
    truth = float(np.quantile(distance, share))

    def holds(width):
        return abs(np.mean(distance <= width) - share) <= ALLOWED_SHARE

    if holds(given):
        return
    if given < 0:
        raise Wrong("a width is above 0")
    mistakes = [
        (given - 0.5, "that is a gate; how far is it from one half?"),
        (0.5 - given, "that is a gate; how far is it from one half?"),
        (given / 2, "that is the width of the whole range; count from one half to one of its ends"),
        (given / 100, "this looks like per cent; gates lie between 0 and 1"),
    ]
    for width, message in mistakes:
        if holds(width):
            raise Wrong(message)
    if given > 0.5:
        raise Wrong("no gate is farther than 0.5 from one half")
    if abs(np.mean(distance <= given) - (1 - share)) <= ALLOWED_SHARE:
        raise Wrong(f"that is where the nearest {1 - share:.0%} end; the claim is about {share:.0%}")
    if given > truth:
        raise Wrong("at that width the claim still holds; it breaks at a smaller one")
    raise Wrong("at that width the claim is wrong already; it breaks at a larger one")


@check("an overlap depends on how many are counted: of k out of n, chance alone shares k/n. Say both numbers with it")
def check_breaking_overlap(answer, one, other, most=50, share=0.75):
    """The smallest number above `most` for which two maps share 3/4 of so many of their largest bins.

    Parameters
    ----------
    answer : int
    one, other : array_like, shape (n_bins,)
        Maps; signs do not count.
    most : int
        For this number the claim holds that they share less.
    share : float

    Examples
    --------
    >>> check_breaking_overlap(3, one=[9, 8, 7, 6, 5], other=[1, 2, -9, 6, 5], most=2)
    not right: of so many largest bins, less than 75% are the same: the claim still holds there
    """
    one, other = np.asarray(one, float), np.asarray(other, float)
    shared = _shared(np.abs(one), np.abs(other))
    if shared[most - 1] >= share:
        raise NothingToCheck(
            f"these two maps share {share:.0%} of their {most} largest bins: the claim is wrong already"
        )
    given, truth = number(answer, "a number of bins"), _first_above(shared, most, share)
    if given == truth:
        return
    if 0 < given < 1:
        raise Wrong("that is a share; asked for is how many of the largest bins are counted")
    if given % 1:
        raise Wrong("bins are counted in whole numbers")
    if not most < given <= len(shared):
        raise Wrong(f"a number of bins above {most}, and no more than there are")
    mistakes = {
        "signs do not count: a bin that speaks for S may be as large as one that speaks for R": _shared(one, other),
        "you divide by all bins that either map has among its largest; divide by the number that is counted": (
            shared / (2 - shared)
        ),
    }
    for message, values in mistakes.items():
        if given == _first_above(values, most, share):
            raise Wrong(message)
    if shared[int(given) - 1] < share:
        raise Wrong(f"of so many largest bins, less than {share:.0%} are the same: the claim still holds there")
    raise Wrong("there the claim is wrong, and it is wrong already for fewer bins; go up one by one, or by halves")


def _shared(one, other):
    """Share of the k largest of one map that are among those of the other, for each k from 1 on."""
    places = [np.argsort(np.argsort(-values, kind="stable")) for values in (one, other)]
    k = np.arange(1, len(one) + 1)
    return np.searchsorted(np.sort(np.maximum(*places)), k) / k


def _first_above(shared, most, share):
    """The smallest k above `most` with at least this share; all bins are shared at the latest."""
    return most + 1 + int(np.argmax(shared[most:] >= share))
