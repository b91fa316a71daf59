"""Whoever sees colours differently can still tell apart what a figure shows side by side."""

import itertools

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_rgb

from maldinb import plots

# Linear RGB of what a viewer without one kind of cones sees: Machado, Oliveira and Fernandes 2009, severity 1.0,
# doi:10.1109/TVCG.2009.113.
VISION = {
    "all cones": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])  # of linear sRGB
WHITE = XYZ.sum(axis=1)
CLEARLY = 8  # a difference in CIE L*a*b*; about 2 can just be seen side by side

HOSPITALS = ["Bari", "Catania", "Genoa", "Milan", "Rome", "Turin"]
TOGETHER = {
    "labels": {label: (color, marker) for label, (color, marker, _) in plots.LABEL_STYLES.items()},
    "R and S as bars": {label: plots.LABEL_STYLES[label][::2] for label in "RS"},
    "three cities": plots.batch_styles(["Rome", "Milan", "Catania"]),
    "six hospitals": plots.batch_styles(HOSPITALS),
    "models and other series": dict(enumerate(plots.SERIES_STYLES)),
    "a line and what it is compared with": {"line": (plots.BLUE, "-"), "reference": (plots.VERMILION, "--")},
}
each_group = pytest.mark.parametrize("group", TOGETHER)


def lab(color, vision):
    """CIE L*a*b* of a colour as it is seen."""
    rgb = np.array(to_rgb(color))
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    seen = np.clip(VISION[vision] @ linear, 0, 1)
    ratio = XYZ @ seen / WHITE
    f = np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def difference(one, other, vision):
    return np.linalg.norm(lab(one, vision) - lab(other, vision))


@each_group
@pytest.mark.parametrize("vision", VISION)
def test_colours_differ(group, vision):
    colours = {name: style[0] for name, style in TOGETHER[group].items()}
    for one, other in itertools.combinations(colours, 2):
        assert difference(colours[one], colours[other], vision) > CLEARLY, (one, other)


@each_group
def test_colour_is_not_the_only_signal(group):
    for one, other in itertools.combinations(TOGETHER[group].values(), 2):
        assert one[1] != other[1]


@pytest.mark.parametrize("vision", VISION)
@pytest.mark.parametrize("color", ["#000000", "0.3"])
def test_text_in_figures_has_contrast(color, vision):
    """Lightness of at most 50 on white is a contrast of 4.5 or more."""
    assert lab(color, vision)[0] < 50


def test_a_pair_that_only_some_can_tell_apart_is_caught():
    orange, green = "#E8A12B", "#51D505"
    assert difference(orange, green, "all cones") > 10 * CLEARLY
    assert difference(orange, green, "deuteranopia") < CLEARLY / 10


def test_white_is_white():
    for vision in VISION:
        assert lab("white", vision) == pytest.approx([100, 0, 0], abs=0.01)


@pytest.mark.parametrize(
    ("style", "read"),
    [
        ({"color": "0.45"}, True),
        ({"color": "0.5"}, False),
        ({"color": "white"}, False),
        ({"color": "white", "bbox": {"facecolor": "black"}}, True),
        ({"color": "black", "bbox": {"facecolor": "0.3"}}, False),
    ],
)
def test_a_pale_word_is_caught(style, read, pale):
    fig = plt.figure()
    fig.text(0.5, 0.5, "word", **style)
    assert pale(fig) == ([] if read else ["word"])
    plt.close(fig)


@pytest.mark.parametrize(("value", "read"), [(0.1, False), (0.9, True)])
def test_a_dark_word_on_a_dark_place_of_a_heat_map_is_caught(value, read, pale):
    fig, ax = plt.subplots()
    ax.imshow([[value]], cmap="gray", vmin=0, vmax=1)
    ax.text(0, 0, "word", ha="center", va="center")
    assert pale(fig) == ([] if read else ["word"])
    plt.close(fig)
