"""What mends the probabilities of a model in another hospital, and what each cure takes."""

import numpy as np
import pandas as pd

from ..arguments import whole
from ..evaluation import brier, checks
from .abroad import check_parts
from .recalibration import Recalibration, at_prevalence, with_mean


def update_table(scores, n_labelled=20, *, n_draws=20, random_state=0):
    """Brier score abroad: as the model comes, with the share of R known, and mended with a few labelled isolates.

    Parameters
    ----------
    scores : DataFrame
        From `home_and_abroad`.
    n_labelled : int
        How many isolates of the new hospital are labelled. They are drawn at random, and the others are judged.
    n_draws : int
        How often they are drawn.
    random_state : int
        Seed of the draws.

    Returns
    -------
    DataFrame
        A row for each batch ``left_out`` and ``probabilities``, with their ``brier`` score. Where isolates are drawn,
        it is the mean over the draws, and 95 % of these lie from ``low`` to ``high``. Probabilities:

        "at home"
            of home isolates, to compare with;
        "as they come"
            abroad, unchanged;
        "prior shift"
            moved by `at_prevalence` from the share of R at home to that abroad;
        "mean known"
            moved by `with_mean` to the share of R abroad;
        "share of R only"
            the share of R abroad for every isolate: what is worth no more has learned nothing about single isolates;
        "intercept", "both"
            by `Recalibration`, with labelled isolates.

    Raises
    ------
    ValueError
        If a hospital has one label only or no more isolates than are to be labelled, an option is out of range, or a
        part is missing.

    Examples
    --------
    >>> home = pd.DataFrame({"left_out": "Rome", "part": "home", "batch": "Milan", "y": [0, 1], "score": [0.4, 0.6]})
    >>> y, score = np.repeat([0, 0, 1], 20), np.repeat([0.7, 0.8, 0.9], 20)
    >>> abroad = pd.DataFrame({"left_out": "Rome", "part": "abroad", "batch": "Rome", "y": y, "score": score})
    >>> update_table(pd.concat([home, abroad])).set_index("probabilities")["brier"].round(2)
    probabilities
    at home            0.16
    as they come       0.38
    prior shift        0.26
    mean known         0.13
    share of R only    0.22
    intercept          0.14
    both               0.05
    Name: brier, dtype: float64
    """
    n_labelled, n_draws = whole(n_labelled, "n_labelled", 1), whole(n_draws, "n_draws", 1)
    check_parts(scores, "home", "abroad")
    rows = []
    for name, of in scores.groupby("left_out"):
        home, abroad = of[of["part"] == "home"], of[of["part"] == "abroad"]
        y, score = checks.targets(abroad["y"], where=f" in {name}"), abroad["score"].to_numpy()
        at_home = checks.targets(home["y"], where=f" at home with {name} left out")
        if len(y) <= n_labelled:
            raise ValueError(f"{name} has {len(y)} isolates; with {n_labelled} of them labelled none is left to judge")
        old, new = of.loc[of["part"] != "abroad", "y"].mean(), y.mean()
        values = {
            "at home": brier(at_home, home["score"]),
            "as they come": brier(y, score),
            "prior shift": brier(y, at_prevalence(score, old, new)),
            "mean known": brier(y, with_mean(score, new)),
            "share of R only": new * (1 - new),
        }
        rows += [(name, what, value, np.nan, np.nan) for what, value in values.items()]
        rng = np.random.default_rng(random_state)
        draws = [np.split(rng.permutation(len(y)), [n_labelled]) for _ in range(n_draws)]
        for how in ("intercept", "both"):
            of_draws = [
                brier(y[judged], Recalibration(how).fit(score[known], y[known]).transform(score[judged]))
                for known, judged in draws
            ]
            rows.append((name, how, np.mean(of_draws), *np.quantile(of_draws, [0.025, 0.975])))
    return pd.DataFrame(rows, columns=["left_out", "probabilities", "brier", "low", "high"])
