"""Answers to the exercises of notebook 04."""

import copy
import functools

import numpy as np
import pandas as pd
from cases import Case
from scipy.stats import t as student
from scipy.stats import ttest_rel
from sklearn.base import clone

import maldinb
from maldinb import ablation


def study_of(first, second, n_train=400, n_test=100):
    """The table of a study of "a" and "b", from scores, splits x seeds."""
    rows = [
        {"variant": name, "split": "cross-validation", "repeat": 0, "fold": fold, "seed": number, "auroc": score}
        for name, scores in {"a": first, "b": second}.items()
        for (fold, number), score in np.ndenumerate(scores)
    ]
    return pd.DataFrame(rows).assign(n_train=n_train, n_test=n_test)


def check_small_head(seed):
    def by_clone(network, **more):
        return clone(network).set_params(head_dims=(64,), **more)

    def by_copy(network):
        other = copy.deepcopy(network)
        other.head_dims = [64]
        return other

    def by_settings(network):
        return maldinb.MaldiMLPClassifier(**network.get_params() | {"head_dims": np.array([64])})

    def with_defaults(network):
        return maldinb.MaldiMLPClassifier(head_dims=(64,))

    def in_place(network):
        return network.set_params(head_dims=(64,))

    def beside(network):
        network.head_dims = (64,)
        return clone(network)

    def fitted(network):
        return by_clone(network, epochs=1).fit(np.random.default_rng(seed).random((40, 6)), np.tile([0, 1], 20))

    return Case(
        right=[by_clone, by_copy, by_settings],
        wrong=[
            (with_defaults, "something else differs .*: device, epochs, hidden_dim, learning_rate, random_state"),
            (lambda network: by_clone(network, hidden_dim=64), "something else differs .*: hidden_dim"),
            (lambda network: by_clone(network, random_state=1), "the seed differs"),
            (lambda network: clone(network).set_params(hidden_dim=64), "width of the projection"),
            (clone, "the head is as it was"),
            (in_place, "changes the network"),
            (beside, "changes the network"),
            (fitted, "trains the network"),
            (lambda network: clone(network).set_params(head_dims=64), "is a sequence"),
            (lambda network: clone(network).set_params(head_dims=(64, 64)), "has 2 layers"),
            (lambda network: clone(network).set_params(head_dims=()), "has 0 layers"),
            (lambda network: clone(network).set_params(head_dims=(128,)), "another width"),
            (lambda network: {"small head": by_clone(network)}, "returns something of type dict"),
            (lambda network: maldinb.SpectralAttentionMLP(6, 8), "returns something of type SpectralAttentionMLP"),
            (lambda network: network.set_params(head=(64,)), "stopped with ValueError"),
        ],
    )


@functools.cache
def power(seed):
    """A table of power, and the region of equivalence that it is for."""
    n_repeats, rope = [(1, 0.02), (5, 0.03)][seed]
    differences = np.arange(-0.1, 0.1201, 0.002)
    return ablation.power(differences, split_sd=0.02, n_repeats=n_repeats, rope=rope, n_studies=600), rope


def check_even_chance(seed):
    shares, rope = power(seed)
    truth = shares.index[(shares.index > 0) & (shares["better"] >= 0.5)].min()
    sure = shares.index[(shares.index > 0) & (shares["better"] >= 0.9)].min()
    return Case(
        data=(shares.copy(), rope),
        right=[truth, round(truth, 2), [1.1 * truth], np.float32(0.88 * truth), pd.Series([truth])],
        wrong=[
            (-truth, "the other variant is better"),
            (rope, "end of the grey band"),
            (sure, "nearly every study"),
            (0.5, "on the vertical axis"),
            (100 * truth, "per cent"),
            (0.001, '"better" is rarer'),
            (0.25, '"better" is more frequent'),
            ((0.0, truth), "2 numbers"),
            (str(truth), "takes a length"),
        ],
        secret=truth,
    )


@functools.cache
def equivalence(seed):
    """A comparison, and the narrowest region for which it is "equivalent", by trying."""
    mean, spread, n, ropes = [(-0.002, 0.03, 25, (0.02, 0.04)), (0.012, 0.01, 10, (0.015, 0.03))][seed]
    noise = np.random.default_rng(seed).normal(size=n)
    noise = spread * (noise - noise.mean()) / noise.std(ddof=1)
    table = study_of(0.8 + mean + noise[:, None], np.full((n, 1), 0.8))

    def row(rope):
        return ablation.compare(table, "a", rope=rope).loc["b"]

    found = [rope for rope in np.arange(*ropes, 0.0002) if row(rope)["verdict"] == "equivalent"]
    return row(0.02), found[0]


def check_smallest_rope(seed):
    row, truth = equivalence(seed)
    mean = row["difference"]
    return Case(
        data=(row,),
        right=[truth, round(truth, 3), np.float64(truth + 0.0004), [truth]],
        wrong=[
            (2 * truth, "whole width"),
            (1.3 * truth, "for narrower regions, too"),
            (0.8 * truth, 'not "equivalent" there any more'),
            (abs(mean), "the difference that was found"),
            (100 * truth, "per cent"),
            (-truth, "above 0"),
            ((-truth, truth), "2 numbers"),
        ],
        secret=truth,
    )


