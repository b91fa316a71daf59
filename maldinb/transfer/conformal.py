"""Sets of labels instead of one: {R}, {S}, both where a model cannot tell, none where an isolate looks like neither."""

import math

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from ..arguments import fraction
from ..evaluation import checks

#: What an isolate may be given.
SETS = ("{R}", "{S}", "{R, S}", "{}")


class ConformalSets(BaseEstimator):
    """Split conformal prediction, for each label by itself.

    Of all R, sets hold R in a share of at least `level`, and likewise of all S, however bad the model is: a bad one
    gives more sets that say nothing. That is promised of isolates that could have been in `fit` just as well, so of
    those of the same hospitals, and on the mean over many calibrations. It is not promised of isolates from elsewhere.

    Parameters
    ----------
    level : float
        Share of the isolates of each label whose set is to hold their label, between 0 and 1.

    Attributes
    ----------
    calibration_ : DataFrame
        Rows: R and S. Columns: ``isolates`` in the calibration; how many are ``needed`` for the level, see
        `fewest_isolates`; and ``limit``, the P(R) from which on R is in the set, and up to which S is. With fewer
        isolates than needed the level can only be kept by putting the label into every set; the limit is infinite.

    References
    ----------
    Vovk 2013, doi:10.1007/s10994-013-5355-6; an introduction: Angelopoulos and Bates 2021,
    doi:10.48550/arXiv.2107.07511

    Examples
    --------
    >>> score = [0.1, 0.2, 0.3, 0.6, 0.3, 0.7, 0.8, 0.9]
    >>> conformal = ConformalSets(level=0.75).fit(score, [0, 0, 0, 0, 1, 1, 1, 1])
    >>> conformal.sets([0.1, 0.4, 0.95])
    array(['{S}', '{R, S}', '{R}'], dtype='<U6')
    >>> conformal.calibration_
           isolates  needed  limit
    label
    R             4       3    0.3
    S             4       3    0.6
    """

    def __init__(self, level=0.9):
        self.level = level

    def fit(self, score, y, *, isolate=None):
        """Calibrate on isolates that the model was not trained on.

        Parameters
        ----------
        score : array_like, shape (n,)
            P(R), from 0 to 1.
        y : array_like of {0, 1}, shape (n,)
            1 for resistant.
        isolate : array_like, shape (n,), optional
            Isolate of each spectrum; repeats of one count once, with their mean score.

        Returns
        -------
        ConformalSets

        Raises
        ------
        ValueError
            If a score is no probability, the level is out of range, or the input is malformed.
        """
        needed = fewest_isolates(self.level)
        y, score = checks.scored(y, score, isolate, both=False)
        rows = {}
        for name, sign in (("R", -1), ("S", 1)):  # an R is the stranger, the lower P(R) is; an S, the higher
            strange = np.sort(sign * score[y == (name == "R")])
            rank = _ceil((len(strange) + 1) * self.level)
            rows[name] = len(strange), needed, sign * (strange[rank - 1] if rank <= len(strange) else np.inf)
        table = pd.DataFrame.from_dict(rows, orient="index", columns=["isolates", "needed", "limit"])
        self.calibration_ = table.rename_axis("label")
        return self

    def sets(self, score):
        """The set of each score.

        Parameters
        ----------
        score : array_like, shape (n,)
            P(R), from 0 to 1; of repeats of an isolate, their mean.

        Returns
        -------
        ndarray of str, shape (n,)
            One of `SETS` each.

        Raises
        ------
        ValueError
            If a score is no probability.
        sklearn.exceptions.NotFittedError
            If `fit` was not called.
        """
        check_is_fitted(self)
        score, limit = checks.scores(score, np.size(score)), self.calibration_["limit"]
        r, s = score >= limit["R"], score <= limit["S"]
        return np.select([r & ~s, s & ~r, r & s], SETS[:3], SETS[3])


def fewest_isolates(level):
    """From how many calibration isolates of a label on a level can be kept by sets that leave the label out at times.

    Parameters
    ----------
    level : float
        Between 0 and 1.

    Returns
    -------
    int
        The lowest n of at least ``level / (1 - level)``.

    Raises
    ------
    ValueError
        If the level is out of range.

    Examples
    --------
    >>> fewest_isolates(0.9), fewest_isolates(0.95), fewest_isolates(0.99)
    (9, 19, 99)
    """
    level = fraction(level, "level")
    return _ceil(level / (1 - level))


def _ceil(number):
    """The next whole number, at least 1; what is one but for rounding stays: 0.9 / (1 - 0.9) is a little above 9."""
    return max(1, math.ceil(round(number, 9)))
