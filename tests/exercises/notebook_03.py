"""Answers to the exercises of notebook 03."""

import numpy as np
import pandas as pd
import torch
from cases import Case
from scipy.special import expit

from maldinb import interpretation


def check_colour_range(seed):
    rng = np.random.default_rng(seed)
    low, high = [(0.35, 0.69), (0.46, 0.58)][seed]
    gates = rng.uniform(low, high, (20, 64))
    gates[3, 5], gates[17, 60] = low, high
    length = high - low
    return Case(
        data=(gates,),
        right=[
            (low, high),
            np.array([low, high], np.float32),
            pd.Series([low + 0.09 * length, high]),
            (low - 0.09 * length, high - 0.09 * length),
        ],
        wrong=[
            ((0, 1), "how far gates could go"),
            ((high, low), "swapped"),
            ((100 * low, 100 * high), "per cent"),
            ((0, 256), "counts hidden units"),
            ((-1, 0.5), "below 0"),
            ((low, high - 0.2 * length), "the lower end, but not the upper"),
            ((low + 0.2 * length, high), "the upper end, but not the lower"),
            ((gates.mean() - gates.std(), gates.mean() + gates.std()), "neither end"),
            (length, "two numbers, .* and got 1"),
            (gates[3], "and got 64"),
            ((0.3, float("inf")), "not finite"),
            ("0.3 to 0.7", "two numbers, .* and got '0.3 to 0.7'"),
        ],
    )


def check_share_between_spectra(seed):
    def by_table(gates):
        table = pd.DataFrame(gates)
        return table.var().mean() / table.stack().var()

    def by_loop(gates):
        mean, units = gates.mean(), gates.shape[1]
        around_unit = sum(((gates[:, unit] - gates[:, unit].mean()) ** 2).sum() for unit in range(units))
        return [around_unit / sum((gate - mean) ** 2 for gate in gates.ravel())]

    def by_library(gates):
        return interpretation.gate_summary(gates)["share between spectra"]

    return Case(
        right=[by_table, by_loop, by_library, lambda gates: (gates - gates.mean(axis=0)).var() / gates.var()],
        wrong=[
            (lambda gates: gates.var(axis=1).mean() / gates.var(), "wrong axis"),
            (lambda gates: gates.mean(axis=0).var() / gates.var(), "share between units"),
            (lambda gates: gates.mean(axis=1).var() / gates.var(), "mean gate of a spectrum"),
            (lambda gates: gates.std(axis=0).mean() / gates.std(), "standard deviations"),
            (lambda gates: np.sqrt(by_table(gates)), "standard deviations"),
            (lambda gates: (gates.std(axis=0).mean() / gates.std()) ** 2, "square first"),
            (lambda gates: gates.var(axis=0).mean(), "that is a variance"),
            (lambda gates: gates.var(axis=0).mean() / gates.mean(axis=0).var(), "by that of all gates"),
            (lambda gates: 100 * by_table(gates), "per cent"),
            (lambda gates: round(by_table(gates), 1), "three decimals|another share"),
            (lambda gates: gates.var(axis=0) / gates.var(), "9 numbers"),
            (lambda gates: 0.125, "another share"),
            (lambda gates: gates.var(units=0), "stopped with TypeError"),
        ],
    )


