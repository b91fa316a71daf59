"""The exercises of notebook 01: reading a spectrum, bins, what the batch knows, calibration, and leaks."""

from itertools import combinations

import numpy as np
import pandas as pd

from .checking import NothingToCheck, Wrong, call, check, close, number, numbers, pair, refuse, share, short, table

READING_ERROR = 20  # Da; what an eye can read off an axis of some hundred Da


@check("a peak has a place and a height, and only the place, its m/z, can be looked up in a table of proteins")
def check_highest_bin(answer, row, edges, window):
    """The m/z, read off a figure, of the highest bin in a window.

    Parameters
    ----------
    answer : float
        In Da; within 20 Da it is right.
    row : array_like, shape (n_bins,)
    edges : ndarray, shape (n_bins + 1,)
        In Da.
    window : (float, float)
        Limits of the figure in Da.

    Examples
    --------
    >>> edges, row = 2000 + 3.0 * np.arange(101), np.zeros(100)
    >>> row[40] = 1
    >>> check_highest_bin(40, row, edges, window=(2000, 2300))
    not right: you seem to count bins; the horizontal axis shows m/z in Da
    """
    row, lower = np.asarray(row), np.asarray(edges)[:-1]
    seen = (lower >= window[0]) & (lower < window[1])
    if not row[seen].any():
        raise NothingToCheck("this spectrum has no peak in the window; take another one")
    mz = number(answer, "an m/z in Da")
    as_high = lower[seen & (row >= 0.95 * row[seen].max())]  # two bins that no eye could tell apart
    if np.abs(as_high - mz).min() <= READING_ERROR:
        return
    if 0 < mz < 1:
        raise Wrong("that looks like an intensity, from the vertical axis; m/z is on the horizontal one")
    if mz < window[0] and min(abs(mz - row[seen].argmax()), abs(mz - np.where(seen, row, 0).argmax())) <= 10:
        raise Wrong("you seem to count bins; the horizontal axis shows m/z in Da")
    if not window[0] <= mz <= window[1]:
        raise Wrong(f"that is outside the window that is drawn, {window[0]} to {window[1]} Da")
    raise Wrong("there are higher bins in this window than those around there")


