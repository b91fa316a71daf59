"""Every figure shows the data it was given, with labels and units."""

import doctest
import importlib
from dataclasses import replace

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.colors import same_color

from maldinb import SpectraDataset, evaluation, plots, preprocessing
from maldinb.datasets.labels import count_labels

MZ = preprocessing.bin_edges()[:-1]
BATCHES = ["Rome", "Milan", "Rome", "Catania", "Milan", "Rome"]


@pytest.fixture
def ax():
    return plt.figure().add_subplot()


@pytest.fixture
def data():
    rng = np.random.default_rng(0)
    X = rng.random((6, 6000))
    X[3, 1000] = 50  # 5000 Da
    meta = pd.DataFrame(
        {"Batch": BATCHES, "Species": "K", "Amikacin": ["R", "S", "S", "I", None, "R"]}, index=list("abcdef")
    )
    X = pd.DataFrame(X / X.sum(axis=1, keepdims=True), index=meta.index, columns=preprocessing.bin_names())
    info = {"antibiotic": "Amikacin", "n_spectra": 6, "counts": count_labels(meta, ["Amikacin"])}
    return SpectraDataset(X, meta, MZ, info)


def looks(ax):
    """What tells the lines of a chart apart without colour."""
    return [(line.get_linestyle(), line.get_marker()) for line in ax.lines]


def legend(ax):
    return [t.get_text() for t in ax.get_legend().get_texts()]


def drawn(ax, color):
    """Points of a scatter plot that have a colour."""
    (points,) = ax.collections
    seen = [same_color(face[:3], color) for face in points.get_facecolors()]
    return points.get_offsets()[seen].tolist()


def heights(ax, row):
    """Of a profile that is drawn around a row: m/z -> height, where it is not 0."""
    corners = np.concatenate(
        [path.vertices for c in ax.collections if isinstance(c, PolyCollection) for path in c.get_paths()]
    )
    return {mz: row - y for mz, y in corners if 0 < abs(row - y) < 0.5}


def test_a_spectrum(ax):
    mz, y = np.arange(2000.0, 2100), np.arange(100.0)
    assert plots.plot_spectrum(mz, y, ax, window=(2010, 2020), label="raw") is ax
    (line,) = ax.lines
    assert line.get_xdata().tolist() == list(range(2010, 2021)) and line.get_ydata().tolist() == list(range(10, 21))
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("m/z (Da)", "intensity (counts)") and ax.get_xlim() == (2010, 2020)
    with pytest.raises(ValueError, match="no point of the spectrum lies in the window 1-2 Da"):
        plots.plot_spectrum(mz, y, ax, window=(1, 2))


def test_bins(ax):
    row = np.arange(6000.0)
    assert plots.plot_bins(preprocessing.bin_edges(), row, ax, window=(2300, 2600)) is ax
    (patch,) = ax.patches
    stairs = patch.get_data()
    assert stairs.values.tolist() == list(range(100, 200)) and stairs.edges[0] == 2300 and stairs.edges[-1] == 2600
    assert ax.get_xlabel() == "m/z (Da)" and "share" in ax.get_ylabel()


def test_the_matrix_is_sorted_by_city_and_loses_no_narrow_peak(ax, data):
    assert plots.plot_matrix(data, ax) is ax
    picture, grid = ax.collections[0].get_array(), ax.collections[0].get_coordinates()
    row, column = np.unravel_index(picture.argmax(), picture.shape)
    assert row == 0 and ax.get_ylim() == (6, 0)  # Catania comes first, on top
    assert grid[0, column, 0] <= 5000 < grid[0, column + 1, 0] and grid[0, [0, -1], 0].tolist() == [2000, 20000]
    assert [t.get_text() for t in ax.get_yticklabels()] == ["Catania\n(1)", "Milan\n(2)", "Rome\n(3)"]
    assert ax.get_xscale() == "log" and "m/z (Da)" in ax.get_xlabel()