def check_permutation_p(seed):
    def within(labels, batch, rng):
        labels = labels.copy()
        for name in np.unique(batch):
            labels[batch == name] = rng.permutation(labels[batch == name])
        return labels

    def freely(labels, batch, rng):
        return rng.permutation(labels)

    def drawn(effect, y, batch, permute=within, n=999):
        rng = np.random.default_rng(seed)
        return np.array([effect(permute(y, batch, rng)) for _ in range(n)])

    def by_loop(effect, y, batch):
        observed, rng, as_good = abs(effect(y)), np.random.default_rng(seed), 1
        for _ in range(1999):
            as_good += abs(effect(within(y, batch, rng))) >= observed
        return as_good / 2000

    def by_library(effect, y, batch):
        shuffled = [interpretation.shuffled_within_batch(y, batch, random_state=seed + i) for i in range(500)]
        return [np.mean(np.abs([effect(labels) for labels in [y, *shuffled]]) >= abs(effect(y)))]

    def in_place(effect, y, batch):
        effects, table = [effect(y)], pd.DataFrame({"y": y, "batch": batch})
        for i in range(499):
            table["y"] = table.groupby("batch")["y"].transform(
                lambda one, i=i: one.sample(frac=1, random_state=i).values
            )
            effects.append(effect(table["y"]))
        return pd.Series(effects).abs().ge(abs(effects[0])).mean()

    def p(compare, plus=1, **how):
        def p_value(effect, y, batch):
            extreme = compare(drawn(effect, y, batch, **how), effect(y))
            return (plus + np.sum(extreme)) / (plus + len(extreme))

        return p_value

    def as_large(a, b):
        return abs(a) >= abs(b)

    def larger(a, b):
        return abs(a) > abs(b)

    def same_each_time(labels, batch, rng):
        return within(labels, batch, np.random.default_rng(0))

    def one_city(labels, batch, rng):
        labels = labels.copy()
        labels[batch == "Rome"] = rng.permutation(labels[batch == "Rome"])
        return labels

    def shuffled_before(effect, y, batch):
        rng = np.random.default_rng(seed)
        rng.shuffle(y)
        return p(as_large)(effect, y, batch)

    def a_count(effect, y, batch):
        return as_large(drawn(effect, y, batch), effect(y)).sum()

    return Case(
        right=[p(as_large), by_loop, by_library, in_place],
        wrong=[
            (p(as_large, permute=freely), "the batch is forgotten"),
            (p(np.greater_equal), "one-sided"),
            (p(np.less_equal), "one-sided"),
            (p(as_large, plus=0), "p would be 0 .* among the permutations"),
            (p(larger, plus=0), "p would be 0 .* the very same effect"),
            (p(larger), "the very same effect .* leave them out"),
            (lambda *data: 1 - p(as_large)(*data), "the share that did worse"),
            (a_count, "a number of permutations"),
            (p(as_large, n=20), "20 permutations are too few"),
            (p(as_large, permute=same_each_time), "each permutation is the same"),
            (p(as_large, permute=one_city), "in one batch at least"),
            (p(as_large, permute=lambda y, batch, rng: rng.choice(y, len(y))), "the number of R changes"),
            (p(as_large, permute=lambda y, batch, rng: 1 - y), "the number of R changes"),
            (p(as_large, permute=lambda y, batch, rng: y), "permuted labels was never asked for"),
            (shuffled_before, "the labels as they are"),
            (lambda effect, y, batch: 0.03, "never calls"),
            (lambda effect, y, batch: effect(batch), "stopped with ValueError: effect"),
            (lambda *data: 100 + p(as_large)(*data), "between 0 and 1"),
            (lambda *data: p(as_large)(*data) / 2, "one-sided|not the share of them"),
            (lambda effect, y, batch: drawn(effect, y, batch) + 0 * effect(y), "999 numbers"),
        ],
    )


