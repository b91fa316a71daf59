"""Candidates, what is known of them, and maps that ask no network."""

import numpy as np
import pandas as pd
import pytest

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


def test_what_a_biologist_would_ask():
    table = ip.what_is_known([11109, 5555, 4365])
    assert [text[:2] for text in table["charge"]] == ["1+", "2+", ""]
    assert table["species' own"].tolist() == ["", "", "L36"]
    assert "Gaibani" in table["reported"][0] and not table["reported"][2]
    assert len(ip.what_is_known([])) == 0


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
