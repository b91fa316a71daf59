"""Candidates, charges, and maps that ask no network."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from maldinb import interpretation as ip

MZ = 2000 + 3.0 * np.arange(4000)


def peaks_at(*places):
    """A map with a peak of falling height at each place."""
    return sum((len(places) - i) * np.exp(-(((MZ + 1.5 - place) / 4) ** 2)) for i, place in enumerate(places))


def test_candidates_come_in_the_order_of_their_size():
    assert np.abs(ip.candidates(-peaks_at(7000, 3000, 5000), MZ, 3) - [7000, 3000, 5000]).max() <= 1.5
    assert len(ip.candidates(np.ones(5), MZ[:5], 9, tolerance=100)) == 1


def test_recovery_and_candidates_agree():
    noise = np.random.default_rng(0).random(len(MZ))
    first, planted = ip.candidates(noise, MZ, 50), [2500.0, 4000.0, 9000.0]
    found = ip.found_peaks(noise, MZ, planted, k=50)
    assert found.tolist() == [bool((np.abs(first - peak) <= 12).any()) for peak in planted]


@given(st.floats(4100, 20000), st.floats(-700, 700), st.floats(-700, 700))
def test_partners_of_one_protein(mass, error, other):
    one, two = (mass + 1.00728) * (1 + error / 1e6), (mass + 2 * 1.00728) / 2 * (1 + other / 1e6)
    assert ip.charge_partners([one, 3000.0, two]) == [(2, 0)] or abs(two - 3000) < 5


@pytest.mark.parametrize("mz", [[], [5000.0], [5000.0, 5001.0], [5555.0, 11150.0]])
def test_no_partners(mz):
    assert ip.charge_partners(mz) == []


def test_what_many_networks_have():
    maps = [peaks_at(11109, 5555, 4365), peaks_at(11109, 5555, 6000), peaks_at(11109, 2500, 3000)]
    mean = pd.Series(peaks_at(11109, 5555) - peaks_at(4365) / 2, MZ)
    table = ip.seen_in_many(maps, MZ, mean, 3)
    assert table["networks"].round(2).tolist() == [1.0, 0.67, 0.33]
    assert table["speaks for"].tolist() == ["R", "R", "S"]
    assert [text[:2] for text in table["charge"]] == ["1+", "2+", ""]
    assert table["species' own"].tolist() == ["", "", "L36"]
    assert "Gaibani" in table["reported"][0] and not table["reported"][2]


def test_a_shoulder_is_no_finding_of_its_own():
    one = peaks_at(9000, 9016, 4000)
    assert np.abs(ip.seen_in_many([one], MZ, one, 2)["m/z"] - [9000, 4000]).max() <= 3
    assert len(ip.seen_in_many([one], MZ, one, 3, apart=12.0).query("`m/z` > 8990 and `m/z` < 9030")) == 2


def test_planted_for_another():
    planted = pd.DataFrame({"mz": [3000.0, 9000.0, 9000.0], "antibiotic": ["A", "A", "B"]})
    assert ip.planted_for([3012, 3013, 9013, 9014], planted) == ["A", "", "A, B", ""]


def test_score_of_maps():
    maps = [pd.DataFrame({"good": peaks_at(3000, 5000), "bad": peaks_at(4000, 7000)}, MZ) for _ in range(3)]
    table = ip.score_maps(maps, MZ, [3000, 5000])
    assert table.loc["good"].tolist() == [1.0] * 4 and table.loc["bad", "mean"] < 0.1
    alone = ip.recovery(maps[0]["bad"], MZ, [3000, 5000])["per peak"]
    assert table.loc["bad", "mean"] == pytest.approx(alone)


def world(n=300, seed=0):
    """A bin that goes with the label, one that goes with the city and so with the label, and one that only varies."""
    rng = np.random.default_rng(seed)
    city = rng.integers(0, 2, n)
    y = (rng.random(n) < np.where(city, 0.85, 0.15)).astype(int)
    X = 1 + 0.1 * rng.normal(size=(n, 60))
    X[:, 10] += 0.12 * y
    X[:, 30] += 0.5 * city
    X[:, 50] += 3 * rng.random(n)
    return X, y, np.array(["Milan", "Rome"])[city]


def test_each_map_shows_what_it_asks_for():
    X, y, city = world()
    maps = ip.maps_without_network(X, y, city, MZ[:60], window=3)
    strongest = maps.abs().reset_index(drop=True).idxmax()
    assert strongest["t-test"] == 30 and strongest["t-test within city"] == 10 and strongest["variation"] == 50
    assert maps["t-test within city"].iloc[10] > 4 > 3 > abs(maps["t-test within city"].iloc[30])
    assert maps["gradient boosting"].sum() == pytest.approx(1) and (maps["gradient boosting"] >= 0).all()
    assert maps["logistic regression"].iloc[10] > 0


def test_t_is_that_of_scipy():
    from scipy.stats import ttest_ind

    X, y, city = world(60)
    t = ip.maps_without_network(X, y, city, MZ[:60], window=3)["t-test"]
    assert np.allclose(t, ttest_ind(X[y == 1], X[y == 0]).statistic)
    X[:, 5] = 1.0
    assert ip.maps_without_network(X, y, city, MZ[:60], window=3)["t-test"].iloc[5] == 0
