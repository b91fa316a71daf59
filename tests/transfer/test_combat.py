"""ComBat is what its authors wrote down, and behaves as it should where that says nothing."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from maldinb import transfer


def problem(seed=0, sizes=(12, 20, 31), n_bins=15):
    rng = np.random.default_rng(seed)
    batch = np.repeat([f"city {i}" for i in range(len(sizes))], sizes)
    place = 0.5 * rng.normal(size=(len(sizes), n_bins)) + rng.normal(size=(len(sizes), 1))
    spread = rng.gamma(9, 1 / 9, size=(len(sizes), n_bins))
    code = np.repeat(range(len(sizes)), sizes)
    X = (
        5
        + rng.normal(size=n_bins)
        + rng.uniform(1, 3, n_bins) * (place[code] + spread[code] * rng.normal(size=(len(batch), n_bins)))
    )
    return X, batch


def corrected(X, batch, **options):
    return transfer.ComBat(**options).fit(X, batch).transform(X, batch)


def plain(X, batch, y=None):
    """Johnson, Li and Rabinovic 2007, section 3, bin by bin and spectrum by spectrum; labels as in their design."""
    names, n = sorted(set(batch)), len(X)
    labels = np.zeros(n) if y is None else np.asarray(y, float)
    design = np.array([[float(b == name) for name in names] for b in batch])
    if y is not None:
        design = np.column_stack([design, labels])
    result, standard, mean, deviation = X.copy(), X.copy(), X.copy(), np.empty(X.shape[1])
    for g in range(X.shape[1]):
        beta = np.linalg.lstsq(design, X[:, g], rcond=None)[0]
        overall = sum(np.mean(batch == name) * beta[i] for i, name in enumerate(names))
        mean[:, g] = overall + (labels * beta[-1] if y is not None else 0)
        deviation[g] = np.sqrt(((X[:, g] - design @ beta) ** 2).sum() / (n - len(names)))
        standard[:, g] = (X[:, g] - mean[:, g]) / deviation[g]
    for name in names:
        Z = standard[batch == name]
        gamma_hat = [np.mean(z) for z in Z.T]
        delta_hat = [np.var(z, ddof=1) for z in Z.T]
        gamma_bar, tau2 = np.mean(gamma_hat), np.var(gamma_hat, ddof=1)
        v, s2 = np.mean(delta_hat), np.var(delta_hat, ddof=1)
        shape, rate = (v**2 + 2 * s2) / s2, (v**3 + v * s2) / s2
        for g, z in enumerate(Z.T):
            delta = delta_hat[g]
            for _ in range(1000):
                gamma = (len(z) * tau2 * gamma_hat[g] + delta * gamma_bar) / (len(z) * tau2 + delta)
                delta = (rate + sum((z - gamma) ** 2) / 2) / (len(z) / 2 + shape - 1)
            result[batch == name, g] = deviation[g] / np.sqrt(delta) * (z - gamma) + mean[batch == name, g]
    return result


@pytest.mark.parametrize("seed", range(3))
def test_it_is_the_published_computation(seed):
    X, batch = problem(seed)
    assert np.allclose(corrected(X, batch), plain(X, batch), rtol=0, atol=1e-6)
    y = np.random.default_rng(seed).integers(0, 2, len(batch))
    assert np.allclose(transfer.combat_that_sees_labels(X, batch, y), plain(X, batch, y), rtol=0, atol=1e-6)


def test_by_hand():
    """Two bins, means of 1 and 3 and variances of 1 in a batch of 4: the prior of means is about 2, with variance 2."""
    pattern = np.array([-1.0, -1, 1, 1]) * np.sqrt(3) / 2
    location, variance = transfer.combat.shrink(np.column_stack([1 + pattern, 3 + pattern]))
    assert np.allclose(location, [(8 * 1 + 2) / 9, (8 * 3 + 2) / 9]) and np.allclose(variance, 1)


def test_many_spectra_leave_nothing_between_batches():
    gaps = []
    for n in (20, 200, 2000):
        X, batch = problem(sizes=(n, 2 * n))
        Z = corrected(X, batch)
        first, second = (Z[batch == name] for name in ("city 0", "city 1"))
        gaps.append(np.abs(first.mean(axis=0) - second.mean(axis=0)).max() / X.std(axis=0).mean())
    assert gaps[0] > 5 * gaps[1] > 25 * gaps[2] and gaps[2] < 0.01
    assert np.allclose(first.std(axis=0), second.std(axis=0), rtol=0.02)


def test_few_spectra_are_shrunk_towards_all_bins():
    X, batch = problem(sizes=(3, 200), n_bins=100)
    correction = transfer.ComBat().fit(X, batch)
    few = batch == "city 0"
    seen = ((X[few] - correction.mean_) / correction.deviation_).mean(axis=0)
    location, scale = correction.batches_["city 0"]
    assert 0.05 < np.std(location) / np.std(seen) < 0.95
    assert np.all(np.abs(location - seen.mean()) <= np.abs(seen - seen.mean()) + 1e-12)
    raw = X[few].std(axis=0, ddof=1) / correction.deviation_
    assert np.std(scale) < 0.5 * np.std(raw)


@given(st.integers(0, 2**32 - 1))
def test_one_batch_is_left_as_it_is(seed):
    X, batch = problem(seed, sizes=(7,))
    assert np.allclose(corrected(X, batch), X, rtol=0, atol=1e-9)
    assert np.allclose(corrected(X, batch, scale=False), X, rtol=0, atol=1e-9)


@given(st.integers(0, 2**32 - 1), st.sampled_from([1e-9, 3e-5, 1e6]))
def test_the_unit_of_intensity_does_not_matter(seed, unit):
    """Bins of spectra that sum to 1 have variances of about 1e-9."""
    X, batch = problem(seed)
    assert np.allclose(corrected(unit * X, batch) / unit, corrected(X, batch), rtol=1e-7)


def test_bins_that_are_constant_within_batches_get_the_mean_of_all_and_no_say():
    X, batch = problem()
    constant = np.select([batch == "city 0", batch == "city 1"], [1.0, 2.0], 4.0)
    Z = corrected(np.column_stack([X, constant, np.full(len(X), 0.1)]), batch)
    assert np.allclose(Z[:, :-2], corrected(X, batch))
    assert np.allclose(Z[:, -2], constant.mean()) and np.allclose(Z[:, -1], 0.1)
    assert np.allclose(corrected(constant[:, None], batch), constant.mean())


def test_a_bin_alone_is_centred_and_scaled():
    X, batch = problem(n_bins=1)
    Z = corrected(X, batch)
    assert all(np.isclose(Z[batch == name].mean(), X.mean()) for name in set(batch))
    assert np.ptp([Z[batch == name].std(ddof=1) for name in set(batch)]) < 0.1 * X.std()


def test_equal_spectra_of_a_batch_are_moved_and_not_scaled():
    X, batch = problem()
    X[batch == "city 0"] = X[0]
    Z = corrected(X, batch)
    assert np.isfinite(Z).all() and np.ptp(Z[batch == "city 0"], axis=0).max() < 1e-9
