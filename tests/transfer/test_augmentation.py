"""Copies are altered as asked, keep the label of their spectrum, and are made of training spectra only."""

import numpy as np
import pandas as pd
import pytest
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.linear_model import LogisticRegression, RidgeClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

from maldinb import evaluation as ev
from maldinb.preprocessing import bin_edges
from maldinb.transfer import Augmented
from maldinb.transfer.augmentation import shifted

NOTHING = {"shift_ppm": 0, "jitter": 0, "noise": 0}
MZ = bin_edges()[:-1]


class Recorder(ClassifierMixin, BaseEstimator):
    """Keeps what it was trained on, and says how many classes there are."""

    given = []

    def fit(self, X, y):
        self.given.append((X, y))
        self.classes_ = np.unique(y)
        return self

    def predict_proba(self, X):
        self.given.append((X, None))
        return np.full((len(X), len(self.classes_)), 1 / len(self.classes_))


@pytest.fixture(autouse=True)
def given():
    Recorder.given.clear()
    return Recorder.given


def peaks(n=3):
    """Spectra with one peak each, as a table of 6000 bins."""
    middle = MZ + 1.5
    centre = np.linspace(4000, 15000, n)[:, None]
    return pd.DataFrame(np.exp(-((middle - centre) ** 2) / 2 / 12**2), columns=[f"{mz:g}" for mz in MZ]), centre[:, 0]


def trained_on(X, y, **options):
    Augmented(Recorder(), **options).fit(X, y)
    return Recorder.given[-1]


@parametrize_with_checks([Augmented(LogisticRegression(), shift_ppm=0, copies=2, random_state=0)])
def test_scikit_learns_own_checks(estimator, check):
    check(estimator)


def test_without_changes_copies_are_repeats_and_without_copies_all_is_as_before():
    X, _ = peaks()
    many, labels = trained_on(X, list("SRS"), copies=2, **NOTHING)
    assert many.equals(pd.concat([X] * 3, ignore_index=True)) and labels.tolist() == list("SRSSRSSRS")
    once, labels = trained_on(X, list("SRS"), copies=0)
    assert once.equals(X) and labels.tolist() == list("SRS")


def test_peaks_move_in_proportion_to_their_mz_and_no_further_than_asked():
    X, centre = peaks()
    many, _ = trained_on(X, [0, 1, 0], copies=200, shift_ppm=2000, jitter=0, noise=0, random_state=0)
    rows = many.to_numpy()
    found = rows @ (MZ + 1.5) / rows.sum(axis=1)
    ppm = (found / np.tile(centre, 201) - 1) * 1e6
    assert np.abs(ppm[:3]).max() < 1 and np.abs(ppm).max() < 2000 + 20
    of_each = ppm[3:].reshape(200, 3)
    assert (of_each.max(axis=0) > 1900).all() and (of_each.min(axis=0) < -1900).all()  # in bins: 3 at 4000, 10 at 15000
    assert np.abs(np.corrcoef(of_each.T) - np.eye(3)).max() < 0.25  # each spectrum has a shift of its own
    assert np.allclose(rows.sum(axis=1), rows[0].sum(), rtol=0.01)


def test_a_shift_of_nothing_and_of_one_bin():
    rows, middle = np.random.default_rng(0).random((2, 50)), 3000.0 + 3 * np.arange(50)
    assert np.allclose(shifted(rows, middle, np.zeros(2)), rows)
    one = shifted(rows, middle, np.array([1000.0, -1000.0]))  # 3 Da at m/z 3000
    assert np.allclose(one[0, 1], rows[0, 0], atol=0.01) and np.allclose(one[1, 0], rows[1, 1], atol=0.01)


