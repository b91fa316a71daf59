"""What exact BatchNorm statistics are worth on few spectra: the same fits with the running averages of PyTorch.

The weights of both are the same epoch by epoch; early stopping may keep others. All are judged on one large set of
spectra from the same simulated hospitals, none of which was trained on.
"""

import argparse
import statistics
import warnings
from unittest.mock import patch

#: Spectra to train on, of which one or two may have no label -> how many such sets are drawn.
SETS = {40: 10, 60: 10, 100: 10, 200: 6, 400: 4, 743: 4}


def fit(seed, X, y):
    """A network with all defaults. It may warn that it only guesses, which is what is to be shown."""
    from maldinb import MaldiMLPClassifier

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return MaldiMLPClassifier(random_state=seed, device="cpu").fit(X, y)


def compare(n, seed, X_new, y_new):
    """Of the network with running averages and of the exact one the AUROC, and whether it scores all spectra alike."""
    from sklearn.metrics import roc_auc_score

    from maldinb import binary_labels, load_simulated
    from maldinb.network import training

    X, y = binary_labels(load_simulated(n_spectra=n, seed=seed))
    with patch.object(training, "use_exact_statistics", lambda *_: None):
        running = fit(seed, X, y)
    scores = [clf.predict_proba(X_new)[:, 1] for clf in (running, fit(seed, X, y))]
    return [(roc_auc_score(y_new, score), score.max() - score.min() < 0.1) for score in scores]


def main(argv=None):
    from maldinb import binary_labels, load_simulated

    parser = argparse.ArgumentParser(prog="python -m benchmarks.small", description=__doc__.splitlines()[0])
    parser.add_argument("--most", type=int, default=max(SETS), help="leave out larger training sets")
    most = parser.parse_args(argv).most
    new = binary_labels(load_simulated(seed=99))
    print(f"AUROC on {len(new[1])} new spectra; in brackets, of how many networks all P(R) lie within 0.1")
    print(f"{'spectra':>8}{'sets':>6}{'running averages':>20}{'exact':>14}   difference (standard error)")
    for n, sets in SETS.items():
        if n <= most:
            pairs = [compare(n, seed, *new) for seed in range(sets)]
            (a, alike_a), (b, alike_b) = (zip(*side, strict=True) for side in zip(*pairs, strict=True))
            d = [q - p for p, q in zip(a, b, strict=True)]
            sides = f"{statistics.mean(a):14.3f} ({sum(alike_a):2}){statistics.mean(b):11.3f} ({sum(alike_b):2})"
            difference = f"{statistics.mean(d):+.3f} ({statistics.stdev(d) / len(d) ** 0.5:.3f})"
            print(f"{n:8}{sets:6}{sides}   {difference}", flush=True)


if __name__ == "__main__":
    main()
