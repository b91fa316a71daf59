"""The cure that is left: some labelled isolates of one's own, alone or with those of the others."""

import joblib
import numpy as np
import pandas as pd
from sklearn.base import clone
from sklearn.metrics import roc_auc_score
from tqdm.auto import tqdm

from ..arguments import whole
from ..evaluation import checks

OTHERS, OWN, BOTH = "others", "own", "own and others"
FEWEST = 5  # isolates of each label that are left to test on


def local_curve(
    estimator,
    X,
    y,
    batch,
    isolate=None,
    sizes=(0, 20, 50, 100, 200),
    *,
    n_draws=5,
    random_state=0,
    n_jobs=None,
    progress=False,
):
    """AUROC in each batch, by how many of its own isolates are labelled, and by who else has trained the model.

    In each draw, isolates of a batch are put in a random order, R and S separately. For each size, the first of them
    are labelled, in the batch's own proportion of R and S but at least one of each. Those that even the largest size
    leaves are tested on, so that within a draw all models answer the same questions.

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
        Isolate of each spectrum. Without, or where missing, a spectrum counts as an isolate of its own.
    sizes : sequence of int
        Numbers of labelled isolates; 0 and numbers from 2 on. A batch is tried with those that leave 5 isolates of each
        label to test on.
    n_draws : int
        How often labelled isolates are drawn.
    random_state : int
        Seed of the draws.
    n_jobs : int, optional
        Fits at the same time (joblib).
    progress : bool
        Show a progress bar.

    Returns
    -------
    DataFrame
        A row for each ``batch``, number of labelled ``isolates`` there, and what the model was ``trained on``:
        "others", all spectra of the other batches (with 0 isolates); "own", the labelled isolates; "own and others",
        both. ``auroc`` is the mean over the draws, ``low`` to ``high`` holds 95 % of them, ``draws`` is their number.
        ``R`` and ``S`` are the numbers of isolates that are tested on.

    Raises
    ------
    ValueError
        If there is only one batch, no batch has enough isolates for any size but 0, or an argument is malformed.

    Examples
    --------
    >>> from sklearn.naive_bayes import GaussianNB
    >>> y, batch = np.arange(60) % 2, np.repeat(["Milan", "Rome"], 30)
    >>> X = np.where(batch == "Rome", y, 1 - y)[:, None] + 0.01 * np.arange(60.0)[:, None]  # the other way round
    >>> curve = local_curve(GaussianNB(), X, y, batch, sizes=[0, 10], n_draws=2)
    >>> curve.loc[curve["batch"] == "Rome", ["isolates", "trained on", "auroc"]]
       isolates      trained on  auroc
    3         0          others    0.0
    4        10             own    1.0
    5        10  own and others    0.0
    """
    y, X = checks.targets(y), np.asarray(X)
    if len(X) != len(y):
        raise ValueError(f"X has {len(X)} rows, but there are {len(y)} labels")
    batch, isolate = checks.batches(batch, len(y)), checks.isolates(isolate, len(y))
    sizes, n_draws = _checked_sizes(sizes), whole(n_draws, "n_draws", 1)
    names = sorted(set(batch.tolist()))
    if len(names) < 2:
        raise ValueError(f"the others take at least two batches, and there is {', '.join(names) or 'none'}")
    jobs = []
    for name, stream in zip(names, np.random.SeedSequence(random_state).spawn(len(names)), strict=True):
        here = np.flatnonzero(batch == name)
        others = np.flatnonzero((batch != name) & ~np.isin(isolate, isolate[here]))
        checks.targets(y[others], where=f" outside {name}")
        draws = _draws(here, y, isolate, sizes, n_draws, np.random.default_rng(stream))
        if draws and 0 in sizes:
            jobs.append((name, 0, OTHERS, others, [test for test, _ in draws]))
        for test, labelled in draws:
            for size, own in labelled.items():
                jobs += [(name, size, OWN, own, [test]), (name, size, BOTH, np.concatenate([others, own]), [test])]
    if not any(size for _, size, *_ in jobs):
        raise ValueError(
            f"no batch has enough isolates for any of the sizes {', '.join(map(str, sizes))}: "
            f"{FEWEST} of each label have to be left to test on"
        )
    calls = (joblib.delayed(_aurocs)(estimator, X, y, *job[3:]) for job in jobs)
    scored = joblib.Parallel(n_jobs, return_as="generator")(calls)
    scored = tqdm(scored, "models", len(jobs), unit="", disable=not progress)
    rows = [
        (*job[:3], auroc, *(len(set(isolate[test][y[test] == label])) for label in (1, 0)))
        for job, aurocs in zip(jobs, scored, strict=True)
        for test, auroc in zip(job[4], aurocs, strict=True)
    ]
    table = pd.DataFrame(rows, columns=["batch", "isolates", "trained on", "auroc", "R", "S"])
    table = table.sort_values(["batch", "isolates"], kind="stable")
    grouped = table.groupby(["batch", "isolates", "trained on"], sort=False)
    summary = grouped["auroc"].agg(
        auroc="mean", low=lambda x: x.quantile(0.025), high=lambda x: x.quantile(0.975), draws="size"
    )
    return summary.join(grouped[["R", "S"]].first()).reset_index()


def _checked_sizes(sizes):
    sizes = [whole(size, "each of sizes", 0) for size in sizes]
    if not sizes or sizes != sorted(set(sizes)) or 1 in sizes:
        raise ValueError(f"sizes are different whole numbers in rising order, 0 or at least 2 each, not {sizes}")
    return sizes


def _draws(here, y, isolate, sizes, n_draws, rng):
    """For each draw the positions to test on, and those of the labelled isolates for each size."""
    ids, first = np.unique(isolate[here], return_index=True)  # an isolate has the label of its first spectrum
    resistant = y[here][first] == 1
    n = np.array([resistant.sum(), (~resistant).sum()])
    shares = {size: _apportioned(size, n) for size in sizes}
    shares = {size: labelled for size, labelled in shares.items() if (n - labelled >= FEWEST).all()}
    if not shares:
        return []
    most, draws = np.max(list(shares.values()), axis=0), []
    for _ in range(n_draws):
        orders = rng.permutation(ids[resistant]), rng.permutation(ids[~resistant])

        labelled = {size: [order[:k] for order, k in zip(orders, share, strict=True)] for size, share in shares.items()}
        left = [order[k:] for order, k in zip(orders, most, strict=True)]
        test, *own = (here[np.isin(isolate[here], np.concatenate(part))] for part in (left, *labelled.values()))
        draws.append((test, {size: rows for size, rows in zip(labelled, own, strict=True) if size}))
    return draws


def _apportioned(size, n):
    """How many R and S are labelled of `size` isolates: in proportion, and at least one of each."""
    if not size:
        return np.array([0, 0])
    resistant = int(np.clip(np.rint(size * n[0] / n.sum()), 1, size - 1))
    return np.array([resistant, size - resistant])


def _aurocs(estimator, X, y, train, tests):
    fitted = clone(estimator).fit(X[train], y[train])
    return [roc_auc_score(y[test], fitted.predict_proba(X[test])[:, 1]) for test in tests]
