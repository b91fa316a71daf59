"""The notebooks as students get them, to download from the front page as one file."""

from pathlib import Path

from maldinb.course.copies import copies_of
from maldinb.course.handing_out import opening, zipped

NAME = "maldinb-course"


def _pack(app, exception) -> None:
    if exception or app.builder.format != "html" or "docs/index" not in app.env.found_docs:
        return
    contents = copies_of(Path(app.srcdir, "notebooks"), solutions=False) | opening()
    Path(app.outdir, f"{NAME}.zip").write_bytes(zipped(NAME, contents))


def setup(app):
    app.connect("build-finished", _pack)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