def test_the_matrix_shows_means_of_bins(ax, data):
    plots.plot_matrix(data, ax)
    picture, grid = ax.collections[0].get_array(), ax.collections[0].get_coordinates()
    widths = np.diff(grid[0, :, 0]) / 3  # in bins
    assert np.allclose((picture * widths).sum(axis=1), 1)  # rows sum to 1, and no bin is lost


def test_label_counts(ax, data):
    assert plots.plot_label_counts(data, ax) is ax
    lengths = {c.get_label(): [bar.get_width() for bar in c] for c in ax.containers}
    assert lengths == {"S": [0, 1, 1], "I": [1, 0, 0], "R": [0, 0, 2], "unlabelled": [0, 1, 0]}
    assert [t.get_text() for t in ax.get_yticklabels()] == ["Catania", "Milan", "Rome"]
    assert ax.get_xlabel() == "spectra" and ax.get_title("left") + ax.get_title() == "Amikacin"
    assert len({(c[0].get_facecolor(), c[0].get_hatch()) for c in ax.containers}) == 4
    assert ax.yaxis_inverted()  # from top to bottom in the order of the matrix
    hatches = {t.get_text(): p.get_hatch() for t, p in zip(ax.get_legend().texts, ax.get_legend().get_patches())}  # noqa: B905
    assert hatches == {c.get_label(): c[0].get_hatch() for c in ax.containers} and hatches["R"] == "//"


def test_counts_of_no_label(ax, data):
    with pytest.raises(ValueError, match="without labels of 'Colistin'; it has counts of: 'Amikacin'"):
        plots.plot_label_counts(data, ax, antibiotic="Colistin")
    data = replace(data, info=data.info | {"antibiotic": None, "counts": {}})
    with pytest.raises(ValueError, match="without labels; it has counts of: none"):
        plots.plot_label_counts(data, ax)


def test_batch_means(ax, data):
    assert plots.plot_batch_means(data, ax, window=(4000, 5000)) is ax
    seen, styles = (MZ >= 4000) & (MZ <= 5000), plots.batch_styles(BATCHES)
    (milan,) = [line for line in ax.lines if line.get_color() == styles["Milan"][0] and len(line.get_xdata())]
    rows = data.X.loc[["b", "e"], seen]
    assert np.allclose(milan.get_ydata(), rows.mean()) and np.allclose(milan.get_xdata(), MZ[seen] + 1.5)
    markers = {line.get_marker() for line in ax.lines if len(line.get_xdata())}
    assert milan.get_marker() == styles["Milan"][1] and len(markers) == 3
    (band,) = [c for c in ax.collections if same_color(c.get_facecolor()[0][:3], styles["Milan"][0])]
    assert band.get_datalim(ax.transData).intervaly == pytest.approx(
        [rows.quantile(0.25).min(), rows.quantile(0.75).max()]
    )
    assert legend(ax) == ["Catania", "Milan", "Rome"]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("m/z (Da)", plots.SHARE_LABEL) and ax.get_ylim()[0] == 0


def test_scatter(ax):
    styles = {"R": ("red", "o"), "S": ("blue", "s"), "I": ("k", "^")}
    assert plots.plot_scatter([[0, 1], [2, 3], [4, 5]], ["R", "S", "R"], styles, ax) is ax
    assert drawn(ax, "red") == [[0, 1], [4, 5]] and drawn(ax, "blue") == [[2, 3]] and legend(ax) == ["R (2)", "S (1)"]
    assert len({path.vertices.shape for path in ax.collections[0].get_paths()}) == 2  # markers, not only colours


def test_scatter_leaves_out_what_has_no_style(ax):
    plots.plot_scatter([[0, 1], [2, 3]], ["R", None], {"R": ("red", "o")}, ax)
    assert len(ax.collections[0].get_offsets()) == 1 and legend(ax) == ["R (1)"]


