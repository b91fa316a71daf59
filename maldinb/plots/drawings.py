"""Drawn explanations: not what was measured, but how something works. Places and numbers are computed all the same."""

import numpy as np

from .style import BLUE, GREEN, LABEL_STYLES, ORANGE


def plot_flight_tube(ions, ax):
    """Draw ions on their way to the detector, at the moment at which the first of them arrives.

    All leave the target with the same energy per charge, so that an ion's speed falls with the square root of its m/z.

    Parameters
    ----------
    ions : dict
        Name -> m/z in Da.
    ax : Axes

    Returns
    -------
    Axes
        The horizontal axis is the way through the tube, from 0 to 1.

    Raises
    ------
    ValueError
        If there is no ion, or one has an m/z that is not above 0.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> from maldinb import plots
    >>> ax = plots.plot_flight_tube({"L36": 4365, "S20": 9540}, plt.figure().add_subplot())
    """
    mz = np.array(list(ions.values()), float)
    if not len(mz) or mz.min() <= 0:
        raise ValueError("there is no ion, or one has an m/z that is not above 0")
    way = np.sqrt(mz.min() / mz)
    ax.axhspan(-0.5, 0.5, color="0.95", zorder=0)
    ax.hlines(np.zeros(len(mz)), 0, way, color="0.7", linestyle=":")
    ax.scatter(way, np.zeros(len(mz)), s=12 + 60 * mz / mz.max(), color=BLUE, zorder=3)
    for place, (name, one) in zip(way, ions.items(), strict=True):
        ax.annotate(f"{name}\n{one:g} Da", (place, 0.62), ha="center", va="bottom", fontsize="small")
    for place, color, what in ((0, ORANGE, "laser and target"), (1, GREEN, "detector")):
        ax.vlines(place, -0.5, 0.5, color=color, linewidth=6)
        ax.annotate(what, (place, -0.62), ha="center", va="top", fontsize="small")
    ax.annotate("", (0.62, -0.3), (0.38, -0.3), arrowprops={"arrowstyle": "->", "color": "0.3"})
    ax.set(xlim=(-0.12, 1.12), ylim=(-1.1, 1.4))
    ax.axis("off")
    return ax


def plot_steps(steps, ax):
    """Draw steps as boxes in a row, from left to right, with what comes out of each below it.

    Parameters
    ----------
    steps : dict
        Step -> what comes out; line breaks are kept.
    ax : Axes

    Returns
    -------
    Axes

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> from maldinb import plots
    >>> ax = plots.plot_steps({"raw": "25000 points", "bins": "6000 numbers"}, plt.figure().add_subplot())
    """
    for place, (step, result) in enumerate(steps.items()):
        box = {"boxstyle": "round,pad=0.4", "facecolor": "0.95", "edgecolor": BLUE}
        ax.text(place, 0, step, ha="center", va="center", bbox=box)
        ax.text(place, -0.55, result, ha="center", va="top", fontsize="small", color="0.3")
        if place:
            ax.annotate("", (place - 0.38, 0), (place - 0.62, 0), arrowprops={"arrowstyle": "->", "color": "0.3"})
    ax.set(xlim=(-0.5, len(steps) - 0.5), ylim=(-1.4, 0.5))
    ax.axis("off")
    return ax


def plot_gate(units, gates, ax):
    """Draw what a gate does to the units of one spectrum: each passes a wall that is open as far as its gate.

    Parameters
    ----------
    units : array_like, shape (n_units,)
        Values before the gate.
    gates : array_like, shape (n_units,)
        From 0, shut, to 1, open.
    ax : Axes

    Returns
    -------
    Axes
        Above the wall what comes in, in its opening the gate, below it their product. Arrows are as wide as the numbers
        are large.

    Raises
    ------
    ValueError
        If there is not one gate from 0 to 1 for each unit.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> from maldinb import plots
    >>> ax = plots.plot_gate([1.0, 2.0], [0.5, 0.9], plt.figure().add_subplot())
    """
    units, gates = np.asarray(units, float), np.asarray(gates, float)
    if units.ndim != 1 or units.shape != gates.shape or not ((gates >= 0) & (gates <= 1)).all():
        raise ValueError("there is one gate from 0 to 1 for each unit")
    passed, largest = units * gates, max(np.abs(units).max(initial=0), 1e-12)
    for i, (unit, gate, after) in enumerate(zip(units, gates, passed, strict=True)):
        for start, end, value in ((1.75, 1.1, unit), (0.9, 0.25, after)):
            ax.text(i, start + 0.13 if start > 1 else end - 0.13, f"{value:.2f}", ha="center", va="center")
            if width := 8 * abs(value) / largest:
                ax.vlines(i, end, start, color=BLUE, linewidth=width)
        ax.hlines([1, 1], [i - 0.42, i + 0.42 * gate], [i - 0.42 * gate, i + 0.42], color=ORANGE, linewidth=5)
        ax.text(i + 0.1, 1.06, f"{gate:.2f}", ha="left", va="bottom", fontsize="small")
    for height, what in ((1.88, "units"), (1, "gate"), (0.12, "units x gate")):
        ax.text(-0.7, height, what, ha="right", va="center")
    ax.set(xlim=(-1.6, len(units) - 0.4), ylim=(-0.05, 2.1))
    ax.axis("off")
    return ax


def plot_decision(y, score, threshold, ax, *, bins=20):
    """Draw what a threshold makes of scores: R above the axis, S below it, and how many are on either side.

    Parameters
    ----------
    y : array_like of {0, 1}, shape (n,)
        1 for resistant.
    score : array_like, shape (n,)
        P(R), from 0 to 1.
    threshold : float
        From it on, a spectrum is called R.
    ax : Axes
    bins : int
        Number of bars from 0 to 1.

    Returns
    -------
    Axes

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> from maldinb import plots
    >>> ax = plots.plot_decision([0, 1, 0, 1], [0.1, 0.8, 0.6, 0.2], 0.5, plt.figure().add_subplot())
    """
    y, score = np.asarray(y), np.asarray(score, float)
    highest = 1
    for label, side in ((1, 1), (0, -1)):
        color, _, hatch = LABEL_STYLES["SR"[label]]
        counts, edges = np.histogram(score[y == label], bins, (0, 1))
        ax.bar(edges[:-1], side * counts, np.diff(edges), align="edge", color=color, hatch=hatch, edgecolor="white")
        highest = max(highest, counts.max())
        called_r = score[y == label] >= threshold
        wrong = {1: "very major errors", 0: "major errors"}[label]
        names = {0: f"{'SR'[label]} called S", 1: f"{'SR'[label]} called R"}
        for call, x, align in ((0, 0.01, "left"), (1, 0.99, "right")):
            n = int((called_r == call).sum())
            text = f"{n} {names[call]}" + (f": {wrong}, {n / max(len(called_r), 1):.0%}" if call != label else "")
            ax.annotate(
                text, (x, 0.5 + 0.46 * side), xycoords="axes fraction", ha=align, va="center",
                fontweight="bold" if call != label else None,
            )  # fmt: skip
    ax.axhline(0, color="black", linewidth=0.8)
    ax.axvline(threshold, color="black", linestyle="--")
    ax.set(xlabel="P(R); dashed: the threshold", ylabel="spectra", xlim=(0, 1), ylim=(-1.35 * highest, 1.35 * highest))
    ax.yaxis.set_major_formatter(lambda value, _: f"{abs(value):g}")
    return ax
