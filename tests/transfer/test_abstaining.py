"""Answers of which a model is sure, at home and abroad."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from maldinb.transfer import abstention_table, mean_known, surest_table, with_mean


@pytest.fixture
def scores():
    """A model that orders isolates well in both hospitals, and abroad says R too often."""
    rng, parts = np.random.default_rng(0), []
    for name in ("Milan", "Rome"):
        for part, shift in (("home", 0.0), ("abroad", 3.0)):
            y = rng.permutation(np.repeat([0, 1], [60, 40] if part == "home" else [80, 20]))
            score = expit(2 * rng.normal(size=100) + 4 * (y - 0.5) + shift)
            parts.append(pd.DataFrame({"left_out": name, "part": part, "batch": name, "y": y, "score": score}))
    return pd.concat(parts, ignore_index=True)


def test_only_scores_abroad_are_moved_and_their_mean_is_the_share(scores):
    moved, there = mean_known(scores), scores["part"] == "abroad"
    assert moved[~there].equals(scores[~there]) and moved.drop(columns="score").equals(scores.drop(columns="score"))
    assert np.allclose(moved[there].groupby("left_out")["score"].mean(), 0.2)
    rome = there & (scores["left_out"] == "Rome")
    assert np.allclose(moved.loc[rome, "score"], with_mean(scores.loc[rome, "score"], 0.2))


def test_errors_are_means_over_hospitals(scores):
    table = surest_table(scores, 0.3)
    assert list(table.index) == ["home", "abroad", "abroad, mean known"] and list(table) == ["surest", "all"]
    each = [
        abstention_table(one["y"], one["score"], [0.3, 1])["error"].to_numpy()
        for _, one in scores[scores["part"] == "abroad"].groupby("left_out")
    ]
    assert np.allclose(table.loc["abroad"], np.mean(each, axis=0))


def test_knowing_the_share_makes_abstaining_pay_where_the_order_is_right(scores):
    table = surest_table(scores)
    assert table.loc["abroad", "surest"] > 0.2 > 0.05 > table.loc["abroad, mean known", "surest"]
    assert table.loc["abroad, mean known", "surest"] < table.loc["abroad, mean known", "all"]


def test_missing_parts_and_wrong_shares_are_refused(scores):
    with pytest.raises(ValueError, match="has no part home"):
        surest_table(scores[scores["part"] == "abroad"])
    with pytest.raises(ValueError, match="has no part abroad"):
        mean_known(scores[scores["part"] == "home"])
    with pytest.raises(ValueError, match="share"):
        surest_table(scores, 1.5)
