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
