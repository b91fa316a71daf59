"""The exercises of notebook 04: power, a variant, a standard error, a verdict, and the limit that it hangs on."""

import numpy as np

import maldinb

from .checking import NothingToCheck, Wrong, call, check, close, number, refuse, short

READING_ERROR = 0.15  # of the length; what an eye can read off a figure
HEAD = (64,)
VERDICTS = ("better", "equivalent", "worse", "undecided")


@check("now there is one explanation for a difference, beside chance. A second change would bring another one")
def check_small_head(function):
    """``small_head(network)``: the same network, not trained, with a head of a single layer of 64 units.

    Parameters
    ----------
    function : callable
        It is tried on two networks with other settings.

    Examples
    --------
    >>> check_small_head(lambda network: network.set_params(head_dims=(64,)))
    not right: your function changes the network that it is given; make another one with clone(network)
    """
    unusual = {"epochs": 7, "hidden_dim": 24, "learning_rate": 2e-3, "random_state": 5}
    for settings in (unusual, {"epochs": 9, "hidden_dim": 40, "gate": "frozen", "standardize": True, "patience": 3}):
        network = maldinb.MaldiMLPClassifier(**settings, device="cpu")
        before = network.get_params()
        variant = call(function, network)
        if variant is network or repr(network.get_params()) != repr(before):
            raise Wrong("your function changes the network that it is given; make another one with clone(network)")
        if not isinstance(variant, maldinb.MaldiMLPClassifier):
            raise Wrong(f"your function returns {short(variant)}; asked for is a network, not trained")
        if hasattr(variant, "classes_"):
            raise Wrong("your function trains the network; the study does that, on each split anew")
        _check_head(variant.get_params(), before)


def _check_head(after, before):
    """Complain about settings other than those before with another head."""
    try:
        head = tuple(np.asarray(after["head_dims"]).tolist())
    except TypeError:  # a single number
        raise Wrong("head_dims is a sequence, with a number for each layer, however few there are") from None
    others = [name for name in before if name != "head_dims" and after[name] != before[name]]
    if head == before["head_dims"]:
        if "hidden_dim" in others:
            raise Wrong("hidden_dim is the width of the projection and of the gate; the head is as it was")
        raise Wrong("the head is as it was")
    if "random_state" in others and len(others) == 1:
        raise Wrong("the seed differs, too, so that the head and chance would both be an explanation")
    if others:
        raise Wrong(f"something else differs beside the head, and might be the cause: {', '.join(sorted(others))}")
    if len(head) != len(HEAD):
        raise Wrong(f"this head has {len(head)} layers before the last one; asked for is a single one")
    if head != HEAD:
        raise Wrong("the single layer of the head has another width than the one asked for")


@check("a study that finds nothing has said little about true differences smaller than that")
def check_even_chance(answer, shares, rope):
    """The true difference that a study calls "better" with an even chance, read off a figure of its power.

    Parameters
    ----------
    answer : float
        In units of the score; it may be wrong by 15 %.
    shares : DataFrame
        What the figure shows, from `ablation.power`.
    rope : float
        Half-width of the region of practical equivalence.

    Examples
    --------
    >>> import pandas as pd
    >>> shares = pd.DataFrame({"better": [0.0, 0.5, 1.0], "undecided": [1.0, 0.5, 0.0]}, index=[0.0, 0.06, 0.12])
    >>> check_even_chance(0.02, shares, rope=0.02)
    not right: that is the end of the grey band: what would be worth having, and not what this study will see
    """
    better = shares["better"].loc[0:].cummax()
    if not better.iloc[0] < 0.5 < better.iloc[-1]:
        raise NothingToCheck('the curve of "better" does not cross one half in this figure')

    def crossing(height):
        return float(np.interp(height, better, better.index))

    truth, given = crossing(0.5), number(answer, "a length, as a difference of AUROC")
    error = READING_ERROR * truth
    if close(given, truth, error):
        return
    if close(given, -truth, error):
        raise Wrong("below 0 the other variant is better, and this one worse")
    mistakes = {
        rope: "that is the end of the grey band: what would be worth having, and not what this study will see",
        2 * rope: "that is the width of the grey band: what would be worth having, and not what this study will see",
        crossing(0.05): 'there the curve of "better" only begins to rise; where is it as high as one half?',
        crossing(0.9): 'there nearly every study says "better"; where does every second one?',
        0.5: "that is the chance, which stands on the vertical axis; the difference is on the other one",
    }
    nearest = min(mistakes, key=lambda value: abs(value - given))
    if close(given, nearest, max(0.003, 0.05 * nearest)):
        raise Wrong(mistakes[nearest])
    if close(given / 100, truth, error):
        raise Wrong("this looks like per cent, or hundredths; AUROC runs from 0 to 1, and so do its differences")
    raise Wrong(
        f'at that difference, "better" is {"rarer" if given < truth else "more frequent"} than every second time'
    )