@pytest.mark.parametrize(
    "how, s, r", [({}, [2, 1], [0, 1]), ({"stat": "probability"}, [2 / 3, 1 / 3], [0, 1])], ids=["numbers", "shares"]
)
def test_label_histogram(ax, how, s, r):
    assert plots.plot_label_histogram([0.1, 0.2, 0.4, 0.5], [0, 0, 1, 0], ax, bins=2, **how) is ax
    heights = {hatch: [bar.get_height() for bar in ax.patches if bar.get_hatch() == hatch] for hatch in ("", "//")}
    assert heights[""] == pytest.approx(s) and heights["//"] == pytest.approx(r)
    assert legend(ax) == ["S (3)", "R (1)"] and [p.get_hatch() for p in ax.get_legend().get_patches()] == ["", "//"]
    assert ax.get_ylabel() == ("share of R or of S" if how else "spectra")


def test_roc(ax):
    y, good = [0, 1, 0, 1], [0.1, 0.8, 0.3, 0.2]
    assert plots.plot_roc({"net": (y, good), "city only": (y, [0.5] * 4)}, ax) is ax
    net, city, coin = ax.lines
    assert net.get_xdata().tolist() == [0, 0, 0.5, 0.5, 1] and net.get_ydata().tolist() == [0, 0.5, 0.5, 1, 1]
    assert city.get_xydata().tolist() == coin.get_xydata().tolist() == [[0, 0], [1, 1]]
    assert legend(ax) == ["net (0.75)", "city only (0.50)", "coin (0.50)"]
    assert ax.get_legend().get_title().get_text() == "AUROC" and net.get_linestyle() != city.get_linestyle()
    assert "S called resistant" in ax.get_xlabel() and "sensitivity" in ax.get_ylabel()


def test_intervals(ax):
    table = pd.DataFrame(
        {"auroc": [0.7, 0.8], "low": [0.65, 0.7], "high": [0.72, 0.95]}, index=["city only", "network"]
    )
    assert plots.plot_intervals(table, ax, reference="city only") is ax
    (bars,) = ax.collections
    assert [s.round(9).tolist() for s in bars.get_segments()] == [[[0.65, 0], [0.72, 0]], [[0.7, 1], [0.95, 1]]]
    assert ax.lines[0].get_xydata().tolist() == [[0.7, 0], [0.8, 1]]
    assert ax.lines[-1].get_xdata() == [0.7, 0.7] and legend(ax) == ["city only"]
    assert [t.get_text() for t in ax.get_yticklabels()] == ["city only", "network"] and ax.get_xlabel() == "AUROC"
    assert [(t.get_text(), *t.xy) for t in ax.texts] == [
        ("0.70", 1, 0),
        ("0.80", 1, 1),
    ]  # beside the lines, not on them
    assert ax.yaxis.get_inverted()  # the first row on top


def test_intervals_of_cities(ax):
    table = pd.DataFrame({"model": ["a", "a"], "batch": ["Milan", "Rome"], "auroc": 0.5, "low": 0.4, "high": 0.6})
    plots.plot_intervals(table.set_index(["model", "batch"]), ax, reference=0.5, reference_label="coin")
    assert [t.get_text() for t in ax.get_yticklabels()] == ["a, Milan", "a, Rome"] and legend(ax) == ["coin"]
    with pytest.raises(ValueError, match="no row is called 'batch'; there are 0, 1"):
        plots.plot_intervals(table, ax, reference="batch")
    with pytest.raises(ValueError, match="no column brier"):
        plots.plot_intervals(table, ax, value="brier")


