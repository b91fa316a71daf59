"""The four numbers of a cure, on spectra whose cure is known."""

import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from maldinb import evaluation
from maldinb.interpretation import recovery
from maldinb.transfer import Augmented, BatchScaler, batch_told, judge

MZ = 2000 + 3 * np.arange(100)
PEAKS = [2061.5, 2181.5]  # bins 20 and 60
BATCH = np.repeat(["Catania", "Milan", "Rome"], 40)
Y = np.tile([0, 1], 60)
MODEL = make_pipeline(StandardScaler(), LogisticRegression(C=0.01))


def spectra(offset, seed=0):
    """Two planted peaks, and an offset of Rome in the bins that hold one of them and its neighbours."""
    X = np.random.default_rng(seed).normal(size=(120, 100))
    X[:, [20, 60]] += 2 * Y[:, None]
    X[BATCH == "Rome", 15:25] += offset
    return X


def numbers(offset=0, model=MODEL, **options):
    return judge(model, spectra(offset), Y, BATCH, mz=MZ, peaks=PEAKS, **options)["value"]


def test_a_correction_that_fits_the_cause_makes_the_batch_unreadable_and_keeps_the_rest():
    broken, cured = numbers(offset=6), numbers(offset=6, correction=BatchScaler())
    assert broken["batch told"] > cured["batch told"] + 0.2
    assert cured["left out"] > 0.85 and cured["within"] > 0.85 and cured["recovery"] > 0.8


def test_each_is_what_its_room_says():
    X, (train, test) = spectra(2), (np.flatnonzero(BATCH != "Rome"), np.flatnonzero(BATCH == "Rome"))
    table = judge(MODEL, X, Y, BATCH, mz=MZ, peaks=PEAKS)
    abroad = evaluation.leave_one_batch_out_table(MODEL, X, Y, BATCH)
    assert table.loc["left out", "value"] == pytest.approx(abroad["auroc"].mean())
    one = evaluation.auroc_with_interval(Y[test], MODEL.fit(X[train], Y[train]).predict_proba(X[test])[:, 1])
    assert abroad["auroc"].iloc[-1] == pytest.approx(one.value)
    assert table.loc["left out", "low"] > abroad["low"].min() and table.loc["left out", "high"] < abroad["high"].max()
    score = evaluation.out_of_fold_scores(MODEL, X, Y, evaluation.stratified_splits(Y, BATCH))
    assert table.loc["within"].tolist() == pytest.approx(list(evaluation.within_batch_interval(Y, score, BATCH)))
    assert table.loc["batch told", "value"] == batch_told(X, BATCH).balanced_accuracy
    summed = np.convolve(MODEL.fit(X, Y)[-1].coef_[0], np.ones(5), "same")  # over 15 Da
    assert table.loc["recovery", "value"] == pytest.approx(recovery(summed, MZ, PEAKS)["per peak"])
    assert table.loc[["batch told", "recovery"], ["low", "high"]].isna().all(axis=None)


def test_the_interval_of_the_mean_is_narrower_than_those_of_batches():
    """Where each of k batches has the same variance, that of their mean is k times less."""
    from maldinb.transfer.judging import mean_over_batches

    abroad = evaluation.leave_one_batch_out_table(MODEL, spectra(0), Y, BATCH)
    same = abroad.assign(**abroad.iloc[0][["auroc", "low", "high"]])
    value, low, high = mean_over_batches(same)
    assert value == pytest.approx(same["auroc"].iloc[0])
    wide = same["high"].iloc[0] - same["low"].iloc[0]
    assert high - low == pytest.approx(wide / np.sqrt(3), rel=0.15)
    alone = mean_over_batches(same.iloc[:1])
    assert alone == pytest.approx(same.iloc[0][["auroc", "low", "high"]].astype(float).tolist())
    assert np.isnan(mean_over_batches(same.assign(low=np.nan))[1])


@pytest.mark.parametrize(
    "model", [Augmented(MODEL, shift_ppm=0, copies=1, random_state=0), RandomForestClassifier(50, random_state=0)]
)
def test_a_map_is_found_in_what_wraps_a_model_and_in_importances(model):
    assert numbers(model=model)["recovery"] > 0.8


def test_a_model_that_asks_for_the_names_of_bins_gets_them():
    """A shift along m/z, which the columns of a DataFrame tell."""
    X = pd.DataFrame(spectra(0), columns=MZ.astype(str))
    model = Augmented(MODEL, shift_ppm=300, copies=1, random_state=0)
    assert judge(model, X, Y, BATCH, mz=MZ, peaks=PEAKS).loc["recovery", "value"] > 0.8
    corrected = judge(model, X, Y, BATCH, mz=MZ, peaks=PEAKS, correction=BatchScaler())
    assert corrected.loc["recovery", "value"] > 0.8


def test_without_truth_or_map_nothing_is_recovered():
    assert np.isnan(numbers(model=GaussianNB())["recovery"])
    assert np.isnan(judge(MODEL, spectra(0), Y, BATCH, mz=MZ).loc["recovery", "value"])
    assert np.isnan(judge(MODEL, spectra(0), Y, BATCH, peaks=PEAKS).loc["recovery", "value"])


def test_wide_bins_have_a_map_as_well():
    table = judge(MODEL, spectra(0), Y, BATCH, mz=2000 + 50 * np.arange(100), peaks=[3030, 5020])
    assert table.loc["recovery", "value"] > 0.8
