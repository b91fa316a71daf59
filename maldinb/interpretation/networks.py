"""What is asked of several networks, side by side, and what is said of them: a mean, and a range."""

from concurrent.futures import ThreadPoolExecutor

import pandas as pd
from threadpoolctl import threadpool_limits
from tqdm.auto import tqdm

from ..datasets.workers import default_jobs
from ..memory import give_back


def over_networks(rows):
    """Mean of each column over networks, and the range that holds 95 % of them.

    With few networks the ends are nearly the lowest and the highest.

    Parameters
    ----------
    rows : iterable of dict or Series
        One for each network.

    Returns
    -------
    DataFrame
        A row for each column: ``mean``, ``low``, ``high``.

    Examples
    --------
    >>> over_networks([{"AUROC": 0.7}, {"AUROC": 0.8}]).round(3).loc["AUROC"].tolist()
    [0.75, 0.702, 0.798]
    """
    table = pd.DataFrame(list(rows))
    return pd.DataFrame({"mean": table.mean(), "low": table.quantile(0.025), "high": table.quantile(0.975)})


def side_by_side(function, *arguments, progress=False):
    """What a function makes of each of some things, in as many threads as there are cores.

    Threads gain where most of the time goes to large sums, during which others may run. Each sums on one core.
    """
    with threadpool_limits(1), ThreadPoolExecutor(default_jobs()) as pool:
        found = pool.map(function, *arguments)
        found = list(tqdm(found, "networks", max(map(len, arguments), default=0), unit="", disable=not progress))
    give_back()
    return found
