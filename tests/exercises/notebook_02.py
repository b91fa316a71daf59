"""Answers to the exercises of notebook 02."""

import copy

import numpy as np
import pandas as pd
import torch
from cases import Case
from scipy.stats import rankdata
from sklearn.base import clone
from sklearn.model_selection import GroupShuffleSplit, cross_val_predict

import maldinb
from maldinb import evaluation


def check_keep_isolates(seed):
    def by_sklearn(isolates, seed):
        return next(GroupShuffleSplit(1, test_size=0.25, random_state=seed).split(isolates, groups=isolates))

    def as_masks(isolates, seed):
        drawn = pd.Series(isolates).drop_duplicates().sample(frac=0.25, random_state=seed)
        return ~np.isin(isolates, drawn), pd.Series(np.isin(isolates, drawn))

    def as_sets(isolates, seed):
        rng, test = np.random.default_rng(seed), set()
        for name in sorted(set(isolates)):
            if rng.random() < 0.25:
                test |= {i for i, other in enumerate(isolates) if other == name}
        return sorted(set(range(len(isolates))) - test), test

    def of_spectra(isolates, seed):
        order = np.random.default_rng(seed).permutation(len(isolates))
        return order[len(order) // 4 :], order[: len(order) // 4]

    def names(isolates, seed):
        drawn = np.random.default_rng(seed).permutation(np.unique(isolates))
        return drawn[15:], drawn[:15]

    def first_ones(isolates, seed):
        is_test = np.isin(isolates, np.unique(isolates)[:15])
        return np.flatnonzero(~is_test), np.flatnonzero(is_test)

    def one_each(isolates, seed):
        first = np.unique(isolates, return_index=True)[1]
        order = np.random.default_rng(seed).permutation(first)
        return order[15:], order[:15]

    return Case(
        right=[by_sklearn, as_masks, as_sets],
        wrong=[
            (of_spectra, "a leak: .* isolates"),
            (lambda isolates, seed: by_sklearn(isolates, seed)[::-1], "swapped"),
            (lambda isolates, seed: (np.arange(len(isolates)), by_sklearn(isolates, seed)[1]), "in both parts"),
            (one_each, "in neither part"),
            (names, "names of isolates"),
            (first_ones, "at random"),
            (lambda isolates, seed: by_sklearn(isolates, None), "two different splits"),
            (
                lambda isolates, seed: next(GroupShuffleSplit(1, test_size=0.5).split(isolates, groups=isolates)),
                "about a",
            ),
            (lambda isolates, seed: by_sklearn(isolates, seed)[1], "instead of positions"),
            (lambda isolates, seed: ([0.5], [1]), "whole numbers"),
            (lambda isolates, seed: ([0, 0], [1]), "twice"),
            (lambda isolates, seed: ([], [1]), "not empty"),
            (lambda isolates: ([0], [1]), "stopped with TypeError"),
        ],
    )


def check_parameter_count(seed):
    n_bins, units = [(6000, 100), (600, 20)][seed]
    layers = torch.nn.Linear(n_bins, units), torch.nn.BatchNorm1d(units)
    truth = sum(p.numel() for layer in layers for p in layer.parameters())
    return Case(
        more={"n_bins": n_bins, "hidden_dim": units},
        right=[truth, float(truth), np.int64(truth), torch.tensor(truth), [truth]],
        wrong=[
            (n_bins * units, "the weights alone"),
            (n_bins * units + units, "BatchNorm is forgotten"),
            (n_bins * units + 2 * units, "the bias is forgotten"),
            (n_bins * units + n_bins, "not to a bin"),
            (truth + 2 * units, "not trained"),
            (n_bins + units, "multiply"),
            (sum(p.numel() for p in maldinb.SpectralAttentionMLP(n_bins, units).parameters()), "the whole network"),
            (units, "too few"),
            (truth + 1, "Count these"),
            (str(truth), "takes a whole number"),
        ],
        secret=truth,
    )


def check_within_batch(seed):
    def by_library(y, score, batch):
        kept = [name for name in set(batch) if len(set(y[batch == name])) == 2]
        of_these = np.isin(batch, kept)
        return evaluation.within_batch_auroc(y[of_these], score[of_these], batch[of_these])[0]

    def by_ranks(y, score, batch):
        wins = pairs = 0
        for name in set(batch):
            r, s = score[(batch == name) & (y == 1)], score[(batch == name) & (y == 0)]
            wins += rankdata([*r, *s])[: len(r)].sum() - len(r) * (len(r) + 1) / 2
            pairs += len(r) * len(s)
        return [wins / pairs]

    def by_table(y, score, batch):
        table = pd.DataFrame({"y": y, "score": score, "batch": batch})
        pairs = table[table.y == 1].merge(table[table.y == 0], on="batch")
        return np.sign(pairs.score_x - pairs.score_y).mean() / 2 + 0.5

    def pooled(y, score, batch):
        return by_ranks(y, score, np.full(len(y), "all"))[0]

    def each(y, score, batch):
        return {name: by_ranks(y[batch == name], score[batch == name], batch[batch == name])[0] for name in set(batch)}

    def weighted(y, score, batch):
        return np.average(list(each(y, score, batch).values()), weights=[sum(batch == name) for name in set(batch)])

    def strictly(y, score, batch, compare=np.greater):
        same = batch[y == 1][:, None] == batch[y == 0]
        return compare(score[y == 1][:, None], score[y == 0])[same].mean()

    def stumbling(y, score, batch):
        shares = []
        for name in set(batch):
            r, s = score[(batch == name) & (y == 1)], score[(batch == name) & (y == 0)]
            in_order = np.sign(r[:, None] - s).sum() / 2 + len(r) * len(s) / 2
            shares += [float(in_order) / (len(r) * len(s))] * (len(r) * len(s))
        return sum(shares) / len(shares)

    def blank(y, score, batch):
        return by_ranks(y, score, batch) if len(set(batch)) == 3 else np.nan

    return Case(
        right=[by_library, by_ranks, by_table],
        wrong=[
            (pooled, "the batch is forgotten"),
            (lambda y, score, batch: np.mean(score[y == 1][:, None] > score[y == 0]), "forgotten, and so are the ties"),
            (lambda y, score, batch: np.mean(list(each(y, score, batch).values())), "average over batches"),
            (weighted, "weight batches by their spectra"),
            (strictly, "counts nothing"),
            (lambda y, score, batch: strictly(y, score, batch, np.greater_equal), "counts as in order"),
            (lambda y, score, batch: by_table(1 - y, score, batch), "swapped"),
            (lambda y, score, batch: 100 * by_table(y, score, batch), "per cent"),
            (each, "takes a share"),
            (stumbling, "until a batch has R only.*ZeroDivisionError"),
            (blank, "until a batch has R only.*got nan"),
            (lambda y, score, batch: 0.5, "another share"),
        ],
    )


def check_lucky_test_set(seed):
    rng = np.random.default_rng(seed)
    y = rng.integers(0, 2, 400)
    better, other = (1 / (1 + np.exp(-rng.normal(distance * (2 * y - 1), 1))) for distance in (0.8, 0.6))

    def lead(seed, size=30):
        drawn = np.random.default_rng(seed).choice(400, size, replace=False)
        r, s = drawn[y[drawn] == 1], drawn[y[drawn] == 0]
        return np.mean([np.mean(score[r][:, None] > score[s]) * sign for score, sign in ((better, 1), (other, -1))])

    leads = [lead(seed) for seed in range(60)]
    turned, holds = ([seed for seed in range(60) if leads[seed] * sign > 0.01] for sign in (-1, 1))
    return Case(
        more={"y": pd.Series(y), "better": better, "other": pd.Series(other), "size": 30},
        right=[turned[0], float(turned[1]), [turned[2]], np.int64(turned[0]), torch.tensor(turned[1])],
        wrong=[
            (holds[0], "the order is as before, by 0"),
            (holds[-1], "try more seeds"),
            (lead(turned[0]), "a whole number from 0 on"),
            (-1, "a whole number from 0 on"),
            (2.0**70, "a whole number from 0 on"),
            (turned[:2], "2 numbers"),
            (str(turned[0]), "takes a seed"),
            (lead, "got a function"),
        ],
    )


def check_threshold(seed):
    rng = np.random.default_rng(seed)

    def scored(n, distance):
        y = pd.Series((rng.random(n) < 0.55).astype(int))
        return y, 1 / (1 + np.exp(-rng.normal(distance * (2 * y - 1), 1)))

    (y, p), test, known = scored(600 + seed, 0.5), scored(180, 0.7), scored(600, 2)
    r, s = p[y == 1], p[y == 0]

    def best(y, p, share=0.1):
        return max(t for t in p if np.mean(p[y == 1] < t) <= share)

    truth = best(y, p)
    return Case(
        more={"train": (y, p), "test": test, "known": known, "max_very_major": 0.1},
        right=[truth, [truth], np.float64(truth) - 0.001, np.quantile(r, 0.1, method="lower"), pd.Series([truth])],
        wrong=[
            (best(*test), "a leak"),
            (best(*known), "was trained on"),
            (best(1 - y, p), "swapped"),
            (min(t for t in p if np.mean(s >= t) <= 0.1), "made among R"),
            (np.quantile(p, 0.1), "share of all spectra"),
            (100 * truth, "per cent"),
            (0.9, "the share of errors itself"),
            (np.nextafter(np.sort(r)[np.searchsorted(np.sort(r), truth, "right")], 1), "too high"),
            (0.5, "too high"),
            (0, "too low"),
            (p, "numbers"),
        ],
        secret=truth,
    )


def check_without_gate(seed):
    def plain(network, **more):
        return clone(network).set_params(use_attention=False, **more)

    def by_library(network, X, y, splits):
        return evaluation.out_of_fold_scores(plain(network), X, y, splits)

    def by_loop(network, X, y, splits):
        scores = [0.0] * len(y)
        for train, test in splits:
            # All spectra are scored, but only those that were held out are kept.
            p = plain(network).fit(X.to_numpy()[train], y.to_numpy()[train]).predict_proba(X)[:, 1]
            for i in test:
                scores[i] = p[i]
        return scores

    def by_copy(network, X, y, splits):
        other = copy.deepcopy(network)
        other.use_attention = False
        return pd.Series(cross_val_predict(other, X, y, cv=splits, method="predict_proba")[:, 1], X.index)

    def in_sample(network, X, y, splits):
        return plain(network).fit(X, y).predict_proba(X)[:, 1]

    def swapped(network, X, y, splits):
        p = np.zeros(len(y))
        for train, _test in splits:
            p[train] = plain(network).fit(X.iloc[train], y.iloc[train]).predict_proba(X.iloc[train])[:, 1]
        return p

    def in_folds(network, X, y, splits):
        fits = [(plain(network).fit(X.iloc[a], y.iloc[a]), b) for a, b in splits]
        return np.concatenate([fitted.predict_proba(X.iloc[b])[:, 1] for fitted, b in fits])

    def first_split(network, X, y, splits):
        train, test = splits[0]
        return plain(network).fit(X.iloc[train], y.iloc[train]).predict_proba(X.iloc[test])[:, 1]

    def in_place(network, X, y, splits):
        return evaluation.out_of_fold_scores(network.set_params(use_attention=False), X, y, splits)

    def other_splits(network, X, y, splits):
        return cross_val_predict(plain(network), X, y, cv=7, method="predict_proba")[:, 1]

    return Case(
        right=[by_library, by_loop, by_copy],
        wrong=[
            (in_sample, "a leak"),
            (swapped, "a leak"),
            (in_folds, "order of the folds"),
            (first_split, "shape"),
            (in_place, "changes the network"),
            (other_splits, "training parts of the splits"),
            (lambda network, X, y, splits: network.fit(X, y).predict_proba(X)[:, 1], "changes the network"),
            (lambda network, *data: evaluation.out_of_fold_scores(clone(network), *data), "still has its gate"),
            (
                lambda network, *data: evaluation.out_of_fold_scores(plain(network, epochs=9, hidden_dim=4), *data),
                "something else differs .*: epochs, hidden_dim",
            ),
            (lambda network, X, y, splits: 1 - by_library(network, X, y, splits), r"P\(S\)"),
            (lambda network, X, y, splits: cross_val_predict(plain(network), X, y, cv=splits), "calls, 0 or 1"),
            (
                lambda network, X, y, splits: cross_val_predict(
                    plain(network), X, y, cv=splits, method="predict_proba"
                ),
                "two columns",
            ),
            (lambda network, X, y, splits: y * 0.5 + 0.2, "no copy of the given network"),
            (lambda *data: by_library(*data).round(2), "other numbers"),
            (lambda network, X, y, splits: plain(network).predict_proba(X)[:, 1], "not fitted"),
        ],
    )
