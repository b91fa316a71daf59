"""Is one variant better than another? Differences with their uncertainty, and a verdict no stronger than that.

The unit is one split, of which all variants have seen the same training and test spectra. Fits with several seeds on
one split are averaged first: they share their spectra, and counting them one by one would pretend to more evidence.
Splits are no independent samples either, since their training spectra overlap. A t-test that ignores this finds
differences where there are none; the two tests used here do not.
"""

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from ..arguments import fraction
from .fits import METRICS
from .pairing import others, paired_scores, sign
from .rule import above, decide
from .study import CROSS_VALIDATION

COLUMNS = (
    "reference", "metric", "n", "difference", "low", "high", "resolution", "naive_p", "corrected_p", "holm_p",
    "better", "equivalent", "worse", "rope", "level", "verdict",
)  # fmt: skip


def compare(table, reference="learned gate", metric="auroc", *, rope=0.01, level=0.95):
    """Is the reference better than the other variants, in the cross-validation?

    Parameters
    ----------
    table : DataFrame
        From `run_study`.
    reference : str
        The variant that all others are compared with.
    metric : str
        One of `METRICS`.
    rope : float
        Half-width of the region of practical equivalence: the smallest difference worth having. Decide on it before
        you look.
    level : float
        Confidence of the intervals and of the verdicts, between 0 and 1.

    Returns
    -------
    DataFrame
        A row for each other variant:

        reference, metric, n
            What was compared, and on how many splits.
        difference
            By how much the reference is better, on average: its score minus that of the variant, or the reverse where
            lower is better. Below 0, the reference is worse.
        low, high
            The interval of the difference, by the corrected test and for this variant alone.
        resolution
            The smallest difference that would have been called better, had it varied as this one does between splits,
            and were all others smaller. So a true difference of less than this would be missed more often than not.
        naive_p
            Of the paired t-test that takes the splits for independent. It is shown as a warning.
        corrected_p
            Of the corrected resampled t-test (Nadeau and Bengio): with n splits and differences of variance s^2, the
            variance of the mean is s^2 (1/n + n_test/n_train) instead of s^2 / n.
        holm_p
            The same, adjusted by Holm for the number of variants: if all are equal, the probability that any has a
            value up to p is at most p.
        better, equivalent, worse
            Of the Bayesian correlated t-test (Benavoli et al.): the probability that the true difference lies above
            `rope`, within, and below -`rope`. It is a Student distribution with n - 1 degrees of freedom and the
            variance above, which is what their correlation n_test / (n_test + n_train) comes to.
        rope, level
            As given.
        verdict
            "better" if the probability ``better`` is at least `level` and ``holm_p`` at most 1 - `level`; "worse"
            likewise; "equivalent" if the probability ``equivalent`` is at least `level`; else "undecided".

    Raises
    ------
    ValueError
        As in `paired_scores`; if there is no such variant or nothing to compare it with; if there are fewer than two
        splits.

    Notes
    -----
    The correction is an approximation: how strongly splits correlate depends on the models. Between models that were
    the same but for their random numbers (class means in some bins of a resample), it found a difference (p < .05) in
    2 to 3 % of simulated studies, where the naive test found one in 15 to 40 %; between small gated networks in under
    1 %, the naive test in 12 %. Of models that differ in nothing but the bins they look at, all equally good, it told
    3 to 8 % apart, the naive test 22 to 50 %: where a p-value is close to the limit, do not lean on it.

    A study is no less uncertain because its scores are coarse. In a test set of a few spectra two models often have
    exactly the same AUROC. The standard deviation of differences is therefore taken to be at least what it would be if
    one split were off by the smallest step that the metric can make.

    References
    ----------
    Nadeau and Bengio 2003, doi:10.1023/A:1024068626366; Benavoli et al. 2017, JMLR 18(77), 1-36; Holm 1979,
    Scandinavian Journal of Statistics 6, 65-70

    Examples
    --------
    >>> from sklearn.dummy import DummyClassifier
    >>> from sklearn.naive_bayes import GaussianNB
    >>> from maldinb.ablation import run_study
    >>> X, y = np.arange(24.0)[:, None], np.repeat([0, 1], 12)
    >>> models = {"bayes": GaussianNB(), "coin": DummyClassifier(strategy="stratified")}
    >>> table = run_study(models, X, y, ["all"] * 24, n_repeats=1, leave_one_batch_out=False, progress=False)
    >>> compare(table, "bayes", rope=0.05)[["n", "verdict"]]
             n verdict
    variant
    coin     5  better
    """
    rope, level = fraction(rope, "rope"), fraction(level, "level")
    scores = paired_scores(table, metric)
    names = others(scores.columns, reference)
    n = len(scores)
    if n < 2:
        raise ValueError(f"a comparison takes two or more splits, and the cross-validation has {n}")
    part = table[table["split"] == CROSS_VALIDATION]
    ratio = float((part["n_test"] / part["n_train"]).mean())
    least = _step(metric, part["n_test"].mean()) / np.sqrt(n)
    differences = sign(metric) * (scores[[reference]].to_numpy() - scores[names].to_numpy())
    mean, sd = differences.mean(axis=0), np.maximum(differences.std(axis=0, ddof=1), least)
    decided = decide(mean, sd, n, ratio, rope, level)
    half = sd * np.sqrt(1 / n + ratio) * stdtrit(n - 1, (1 + level) / 2)
    columns = {
        "reference": reference,
        "metric": metric,
        "n": n,
        "difference": mean,
        "low": mean - half,
        "high": mean + half,
        "naive_p": 2 * above(np.abs(mean), sd / np.sqrt(n), n - 1),
        "rope": rope,
        "level": level,
    }
    return pd.DataFrame(columns | decided, pd.Index(names, name="variant"), COLUMNS)


