"""The figure of predictions shows the numbers of a class, whatever some of them are."""

import matplotlib.pyplot as plt
import pytest

from maldinb import plots


def bars(ax):
    """The middle of each bar -> its height, where there is one."""
    return {round(b.get_x() + b.get_width() / 2, 6): b.get_height() for b in ax.patches if b.get_height()}


def test_each_number_is_in_a_bar():
    ax = plots.plot_predictions([0.51, 0.53, 0.7, 0.95], plt.figure().add_subplot())
    assert bars(ax) == {0.5: 1, 0.55: 1, 0.7: 1, 0.95: 1}
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("predicted", "students")


@pytest.mark.parametrize("far", [75, -75, float("inf"), 1.7e308, float("nan")])
def test_what_is_far_away_squeezes_nobody(far):
    ax = plots.plot_predictions([0.5, 0.7, 0.72, far], plt.figure().add_subplot())
    assert sum(bars(ax).values()) == 3 and ax.get_xlabel() == "predicted; 1 not shown"
    assert 0.4 < ax.get_xlim()[0] < ax.get_xlim()[1] < 0.8


@pytest.mark.parametrize("values", [[0.5], [0, 0, 0, -0.05], [2, 2, 2]])
def test_few_and_equal_numbers_are_all_drawn(values):
    ax = plots.plot_predictions(values, plt.figure().add_subplot())
    assert sum(bars(ax).values()) == len(values) and ax.get_xlabel() == "predicted"
    ax.figure.canvas.draw()