def test_intervals_in_groups(ax):
    index = pd.MultiIndex.from_product([["a", "b"], ["Milan", "Rome"]], names=["model", "batch"])
    table = pd.DataFrame({"auroc": [0.5, 0.6, 0.7, 0.8]}, index=index).eval("low = auroc - 0.1\nhigh = auroc + 0.2")
    styles = plots.batch_styles(["Rome", "Milan"])
    plots.plot_intervals(table, ax, group="batch", styles=styles)
    milan, rome = (container[0] for container in ax.containers)
    assert milan.get_xydata() == pytest.approx(np.array([[0.5, -0.175], [0.7, 0.825]]))
    assert rome.get_xydata() == pytest.approx(np.array([[0.6, 0.175], [0.8, 1.175]]))
    assert np.array(ax.collections[1].get_segments())[:, :, 0] == pytest.approx(np.array([[0.5, 0.8], [0.7, 1.0]]))
    assert [(milan.get_color(), milan.get_marker()), (rome.get_color(), rome.get_marker())] == list(styles.values())
    assert [t.get_text() for t in ax.get_yticklabels()] == ["a", "b"] and legend(ax) == ["Milan", "Rome"]
    assert sorted(t.get_text() for t in ax.texts) == ["0.50", "0.60", "0.70", "0.80"]


def test_groups_without_styles_differ_in_colour_and_marker(ax):
    tables = {name: pd.DataFrame({"mean": [1], "low": [0], "high": [2]}, index=["row"]) for name in ("one", "two")}
    plots.plot_intervals(pd.concat(tables), ax, value="mean", group=0, numbers="+.1f")
    one, two = (container[0] for container in ax.containers)
    assert one.get_color() != two.get_color() and one.get_marker() != two.get_marker()
    assert legend(ax) == ["one", "two"] and [t.get_text() for t in ax.texts] == ["+1.0", "+1.0"]


def test_reliability(ax):
    table = evaluation.calibration_table([0, 1, 1, 1, 0], [0.1, 0.1, 0.5, 1.0, 0.0], n_bins=2)
    assert plots.plot_reliability(table, ax) is ax
    diagonal, curve = ax.lines[:2]
    assert diagonal.get_xydata().tolist() == [[0, 0], [1, 1]]
    assert np.allclose(curve.get_xydata(), table[["predicted", "observed"]])
    assert np.allclose(np.array(ax.collections[0].get_segments())[:, :, 1], table[["low", "high"]])
    assert [t.get_text() for t in ax.texts] == ["3", "2", "isolates"]
    assert "predicted" in ax.get_xlabel() and "observed" in ax.get_ylabel() and len(legend(ax)) == 2


def test_threshold_tradeoff(ax):
    y, score = np.array([1, 1, 0, 0, 1]), np.array([0.9, 0.3, 0.3, 0.6, 0.7])
    assert plots.plot_threshold_tradeoff(y, score, ax) is ax
    very_major, limit, major, other_limit = ax.lines
    for line, rate in ((very_major, "very major error"), (major, "major error")):
        assert line.get_drawstyle() == "steps-pre" and line.get_xdata().tolist() == [0, 0.3, 0.6, 0.7, 0.9, 1]
        for threshold, value in line.get_xydata():
            assert value == evaluation.error_rates(y, score, threshold).loc[rate, "value"]
    assert set(limit.get_ydata()) == {0.015} and set(other_limit.get_ydata()) == {0.03}
    assert legend(ax)[:2] == ["very major error: R called S", "limit for a very major error: 1.5 %"]
    assert len(set(looks(ax))) == 4 and ax.get_xlabel() == "threshold on P(R)"
    assert ax.yaxis.get_major_formatter()(0.5) == "50 %" and ax.get_ylim() == (0, 1)
    places = ax.transAxes.inverted().transform(ax.transData.transform([(0, 0), (0, 0.015), (0, 0.03)]))[:, 1]
    assert np.diff(places).min() > 0.08  # the limits can be told apart, and from nothing
    with pytest.raises(ValueError, match="probabilities"):
        plots.plot_threshold_tradeoff(y, score * 2, ax)


