"""The figure of quality: what was measured on spectra, batch by batch."""

from functools import partial

import matplotlib as mpl
import numpy as np

from .style import BLACK, batch_styles

#: Column of `quality_table` -> name on the axis and, where it is logarithmic, the format of its numbers.
MEASURES = {
    "total count": ("total count", mpl.ticker.EngFormatter),
    "signal to noise": ("signal to noise", partial(mpl.ticker.StrMethodFormatter, "{x:g}")),
    "peaks": ("number of peaks", None),
    "offset ppm": ("m/z above housekeeping peaks (ppm)", None),
}
DENSE = 200  # spectra: more are small and spread out
_BOX, _JITTER, _GOLDEN = 0.75, 0.3, (5**0.5 - 1) / 2  # heights; points are spread evenly
LEAST_FOR_BOX = 5  # spectra: fewer have no quartiles worth a box


def plot_quality(table, axes, *, bin_width=3.0):
    """Draw total count, signal to noise, number of peaks and calibration of all spectra, batch by batch.

    Parameters
    ----------
    table : DataFrame
        As from `quality.quality_table`.
    axes : sequence of 4 Axes
    bin_width : float
        In Da: half of it, at 5000 Da, is a grey band around no offset.

    Returns
    -------
    axes
        A point for each spectrum, and a box from the first to the third quartile of a batch of five and more. How many
        are not shown, because a value is missing or 0 on a logarithmic axis, is said.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> from maldinb import load_simulated, plots, quality
    >>> table = quality.quality_table(load_simulated(n_spectra=24))
    >>> _, axes = plt.subplots(2, 2, sharey=True)
    >>> axes = plots.plot_quality(table, axes.flat)
    """
    axes, batch, styles = list(axes), table["batch"], batch_styles(table["batch"])
    dense = len(table) > DENSE
    size, alpha = (3, 0.5) if dense else (5, 0.9)
    for ax, (column, (label, ticks)) in zip(axes, MEASURES.items(), strict=True):
        values = table[column].where(table[column] > 0) if ticks else table[column]
        known = values.notna()
        if not known.any():
            ax.set(xticks=[], xlabel=label)
            ax.tick_params(left=False, labelleft=False)
            ax.text(0.5, 0.5, "not known of any spectrum", transform=ax.transAxes, ha="center", va="center")
            continue
        if column == "offset ppm":
            half = 1e6 * bin_width / 5000 / 2
            ax.axvspan(-half, half, color="0.9", zorder=0, label=f"within half a bin of {bin_width:g} Da at 5000 Da")
        if ticks:
            ax.set_xscale("log")
        for place, (one, (color, marker)) in enumerate(styles.items()):
            x = values[known & (batch == one)].to_numpy()
            y = place + (_JITTER * (2 * (_GOLDEN * np.arange(len(x)) % 1) - 1) if dense else np.zeros(len(x)))
            ax.plot(x, y, marker, color=color, markersize=size, alpha=alpha, markeredgewidth=0, rasterized=dense)
            if len(x) >= LEAST_FOR_BOX:
                first, median, third = np.quantile(x, [0.25, 0.5, 0.75])
                ax.barh(place, third - first, left=first, height=_BOX, fill=False, edgecolor=BLACK)
                ax.vlines(median, place - _BOX / 2, place + _BOX / 2, color=BLACK)
        ax.set_yticks(range(len(styles)), list(styles))
        ax.set_ylim(len(styles) - 0.5, -0.5)
        if ticks:
            ax.xaxis.set_major_locator(mpl.ticker.LogLocator(subs=(1, 3)))
            ax.xaxis.set_major_formatter(ticks())
            ax.xaxis.set_minor_locator(mpl.ticker.NullLocator())
        if ax.get_legend_handles_labels()[1]:
            ax.legend(loc="lower right", bbox_to_anchor=(1, 1), borderaxespad=0, fontsize="small")
        left = f"; {(~known).sum()} not shown" if not known.all() else ""
        ax.set(xlabel=label + left, ylabel="")
    return axes
