"""What may be concluded: each a sentence, and whether these data bear it.

A conclusion holds (True), the contrary is shown (False), or these data cannot tell (None). A notebook makes a claim of
it, ``claim(**conclusions.beats_a_coin(...).claimed)``, and a report prints it, so that both say the same of the same
numbers. A sentence about what *is* wants an interval that bears it; one that only compares two numbers of a table says
so by its words.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from . import checks
from .calibration import brier
from .errors import ACCEPTANCE_LIMITS


class Conclusion(NamedTuple):
    """A sentence, whether it holds, and why.

    Attributes
    ----------
    sentence : str
        One line without a full stop, beginning in lower case.
    holds : bool or None
        None where the data cannot tell.
    why : str
        The numbers that decide, or the reason why nothing does.
    """

    sentence: str
    holds: bool | None
    why: str = ""

    @property
    def claimed(self):
        """Arguments of `maldinb.course.claim`."""
        return {"sentence": self.sentence, "holds": self.holds, "unknown": self.why if self.holds is None else ""}

    def denied(self, sentence):
        """The contrary, in words of its own."""
        return Conclusion(sentence, None if self.holds is None else not self.holds, self.why)


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
    sentence = "no isolate is in both parts"
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
    Conclusion(sentence='the network tells R from S better than a coin', holds=True, why='AUROC 0.70 (0.60-0.80)')
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
    """Part of the pooled score comes from telling batches apart. A comparison of two numbers.

    Parameters
    ----------
    pooled, within : float
        AUROC over all, and within a batch as by `within_batch_auroc`.
    batch, word
        As in `batch_tells`.

    Returns
    -------
    Conclusion

    Examples
    --------
    >>> lower_within(0.8, 0.7, ["Rome", "Milan"], "city")[1:]
    (True, '0.70 within, 0.80 over all')
    """
    sentence = f"within a {word} the network scores lower than over all"
    if len(set(batch)) < 2:
        return Conclusion(sentence, None, f"there is only one {word}")
    if np.isnan(within):
        return Conclusion(sentence, None, f"no {word} has both R and S")
    return Conclusion(sentence, bool(within < pooled), f"{within:.2f} within, {pooled:.2f} over all")


def loses_its_lead(pooled, abroad, word="batch"):
    """In batches that were not in training little is left. A comparison of two numbers.

    Parameters
    ----------
    pooled : float
        AUROC in cross-validation.
    abroad : array_like
        AUROCs in the batches left out, perhaps none.
    word : str

    Returns
    -------
    Conclusion

    Examples
    --------
    >>> loses_its_lead(0.8, [0.55, 0.6])[1:]
    (True, '0.57 on average, 0.80 in cross-validation')
    """
    sentence = f"in a {word} that was not in training the network loses most of its lead over a coin"
    if not len(abroad):
        return Conclusion(sentence, None, f"it takes two or more, each with R and S, to leave a {word} out")
    mean = float(np.mean(abroad))
    if pooled <= 0.5:
        return Conclusion(sentence, None, f"AUROC {pooled:.2f} in cross-validation: there is no lead to lose")
    why = f"{mean:.2f} on average, {pooled:.2f} in cross-validation"
    return Conclusion(sentence, bool(mean - 0.5 < (pooled - 0.5) / 2), why)


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
    (None, 'Milan: AUROC 0.60 (0.40-0.80); Rome: AUROC 0.70 (0.60-0.80)')
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
    y = checks.targets(y)
    y, score = checks.by_isolate(y, checks.scores(score, len(y)), isolate)
    very_major, major = (ACCEPTANCE_LIMITS[name] for name in ("very major error", "major error"))
    thresholds = np.unique(np.append(score, 1.0))
    missed = np.searchsorted(np.sort(score[y == 1]), thresholds) / (y == 1).sum()
    alarms = 1 - np.searchsorted(np.sort(score[y == 0]), thresholds) / (y == 0).sum()
    best = alarms[missed <= very_major].min(initial=1.0)
    why = f"with very major errors of at most {very_major:.1%}, major errors are at least {best:.1%}"
    return Conclusion("some threshold keeps both errors within the accepted limits", bool(best <= major), why)


def better_than_the_share(y, score):
    """Probabilities have a lower Brier score than always saying the share of R. A comparison of two numbers.

    Parameters
    ----------
    y, score
        As in `brier`.

    Returns
    -------
    Conclusion

    Examples
    --------
    >>> better_than_the_share([0, 1], [0.2, 0.9])[1:]
    (True, 'Brier score 0.025, of the share 0.250')
    """
    share = float(np.mean(y))
    ours, theirs = brier(y, score), share * (1 - share)
    why = f"Brier score {ours:.3f}, of the share {theirs:.3f}"
    return Conclusion("the probabilities are better than always saying the mean share of R", ours < theirs, why)


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
    return f"AUROC {value:.2f} ({low:.2f}-{high:.2f})"
