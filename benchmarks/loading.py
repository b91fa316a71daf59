"""How fast, and in how much memory, spectra become a matrix: against the authors' own package, in one run.

An archive of real size (743 spectra, about 370 MB) is simulated once. Every figure comes from a fresh process, since
peak memory is that of a process; ours and the peer's take turns, and the ratio is formed pair by pair.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time
from pathlib import Path

RUNS = 3


def peak_mb():
    """Peak memory of this process and its largest child, in MB."""
    scale = 1 if sys.platform == "darwin" else 1024  # macOS counts bytes, Linux kB
    who = resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN
    return max(resource.getrusage(w).ru_maxrss for w in who) * scale / 1e6


def ours(folder, **options):
    """First and second load of the archive."""
    import warnings

    import maldinb

    warnings.simplefilter("ignore", UserWarning)  # the archive is simulated, and the loader says so
    with tempfile.TemporaryDirectory() as cache:
        return timed(lambda: maldinb.load_maldi_kleb_ai(archive=folder / "maldi-tof.tar", cache_dir=cache, **options).X)


def one_core(folder):
    """The same without a second thread or process."""
    return ours(folder, n_jobs=1)


def peer(folder):
    """The same with maldiamrkit, on the unpacked files: it has no cache."""
    from maldiamrkit import MaldiSet

    def load():
        data = MaldiSet.from_directory(
            str(folder / "spectra"),
            str(folder / "metadata.csv"),
            aggregate_by={"antibiotics": ["Amikacin"]},
            bin_width=3,
        )
        return data.X

    return timed(load)


def embedded(folder):
    """The embedded data set, cold and warm."""
    import maldinb

    with tempfile.TemporaryDirectory() as cache:
        return timed(lambda: maldinb.load_simulated(cache_dir=cache).X)


def timed(load):
    """Seconds of a first and a second load, and peak memory. Both packages read every number while they load."""
    seconds = []
    for _ in range(2):
        start = time.perf_counter()
        X = load()
        seconds.append(time.perf_counter() - start)
    return {"first": seconds[0], "second": seconds[1], "peak_mb": peak_mb(), "rows": len(X)}


def in_fresh_process(what, folder):
    out = subprocess.run(
        [sys.executable, "-m", "benchmarks.loading", "--child", what, "--folder", folder],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if out.returncode:
        raise SystemExit(f"{what} failed:\n{out.stderr}")
    return json.loads(out.stdout.splitlines()[-1])


def compare(folder):
    """Largest relative difference between our matrix and the peer's on these files."""
    import warnings

    import numpy as np
    from maldiamrkit import MaldiSet

    import maldinb

    warnings.simplefilter("ignore", UserWarning)
    table = {"aggregate_by": {"antibiotics": ["Amikacin"]}, "bin_width": 3}
    theirs = MaldiSet.from_directory(str(folder / "spectra"), str(folder / "metadata.csv"), **table).X
    with tempfile.TemporaryDirectory() as cache:
        mine = maldinb.load_maldi_kleb_ai(archive=folder / "maldi-tof.tar", cache_dir=cache).X.loc[theirs.index]
    a, b = mine.to_numpy(), theirs.to_numpy()
    return {
        "rows": len(a),
        "relative": float(np.max(np.abs(a - b) / np.where(b > 0, b, np.inf))),
        "zeros_agree": bool(((a == 0) == (b == 0)).all()),
    }


def prepare(folder, n_spectra):
    import maldinb

    archive = maldinb.write_simulated_archive(folder / "maldi-tof.tar", n_spectra=n_spectra)
    with tarfile.open(archive) as tar:  # for the peer, which reads folders
        tar.extractall(folder, filter="data")
    return archive.stat().st_size / 1e6


def main(argv=None):
    parser = argparse.ArgumentParser(prog="python -m benchmarks.loading", description=__doc__.splitlines()[0])
    parser.add_argument("--n-spectra", type=int, default=743)
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--child", choices=["ours", "one_core", "peer", "embedded", "compare"], help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args(argv)
    if options.child:
        print(json.dumps(globals()[options.child](options.folder)))
        return
    with tempfile.TemporaryDirectory() as folder:
        size = prepare(Path(folder), options.n_spectra)
        print(
            f"{options.n_spectra} spectra, {size:.0f} MB, {os.cpu_count()} cores, files in the system's memory; "
            f"medians of {options.runs} runs"
        )
        kinds = "ours", "peer", "one_core"
        runs = [[in_fresh_process(kind, folder) for kind in kinds] for _ in range(options.runs)]
        same = in_fresh_process("compare", folder)
        alone = [in_fresh_process("embedded", folder) for _ in range(options.runs)]
    report(runs, alone, same)


def report(runs, alone, same):
    def median(values):
        return statistics.median(list(values))

    print(f"\n{'':20}{'maldinb':>10}{'maldiamrkit':>14}   ratio (min-max)")
    for key, name, digits in (
        ("first", "first load, s", 2),
        ("second", "second load, s", 4),
        ("peak_mb", "peak memory, MB", 0),
    ):
        a, b = median(run[0][key] for run in runs), median(run[1][key] for run in runs)
        ratios = sorted(run[1][key] / run[0][key] for run in runs)
        span = f"{median(ratios):.1f} x ({ratios[0]:.1f}-{ratios[-1]:.1f})"
        print(f"{name:20}{a:10.{digits}f}{b:14.{digits}f}   {span}")
    gains = sorted(run[2]["first"] / run[0]["first"] for run in runs)
    print(f"first load against one core: {median(gains):.2f} x ({gains[0]:.2f}-{gains[-1]:.2f})")
    print(f"\nlargest relative difference between the matrices: {same['relative']:.1e} ({same['rows']} rows)")
    cold, warm, peak = (median(r[key] for r in alone) for key in ("first", "second", "peak_mb"))
    print(f"embedded data set: cold {cold:.2f} s, warm {warm:.3f} s, peak memory {peak:.0f} MB")


if __name__ == "__main__":
    main()
