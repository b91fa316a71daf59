"""Answers to the exercises of notebook 06."""

import itertools
import math

import numpy as np
import pandas as pd
from cases import Case
from scipy.special import expit, logit

from maldinb.simulation import CAUSES
from maldinb.transfer import BatchScaler, ConformalSets, at_prevalence


def causes_table(seed):
    """Scores as they are stored: biology takes most, and instrument and heights are what the hospital is told by."""
    rng = np.random.default_rng(seed)
    taken = dict(zip(CAUSES, (0.01, 0.0, 0.3, 0.01, 0.03, -0.01), strict=True))
    rows = []
    for on in itertools.product((0, 1), repeat=len(CAUSES)):
        world = dict(zip(CAUSES, on, strict=True))
        score = 0.9 - sum(taken[cause] for cause in CAUSES if world[cause]) + rng.normal(0, 0.003)
        told = 0.99 if world["instrument"] or world["heights"] else 0.5
        rows.append(world | {"seed": 0, "model": "gradient boosting", "left out": score, "told": told})
    return pd.DataFrame(rows)


def check_suspect(seed):
    return Case(
        data=(causes_table(seed),),
        right=["biology", " Biology ", ["biology"], np.str_("biology")],
        wrong=[
            ("calibration", r"with calibration alike and all else different, the AUROC changes by \+0\.0"),
            ("prevalence", "with prevalence alike"),
            ("clones", "with clones alike"),
            ("heights", "with heights alike"),
            ("the weather", "is none of calibration, prevalence"),
            (["biology", "clones"], "a single cause, and not 2"),
            (set(CAUSES), "a single cause, and not 6"),
            (2, r"2 \(int\) is none of"),
            (0.3, r"0\.3 \(float\) is none of"),
            (lambda: "biology", "something of type function is none of"),
        ],
    )


def check_told_but_travels(seed):
    but_biology = [cause for cause in CAUSES if cause != "biology"]
    return Case(
        data=(causes_table(seed),),
        right=[but_biology, ["heights"], ("instrument", "Clones "), "instrument", np.array(["heights", "calibration"])],
        wrong=[
            (list(CAUSES), r"told there, but the AUROC abroad is 0\.\d\d"),
            (["biology", "instrument"], "that fits the claim"),
            (["calibration"], "works abroad there, but the hospital is told for 50%"),
            (["clones", "prevalence"], "the claim says nothing"),
            (["biology"], r"told for 50% only, and the AUROC abroad is 0\.6"),
            ([], "if nothing differs"),
            (["heights", "season"], r"'season' \(str\) is none of"),
            ("the season", "a list of causes"),
            ({"heights": 1}, "a list of causes"),
            ([0, 0, 0, 1, 1, 1], r"\(int\) is none of"),
            (3, "a list of causes"),
        ],
    )


def check_centre(seed):
    def each(statistic, X, batch):
        return np.stack([statistic(X[batch == name]) for name in batch])

    def by_loop(X, batch):
        centred = X.copy()
        for name in set(batch):
            centred[batch == name] -= X[batch == name].mean(axis=0)
        return centred

    def by_pandas(X, batch):
        return pd.DataFrame(X) - pd.DataFrame(X).groupby(batch).transform("mean")

    def by_package(X, batch):
        return BatchScaler(scale=False).fit(X, batch).transform(X, batch)

    def by_matrix(X, batch):
        same = (batch[:, None] == batch).astype(float)
        return (X - same / same.sum(axis=1, keepdims=True) @ X).tolist()

    def in_place(X, batch):
        for name in set(batch):
            X[batch == name] -= X[batch == name].mean(axis=0)
        return X

    def first_only(X, batch):
        return np.where((batch == batch[0])[:, None], by_loop(X, batch), X)

    def mean(X, batch):
        return each(lambda rows: rows.mean(axis=0), X, batch)

    return Case(
        right=[by_loop, by_pandas, by_package, by_matrix],
        wrong=[
            (lambda X, batch: X - X.mean(axis=0), "mean of all hospitals"),
            (lambda X, batch: X - X.mean(axis=1, keepdims=True), "over its bins"),
            (lambda X, batch: X - each(np.mean, X, batch)[:, None], "one number for a whole hospital"),
            (lambda X, batch: mean(X, batch) - X, "the sign"),
            (lambda X, batch: X + mean(X, batch), "is added"),
            (mean, "these are the means"),
            (lambda X, batch: X - each(lambda rows: np.median(rows, axis=0), X, batch), "the median"),
            (lambda X, batch: BatchScaler().fit(X, batch).transform(X, batch), "standard deviation"),
            (lambda X, batch: X - mean(X, batch) + X.mean(axis=0), "added again"),
            (lambda X, batch: X.copy(), "as they were"),
            (in_place, "changes the spectra"),
            (first_only, "of three hospitals, .* and .* is not centred"),
            (lambda X, batch: np.zeros_like(X), "as far apart as before"),
            (lambda X, batch: by_loop(X, batch)[:3], "shape"),
            (lambda X, batch: X - X[batch].mean(axis=0), "stopped with IndexError"),
        ],
    )