@check("bins may be joined, since intensities add up. The way back does not exist: resolution is lost")
def check_join_bins(function):
    """``join_bins(rows, factor)``: sums of each `factor` neighbouring bins, shape (n_spectra, n_bins / factor).

    Parameters
    ----------
    function : callable

    Examples
    --------
    >>> check_join_bins(lambda rows, factor: rows[:, ::factor])
    not right: you keep one bin out of several and lose the intensity of the others
    """
    for factor in (3, 5):
        rows = np.random.default_rng(factor).random((6, 30))
        joined = numbers(call(function, rows.copy(), factor), "a table of numbers")
        blocks = rows.reshape(6, -1, factor)
        if close(joined, np.add.reduceat(rows, np.arange(0, 30, factor), axis=1)):
            continue
        far = rows.reshape(6, factor, -1).sum(axis=1)
        mistakes = [
            (blocks.mean(axis=2), "intensities shrink by the factor: you seem to take means, and intensities add up"),
            (blocks[:, :, 0], "you keep one bin out of several and lose the intensity of the others"),
            (blocks.max(axis=2), "you keep the highest of the bins and lose the intensity of the others"),
            (far, "the total is right, but the bins that you join are not neighbours: look at the order of the axes"),
        ]
        refuse(joined, mistakes)
        if joined.shape == (6 // factor, 30):
            raise Wrong("wrong axis: you join spectra, and the columns are the bins")
        if joined.shape == (6, 10) and factor != 3:
            raise Wrong("it joins three bins whatever the factor is")
        joined = table(joined, blocks.shape[:2], f"{rows.shape} joined by {factor}")
        if not close(joined.sum(axis=1), rows.sum(axis=1)):
            raise Wrong("the intensities of a spectrum do not add up to what they were before")
        raise Wrong("the total is right, but some intensity stands in the wrong bin")


@check("hold it against always saying the more frequent label: the difference is what the batch knows")
def check_batch_rule(answer, y, batch):
    """Share of right calls of the rule that says R in batches where most spectra are R, and S elsewhere.

    Parameters
    ----------
    answer : float
        From 0 to 1.
    y : Series of {0, 1}, shape (n,)
        1 for resistant.
    batch : Series of str, shape (n,)

    Examples
    --------
    >>> check_batch_rule(0.25, y=[1, 1, 0, 0], batch=list("aaab"))
    not right: this counts the wrong calls, not the right ones
    """
    y, batch = np.asarray(y), np.asarray(batch)
    if not len(y):
        raise NothingToCheck("no spectrum is labelled")
    counts = pd.crosstab(batch, y)
    right, n = counts.max(axis=1), counts.sum(axis=1)
    truth, r = right.sum() / len(y), y.mean()
    mistakes = [
        (1 - truth, "this counts the wrong calls, not the right ones"),
        (max(r, 1 - r), "this is what always saying the more frequent label gets right: the batch is forgotten"),
        (r, "this is the share of R in all spectra: no rule was applied yet"),
        (1 - r, "this is the share of S in all spectra: no rule was applied yet"),
        ((right / n).mean(), "you seem to average over batches, and they differ in size: count spectra"),
    ]
    if 0 < r < 1:
        auroc = _auroc_of_batch(counts)
        mistakes.append((auroc, "this is the AUROC of the batch, which counts pairs; count right calls"))
    share(answer, truth, mistakes)


@check("a confounder belongs to a collection: what the batch tells depends on which batches are put together")
def check_where_batch_fails(answer, y, batch, limit):
    """Two batches or more of which the batch alone has an AUROC of at most `limit`.

    Parameters
    ----------
    answer : collection of str
        Names of batches, in any order.
    y : Series of {0, 1}, shape (n,)
        1 for resistant.
    batch : Series of str, shape (n,)
    limit : float
        Above it the claim holds that is to be broken.

    Examples
    --------
    >>> check_where_batch_fails(["a"], y=[1, 0, 0, 1], batch=list("aabb"), limit=0.6)
    not right: of one batch the claim is neither true nor false: it gets a ?; name two or more
    """
    counts = pd.crosstab(np.asarray(batch), np.asarray(y)).reindex(columns=[0, 1], fill_value=0)
    names = _names(answer, counts.index)
    if len(counts) < 2:
        raise NothingToCheck("it takes two batches or more, and here is only one")
    chosen = counts.loc[names]
    if not chosen.sum().all():
        raise Wrong("these batches have spectra of one label only: there is nothing to tell apart")
    auroc = _auroc_of_batch(chosen)
    if auroc <= limit:
        return
    sizes = range(2, min(len(counts), 4) + 1)  # so few, or hundreds of batches would take long
    sets = [counts.loc[list(some)] for size in sizes for some in combinations(counts.index, size)]
    if not any(some.sum().all() and _auroc_of_batch(some) <= limit for some in sets):
        raise NothingToCheck("the claim holds of all batches that one could put together here")
    if len(names) == len(counts):
        raise Wrong("of all batches together the claim holds, as its tick says; leave one out")
    raise Wrong(f"there the claim still holds: these batches score {auroc:.3f}")


def _names(answer, known):
    """Names of two batches or more."""
    try:
        names = [answer] if isinstance(answer, str) else list(answer)
    except TypeError:
        raise Wrong(f"this takes names of batches, as in [{known[0]!r}, ...], and got {short(answer)}") from None
    if unknown := [name for name in names if not isinstance(name, str) or name not in known]:
        raise Wrong(f"no batch is called {str(unknown[0])[:40]!r}; there are {', '.join(known[:6])}")
    if len(set(names)) < len(names):
        raise Wrong("a batch is named twice")
    if len(names) < 2 <= len(known):
        raise Wrong("of one batch the claim is neither true nor false: it gets a ?; name two or more")
    return names


def _auroc_of_batch(counts):
    """AUROC of the share of R, from a table of batches x (S, R)."""
    s, r = counts[0].to_numpy(), counts[1].to_numpy()
    share = r / (r + s)
    below = (share[:, None] > share) + (share[:, None] == share) / 2
    return float(r @ below @ s / (r.sum() * s.sum()))


@check("an error of calibration is relative and a bin is not: heavy peaks leave their bins first")
def check_shift_by_a_bin(answer, ppm, bin_width):
    """The m/z at which an error of calibration is as large as a bin.

    Parameters
    ----------
    answer : float
        In Da.
    ppm : float
        The error, in parts per million of m/z.
    bin_width : float
        In Da.

    Examples
    --------
    >>> check_shift_by_a_bin(1200, ppm=400, bin_width=3)
    not right: you multiply width and error; how large is the error, in Da, at that m/z?
    """
    mz = number(answer, "an m/z in Da")
    shift = mz * ppm / 1e6  # what the answer means, instead of the answer itself
    if close(shift, bin_width, 0.002 * bin_width):
        return
    if mz <= 0:
        raise Wrong("m/z is above 0")
    if close(mz, bin_width * ppm):
        raise Wrong("you multiply width and error; how large is the error, in Da, at that m/z?")
    if close(mz, ppm * 1e-6 * bin_width) or close(mz, bin_width):
        raise Wrong("that is a difference in Da; asked for is the place on the m/z axis where it occurs")
    if close(2 * shift, bin_width, 0.002 * bin_width) or close(shift, 2 * bin_width, 0.002 * bin_width):
        raise Wrong("you are off by a factor of 2: a whole bin, not half of one or two of them")
    powers = np.log10(shift / bin_width)
    if close(powers, round(powers), 0.001):
        raise Wrong("you are off by a power of ten: ppm are parts per million")
    raise Wrong(f"at that m/z the error is {'smaller' if shift < bin_width else 'larger'} than a bin")


@check("what is learned from test spectra, be it only their mean, makes the test too easy")
def check_standardise(function):
    """``standardise(train, test)``: both with each bin shifted and scaled by what the training spectra say.

    Parameters
    ----------
    function : callable

    Examples
    --------
    >>> check_standardise(lambda train, test: (train - train.mean(), test - train.mean()))
    not right: the bins of your training spectra do not have the same mean; take it of each bin by itself
    """
    rng = np.random.default_rng(0)
    train = rng.normal([3, 8, 20, 1], [1, 2, 5, 0.5], (40, 4))
    test = rng.normal([4, 6, 20, 2], [2, 2, 9, 0.5], (12, 4))
    both = np.concatenate([train, test])
    returned = pair(call(function, train.copy(), test.copy()), "the training and the test spectra")
    new_train = table(returned[0], train.shape, "the first thing returned, the training spectra,")
    new_test = table(returned[1], test.shape, "the second thing returned, the test spectra,")

    if _is_scaled(new_train, train, train) and _is_scaled(new_test, test, train):
        return
    if _is_scaled(new_train, train, both) or _is_scaled(new_test, test, both):
        raise Wrong("a leak: mean or standard deviation come from all spectra, those of the test among them")
    if _is_scaled(new_test, test, test):
        raise Wrong("the test spectra are scaled by themselves; use what the training spectra say")
    if _is_scaled(new_train.T, train.T, train.T) or _is_scaled(new_test.T, test.T, test.T):
        raise Wrong("wrong axis: each spectrum is scaled by itself, and it should be each bin over the spectra")
    if close(new_test, test):
        raise Wrong("the test spectra are as they were; a model wants them in the units of the training spectra")
    if close(new_train, train - train.mean(axis=0)):
        raise Wrong("the mean is gone, but the bins still differ in scale: divide by the standard deviation")
    if np.ptp(new_train.mean(axis=0)) > 1e-6:
        raise Wrong("the bins of your training spectra do not have the same mean; take it of each bin by itself")
    raise Wrong("after scaling, each bin of the training spectra has mean 0 and standard deviation 1; yours do not")


def _is_scaled(given, rows, by):
    """Whether `given` are `rows`, standardised by the mean and either kind of standard deviation of `by`."""
    return any(close(given, (rows - by.mean(axis=0)) / by.std(axis=0, ddof=ddof)) for ddof in (0, 1))
