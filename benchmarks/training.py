"""How fast, and in how much memory, the classifier is fitted: against the peer of the same name, in one run.

Both packages train on the same matrix, the simulated set with amikacin labels, with the same epochs, batches and seeds,
one thread each. Every figure comes from a fresh process; ours and the peer's take turns, and the ratio is formed pair
by pair. A second table compares what is learnt, so that speed is not bought with quality, and a third shows how far the
machine would allow one to go.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time

from .loading import peak_mb

EPOCHS, HIDDEN, BATCH = 30, 256, 32
ANTIBIOTIC = "Amikacin"


def data():
    """Matrix, labels, strata and isolates of the simulated set."""
    from maldinb import binary_labels, load_simulated

    data = load_simulated(ANTIBIOTIC)
    X, y = binary_labels(data)
    meta = data.meta.loc[X.index]
    return X, y, meta["Batch"].astype(str) + y.astype(str), meta["Isolate"]


def classifier(package, seed, patience):
    if package == "ours":
        from maldinb.network.classifier import MaldiMLPClassifier

        return MaldiMLPClassifier(
            epochs=EPOCHS, hidden_dim=HIDDEN, batch_size=BATCH, patience=patience, random_state=seed, device="cpu"
        )
    from maldideepkit import MaldiMLPClassifier

    return MaldiMLPClassifier(
        epochs=EPOCHS, hidden_dim=HIDDEN, batch_size=BATCH, early_stopping_patience=patience, random_state=seed,
        device="cpu",
    )  # fmt: skip


def use_one_thread():
    import torch

    torch.set_num_threads(1)


def run(package):
    """Seconds of an import, of a first and a second fit and of a prediction, and peak memory. No fit stops early."""
    start = time.perf_counter()
    classifier(package, 0, EPOCHS)
    result = {"import": time.perf_counter() - start}
    X, y, _, _ = data()
    use_one_thread()
    for name in ("first fit", "second fit"):
        start = time.perf_counter()
        clf = classifier(package, 0, EPOCHS).fit(X, y)
        result[name] = time.perf_counter() - start
    seconds = []
    for _ in range(10):
        start = time.perf_counter()
        clf.predict_proba(X)
        seconds.append(time.perf_counter() - start)
    return result | {"predict": statistics.median(seconds), "peak_mb": peak_mb()}


def imports(_):
    """Seconds to import torch and scikit-learn, which both need."""
    start = time.perf_counter()
    import sklearn.metrics  # noqa: F401
    import torch  # noqa: F401

    return {"import": time.perf_counter() - start}


def quality(package, seeds=3):
    """AUROC in each of five folds, grouped by isolate, for each seed, and of all folds pooled; stopping early."""
    import numpy as np
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import StratifiedGroupKFold

    X, y, strata, isolates = data()
    use_one_thread()
    folds, pooled = [], []
    for seed in range(seeds):
        scores = np.zeros(len(y))
        for train, test in StratifiedGroupKFold(5, shuffle=True, random_state=seed).split(X, strata, isolates):
            clf = classifier(package, seed, 10).fit(X.iloc[train], y.iloc[train])
            scores[test] = clf.predict_proba(X.iloc[test])[:, 1]
            folds.append(roc_auc_score(y.iloc[test], scores[test]))
        pooled.append(roc_auc_score(y, scores))
    return {"folds": folds, "pooled": pooled}


def fit_once(seed):
    X, y, _, _ = data()
    return len(classifier("ours", seed, EPOCHS).fit(X, y).history_["val_loss"])


def many(package, fits=6):
    """Fits per second: ours in two worker processes, their start included; the peer's in a loop, as torch likes it."""
    from joblib import Parallel, delayed

    start = time.perf_counter()
    if package == "ours":
        Parallel(2)(delayed(fit_once)(seed) for seed in range(fits))
    else:
        X, y, _, _ = data()
        for seed in range(fits):
            classifier(package, seed, EPOCHS).fit(X, y)
    return {"fits per second": fits / (time.perf_counter() - start)}


