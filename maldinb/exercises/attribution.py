"""The exercise of notebook 03 on the way back to m/z: integrated gradients."""

import numpy as np

from .checking import Wrong, call, check, close, numbers, table


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

    way, zero = spectrum - baseline, np.zeros_like(spectrum)
    truth = mean_slope(baseline) * way
    tolerance = 0.03 * abs(truth).max()
    if close(given, truth, tolerance):
        return
    mistakes = {
        "that is gradient x input: the slope at the end of the way only": at(spectrum) * way,
        "that is the slope at the baseline only, where the way begins": at(baseline) * way,
        "that is the slope in the middle of the way only": at((spectrum + baseline) / 2) * way,
        "that is the mean slope; how far does each bin go?": mean_slope(baseline),
        "you multiply by the spectrum; a bin goes from the baseline to there, and no farther": (
            mean_slope(baseline) * spectrum
        ),
        "your way begins at a spectrum of zeros; it should begin at the baseline": mean_slope(zero) * spectrum,
        "the slopes are those of a way that begins at zeros; it should begin at the baseline": mean_slope(zero) * way,
        "the sign is wrong: the way leads from the baseline to the spectrum": -truth,
        "the signs are lost: some bins speak against the class": abs(truth),
    }
    for message, value in mistakes.items():
        if close(given, value, tolerance):
            raise Wrong(message)
    factor = given @ truth / (truth @ truth)
    if factor > 1.9 and close(given / factor, truth, tolerance):
        raise Wrong("all parts are too large by one factor: take the mean of the slopes, not their sum")
    raise Wrong("the parts do not add up as they should: is the slope taken at enough points, evenly along the way?")
