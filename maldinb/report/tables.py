"""Tables twice: with all figures as CSV, and as text that can be read on the page."""

from typing import NamedTuple

import pandas as pd


class Table(NamedTuple):
    """A table on the page: columns, rows of text, and the number of leading columns that name a row."""

    name: str
    caption: str
    columns: list
    rows: list
    n_names: int = 1


def frames(data, results, quality):
    """All tables of a report as they are written to CSV: name -> (DataFrame, whether its index is written)."""
    found = {}
    found["recognised"] = recognised(data), False
    found["quality"] = quality.table, True
    rows = [(what, identifier) for what, names in quality.findings for identifier in (names or [""])]
    found["findings"] = pd.DataFrame(rows, columns=["what", "ID"]), False
    if results is None:
        return found
    problem = results.problem
    scores = pd.DataFrame({"batch": problem.batch, "species": problem.species}, index=problem.X.index.rename("ID"))
    if problem.isolate is not None:
        scores["isolate"] = problem.isolate
    scores["label"] = ["SR"[label] for label in problem.y]
    scores["fold"] = 0
    for k, (_, test) in enumerate(problem.splits, start=1):
        scores.iloc[test, scores.columns.get_loc("fold")] = k
    scores["threshold"] = results.thresholds
    found["scores"] = scores.assign(**results.scores), True
    found["models"] = results.discrimination, True
    found["differences"] = results.differences, True
    found["batches"], found["species"] = (results.batches, False), (results.species, False)
    found["batches_left_out"] = results.abroad, False
    found["errors"], found["predictive_values"] = (results.errors, True), (results.values, True)
    found["calibration"], found["calibration_line"] = (results.calibration, False), (results.line, True)
    if results.maps is not None:
        found["peaks"], found["maps"] = (results.maps.peaks, False), (results.maps.profile, True)
    if results.intermediate is not None:
        found["intermediate"] = results.intermediate, True
    return found


def interval(value, low, high, percent=False, digits=2):
    """A number and its interval as text; a dash where there is none."""
    if pd.isna(value):
        return "–"
    one = (lambda x: f"{100 * x:.1f} %") if percent else (lambda x: f"{x:.{digits}f}")
    return one(value) if pd.isna(low) else f"{one(value)} ({one(low)} to {one(high)})"


def percent(value):
    """A share as text."""
    return "–" if pd.isna(value) else f"{100 * value:.1f} %"


def counts(data):
    """R, I, S and unlabelled spectra of each batch; None without labels."""
    antibiotic = data.info.get("antibiotic")
    if antibiotic not in data.meta:
        rows = [[batch, str(n)] for batch, n in data.batch.value_counts().sort_index().items()]
        return Table("counts", "Spectra of each batch", ["batch", "spectra"], rows)
    table = pd.crosstab(data.batch, data.meta[antibiotic].fillna("unlabelled"))
    table = table.reindex(columns=["R", "I", "S", "unlabelled"], fill_value=0)
    table.loc["all"] = table.sum()
    share = table["R"] / (table["R"] + table["S"])
    rows = [
        [name, *map(str, row), percent(share[name])] for name, row in zip(table.index, table.to_numpy(), strict=True)
    ]
    return Table("counts", "Spectra of each batch by label", ["batch", *table, "R of R and S"], rows)


def recognised(data):
    """What `SpectraDataset.report` says, without where on this machine it was found."""
    source, name = data.info.get("source"), data.info.get("name") or "unnamed"
    frame = data.report().astype(str)
    return frame if source is None else frame.map(lambda text: text.replace(str(source), name))


def recognised_on_the_page(frame):
    """The same without identifiers of what was left out."""
    found = frame["found"].where(frame["what"] != "left out", frame["found"].str.partition(":")[0])
    return of_frame("recognised", "What was recognised, and what was done", frame.assign(found=found), index=False)


def of_frame(name, caption, frame, index=True):
    """Any small DataFrame as text, numbers in four figures."""
    frame = frame.reset_index() if index else frame
    rows = [[_figures(value) for value in row] for row in frame.itertuples(index=False)]
    return Table(name, caption, list(map(str, frame.columns)), rows)


