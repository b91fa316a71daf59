"""Labelled isolates of one's own: who trains, who is tested, and that the two never meet."""

import numpy as np
import pytest
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.naive_bayes import GaussianNB

from maldinb.transfer import local_curve

N = 240
Y = np.tile([1, 0, 0], N // 3)
BATCH = np.repeat(["Catania", "Milan", "Rome"], [60, 60, 120])
SIZES = (0, 6, 12)


def spectra(shared, seed=0):
    """One bin tells R from S; in Rome it is another one unless it is shared."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(N, 2))
    X[np.arange(N), np.where((BATCH == "Rome") & (not shared), 1, 0)] += 3 * Y
    return X


class Notes(ClassifierMixin, BaseEstimator):
    """Writes down the first column of what it is trained and tested on."""

    seen = []

    def fit(self, X, y):
        self.classes_, self.trained_ = np.unique(y), X[:, 0].astype(int)
        return self

    def predict_proba(self, X):
        self.seen.append((self.trained_, X[:, 0].astype(int)))
        return np.full((len(X), 2), 0.5)


@pytest.fixture
def noted():
    Notes.seen = []
    return Notes


def test_where_biology_is_local_own_isolates_beat_those_of_others():
    curve = local_curve(GaussianNB(), spectra(shared=False), Y, BATCH, sizes=SIZES, n_draws=4)
    rome = curve[curve["batch"] == "Rome"].set_index(["isolates", "trained on"])["auroc"]
    assert rome[0, "others"] < 0.7 and rome[12, "own"] > max(0.9, rome[12, "own and others"])


def test_where_it_is_shared_the_others_help():
    curve = local_curve(GaussianNB(), spectra(shared=True), Y, BATCH, sizes=SIZES, n_draws=4)
    means = curve.groupby(["isolates", "trained on"])["auroc"].mean()
    assert means[0, "others"] > 0.9 and means[6, "own and others"] > means[6, "own"]


def test_who_trains_and_who_is_tested(noted):
    isolate = np.arange(N) // 2  # pairs of spectra, some of both labels
    local_curve(noted(), np.arange(N)[:, None], Y, BATCH, isolate, sizes=SIZES, n_draws=3)
    for trained, tested in noted.seen:
        (here,) = set(BATCH[tested])
        assert not set(isolate[trained]) & set(isolate[tested])
        others = BATCH[trained] != here
        assert others.sum() in (0, (BATCH != here).sum())
        own = len(set(isolate[trained[~others]]))
        assert own in SIZES and (own or others.any())
    sets = {tuple(sorted(tested)) for _, tested in noted.seen}
    assert len(sets) == 9  # of three batches and draws: within a draw, all models answer the same questions


def test_labelled_isolates_have_the_share_of_r_of_their_batch_and_grow(noted):
    local_curve(noted(), np.arange(N)[:, None], Y, BATCH, sizes=SIZES, n_draws=1)
    own = [trained for trained, _ in noted.seen if set(BATCH[trained]) == {"Rome"}]
    assert [Y[rows].sum() for rows in own] == [2, 4] and set(own[0]) < set(own[1])


def test_an_isolate_that_others_have_as_well_does_not_train_for_them(noted):
    isolate = np.arange(N)
    isolate[0] = isolate[200]  # measured in Catania and in Rome
    local_curve(noted(), np.arange(N)[:, None], Y, BATCH, isolate, sizes=SIZES, n_draws=3)
    tests = [(trained, tested) for trained, tested in noted.seen if set(BATCH[tested]) == {"Rome"}]
    assert all(0 not in trained for trained, _ in tests)


def test_a_batch_is_tried_with_the_sizes_that_it_has_isolates_for():
    curve = local_curve(GaussianNB(), spectra(shared=True), Y, BATCH, sizes=(0, 12, 50), n_draws=2)
    assert curve.groupby("batch")["isolates"].max().to_dict() == {"Catania": 12, "Milan": 12, "Rome": 50}
    rome = curve[curve["batch"] == "Rome"]
    assert rome["R"].unique().tolist() == [23] and rome["S"].unique().tolist() == [47] and set(rome["draws"]) == {2}
    assert (curve["low"] <= curve["auroc"]).all() and (curve["auroc"] <= curve["high"]).all()


def test_the_seed_decides_the_draws():
    first, again, other = (
        local_curve(GaussianNB(), spectra(shared=False), Y, BATCH, sizes=SIZES, n_draws=2, random_state=seed)
        for seed in (0, 0, 1)
    )
    assert first.equals(again) and not first.equals(other)


@pytest.mark.parametrize("progress", [False, True])
def test_progress_is_shown_on_request_only(progress, capsys):
    local_curve(GaussianNB(), spectra(shared=True), Y, BATCH, sizes=SIZES, n_draws=1, progress=progress)
    err = capsys.readouterr().err
    assert ("models: 100%" in err and "15/15" in err) == progress and bool(err) == progress


@pytest.mark.parametrize(
    "changed, message",
    [
        ({"sizes": [0, 200]}, "no batch has enough isolates for any of the sizes 0, 200: 5 of each label"),
        ({"sizes": [20, 0]}, "rising order"),
        ({"sizes": [1]}, "0 or at least 2 each"),
        ({"batch": ["Rome"] * N}, "at least two batches, and there is Rome"),
        ({"batch": np.where(Y, "Rome", "Milan")}, r"outside Milan are resistant"),
        ({"X": np.zeros((3, 2))}, "X has 3 rows, but there are 240 labels"),
    ],
)
def test_what_cannot_be_done_is_said(changed, message):
    with pytest.raises(ValueError, match=message):
        local_curve(**{"estimator": GaussianNB(), "X": spectra(True), "y": Y, "batch": BATCH} | changed)
