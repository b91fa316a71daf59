"""Drawn explanations: what they show is computed, and right."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.collections import PathCollection

from maldinb import evaluation, plots


@pytest.fixture
def ax():
    return plt.figure().add_subplot()


def texts(ax):
    return [text.get_text() for text in ax.texts if text.get_text()]


def test_heavy_ions_are_behind(ax):
    assert plots.plot_flight_tube({"a": 16000, "b": 1000, "c": 4000}, ax) is ax
    ions = next(c for c in ax.collections if isinstance(c, PathCollection))
    assert ions.get_offsets()[:, 0].tolist() == pytest.approx([0.25, 1, 0.5])  # a quarter of the m/z, twice the speed
    assert ions.get_sizes().argsort().tolist() == [1, 2, 0]
    assert [text for text in texts(ax) if "Da" in text] == ["a\n16000 Da", "b\n1000 Da", "c\n4000 Da"]
    assert {"laser and target", "detector"} <= set(texts(ax))


@pytest.mark.parametrize("ions", [{}, {"a": 0, "b": 4000}])
def test_an_ion_has_a_mass(ax, ions):
    with pytest.raises(ValueError, match="no ion, or one has an m/z that is not above 0"):
        plots.plot_flight_tube(ions, ax)


def test_a_gate_opens_as_far_as_it_says(ax):
    assert plots.plot_gate([2.0, 0.0, 1.0], [0.5, 0.9, 0.0], ax) is ax
    assert {"2.00", "0.50", "0.90", "units", "gate"} <= set(texts(ax)) and texts(ax).count("1.00") == 2
    *_, wall = (c for c in ax.collections if len(c.get_segments()) == 2)  # of the last unit: shut
    (left, right) = (segment[:, 0].tolist() for segment in wall.get_segments())
    assert left == pytest.approx([1.58, 2]) and right == pytest.approx([2, 2.42])
    widths = [c.get_linewidth()[0] for c in ax.collections if len(c.get_segments()) == 1]
    assert widths == pytest.approx([8, 4, 4])  # nothing of a unit of 0, and nothing through a gate that is shut


@pytest.mark.parametrize("gates", [[0.5], [0.5, 1.2], [[0.5, 0.5]]])
def test_a_gate_for_each_unit(ax, gates):
    with pytest.raises(ValueError, match="one gate from 0 to 1 for each unit"):
        plots.plot_gate([1.0, 2.0], gates, ax)


def test_steps_stand_in_their_order(ax):
    assert plots.plot_steps({"raw": "25000 points", "root": "", "bins": "6000 numbers"}, ax) is ax
    places = {text.get_text(): text.get_position()[0] for text in ax.texts}
    assert places["raw"] < places["root"] < places["bins"] and places["6000 numbers"] == places["bins"]
    assert sum(text.arrow_patch is not None for text in ax.texts if hasattr(text, "arrow_patch")) == 2


def test_a_decision(ax):
    y, score = np.array([1, 1, 1, 0, 0]), np.array([0.2, 0.5, 0.9, 0.1, 0.6])
    assert plots.plot_decision(y, score, 0.5, ax, bins=2) is ax
    r, s = ([bar.get_height() for bar in bars] for bars in ax.containers)
    assert r == [1, 2] and s == [-1, -1]
    rates = evaluation.error_rates(y, score, 0.5)["value"]
    assert texts(ax) == [
        f"1 R called S: very major errors, {rates['very major error']:.0%}",
        "2 R called R",
        "1 S called S",
        f"1 S called R: major errors, {rates['major error']:.0%}",
    ]
    assert ax.lines[-1].get_xdata() == [0.5, 0.5] and ax.yaxis.get_major_formatter()(-3) == "3"
    assert {bars[0].get_hatch() for bars in ax.containers} == {"//", ""}


def test_a_decision_without_susceptible_ones(ax):
    plots.plot_decision([1, 1], [0.2, 0.9], 0.5, ax)
    assert "0 S called R: major errors, 0%" in texts(ax)
