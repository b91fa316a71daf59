"""Every figure shows the data it was given, with labels and units."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from maldinb import SpectraDataset, evaluation, plots, preprocessing
from maldinb.datasets.dataset import count_labels

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
    (image,) = ax.images
    picture = image.get_array()
    assert picture.shape == (6, 600)
    assert np.unravel_index(picture.argmax(), picture.shape) == (0, 100)  # Catania comes first
    assert [t.get_text() for t in ax.get_yticklabels()] == ["Catania\n(1)", "Milan\n(2)", "Rome\n(3)"]
    assert image.get_extent()[:2] == [2000, 20000] and ax.get_xlabel() == "m/z (Da)"


def test_label_counts(ax, data):
    assert plots.plot_label_counts(data, ax) is ax
    lengths = {c.get_label(): [bar.get_width() for bar in c] for c in ax.containers}
    assert lengths == {"S": [0, 1, 1], "I": [1, 0, 0], "R": [0, 0, 2], "unlabelled": [0, 1, 0]}
    assert [t.get_text() for t in ax.get_yticklabels()] == ["Catania", "Milan", "Rome"]
    assert ax.get_xlabel() == "spectra" and ax.get_title("left") + ax.get_title() == "Amikacin"
    assert len({(c[0].get_facecolor(), c[0].get_hatch()) for c in ax.containers}) == 4


def test_batch_means(ax, data):
    assert plots.plot_batch_means(data, ax, window=(4000, 5000)) is ax
    lines = {line.get_label(): line for line in ax.lines}
    seen = (MZ >= 4000) & (MZ <= 5000)
    assert np.allclose(lines["Milan"].get_ydata(), data.X.loc[["b", "e"], seen].mean())
    assert np.allclose(lines["Milan"].get_xdata(), MZ[seen] + 1.5)
    assert len({line.get_linestyle() for line in ax.lines}) == 3 and ax.get_xlabel() == "m/z (Da)"


def test_scatter(ax):
    styles = {"R": ("red", "o"), "S": ("blue", "s"), "I": ("k", "^")}
    assert plots.plot_scatter([[0, 1], [2, 3], [4, 5]], ["R", "S", "R"], styles, ax) is ax
    assert ax.collections[0].get_offsets().tolist() == [[0, 1], [4, 5]]
    assert [t.get_text() for t in ax.get_legend().get_texts()] == ["R (2)", "S (1)"]


def looks(ax):
    """What tells the lines of a chart apart without colour."""
    return [(line.get_linestyle(), line.get_marker()) for line in ax.lines]


def legend(ax):
    return [t.get_text() for t in ax.get_legend().get_texts()]


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
    assert [t.get_text() for t in ax.texts] == ["0.70", "0.80"]
    assert ax.yaxis.get_inverted()  # the first row on top


def test_intervals_of_cities(ax):
    table = pd.DataFrame({"model": ["a", "a"], "city": ["Milan", "Rome"], "auroc": 0.5, "low": 0.4, "high": 0.6})
    plots.plot_intervals(table.set_index(["model", "city"]), ax, reference=0.5, reference_label="coin")
    assert [t.get_text() for t in ax.get_yticklabels()] == ["a, Milan", "a, Rome"] and legend(ax) == ["coin"]
    with pytest.raises(ValueError, match="no row is called 'city'; there are 0, 1"):
        plots.plot_intervals(table, ax, reference="city")
    with pytest.raises(ValueError, match="no column brier"):
        plots.plot_intervals(table, ax, value="brier")


def test_reliability(ax):
    table = evaluation.calibration_table([0, 1, 1, 1, 0], [0.1, 0.1, 0.5, 1.0, 0.0], n_bins=2)
    assert plots.plot_reliability(table, ax) is ax
    diagonal, curve = ax.lines[:2]
    assert diagonal.get_xydata().tolist() == [[0, 0], [1, 1]]
    assert np.allclose(curve.get_xydata(), table[["predicted", "observed"]])
    assert np.allclose(np.array(ax.collections[0].get_segments())[:, :, 1], table[["low", "high"]])
    assert [t.get_text() for t in ax.texts] == ["3", "2", "spectra"]
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
    assert ax.yaxis.get_major_formatter()(0.5) == "50 %"
    with pytest.raises(ValueError, match="probabilities"):
        plots.plot_threshold_tradeoff(y, score * 2, ax)


@pytest.mark.parametrize("name", ["validation_loss", "val_loss"])
@pytest.mark.parametrize("kind", [dict, pd.DataFrame])
def test_learning_curve(ax, name, kind):
    assert plots.plot_learning_curve(kind({"train_loss": [0.7, 0.5, 0.3], name: [0.6, 0.55, 0.8]}), ax) is ax
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
    assert len({(str(line), marker) for _, line, marker in plots.SERIES_STYLES}) == len(plots.SERIES_STYLES) == 6


def test_the_style_is_set():
    with plt.rc_context():
        plots.use_style()
        assert plt.rcParams["figure.constrained_layout.use"]
