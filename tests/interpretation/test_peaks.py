"""Short lists of m/z: places apart from one another, shared by networks, and charge states put together."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from maldinb import interpretation as ip

MZ = np.arange(2000, 12000, 3)


def profile(**heights):
    values = np.zeros(len(MZ))
    for place, height in heights.items():
        values[np.abs(MZ - float(place[1:])) < 5] = height
    return values


def test_the_shoulders_of_a_peak_are_no_peaks():
    found = ip.largest_peaks(profile(_4000=5, _7000=-9), MZ, k=5)
    assert MZ[found].tolist() == pytest.approx([7000, 4000], abs=6)


@given(st.lists(st.floats(-9, 9), min_size=30, max_size=30), st.integers(1, 10))
def test_places_are_apart_and_fall(values, k):
    found = ip.largest_peaks(values, MZ[:30], k=k, apart=10)
    size = np.abs(values)[found]
    assert len(found) <= k and (np.diff(size) <= 0).all() and (size > 0).all()
    assert all(abs(MZ[i] - MZ[j]) > 10 for i in found for j in found if i != j)


@given(st.floats(4000, 20000), st.floats(-5, 5))
def test_a_molecule_with_two_protons_finds_the_one_with_one(mass, off):
    one, two = mass + 1.00728, (mass + 2 * 1.00728) / 2 + off
    assert ip.doubly_charged([two, one]).tolist() == [1, -1]


def test_what_lies_elsewhere_has_no_partner():
    assert ip.doubly_charged([3000.0, 6020.0]).tolist() == [-1, -1]
    assert len(ip.doubly_charged([])) == 0
    with pytest.raises(ValueError, match="finite and above 0"):
        ip.doubly_charged([0.0])


def test_what_networks_share_comes_with_their_number_and_its_direction():
    networks = [profile(_4870=3, _9739=8), profile(_4870=3, _9739=9, _6000=-5), profile(_4870=-2, _9739=8)]
    table = ip.shared_peaks(networks, MZ, k=3).set_index("speaks for")
    assert table.loc["R", "networks"] == 3 and table.loc["S", "networks"] == 1
    assert table.loc["both", "partner"] == table.loc["R", "m/z"]
    assert table["size"].iloc[0] == 1 and table.loc["R", "m/z"] == pytest.approx(9739, abs=6)


def test_maps_of_nothing_share_nothing():
    assert len(ip.shared_peaks([np.zeros(len(MZ))] * 2, MZ)) == 0
    with pytest.raises(ValueError, match="no profiles"):
        ip.shared_peaks([], MZ)