@check("a verdict belongs to its limit. Whoever chooses the limit after the result chooses the verdict")
def check_smallest_rope(answer, row):
    """The narrowest region of equivalence for which a comparison still ends in "equivalent".

    Parameters
    ----------
    answer : float
        Half-width, in units of the score, to three decimals.
    row : Series
        Of what `ablation.compare` returns: ``difference``, ``high``, ``n``, ``rope`` and ``level``.

    Examples
    --------
    >>> row = {"difference": 0.0, "high": 0.015, "n": 25, "rope": 0.02, "level": 0.95}
    >>> check_smallest_rope(0.02, row)
    not right: it is "equivalent" there, and for narrower regions, too
    """
    n, mean, level = int(row["n"]), float(row["difference"]), row["level"]
    half = float(row["high"]) - mean
    from scipy.optimize import brentq  # both for this exercise alone
    from scipy.stats import t as student

    scale = half / student.ppf((1 + level) / 2, n - 1)

    def lies_within(rope):
        return student.cdf((rope - mean) / scale, n - 1) - student.cdf((-rope - mean) / scale, n - 1)

    if not half > 0:
        raise NothingToCheck("the differences of all splits are the same here")
    truth = brentq(lambda rope: lies_within(rope) - level, 0, abs(mean) + 100 * scale)
    given = number(answer, "half a width, as a difference of AUROC")
    if -1e-9 <= given - truth <= 0.001 or close(given, truth, 0.0005):
        return
    if given <= 0:
        raise Wrong("the region reaches from below 0 to above it; its half-width is a number above 0")
    if close(given, 2 * truth, 0.001):
        raise Wrong("that is the whole width; `rope` is half of it")
    if close(given / 100, truth, 0.001):
        raise Wrong("this looks like per cent, or hundredths; AUROC runs from 0 to 1, and so do its differences")
    if close(given, abs(mean), 0.0005) and given < truth:
        raise Wrong("that is the difference that was found; the study is not so sure of it")
    if given > truth:
        raise Wrong('it is "equivalent" there, and for narrower regions, too')
    raise Wrong('it is not "equivalent" there any more: less than 95 % of what is probable lies within')


@check("repeating the cross-validation makes 1 / n smaller, and never n_test / n_train: it brings no new spectra")
def check_corrected_error(function):
    """``corrected_error(first, second, n_train, n_test)``: the corrected standard error of the mean difference.

    Parameters
    ----------
    function : callable
        It is tried on scores of two variants, splits x seeds, of two studies.

    Examples
    --------
    >>> check_corrected_error(lambda first, second, n_train, n_test: (first - second).std())
    not right: that is another number; which differences are there, how many, and what is in the brackets?
    """
    for n, seeds, n_train, n_test in ((10, 3, 400, 100), (6, 2, 300, 150)):
        rng = np.random.default_rng(n)
        easy = rng.normal(0.8, 0.04, (n, 1))
        first, second = (easy + rng.normal(0, 0.015, (n, 1)) + rng.normal(0, 0.02, (n, seeds)) for _ in range(2))
        given = number(call(function, first.copy(), second.copy(), n_train, n_test), "one number, a standard error")
        _check_error(given, first, second, n_train, n_test)


