"""Answers to the exercises of notebook 01."""

import numpy as np
import pandas as pd
from cases import Case

from maldinb import preprocessing


def check_highest_bin(seed):
    rng = np.random.default_rng(seed)
    edges = preprocessing.bin_edges()
    row = 1e-5 * rng.random(6000)
    place, second, outside = 760 + 37 * seed, 940, 4000
    row[[place, second, outside]] = [4e-3, 2e-3, 9e-3]
    truth = edges[place]
    return Case(
        data=(row, edges, (4200, 4900)),
        right=[truth, int(truth), [truth + 10.5], pd.Series([truth]), np.array(truth - 15), np.float32(truth + 2)],
        wrong=[
            (place, "count bins"),
            (place - (4200 - 2000) // 3, "count bins"),
            (4e-3, "intensity, from the vertical axis"),
            (edges[outside], "outside the window"),
            (edges[second], "higher bins in this window"),
            (truth + 45, "higher bins in this window"),
            (str(truth), "takes an m/z in Da, and got"),
            ([truth, 1], "2 numbers"),
        ],
        secret=truth,
    )


def check_join_bins(seed):
    def by_hand(rows, factor):
        columns = range(0, rows.shape[1], factor)
        return [[sum(row[i : i + factor]) for i in columns] for row in rows]

    def by_table(rows, factor):
        table = pd.DataFrame(rows)
        return table.T.groupby(np.arange(rows.shape[1]) // factor).sum().T

    def by_matrix(rows, factor):
        rows[:] = rows @ np.kron(np.eye(rows.shape[1] // factor), np.ones((factor, 1))) @ _spread(rows, factor)
        return rows[:, ::factor]  # what it was given may be changed

    def _spread(rows, factor):
        return np.kron(np.eye(rows.shape[1] // factor), np.ones((1, factor)))

    return Case(
        right=[by_hand, by_table, by_matrix],
        wrong=[
            (lambda rows, k: rows.reshape(len(rows), -1, k).mean(axis=2), "shrink by the factor"),
            (lambda rows, k: rows[:, ::k], "lose the intensity"),
            (lambda rows, k: rows.reshape(len(rows), -1, k).max(axis=2), "highest"),
            (lambda rows, k: rows.reshape(len(rows), k, -1).sum(axis=1), "not neighbours"),
            (lambda rows, k: rows.reshape(-1, k, rows.shape[1]).sum(axis=1), "wrong axis"),
            (lambda rows, k: rows.reshape(len(rows), -1, 3).sum(axis=2), "whatever the factor"),
            (lambda rows, k: rows.sum(axis=1), "shape"),
            (lambda rows, k: rows, "shape"),
            (lambda rows, k: rows.reshape(len(rows), -1, k).sum(axis=2)[:, ::-1], "in the wrong bin"),
            (lambda rows, k: rows.reshape(len(rows), -1, k)[:, :, 1:].sum(axis=2), "do not add up"),
            (lambda rows: rows, "stopped with TypeError"),
            (lambda rows, k: "joined", "takes a table of numbers"),
            (3, "takes a function"),
        ],
    )


def check_batch_rule(seed):
    rng = np.random.default_rng(seed)
    batch = pd.Series(np.repeat(["Aosta", "Bari", "Como"], [300, 120 + 10 * seed, 50]))
    y = pd.Series((rng.random(len(batch)) < batch.map({"Aosta": 0.4, "Bari": 0.12, "Como": 0.9})).astype(int))
    by_city = y.groupby(batch).mean()
    right_in = by_city.where(by_city > 0.5, 1 - by_city)
    truth = (batch.map(right_in)).mean()
    pairs = [(batch.map(by_city)[y == 1].to_numpy()[:, None] - batch.map(by_city)[y == 0].to_numpy())]
    return Case(
        data=(y, batch),
        right=[truth, np.float32(truth), [truth], round(truth, 3), pd.Series([truth])],
        wrong=[
            (100 * truth, "per cent"),
            (1 - truth, "wrong calls"),
            (1 - y.mean(), "the batch is forgotten"),
            (y.mean(), "no rule was applied"),
            (right_in.mean(), "average over batches"),
            (0.5 + np.mean(np.sign(pairs)) / 2, "AUROC"),
            (right_in, "3 numbers"),
            (truth + 0.004, "three decimals"),
            (len(y), "between 0 and 1"),
            (truth / 2, "another share"),
            (True, "takes a share"),
        ],
        secret=truth,
    )


def check_where_batch_fails(seed):
    cities = pd.Series(np.repeat(["Aosta", "Bari", "Como", "Turin"], [100 + seed, 40, 60, 8]))
    shares = cities.map({"Aosta": 0.5, "Bari": 0.6, "Como": 0.05, "Turin": 0.0})
    y = (cities.groupby(cities).cumcount() < shares * cities.groupby(cities).transform("size")).astype(int)
    pair = ["Aosta", "Bari"]
    return Case(
        more={"y": y, "batch": cities, "limit": 0.6},
        right=[pair, pair[::-1], set(pair), tuple(pair), pd.Series(pair), np.array(pair), dict.fromkeys(pair)],
        wrong=[
            ("Aosta", "neither true nor false"),
            (["Bari"], "neither true nor false"),
            ([], "name two or more"),
            (["Aosta", "Bari", "Como", "Turin"], "of all batches together"),
            (["Aosta", "Como"], r"still holds: these batches score 0\.\d"),
            (["Aosta", "Bari", "Como"], "still holds"),
            (["Aosta", "Rome"], "no batch is called 'Rome'; there are Aosta, Bari"),
            (["Bari", "Bari"], "named twice"),
            ([0, 1], "no batch is called '0'"),
            (0.6, "names of batches"),
        ],
    )


def check_shift_by_a_bin(seed):
    ppm, width = [(400, 3), (250, 2)][seed]
    truth = 1e6 * width / ppm
    return Case(
        more={"ppm": ppm, "bin_width": width},
        right=[truth, int(truth), np.int64(truth), [truth], f"{truth}" and np.array([[truth]])],
        wrong=[
            (truth / 1e6, "power of ten"),
            (truth / 1000, "power of ten"),
            (truth * 10, "power of ten"),
            (truth / 2, "factor of 2"),
            (truth * 2, "factor of 2"),
            (ppm * width, "multiply"),
            (width, "difference in Da"),
            (ppm * width / 1e6, "difference in Da"),
            (-truth, "above 0"),
            (truth * 1.3, "larger than a bin"),
            (truth * 0.8, "smaller than a bin"),
            (float("inf"), "got inf"),
        ],
        secret=truth,
    )


def check_standardise(seed):
    def by_table(train, test):
        train, test = pd.DataFrame(train), pd.DataFrame(test)
        return [(part - train.mean()) / train.std() for part in (train, test)]

    def by_scaler(train, test):
        from sklearn.preprocessing import StandardScaler

        scaler = StandardScaler().fit(train)
        return scaler.transform(train), scaler.transform(test)

    def in_place(train, test):
        mean, sd = train.mean(axis=0), train.std(axis=0)
        test -= mean
        test /= sd
        train -= mean
        train /= sd
        return train, test

    def scaled(rows, by, axis=0):
        return (rows - by.mean(axis=axis, keepdims=True)) / by.std(axis=axis, keepdims=True)

    def both(train, test):
        return np.concatenate([train, test])

    return Case(
        right=[by_table, by_scaler, in_place],
        wrong=[
            (lambda a, b: (scaled(a, both(a, b)), scaled(b, both(a, b))), "a leak"),
            (lambda a, b: (scaled(a, a), scaled(b, both(a, b))), "a leak"),
            (lambda a, b: (scaled(a, a), scaled(b, b)), "scaled by themselves"),
            (lambda a, b: (scaled(a, a, 1), scaled(b, b, 1)), "wrong axis"),
            (lambda a, b: (scaled(a, a), b), "as they were"),
            (lambda a, b: (a - a.mean(axis=0), b - a.mean(axis=0)), "divide by the standard deviation"),
            (lambda a, b: ((a - a.mean()) / a.std(), (b - a.mean()) / a.std()), "do not have the same mean"),
            (lambda a, b: scaled(both(a, b), a), "instead of the training and the test"),
            (lambda a, b: (scaled(b, a), scaled(a, a)), "shape"),
            (lambda a, b: (a / a.std(axis=0) - a.mean(axis=0), b), "as they were"),
            (lambda a, b: (scaled(a, a) / 2, scaled(b, a) / 2), "mean 0 and standard deviation 1"),
            (lambda a, b: 1 / 0, "stopped with ZeroDivisionError"),
        ],
    )