@pytest.mark.parametrize("kind", [dict, pd.DataFrame])
def test_learning_curve(ax, kind):
    assert plots.plot_learning_curve(kind({"train_loss": [0.7, 0.5, 0.3], "val_loss": [0.6, 0.55, 0.8]}), ax) is ax
    train, validation, best, _ = ax.lines
    assert train.get_xydata().tolist() == [[1, 0.7], [2, 0.5], [3, 0.3]]
    assert validation.get_ydata().tolist() == [0.6, 0.55, 0.8] and best.get_xydata().tolist() == [[2, 0.55]]
    assert legend(ax) == ["training", "validation", "best: epoch 2"] and len(set(looks(ax)[:3])) == 3
    assert ax.get_xlabel() == "epoch" and "loss" in ax.get_ylabel()


def test_learning_curve_without_validation(ax):
    plots.plot_learning_curve({"train_loss": [0.7, 0.5]}, ax)
    assert legend(ax) == ["training"]
    with pytest.raises(ValueError, match="no train_loss; it has loss"):
        plots.plot_learning_curve({"loss": [1]}, ax)


def test_gates(ax):
    gates, y = np.array([[0.2, 0.4], [0.6, 0.8], [0.5, 0.5]]), np.array([1, 0, 1])
    assert plots.plot_gates(gates, y, ax) is ax
    image, bar = ax.collections[0], ax.figure.axes[1]
    assert image.get_array().tolist() == [[0.6, 0.8], [0.2, 0.4], [0.5, 0.5]]  # S above R
    assert image.get_clim() == (0, 1) and bar.get_ylabel() == "gate"
    assert ax.lines[0].get_ydata()[0] == 1 and ax.get_yticks().tolist() == [0.5, 2]
    assert [t.get_text() for t in ax.get_yticklabels()] == ["S", "R"] and ax.get_xlabel() == "hidden unit"
    stretched = plots.plot_gates(gates, y, plt.figure().add_subplot(), limits=None)
    assert stretched.collections[0].get_clim() == (0.2, 0.8)


def test_gate_spread(ax):
    gates = np.random.default_rng(0).random((100, 4))
    assert plots.plot_gate_spread({"a": gates, "b": [0.5, 0.5]}, ax) is ax
    boxes = [path.get_extents() for path in ax.collections[0].get_paths()]
    highest = max(boxes, key=lambda box: box.height)
    assert [highest.x0, highest.x1] == pytest.approx(np.quantile(gates, [0.25, 0.75]))
    assert [t.get_text() for t in ax.get_yticklabels()] == ["a", "b"] and ax.get_legend() is None
    assert ax.get_xlabel() == "gate" and ax.get_xlim() == (0, 1)


def test_effects(ax):
    assert plots.plot_effects([-0.2, 0.1, 0.3], [1, 2, 3], [True, False, False], ax) is ax
    assert drawn(ax, plots.VERMILION) == [[0.2, 1]]  # its size: the direction of a gate is of no account here
    assert drawn(ax, "0.5") == [[0.1, 2], [0.3, 3]] and ax.collections[0].get_offsets().tolist()[-1] == [0.2, 1]
    assert legend(ax) == ["other gates (2)", "separating (1)"] and "log-odds" in ax.get_ylabel()


def test_profiles(ax):
    mz = np.arange(2000.0, 2300, 3)
    profiles = pd.DataFrame({"one": np.full(100, 0.1), "two": np.full(100, -2.0)}, index=mz)
    profiles.iloc[10], profiles.iloc[20] = [1.1, 4.0], [-0.6, 2.0]
    assert plots.plot_profiles(profiles, ax, peaks=[2031, 9000], names={2031: "here", 9000: "not seen"}) is ax
    assert heights(ax, 0) == pytest.approx({2030: 0.45, 2060: -0.225})  # over the floor of the others, and scaled
    assert heights(ax, 1) == pytest.approx({2030: 0.45})
    (known,) = [c for c in ax.collections if isinstance(c, LineCollection)]
    assert [s[0][0] for s in known.get_segments()] == [2031] and legend(ax) == ["planted peak"]
    assert [t.get_text() for t in ax.get_yticklabels()] == ["one", "two"] and [t.get_text() for t in ax.texts] == [
        "here"
    ]
    assert ax.get_xlabel() == plots.MZ_LABEL and "up: above 0" in ax.get_ylabel() and ax.yaxis_inverted()


