"""Every figure shows the data it was given, with labels and units."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from maldinb import SpectraDataset, plots, preprocessing
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


def test_the_style_is_set():
    with plt.rc_context():
        plots.use_style()
        assert plt.rcParams["figure.constrained_layout.use"]
