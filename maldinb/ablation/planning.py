"""What can a study of this size find? Asked before it is run, of the very rule by which it will be judged."""

import numpy as np
import pandas as pd

from ..arguments import fraction, real, whole
from .rule import decide

VERDICTS = ("better", "equivalent", "worse", "undecided")


def power(
    differences,
    *,
    split_sd,
    seed_sd=0.0,
    n_repeats=5,
    n_splits=5,
    n_seeds=3,
    n_comparisons=6,
    rope=0.01,
    level=0.95,
    n_studies=2000,
    random_state=0,
):
    """How often will a study give each verdict, if one variant truly differs by so much, and all others not at all?

    Studies are simulated, and each is judged by the rule of `compare`. The difference on a split is the true one, plus
    something that all splits share since they share spectra, plus what is special to the split, plus the luck of the
    seeds, averaged over them. What the splits share is what the corrected test assumes: a correlation of n_test /
    (n_test + n_train), 1/5 with five folds. All comparisons have the reference in common, and half of their variance.

    Parameters
    ----------
    differences : float or sequence of float
        True differences, in units of the score; above 0, the reference is better.
    split_sd : float
        Standard deviation of the difference between splits, with so many seeds that their luck has averaged out.
    seed_sd : float
        What the luck of a single seed adds on a split. `variance_components` with a `reference` estimates the squares
        of both from an earlier study: ``splits``, and the sum of ``seeds`` and ``residual``.
    n_repeats, n_splits, n_seeds : int
        The design, as in `run_study`; here `n_seeds` is a number.
    n_comparisons : int
        How many variants are compared with the reference. Holm's adjustment grows with them.
    rope, level : float
        As in `compare`.
    n_studies : int
        How many to simulate. With 2000, a share is uncertain by 0.02 at most (two standard errors).
    random_state : int
        All differences meet the same luck, so that shares change smoothly from one to the next.

    Returns
    -------
    DataFrame
        A row for each true difference; the shares of ``better``, ``equivalent``, ``worse`` and ``undecided``.

    Raises
    ------
    ValueError
        If an argument is malformed.

    See Also
    --------
    compare : the rule.

    References
    ----------
    Nadeau and Bengio 2003, doi:10.1023/A:1024068626366

    Examples
    --------
    Five folds with one seed find a difference of .06 now and then; that there is none, they never show.

    >>> power([0.0, 0.06], split_sd=0.02, n_repeats=1, rope=0.02).round(1)
                better  equivalent  worse  undecided
    difference
    0.00           0.0         0.0    0.0        1.0
    0.06           0.5         0.0    0.0        0.5
    """
    shifts = [real(value, "each of differences", -1, 1) for value in np.atleast_1d(differences).tolist()]
    split_sd, seed_sd = real(split_sd, "split_sd", 0, 1), real(seed_sd, "seed_sd", 0, 1)
    n_splits, seeds = whole(n_splits, "n_splits", 2), whole(n_seeds, "n_seeds", 1)
    n, ratio = whole(n_repeats, "n_repeats", 1) * n_splits, 1 / (n_splits - 1)
    studies, comparisons = whole(n_studies, "n_studies", 1), whole(n_comparisons, "n_comparisons", 1)
    rope, level = fraction(rope, "rope"), fraction(level, "level")

    rng = np.random.default_rng(random_state)

    def luck(splits):
        """Standard normal differences, studies x splits x comparisons; any two comparisons correlate by 1/2."""
        scores = rng.normal(size=(studies, splits, 1 + comparisons))
        return (scores[..., :1] - scores[..., 1:]) / np.sqrt(2)

    found = split_sd * (np.sqrt(ratio) * luck(1) + luck(n)) + seed_sd / np.sqrt(seeds) * luck(n)
    mean, sd = found.mean(axis=1), found.std(axis=1, ddof=1)
    shares = []
    for shift in shifts:
        shifted = mean + shift * (np.arange(comparisons) == 0)
        verdict = decide(shifted, sd, n, ratio, rope, level)["verdict"][:, 0]
        shares.append([(verdict == word).mean() for word in VERDICTS])
    return pd.DataFrame(shares, pd.Index(shifts, name="difference"), VERDICTS)