def test_a_tenth_of_a_profile_is_drawn(ax):
    plots.plot_profiles(pd.DataFrame({"one": np.arange(100.0)}, index=MZ[:100]), ax)
    assert sorted(heights(ax, 0)) == MZ[90:100].tolist()


@pytest.mark.parametrize(
    ("index", "scale"),
    [(["peak 1", "peak 2", "peak 3"], "linear"), (None, "linear"), ([2035.5, 4365.3, 9540.2], "log")],
)
def test_between_peaks_there_is_nothing(ax, index, scale):
    plots.plot_profiles(pd.DataFrame({"one": [0.0, 2.0, -1.0]}, index=index), ax)
    lines = np.concatenate([c.get_segments() for c in ax.collections if isinstance(c, LineCollection)])
    places = [0, 1, 2] if scale == "linear" else index
    assert not [c for c in ax.collections if isinstance(c, PolyCollection)] and set(lines[:, 0, 0]) == set(places)
    assert np.ptp(lines[:, :, 1], axis=1).max() == pytest.approx(0.45) and ax.get_xscale() == scale
    assert ax.get_xlabel().startswith("column" if scale == "linear" else plots.MZ_LABEL)


def test_names_of_close_peaks_do_not_touch(ax):
    profiles = pd.DataFrame({"one": np.r_[np.zeros(5999), 1]}, index=MZ)
    plots.plot_profiles(profiles, ax, names={4523: "4523", 4481: "4481", 4482: "4482", 15000: "15000"})
    first, second, third, far = ax.texts
    assert [t.get_text() for t in ax.texts] == ["4481", "4482", "4523", "15000"]
    assert min(second.xyann[0] - first.xyann[0], third.xyann[0] - second.xyann[0]) > 0.02
    assert far.xyann[0] == far.xy[0] == pytest.approx(np.log(15000 / MZ[0]) / np.log(MZ[-1] / MZ[0]))
    assert ax.get_xscale() == "log" and "logarithmic" in ax.get_xlabel()


def test_profiles_in_a_window(ax):
    profiles = pd.DataFrame({"one": np.r_[2, np.zeros(49), np.full(50, 5)]}, index=np.arange(2000.0, 2300, 3))
    plots.plot_profiles(profiles, ax, window=(2000, 2030))
    assert ax.get_xlim() == (2000, 2030) and ax.get_legend() is None
    assert heights(ax, 0) == {}  # what lies in the window is not among the largest tenth of the whole profile
    with pytest.raises(ValueError, match="no bin lies in the window 1-2 Da"):
        plots.plot_profiles(profiles, ax, window=(1, 2))


def test_cascade(ax):
    table = pd.DataFrame({"head": [1.0, 0.3], "+ projection": [0.1, -0.001]}, index=["weights", "gradient"])
    assert plots.plot_cascade(table, ax) is ax
    assert np.allclose(ax.collections[0].get_array(), table) and ax.collections[0].get_clim() == (0, 1)
    assert [t.get_text() for t in ax.texts] == ["1.00", "0.10", "0.30", "0.00"]
    assert [t.get_text() for t in ax.get_xticklabels()] == list(table.columns)
    assert [t.get_text() for t in ax.get_yticklabels()] == list(table.index)
    assert "rank correlation" in ax.figure.axes[1].get_ylabel()


def test_perturbation(ax):
    curve = pd.DataFrame({"share": [0, 0.01, 1], "auroc": [0.8, 0.6, 0.5]})
    assert plots.plot_perturbation({"a": curve, "b": curve}, ax, reference=0.8) is ax
    a, b, unchanged, coin = ax.lines
    assert a.get_xydata().tolist() == [[0, 0.8], [0.01, 0.6], [1, 0.5]] and set(unchanged.get_ydata()) == {0.8}
    assert set(coin.get_ydata()) == {0.5} and legend(ax) == ["a", "b", "unchanged", "coin"]
    assert a.get_linestyle() != b.get_linestyle() and ax.get_xscale() == "symlog"
    assert ax.get_xlabel() == "share of bins (logarithmic from 1 %)" and ax.xaxis.get_major_formatter()(0.1) == "10 %"


