"""A correction that sees labels tells them, even where they mean nothing."""

import numpy as np
import pandas as pd
import pytest

from maldinb import evaluation as ev
from maldinb import transfer


def noise(seed=0):
    """Spectra that know nothing of the label, from two hospitals that differ, in their shares of R as well."""
    rng = np.random.default_rng(seed)
    batch = np.repeat(["Milan", "Rome"], [60, 90])
    rome = batch == "Rome"
    y = (rng.random(150) < np.where(rome, 0.7, 0.25)).astype(int)
    return pd.DataFrame(rng.normal(size=(150, 400)) + np.outer(rome, rng.normal(size=400))), y, batch


def score_within(X, y, batch, correction=None):
    splits, model = ev.stratified_splits(y, batch), ev.baselines()["logistic regression"]
    score = ev.out_of_fold_scores(model, X, y, splits, correction=correction, batch=batch)
    return ev.within_batch_auroc(y, score, batch)[0]


def test_labels_without_meaning_are_told_after_it_and_not_after_an_honest_correction():
    honest, seen, seen_by_means = [], [], []
    for X, y, batch in map(noise, range(3)):
        honest.append(score_within(X, y, batch, transfer.ComBat()))
        seen.append(score_within(transfer.combat_that_sees_labels(X, batch, y), y, batch))
        seen_by_means.append(score_within(transfer.combat_that_sees_labels(X, batch, y, scale=False), y, batch))
    assert np.mean(honest) < 0.58 < 0.64 < min(np.mean(seen), np.mean(seen_by_means))


def test_it_returns_what_it_was_given_and_refuses_what_it_cannot_hold_apart():
    X, y, batch = noise()
    frame = transfer.combat_that_sees_labels(X, batch, y)
    assert frame.index.equals(X.index) and frame.columns.equals(X.columns)
    assert np.allclose(transfer.combat_that_sees_labels(X.to_numpy(), batch, y), frame)
    with pytest.raises(ValueError, match="no batch has both resistant and susceptible"):
        transfer.combat_that_sees_labels(X, np.where(y == 1, "Bari", "Rome"), y)
    with pytest.raises(ValueError, match="there are 150 spectra and 149 labels"):
        transfer.combat_that_sees_labels(X, batch, y[1:])


def test_its_docstring_says_what_it_is():
    assert "a leak" in transfer.combat_that_sees_labels.__doc__.splitlines()[0]
