"""From log-odds or gates back to m/z: how much each bin matters to a network at each spectrum, by five methods.

All take an `Opened`, the network together with spectra, baseline and target, and give a value for each spectrum and
bin. None of them knows whether the network is right.
"""

import numpy as np

from ..arguments import fraction

#: A path from baseline to spectrum is cut into at most so many steps before `integrated_gradients` gives up.
MOST_STEPS = 4096


def gradient(opened):
    """Slope of the log-odds at each spectrum: by how much one more in a bin would move them.

    Parameters
    ----------
    opened : Opened

    Returns
    -------
    ndarray, shape (n_spectra, n_bins)
        Per unit of what the network sees: standard deviations of a bin if the classifier standardises, else shares of
        the sum of a row.

    References
    ----------
    Simonyan et al. 2013, doi:10.48550/arXiv.1312.6034

    Examples
    --------
    >>> from maldinb import MaldiMLPClassifier, binary_labels, interpretation, load_simulated
    >>> X, y = binary_labels(load_simulated(n_spectra=60, bin_width=50))
    >>> opened = interpretation.Opened(MaldiMLPClassifier(epochs=2, hidden_dim=16).fit(X, y), X)
    >>> interpretation.gradient(opened).shape == X.shape
    True
    """
    return opened.to_bins(opened.slopes())


def gate_gradient(opened, unit_weights=None):
    """Slope of the gates at each spectrum: which bins would open them.

    Parameters
    ----------
    opened : Opened
        With a gate.
    unit_weights : array_like, shape (hidden_dim,), optional
        The slope is that of the weighted sum of the gates, such as with `gate_effects` for weights: the contrast of R
        and S. By default of their mean.

    Returns
    -------
    ndarray, shape (n_spectra, n_bins)

    Raises
    ------
    RuntimeError
        If the network has no gate.
    ValueError
        If there is not one weight for each unit.

    Examples
    --------
    >>> from maldinb import MaldiMLPClassifier, binary_labels, interpretation, load_simulated
    >>> X, y = binary_labels(load_simulated(n_spectra=60, bin_width=50))
    >>> opened = interpretation.Opened(MaldiMLPClassifier(epochs=2, hidden_dim=16).fit(X, y), X)
    >>> interpretation.gate_gradient(opened, [1] + 15 * [0]).shape == X.shape  # of the first gate
    True
    """
    if unit_weights is None:
        unit_weights = np.full(opened.gates.shape[1], 1 / opened.gates.shape[1])
    return opened.to_bins(opened.slopes(unit_weights=unit_weights))


def gradient_times_input(opened):
    """Slope times distance from the baseline: what each bin adds, were the network linear.

    Parameters
    ----------
    opened : Opened

    Returns
    -------
    ndarray, shape (n_spectra, n_bins)
        In log-odds.

    References
    ----------
    Shrikumar et al. 2016, doi:10.48550/arXiv.1605.01713

    Examples
    --------
    >>> from maldinb import MaldiMLPClassifier, binary_labels, interpretation, load_simulated
    >>> X, y = binary_labels(load_simulated(n_spectra=60, bin_width=50))
    >>> opened = interpretation.Opened(MaldiMLPClassifier(epochs=2, hidden_dim=16).fit(X, y), X)
    >>> interpretation.gradient_times_input(opened).shape == X.shape
    True
    """
    return gradient(opened) * opened.distance


def integrated_gradients(opened, *, tolerance=1e-3):
    """What each bin adds on the way from the baseline to the spectrum.

    The slope is averaged along the straight line between the two and multiplied with the distance. The values of a
    spectrum then sum to the difference of the log-odds (*completeness*).

    Parameters
    ----------
    opened : Opened
    tolerance : float
        Steps are added until completeness holds to this part of the difference, or of 1 where that is smaller.

    Returns
    -------
    ndarray, shape (n_spectra, n_bins)
        In log-odds.

    Raises
    ------
    RuntimeError
        If a path is too rough for the tolerance.
    ValueError
        If the tolerance is not between 0 and 1.

    References
    ----------
    Sundararajan et al. 2017, doi:10.48550/arXiv.1703.01365

    Examples
    --------
    >>> from maldinb import MaldiMLPClassifier, binary_labels, interpretation, load_simulated
    >>> X, y = binary_labels(load_simulated(n_spectra=60, bin_width=50))
    >>> opened = interpretation.Opened(MaldiMLPClassifier(epochs=2, hidden_dim=16).fit(X, y), X)
    >>> parts = interpretation.integrated_gradients(opened)
    >>> difference = opened.log_odds() - opened.log_odds_of(opened.sums - opened.share(slice(None)))
    >>> bool((abs(parts.sum(axis=1) - difference) <= 1e-3 * abs(difference).clip(1)).all())
    True
    """
    fraction(tolerance, "tolerance")
    begin = opened.sums - opened.share(slice(None))  # of the baseline, in each row
    way, wanted = opened.sums - begin, opened.log_odds() - opened.log_odds_of(begin)
    slopes, unfinished, steps = np.zeros_like(way), np.arange(len(way)), 32
    while len(unfinished):
        if steps > MOST_STEPS:
            raise RuntimeError(
                f"{MOST_STEPS} steps do not bring {len(unfinished)} spectra (the first at position "
                f"{unfinished[0]}) within a completeness of {tolerance:g}; choose a larger tolerance"
            )
        at = (np.arange(steps)[:, None] + 0.5) / steps  # the middles of the steps
        together = max(1, MOST_STEPS // steps)  # paths at a time: memory
        for some in np.split(unfinished, range(together, len(unfinished), together)):
            slopes[some] = opened.slopes(begin[some, None] + at * way[some, None]).mean(axis=1)
        error = np.abs((slopes[unfinished] * way[unfinished]).sum(axis=1) - wanted[unfinished])
        unfinished = unfinished[error > tolerance * np.abs(wanted[unfinished]).clip(min=1)]
        steps *= 2
    return opened.to_bins(slopes) * opened.distance


def occlusion(opened, windows):
    """What is lost of the log-odds when a window of the spectrum is filled with the baseline.

    Parameters
    ----------
    opened : Opened
    windows : Windows
        They stand side by side; all bins of one get its value.

    Returns
    -------
    ndarray, shape (n_spectra, n_bins)
        Log-odds as they are less those without the window: positive where its content argues for R.

    Raises
    ------
    ValueError
        If the windows are for another number of bins.

    References
    ----------
    Zeiler and Fergus 2014, doi:10.1007/978-3-319-10590-1_53

    Examples
    --------
    >>> from maldinb import MaldiMLPClassifier, binary_labels, interpretation, load_simulated
    >>> X, y = binary_labels(load_simulated(n_spectra=60, bin_width=50))
    >>> opened = interpretation.Opened(MaldiMLPClassifier(epochs=2, hidden_dim=16).fit(X, y), X)
    >>> interpretation.occlusion(opened, interpretation.Windows(X.columns.astype(float), 100.0)).shape == X.shape
    True
    """
    # A thousand windows and more: single precision takes half the time, and no map needs more.
    sums, lost = opened.sums.astype(np.float32), np.empty_like(opened.rows)
    plain = opened.log_odds_of(sums)
    for window in windows.slices(lost):
        lost[:, window] = (plain - opened.log_odds_of(sums - opened.share(window).astype(np.float32)))[:, None]
    return lost
