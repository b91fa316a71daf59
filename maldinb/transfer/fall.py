"""How far models fall: at home, within the hospitals that they know, and in one that was left out."""

import pandas as pd
from tqdm.auto import tqdm

from .. import evaluation


def at_home(model, X, y, batch, isolate=None, *, n_splits=3, level=0.95, random_state=0):
    """AUROC within hospitals, of isolates that the model has not seen.

    Parameters
    ----------
    model : scikit-learn classifier
        With `predict_proba`; each fold fits a clone.
    X : DataFrame or ndarray, shape (n, n_bins)
    y : Series or ndarray of {0, 1}, shape (n,)
        1 for resistant.
    batch : array_like of str, shape (n,)
        Batch (hospital, instrument, year) of each spectrum.
    isolate : array_like, shape (n,), optional
        Isolate of each spectrum; its repeats are in the same fold.
    n_splits : int
        Folds of the cross-validation.
    level : float
        Confidence of the interval, between 0 and 1.
    random_state : int
        Seed of the folds.

    Returns
    -------
    Interval
        As by `evaluation.within_batch_interval`.

    Raises
    ------
    ValueError
        If there are too few isolates for the folds, or an argument is malformed.

    Examples
    --------
    >>> from sklearn.naive_bayes import GaussianNB
    >>> X, y, batch = [[0.0], [1.0]] * 30, [0, 1] * 30, ["Milan"] * 30 + ["Rome"] * 30
    >>> at_home(GaussianNB(), X, y, batch).value
    1.0
    """
    splits = evaluation.stratified_splits(y, batch, isolate=isolate, n_splits=n_splits, random_state=random_state)
    score = evaluation.out_of_fold_scores(model, X, y, splits)
    return evaluation.within_batch_interval(y, score, batch, level=level, isolate=isolate)


def fall_table(models, X, y, batch, isolate=None, *, n_splits=3, level=0.95, random_state=0, progress=False):
    """AUROC of models at home, and in each hospital of which they have seen nothing.

    Parameters
    ----------
    models : dict of name -> scikit-learn classifier
    X, y, batch, isolate, n_splits, level, random_state
        As in `at_home`.
    progress : bool
        Show progress bars.

    Returns
    -------
    DataFrame
        Indexed by ``model`` and ``where`` ("at home", or the batch that was left out): ``auroc``, ``low``, ``high``.

    Raises
    ------
    ValueError
        As in `at_home` and `evaluation.leave_one_batch_out_table`.

    Examples
    --------
    >>> from sklearn.naive_bayes import GaussianNB
    >>> X, y, batch = [[0.0], [1.0]] * 30, [0, 1] * 30, ["Milan"] * 30 + ["Rome"] * 30
    >>> fall_table({"Bayes": GaussianNB()}, X, y, batch)["auroc"].unstack()
    where  Milan  Rome  at home
    model
    Bayes    1.0   1.0      1.0
    """
    abroad = evaluation.leave_one_batch_out_table(models, X, y, batch, level=level, isolate=isolate, progress=progress)
    rows = abroad.rename(columns={"batch": "where"}).set_index(["model", "where"])[["auroc", "low", "high"]]
    options = {"n_splits": n_splits, "level": level, "random_state": random_state}
    home = {
        (name, "at home"): tuple(at_home(models[name], X, y, batch, isolate, **options))
        for name in tqdm(models, "at home", unit="model", disable=not progress)
    }
    home = pd.DataFrame.from_dict(home, orient="index", columns=rows.columns)
    home.index = pd.MultiIndex.from_tuples(home.index, names=rows.index.names)
    return pd.concat([pd.concat([home.loc[[name]], rows.loc[[name]]]) for name in models])