def models(results):
    """The models beside each other."""
    table, several = results.discrimination, "within" in results.discrimination
    columns = ["model", "AUROC (95 % interval)", *["within a batch"] * several, "Brier score"]
    rows = [
        [name, interval(row["auroc"], row["low"], row["high"]),
         *[interval(row.get("within"), row.get("within low"), row.get("within high"))] * several, f"{row['brier']:.3f}"]
        for name, row in table.iterrows()
    ]  # fmt: skip
    return Table("models", "Models in cross-validation", columns, rows)


def differences(results):
    """By how much the network is better."""
    rows = [
        [
            name,
            f"{row['difference']:+.3f} ({row['low']:+.3f} to {row['high']:+.3f})",
            f"{row['holm_p']:.2g}",
            row["verdict"],
        ]
        for name, row in results.differences.iterrows()
    ]
    columns = ["network against", "difference in AUROC (95 % interval)", "p (Holm)", "the network is"]
    return Table("differences", "Paired differences over the folds", columns, rows)


def groups(name, caption, frame, n_names=1):
    """Batches or species, by row."""
    has_errors = "very major" in frame
    columns = [*frame.columns[: frame.columns.get_loc("auroc")], "AUROC (95 % interval)"]
    columns += ["very major errors", "major errors"] * has_errors
    rows = []
    for _, row in frame.iterrows():
        cells = [str(row[one]) for one in frame.columns[: frame.columns.get_loc("auroc")]]
        cells.append(interval(row["auroc"], row["low"], row["high"]))
        rows.append(cells + [percent(row[one]) for one in ("very major", "major") if has_errors])
    return Table(name, caption, columns, rows, n_names)


def errors(results, units):
    """Errors at both thresholds, with the limits that are cited for them; `units` are what is counted."""
    rows = [
        [name, rate, f"{row['count']:g} of {row['of']:g}",
         interval(row["value"], row["low"], row["high"], percent=True),
         "–" if pd.isna(row["limit"]) else f"{100 * row['limit']:g} %"]
        for (name, rate), row in results.errors.iterrows()
    ]  # fmt: skip
    columns = ["threshold on P(R)", "rate", units, "share (95 % interval)", "limit cited"]
    return Table("errors", "Right and wrong calls", columns, rows, 2)


def values(results):
    """Predictive values at both thresholds."""
    rows = [
        [name, value, interval(row["value"], row["low"], row["high"], percent=True)]
        for (name, value), row in results.values.iterrows()
    ]
    columns = ["threshold on P(R)", "value", "share (interval, at least 95 %)"]
    return Table("predictive_values", "Predictive values", columns, rows, 2)


def peaks(results):
    """Places that more than half of the networks share, each singly charged one before its doubly charged partner."""
    frame, n = results.maps.peaks, results.maps.n_networks
    shared = frame[frame["networks"] > n / 2]
    frame = frame[frame["m/z"].isin([*shared["m/z"], *shared["partner"].dropna()])]
    molecule = frame["partner"].where(frame["partner"].isin(frame["m/z"]), frame["m/z"])
    first = {mz: place for place, mz in reversed(list(enumerate(molecule)))}
    order = sorted(range(len(frame)), key=lambda i: (first[molecule.iloc[i]], pd.notna(frame["partner"].iloc[i])))
    rows = [
        [f"{row['m/z']:.0f}", "–" if pd.isna(row["partner"]) else f"2+ of {row['partner']:.0f}", row["speaks for"],
         f"{row['networks']} of {n}", f"{row['size']:.2f}"]
        for _, row in frame.iloc[order].iterrows()
    ]  # fmt: skip
    columns = ["m/z (Da)", "charge", "more of it speaks for", "networks", "relative size"]
    return Table("peaks", "Places that more than half of the networks share", columns, rows)


def _figures(value):
    if not isinstance(value, float):
        return str(value)
    return "–" if pd.isna(value) else f"{value:.4g}" if abs(value) < 1000 else f"{value:.0f}"
