"""How a data set came to be, in one short table."""

import re

import pandas as pd

from ..arguments import listed
from .labels import LABELS

_STEPS = "root, smoothed, baseline subtracted, {aligned}scaled to a sum of 1; "
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
    rows = [*_origin(data), *_columns(data), *_labels(data), *_left_out(data.info), _processing(data)]
    return pd.DataFrame(rows, columns=["what", "found", "done"])


def _origin(data):
    info = data.info
    if drawn := info.get("simulation"):
        scenario, world = drawn["scenario"].get("name", "of its own"), drawn["world"]
        source = f"simulated, seed {drawn['seed']}"
        source += (scenario != "twin") * f", scenario {scenario}" + bool(world) * f", world {world}"
    else:
        source = info.get("source") or info.get("name", "unnamed")
    formats = ", ".join(f"{n} {kind}" for kind, n in (info.get("formats") or {}).items())
    yield "spectra", source, f"{_n(len(data.X), 'spectrum', 'spectra')} loaded{formats and f' ({formats})'}"
    if info.get("source") and not info.get("matrix"):
        made = [role for role, column in info["columns"].items() if column is None]  # such as one batch
        kept = _n(data.meta.shape[1] - data.meta.columns.isin(made).sum(), "column", "columns")
        done = f"{kept} of metadata" if info.get("metadata") else "nothing is known but IDs"
        yield "table", info.get("metadata") or "none", done


def _columns(data):
    for role, column in (data.info.get("columns") or {}).items():
        if role == "ID":
            if column:
                done = "names the rows" if data.info.get("matrix") else "matched with the names of the spectra"
                yield "ID", f"column {column!r}", done
            continue
        found = f"column {column!r}" if column else "no column"
        values = data.meta[role].value_counts() if role in data.meta else ()
        if column is None:
            done = "taken as one batch" if role == "Batch" and len(values) == 1 else "not known"
        else:
            plural = {"Batch": "batches", "Species": "species", "Isolate": "isolates"}.get(role, role)
            done = f"{_n(len(values), role.lower(), plural)}"
            if role != "Isolate":
                done += f": {listed((f'{value} {n}' for value, n in values.items()), quote=str)}"
        yield role, found, done


def _labels(data):
    for antibiotic, taken in (data.info.get("labels") or {}).items():
        texts = (f"{row['found']!r} {row['n']}" if row["found"] else f"blank {row['n']}" for row in taken)
        n = {label: sum(row["n"] for row in taken if row["taken as"] == label) for label in (*LABELS, None)}
        values = data.meta[antibiotic]
        loaded = {label: values.eq(label).sum() for label in LABELS} | {None: values.isna().sum()}
        done = _counts(n) if n == loaded else f"{_counts(n)}; of the spectra loaded {_counts(loaded)}"
        yield antibiotic, listed(texts, 10, quote=str) or "nothing", done
        if n["I"]:
            yield f"{antibiotic}: I", f"{n['I']} intermediate", _MADE_OF_I[data.info.get("intermediate") or "drop"]


def _counts(n):
    return ", ".join(f"{label or 'no label'} {count}" for label, count in n.items())


def _left_out(info):
    """One row for each reason; numbers in it, such as those of a line, make no other one."""
    for group in info.get("not_chosen") or ():
        yield "not chosen", f"{group['what']}: {group['n']}", group["why"]
    reasons = {}
    for identifier, reason in (info.get("left_out") or {}).items():
        reasons.setdefault(re.sub(r"\d[\d.e+-]*", "#", reason), []).append((identifier, reason))
    for group in sorted(reasons.values(), key=len, reverse=True):
        yield "left out", f"{len(group)}: {listed((identifier for identifier, _ in group), quote=str)}", group[0][1]


def _processing(data):
    settings, bins = data.info.get("preprocessing") or {}, f"{data.X.shape[1]} columns"
    if "bin_width" not in settings:
        first, last = data.X.columns[[0, -1]]
        mz = "no m/z" if data.mz is None else f"{data.mz[0]:.10g}-{data.mz[-1]:.10g} Da"
        return "rows", f"columns {first!r} to {last!r}", f"taken as they are: {bins} ({mz})"
    bins = f"{data.X.shape[1]} bins of {settings['bin_width']:g} Da"
    target = settings.get("align")
    peaks = f"of {target}" if isinstance(target, str) else f"at {len(target or ())} masses"
    aligned = f"aligned to housekeeping peaks {peaks}, " if target else ""
    return (
        ("rows", "raw spectra", _STEPS.format(aligned=aligned) + bins)
        if len(settings) > 1
        else ("rows", "processed spectra", f"summed into {bins}")
    )


def _n(count, one, many):
    return f"{count} {one if count == 1 else many}"
