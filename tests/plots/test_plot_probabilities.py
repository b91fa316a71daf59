"""Figures of probabilities show the tables that they are given."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from maldinb import plots, transfer

Y, SCORE = [0, 0, 0, 1, 1, 1], [0.1, 0.2, 0.6, 0.4, 0.7, 0.9]
PARTS = pd.concat(
    [
        pd.DataFrame({"left_out": city, "part": part, "batch": "x", "y": Y, "score": SCORE})
        for city in ("Milan", "Rome")
        for part in ("calibration", "home", "abroad")
    ]
)


@pytest.fixture
def ax():
    return plt.figure().add_subplot()


def legend(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


def test_coverage_at_home_and_abroad(ax):
    table = transfer.coverage_abroad(PARTS, 0.6, n_labelled=2)
    assert plots.plot_coverage(table, ax, level=0.6) is ax
    assert legend(ax) == ["promised", "home", "abroad", "calibrated abroad"]
    names = [text.get_text() for text in ax.get_yticklabels()]
    assert names == [f"{city}, {label}" for city in ("Milan", "Rome") for label in ("R", "S", "all")]
    drawn = [container[0].get_xdata().tolist() for container in ax.containers]
    assert drawn == [table.loc[table["part"] == part, "coverage"].tolist() for part in table["part"].unique()]
    assert len({container[0].get_marker() for container in ax.containers}) == 3


def test_coverage_of_batches(ax):
    conformal = transfer.ConformalSets(0.6).fit(SCORE, Y)
    plots.plot_coverage(transfer.coverage_table(conformal, Y, SCORE, ["Rome", "Milan"] * 3), ax)
    assert legend(ax) == ["Milan", "Rome"] and [t.get_text() for t in ax.get_yticklabels()] == ["R", "S", "all"]


def test_abstention(ax):
    table = transfer.abstention_abroad(PARTS, [0.5, 1])
    assert plots.plot_abstention(table, ax) is ax
    assert legend(ax) == ["home without Milan", "Milan, left out", "home without Rome", "Rome, left out"]
    assert [line.get_linestyle() for line in ax.lines] == ["-", "--"] * 2
    for line, (_, one) in zip(ax.lines, table.groupby(["left_out", "part"], sort=False), strict=True):
        assert np.allclose(line.get_xydata(), one[["answered", "error"]])


def test_abstention_of_one_model_has_its_interval(ax):
    table = transfer.abstention_table(Y, SCORE, [0.5, 1])
    plots.plot_abstention(table, ax)
    (band,) = ax.collections
    assert {*table["low"], *table["high"]} == {y for _, y in band.get_paths()[0].vertices}


def test_decision_curve(ax):
    table = transfer.decision_curve(Y, {"as it comes": SCORE, "mended": np.sqrt(SCORE)})
    assert plots.plot_decision_curve(table, ax) is ax
    assert legend(ax) == ["as it comes", "mended", "all as resistant", "none as resistant"]
    assert len({str(line.get_linestyle()) for line in ax.lines}) >= 3
    for line, (_, one) in zip(ax.lines, table.groupby("strategy", sort=False), strict=True):
        assert np.allclose(line.get_xydata(), one[["threshold", "net_benefit"]])
