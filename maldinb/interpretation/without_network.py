"""Maps that ask no network: what simple statistics and simpler models make of the same spectra."""

import numpy as np
import pandas as pd

from .. import evaluation
from ..evaluation import checks
from .windows import Windows, profile


def maps_without_network(X, y, batch, mz, *, window=15.0, random_state=0):
    """Maps of the bins from training spectra alone, to hold those of networks against.

    Parameters
    ----------
    X : DataFrame or array_like, shape (n, n_bins)
    y : array_like of {0, 1}, shape (n,)
        1 for resistant.
    batch : array_like of str, shape (n,)
        Batch (hospital, instrument, year) of each spectrum.
    mz : array_like, shape (n_bins,)
        Lower edges of the bins, in Da.
    window : float
        In Da; values are summed over it, as in `attributions`.
    random_state : int
        Of the boosting.

    Returns
    -------
    DataFrame, shape (n_bins, 5)
        Indexed by m/z: "logistic regression", its coefficients; "gradient boosting", the importances of the bins (the
        share of the loss that splits on them have saved; without a sign); "t-test", the statistic of R against S;
        "t-test within city", that of the correlation of bin and label after the mean of each batch has been subtracted
        from both; "variation", the coefficient of variation of the intensity in a window, which knows no label.

    Raises
    ------
    ValueError
        If the input is malformed, or there is only one label.

    Examples
    --------
    >>> from maldinb import binary_labels, load_simulated
    >>> data = load_simulated(n_spectra=60, bin_width=50)
    >>> X, y = binary_labels(data)
    >>> maps_without_network(X, y, data.batch[X.index], data.mz, window=100).shape
    (360, 5)
    """
    rows, y = np.asarray(X, float), checks.targets(y, len(X))
    batch, windows = checks.batches(batch, len(y)), Windows(mz, window)
    models = evaluation.baselines(random_state)
    linear = models["logistic regression"].fit(rows, y)[-1].coef_
    boosted = models["gradient boosting"].fit(rows, y).feature_importances_[None]
    summed = windows.around(rows)
    means = pd.DataFrame(rows).groupby(batch).transform("mean").to_numpy()
    shares = pd.Series(y).groupby(batch).transform("mean").to_numpy()
    maps = {
        "logistic regression": profile(linear, windows),
        "gradient boosting": profile(boosted, windows),
        "t-test": profile(_t(rows, y)[None], windows),
        "t-test within city": profile(_t(rows - means, y - shares)[None], windows),
        "variation": summed.std(axis=0) / np.maximum(summed.mean(axis=0), 1e-12),
    }
    return pd.DataFrame(maps, index=pd.Index(np.asarray(mz), name="m/z"))


def _t(rows, y):
    """The t statistic of the correlation of each bin with the label; 0 for a bin that does not vary."""
    centred, label = rows - rows.mean(axis=0), y - y.mean()
    scale = np.sqrt((centred**2).sum(axis=0) * (label**2).sum())
    r = np.divide(label @ centred, scale, out=np.zeros(rows.shape[1]), where=scale > 0)
    return r * np.sqrt((len(y) - 2) / np.maximum(1 - r**2, 1e-12))
