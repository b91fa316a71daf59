"""The notebooks as students get them, to download from the front page as one file."""

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from maldinb.course.copies import write_copies

NAME = "maldinb-course"


def _pack(app, exception) -> None:
    if exception or app.builder.format != "html" or "docs/index" not in app.env.found_docs:
        return
    with TemporaryDirectory() as folder:
        write_copies(Path(app.srcdir, "notebooks"), Path(folder, NAME), solutions=False)
        shutil.make_archive(str(Path(app.outdir, NAME)), "zip", folder, NAME)


def setup(app):
    app.connect("build-finished", _pack)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
