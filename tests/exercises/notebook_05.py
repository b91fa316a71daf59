"""Answers to the exercises of notebook 05."""

import numpy as np
import pandas as pd
from cases import Case
from scipy.integrate import quad_vec

from maldinb.interpretation import top_k_overlap


def check_integrated_gradients(seed):
    def along(slope, spectrum, baseline, shares):
        return slope(baseline + np.reshape(shares, (-1, 1)) * (spectrum - baseline))

    def middles(n):
        return (np.arange(n) + 0.5) / n

    def by_middles(slope, spectrum, baseline):
        return along(slope, spectrum, baseline, middles(64)).mean(axis=0) * (spectrum - baseline)

    def by_loop(slope, spectrum, baseline):
        parts, step = [0.0] * len(spectrum), (spectrum - baseline) / 200
        for i in range(200):
            here = slope([baseline + i * step])[0]
            parts = [part + s * d for part, s, d in zip(parts, here, step, strict=True)]
        return parts

    def by_scipy(slope, spectrum, baseline):
        mean, _ = quad_vec(lambda share: along(slope, spectrum, baseline, [share])[0], 0, 1)
        return pd.Series(mean * (spectrum - baseline))

    def by_trapezes(slope, spectrum, baseline):
        shares = np.linspace(0, 1, 51)
        slopes = along(slope, spectrum, baseline, shares)
        return np.trapezoid(slopes, shares, axis=0)[None] * (spectrum - baseline)

    def mean(slope, spectrum, baseline):
        return along(slope, spectrum, baseline, middles(64)).mean(axis=0)

    def from_zero(slope, spectrum, baseline):
        return by_middles(slope, spectrum, 0 * baseline)

    def summed(slope, spectrum, baseline):
        return 64 * by_middles(slope, spectrum, baseline)

    return Case(
        right=[by_middles, by_loop, by_scipy, by_trapezes],
        wrong=[
            (lambda slope, x, b: slope(x[None])[0] * (x - b), "gradient x input"),
            (lambda slope, x, b: slope(b[None])[0] * (x - b), "at the baseline only"),
            (lambda slope, x, b: slope((x[None] + b) / 2)[0] * (x - b), "in the middle"),
            (mean, "that is the mean slope"),
            (lambda slope, x, b: mean(slope, x, b) * x, "multiply by the spectrum"),
            (from_zero, "begins at a spectrum of zeros"),
            (lambda slope, x, b: mean(slope, x, 0 * b) * (x - b), "a way that begins at zeros"),
            (lambda slope, x, b: mean(slope, x, b) * (b - x), "the sign"),
            (lambda *data: abs(by_middles(*data)), "signs are lost"),
            (summed, "not their sum"),
            (lambda *data: by_middles(*data).sum(), "one number"),
            (lambda slope, x, b: along(slope, x, b, middles(64)) * (x - b), "a row for each step"),
            (lambda slope, x, b: (along(slope, x, b, middles(64)) * (x - b)).sum(axis=1), "wrong axis"),
            (lambda slope, x, b: (slope(x[None]) + slope(b[None]))[0] / 2 * (x - b), "enough points"),
            (lambda slope, x, b: by_middles(slope, x, b)[1:], "shape"),
            (lambda slope, x, b: slope(x) * (x - b), "stopped with ValueError: slope"),
        ],
    )


def check_breaking_overlap(seed):
    rng = np.random.default_rng(seed)
    common, noise = rng.normal(size=400), rng.normal(size=(2, 400))
    one, other = common + 0.5 * noise

    def first(overlap):
        return next(k for k in range(21, 401) if overlap(k) >= 0.75)

    def either(k):
        top = [set(np.argsort(-np.abs(values))[:k]) for values in (one, other)]
        return len(top[0] & top[1]) / len(top[0] | top[1])

    def signed(k):
        return len(set(np.argsort(-one)[:k]) & set(np.argsort(-other)[:k])) / k

    answer = first(lambda k: top_k_overlap(one, other, k))
    return Case(
        right=[answer, float(answer), np.array([answer])],
        wrong=[
            (first(either), "among its largest; divide by"),
            (first(signed), "signs do not count"),
            (answer / 400, "that is a share"),
            (answer + 0.5, "whole numbers"),
            (answer - 1, "still holds there"),
            (400, "already for fewer"),
            (20, "above 20"),
            (401, "no more than there are"),
            ((20, answer), "2 numbers"),
            ("5", "got '5'"),
        ],
        data=(one, other, 20),
        secret=answer,
    )


def check_average_precision(seed):
    def by_loop(right, n_peaks):
        total, hits = 0.0, 0
        for place, one in enumerate(right, start=1):
            if one:
                hits += 1
                total += hits / place
        return total / n_peaks

    def by_array(right, n_peaks):
        precision = np.cumsum(right) / np.arange(1, len(right) + 1)
        return [precision[right].sum() / n_peaks]

    def by_table(right, n_peaks):
        table = pd.DataFrame({"right": right, "place": np.arange(len(right)) + 1})
        return (table["right"].cumsum() / table["place"])[table["right"]].sum() / n_peaks

    def found_only(right, n_peaks):
        return by_loop(right, max(right.sum(), 1))

    def from_zero(right, n_peaks):
        places = np.flatnonzero(right)
        return sum((i + 1) / max(place, 1) for i, place in enumerate(places)) / n_peaks

    def at_each(right, n_peaks):
        return (np.cumsum(right) / np.arange(1, len(right) + 1)).mean()

    return Case(
        right=[by_loop, by_array, by_table],
        wrong=[
            (found_only, "by all planted ones"),
            (from_zero, "counted from 0"),
            (lambda right, n: right.mean(), "share of candidates"),
            (lambda right, n: right.sum() / n, "share of the peaks"),
            (at_each, "at those that are right"),
            (lambda right, n: (1 / (np.flatnonzero(right) + 1)).sum() / n, "count the hits up to there"),
            (lambda right, n: by_loop(right, 1), "that is a sum"),
            (lambda right, n: 0.5, "is another"),
            (lambda right, n: np.cumsum(right), "numbers"),
            (lambda right, n: right[99], "stopped with IndexError"),
        ],
    )


def check_one_charge(seed):
    proton = 1.00728

    def by_mass(mz):
        mass = 2 * mz - 2 * proton
        return mass + proton

    return Case(
        right=[by_mass, lambda mz: [2 * one - 1.007 for one in mz], lambda mz: pd.Series(2 * mz - 1.0073)],
        wrong=[
            (lambda mz: 2 * mz, "both protons"),
            (lambda mz: 2 * mz - 2 * proton, "without a proton"),
            (lambda mz: 2 * mz + proton, "none is added"),
            (lambda mz: (mz + proton) / 2, "the other way round"),
            (lambda mz: mz / 2, "larger"),
            (lambda mz: 2 * (mz + proton), "first times the charge"),
            (lambda mz: mz + proton, "another m/z"),
            (lambda mz: 2 * mz[0] - proton, "shape"),
            (lambda mz: mz.charge, "stopped with AttributeError"),
        ],
    )
