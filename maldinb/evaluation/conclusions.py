"""What may be concluded: each a sentence, and whether these data bear it.

A conclusion holds (True), the contrary is shown (False), or these data cannot tell (None). A notebook makes a claim of
it, ``claim(**conclusions.beats_a_coin(...).claimed)``, and a report prints it, so that both say the same of the same
numbers. Wherever there is an interval, a sentence holds only if all of it does.
"""

import numpy as np
import pandas as pd

from . import checks
from .conclusion import Conclusion
from .errors import ACCEPTANCE_LIMITS, error_curves


def isolates_apart(isolate, splits):
    """No isolate is on both sides of a split.

    Parameters
    ----------
    isolate : array_like, shape (n,), or None
        Isolate of each spectrum; missing where it is not known.
    splits : list of (train, test)

    Returns
    -------
    Conclusion
        Unknown where spectra without an isolate are left that might belong to any.

    Examples
    --------
    >>> isolates_apart(["a", "a", "b"], [([0, 1], [2])]).holds
    True
    >>> isolates_apart(["a", "a", "b"], [([0, 2], [1])]).holds
    False
    """
    sentence = "no isolate is both in training and in test"
    if isolate is None:
        return Conclusion(sentence, None, "the metadata do not name the isolate of each spectrum")
    isolate = pd.Series(np.asarray(isolate, dtype=object))
    shared = {one for a, b in splits for one in set(isolate[list(a)].dropna()) & set(isolate[list(b)].dropna())}
    if shared:
        return Conclusion(sentence, False, f"{len(shared)} isolates are on both sides")
    if missing := int(isolate.isna().sum()):
        return Conclusion(sentence, None, f"the metadata do not name the isolate of {missing} spectra")
    return Conclusion(sentence, True, f"{isolate.nunique()} isolates are named, and each lies on one side of a split")


def beats_a_coin(interval, who="the network"):
    """A score orders R and S better than chance.

    Parameters
    ----------
    interval : Interval
        AUROC, or its value and limits in this order, as in a row of `score_table`.
    who : str
        For the sentence.

    Returns
    -------
    Conclusion

    Examples
    --------
    >>> from maldinb.evaluation import Interval
    >>> beats_a_coin(Interval(0.7, 0.6, 0.8))
    Conclusion(sentence='the network tells R from S better than a coin', holds=True, why='AUROC 0.700 (0.600 to 0.800)')
    """
    return Conclusion(f"{who} tells R from S better than a coin", _above(interval, 0.5), _auroc(interval))


def batch_tells(interval, batch, word="batch"):
    """Whoever knows nothing but the batch predicts resistance better than chance: the floor.

    Parameters
    ----------
    interval : Interval
        AUROC of `batch_only_scores`, as in `beats_a_coin`.
    batch : array_like of str, shape (n,)
    word : str
        What a batch is, such as "city".

    Returns
    -------
    Conclusion

    Examples
    --------
    >>> from maldinb.evaluation import Interval
    >>> batch_tells(Interval(0.7, 0.6, 0.8), ["Rome", "Rome"], "city")[1:]
    (None, 'there is only one city')
    """
    found = beats_a_coin(interval, f"the {word} alone")
    return found if len(set(batch)) > 1 else found._replace(holds=None, why=f"there is only one {word}")


def lower_within(pooled, within, batch, word="batch"):
    """Part of the pooled score comes from telling batches apart.

    Parameters
    ----------
    pooled : float
        AUROC over all.
    within : Interval
        As by `within_batch_interval`.
    batch, word
        As in `batch_tells`.

    Returns
    -------
    Conclusion

    Examples
    --------
    >>> from maldinb.evaluation import Interval
    >>> lower_within(0.8, Interval(0.7, 0.6, 0.75), ["Rome", "Milan"], "city")[1:]
    (True, 'AUROC 0.700 (0.600 to 0.750) within, 0.800 over all')
    """
    sentence = f"within a {word} the network scores lower than over all"
    if len(set(batch)) < 2:
        return Conclusion(sentence, None, f"there is only one {word}")
    if np.isnan(within[0]):
        return Conclusion(sentence, None, _auroc(within))
    higher = _above(within, pooled)
    return Conclusion(
        sentence, None if higher is None else not higher, f"{_auroc(within)} within, {pooled:.3f} over all"
    )


def loses_its_lead(pooled, abroad, word="batch"):
    """In batches that were not in training little is left, on their average.

    Parameters
    ----------
    pooled : Interval
        AUROC in cross-validation.
    abroad : array_like
        AUROCs in the batches left out, perhaps none. Their mean decides, as it is: no interval of it is asked for, and
        the sentence speaks of these batches only.
    word : str

    Returns
    -------
    Conclusion
        Unknown where no lead is shown.

    Examples
    --------
    >>> from maldinb.evaluation import Interval
    >>> loses_its_lead(Interval(0.8, 0.7, 0.9), [0.55, 0.6])[1:]
    (True, '0.57 on average, 0.80 in cross-validation')
    """
    sentence = f"in a {word} that was not in training the network loses most of its lead over a coin, on average"
    if not len(abroad):
        return Conclusion(sentence, None, f"it takes two or more, each with R and S, to leave a {word} out")
    value, low, _ = pooled
    if not low > 0.5:
        return Conclusion(sentence, None, f"no lead is shown: {_auroc(pooled)}")
    mean = float(np.mean(abroad))
    why = f"{mean:.2f} on average, {value:.2f} in cross-validation"
    return Conclusion(sentence, bool(mean - 0.5 < (value - 0.5) / 2), why)


