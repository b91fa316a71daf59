"""The exercises of notebook 05 on the way back to m/z: integrated gradients, a score for a map, and charges."""

import numpy as np

from .checking import Wrong, call, check, close, number, numbers, refuse, table

PROTON = 1.00728  # Da


@check("the parts add up to the difference of both scores. That they do can be tested, whatever the truth may be")
def check_integrated_gradients(function):
    """``integrate(slope, spectrum, baseline)``: what each bin adds on the straight way from baseline to spectrum.

    Parameters
    ----------
    function : callable
        It is tried on a score that rises along one direction only, so that the answer is known without integrating.

    Examples
    --------
    >>> check_integrated_gradients(lambda slope, spectrum, baseline: slope(spectrum[None])[0] * (spectrum - baseline))
    not right: that is gradient x input: the slope at the end of the way only
    """
    for n_bins in (5, 8):
        rng = np.random.default_rng(n_bins)
        weights, baseline, spectrum = rng.normal(size=(3, n_bins))  # some bins speak for the class, some against it
        baseline += weights * (-2.4 - weights @ baseline) / (weights @ weights)  # flat at either end, steep between
        spectrum += weights * (1.5 - weights @ spectrum) / (weights @ weights)

        def slope(rows, weights=weights):
            rows = np.asarray(rows, float)
            if rows.ndim != 2 or rows.shape[1] != len(weights):
                raise ValueError(f"slope() takes spectra x bins; one spectrum has the shape (1, {len(weights)})")
            return _rise(rows @ weights)[:, None] * weights

        given = numbers(call(function, slope, spectrum.copy(), baseline.copy()), "a number for each bin")
        _check_parts(given, slope, spectrum, baseline, weights)


def _height(x):
    return 2 * np.tanh(x)


def _rise(x):
    return 2 / np.cosh(x) ** 2


def _check_parts(given, slope, spectrum, baseline, weights):
    """Complain about parts that are not those of the straight way."""
    if given.shape == ():
        raise Wrong("your function returns one number; asked for is one for each bin")
    if given.ndim == 2 and given.shape[0] > 1 and given.shape[1] == len(weights):
        raise Wrong("your function returns a row for each step of the way; take the mean over the steps")
    if given.size > len(weights):
        raise Wrong("wrong axis: your function does not return a number for each bin; take means over the steps")
    given = table(given.reshape(-1), weights.shape, "what your function returns")

    def mean_slope(start):
        way = (spectrum - start) @ weights
        return weights * (_height(spectrum @ weights) - _height(start @ weights)) / way

    def at(point):
        return slope(point[None])[0]

    way, mean, from_zero = spectrum - baseline, mean_slope(baseline), mean_slope(np.zeros_like(spectrum))
    truth = mean * way
    tolerance = 0.03 * abs(truth).max()
    if close(given, truth, tolerance):
        return
    mistakes = [
        (at(spectrum) * way, "that is gradient x input: the slope at the end of the way only"),
        (at(baseline) * way, "that is the slope at the baseline only, where the way begins"),
        (at((spectrum + baseline) / 2) * way, "that is the slope in the middle of the way only"),
        (mean, "that is the mean slope; how far does each bin go?"),
        (mean * spectrum, "you multiply by the spectrum; a bin goes from the baseline to there, and no farther"),
        (from_zero * spectrum, "your way begins at a spectrum of zeros; it should begin at the baseline"),
        (from_zero * way, "the slopes are those of a way that begins at zeros; it should begin at the baseline"),
        (-truth, "the sign is wrong: the way leads from the baseline to the spectrum"),
        (abs(truth), "the signs are lost: some bins speak against the class"),
    ]
    refuse(given, mistakes, tolerance)
    factor = given @ truth / (truth @ truth)
    if factor > 1.9 and close(given / factor, truth, tolerance):
        raise Wrong("all parts are too large by one factor: take the mean of the slopes, not their sum")
    raise Wrong("the parts do not add up as they should: is the slope taken at enough points, evenly along the way?")


@check(
    "a map is worth what it puts first: a hit in tenth place counts a tenth of one in the first, if nothing came before"
)
def check_average_precision(function):
    """``average_precision(right, n_peaks)``: of candidates in the order of a map.

    Parameters
    ----------
    function : callable
        ``right`` is an array of bool, whether each candidate is a peak that no earlier one has found.

    Examples
    --------
    >>> check_average_precision(lambda right, n_peaks: right.mean())
    not right: that is the share of candidates that are right, whatever their places
    """
    for right, n_peaks in (([1, 0, 0, 1, 0, 1, 0, 0], 5), ([0, 0, 1, 1, 0, 0, 0, 0, 1, 0, 0, 1], 4), ([0, 0, 0], 2)):
        right = np.array(right, bool)
        given = number(call(function, right.copy(), n_peaks), "a number from 0 to 1")
        places = np.flatnonzero(right) + 1
        found, hits = len(places), np.arange(1, len(places) + 1)
        truth = (hits / places).sum() / n_peaks
        if close(given, truth, 1e-3):
            continue
        total, precision = (hits / places).sum(), np.cumsum(right) / np.arange(1, len(right) + 1)
        mistakes = [
            (total / max(found, 1), "you divide by the peaks that were found; divide by all planted ones"),
            (
                (hits / np.maximum(places - 1, 1)).sum() / n_peaks,
                "places are counted from 0; the first candidate has place 1",
            ),
            (right.mean(), "that is the share of candidates that are right, whatever their places"),
            (found / n_peaks, "that is the share of the peaks that are found, whatever their places"),
            (precision.mean(), "precision is taken at each candidate; take it at those that are right"),
            ((1 / places).sum() / n_peaks, "each hit counts 1 / place; count the hits up to there, itself included"),
            (total, "that is a sum; divide by the number of planted peaks"),
        ]
        refuse(given, mistakes, 1e-3)
        raise Wrong(
            "the precision at each right candidate, summed and divided by the number of planted peaks, is another"
        )


@check("one protein, two peaks: who finds both has found one thing, and not two")
def check_one_charge(function):
    """``one_charge(mz)``: where a protein shows with one charge that shows at `mz` with two.

    Parameters
    ----------
    function : callable

    Examples
    --------
    >>> check_one_charge(lambda mz: 2 * mz)
    not right: twice the m/z has both protons in it, and the ion with one charge has one
    """
    mz = np.array([2183.2, 4739.5, 5555.0])
    given = table(numbers(call(function, mz.copy()), "m/z in Da"), mz.shape, "the m/z")
    truth = 2 * mz - PROTON
    if close(given, truth, 0.05):
        return
    mistakes = [
        (2 * mz, "twice the m/z has both protons in it, and the ion with one charge has one"),
        (2 * mz - 2 * PROTON, "that is the mass of the protein without a proton; its ion has one"),
        (2 * mz + PROTON, "a proton is taken away on the way from two charges to one, and none is added"),
        ((mz + PROTON) / 2, "the other way round: from one charge to two"),
        (mz / 2, "half of it? With fewer charges m/z is larger"),
        (2 * (mz - PROTON) + PROTON / 2, "take the protons into account after m/z has been multiplied by the charge"),
        (2 * (mz + PROTON), "first times the charge, then the proton"),
    ]
    refuse(given, mistakes, 0.05)
    raise Wrong("that is another m/z: (mass + charges x proton) / charges is that of an ion")
