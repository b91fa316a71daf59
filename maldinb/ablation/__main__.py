"""Renew the stored study: ``python -m maldinb.ablation``, or ``make study``."""

import argparse

from . import stored


def main(argv=None):
    """Run what is not finished yet, and write the table into the package."""
    parser = argparse.ArgumentParser(prog="python -m maldinb.ablation", description=__doc__.partition(":")[0])
    parser.add_argument("--folder", default="build/study", help="where finished fits are kept (default: build/study)")
    parser.add_argument("--jobs", type=int, default=2, help="fits at the same time (default: 2)")
    parser.add_argument("--seeds", type=int, default=stored.N_SEEDS, help="of gate, no gate and the A/A comparison")
    parser.add_argument("--other-seeds", type=int, default=stored.N_SEEDS, help="of all other variants")
    options = parser.parse_args(argv)
    stored.renew(options.folder, options.jobs, n_seeds=options.seeds, n_other_seeds=options.other_seeds)
    print(f"{stored.STORED} are new; now `make notebooks` where the study is shown.")


if __name__ == "__main__":
    main()
