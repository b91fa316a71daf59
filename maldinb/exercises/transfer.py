"""The exercises of notebook 06: a cause, a claim to break, a correction, another share of R, and a set of labels."""

import math

import numpy as np

from .checking import NothingToCheck, Wrong, call, check, close, number, refuse, short, table

MEASURE, MODEL = "left out", "gradient boosting"


@check("what a model needs in another hospital is the same link between peaks and resistance; all else is a nuisance")
def check_suspect(answer, causes):
    """The one cause that brings back most, if hospitals are made alike in it.

    Parameters
    ----------
    answer : str
        Of `simulation.CAUSES`.
    causes : DataFrame
        As `transfer.stored_causes` holds it.

    Examples
    --------
    >>> from maldinb.transfer import stored_causes
    >>> check_suspect("the food", stored_causes().table)
    not right: 'the food' (str) is none of calibration, prevalence, biology, instrument, heights, clones
    """
    from ..simulation import CAUSES
    from ..transfer import cause_table  # scikit-learn and SciPy, for these two exercises only

    given = _cause(answer, CAUSES)
    effects = cause_table(causes, MEASURE, model=MODEL)
    gains = effects.loc["all but", "effect"]
    fallen = effects.loc[("nothing", ""), "value"] - effects.loc[("everything", ""), "value"]
    if not (fallen > 0 and gains.max() > 0):
        raise NothingToCheck("models do not fall in this table, so that nothing can be brought back")
    if given != gains.idxmax():
        raise Wrong(
            f"with {given} alike and all else different, the AUROC changes by {gains[given]:+.2f}; "
            f"the fall is one of {fallen:.2f}"
        )


def _cause(answer, known):
    """A name of a cause, or `Wrong`."""
    if isinstance(answer, list | tuple) and len(answer) == 1:
        (answer,) = answer
    if isinstance(answer, list | tuple | set | dict):
        raise Wrong(f"name a single cause, and not {len(answer)}: they are to be switched off one at a time")
    name = answer.strip().lower() if isinstance(answer, str) else None
    if name not in known:
        raise Wrong(f"{short(answer)} is none of {', '.join(known)}")
    return name


@check("a difference that can be seen need not be one that matters; to know takes an experiment")
def check_told_but_travels(answer, causes, told=0.95, left_out=0.75):
    """Causes that may differ, so that the hospital is told and a model works abroad all the same.

    Parameters
    ----------
    answer : list of str
        Of `simulation.CAUSES`.
    causes : DataFrame
        As `transfer.stored_causes` holds it.
    told, left_out : float
        Limits that both have to be above.

    Examples
    --------
    >>> from maldinb.transfer import stored_causes
    >>> check_told_but_travels([], stored_causes().table)
    not right: if nothing differs, the hospital cannot be told
    """
    from ..simulation import CAUSES

    differ = _causes(answer, CAUSES)
    rows = (
        causes[causes["model"] == MODEL].set_index(list(CAUSES))[["told", MEASURE]].groupby(level=list(CAUSES)).mean()
    )
    if not ((rows["told"] > told) & (rows[MEASURE] > left_out)).any():
        raise NothingToCheck("in no scenario of this table the claim is broken")
    world = tuple(int(cause in differ) for cause in CAUSES)
    if world not in rows.index:
        raise Wrong("the table holds no scenario in which these and no others differ; try others")
    if not differ:
        raise Wrong("if nothing differs, the hospital cannot be told")
    seen, score = rows.loc[world]
    if seen > told and score > left_out:
        return
    if seen > told:
        raise Wrong(f"the hospital is told there, but the AUROC abroad is {score:.2f}: that fits the claim")
    if score > left_out:
        raise Wrong(
            f"the model works abroad there, but the hospital is told for {seen:.0%} only: the claim says nothing"
        )
    raise Wrong(f"there the hospital is told for {seen:.0%} only, and the AUROC abroad is {score:.2f}")


