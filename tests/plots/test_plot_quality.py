"""The figure of quality shows every spectrum, and says what is not known."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from maldinb import from_matrix, plots, quality


def points(ax):
    """What is drawn with a marker."""
    return np.concatenate([line.get_xdata() for line in ax.lines if line.get_marker() not in ("None", "")])


def test_quality_of_batches():
    table = pd.DataFrame(
        {
            "batch": ["Rome"] * 6 + ["Milan"] * 2,
            "total count": [1e6, 2e6, 3e6, 4e6, 5e6, 0, 1e7, np.nan],
            "signal to noise": np.arange(8.0) + 1,
            "peaks": np.arange(8.0),
            "offset ppm": np.nan,
        }
    )
    fig, axes = plt.subplots(2, 2, sharey=True)
    assert plots.plot_quality(table, axes.flat) == list(axes.flat)
    count, noise, peaks, offset = axes.flat
    drawn = [points(ax) for ax in (count, noise, peaks)]
    assert [sorted(values) for values in drawn[1:]] == [list(range(1, 9)), list(range(8))]
    assert len(drawn[0]) == 6 and count.get_xlabel() == "total count; 2 not shown"  # a logarithm has no 0
    assert [count.get_xscale(), peaks.get_xscale()] == ["log", "linear"]
    assert [tick.get_text() for tick in peaks.get_yticklabels()] == ["Milan", "Rome"]
    assert [text.get_text() for text in offset.texts] == ["not known of any spectrum"]
    (box,) = peaks.patches  # two spectra of Milan have no quartiles
    assert (box.get_x(), box.get_width(), box.get_y() + box.get_height() / 2) == (1.25, 2.5, 1)
    fig.canvas.draw()
    table["offset ppm"] = 1000.0
    (ax,) = plots.plot_quality(table, plt.subplots(1, 4)[1])[3:]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["within half a bin of 3 Da at 5000 Da"]


def test_quality_of_a_matrix_is_mostly_not_known():
    table = quality.quality_table(from_matrix(np.eye(6)))
    for ax in plots.plot_quality(table, plt.subplots(1, 4)[1]):
        assert [text.get_text() for text in ax.texts] == ["not known of any spectrum"]
