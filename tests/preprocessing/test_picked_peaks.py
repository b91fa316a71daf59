"""Peaks are picked where they are."""

import numpy as np
import pytest

from maldinb.preprocessing import find_peaks


def test_a_parabola_finds_the_top():
    mz = np.arange(2000.0, 2100.0)
    peaks, prominence = find_peaks(mz, 10 - (mz - 2050.3) ** 2, 1, 3)
    assert peaks == pytest.approx([2050.3]) and prominence > 1000
    assert len(find_peaks(mz, np.zeros(100), 0, 3)[0]) == 0