def verdict_sentence(row):
    """The verdict of a comparison in words, with the numbers that it rests on.

    Parameters
    ----------
    row : Series
        A row of what `compare` returns, such as ``comparison.loc["no gate"]``.

    Returns
    -------
    str

    Examples
    --------
    >>> from sklearn.dummy import DummyClassifier
    >>> from sklearn.naive_bayes import GaussianNB
    >>> from maldinb.ablation import run_study
    >>> X, y = np.arange(24.0)[:, None], np.repeat([0, 1], 12)
    >>> models = {"bayes": GaussianNB(), "coin": DummyClassifier(strategy="stratified")}
    >>> table = run_study(models, X, y, ["all"] * 24, n_repeats=1, leave_one_batch_out=False, progress=False)
    >>> print(verdict_sentence(compare(table, "bayes", rope=0.05).loc["coin"]))
    'bayes' is better than 'coin': in AUROC, by more than 0.05 with a probability of more than 0.99 (...).
    """
    metric, rope = METRICS[row["metric"]][0], f"{row['rope']:g}"
    names = f"{row['reference']!r}", f"{row.name!r}"
    numbers = (
        f"difference {row['difference']:+.3f}, {row['level']:.0%} interval {row['low']:+.3f} to {row['high']:+.3f}"
    )
    if row["verdict"] in ("better", "worse"):
        probability = _probability(row[row["verdict"]])
        return (
            f"{names[0]} is {row['verdict']} than {names[1]}: in {metric}, by more than {rope} with a probability of "
            f"{probability} ({numbers})."
        )
    if row["verdict"] == "equivalent":
        return (
            f"{' and '.join(names)} are equivalent: in {metric} they differ by less than {rope} with a probability of "
            f"{_probability(row['equivalent'])} ({numbers})."
        )
    return (
        f"{' and '.join(names)}: undecided. In {metric}, neither a difference of more than {rope} nor its absence is "
        f"shown ({numbers}); true differences of less than about {row['resolution']:.3f} would mostly be missed."
    )


def _step(metric, n_test):
    """The smallest change of a score, at best: one pair of an R and an S, one error, or anything."""
    if metric == "brier":
        return 0.0
    return 2 / n_test if metric.endswith("error") else 4 / n_test**2


def _probability(p):
    return "more than 0.99" if p > 0.99 else f"{p:.2f}"
