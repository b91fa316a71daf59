"""Renew the stored tables of causes, cures and isolates: ``python -m maldinb.transfer``, or ``make causes``."""

import argparse

from . import causes, cures

TABLES = {"causes": causes.renew, "isolates": cures.renew_isolates, "cures": cures.renew_cures}


def main(argv=None):
    """Run what is not finished yet, and write the tables into the package."""
    parser = argparse.ArgumentParser(prog="python -m maldinb.transfer", description=__doc__.partition(":")[0])
    parser.add_argument("--folder", default="build/causes", help="of finished cells (default: build/causes)")
    parser.add_argument("--jobs", type=int, default=2, help="cells at the same time (default: 2)")
    parser.add_argument("--only", choices=TABLES, help="one of the tables")
    options = parser.parse_args(argv)
    for name in [options.only] if options.only else TABLES:
        TABLES[name](options.folder, options.jobs)
        print(f"The stored {name} are new; now `make notebooks` where they are shown.")


if __name__ == "__main__":
    main()
