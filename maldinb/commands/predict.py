"""``maldinb predict``: what a saved network says of spectra."""

from __future__ import annotations

import argparse
import json
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from ..arguments import fraction, listed
from .source import add_source, checked, load
from .text import paragraph

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from ..datasets import SpectraDataset
    from ..network import MaldiMLPClassifier

SUMMARY = "say what a saved network makes of spectra"
DESCRIPTION = """\
Write a table (CSV) of what a network that was trained before makes of
spectra, which need no labels. Its columns:

  ID, batch
  label            only with --label: what the table of the spectra says
  P(R)             the probability of resistance that the network gives
  call             R or S, by the threshold
  distance         from the spectra that the network was trained on, as its
                   first layer sees them, counted in their standard deviations
  unlike training  yes where this is 2 or more: the network has not seen the
                   like of it, and P(R) says little. Empty is not its
                   opposite: a small distance proves nothing

MODEL is a file that MaldiMLPClassifier.save wrote. The width of the bins is
taken from it; a table has to have the columns that it was trained on. How its
spectra were preprocessed does not stand there: give the same --preprocess and
--align as then. If MODEL is part of a report, the report.json beside it knows
them, and other ones are refused.

Not for diagnosis: nothing here is fit to decide on a patient's treatment."""
EXAMPLES = """\
maldinb predict network.npz new_spectra
maldinb predict network.npz new_spectra --threshold 0.3 --out ward7.csv
maldinb predict network.npz my_spectra --label Drug --out beside.csv"""