def check_corrected_error(seed):
    def by_steps(first, second, n_train, n_test):
        d = first.mean(axis=1) - second.mean(axis=1)
        return d.std(ddof=1) * (1 / len(d) + n_test / n_train) ** 0.5

    def by_loop(first, second, n_train, n_test):
        d = [sum(a) / len(a) - sum(b) / len(b) for a, b in zip(first, second, strict=True)]
        mean = sum(d) / len(d)
        return [(sum((x - mean) ** 2 for x in d) / (len(d) - 1) * (1 / len(d) + n_test / n_train)) ** 0.5]

    def by_factor(first, second, n_train, n_test):
        test = ttest_rel(first.mean(axis=1), second.mean(axis=1))
        naive = (first - second).mean() / test.statistic
        return naive * np.sqrt(1 + len(first) * n_test / n_train)

    def by_library(first, second, n_train, n_test):
        found = ablation.compare(study_of(first, second, n_train, n_test), "a").loc["b"]
        return (found["high"] - found["low"]) / 2 / student.ppf(0.975, len(first) - 1)

    def wrong(make):
        """An answer made of the differences of the splits, their number and n_test / n_train."""
        return lambda a, b, n_train, n_test: make((a - b).mean(axis=1), len(a), n_test / n_train)

    def all_fits(first, second, n_train, n_test):
        d = (first - second).ravel()
        return d.std(ddof=1) * np.sqrt(1 / len(d) + n_test / n_train)

    def unpaired(first, second, n_train, n_test):
        variance = first.mean(axis=1).var(ddof=1) + second.mean(axis=1).var(ddof=1)
        return np.sqrt(variance * (1 / len(first) + n_test / n_train))

    def sd(d):
        return d.std(ddof=1)

    return Case(
        right=[by_steps, by_loop, by_factor, by_library],
        wrong=[
            (wrong(lambda d, n, ratio: sd(d) / np.sqrt(n)), "naive"),
            (wrong(lambda d, n, ratio: d.std() / np.sqrt(n)), "naive"),
            (wrong(lambda d, n, ratio: sd(d) * np.sqrt(1 / n + 1 / ratio)), "upside down"),
            (wrong(lambda d, n, ratio: sd(d) * np.sqrt(1 / n + ratio / (1 + ratio))), "by all spectra"),
            (wrong(lambda d, n, ratio: sd(d) * np.sqrt(1 / n + 1 / 4)), "five folds only"),
            (wrong(lambda d, n, ratio: d.std() * np.sqrt(1 / n + ratio)), "degree of freedom"),
            (wrong(lambda d, n, ratio: sd(d) * np.sqrt(ratio)), "1 / n is missing"),
            (wrong(lambda d, n, ratio: sd(d) ** 2 * (1 / n + ratio)), "that is a variance"),
            (wrong(lambda d, n, ratio: sd(d) * (1 / n + ratio)), "the root is missing"),
            (wrong(lambda d, n, ratio: sd(d)), "of a single difference"),
            (wrong(lambda d, n, ratio: d.mean()), "the mean difference itself"),
            (wrong(lambda d, n, ratio: -sd(d)), "above 0"),
            (wrong(lambda d, n, ratio: sd(d) * np.sqrt(1 / n + ratio) * 1.96), "another number"),
            (wrong(lambda d, n, ratio: d), "numbers"),
            (all_fits, "seeds are counted as splits"),
            (lambda a, b, *_: ttest_rel(a.ravel(), b.ravel()).statistic ** -1 * (a - b).mean(), "shared nothing"),
            (unpaired, "the pairs are lost"),
            (lambda a, b, *_: 0.01, "another number"),
            (lambda a, b: 0.01, "stopped with TypeError"),
        ],
    )


def check_verdict(seed):
    def by_steps(low, high, rope):
        if low > rope:
            return "better"
        if high < -rope:
            return "worse"
        return "equivalent" if low >= -rope and high <= rope else "undecided"

    def by_counting(low, high, rope):
        words = {1: "better", 0: "equivalent", -1: "worse"}
        found = {words[int(end > rope) - int(end < -rope)] for end in (low, high)}
        return found.pop() if len(found) == 1 else "undecided"

    def by_ranges(low, high, rope):
        ranges = {"Better ": (rope, np.inf), "equivalent": (-rope, rope), "worse": (-np.inf, -rope)}
        return np.str_(next((word for word, (a, b) in ranges.items() if a < low and high < b), "undecided"))

    def by_significance(low, high, rope):
        return "equivalent" if low < 0 < high else "better" if low > 0 else "worse"

    def by_the_middle(low, high, rope):
        middle = (low + high) / 2
        return "better" if middle > rope else "worse" if middle < -rope else "equivalent"

    def better_than_nothing(low, high, rope):
        return "better" if low > 0 else "worse" if high < 0 else by_steps(low, high, rope)

    def one_sided(low, high, rope):
        return "better" if low > rope else "equivalent" if high < rope else "undecided"

    def holds_zero(low, high, rope):
        word = by_steps(low, high, rope)
        return "undecided" if word == "equivalent" and not low < 0 < high else word

    def never(word):
        return lambda low, high, rope: by_steps(low, high, rope).replace(word, "undecided")

    return Case(
        right=[by_steps, by_counting, by_ranges],
        wrong=[
            (by_significance, 'you say "equivalent" .* was not ruled out'),
            (by_the_middle, 'you say "equivalent" .* was not ruled out'),
            (better_than_nothing, 'you say "better" .* begins between 0 and the rope'),
            (one_sided, 'you say "equivalent" .* ends between 0 and the rope'),
            (holds_zero, 'you say "undecided" .* does not hold 0, and lies within'),
            (never("better"), "lies above the rope"),
            (never("worse"), "lies below the rope"),
            (never("equivalent"), "too small to care"),
            (lambda *_: "undecided", "too small to care"),
            (lambda low, high, rope: by_steps(low, high, 0.02), "a number written into"),
            (lambda low, high, rope: by_steps(-high, -low, rope), "swapped"),
            (lambda *data: by_steps(*data) == "undecided", r"returns True \(bool\)"),
            (lambda *_: "no difference", "returns 'no difference'"),
            (lambda low, high: "better", "stopped with TypeError"),
            ("undecided", "takes a function"),
        ],
    )
