"""What a cure is worth: four numbers, of which no two say the same."""

import numpy as np
import pandas as pd
from scipy.special import expit, logit
from scipy.stats import norm
from sklearn.base import clone

from .. import evaluation
from ..arguments import fraction
from ..evaluation import checks
from ..interpretation.recovery import recovery
from ..interpretation.windows import Windows, profile
from ..preprocessing import middles
from .told import batch_told

WINDOW, TOLERANCE = 15.0, 12.0  # Da, or one bin where bins are wider
NUMBERS = ("left out", "within", "batch told", "recovery")


def judge(
    estimator,
    X,
    y,
    batch,
    isolate=None,
    *,
    correction=None,
    mz=None,
    peaks=None,
    n_splits=5,
    level=0.95,
    random_state=0,
):
    """Judge a model, a correction or another treatment of the spectra by four numbers.

    Parameters
    ----------
    estimator : scikit-learn classifier
        With `predict_proba`. It is not fitted itself: each fit is that of a clone.
    X : DataFrame or ndarray, shape (n, n_bins)
    y : Series or ndarray of {0, 1}, shape (n,)
        1 for resistant.
    batch : array_like of str, shape (n,)
        Batch (hospital, instrument, year) of each spectrum.
    isolate : array_like, shape (n,), optional
        Isolate of each spectrum.
    correction : correction per batch, optional
        Such as `BatchScaler`; it is fitted on the training spectra of each fold.
    mz : array_like, shape (n_bins,), optional
        Lower edges of bins in Da. Without, peaks cannot be looked for.
    peaks : array_like, shape (n_peaks,), optional
        Where peaks are known to have to do with resistance, in Da.
    n_splits : int
        Folds of the cross-validation.
    level : float
        Confidence of the intervals, between 0 and 1.
    random_state : int
        Seed of the folds.

    Returns
    -------
    DataFrame
        Columns ``value``, ``low``, ``high``, and rows:

        left out
            AUROC in batches that had no part in the training, the mean over them.
        within
            AUROC within batches, in cross-validation, as in `within_batch_auroc`.
        batch told
            How well the batch can still be told from the spectra: the balanced accuracy of `batch_told`, where a guess
            hits one of as many as there are batches. It has no interval, and it is the same for every estimator.
        recovery
            Of the known peaks, average precision per peak of the model's map, as in `recovery`. The model is fitted to
            all spectra; its map are its coefficients, summed over 15 Da, or the importances of its bins. It has no
            interval; it is NaN where no peaks are given, or the model has no such map.

        Intervals are those of DeLong. They speak of other spectra from the same hospitals.

    Raises
    ------
    ValueError
        If a batch has one label only, or an argument is malformed.

    Examples
    --------
    >>> from sklearn.linear_model import LogisticRegression
    >>> rng, y, batch = np.random.default_rng(0), np.arange(120) % 2, np.repeat(["Milan", "Rome"], 60)
    >>> X = rng.normal(size=(120, 40)) + 5 * y[:, None] * (np.arange(40) == 20)
    >>> table = judge(LogisticRegression(), X, y, batch, mz=2000 + 20 * np.arange(40), peaks=[2410])
    >>> table.loc[["left out", "within", "recovery"], "value"].round(1).tolist()
    [1.0, 1.0, 1.0]
    """
    y, level = checks.targets(y), fraction(level, "level")
    batch = checks.batches(batch, len(y))
    abroad = evaluation.leave_one_batch_out_table(
        estimator, X, y, batch, level=level, isolate=isolate, correction=correction
    )
    splits = evaluation.stratified_splits(y, batch, isolate=isolate, n_splits=n_splits, random_state=random_state)
    score = evaluation.out_of_fold_scores(estimator, X, y, splits, correction=correction, batch=batch)
    told = batch_told(X, batch, isolate, correction=correction, n_splits=n_splits, random_state=random_state)
    rows = [
        mean_over_batches(abroad, level),
        evaluation.within_batch_interval(y, score, batch, level=level, isolate=isolate),
        (told.balanced_accuracy, np.nan, np.nan),
        (_recovered(estimator, X, y, batch, correction, mz, peaks), np.nan, np.nan),
    ]
    return pd.DataFrame(rows, pd.Index(NUMBERS, name="number"), ["value", "low", "high"])


def mean_over_batches(abroad, level=0.95):
    """Mean AUROC over batches that were left out, each counted once, with its interval.

    Parameters
    ----------
    abroad : DataFrame
        From `leave_one_batch_out_table`, of one model.
    level : float
        Confidence of the intervals in it, between 0 and 1.

    Returns
    -------
    value, low, high : float
        Variances of the batches, which share no test spectra, are added up. The limits are NaN where one has none.
    """
    value, low, high = (abroad[name].to_numpy() for name in ("auroc", "low", "high"))
    mean, reach = value.mean(), norm.ppf((1 + level) / 2)
    if not 0 < mean < 1:
        return mean, low.mean(), high.mean()
    inside = value.clip(0.001, 0.999)
    errors = (logit(high) - logit(low)) / (2 * reach) * inside * (1 - inside)
    error = np.sqrt((errors**2).sum()) / len(value) / (mean * (1 - mean))
    return mean, *expit(logit(mean) + reach * error * np.array([-1, 1]))


def _recovered(estimator, X, y, batch, correction, mz, peaks):
    """Average precision per peak of the model's map of its bins; NaN where there is none, or no truth."""
    if mz is None or peaks is None or not len(peaks):
        return np.nan
    if correction is not None:
        X = clone(correction).fit(X, batch).transform(X, batch)
    found = weights(clone(estimator).fit(X, y))
    if found is None:
        return np.nan
    bin_width = middles(mz)[1]
    found = profile(found[None], Windows(mz, max(WINDOW, bin_width)))
    return float(recovery(found, mz, peaks, tolerance=max(TOLERANCE, bin_width))["per peak"])


def weights(fitted):
    """What a fitted model makes of each bin: its coefficients or importances; None where it has neither."""
    for name in ("coef_", "feature_importances_"):
        if hasattr(fitted, name):
            return np.ravel(getattr(fitted, name))
    inner = fitted.steps[-1][1] if hasattr(fitted, "steps") else getattr(fitted, "estimator_", None)
    return None if inner is None else weights(inner)
