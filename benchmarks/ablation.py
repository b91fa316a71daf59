"""How long a study takes: its fits per second against those of the peer's classifier in a plain loop, in one run.

Both fit the same splits with the same seeds, 30 epochs at most. Ours run through `run_study` in two workers; the peer
runs in a loop as its users would write it, with as many threads as torch likes. What it takes to get going (imports,
the start of the workers, a first fit of one epoch) is given by itself: a long study pays it once. Every figure comes
from a fresh process; ours and the peer's take turns, and the ratio is formed pair by pair.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time

from .training import ANTIBIOTIC, BATCH, EPOCHS, HIDDEN, classifier

STUDY = {"n_repeats": 1, "n_splits": 5, "leave_one_batch_out": False, "progress": False}
SEEDS = (0, 1, 2)
FULL = 5 * 3  # repeats x seeds of a full study, each of which is one repeat with one seed


def data():
    """Matrix, labels, cities and isolates of the simulated set."""
    from maldinb import binary_labels, load_simulated

    data = load_simulated(ANTIBIOTIC)
    X, y = binary_labels(data)
    meta = data.meta.loc[X.index]
    return X, y, meta["Batch"], meta["Isolate"]


def study(models, seeds, n_jobs):
    """The table of a study, and the seconds that it took, the start of its workers included."""
    from maldinb.ablation import run_study

    X, y, batch, isolates = data()
    start = time.perf_counter()
    table = run_study(models, X, y, batch, isolate=isolates, seeds=seeds, n_jobs=n_jobs, **STUDY)
    return table, time.perf_counter() - start


def ours(patience):
    """Fits per second of two workers, then of one."""
    start = time.perf_counter()
    study({"first": classifier("ours", 0, patience).set_params(epochs=1)}, (0,), 2)
    start, rates = time.perf_counter() - start, {}
    for n_jobs in (2, 1):
        table, seconds = study({"learned gate": classifier("ours", 0, patience)}, SEEDS, n_jobs)
        rates[n_jobs] = len(table) / seconds
    return {"start": start, "rate": rates[2], "scaling": rates[2] / rates[1], "auroc": table["auroc"].mean()}


def peer(patience):
    from sklearn.metrics import roc_auc_score

    from maldinb.evaluation import stratified_splits

    start, scores = time.perf_counter(), []
    X, y, batch, isolates = data()
    classifier("peer", 0, patience).set_params(epochs=1).fit(X, y)
    start, begun = time.perf_counter() - start, time.perf_counter()
    for train, test in stratified_splits(y, batch, isolate=isolates, n_splits=STUDY["n_splits"]):
        for seed in SEEDS:
            model = classifier("peer", seed, patience).fit(X.iloc[train], y.iloc[train])
            scores.append(roc_auc_score(y.iloc[test], model.predict_proba(X.iloc[test])[:, 1]))
    rate = len(scores) / (time.perf_counter() - begun)
    return {"start": start, "rate": rate, "auroc": statistics.mean(scores)}


def full(_):
    """One repeat of all variants with one seed, and what each fit took."""
    from maldinb.ablation import variants

    X = data()[0]
    models = variants(X.shape[1], epochs=EPOCHS, hidden_dim=HIDDEN, batch_size=BATCH, device="cpu")
    table, seconds = study(models, (0,), 2)
    return {
        "seconds": seconds,
        "rows": len(table),
        "each": table.groupby("variant", sort=False)["seconds"].mean().to_dict(),
    }


def in_fresh_process(what, patience=10):
    command = [sys.executable, "-m", "benchmarks.ablation", "--child", what, "--patience", str(patience)]
    out = subprocess.run(command, capture_output=True, text=True, check=False)
    if out.returncode:
        raise SystemExit(f"{what} failed:\n{out.stderr}")
    return json.loads(out.stdout.splitlines()[-1])


def main(argv=None):
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ablation", description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--child", choices=["ours", "peer", "full"], help=argparse.SUPPRESS)
    parser.add_argument("--patience", type=int, default=10, help=argparse.SUPPRESS)
    options = parser.parse_args(argv)
    if options.child:
        print(json.dumps(globals()[options.child](options.patience)))
        return
    spectra = len(data()[1])  # and the cache is filled for all that follow
    print(
        f"{spectra} spectra, {EPOCHS} epochs, hidden_dim {HIDDEN}, {STUDY['n_splits']} folds x {len(SEEDS)} seeds, "
        f"{os.cpu_count()} cores; medians of {options.runs} runs"
    )
    print(f"\n{'fits per second':28}{'maldinb':>10}{'maldideepkit':>14}   ratio (min-max)")
    for name, patience in (("stopping early", 10), ("never stopping early", EPOCHS)):
        pairs = [[in_fresh_process(what, patience) for what in ("ours", "peer")] for _ in range(options.runs)]
        report_pair(name, pairs)
    report_full(in_fresh_process("full"))


def report_pair(name, pairs):
    mine, theirs = zip(*pairs, strict=True)
    a, b = (statistics.median(result["rate"] for result in results) for results in (mine, theirs))
    ratios = [p["rate"] / q["rate"] for p, q in pairs]
    print(f"{name:28}{a:10.3f}{b:14.3f}   {span(ratios)}")
    starts = ", ".join(f"{statistics.median(r['start'] for r in results):.1f} s" for results in (mine, theirs))
    print(f"  to get going: {starts}; mean AUROC: {mine[0]['auroc']:.3f}, {theirs[0]['auroc']:.3f}")
    print(f"  two workers against one: {span([result['scaling'] for result in mine])}")


def span(ratios):
    return f"{statistics.median(ratios):.2f} x ({min(ratios):.2f}-{max(ratios):.2f})"


def report_full(result):
    rows, seconds = result["rows"], result["seconds"]
    print(f"\none repeat of {len(result['each'])} variants with one seed: {rows} fits in {seconds:.0f} s")
    print("seconds for a fit: " + ", ".join(f"{name} {value:.2f}" for name, value in result["each"].items()))
    print(f"at this rate, 5 repeats with 3 seeds ({FULL * rows} fits) take {FULL * seconds / 60:.1f} minutes")


if __name__ == "__main__":
    main()
