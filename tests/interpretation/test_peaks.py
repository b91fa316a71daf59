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


# Whole numbers: of two that differ by a rounding only, scaling may make the other one the larger.
@given(st.lists(st.integers(-9, 9), min_size=30, max_size=30), st.integers(1, 10))
def test_places_are_apart_and_fall(values, k):
    table = ip.shared_peaks([values], MZ[:30], k=k, apart=10)
    places = table["m/z"].to_numpy()
    assert len(table) <= k and (np.diff(table["size"]) <= 0).all() and (table["size"] > 0).all()
    assert all(abs(one - other) > 10 for one in places for other in places if one != other)
    assert (table["networks"] == 1).all() and "both" not in set(table["speaks for"])


@given(st.floats(4100, 20000), st.floats(-700, 700), st.floats(-700, 700))
def test_partners_of_one_protein(mass, error, other):
    one, two = (mass + 1.00728) * (1 + error / 1e6), (mass + 2 * 1.00728) / 2 * (1 + other / 1e6)
    assert ip.charge_partners([one, 1e5, two]) == [(2, 0)]


@pytest.mark.parametrize("mz", [[], [5000.0], [5000.0, 5001.0], [5555.0, 11150.0]])
def test_no_partners(mz):
    assert ip.charge_partners(mz) == []


@pytest.mark.parametrize("mz", [[0.0], [np.nan], [[5000.0]]])
def test_what_is_no_mz_has_no_partner(mz):
    with pytest.raises(ValueError, match="finite and above 0"):
        ip.charge_partners(mz)


def test_what_networks_share_comes_with_their_number_and_its_direction():
    networks = [profile(_4870=3, _9739=8), profile(_4870=3, _9739=9, _6000=-5), profile(_4870=-2, _9739=8)]
    table = ip.shared_peaks(networks, MZ, k=3).set_index("speaks for")
    assert table.loc["R", "networks"] == 3 and table.loc["S", "networks"] == 1
    assert table.loc["both", "partner"] == table.loc["R", "m/z"]
    assert table["size"].iloc[0] == 1 and table.loc["R", "m/z"] == pytest.approx(9739, abs=6)


def test_a_shoulder_is_no_finding_of_its_own():
    one = profile(_9000=9, _9015=8, _4000=5)
    assert ip.shared_peaks([one], MZ, k=3)["m/z"].tolist() == pytest.approx([9000, 4000], abs=6)
    assert len(ip.shared_peaks([one], MZ, k=3, apart=12.0)) == 3


def test_columns_that_are_peaks_keep_their_place_and_their_sign():
    peaks, one = np.array([4365.3, 5381.4, 6289.5, 9540.2]), np.array([-1.0, 0.5, 0.0, 3.0])
    table = ip.shared_peaks([one, 2 * one], peaks)
    assert table["m/z"].tolist() == [9540.2, 4365.3, 5381.4]
    assert table["speaks for"].tolist() == ["R", "S", "R"]


def test_maps_of_nothing_share_nothing():
    assert len(ip.shared_peaks([np.zeros(len(MZ))] * 2, MZ)) == 0
    with pytest.raises(ValueError, match="no profiles"):
        ip.shared_peaks([], MZ)
