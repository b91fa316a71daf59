"""Run all benchmarks, or those that are named: ``python -m benchmarks [loading] [twin]``."""

import importlib
import sys

ALL = ("loading", "training", "small", "ablation", "twin")

if __name__ == "__main__":
    names = sys.argv[1:] or ALL
    if unknown := set(names) - set(ALL):
        sys.exit(f"no benchmark {', '.join(sorted(unknown))}; there are {', '.join(ALL)}")
    for name in names:
        print(f"\n== {name} ==")
        importlib.import_module(f"benchmarks.{name}").main([])