def check_other_share(seed):
    def by_odds(p, old, new):
        odds = p / (1 - p) * new / (1 - new) * (1 - old) / old
        return odds / (1 + odds)

    def by_bayes(p, old, new):
        r, s = p / old * new, (1 - p) / (1 - old) * (1 - new)
        return list(r / (r + s))

    def by_logits(p, old, new):
        return pd.Series(expit(logit(p) + logit(new) - logit(old)))

    def probability(odds):
        return odds / (1 + odds)

    return Case(
        right=[by_odds, by_bayes, by_logits, at_prevalence],
        wrong=[
            (lambda p, old, new: p * new / old, r"cannot be scaled like this: at 0\.9"),
            (lambda p, old, new: p + new - old, "not added"),
            (lambda p, old, new: np.full(len(p), new), "for every isolate"),
            (lambda p, old, new: p, "of the old ward"),
            (lambda p, old, new: by_odds(p, new, old), "wrong way round"),
            (lambda p, old, new: 1 - by_odds(p, old, new), "of S"),
            (lambda p, old, new: p / (1 - p) * new / (1 - new) * (1 - old) / old, "these are odds"),
            (lambda p, old, new: probability(p / (1 - p) * new / old), "odds of shares"),
            (lambda p, old, new: probability(p * new / (1 - new) * (1 - old) / old), "where its odds are needed"),
            (lambda p, old, new: probability(p / (1 - p) * new / (1 - new)), "old share is forgotten"),
            (lambda p, old, new: probability(p / (1 - p) * (1 - old) / old), "new share is forgotten"),
            (lambda p, old, new: p**2, "another probability"),
            (lambda p, old, new: by_odds(p, old, new).mean(), "shape"),
            (lambda p, old: p, "stopped with TypeError"),
        ],
    )


def check_set_limit(seed):
    def by_sorting(score, level):
        k = math.ceil((len(score) + 1) * level - 1e-9)
        return sorted(score, reverse=True)[k - 1] if k <= len(score) else -math.inf

    def by_counting(score, level):
        enough = (len(score) + 1) * level - 1e-9
        held = [limit for limit in score if np.sum(score >= limit) >= enough]
        return np.float64(max(held, default=-np.inf))

    def by_package(score, level):
        labels = np.append(np.ones(len(score), int), 0)
        return float(ConformalSets(level).fit(np.append(score, 0.5), labels).calibration_.loc["R", "limit"])

    def down(score, k):
        return np.sort(score)[::-1][k]

    return Case(
        right=[by_sorting, by_counting, by_package],
        wrong=[
            (lambda score, level: np.quantile(score, 1 - level), "lies between two"),
            (lambda score, level: np.quantile(score, level), "the other end"),
            (lambda score, level: np.sort(score)[math.ceil((len(score) + 1) * level) - 1], "k-th smallest"),
            (lambda score, level: down(score, math.ceil((len(score) + 1) * level)), "one too far"),
            (
                lambda score, level: down(score, math.ceil(len(score) * level) - 1),
                "one too few: is the isolate to come",
            ),
            (lambda score, level: down(score, int((len(score) + 1) * level) - 1), "rounded upwards"),
            (lambda score, level: score.min(), "no R is ever left out"),
            (lambda score, level: score.mean(), "that is the mean"),
            (lambda score, level: 1 - level, "a share of isolates"),
            (lambda score, level: math.ceil((len(score) + 1) * level), "that is k"),
            (lambda score, level: 2.5, "from 0 to 1"),
            (lambda score, level: 0.5001, "of none of the isolates"),
            (
                lambda score, level: down(score, math.ceil((len(score) + 1) * level) - 1 if len(score) > 9 else 0),
                "nine",
            ),
            (
                lambda score, level: down(score, min(math.ceil((len(score) + 1) * level - 1e-9), len(score)) - 1),
                "eight",
            ),
            (lambda score, level: np.sort(score), "33 numbers"),
            (lambda score: score, "stopped with TypeError"),
        ],
    )