def _causes(answer, known):
    """A set of names of causes, or `Wrong`."""
    if isinstance(answer, str) or not isinstance(answer, list | tuple | set | frozenset | np.ndarray):
        if isinstance(answer, str) and answer.strip().lower() in known:
            return {answer.strip().lower()}
        raise Wrong(f"this takes a list of causes, and got {short(answer)}")
    given = [one.strip().lower() if isinstance(one, str) else one for one in np.ravel(np.array(list(answer), object))]
    if strange := [one for one in given if not isinstance(one, str) or one not in known]:
        raise Wrong(f"{short(strange[0])} is none of {', '.join(known)}")
    return set(given)


@check("where nearly all isolates of a hospital are R, its mean is nearly theirs: a correction takes resistance along")
def check_centre(function):
    """``centre(X, batch)``: spectra less the mean of their batch, bin by bin.

    Parameters
    ----------
    function : callable

    Examples
    --------
    >>> check_centre(lambda X, batch: X - X.mean(axis=0))
    not right: that is the mean of all hospitals; each has its own
    """
    rng = np.random.default_rng(6)
    batch = np.array(["Rome"] * 5 + ["Milan"] * 3 + ["Catania"] * 4)[rng.permutation(12)]
    X = rng.gamma(2.0, size=(12, 7)) + 3 * (batch == "Rome")[:, None] + np.arange(7)
    before = X.copy()
    given = call(function, X, batch)
    if not np.array_equal(X, before):
        raise Wrong("your function changes the spectra that it is given; work on a copy")
    given = table(given, X.shape, "centred spectra")
    means = np.stack([X[batch == name].mean(axis=0) for name in batch])
    deviation = np.stack([X[batch == name].std(axis=0) for name in batch])
    medians = np.stack([np.median(X[batch == name], axis=0) for name in batch])
    of_all, lone = X.mean(axis=0), np.stack([X[batch == name].mean() for name in batch])[:, None]
    if close(given, X - means):
        return
    mistakes = [
        (X - of_all, "that is the mean of all hospitals; each has its own"),
        (X - X.mean(axis=1, keepdims=True), "that is the mean of each spectrum over its bins; take it over spectra"),
        (X - lone, "one number for a whole hospital is too little: each bin has its mean"),
        (means - X, "the sign is turned: subtract the mean from the spectrum"),
        (X + means, "the mean is added; subtract it"),
        (means, "these are the means; subtract them from the spectra"),
        (X - medians, "that is the median; asked for is the mean"),
        ((X - means) / deviation, "you also divide by the standard deviation; asked for is only the mean"),
        (X - means + of_all, "the mean of all is added again; the mean of each hospital should be 0 in every bin"),
        (X, "the spectra are as they were"),
    ]
    refuse(given, mistakes)
    wrong = [name for name in np.unique(batch).tolist() if not close(given[batch == name], (X - means)[batch == name])]
    if len(wrong) < 3:
        raise Wrong(f"of three hospitals, {' and '.join(wrong)} is not centred: is every one of them taken in turn?")
    raise Wrong("the mean of each hospital should be 0 in every bin, and otherwise its spectra as far apart as before")


@check("the spectrum adds a factor to the odds, and where it is the same in both wards, only the share of R is another")
def check_other_share(function):
    """``elsewhere(p, old, new)``: P(R) where R are more or less frequent, and look the same.

    Parameters
    ----------
    function : callable

    Examples
    --------
    >>> check_other_share(lambda p, old, new: p * new / old)
    not right: probabilities cannot be scaled like this: at 0.9, from a share of 0.2 to 0.6, yours is 2.70
    """
    p = np.array([0.05, 0.2, 0.5, 0.9])
    for old, new in ((0.2, 0.6), (0.7, 0.15)):
        given = table(call(function, p.copy(), old, new), p.shape, "probabilities")
        # By Bayes' rule, with any two likelihoods whose ratio gives p at the old share.
        like_r, like_s = p / old, (1 - p) / (1 - old)
        truth = like_r * new / (like_r * new + like_s * (1 - new))
        if not close(given, truth):
            _explain_share(given, p, old, new)


