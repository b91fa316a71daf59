"""What is said of several networks: a mean, and a range."""

import pandas as pd


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