def floor(_):
    """What an epoch asks of the machine, and what one thread of it can do: arithmetic, and Adam's memory traffic."""
    import torch

    X, y, _, _ = data()
    use_one_thread()
    n_train = len(y) - round(0.1 * len(y))
    head = HIDDEN * HIDDEN + HIDDEN * 256 + 256 * 128 + 128 * 2
    # A product with the weights forward, one for the weights' gradient, and one for the inputs' but in the first layer.
    flops = 2 * n_train * (2 * X.shape[1] * HIDDEN + 3 * head) + 2 * (len(y) - n_train) * (X.shape[1] * HIDDEN + head)
    weights = X.shape[1] * HIDDEN + head
    # Reads weight, gradient and two moments, writes all but the gradient.
    traffic = 7 * 4 * weights * -(-n_train // BATCH)
    a, b = torch.randn(1024, 1024), torch.randn(1024, 1024)
    big, target = torch.randn(2**24), torch.empty(2**24)
    rate = 2 * 1024**3 / quickest(lambda: a @ b)
    bandwidth = 2 * 4 * 2**24 / quickest(lambda: target.copy_(big))
    return {"flops": flops, "traffic": traffic, "rate": rate, "bandwidth": bandwidth}


def quickest(function, runs=30):
    seconds = []
    for _ in range(runs):
        start = time.perf_counter()
        function()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def start_process(what, package="ours"):
    command = [sys.executable, "-m", "benchmarks.training", "--child", what, "--package", package]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def result_of(process):
    out, err = process.communicate()
    if process.returncode:
        raise SystemExit(f"{' '.join(process.args[3:])} failed:\n{err}")
    return json.loads(out.splitlines()[-1])


def in_fresh_process(what, package="ours"):
    return result_of(start_process(what, package))


def main(argv=None):
    parser = argparse.ArgumentParser(prog="python -m benchmarks.training", description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--child", choices=["run", "imports", "quality", "many", "floor"], help=argparse.SUPPRESS)
    parser.add_argument("--package", choices=["ours", "peer"], help=argparse.SUPPRESS)
    options = parser.parse_args(argv)
    if options.child:
        print(json.dumps(globals()[options.child](options.package)))
        return
    spectra = len(data()[1])  # and the cache is filled for all that follow
    print(
        f"{spectra} spectra, {EPOCHS} epochs, hidden_dim {HIDDEN}, batches of {BATCH}, {os.cpu_count()} cores, one "
        f"thread; medians of {options.runs} runs"
    )
    in_fresh_process("imports")  # the first import of a machine reads the disk
    rounds = [
        [in_fresh_process("imports"), in_fresh_process("floor")]
        + [in_fresh_process("run", package) for package in ("ours", "peer")]
        for _ in range(options.runs)
    ]
    loops = [in_fresh_process("many", package) for package in ("ours", "peer")]
    both = [start_process("quality", package) for package in ("ours", "peer")]  # side by side: nothing is timed
    report(rounds, loops, [result_of(process) for process in both])


def report(rounds, loops, learnt):
    base, floors, ours, theirs = zip(*rounds, strict=True)
    print(f"\n{'':28}{'maldinb':>10}{'maldideepkit':>14}   ratio (min-max)")
    for key, digits in (("import", 2), ("first fit", 2), ("second fit", 2), ("predict", 3), ("peak_mb", 0)):
        a, b = (statistics.median(r[key] for r in results) for results in (ours, theirs))
        ratios = sorted(q[key] / p[key] for p, q in zip(ours, theirs, strict=True))
        span = f"{statistics.median(ratios):.2f} x ({ratios[0]:.2f}-{ratios[-1]:.2f})"
        name = "peak memory, MB" if key == "peak_mb" else f"{key}, s"
        print(f"{name:28}{a:10.{digits}f}{b:14.{digits}f}   {span}")
    a, b = (loop["fits per second"] for loop in loops)
    print(f"{'fits per second':28}{a:10.3f}{b:14.3f}   {a / b:.2f} x (two workers of one thread; the peer in a loop)")
    print(f"importing torch and scikit-learn alone: {statistics.median(r['import'] for r in base):.2f} s")
    report_quality(*learnt)
    report_floor(floors, ours)


def report_quality(ours, theirs):
    print(f"\nAUROC, {len(ours['pooled'])} seeds x 5 folds grouped by isolate, stopping early")
    for name, key in (("mean of the folds", "folds"), ("pooled over folds", "pooled")):
        a, b = ours[key], theirs[key]
        difference = [p - q for p, q in zip(a, b, strict=True)]
        error = statistics.stdev(difference) / len(difference) ** 0.5
        text = f"difference {statistics.mean(difference):+.4f} (standard error {error:.4f})"
        print(f"{name:28}{statistics.mean(a):10.4f}{statistics.mean(b):14.4f}   {text}")


def report_floor(floors, ours):
    print("\nan epoch, beside what the machine allows (one thread)")
    best = {key: max(f[key] for f in floors) for key in floors[0]}
    arithmetic, memory = best["flops"] / best["rate"], best["traffic"] / best["bandwidth"]
    epoch = min(r["second fit"] for r in ours) / EPOCHS
    rate = f"{best['flops'] / 1e9:.1f} GFLOP at {best['rate'] / 1e9:.0f} GFLOP/s, as a product of 1024 x 1024 runs"
    print(f"{'arithmetic, s':28}{arithmetic:10.3f}   {rate}")
    copied = f"{best['traffic'] / 1e9:.2f} GB at {best['bandwidth'] / 1e9:.1f} GB/s, as a copy of 64 MB runs"
    print(f"{'Adam memory traffic, s':28}{memory:10.3f}   {copied}")
    print(f"{'measured, s':28}{epoch:10.3f}   {epoch / (arithmetic + memory):.1f} x their sum")


if __name__ == "__main__":
    main()