@pytest.fixture
def comparison():
    return pd.DataFrame(
        {
            "reference": "gate", "metric": "auroc", "difference": [0.01, -0.03], "low": [-0.01, -0.05],
            "high": [0.03, -0.01], "rope": 0.02, "verdict": ["undecided", "worse"],
        },
        index=["none", "frozen"],
    )  # fmt: skip


def test_paired_scores(ax):
    scores = pd.DataFrame({"b": [0.8, 0.5, 0.6], "a": [0.9, 0.4, 0.7]})
    assert plots.plot_paired_scores(scores, "a", ax) is ax
    dots = [c for c in ax.collections if len(c.get_offsets())]
    found = {
        tuple(np.round(c.get_offsets()[0], 9)): tuple(c.get_facecolors()[0]) for c in dots if len(c.get_offsets()) == 1
    }
    places = sorted((round(y), y - round(y), x, color) for (x, y), color in found.items())
    of_a, of_b = ([p[1:] for p in places if p[0] == row] for row in (0, 1))
    assert [x for _, x, _ in of_a] == [0.4, 0.7, 0.9] and [x for _, x, _ in of_b] == [0.5, 0.6, 0.8]
    for one, other in zip(of_a, of_b, strict=True):  # a split has one height and one colour
        assert one[0] == pytest.approx(other[0]) and one[2] == other[2]
    assert len({color for *_, color in places}) == 3
    (means,) = [line for line in ax.lines if len(line.get_xdata()) == 2]
    assert means.get_xydata() == pytest.approx(np.array([[2 / 3, 0], [1.9 / 3, 1]]))
    assert [t.get_text() for t in ax.get_yticklabels()] == ["a", "b"] and ax.get_xlabel() == "AUROC"
    with pytest.raises(ValueError, match="no variant is called 'c'; there are 'b', 'a'"):
        plots.plot_paired_scores(scores, "c", ax)


def test_differences(ax, comparison):
    assert plots.plot_differences(comparison, ax) is ax
    points, bars = ax.containers[0][0], ax.containers[0][2][0]
    assert points.get_xdata().tolist() == [0.01, -0.03]
    assert np.allclose(np.array(bars.get_segments())[:, :, 0], comparison[["low", "high"]])
    assert ax.patches[0].get_extents().transformed(ax.transData.inverted()).intervalx == pytest.approx([-0.02, 0.02])
    assert [t.get_text() for t in ax.texts] == ["+0.010, undecided", "-0.030, worse"]
    assert ax.get_xlabel() == "gate less variant, AUROC"
    assert set(legend(ax)) == {"practically equal (within 0.02)", "no difference"}
    assert [t.get_text() for t in ax.get_yticklabels()] == ["none", "frozen"] and ax.yaxis_inverted()


def test_power(ax):
    words = ["better", "equivalent", "worse", "undecided"]
    shares = pd.DataFrame(np.eye(4)[:3], index=[-0.05, 0.0, 0.05], columns=words)
    assert plots.plot_power(shares, ax, rope=0.02) is ax
    lines = {line.get_label(): line for line in ax.lines if line.get_label().startswith('"')}
    assert list(lines) == [f'"{word}"' for word in words]
    assert all(lines[f'"{word}"'].get_xydata().tolist() == list(map(list, shares[word].items())) for word in words)
    assert len({line.get_linestyle() for line in lines.values()}) == 4
    assert ax.patches[0].get_extents().transformed(ax.transData.inverted()).intervalx == pytest.approx([-0.02, 0.02])
    assert ax.get_xlabel() == "true difference, AUROC" and ax.get_ylabel() == "share of studies"


