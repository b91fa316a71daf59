"""Fill the templates: the page, and the model card."""

from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from . import figures, tables
from .concluded import concluded
from .fits import NETWORK, SIMPLER
from .intermediate import MEANINGS, count
from .judged import BATCH_ONLY, MAX_VERY_MAJOR, SPECIES_ONLY, THRESHOLD, share_of_resistant

VERDICTS = {True: "These data bear it", False: "These data speak against it", None: "These data cannot tell"}


def render(template, **facts):
    """A template of this room with its blanks filled in; what is not known is an error."""
    environment = Environment(
        loader=PackageLoader("maldinb.report"), autoescape=select_autoescape(["html.j2"]), undefined=StrictUndefined,
        trim_blocks=template.endswith("md.j2"), keep_trailing_newline=True,
    )  # fmt: skip
    environment.filters |= {"sentence": sentence, "percent": tables.percent}
    environment.globals |= {"interval": tables.interval}
    return environment.get_template(template).render(**facts)


def sentence(text):
    """With a capital letter in front and a full stop behind."""
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")


def facts_of(data, about, results, quality, reason, files):
    """All that the templates take.

    Parameters
    ----------
    data : SpectraDataset
    about : dict
        As from `provenance`.
    results : Results or None
    quality : Quality
    reason : str
        Why there are no results.
    files : list of str
        Names of the files beside the page.

    Returns
    -------
    dict
    """
    antibiotic = data.info.get("antibiotic")
    facts = {
        "title": f"{antibiotic or 'Spectra'}: {data.info.get('name') or 'unnamed'}",
        "style": resources.files(__package__).joinpath("templates", "page.css").read_text("utf-8"),
        "about": about,
        "data": data,
        "antibiotic": antibiotic,
        "counts": tables.counts(data),
        "label_counts": figures.label_counts(data) if antibiotic in data.meta else None,
        "recognised": tables.recognised_on_the_page(tables.recognised(data)),
        "species": data.species.fillna("unknown").value_counts().to_dict(),
        "batch_is_known": data.batch.nunique() > 1 or (data.info.get("columns") or {}).get("Batch") is not None,
        "n_isolates": None if data.isolate is None else data.isolate.nunique(),
        "n_nameless": 0 if data.isolate is None else int(data.isolate.isna().sum()),
        "quality": quality,
        "quality_table": tables.of_frame(
            "quality", "Counts and medians of each batch", quality.summary.dropna(axis=1, how="all")
        ),
        "quality_figure": figures.quality(quality.table, about["data"]["preprocessing"].get("bin_width")),
        "results": results,
        "reason": reason,
        "files": files,
    }
    return facts if results is None else facts | _judged(data, results)


def _judged(data, results):
    problem, table = results.problem, results.discrimination
    found = concluded(results)
    units = "spectra" if problem.isolate is None else "isolates"

    def groups(name, caption, frame, n_names=1):
        columns = {name: name.replace("isolates", units) for name in frame}
        return tables.groups(name, caption, frame.rename(columns=columns), n_names)

    many = {name: len(set(of)) for name, of in (("batches", problem.batch), ("species", problem.species))}
    return {
        "network": NETWORK,
        "simpler": SIMPLER,
        "net": table.loc[NETWORK],
        "floor": table.loc[BATCH_ONLY] if BATCH_ONLY in table.index else None,
        "species_floor": table.loc[SPECIES_ONLY] if SPECIES_ONLY in table.index else None,
        "rates": results.errors.loc[f"{THRESHOLD:g}"],
        "n_batches": many["batches"],
        "n_species": many["species"],
        "resistant": problem.isolates_of(1),
        "susceptible": problem.isolates_of(0),
        "unit": "spectrum" if problem.isolate is None else "isolate",
        "units": units,
        "share": share_of_resistant(problem),
        "max_very_major": MAX_VERY_MAJOR,
        "conclusions": {heading: [c for c in found if c.holds is holds] for holds, heading in VERDICTS.items()},
        "said": {c.sentence: c for c in found},
        "models": tables.models(results),
        "models_figure": figures.models(results),
        "differences": tables.differences(results),
        "batches": groups("batches", "The network in each batch, in cross-validation", results.batches),
        "by_species": groups("species", "The network in each species, in cross-validation", results.species),
        "abroad": groups("batches_left_out", "AUROC in batches left out", results.abroad, 2),
        "abroad_figure": figures.batches_left_out(results) if len(results.abroad) else None,
        "errors": tables.errors(results, units),
        "values": tables.values(results),
        "thresholds_figure": figures.thresholds(results),
        "calibration_figure": figures.calibration(results),
        "peaks": tables.peaks(results) if results.maps is not None else None,
        "maps_figure": figures.maps(results) if results.maps is not None and len(results.maps.peaks) else None,
        "n_intermediate": count(data),
        "meanings": MEANINGS,
        "intermediate": None if results.intermediate is None else groups(
            "intermediate", "The network under each meaning of I", results.intermediate.reset_index()
        ),
    }  # fmt: skip
