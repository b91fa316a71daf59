"""Whatever a test draws, its words stand out from what is behind them."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.collections import QuadMesh
from matplotlib.colors import to_rgb
from matplotlib.image import AxesImage
from matplotlib.text import Text

ENOUGH = 4.5  # WCAG 2.2, success criterion 1.4.3


def luminance(color):
    parts = np.array(to_rgb(color))
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4) @ [0.2126, 0.7152, 0.0722]


def contrast(one, other):
    dark, light = sorted([luminance(one), luminance(other)])
    return (light + 0.05) / (dark + 0.05)


def without_words(fig):
    """The pixels of a figure without its words, from the lower left."""
    words = [word for word in fig.findobj(Text) if word.get_visible()]
    fig.canvas.draw()  # or words have no places yet
    for word in words:
        word.set_visible(False)
    fig.canvas.draw()
    for word in words:
        word.set_visible(True)
    return np.asarray(fig.canvas.buffer_rgba())[::-1, :, :3] / 255


def behind(word, pixels):
    """The colour on which a word stands: that of its box, or of what is drawn at its middle."""
    if box := word.get_bbox_patch():
        return to_rgb(box.get_facecolor())
    place = word.get_window_extent()
    row, column = int((place.y0 + place.y1) / 2), int((place.x0 + place.x1) / 2)
    return pixels[min(max(row, 0), len(pixels) - 1), min(max(column, 0), pixels.shape[1] - 1)]


def in_a_heat_map(word):
    maps = [*word.axes.images, *word.axes.collections] if word.axes and word in word.axes.texts else []
    return any(isinstance(drawn, AxesImage | QuadMesh) for drawn in maps)


@pytest.fixture
def pale():
    """A function that gives the words of a figure that one can hardly read."""

    def pale(fig):
        words = [word for word in fig.findobj(Text) if word.get_visible() and word.get_text().strip()]
        on_white = [w for w in words if not w.get_bbox_patch() and not in_a_heat_map(w)]
        suspects = [w for w in words if w not in on_white or contrast(w.get_color(), "white") < ENOUGH]
        pixels = without_words(fig) if suspects else None
        return [w.get_text() for w in suspects if contrast(w.get_color(), behind(w, pixels)) < ENOUGH]

    return pale


@pytest.fixture(autouse=True)
def words_stand_out(pale):
    yield
    assert [word for number in plt.get_fignums() for word in pale(plt.figure(number))] == []
