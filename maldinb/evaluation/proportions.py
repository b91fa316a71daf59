"""How sure a proportion is."""

from scipy.special import betaincinv


def exact_interval(count, of, level=0.95):
    """The exact interval of a proportion: whatever is true, at least a share `level` of such intervals holds it.

    Its limits are quantiles of two beta distributions; `scipy.stats.binomtest` searches for the same ones, for
    some hundred times as long.

    Parameters
    ----------
    count, of : int
        So many out of so many, at least one.
    level : float
        Confidence, between 0 and 1.

    Returns
    -------
    low, high : float

    References
    ----------
    Clopper and Pearson 1934, doi:10.1093/biomet/26.4.404

    Examples
    --------
    >>> low, high = exact_interval(1, 20)
    >>> print(f"{low:.4f} {high:.4f}")
    0.0013 0.2487
    """
    tail = (1 - level) / 2
    low = float(betaincinv(count, of - count + 1, tail)) if count else 0.0
    high = float(betaincinv(count + 1, of - count, 1 - tail)) if count < of else 1.0
    return low, high
