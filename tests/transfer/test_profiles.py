"""Profiles of two batches agree where resistance shows in the same bins, and only there."""

import numpy as np
import pytest

from maldinb.transfer import effect_profiles, profile_agreement

MZ = np.arange(2000, 2000 + 20 * 60, 20)


def world(*, shared, n=(120, 60), effect=1.0, seed=0):
    """Two batches, each with ten of sixty bins that are higher in R: the same ones, or others."""
    rng = np.random.default_rng(seed)
    batch = np.repeat(["Milan", "Rome"], n)
    y = rng.permutation(np.arange(sum(n)) % 2)
    X = rng.normal(size=(sum(n), 60)) * np.geomspace(1, 100, 60) + 1000
    for name, first in (("Milan", 0), ("Rome", 0 if shared else 30)):
        rows = (batch == name) & (y == 1)
        X[np.ix_(rows, range(first, first + 30, 3))] += effect * np.geomspace(1, 100, 60)[first : first + 30 : 3]
    return X, y, batch


def pair(table):
    return table.set_index(["batch", "other"]).loc[("Milan", "Rome")]


@pytest.mark.parametrize("seed", range(3))
def test_shared_bins_agree_as_halves_do_and_local_ones_do_not(seed):
    shared = pair(profile_agreement(*world(shared=True, seed=seed)))
    local = pair(profile_agreement(*world(shared=False, seed=seed)))
    assert shared["low"] > 0 and 0.75 < shared["of ceiling"] < 1.3
    assert local["correlation"] < 0.1 and local["high"] < shared["low"] and local["of ceiling"] < 0.2


def test_the_ceiling_makes_up_for_few_isolates():
    """The same peaks, but a batch of few: r falls, and so does what r could be."""
    many, few = (pair(profile_agreement(*world(shared=True, n=(400, n), effect=0.7))) for n in (400, 40))
    assert few["correlation"] < many["correlation"] - 0.1 and few["other R"] < 15 < many["other R"]
    assert few["of ceiling"] == pytest.approx(many["of ceiling"], abs=0.3)


def test_a_pair_is_compared_by_halves_as_a_batch_with_itself_is():
    X, y, batch = world(shared=True)
    table = profile_agreement(X, y, batch).set_index(["batch", "other"])
    itself = table.loc[("Milan", "Milan")]
    assert itself["ceiling"] == pytest.approx(itself["correlation"]) and itself["of ceiling"] == pytest.approx(1)
    counts = [(y[batch == name] == label).sum() // 2 for name in ("Milan", "Rome") for label in (1, 0)]
    assert table.loc[("Milan", "Rome"), ["R", "S", "other R", "other S"]].tolist() == counts


def test_repeats_stay_in_one_half():
    """Each spectrum twice, without an effect: if copies fell into both halves, noise would agree with itself."""
    rng = np.random.default_rng(0)
    X, y = np.repeat(rng.normal(size=(80, 300)), 2, axis=0), np.repeat(np.arange(80) % 2, 2)
    batch = np.repeat(["a", "b"], 80)
    known = profile_agreement(X, y, batch, isolate=np.repeat(np.arange(80), 2))
    ignored = profile_agreement(X, y, batch)
    same = known["batch"] == known["other"]
    assert known.loc[same, "correlation"].max() < 0.1 and known["R"].tolist() == [10] * 3
    assert ignored.loc[same, "correlation"].min() > 0.2
    assert known["ceiling"].isna().all()  # what does not agree with itself is no ceiling


def test_profiles_are_in_standard_deviations_within_labels():
    X, y, batch = world(shared=False, n=(2000, 2000))
    profiles = effect_profiles(X, y, batch, mz=MZ, window=20)
    assert profiles.index.tolist() == MZ.tolist() and list(profiles) == ["Milan", "Rome"]
    expected = {"Milan": range(0, 30, 3), "Rome": range(30, 60, 3)}
    for name, bins in expected.items():
        inside = np.isin(np.arange(60), bins)
        assert profiles[name][inside].between(0.8, 1.2).all() and profiles[name][~inside].abs().max() < 0.2


def test_intensity_is_summed_over_a_peak_and_the_heavy_end_is_left_out():
    X, y, batch = world(shared=True)
    assert effect_profiles(X, y, batch, mz=MZ, window=20, below=2500).shape == (25, 2)
    wide = effect_profiles(X, y, batch, mz=MZ, window=60)["Milan"]
    summed = np.column_stack([X[:, i - 1 : i + 2].sum(axis=1) for i in range(1, 59)])
    assert np.allclose(wide.iloc[1:-1], effect_profiles(summed, y, batch)["Milan"])
    with pytest.raises(ValueError, match="below 2000 Da there is no profile .* begin at 2000 Da"):
        profile_agreement(X, y, batch, mz=MZ, window=20, below=2000)


def test_bins_may_be_wider_than_a_peak():
    rng, y = np.random.default_rng(0), np.arange(60) % 2
    X = rng.normal(size=(60, 5)) + y[:, None] * [0, 5, 0, 0, 0]
    asked = (X, y, ["all"] * 60, None, 2000 + 24.0 * np.arange(5))
    assert effect_profiles(*asked).equals(effect_profiles(*asked, window=24.0))


def test_batches_of_few_isolates_are_left_out():
    X, y, batch = world(shared=True)
    batch = np.where(np.arange(len(y)) < 5, "Bari", batch)
    assert set(profile_agreement(X, y, batch)["batch"]) == {"Milan", "Rome"}
    with pytest.raises(ValueError, match="only Milan has 4 isolates of each label"):
        profile_agreement(X[:123], y[:123], batch[:123])
    with pytest.raises(ValueError, match="no batch has 4 isolates of each label"):
        effect_profiles(X[:6], y[:6], batch[:6])
    with pytest.raises(ValueError, match=r"one row for each of 180 labels; it is \(180,\)"):
        profile_agreement(X[:, 0], y, batch)
