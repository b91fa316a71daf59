"""Does it pay to answer only where a model is sure?"""

import pandas as pd

from ..arguments import fraction
from .abroad import abstention_abroad, check_parts
from .recalibration import with_mean


def mean_known(scores):
    """Scores abroad, moved in each hospital until their mean is the share of R there.

    Parameters
    ----------
    scores : DataFrame
        From `home_and_abroad`.

    Returns
    -------
    DataFrame
        The same table; scores of the other parts are as they were.

    Raises
    ------
    ValueError
        If a part is missing, or a hospital has one label only.

    Examples
    --------
    >>> rows = {"left_out": "Rome", "part": "abroad", "batch": "Rome", "y": [0, 0, 0, 1], "score": [0.7, 0.8, 0.8, 0.9]}
    >>> mean_known(pd.DataFrame(rows))["score"].round(2).tolist()
    [0.15, 0.23, 0.23, 0.4]
    """
    check_parts(scores, "abroad")
    moved = scores.copy()
    for _, there in scores[scores["part"] == "abroad"].groupby("left_out"):
        moved.loc[there.index, "score"] = with_mean(there["score"], there["y"].mean())
    return moved


def surest_table(scores, share=0.2):
    """Wrong answers among the surest isolates and among all: at home, abroad, and abroad with the share of R known.

    Parameters
    ----------
    scores : DataFrame
        From `home_and_abroad`.
    share : float
        Of the isolates, between 0 and 1.

    Returns
    -------
    DataFrame
        Rows "home", "abroad" and "abroad, mean known" (see `mean_known`); columns ``surest`` and ``all``: shares of
        wrong answers, as by `abstention_table`, the mean of the hospitals that were left out. Where ``surest`` is no
        lower than ``all``, a model does not know what it does not know.

    Raises
    ------
    ValueError
        If a part is missing, a hospital has one label only, or the share is out of range.

    Examples
    --------
    >>> y, score = [0, 0, 1, 0, 1, 1], [0.1, 0.3, 0.4, 0.6, 0.7, 0.9]
    >>> home = pd.DataFrame({"left_out": "Rome", "part": "home", "batch": "Milan", "y": y, "score": score})
    >>> abroad = home.assign(part="abroad", batch="Rome", score=1 - home["score"])
    >>> surest_table(pd.concat([home, abroad], ignore_index=True), 0.3).round(2)
                        surest   all
    part
    home                   0.0  0.33
    abroad                 1.0  0.67
    abroad, mean known     1.0  0.67
    """
    fraction(share, "share")
    check_parts(scores, "home", "abroad")
    tables = {
        "": abstention_abroad(scores, [share, 1]),
        ", mean known": abstention_abroad(mean_known(scores), [share, 1]),
    }
    rows = {}
    for name, table in tables.items():
        errors = (
            table.groupby(["part", "left_out"])["error"].agg(surest="first", all="last").groupby(level="part").mean()
        )
        rows |= {f"{part}{name}": errors.loc[part] for part in (("abroad",) if name else ("home", "abroad"))}
    return pd.DataFrame(rows).T.rename_axis("part")
