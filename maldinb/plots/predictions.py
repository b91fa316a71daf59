"""The figure of what a class has predicted."""

import numpy as np
import seaborn as sns
from matplotlib.ticker import MaxNLocator

from .style import SKY

FAR = 20  # times the median: whoever writes 75 for 0.75 would squeeze all others into one bar
LARGEST = 1e9


def plot_predictions(values, ax):
    """Draw how often a number was predicted.

    Parameters
    ----------
    values : array-like of float
        One for each student. Those that are far too large are counted below the axis.
    ax : Axes

    Returns
    -------
    Axes

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> from maldinb import plots
    >>> plots.plot_predictions([0.5, 0.55, 0.7, 75], plt.figure().add_subplot()).get_xlabel()
    'predicted; 1 not shown'
    """
    values = np.asarray(values, dtype=float)
    size = np.minimum(np.nan_to_num(np.abs(values), nan=LARGEST), LARGEST)
    shown = values[(size < LARGEST) & (size <= FAR * (np.median(size) or np.inf))]
    if len(shown):
        round_ones = MaxNLocator(10, steps=[1, 2, 5, 10]).tick_values(shown.min(), shown.max())
        half = (round_ones[1] - round_ones[0]) / 2  # a bar around each, for people like to guess round numbers
        sns.histplot(x=shown, bins=[round_ones[0] - half, *(round_ones + half)], color=SKY, ax=ax)
    ax.yaxis.set_major_locator(MaxNLocator(3, integer=True))
    hidden = len(values) - len(shown)
    ax.set(ylabel="students", xlabel=f"predicted; {hidden} not shown" if hidden else "predicted")
    return ax