def _explain_share(given, p, old, new):
    """Raise `Wrong` for probabilities that are not those of the new share."""
    odds, there, here = (share / (1 - share) for share in (p, new, old))

    def probability(odds):
        return odds / (1 + odds)

    mistakes = [
        (odds * there / here, "these are odds; in the end, odds / (1 + odds) is the probability"),
        (probability(odds / there * here), "the wrong way round: the new share is the one to multiply with"),
        (probability(odds * new / old), "you take shares where odds of shares are needed: new / (1 - new)"),
        (probability(p * there / here), "you take p where its odds are needed: p / (1 - p)"),
        (probability(odds * there), "the old share is forgotten: it is in p already, and has to be taken out"),
        (probability(odds / here), "the new share is forgotten"),
        (
            p + new - old,
            "shares are not added: that can leave 0 to 1, and moves an isolate that is sure as far as another",
        ),
        (np.full(len(p), new), "that is the share of R for every isolate; what the spectrum says is lost"),
        (p, "these are the probabilities of the old ward"),
        (1 - probability(odds * there / here), "that is the probability of S"),
    ]
    refuse(given, mistakes)
    if close(given, p * new / old):
        raise Wrong(
            f"probabilities cannot be scaled like this: at {p[-1]:g}, from a share of {old:g} to {new:g}, "
            f"yours is {given[-1]:.2f}"
        )
    raise Wrong(
        "that is another probability; what do odds become if R are more frequent, and S rarer, by known factors?"
    )


@check("one more isolate is counted, the one to come: it is as likely to stand at any place among the others")
def check_set_limit(function):
    """``limit(score, level)``: the P(R) from which on R is in a conformal set.

    Parameters
    ----------
    function : callable

    Examples
    --------
    >>> check_set_limit(lambda score, level: np.quantile(score, 1 - level))
    not right: a quantile lies between two isolates, and has no + 1; take the k-th largest
    """
    rng = np.random.default_rng(60)
    score = rng.permutation(np.round(np.linspace(0.08, 0.97, 33) + rng.uniform(-0.012, 0.012, 33), 4))
    for level in (0.9, 0.75):
        given = number(call(function, score.copy(), level), "one number, a P(R)")
        _check_limit(given, np.sort(score)[::-1], level)
    nine = np.arange(1, 10) / 10
    if not close(_or_infinite(function, nine, 0.9), 0.1):
        raise Wrong("right, but not for nine isolates and 90 %: (9 + 1) x 0.9 is 9, up to rounding on a computer")
    if _or_infinite(function, nine[:8], 0.9) != -np.inf:
        raise Wrong("right, as long as there are isolates enough; with eight and 90 %, R belongs in every set: -np.inf")


def _or_infinite(function, score, level):
    value = call(function, score.copy(), level)
    return -np.inf if isinstance(value, float) and value == -np.inf else number(value, "one number, a P(R)")


def _check_limit(given, descending, level):
    """Complain about another number than the k-th largest score."""
    n = len(descending)
    k = math.ceil(round((n + 1) * level, 9))
    if close(given, descending[k - 1], 1e-9):
        return
    mistakes = [
        (descending[::-1][k - 1], "that is the k-th smallest: most R would be left out. Sort downwards"),
        (
            np.quantile(descending, 1 - level),
            "a quantile lies between two isolates, and has no + 1; take the k-th largest",
        ),
        (np.quantile(descending, level), "that is the other end: most R would be left out"),
        (descending[min(k, n - 1)], "one too far: the first is at position 0 in Python"),
        (
            descending[math.ceil(n * level) - 1],
            "one too few: is the isolate to come counted, n + 1, and k rounded upwards?",
        ),
        (descending[-1], "with the smallest of all as the limit, no R is ever left out: more than was promised"),
        (1 - level, "that is a share of isolates; asked for is a P(R)"),
        (level, "that is a share of isolates; asked for is a P(R)"),
        (k, "that is k; asked for is the P(R) of the k-th largest"),
        (descending.mean(), "that is the mean; asked for is the k-th largest"),
    ]
    refuse(given, mistakes, 1e-9)
    if not 0 <= given <= 1:
        raise Wrong("a limit is a P(R), from 0 to 1")
    if not np.isclose(descending, given).any():
        raise Wrong("that is the P(R) of none of the isolates; the limit is one of them")
    held = np.mean(descending >= given)
    raise Wrong(f"with this limit, {held:.0%} of the isolates would have R in their set, at a level of {level:.0%}")
