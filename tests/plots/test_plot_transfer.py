"""Figures of another hospital show the numbers they were given, and tell series apart without colour."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from maldinb import plots
from maldinb.simulation import CAUSES


@pytest.fixture
def ax():
    return plt.figure().add_subplot()


def points(ax):
    """label -> (x, y) of its markers, of what is drawn with intervals."""
    return {bars.get_label(): bars.lines[0].get_xydata() for bars in ax.containers}


def intervals(ax):
    """label -> the ends of its intervals."""
    return {bars.get_label(): [s.round(9).tolist() for s in bars.lines[2][0].get_segments()] for bars in ax.containers}


def legend(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


def test_profile_agreement(ax):
    table = pd.DataFrame({"batch": ["Milan", "Milan", "Rome"], "other": ["Milan", "Rome", "Rome"]})
    table = table.assign(correlation=[0.4, 0.1, 0.3], low=[0.3, -0.1, 0.2], high=[0.5, 0.2, 0.4])
    table["ceiling"] = [0.4, 0.35, 0.3]
    assert plots.plot_profile_agreement(table, ax) is ax
    assert [t.get_text() for t in ax.get_yticklabels()] == ["Milan", "Rome", "Milan and Rome"]
    halves, pairs = points(ax).values()
    assert halves.tolist() == [[0.4, 0], [0.3, 1]] and pairs.tolist() == [[0.1, 2]]
    assert intervals(ax)["halves of two"] == [[[-0.1, 2], [0.2, 2]]]
    (ceiling,) = [line for line in ax.lines if line.get_label() == "ceiling"]
    assert ceiling.get_xydata().tolist() == [[0.35, 2]] and ceiling.get_marker() == "|"
    (nothing,) = [line for line in ax.lines if line.get_label() == "no agreement"]
    assert list(nothing.get_xdata()) == [0, 0] and "Pearson's r" in ax.get_xlabel() and ax.yaxis_inverted()
    assert {bars.lines[0].get_marker() for bars in ax.containers} == {"s", "o"} and len(legend(ax)) == 4


def test_a_ceiling_that_is_not_known_is_not_drawn(ax):
    table = pd.DataFrame(
        {"batch": ["a", "a", "b"], "other": ["a", "b", "b"], "correlation": 0.1, "low": 0.0, "high": 0.2}
    )
    plots.plot_profile_agreement(table.assign(ceiling=np.nan), ax)
    (ceiling,) = [line for line in ax.lines if line.get_label() == "ceiling"]
    assert np.isnan(ceiling.get_xdata()).all()


def test_causes(ax):
    index = [("everything", ""), ("nothing", "")] + [(how, cause) for how in ("all but", "only") for cause in CAUSES]
    value = np.concatenate([[0.55, 0.85], np.linspace(0.5, 0.6, 6), np.linspace(0.7, 0.8, 6)])
    table = pd.DataFrame({"value": value, "low": value - 0.02, "high": value + 0.03})
    table.index = pd.MultiIndex.from_tuples(index, names=["differs", "cause"])
    assert plots.plot_causes(table, ax) is ax
    assert [t.get_text() for t in ax.get_yticklabels()] == list(CAUSES)
    drawn = points(ax)
    assert np.allclose(drawn["all but"][:, 0], value[2:8]) and np.allclose(drawn["only"][:, 0], value[8:])
    assert (np.abs(drawn["only"][:, 1] - np.arange(6)) < 0.5).all()
    assert intervals(ax)["only"][0][0][0] == pytest.approx(0.68) and intervals(ax)["only"][0][1][0] == pytest.approx(
        0.73
    )
    lines = {line.get_label(): (line.get_xdata()[0], line.get_linestyle()) for line in ax.lines}
    assert lines["everything differs (0.55)"] == (0.55, "--") and lines["nothing differs (0.85)"] == (0.85, ":")
    assert ax.get_xlabel() == "AUROC in the left-out city" and len(legend(ax)) == 4


NUMBERS = ["left out", "within", "batch told", "recovery"]


def cures():
    rows = pd.MultiIndex.from_product([["none", "ComBat"], ["twin", "shift only"], NUMBERS])
    value = np.arange(16) / 20
    table = pd.DataFrame(
        {"value": value, "low": value - 0.01, "high": value + 0.02}, rows.set_names(["cure", "world", "number"])
    )
    return table


def test_cures():
    axes = plt.figure().subplots(1, 4)
    drawn = plots.plot_cures(cures(), axes, chance={"batch told": 1 / 3})
    assert list(drawn) == list(axes)
    for place, ax in enumerate(axes):
        twin, shifted = points(ax)["twin"], points(ax)["shift only"]
        assert np.allclose(twin[:, 0], np.array([0, 8]) / 20 + place / 20) and np.allclose(
            shifted[:, 0] - twin[:, 0], 0.2
        )
        assert len({bars.lines[0].get_marker() for bars in ax.containers}) == 2
    assert [t.get_text() for t in axes[0].get_yticklabels()] == ["none", "ComBat"]
    assert not any(t.get_text() for ax in axes[1:] for t in ax.get_yticklabels())
    assert "AUROC" in axes[0].get_xlabel() and "average precision" in axes[3].get_xlabel()
    chance = [[line.get_xdata()[0] for line in ax.lines if line.get_label() == "chance"] for ax in axes]
    assert chance == [[0.5], [0.5], [1 / 3], []]
    assert legend(axes[3]) == ["chance", "twin", "shift only"] and not any(ax.get_legend() for ax in axes[:3])


def test_cures_of_one_world():
    axes = plt.figure().subplots(1, 4)
    plots.plot_cures(cures().xs("twin", level="world"), axes)
    assert [next(iter(points(ax).values()))[:, 0].tolist() for ax in axes][1] == [0.05, 0.45]
    with pytest.raises(ValueError, match="four numbers take four Axes, not 3"):
        plots.plot_cures(cures(), axes[:3])
    with pytest.raises(ValueError, match="no level cure"):
        plots.plot_cures(cures().droplevel("cure"), axes)


def curve(own=(0.6, 0.8), both=(0.62, 0.7)):
    rows = [(0, "others", 0.55), *((n, "own", a) for n, a in zip((20, 50), own, strict=True))]
    rows += [(n, "own and others", a) for n, a in zip((20, 50), both, strict=True)]
    table = pd.DataFrame(rows, columns=["isolates", "trained on", "auroc"])
    return table.assign(low=table["auroc"] - 0.05, high=table["auroc"] + 0.1)


def test_local_curve(ax):
    assert plots.plot_local_curve(curve(), ax) is ax
    drawn = points(ax)
    assert drawn["others"].tolist() == [[0, 0.55]]
    assert np.allclose(drawn["own"], [[20, 0.6], [50, 0.8]], atol=1) and np.allclose(
        drawn["own and others"][:, 1], [0.62, 0.7]
    )
    own = np.array(intervals(ax)["own"])[:, :, 1]
    assert np.allclose(own, [[0.55, 0.7], [0.75, 0.9]])
    starts = [
        line.get_xydata().tolist() for line in ax.lines if len(line.get_xydata()) == 2 and line.get_xydata()[0, 0] == 0
    ]
    assert any(start[0] == [0, 0.55] and start[1][1] == 0.62 for start in starts)  # from the others' score on
    assert len({(bars.lines[0].get_linestyle(), bars.lines[0].get_marker()) for bars in ax.containers}) == 3
    assert ax.get_xlabel() == "labelled isolates of this hospital" and ax.get_ylabel() == "AUROC on its other isolates"
    assert ax.get_xticks().tolist() == [0, 20, 50] and set(legend(ax)) == {"others", "own", "own and others", "coin"}


def test_a_curve_of_several_batches_is_not_drawn(ax):
    with pytest.raises(ValueError, match="draw one batch, or means over them"):
        plots.plot_local_curve(pd.concat([curve(), curve()]), ax)


def test_a_curve_of_own_isolates_only(ax):
    plots.plot_local_curve(curve().query("`trained on` == 'own'"), ax)
    assert len(points(ax)["own"]) == 2 and len(points(ax)["others"]) == 0
