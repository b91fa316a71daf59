"""How close is the simulated twin to the real MALDI-Kleb-AI set? Prints one table: real value | twin's value.

Real values are published ones (Rocchi et al. 2026, doi:10.1186/s12866-025-04657-2) or were derived from published
figures and spectra of the same authors; "-" where none is known. Run: python -m benchmarks.twin
"""

import argparse
import time

import numpy as np
import pandas as pd
from scipy.signal import find_peaks
from scipy.stats import ttest_ind
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import adjusted_rand_score, average_precision_score, pairwise_distances, roc_auc_score
from sklearn.model_selection import StratifiedGroupKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from maldinb.datasets.registry import KLEB_AI
from maldinb.preprocessing import preprocess, smooth, snip_baseline, sqrt_transform
from maldinb.simulation import Simulation

CITIES = ("Rome", "Milan", "Catania")
DRUGS = KLEB_AI.antibiotics
C = 0.001  # of the logistic regression on standardised bins


def main(argv=None):
    parser = argparse.ArgumentParser(prog="python -m benchmarks.twin", description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--site-moments", metavar="PATH", help="CSV: mean_CITY and sd_CITY of each real bin")
    parser.add_argument("--fast", action="store_true", help="leave out the classifiers")
    args = parser.parse_args(argv)

    start = time.perf_counter()
    sim = Simulation(seed=args.seed)
    built = time.perf_counter()
    raws = [sim.raw(i) for i in range(len(sim))]
    simulated = time.perf_counter()
    X = np.array([preprocess(*raw) for raw in raws])
    done = time.perf_counter()

    table = Table()
    counts(table, sim.meta)
    raw_spectra(table, sim, raws)
    calibration(table, sim, raws)
    rows(table, sim.meta, X)
    structure(table, sim.meta, X)
    markers(table, sim, X)
    if args.site_moments:
        moments(table, sim.meta, X, pd.read_csv(args.site_moments))
    if not args.fast:
        for drug in DRUGS:
            scores(table, sim.meta, X, drug)
            misled(table, sim, X, drug)
    table.add("seconds: constructor", "-", f"{built - start:.3f}")
    table.add("seconds: 743 raw spectra, one process", "-", f"{simulated - built:.1f}")
    table.add("seconds: preprocessing, one process", "-", f"{done - simulated:.1f}")
    table.add("seconds: this benchmark", "-", f"{time.perf_counter() - start:.0f}")
    table.show()


class Table:
    """Collects lines and prints them as one Markdown table."""

    def __init__(self):
        self.lines = []

    def add(self, quantity, real, twin):
        self.lines.append((quantity, real, twin))

    def show(self):
        widths = [max(map(len, column)) for column in zip(("quantity", "real", "twin"), *self.lines, strict=True)]
        for k, line in enumerate([("quantity", "real", "twin"), *self.lines]):
            print("| " + " | ".join(cell.ljust(w) for cell, w in zip(line, widths, strict=True)) + " |")
            if k == 0:
                print("|" + "|".join("-" * (w + 2) for w in widths) + "|")


def counts(table, meta):
    table.add("spectra", str(KLEB_AI.n_spectra), str(len(meta)))
    table.add("isolates", "686", str(meta["Isolate"].nunique()))
    table.add("K. pneumoniae", "nearly all", f"{(meta['Species'] == 'Klebsiella pneumoniae').mean():.1%}")
    for drug in DRUGS:
        for city in CITIES:
            n = meta.loc[meta["City"] == city, drug].value_counts()
            table.add(f"{drug} S/R, {city}", "{}/{}".format(*KLEB_AI.counts[drug][city]), f"{n['S']}/{n['R']}")
        table.add(f"{drug} labelled", str(KLEB_AI.n_labelled(drug)), str(meta[drug].notna().sum()))
    both = pd.crosstab(meta["Amikacin"], meta["Meropenem"])
    odds = both.loc["R", "R"] * both.loc["S", "S"] / (both.loc["R", "S"] * both.loc["S", "R"])
    table.add("odds ratio of the two resistances", "> 1", f"{odds:.1f}")


def raw_spectra(table, sim, raws):
    published = {
        "R": ("about 25100", "1.2e3", "40 +- 7", ".77 (.56-.82)"),
        "A": ("about 20700", "1.3e4", "69 +- 13", ".57"),
    }
    log_tic = {"R": [], "A": []}
    for name, (points, highest, peaks, base) in published.items():
        chosen = [raws[i] for i in range(len(sim)) if sim.file_format(i) == name]
        n_peaks = [count_peaks(y) for _, y in chosen]
        share = [np.maximum(snip_baseline(smooth(y), 200), 0).sum() / y.sum() for _, y in chosen]
        log_tic[name] = [np.log(y.sum()) for _, y in chosen]
        table.add(f"points, format {name}", points, f"{np.mean([len(y) for _, y in chosen]):.0f}")
        table.add(f"median of the maximum in counts, {name}", highest, f"{np.median([y.max() for _, y in chosen]):.2g}")
        table.add(f"peaks (prominence > 4 medians), {name}", peaks, f"{np.mean(n_peaks):.0f} +- {np.std(n_peaks):.0f}")
        spread = f"{np.mean(share):.2f} ({min(share):.2f}-{max(share):.2f})"
        table.add(f"share of counts in the baseline, {name}", base, spread)
    sd = np.mean([np.std(values) for values in log_tic.values()])
    table.add("sd of ln TIC within a format", "about .9", f"{sd:.2f}")


def count_peaks(intensity):
    y = smooth(sqrt_transform(intensity))
    y = np.maximum(y - snip_baseline(y), 0)
    return len(find_peaks(y, prominence=4 * np.median(y), distance=10)[0])


def rows(table, meta, X):
    mean = {city: X[meta["City"] == city].mean(axis=0) for city in CITIES}
    sd = {city: X[meta["City"] == city].std(axis=0) for city in CITIES}
    for city, real in zip(CITIES, ("8-9e-5", "5-6e-5", "-"), strict=True):
        table.add(f"floor beyond 13 kDa, {city}", real, f"{np.median(mean[city][3667:]):.1e}")
    for city in CITIES:
        table.add(f"median CV of a bin, {city}", ".6-.7", f"{np.median(sd[city] / mean[city]):.2f}")
    for mz in (4740, 4771, 5144, 9137, 5283):
        rome, milan = height(mean["Rome"], mz * 1.001), height(mean["Milan"], mz)
        real = "stronger" if mz == 5283 else "nearly lacks"
        table.add(f"peak {mz}: height in Rome / Milan", real, f"{rome / milan:.2f}")
    within = X - np.array([mean[city] for city in meta["City"]])
    z = within / within.std(axis=0)
    lags = [np.mean(z[:, k:] * z[:, :-k]) for k in (1, 2, 3, 5, 10)]
    table.add("correlation of bins, lag 1/2/3/5/10", ".83 .59 .46 .38 .21", " ".join(f"{r:.2f}" for r in lags))


def height(row, mz):
    k = int((mz - 2000) / 3)
    return row[k - 2 : k + 3].max() - np.quantile(row[k - 30 : k + 30], 0.1)


def calibration(table, sim, raws):
    masses = (4365.3, 5381.4, 6289.5)
    seen = {}
    for city in ("Rome", "Milan"):
        chosen = [raws[i] for i in np.flatnonzero(sim.meta["City"] == city)]
        seen[city] = np.array([[apex(*raw, mz) for mz in masses] for raw in chosen])
    ratio = np.median(seen["Rome"], axis=0) / np.median(seen["Milan"], axis=0)
    table.add("Rome above Milan, ppm", "900 to 1130", f"{1e6 * (ratio.min() - 1):.0f} to {1e6 * (ratio.max() - 1):.0f}")
    error = 1e6 * np.median(seen["Milan"] / masses, axis=1)
    spread = np.subtract(*np.quantile(error, (0.75, 0.25))) / 1.349  # sd of a normal distribution with these quartiles
    table.add("sd of the calibration, Milan, ppm", "about 205", f"{spread:.0f}")


def apex(mz, intensity, near):
    """m/z of the highest point of the smoothed spectrum within 0.25 % of `near`, in Da."""
    window = slice(*np.searchsorted(mz, (near * 0.9975, near * 1.0025)))
    return mz[window][np.argmax(smooth(intensity[window]))]


def markers(table, sim, X):
    """Reported resistance peaks: mean heights in Rome, and the share of spectra in which they stand out."""
    meta, names = sim.meta, [f"{edge}" for edge in range(2000, 20000, 3)]
    rome = X[meta["City"] == "Rome"]
    resistant = (meta["Amikacin"][meta["City"] == "Rome"] == "R").to_numpy()
    for name, real in (("4712", "4.9e-4, 1.6e-4"), ("4703", "2.8e-4, 1.2e-4"), ("11114", "1.25e-4, 0.80e-4")):
        value = rome[:, names.index(name)]
        r, s = value[resistant].mean(), value[~resistant].mean()
        table.add(f"bin {name} in Rome, amikacin R, S", real, f"{r:.1e}, {s:.1e}")
    published = {
        11109.0: (".09 -> .31", ".10 -> .37"),
        4523.0: (".06 -> .19", ".04 -> .24"),
        4708.0: (".17 -> .38", ".12 -> .33"),
        4481.0: (".15 -> .38", ".08 -> .29"),
        5555.0: (".12 -> .32", ".18 -> .38"),
        5639.0: (".05 -> .13", ".00 -> .14"),
        6473.0: (".80 -> .57", "-"),
        7673.0: (".91 -> .71", "-"),
        8252.0: (".96 -> .79", "-"),
        6158.0: ("-", "1.0 -> .87"),
        9855.0: ("-", ".99 -> .87"),
    }
    shift = np.where(meta["City"] == "Rome", 1.001, 1.0)
    for mz, shares in published.items():
        there = np.array([stands_out(row, mz * s) for row, s in zip(X, shift, strict=True)])
        for drug, real in zip(DRUGS, shares, strict=True):
            if real != "-":
                s, r = (there[meta[drug] == label].mean() for label in "SR")
                table.add(f"share with peak {mz:.0f}, {drug} S -> R", real, f"{s:.2f} -> {r:.2f}")


def stands_out(row, mz):
    """Are the three bins at `mz` more than half as high again as those 15-24 Da away, on either side?"""
    k = int((mz - 2000) / 3)
    return row[k - 1 : k + 2].mean() > 1.5 * max(row[k - 8 : k - 4].mean(), row[k + 5 : k + 9].mean())


def structure(table, meta, X):
    Z = StandardScaler().fit_transform(X)
    pca = PCA(5, random_state=0).fit(Z)
    share = pca.explained_variance_ratio_
    table.add("PCA of standardised bins: PC1, PC2", "16.6 %, 5.9 %", f"{share[0]:.1%}, {share[1]:.1%}")
    plane = pca.transform(Z)[:, :2]
    rome, milan = meta["City"] == "Rome", meta["City"] == "Milan"
    labelled = meta["Amikacin"].notna().to_numpy()
    known, resistant = labelled & rome, meta["Amikacin"] == "R"
    table.add("AUROC of PC1-2 for Rome", "separate", separable(plane, rome))
    table.add("AUROC of PC1-2 for Milan v. Catania", "together", separable(plane[~rome], milan[~rome]))
    table.add("AUROC of PC1-2 for amikacin R in Rome", "mixed", separable(plane[known], resistant[known]))
    D = pairwise_distances(X, metric="cosine")
    off = D[np.triu_indices_from(D, 1)]
    spread = f"{off.min():.3f}-{off.max():.2f} ({np.median(off):.2f})"
    table.add("cosine distance, min-max (median)", ".045-.81", spread)
    cluster = k_medoids(D, 3)
    with_city = adjusted_rand_score(meta["City"], cluster)
    with_label = adjusted_rand_score(meta["Amikacin"][labelled], cluster[labelled])
    table.add("3-medoids, adjusted Rand with city", ".69", f"{with_city:.2f}")
    table.add("3-medoids, adjusted Rand with amikacin", ".03", f"{with_label:.2f}")


def separable(points, is_positive):
    """AUROC of the best straight line between the two groups, as text."""
    is_positive = np.asarray(is_positive)
    score = LogisticRegression().fit(points, is_positive).decision_function(points)
    return f"{roc_auc_score(is_positive, score):.2f}"


def k_medoids(D, k):
    """Partition by distances: the best of several starts of alternating assignment and update."""
    rng, best = np.random.default_rng(0), (np.inf, None)
    for _ in range(30):
        medoids = rng.choice(len(D), k, replace=False)
        for _ in range(50):
            cluster = np.argmin(D[:, medoids], axis=1)
            members = [np.flatnonzero(cluster == c) for c in range(k)]
            new = np.array([m[np.argmin(D[np.ix_(m, m)].sum(axis=1))] for m in members])
            if (new == medoids).all():
                break
            medoids = new
        best = min(best, (D[:, medoids].min(axis=1).sum(), cluster.tolist()))
    return np.array(best[1])


def moments(table, meta, X, reference):
    for city in CITIES:
        own = X[meta["City"] == city]
        for name, values in (("mean", own.mean(axis=0)), ("sd", own.std(axis=0))):
            r = np.corrcoef(values, reference[f"{name}_{city}"])[0, 1]
            table.add(f"correlation with the real {name} spectrum, {city}", "1", f"{r:.2f}")


def scores(table, meta, X, drug):
    known = meta[drug].notna().to_numpy()
    X, meta = X[known], meta[known]
    y, city = (meta[drug] == "R").to_numpy(), meta["City"].to_numpy()
    rate = pd.Series(y).groupby(city).transform("mean")
    real_city, real_lr, real_best, real_gate = {
        "Amikacin": (".715", ".741 [.705-.779]", "XGBoost .822", ".826"),
        "Meropenem": (".680", ".829", "XGBoost .887", "-"),
    }[drug]
    table.add(f"{drug}: AUROC of the city alone", real_city, f"{roc_auc_score(y, rate):.3f}")
    folds = StratifiedGroupKFold(5, shuffle=True, random_state=0)
    scaled = make_pipeline(StandardScaler(), LogisticRegression(C=C, max_iter=500))
    pooled = out_of_fold(scaled, X, y, meta["Isolate"], folds)
    unscaled = out_of_fold(LogisticRegression(), X, y, meta["Isolate"], folds)
    real = f"{real_lr}; {real_best}; gated MLP {real_gate}"
    table.add(f"{drug}: LR, pooled CV", real, f"{roc_auc_score(y, pooled):.3f}")
    table.add(f"{drug}: LR without scaling, pooled CV", "-", f"{roc_auc_score(y, unscaled):.3f}")
    table.add(f"{drug}: pooled LR, judged within Rome, Milan, Catania", "-", per_city(y, pooled, city))
    alone, left_out = np.zeros(len(y)), np.zeros(len(y))
    for c in CITIES:
        here = city == c
        alone[here] = out_of_fold(scaled, X[here], y[here], meta["Isolate"][here], folds)
        left_out[here] = scaled.fit(X[~here], y[~here]).decision_function(X[here])
    within, across = {"Amikacin": (".73-.82 (XGBoost)", ".36-.61 (XGBoost)"), "Meropenem": ("-", "-")}[drug]
    table.add(f"{drug}: trained and tested in Rome, Milan, Catania", within, per_city(y, alone, city))
    table.add(f"{drug}: tested in Rome, Milan, Catania, trained elsewhere", across, per_city(y, left_out, city))


def out_of_fold(model, X, y, groups, folds):
    return cross_val_predict(model, X, y, groups=groups, cv=folds, method="decision_function")


def per_city(y, score, city):
    return " ".join(f"{roc_auc_score(y[city == c], score[city == c]):.2f}" for c in CITIES)


def misled(table, sim, X, drug):
    """Does a pooled t-test find the planted peaks? Does a linear model?"""
    known = sim.meta[drug].notna().to_numpy()
    X, y = X[known], (sim.meta[drug][known] == "R").to_numpy()
    Z = StandardScaler().fit_transform(X)
    t = np.abs(ttest_ind(Z[y], Z[~y], equal_var=False).statistic)
    weight = np.abs(LogisticRegression(C=C, max_iter=500).fit(Z, y).coef_[0])
    truth = np.zeros(X.shape[1], bool)
    for mz in sim.planted.loc[sim.planted["antibiotic"] == drug, "mz"]:
        truth[int((mz - 6 - 2000) / 3) : int((mz * 1.001 + 6 - 2000) / 3) + 1] = True
    top = truth[np.argsort(-t)[:50]].mean()
    table.add(f"{drug}: planted bins among the 50 largest pooled t", "-", f"{top:.0%} (by chance {truth.mean():.0%})")
    ap = [average_precision_score(truth, values) for values in (t, weight)]
    table.add(f"{drug}: average precision for planted bins, t-test, LR", "-", f"{ap[0]:.2f}, {ap[1]:.2f}")


if __name__ == "__main__":
    main()