UNLIKE = 2  # standard deviations; see MaldiMLPClassifier.training_distance
NOT_FOR_DIAGNOSIS = "Not for diagnosis: nothing in this table is fit to decide on a patient's treatment."
#: What classes may be called, that of susceptible first.
NAMES = ([0, 1], ["S", "R"])


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this command."""
    parser.add_argument("model", metavar="MODEL", type=Path, help="a file that MaldiMLPClassifier.save wrote (.npz)")
    add_source(parser, label="a column of labels to show beside what the network says", learn=False)
    writing = parser.add_argument_group("the table of predictions")
    writing.add_argument("--out", metavar="FILE", type=Path, default=Path("predictions.csv"), help="a new file")
    number = checked(fraction, "the threshold")
    about = "P(R) from which a spectrum is called R (default: 0.5)"
    writing.add_argument("--threshold", metavar="T", type=number, default=0.5, help=about)


def run(args: argparse.Namespace) -> int:
    """Write the table, and say what stands in it."""
    check_file(args.out)
    from ..datasets.loading import is_table
    from ..network import MaldiMLPClassifier
    from ..writing import write_atomically

    if args.model.is_dir():
        raise ValueError(f"{args.model} is a folder; MODEL is a file in it, such as {args.model / 'network.npz'}")
    clf = MaldiMLPClassifier.load(args.model)
    resistant = resistant_class(clf, args.model)
    if is_table(args.source):
        data = load(args)
        rows = columns_of(clf, args.model, data.X, args.source)
    else:
        data = load(args, bin_width=bin_width_of(clf, args.model))
        rows = data.X
    check_preprocessing(args.model, data)
    predictions = predict(clf, resistant, data, rows, args.threshold)
    check_file(args.out)
    write_atomically(args.out, predictions.to_csv())
    called, unlike = (predictions["call"] == "R").sum(), (predictions["unlike training"] == "yes").sum()
    lines = [f"{args.out}: {called} of {len(predictions)} spectra are called R, at {args.threshold:g}."]
    if unlike:
        lines.append(f"{unlike} are unlike those that the network was trained on: there, P(R) says little.")
    print(paragraph(" ".join([*lines, NOT_FOR_DIAGNOSIS])))
    return 0


def predict(
    clf: MaldiMLPClassifier, resistant: int, data: SpectraDataset, rows: pd.DataFrame, threshold: float
) -> pd.DataFrame:
    """A line for each spectrum.

    Parameters
    ----------
    clf : MaldiMLPClassifier
    resistant : int
        Position of the resistant class.
    data : SpectraDataset
    rows : DataFrame, shape (n_spectra, n_bins)
        Its rows, in the columns of the network.
    threshold : float

    Returns
    -------
    DataFrame
        Indexed by ID.
    """
    import numpy as np
    import pandas as pd

    probability, distance = clf.predict_proba(rows)[:, resistant], clf.training_distance(rows)
    table = pd.DataFrame({"batch": data.batch}, index=rows.index.rename("ID"))
    if (label := data.info["antibiotic"]) is not None:
        table["label"] = data.meta[label]
    table["P(R)"] = probability.round(6)
    table["call"] = np.where(probability >= threshold, "R", "S")
    table["distance"] = distance.round(2)
    table["unlike training"] = np.where(distance >= UNLIKE, "yes", "")
    return table


def resistant_class(clf: MaldiMLPClassifier, path: Path) -> int:
    """The position of the resistant class among those of a network.

    Raises
    ------
    ValueError
        If it tells other things apart.
    """
    classes = clf.classes_.tolist()
    for susceptible, resistant in NAMES:
        if classes in ([susceptible, resistant], [resistant, susceptible]):
            return classes.index(resistant)
    found = ", ".join(map(repr, classes))
    raise ValueError(f"{path} tells {found} apart, and not resistant (1 or 'R') from susceptible (0 or 'S')")


def columns_of(clf: MaldiMLPClassifier, path: Path, X: pd.DataFrame, source: str) -> pd.DataFrame:
    """The columns of a table that a network was trained on, in its order.

    Raises
    ------
    ValueError
        If they are not all there, or the network does not know their names.
    """
    names = names_of(clf, path)
    if missing := [name for name in names if name not in X]:
        raise ValueError(
            f"{source} lacks {len(missing)} of the {len(names)} columns that {path} was trained on: {listed(missing)}; "
            f"its bins or peaks seem to be {listed(X)}. --features says which they are"
        )
    return X[list(names)]


def names_of(clf: MaldiMLPClassifier, path: Path) -> Sequence[str]:
    """The names of the columns that a network was trained on.

    Raises
    ------
    ValueError
        If it was fitted on an array.
    """
    names = getattr(clf, "feature_names_in_", None)
    if names is None:
        raise ValueError(
            f"{path} does not say which bins the network was trained on: it was fitted on an array. Fit it on the "
            "DataFrame that binary_labels() returns, whose columns have names, and save it again"
        )
    return names


def bin_width_of(clf: MaldiMLPClassifier, path: Path) -> float:
    """The width of the bins that a network was trained on, in Da.

    Raises
    ------
    ValueError
        If its columns are no bins that spectra can be read into.
    """
    from ..preprocessing import MZ_MAX, MZ_MIN, bin_names

    names = names_of(clf, path)
    whole = MZ_MAX - MZ_MIN
    widths = [whole / len(names)]  # names are rounded; this width is not
    try:
        edges = [float(name) for name in names]
        widths.append(round((edges[-1] - edges[0]) / max(len(edges) - 1, 1), 9))
        width = next((width for width in widths if bin_names(width) == tuple(names)), None)
    except ValueError:  # names are no numbers, or no bin can have this width
        width = None
    if width is None:
        few = ", ".join(map(repr, names[:3]))
        raise ValueError(
            f"{path} was trained on {len(names)} columns ({few}, ...), and these are no bins of one width from 2000 to "
            "20000 Da that spectra could be read into"
        )
    return width


def check_preprocessing(path: Path, data: SpectraDataset) -> None:
    """Refuse spectra that were read in another way than those of the training, where both ways are known.

    Raises
    ------
    ValueError
    """
    then, now = preprocessing_of(path), data.info.get("preprocessing")
    if then and now and (then := as_typed(then)) != (now := as_typed(now)):
        raise ValueError(
            f"{path} was trained on spectra that were read with {then}, says report.json beside it, and these were "
            f"read with {now}. What it would say of them means nothing: give the same options as then"
        )


def preprocessing_of(path: Path) -> dict:
    """How the spectra of a network were preprocessed, if the report that it belongs to lies beside it."""
    from ..report.folder import MANIFEST
    from ..report.provenance import file_hash

    try:
        about = json.loads((path.parent / MANIFEST).read_text("utf-8"))
        return about["data"]["preprocessing"] if file_hash(path) in about["files"].values() else {}
    except (OSError, ValueError, LookupError, TypeError, AttributeError):  # there is none, or it is something else
        return {}


def as_typed(preprocessing: dict) -> str:
    """The options that read spectra in this way."""
    from ..preprocessing import PARAMETERS

    if not PARAMETERS.keys() <= preprocessing.keys():
        return "--preprocess no"
    if isinstance(align := preprocessing["align"], list):  # only load_spectra takes m/z
        return f"alignment to {', '.join(map('{:g}'.format, align))} Da"
    return f"--preprocess yes --align {shlex.quote(align or 'no')}"


def check_file(path: Path) -> None:
    """Refuse to overwrite a file, and to begin where none can be written.

    Raises
    ------
    ValueError
    """
    if path.exists():
        raise ValueError(f"{path} is there already; name another file with --out, or move that one away")
    if not path.parent.is_dir():
        raise ValueError(f"there is no folder {path.parent} to write {path.name} to")
