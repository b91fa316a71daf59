"""The scores of a profile against known peaks are those that one counts by hand, and chance is the floor."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from networks import axis

from maldinb import interpretation as ip

MZ = axis(20)  # 2000-2057 Da; the middle of bin i lies at 2001.5 + 3 i


def middle(*bins):
    return MZ[list(bins)] + 1.5


def with_values(**at):
    """A profile that is 0 but in some bins: b3=1.0."""
    profile = np.zeros(20)
    for name, value in at.items():
        profile[int(name[1:])] = value
    return profile


def test_by_hand():
    """Two peaks; of the four candidates the second and the fourth are right."""
    profile = with_values(b15=9, b4=-8, b10=7, b11=6.5, b0=5)
    profile += np.linspace(0.002, 0.001, 20) * (profile == 0)
    scores = ip.recovery(profile, MZ, middle(4, 0), tolerance=3.0, k=2)
    # Candidates: 15, 4 (right), 10 (11 is too near to it), 0 (right). Bins of peaks: 0, 1, 3, 4, 5.
    assert scores["per peak"] == pytest.approx((1 / 2 + 2 / 4) / 2)
    assert scores["precision@2"] == 0.5 and scores["recall@2"] == 0.5
    order = np.argsort(-np.abs(profile))
    places = 1 + np.flatnonzero(np.isin(order, [0, 1, 3, 4, 5]))
    assert scores["per bin"] == pytest.approx((np.arange(1, 6) / places).mean())
    assert list(scores.index) == ["per bin", "per peak", "precision@2", "recall@2"]
    more = ip.recovery(profile, MZ, middle(4, 0), tolerance=3.0, k=4)
    assert more["precision@4"] == 0.5 and more["recall@4"] == 1
    assert ip.found_peaks(profile, MZ, middle(4, 0), tolerance=3.0, k=2).tolist() == [True, False]
    assert ip.found_peaks(profile, MZ, middle(4, 0), tolerance=3.0, k=4).tolist() == [True, True]


def test_a_second_candidate_for_the_same_peak_is_wrong():
    profile = with_values(b4=9, b8=8, b15=7)  # 8 is within 12 Da of the peak at 6, as is 4
    scores = ip.recovery(profile, MZ, middle(6), tolerance=9.0, k=2)
    assert scores["precision@2"] == 0.5 and scores["recall@2"] == 1
    assert ip.recovery(with_values(b4=9, b8=8), MZ, middle(4, 8), tolerance=3.0, k=2)["per peak"] == 1


@given(st.lists(st.integers(0, 19), min_size=1, max_size=4, unique=True), st.integers(0, 10**6))
def test_a_perfect_profile_scores_one_and_signs_do_not_count(bins, seed):
    rng = np.random.default_rng(seed)
    profile = 0.1 * rng.random(20)
    profile[bins] = 1 + rng.random(len(bins))
    scores = ip.recovery(profile, MZ, middle(*bins), tolerance=1.0, k=len(bins))
    assert scores.tolist() == [1, 1, 1, 1]
    pd.testing.assert_series_equal(
        ip.recovery(profile * rng.choice([-1, 1], 20), MZ, middle(*bins), tolerance=1.0, k=len(bins)), scores
    )
    assert ip.found_peaks(profile, MZ, middle(*bins), tolerance=1.0, k=len(bins)).all()
    upside_down = ip.recovery(1 / profile, MZ, middle(*bins), tolerance=1.0, k=1)
    assert upside_down["precision@1"] == 0 and upside_down["per bin"] < 0.6


def test_the_tolerance_decides_what_belongs_to_a_peak():
    profile = with_values(b10=1)
    for far, tolerance in ((0, 1.0), (1, 3.0), (4, 12.0)):
        peak = middle(10) + 3 * far
        assert ip.recovery(profile, MZ, peak, tolerance=tolerance, k=1)["recall@1"] == 1
        if far:
            assert ip.recovery(profile, MZ, peak, tolerance=tolerance - 0.1, k=1)["recall@1"] == 0


@pytest.mark.parametrize("tolerance", [1.0, 3.0, 6.0, 12.0])
def test_the_middle_of_a_plateau_stands_for_all_of_it(tolerance):
    """As occlusion makes it, window beside window."""
    profile = np.repeat([1.0, 3, 2, 0.5], 5)
    for bin_ in range(20):
        found = ip.found_peaks(profile, MZ, middle(bin_), tolerance=tolerance, k=1)
        assert found == (abs(bin_ - 7) * 3 <= tolerance)


def test_a_wide_tolerance_leaves_few_candidates():
    scores = ip.recovery(np.arange(20.0), MZ, middle(3), tolerance=100.0, k=5)
    assert scores.tolist() == pytest.approx([1, 1, 1, 1])  # everything belongs to the peak, and there is one candidate


def test_chance_is_the_share_of_bins_that_belong_to_peaks():
    mz = axis(600)
    peaks = mz[[100, 200, 350, 480]] + 1.5
    floor = ip.random_recovery(mz, peaks, tolerance=12.0, k=20)
    assert list(floor.columns) == ["mean", "low", "high"]
    assert floor.index.tolist() == ["per bin", "per peak", "precision@20", "recall@20"]
    assert ((floor["low"] <= floor["mean"]) & (floor["mean"] <= floor["high"])).all()
    share = 4 * 9 / 600  # nine bins around each peak
    assert floor.loc["per bin", "mean"] == pytest.approx(share, abs=0.02)
    assert floor.loc["precision@20", "mean"] == pytest.approx(share, abs=0.02)
    assert floor.loc["recall@20", "mean"] == pytest.approx(20 * share / 4, abs=0.05)
    pd.testing.assert_frame_equal(floor, ip.random_recovery(mz, peaks, tolerance=12.0, k=20))
    wider = ip.random_recovery(mz, peaks, tolerance=30.0, k=20)
    assert wider.loc["per bin", "mean"] > 2 * floor.loc["per bin", "mean"]


def test_a_wide_bin_belongs_to_the_peaks_that_lie_in_it():
    mz = np.arange(2000, 3000, 60)
    found = ip.recovery(2.0 * (mz == 2360) + (mz == 2420), mz, [2361, 2479, 2601], k=2)
    assert found[["precision@2", "recall@2"]].tolist() == [1, pytest.approx(2 / 3)]


def test_peaks_at_any_distance():
    """Twelve far apart, then close ones: a candidate keeps all peaks within the tolerance from being one."""
    mz = np.append(2000 + 10.5 * np.arange(12), 2120 + 0.1 * np.arange(20) ** 2)
    profile = np.arange(32, 0, -1.0)  # the first before the second before ...
    assert ip.recovery(profile, mz, mz[[2, 12]], tolerance=10.0, k=3)["precision@3"] == pytest.approx(1 / 3)
    found = ip.found_peaks(profile, mz, mz[[0, 1, 31]], tolerance=10.0, k=2)
    assert found.tolist() == [True, True, False]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"tolerance": 0}, "tolerance is a distance in Da above 0, not 0"),
        ({"tolerance": -12.0}, "tolerance is a distance in Da above 0, not -12"),
        ({"tolerance": float("nan")}, "tolerance is a distance"),
        ({"tolerance": float("inf")}, "tolerance is a distance"),
        ({"tolerance": True}, "tolerance is a distance in Da above 0, not True"),
        ({"tolerance": np.True_}, "tolerance is a distance"),
        ({"tolerance": "12"}, "tolerance is a distance in Da above 0, not '12'"),
        ({"k": 0}, "k is a whole number of at least 1, not 0"),
        ({"k": 2.0}, "k is a whole number"),
        ({"k": True}, "k is a whole number"),
        ({"peaks": []}, "peaks is a list of positions in Da.*not empty"),
        ({"peaks": 2030.0}, "peaks is a list of positions"),
        ({"peaks": [2030, np.nan]}, "peaks is a list of positions in Da, all of them finite"),
        ({"peaks": [2030, 11109]}, r"the peak at 11109 Da lies farther than 12 Da from every bin \(2000-2057 Da\)"),
        ({"mz": MZ[::-1]}, "mz holds the lower edges of bins, or positions, rising"),
        ({"mz": MZ[:0]}, "mz holds the lower edges"),
        ({"mz": [MZ]}, r"mz holds the lower edges of bins, or positions, rising; its shape is \(1, 20\)"),
        ({"profile": np.zeros(19)}, r"profile holds one finite number for each of 20 bins; its shape is \(19,\)"),
        ({"profile": np.zeros((2, 20))}, r"its shape is \(2, 20\)"),
        ({"profile": 1.0}, "profile holds one finite number"),
        ({"profile": np.full(20, np.nan)}, "profile holds one finite number"),
        ({"n_draws": 5}, "n_draws is a whole number of at least 10"),
    ],
)
def test_bad_input_of_recovery(change, message):
    arguments = {"profile": np.arange(20.0), "mz": MZ, "peaks": [2030]} | change
    without = {name: value for name, value in arguments.items() if name != "profile"}
    if "n_draws" not in change:
        for function in (ip.recovery, ip.found_peaks):
            with pytest.raises(ValueError, match=message):
                function(**arguments)
    if "profile" not in change:
        with pytest.raises(ValueError, match=message):
            ip.random_recovery(**without)
