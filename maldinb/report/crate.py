"""The folder as an RO-Crate: what each file is, in a form that machines read."""

from importlib.util import find_spec

MISSING = (
    "No RO-Crate was written, because the package rocrate is not installed: pip install 'maldinb[report]', and make "
    "the report again."
)
ABOUT = {
    "report.html": ("Report", "text/html"),
    "model_card.md": ("Model card", "text/markdown"),
    "tripod_ai.csv": ("Items of TRIPOD+AI", "text/csv"),
    "network.npz": ("Network trained on all labelled spectra; MaldiMLPClassifier.load reads it", "application/zip"),
}


def is_possible():
    """Whether the package that writes RO-Crates is there."""
    return find_spec("rocrate") is not None


def write_crate(folder, files, title, about, created):
    """Write ``ro-crate-metadata.json`` to a folder whose other files are complete.

    Parameters
    ----------
    folder : Path
    files : dict
        Path within the folder -> SHA-256.
    title : str
    about : dict
        As from `provenance`.
    created : datetime

    Notes
    -----
    A licence is not named: whose data they are, and what may be done with them, is not for a program to say.

    References
    ----------
    Soiland-Reyes et al. 2022, doi:10.3233/DS-210053
    """
    from rocrate.model.contextentity import ContextEntity
    from rocrate.rocrate import ROCrate

    crate = ROCrate()
    crate.name = title
    crate.description = f"Report of maldinb {about['versions']['maldinb']} with its tables. Not for diagnosis."
    crate.datePublished = created
    for name, digest in files.items():
        what, form = ABOUT.get(name, (f"Table: {name.rpartition('/')[2]}", "text/csv"))
        crate.add_file(folder / name, name, properties={"name": what, "encodingFormat": form, "sha256": digest})
    software = ContextEntity(
        crate, "#maldinb",
        properties={"@type": "SoftwareApplication", "name": "maldinb", "softwareVersion": about["versions"]["maldinb"]},
    )  # fmt: skip
    run = ContextEntity(
        crate, "#run",
        properties={
            "@type": "CreateAction", "name": "maldinb.report.write_report", "endTime": about["created"],
            "description": ", ".join(f"{name}={value!r}" for name, value in about["parameters"].items()),
        },
    )  # fmt: skip
    crate.add(software, run)
    run["instrument"] = software
    run["result"] = list(crate.data_entities)
    crate.root_dataset["mentions"] = run
    crate.metadata.write(folder)
