"""Curves of a network for which one bin decides: gone at once without it, there at once with it."""

import numpy as np
import pandas as pd
import pytest
from networks import decided_by, frame, spectra, trained
from sklearn.metrics import roc_auc_score

from maldinb import interpretation as ip

FEW = np.arange(21) / 20  # of 60 bins, three more each


@pytest.fixture(scope="module", params=[False, True], ids=["raw", "standardized"])
def known(request):
    clf, y, _ = decided_by(spectra(), 22, standardize=request.param)
    return clf, spectra(), y, spectra().mean(axis=0)


def first(where):
    """A ranking with one bin before all others; its sign does not count."""
    ranking = np.linspace(1, 2, 60)
    ranking[where] = -9
    return ranking


def test_without_the_bin_that_decides_nothing_is_left(known):
    clf, X, y, filler = known
    curve = ip.perturbation_curve(ip.Opened(clf, X, baseline=filler), y, first(22), shares=FEW)
    assert list(curve.columns) == ["share", "bins", "auroc", "moved"]
    assert curve["bins"].tolist() == list(range(0, 61, 3)) and curve["share"].tolist() == FEW.tolist()
    assert curve.loc[0, "auroc"] == 1 and curve.loc[0, "moved"] == pytest.approx(0, abs=1e-5)
    assert (curve.loc[1:, "auroc"] == 0.5).all()
    assert curve.loc[1:, "moved"].min() > 0.1


def test_with_it_alone_everything_is_there(known):
    clf, X, y, filler = known
    curve = ip.perturbation_curve(ip.Opened(clf, X, baseline=filler), y, first(22), mode="insertion", shares=FEW)
    assert curve.loc[0, "auroc"] == 0.5 and (curve.loc[1:, "auroc"] == 1).all()
    assert curve.loc[1:, "moved"].max() < 1e-5 < curve.loc[0, "moved"]


def test_a_ranking_that_has_it_last_is_found_out(known):
    clf, X, y, filler = known
    ranking = np.ones(60)
    ranking[22] = 0
    deletion = ip.perturbation_curve(ip.Opened(clf, X, baseline=filler), y, ranking, shares=FEW)
    insertion = ip.perturbation_curve(ip.Opened(clf, X, baseline=filler), y, ranking, mode="insertion", shares=FEW)
    assert deletion["auroc"].tolist() == [1] * 20 + [0.5] and insertion["auroc"].tolist() == [0.5] * 20 + [1]
    best = ip.perturbation_curve(ip.Opened(clf, X, baseline=filler), y, first(22), shares=FEW)
    assert ip.area(best) == pytest.approx(0.5 + 0.5 * 0.5 / 20) and ip.area(deletion) == pytest.approx(1 - 0.25 / 20)


@pytest.mark.parametrize("options", [{}, {"standardize": True}, {"use_attention": False}])
@pytest.mark.parametrize("dress", [np.asarray, frame])
def test_it_is_the_score_of_the_filled_spectra(options, dress):
    clf, X, y, _ = trained(1, n=150, epochs=8, **options)
    clf.fit(dress(X[:80]), y[:80])
    X, y, filler = X[80:], y[80:], X[:80].mean(axis=0)
    ranking = np.random.default_rng(0).normal(size=30)
    order, plain = np.argsort(-np.abs(ranking)), clf.decision_function(dress(X))
    shares = (0, 0.1, 0.5, 1)
    for mode in ("deletion", "insertion"):
        curve = ip.perturbation_curve(ip.Opened(clf, dress(X), baseline=filler), y, ranking, mode=mode, shares=shares)
        for (_, row), n in zip(curve.iterrows(), (0, 3, 15, 30), strict=True):
            changed = X.copy()
            filled = order[:n] if mode == "deletion" else order[n:]
            changed[:, filled] = filler[filled]
            score = clf.decision_function(dress(changed))
            assert row["bins"] == n
            alike = np.round(score - score[0], 4)  # the network's own scores of equal spectra differ in the last bits
            assert row["auroc"] == pytest.approx(roc_auc_score(y, alike), abs=1e-3)
            assert row["moved"] == pytest.approx(np.abs(score - plain).mean(), abs=1e-5)
    assert curve["auroc"].iloc[-1] == pytest.approx(roc_auc_score(y, plain), abs=1e-3)  # all bins are there


def test_ends_of_the_curves(known):
    clf, X, y, filler = known
    for mode, ends in (("deletion", [1, 0.5]), ("insertion", [0.5, 1])):
        curve = ip.perturbation_curve(ip.Opened(clf, X, baseline=filler), y, np.arange(60), mode=mode)
        assert curve["auroc"].iloc[[0, -1]].tolist() == ends and curve["share"].iloc[[0, -1]].tolist() == [0, 1]


def test_one_spectrum_for_all_scores_like_a_coin():
    """Exactly 1/2, although the last bits of sums may differ from row to row."""
    for seed in range(5):
        clf, X, y, _ = trained(seed, n=150, n_bins=200, epochs=8, hidden_dim=33, standardize=True)
        for mode, end in (("deletion", -1), ("insertion", 0)):
            curve = ip.perturbation_curve(ip.Opened(clf, X, baseline=X.mean(axis=0)), y, np.arange(200), mode=mode)
            assert curve["auroc"].iloc[end] == 0.5


def test_areas():
    shares = [0, 0.1, 0.5, 1]
    constant = pd.DataFrame({"share": shares, "auroc": 0.7, "moved": 3.0})
    assert ip.area(constant) == pytest.approx(0.7) and ip.area(constant, "moved") == pytest.approx(3)
    rising = pd.DataFrame({"share": shares, "auroc": shares})
    assert ip.area(rising) == pytest.approx(0.5)
    assert ip.area(rising.iloc[:3]) == pytest.approx(0.25)  # the mean height over those shares
    for bad in (constant.iloc[:1], constant.iloc[::-1], constant.iloc[[0, 0, 1]]):
        with pytest.raises(ValueError, match="at least two shares, in rising order"):
            ip.area(bad)
    with pytest.raises(ValueError, match="value is one of 'auroc', 'moved', not 'bins'"):
        ip.area(constant, "bins")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"mode": "addition"}, "mode is one of 'deletion', 'insertion', not 'addition'"),
        ({"shares": [0, 1.5]}, "a share is a number from 0 to 1, not 1.5"),
        ({"shares": [-0.1]}, "a share is a number"),
        ({"shares": [float("nan")]}, "a share is a number"),
        ({"shares": [True]}, "a share is a number"),
        ({"y": np.zeros(100)}, "all 100 spectra are susceptible"),
        ({"y": np.arange(99) % 2}, "there are 100 spectra and 99 labels"),
        ({"ranking": np.arange(59)}, r"ranking .* of 60 bins; its shape is \(59,\)"),
        ({"ranking": np.full(60, np.nan)}, "ranking holds one finite number for each of 60 bins"),
    ],
)
def test_bad_input_of_the_curves(change, message):
    clf, y, _ = decided_by(spectra(), 22)
    arguments = {"opened": ip.Opened(clf, spectra()), "y": y, "ranking": np.arange(60)}
    with pytest.raises(ValueError, match=message):
        ip.perturbation_curve(**arguments | change)


def test_a_contrast_is_a_mean_difference():
    clf, X, y, _ = trained(3)
    opened = ip.Opened(clf, X)
    parts = ip.integrated_gradients(opened, tolerance=0.01)
    assert np.allclose(ip.class_contrast(opened, y), parts[y == 1].mean(axis=0) - parts[y == 0].mean(axis=0))
