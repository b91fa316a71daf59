"""What search engines for courses read: each notebook as a learning resource, in JSON-LD in the head of its page.

The properties are those of Bioschemas' profile for training material, of type schema.org/LearningResource. All text is
taken from the notebook's first cell, where readers find it, too.
"""

import json
import re
from pathlib import Path

import nbformat

import maldinb

PROFILE = "https://bioschemas.org/profiles/TrainingMaterial/1.0-RELEASE"
#: What the profile asks for at the least; the tests look for these.
MINIMUM = ("@context", "@type", "@id", "http://purl.org/dc/terms/conformsTo", "name", "description", "keywords")


def plain(markdown):
    """Text without the marks of Markdown, on one line."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", markdown)
    return " ".join(re.sub(r"[*`]", "", text).split())


def _paragraph(first, begins):
    """The paragraph of the first cell that begins so, without its beginning."""
    found = re.search(rf"(?ms)^\*\*{re.escape(begins)}\.?\*\*(.*?)(?=\n\n|\Z)", first)
    if found is None:
        raise ValueError(f"the first cell has no paragraph that begins with **{begins}**")
    return found[1].strip()


def resource(first, address, keywords, licence):
    """What there is to say of a notebook.

    Parameters
    ----------
    first : str
        Its first cell.
    address : str
        Where it is hosted.
    keywords : list of str
    licence : str
        Address of the licence.

    Raises
    ------
    ValueError
        If the first cell lacks its title, what to do, to learn or to need, or the minutes.
    """
    title, minutes = re.search(r"(?m)^# (.+)$", first), re.search(r"About (\d+)\s+minutes", first)
    if title is None or minutes is None:
        raise ValueError("the first cell has no title, or does not say 'About N minutes'")
    learned = re.search(r"(?s)\*\*What you will learn\*\*\n\n((?:[-  ].*?(?:\n|\Z))+)", first)
    if learned is None:
        raise ValueError("the first cell has no list below **What you will learn**")
    needed = _paragraph(first, "What you need")
    return {
        "@context": "https://schema.org/",
        "@type": "LearningResource",
        "@id": address,
        "http://purl.org/dc/terms/conformsTo": {"@type": "CreativeWork", "@id": PROFILE},
        "name": plain(title[1]),
        "description": plain(_paragraph(first, "What you will do")),
        "keywords": ", ".join(keywords),
        "url": address,
        "version": maldinb.__version__,
        "inLanguage": "en",
        "license": licence,
        "isAccessibleForFree": True,
        "learningResourceType": ["notebook", "exercise"],
        "educationalLevel": "Intermediate" if ".ipynb)" in needed else "Beginner",  # whether it stands on another one
        "competencyRequired": plain(re.sub(r"About \d+\s+minutes.*", "", needed, flags=re.S)),
        "teaches": [plain(point).rstrip(";.") for point in re.split(r"(?m)^- ", learned[1]) if point.strip()],
        "timeRequired": f"PT{minutes[1]}M",
        "author": {"@type": "Organization", "name": "maldinb contributors"},
    }


def _mark_up(app, pagename, templatename, context, doctree):
    folder, _, name = pagename.rpartition("/")
    if folder != "notebooks":
        return
    first = nbformat.read(Path(app.srcdir) / "notebooks" / f"{name}.ipynb", as_version=4).cells[0].source
    config = app.config.learning_resources
    address = f"{config['repository']}/blob/main/notebooks/{name}.ipynb"
    text = json.dumps(resource(first, address, config["keywords"], config["license"]), ensure_ascii=False)
    script = '<script type="application/ld+json">{}</script>'.format(text.replace("</", r"<\/"))
    context["metatags"] = context.get("metatags", "") + script


def setup(app):
    app.add_config_value("learning_resources", None, "html")
    app.connect("html-page-context", _mark_up)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