def test_jitter_and_noise_are_as_large_as_asked():
    rng = np.random.default_rng(1)
    X, y = rng.uniform(1, 2, size=(20, 500)), np.arange(20) % 2
    copies = trained_on(X, y, copies=1, shift_ppm=0, jitter=0.3, noise=0, random_state=0)[0][20:]
    assert np.std(np.log(copies / X)) == pytest.approx(0.3, rel=0.03) and abs(np.mean(np.log(copies / X))) < 0.01
    copies = trained_on(X + 10, y, copies=1, shift_ppm=0, jitter=0, noise=0.01, random_state=0)[0][20:]
    assert np.std(copies - X - 10) == pytest.approx(0.115, rel=0.1)
    copies = trained_on(np.abs(rng.normal(size=(20, 500))), y, copies=1, shift_ppm=0, jitter=0, noise=5)[0][20:]
    assert copies.min() == 0 and trained_on(X - 1.5, y, copies=1, **NOTHING | {"noise": 5})[0].min() < -1


def test_only_training_spectra_are_copied_and_test_spectra_stay_as_they_are(given):
    X, y = peaks(20)[0], np.arange(20) % 2
    splits = ev.stratified_splits(y, ["Rome"] * 20)
    ev.out_of_fold_scores(Augmented(Recorder(), copies=2, random_state=0), X, y, splits)
    assert len(given) == 10
    for (train, test), (many, labels), (tested, _) in zip(splits, given[::2], given[1::2], strict=True):
        assert np.array_equal(many.iloc[: len(train)], X.iloc[train]) and np.array_equal(labels, np.tile(y[train], 3))
        assert tested.equals(X.iloc[test])
        nearest = (many.to_numpy() @ X.to_numpy().T).argmax(axis=1)  # whose peak it is
        assert np.array_equal(nearest, np.tile(train, 3))


def test_it_repeats_with_the_seed():
    rng = np.random.default_rng(0)
    X, y = (
        pd.DataFrame(rng.normal(size=(30, 40)), columns=2000 + 3 * np.arange(40)).rename(columns=str),
        rng.permutation(np.arange(30) % 2),
    )
    first, again, other = (
        clone(Augmented(LogisticRegression(), random_state=seed)).fit(X, y).predict_proba(X) for seed in (0, 0, 1)
    )
    assert np.array_equal(first, again) and not np.array_equal(first, other)


def test_it_is_a_classifier():
    X, _ = peaks(4)
    model = Augmented(make_pipeline(StandardScaler(), LogisticRegression()), random_state=0).fit(X, list("SRSR"))
    assert model.classes_.tolist() == ["R", "S"] and model.predict_proba(X).shape == (4, 2)
    assert model.score(X, list("SRSR")) == 1 and not hasattr(model.estimator, "classes_")
    assert not hasattr(Augmented(RidgeClassifier()), "predict_proba")


def test_where_bins_lie_is_read_or_given_or_asked_for():
    X, _ = peaks()
    named, _ = trained_on(X, [0, 1, 0], random_state=0)
    given, _ = trained_on(X.to_numpy(), [0, 1, 0], mz=MZ, random_state=0)
    assert np.array_equal(named, given)
    for columns in (X.to_numpy(), X.rename(columns=lambda name: f"bin {name}")):
        with pytest.raises(ValueError, match="takes the m/z of their bins.*set shift_ppm=0"):
            Augmented(Recorder()).fit(columns, [0, 1, 0])
    with pytest.raises(ValueError, match="X has 6000 columns with 10 m/z of one width"):
        Augmented(Recorder(), mz=MZ[:10]).fit(X.to_numpy(), [0, 1, 0])
    with pytest.raises(ValueError, match="with 4 m/z of none"):
        Augmented(Recorder(), mz=[2000, 2100, 2900, 3500]).fit(X.to_numpy()[:, :4], [0, 1, 0])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"shift_ppm": -1}, "shift_ppm is a number from 0 to 100000, not -1"),
        ({"jitter": "much"}, "jitter is a number from 0 to 10, not 'much'"),
        ({"noise": np.nan}, "noise is a number from 0 to 100, not nan"),
        ({"copies": 1.5}, "copies is a whole number of at least 0, not 1.5"),
    ],
)
def test_options_out_of_range(options, message):
    with pytest.raises(ValueError, match=message):
        Augmented(Recorder(), **options).fit(peaks()[0], [0, 1, 0])
