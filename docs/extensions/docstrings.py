"""What docstrings become.

Names in them: `load_dataset` is a link, `y` (a parameter) and `numpy.mean` (elsewhere) are plain code. A DOI is a link.
Left out are fields of named tuples, of which Python only says which number they have, and what scikit-learn adds to
every estimator.
"""

import re
from collections import namedtuple

_DOI = re.compile(r"\bdoi:(10\.\d+/\S+?)(?=[.,:;)]*(?:\s|$))")
_Field = type(namedtuple("_", "field").field)


def _as_code(app, env, node, content):
    return content if node["reftype"] == "obj" else None


def _skip(app, what, name, member, skip, options):
    return True if isinstance(member, _Field) or re.fullmatch(r"set_\w+_request", name) else None


def _mark_up(app, what, name, thing, options, lines):
    """``shape (n_features_in_,)`` is no reference to something called n_features_in."""
    lines[:] = [re.sub(r"(shape \([^)]*?\w)_(?=[,)])", r"\1\\_", line) for line in lines]
    lines[:] = [_DOI.sub(r"`doi:\1 <https://doi.org/\1>`__", line) for line in lines]


def setup(app):
    app.connect("missing-reference", _as_code)
    app.connect("autodoc-skip-member", _skip)
    app.connect("autodoc-process-docstring", _mark_up, priority=400)  # before numpydoc reads it
    return {"parallel_read_safe": True, "parallel_write_safe": True}