def travels(left_out, word="batch"):
    """A network does better than a coin in each batch that it has not been trained on.

    Parameters
    ----------
    left_out : DataFrame
        As from `leave_one_batch_out_table`, of one model; perhaps without a row.
    word : str

    Returns
    -------
    Conclusion

    Examples
    --------
    >>> table = pd.DataFrame({"batch": ["Milan", "Rome"], "auroc": [0.6, 0.7], "low": [0.4, 0.6], "high": [0.8, 0.8]})
    >>> travels(table)[1:]
    (None, 'Milan: AUROC 0.600 (0.400 to 0.800); Rome: AUROC 0.700 (0.600 to 0.800)')
    """
    sentence = f"in every {word} that was not in training the network tells R from S better than a coin"
    if not len(left_out):
        return Conclusion(sentence, None, f"it takes two or more, each with R and S, to leave a {word} out")
    intervals = dict(zip(left_out["batch"], left_out[["auroc", "low", "high"]].to_numpy(), strict=True))
    sides = [_above(interval, 0.5) for interval in intervals.values()]
    holds = False if False in sides else None if None in sides else True
    return Conclusion(sentence, holds, "; ".join(f"{name}: {_auroc(one)}" for name, one in intervals.items()))


def acceptable_threshold(y, score, *, isolate=None):
    """Of these isolates, some threshold keeps both kinds of error within `ACCEPTANCE_LIMITS`.

    Parameters
    ----------
    y, score, isolate
        As in `error_rates`.

    Returns
    -------
    Conclusion

    Examples
    --------
    >>> acceptable_threshold([0, 0, 1, 1], [0.1, 0.2, 0.7, 0.9]).holds
    True
    """
    _, missed, alarms = error_curves(y, score, isolate=isolate)
    very_major, major = (ACCEPTANCE_LIMITS[name] for name in ("very major error", "major error"))
    best = alarms[missed <= very_major].min()  # nothing is missed at 0
    why = f"where very major errors are at most {100 * very_major:g} %, major errors are at least {100 * best:.1f} %"
    return Conclusion(
        "with hindsight, a threshold keeps both errors of these isolates within the limits", bool(best <= major), why
    )


def better_than_the_share(y, score, *, isolate=None):
    """Probabilities have a lower Brier score than always saying the share of R.

    Parameters
    ----------
    y, score, isolate
        As in `error_rates`.

    Returns
    -------
    Conclusion
        By a 95 % interval of the mean difference of squared errors, summed per isolate.

    Examples
    --------
    >>> better_than_the_share([0, 1] * 10, [0.2, 0.9, 0.3, 0.8] * 5)[1:]
    (True, 'Brier score 0.045, and 0.250 for the share')
    """
    y, n = checks.targets(y), len(y)
    ours, theirs = (checks.scores(score, n) - y) ** 2, (y.mean() - y) ** 2
    difference = (ours - theirs).mean()
    error = np.sqrt((np.bincount(checks.isolates(isolate, n), ours - theirs - difference) ** 2).sum()) / n
    worse = _above((difference, difference - 1.96 * error, difference + 1.96 * error), 0)
    return Conclusion(
        "the probabilities are better than always saying the mean share of R", None if worse is None else not worse,
        f"Brier score {ours.mean():.3f}, and {theirs.mean():.3f} for the share",
    )  # fmt: skip


def calibrated(line):
    """P(R) means what it says. Never shown: at best, no deviation is.

    Parameters
    ----------
    line : DataFrame
        As from `calibration_line`.

    Returns
    -------
    Conclusion

    Examples
    --------
    >>> from maldinb.evaluation import calibration_line
    >>> calibrated(calibration_line([0, 1] * 50, [0.001, 0.01] * 25 + [0.01, 0.001] * 25)).holds
    False
    """
    sentence = "P(R) may be read as a probability: of isolates with 0.7, seven in ten are R"
    if line["value"].isna().any():
        return Conclusion(sentence, None, "the scores leave the slope undetermined")
    why = ", ".join(
        f"{name} {row['value']:.2f} ({row['low']:.2f} to {row['high']:.2f})" for name, row in line.iterrows()
    )
    off = (line["low"] > line["ideal"]) | (line["high"] < line["ideal"])
    return Conclusion(sentence, False if off.any() else None, why if off.any() else f"no deviation is shown: {why}")


def _above(interval, level):
    """True if the whole interval lies above, False if below, None otherwise."""
    _, low, high = interval
    return True if low > level else False if high < level else None


def _auroc(interval):
    value, low, high = interval
    return "there are too few isolates" if np.isnan(value) else f"AUROC {value:.3f} ({low:.3f} to {high:.3f})"
