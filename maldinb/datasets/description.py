"""How a data set came to be, in one short table."""

import re

import pandas as pd

from .labels import LABELS

_SHOWN = 5  # values or IDs in a cell
_STEPS = "root, smoothed, baseline subtracted, scaled to a sum of 1; "
_MADE_OF_I = {"drop": "dropped", "R": "counted as resistant (R)", "S": "counted as susceptible (S)"}


def describe(data):
    """What was found of a data set, and what was done with it: see `SpectraDataset.report`.

    Parameters
    ----------
    data : SpectraDataset

    Returns
    -------
    DataFrame
    """
    rows = [*_origin(data), *_columns(data), *_labels(data.info), *_left_out(data.info), _processing(data)]
    return pd.DataFrame(rows, columns=["what", "found", "done"])


def _origin(data):
    info = data.info
    if drawn := info.get("simulation"):
        source = f"simulated, seed {drawn['seed']}"
    else:
        source = info.get("source") or info.get("name", "unnamed")
    formats = ", ".join(f"{n} {kind}" for kind, n in (info.get("formats") or {}).items())
    yield "spectra", source, f"{_n(len(data.X), 'spectrum', 'spectra')} loaded{formats and f' ({formats})'}"
    if info.get("source"):
        done = (
            f"{_n(data.meta.shape[1], 'column', 'columns')} kept"
            if info.get("metadata")
            else "nothing is known but IDs"
        )
        yield "table", info.get("metadata") or "none", done


def _columns(data):
    for role, column in (data.info.get("columns") or {}).items():
        if role == "ID":
            if column:
                yield "ID", f"column {column!r}", "matched with the names of the spectra"
            continue
        found = f"column {column!r}" if column else "no column"
        values = data.meta[role].value_counts() if role in data.meta else ()
        if column is None:
            done = f"all are {values.index[0]!r}" if len(values) == 1 else "not known"
        else:
            plural = {"Batch": "batches", "Species": "species", "Isolate": "isolates"}.get(role, role)
            done = f"{_n(len(values), role.lower(), plural)}"
            done += f": {_listed(f'{value} {n}' for value, n in values.items())}" if role != "Isolate" else ""
        yield role, found, done


def _labels(info):
    for antibiotic, taken in (info.get("labels") or {}).items():
        found = _listed((f"{row['found']!r} {row['n']}" if row["found"] else f"blank {row['n']}" for row in taken), 10)
        n = {label: sum(row["n"] for row in taken if row["taken as"] == label) for label in (*LABELS, None)}
        yield antibiotic, found or "nothing", ", ".join(f"{label or 'no label'} {count}" for label, count in n.items())
        if n["I"]:
            yield f"{antibiotic}: I", f"{n['I']} intermediate", _MADE_OF_I[info.get("intermediate") or "drop"]


def _left_out(info):
    """One row for each reason; numbers in it, such as those of a line, make no other one."""
    for group in info.get("not_chosen") or ():
        yield "not chosen", f"{group['what']}: {group['n']}", group["why"]
    reasons = {}
    for identifier, reason in (info.get("left_out") or {}).items():
        reasons.setdefault(re.sub(r"\d[\d.e+-]*", "#", reason), []).append((identifier, reason))
    for group in sorted(reasons.values(), key=len, reverse=True):
        yield "left out", f"{len(group)}: {_listed(identifier for identifier, _ in group)}", group[0][1]


def _processing(data):
    settings, bins = data.info.get("preprocessing") or {}, f"{data.X.shape[1]} columns"
    if "bin_width" not in settings:
        return "rows", "a matrix", f"taken as they are: {bins}"
    bins = f"{data.X.shape[1]} bins of {settings['bin_width']:g} Da"
    return (
        ("rows", "raw spectra", _STEPS + bins)
        if len(settings) > 1
        else ("rows", "processed spectra", f"summed into {bins}")
    )


def _n(count, one, many):
    return f"{count} {one if count == 1 else many}"


def _listed(values, shown=_SHOWN):
    values = list(map(str, values))
    return ", ".join(values[:shown]) + (f" and {len(values) - shown} more" if len(values) > shown else "")