def check_batch_gates(seed):
    def by_table(clf, X, batch):
        opened = interpretation.Opened(clf, X)
        return opened.log_odds(gates=pd.DataFrame(opened.gates, X.index).groupby(batch).transform("mean"))

    def by_loop(clf, X, batch):
        opened = interpretation.Opened(clf, X)
        found = [0.0] * len(X)
        for i, name in enumerate(batch):
            here = [gate for gate, other in zip(opened.gates, batch, strict=True) if other == name]
            mean = sum(here) / sum(batch == name)
            found[i] = float(opened.log_odds(hidden=opened.hidden[[i]], gates=mean)[0])
        return found

    def by_library(clf, X, batch):
        found = pd.Series(0.0, X.index)
        for name in set(batch):
            found[batch == name] = interpretation.replace_gates(interpretation.Opened(clf, X[batch == name]), "mean")
        return found

    def by_parts(clf, X, batch):
        model, same = clf.model_, torch.tensor(batch.to_numpy()[:, None] == batch.to_numpy())
        with torch.no_grad():
            z = model.project(clf.as_tensor(X))
            weights = same / same.sum(dim=1, keepdim=True)
            logits = model.classify(z * (weights @ model.gate(z)))
        return logits[:, 1] - logits[:, 0]

    def means(values, batch):
        return pd.DataFrame(values).groupby(batch.to_numpy()).transform("mean").to_numpy()

    def wrong(replace):
        """An intervention that puts other hidden units and gates in."""

        def batch_gates(clf, X, batch):
            opened = interpretation.Opened(clf, X)
            hidden, gates = replace(opened.hidden, opened.gates, batch)
            return opened.log_odds(hidden=hidden, gates=gates)

        return batch_gates

    def repeated(column, gates):
        return np.repeat(np.reshape(column, (-1, 1)), gates.shape[1], axis=1)

    def trained_again(clf, X, batch):
        answer = by_table(clf, X, batch)
        with torch.no_grad():
            clf.model_.gate[0].weight.zero_()
        return answer

    def in_order_of_cities(clf, X, batch):
        opened = [interpretation.Opened(clf, rows) for _, rows in X.groupby(batch)]
        return np.concatenate([interpretation.replace_gates(rows, "mean") for rows in opened])

    return Case(
        right=[by_table, by_loop, by_library, by_parts],
        wrong=[
            (wrong(lambda hidden, gates, batch: (hidden, gates.mean(axis=0))), "the batch is forgotten"),
            (wrong(lambda hidden, gates, batch: (hidden, gates)), "as they were"),
            (wrong(lambda hidden, gates, batch: (hidden, gates.mean())), "one mean for all units"),
            (
                wrong(lambda hidden, gates, batch: (hidden, repeated(means(gates, batch).mean(axis=1), gates))),
                "one mean for all units",
            ),
            (wrong(lambda hidden, gates, batch: (hidden, repeated(gates.mean(axis=1), gates))), "wrong axis"),
            (wrong(lambda hidden, gates, batch: (hidden, gates.mean(axis=1))), "stopped with ValueError: gates"),
            (wrong(lambda hidden, gates, batch: (means(hidden, batch), gates)), "replace the hidden units"),
            (wrong(lambda hidden, gates, batch: (means(hidden, batch), means(gates, batch))), "at a mean, too"),
            (wrong(lambda hidden, gates, batch: (hidden * gates, means(gates, batch))), "gated twice"),
            (wrong(lambda hidden, gates, batch: (means(gates, batch), 1)), "hidden units are missing"),
            (wrong(lambda hidden, gates, batch: (gates, means(gates, batch))), "hidden units are missing"),
            (wrong(lambda hidden, gates, batch: (0 * hidden, gates)), "the same log-odds"),
            (wrong(lambda hidden, gates, batch: (hidden, 1 - means(gates, batch))), "other log-odds"),
            (in_order_of_cities, "batch after batch"),
            (lambda *data: -by_table(*data), "log-odds of S"),
            (lambda *data: expit(by_table(*data)), "probabilities"),
            (lambda clf, X, batch: means(clf.get_attention_weights(X), batch), "a number for each unit"),
            (lambda *data: by_table(*data)[:3], "shape"),
            (trained_again, "changes the network"),
        ],
    )


def check_breaking_width(seed):
    gates = np.random.default_rng(seed).normal(0.5, 0.03, (40, 50)).clip(0, 1)
    width = np.quantile(np.abs(gates - 0.5), 0.9)
    return Case(
        right=[width, float(np.sort(np.abs(gates - 0.5), axis=None)[1800]), [1.002 * width]],
        wrong=[
            (2 * width, "the whole range"),
            (0.5 + width, "that is a gate"),
            (0.5 - width, "that is a gate"),
            (100 * width, "per cent"),
            (0.2, "still holds"),
            (0.5 * width, "wrong already"),
            (np.quantile(np.abs(gates - 0.5), 0.1), "the nearest 10%"),
            (-width, "above 0"),
            (0.7, "farther than 0.5"),
            ((0.5 - width, 0.5 + width), "2 numbers"),
            ("5", "got '5'"),
        ],
        data=(gates,),
        secret=width,
    )
