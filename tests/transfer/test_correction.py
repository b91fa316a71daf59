"""After a correction the batches look alike, and a new batch is corrected by its own spectra."""

import inspect

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import rankdata
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from maldinb import transfer

CORRECTIONS = [
    transfer.BatchScaler(),
    transfer.BatchScaler(scale=False),
    transfer.BatchScaler(center=False),
    transfer.BatchRanks(),
    transfer.ComBat(),
    transfer.ComBat(scale=False),
]
each_correction = pytest.mark.parametrize("correction", CORRECTIONS, ids=repr)


def spectra(n=60, n_bins=8, seed=0):
    """Two cities, each with its own place and spread in every bin."""
    rng = np.random.default_rng(seed)
    city = rng.permutation(np.repeat(["Milan", "Rome"], [n // 3, n - n // 3]))
    place, spread = rng.normal(size=(2, n_bins)), rng.uniform(0.5, 2, size=(2, n_bins))
    code = (city == "Rome").astype(int)
    return pd.DataFrame(place[code] + spread[code] * rng.normal(size=(n, n_bins))).add_prefix("bin "), city


def corrected(correction, X, batch):
    return correction.fit(X, batch).transform(X, batch)


def test_scaled_batches_have_one_mean_and_one_spread():
    X, city = spectra()
    by_city = corrected(transfer.BatchScaler(), X, city).groupby(city)
    assert np.allclose(by_city.mean(), 0) and np.allclose(by_city.std(ddof=0), 1)
    centred = corrected(transfer.BatchScaler(scale=False), X, city).groupby(city)
    assert np.allclose(centred.mean(), 0) and np.allclose(centred.std(), X.groupby(city).std())
    scaled = corrected(transfer.BatchScaler(center=False), X, city)
    assert np.allclose(scaled, X / X.groupby(city).transform("std", ddof=0))


def test_ranks_are_those_of_the_batch():
    X, city = spectra()
    X = X.round()  # ties
    ranks = corrected(transfer.BatchRanks(), X, city)
    for name in ("Milan", "Rome"):
        here = city == name
        assert np.allclose(ranks[here], (rankdata(X[here], axis=0) - 0.5) / here.sum())
    assert np.array_equal(ranks, corrected(transfer.BatchRanks(), np.exp(X), city))
    outside = transfer.BatchRanks().fit(X.to_numpy(), city).transform(np.full((2, 8), [[-99], [99]]), city[:2])
    assert (outside == [[0], [1]]).all()


@each_correction
def test_the_order_of_rows_and_the_names_of_batches_do_not_matter(correction):
    X, city = spectra()
    expected, order = corrected(correction, X, city), np.random.default_rng(1).permutation(len(X))
    assert np.allclose(corrected(correction, X.iloc[order], city[order]), expected.iloc[order])
    assert np.allclose(corrected(correction, X, np.where(city == "Rome", "A", "Z")), expected)


@each_correction
def test_a_frame_stays_one_and_an_array_gives_the_same(correction):
    X, city = spectra()
    frame = corrected(correction, X, pd.Series(city))
    assert frame.index.equals(X.index) and frame.columns.equals(X.columns)
    before = X.to_numpy().copy()
    assert np.allclose(corrected(correction, before, list(city)), frame) and np.array_equal(before, X)


@each_correction
def test_a_known_batch_is_corrected_by_what_was_learned_of_it(correction):
    X, city = spectra()
    together = corrected(correction, X, city)
    assert np.allclose(correction.transform(X.iloc[[5]], city[[5]]), together.iloc[[5]])


@each_correction
def test_a_new_batch_is_corrected_by_its_own_spectra_and_not_by_too_few(correction):
    X, city = spectra()
    rome = city == "Rome"
    fitted = clone(correction).fit(X[~rome], city[~rome])
    assert fitted.needs_new_spectra
    both = fitted.transform(X, city)
    assert np.allclose(both[rome], fitted.transform(X[rome], city[rome]))
    if correction.get_params().get("center", True):  # at one place with Milan now, and before by chance only
        gap = (both[rome].mean() - both[~rome].mean()).abs().mean()
        assert gap < 0.2 < (X[rome].mean() - X[~rome].mean()).abs().mean()
    with pytest.raises(ValueError, match=r"Rome is a new batch, which takes at least 10 spectra .* there are 9; bring"):
        fitted.transform(X[rome].iloc[:9], city[rome][:9])
    fitted.set_params(min_new=2).transform(X[rome].iloc[:2], city[rome][:2])


@each_correction
def test_single_spectra_and_constant_bins_stay_finite(correction):
    X, city = spectra()
    X["bin 0"] = 0.1  # everywhere
    X.loc[city == "Rome", "bin 1"] = 0.1  # in one city
    X["bin 2"] = np.where(city == "Rome", 0.1, 0.7)  # within each
    city[0] = "Bari"  # the only one
    result = corrected(correction, X, city)
    assert np.isfinite(result).all(axis=None) and result.abs().max(axis=None) < 100
    assert np.allclose(result["bin 0"], result["bin 0"].iloc[0])


@each_correction
def test_manners(correction):
    X, city = spectra()
    fresh = clone(correction)
    assert fresh.get_params() == correction.get_params() and not hasattr(fresh, "batches_")
    with pytest.raises(NotFittedError):
        fresh.transform(X, city)
    with pytest.raises(ValueError, match="1 spectra have no batch"):
        fresh.fit(X, [None, *city[1:]])
    with pytest.raises(ValueError, match=r"batch has shape \(3,\), but there are 60 spectra"):
        fresh.fit(X, city[:3])
    with pytest.raises(ValueError, match="NaN"):
        fresh.fit(X.mask(X > 1), city)
    with pytest.raises(ValueError, match="min_new is a whole number of at least 2, not 1"):
        clone(correction).set_params(min_new=1).fit(X, city)
    fresh.fit(X, city)
    with pytest.raises(ValueError, match="feature names should match"):
        fresh.transform(X.rename(columns={"bin 3": "another"}), city)
    with pytest.raises(ValueError, match="expecting 8 features"):
        clone(correction).fit(X.to_numpy(), city).transform(X.to_numpy()[:, :5], city)


@each_correction
def test_there_is_no_place_for_labels(correction):
    for method in (correction.fit, correction.transform):
        assert list(inspect.signature(method).parameters) == ["X", "batch"]
    X, city = spectra()
    y = (city == "Rome").astype(int)
    with pytest.raises(TypeError):  # a pipeline would hand labels on as batches
        make_pipeline(clone(correction), LogisticRegression()).fit(X, y)


@given(st.integers(0, 2**32 - 1), st.sampled_from(CORRECTIONS[:4]))
def test_shift_and_gain_of_a_hospital_vanish(seed, correction):
    """ComBat shrinks, and so does that for many spectra only."""
    X, city = spectra(seed=seed, n_bins=3)
    rome, rng = (city == "Rome")[:, None], np.random.default_rng(seed)
    options = correction.get_params()
    shift = rng.normal(size=3) if options.get("center", True) else 0
    gain = rng.uniform(0.1, 10, 3) if options.get("scale", True) else 1
    assert np.allclose(corrected(correction, np.where(rome, gain * X + shift, X), city), corrected(correction, X, city))