def test_shared_folds(ax):
    assert plots.plot_shared_folds(4, ax) is ax
    parts = {}
    for bars in ax.containers:
        for bar in bars:
            if bar.get_width():  # not what the legend is made of
                parts[round(bar.get_y() + bar.get_height() / 2), bar.get_x()] = bar.get_facecolor()
    tested, shared, other = (patch.get_facecolor() for patch in ax.get_legend().get_patches())
    assert parts == {
        (row, part): tested if part == row - 1 else other if part == 0 else shared
        for row in range(1, 5)
        for part in range(4)
    }
    assert sum(parts[2, part] == shared for part in range(4)) == 2  # of the 3 that it trains on


def test_batch_differences(ax):
    table = pd.DataFrame(
        {
            "variant": ["none", "none", "linear", "linear"], "batch": ["Rome", "Milan"] * 2,
            "difference": [0.1, -0.1, 0.2, 0.0], "lowest": [0.0, -0.2, 0.2, 0.0], "highest": [0.2, 0.0, 0.2, 0.0],
        }
    )  # fmt: skip
    assert plots.plot_batch_differences(table, ax) is ax
    milan, rome = (container[0] for container in ax.containers)
    assert rome.get_xdata().tolist() == [0.1, 0.2] and milan.get_xdata().tolist() == [-0.1, 0.0]
    assert np.round(milan.get_ydata()).tolist() == np.round(rome.get_ydata()).tolist() == [0, 1]
    assert (milan.get_ydata() < rome.get_ydata()).all()
    assert np.allclose(np.array(ax.containers[1][2][0].get_segments())[0, :, 0], [0, 0.2])
    assert set(legend(ax)) == {"Milan", "Rome", "no difference"} and rome.get_marker() != milan.get_marker()
    assert [t.get_text() for t in ax.get_yticklabels()] == ["none", "linear"] and "learned gate" in ax.get_xlabel()


@pytest.mark.parametrize("module", ["ablation", "drawings", "gates", "probabilities", "scores", "spectra", "style"])
def test_examples(module):
    with plt.rc_context():
        found = doctest.testmod(importlib.import_module(f"maldinb.plots.{module}"))
    assert found.failed == 0 and found.attempted > 0


def test_every_figure_has_an_example():
    assert [
        name for name in plots.__all__ if callable(getattr(plots, name)) and ">>>" not in getattr(plots, name).__doc__
    ] == []


def test_cities_keep_their_styles():
    assert plots.batch_styles(["Rome", "Milan"])["Rome"] == plots.batch_styles(["Rome"])["Rome"]
    many = plots.batch_styles([f"site {i}" for i in range(9)])
    assert len(many) == 9 and len(set(map(str, many.values()))) == 6


def luminance(color):
    rgb = np.array(plt.matplotlib.colors.to_rgb(color))
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4) @ [0.2126, 0.7152, 0.0722]


def test_the_two_labels_differ_for_every_reader():
    """Also in a grey print: their luminance differs, and so do marker and hatching."""
    (r, r_marker, r_hatch), (s, s_marker, s_hatch) = plots.LABEL_STYLES["R"], plots.LABEL_STYLES["S"]
    light, dark = sorted([luminance(r), luminance(s)], reverse=True)
    assert (light + 0.05) / (dark + 0.05) > 1.5 and r_marker != s_marker and r_hatch != s_hatch


def test_series_differ_without_colour():
    assert len({(str(line), marker) for _, line, marker in plots.SERIES_STYLES}) == len(plots.SERIES_STYLES) == 8


def test_the_style_is_set():
    with plt.rc_context():
        plots.use_style()
        assert plt.rcParams["figure.constrained_layout.use"]


def test_intervals_without_numbers():
    table = pd.DataFrame({"auroc": [0.7], "low": [0.6], "high": [0.8]}, index=["city"])
    with_numbers, without = (plots.plot_intervals(table, plt.figure().add_subplot(), numbers=n) for n in ("z.2f", None))
    assert [text.get_text() for text in with_numbers.texts] == ["0.70"] and not without.texts