def _check_error(given, first, second, n_train, n_test):
    """Complain about another number than the standard error; `given` is exact, as is each mistake."""
    d, all_fits = (first - second).mean(axis=1), (first - second).ravel()
    n, variance, ratio = len(d), d.var(ddof=1), n_test / n_train
    # The mean over the covariances of all pairs of splits, each pair correlated by the spectra that it shares.
    rho = n_test / (n_test + n_train)
    covariances = variance / (1 - rho) * (rho + (1 - rho) * np.eye(n))
    truth = np.sqrt(covariances.mean())
    unpaired = sum(scores.mean(axis=1).var(ddof=1) for scores in (first, second))
    many = len(all_fits)
    naive = "that is the naive one, as if the splits shared no spectra"
    seeds_count = "seeds are counted as splits: fits on one split share their spectra, so take their mean first"
    no_pairs = "the pairs are lost: take the differences split by split, since a hard split is hard for both"
    mistakes = [
        (np.sqrt(variance / n), naive),
        (np.sqrt(d.var() / n), naive),
        (np.sqrt(variance * (1 / n + 1 / ratio)), "the fraction is upside down: in cross-validation it is below 1"),
        (np.sqrt(variance * (1 / n + rho)), "you divide n_test by all spectra; divide it by those trained on"),
        (np.sqrt(variance * (1 / n + 1 / 4)), "right for five folds only; how large are training and test sets?"),
        (np.sqrt(d.var() * (1 / n + ratio)), "the variance is too small: one degree of freedom went into the mean"),
        (np.sqrt(variance * ratio), "1 / n is missing: with fewer splits one is less sure"),
        (np.sqrt(all_fits.var(ddof=1) * (1 / many + ratio)), seeds_count),
        (np.sqrt(variance * (1 / many + ratio)), seeds_count),
        (np.sqrt(all_fits.var(ddof=1) * (1 / n + ratio)), seeds_count),
        (np.sqrt(all_fits.var(ddof=1) / many), "seeds are counted as splits, and the splits as if they shared nothing"),
        (np.sqrt(unpaired * (1 / n + ratio)), no_pairs),
        (np.sqrt(unpaired / n), no_pairs),
        (truth**2, "that is a variance; its square root is in units of the AUROC"),
        (np.sqrt(variance) * (1 / n + ratio), "the root is missing: what is in brackets multiplies the variance"),
        (np.sqrt(variance), "that is the standard deviation of a single difference, and not that of their mean"),
        (d.mean(), "that is the mean difference itself; how uncertain is it?"),
    ]
    if close(given, truth, 1e-9):
        return
    refuse(given, mistakes, 1e-9)
    if given <= 0:
        raise Wrong("a standard error is above 0")
    raise Wrong("that is another number; which differences are there, how many, and what is in the brackets?")


@check('"equivalent" has to be shown, as "better" has. An interval that only holds 0 shows neither')
def check_verdict(function):
    """``verdict(low, high, rope)``: "better", "equivalent", "worse" or "undecided".

    Parameters
    ----------
    function : callable

    Examples
    --------
    >>> check_verdict(lambda low, high, rope: "no idea")
    not right: a verdict is one of better, equivalent, worse, undecided, and your function returns 'no idea' (str)
    """
    # Ends in units of the rope. The order decides which mistake is named.
    trials = [
        (-1.9, 1.7, "holds 0: no difference was seen, but a difference worth having was not ruled out either"),
        (0.3, 2.6, "begins between 0 and the rope: some difference is shown, but not one worth having"),
        (-2.6, -0.3, "ends between 0 and the rope, below: some difference is shown, but not one worth having"),
        (0.2, 0.8, "does not hold 0, and lies within the rope: there is a difference, and it is too small to care"),
        (-0.8, -0.2, "lies below 0, and within the rope: there is a difference, and it is too small to care"),
        (-2.5, 0.4, "reaches below the rope, and is no proof of equivalence: look at both of its ends"),
        (-0.4, 2.5, "reaches above the rope, and is no proof of equivalence: look at both of its ends"),
        (-0.7, 0.6, "lies within the rope as a whole: any difference in it is too small to care"),
        (1.3, 2.9, "lies above the rope as a whole: any difference in it is worth having"),
        (-2.9, -1.3, "lies below the rope as a whole: the other one is better, and by enough"),
    ]
    said = [_said(function, low * rope, high * rope, rope) for rope in (0.02, 0.1) for low, high, _ in trials]
    first, second = said[: len(trials)], said[len(trials) :]
    truth = [_by_grid(low, high) for low, high, _ in trials]
    if (first == truth) != (second == truth):
        raise Wrong(
            "the verdict is right with one rope and wrong with another: is a number written into your function?"
        )
    turned = {"better": "worse", "worse": "better"}
    if first == [turned.get(word, word) for word in truth]:
        raise Wrong("better and worse are swapped: above 0, the difference speaks for the network in question")
    for (low, high, message), right, word in zip(trials, truth, first, strict=True):
        if word != right:
            where = f"an interval from {low * 0.02:+.3f} to {high * 0.02:+.3f}, with a rope of 0.02,"
            raise Wrong(f'you say "{word}" of {where} which {message}')


def _said(function, low, high, rope):
    word = call(function, low, high, rope)
    if not isinstance(word, str) or word.strip().lower() not in VERDICTS:
        raise Wrong(f"a verdict is one of {', '.join(VERDICTS)}, and your function returns {short(word)}")
    return word.strip().lower()


def _by_grid(low, high):
    """The verdict that all points of an interval, in units of the rope, agree on."""
    points = np.linspace(low, high, 201)
    found = set(np.select([points > 1, points < -1], ["better", "worse"], "equivalent").tolist())
    return found.pop() if len(found) == 1 else "undecided"
