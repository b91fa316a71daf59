"""How Sphinx builds the site; `make site` runs it with the repository's root as its source.

The notebooks are shown as they are committed, and not executed. Nothing is fetched: neither when the site is built
(tests/test_site.py does so offline) nor when a page is opened (it looks for addresses elsewhere).
"""

import sys
import tomllib
from pathlib import Path

import nbformat

import maldinb
from maldinb.course.claims import by_section
from maldinb.course.results import read_results, told
from maldinb.course.showing import sign

sys.path.insert(0, str(Path(__file__).parent / "extensions"))
from cards import cards  # noqa: E402 - beside this file
from hosting import buttons  # noqa: E402 - beside this file

_PROJECT = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
_REPOSITORY = _PROJECT["urls"]["Repository"]

project = "maldinb"
author = "maldinb contributors"
copyright = "maldinb contributors, MIT licence"
version = release = maldinb.__version__
language = "en"

root_doc = "docs/index"
include_patterns = ["docs/**.md", "notebooks/*.ipynb", "benchmarks/README.md", "CONTRIBUTING.md", "CHANGELOG.md"]
exclude_patterns = [".*", "build", "tests", "maldinb", "**/.ipynb_checkpoints"]  # not worth looking into

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "numpydoc",
    "sphinx_copybutton",
    # docs/extensions
    "figure_alt",
    "learning_resources",
    "mathml",
    "docstrings",
    "titles",
    "terms",
    "sections",
    "handout",
    "side_bar",
]
learning_resources = {
    "repository": _REPOSITORY,
    "keywords": _PROJECT["keywords"],
    "license": f"https://spdx.org/licenses/{_PROJECT['license']}",
}
copybutton_prompt_text, copybutton_prompt_is_regexp = r">>> |\.\.\. ", True
copybutton_selector = ":not(.cell_output) > .highlight > pre, .cell_input pre"  # what one types
nb_execution_mode = "off"
nb_code_prompt_show, nb_code_prompt_hide = "Show the solution", "Hide the solution"  # nothing else is folded
myst_enable_extensions = ["dollarmath", "substitution", "attrs_block"]
myst_heading_anchors = 4

_BUDGETS = tomllib.loads((Path(__file__).parents[1] / "notebooks" / "budgets.toml").read_text(encoding="utf-8"))
_ROWS = [f"| {name} | {budget['seconds']} | {budget['memory_mb']} |" for name, budget in _BUDGETS.items()]
_NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
_CELLS = {path.stem: nbformat.read(path, as_version=4).cells for path in sorted(_NOTEBOOKS.glob("*.ipynb"))}
_CLAIMS = [
    f"| {name[:2]} | {section} | {sign(claim.mark)}{claim.sentence} | {claim.why} |".replace("*", r"\*")
    for name, cells in _CELLS.items()
    for section, claim in by_section(cells)
]
_RESULTS = [
    f"| {name[:2]} | {section} | {text.replace('|', chr(92) + '|')} | {'; '.join(claims).replace('*', chr(92) + '*')} |"
    for name, of_one in read_results(_NOTEBOOKS).items()
    for start, claims in of_one.items()
    for section, text in told(_CELLS[name])
    if text.startswith(start)
]
myst_substitutions = {
    "cards": cards((Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")),
    "budgets": "\n".join(["| notebook | seconds | memory in MB |", "|---|---|---|", *_ROWS]),
    "claims": "\n".join(["| notebook | section | what is claimed | what decided |", "|---|---|---|---|", *_CLAIMS]),
    "results": "\n".join(["| notebook | section | what the text tells | claims |", "|---|---|---|---|", *_RESULTS]),
}

add_module_names = False  # the page has the name of the module for its title
autodoc_member_order = "bysource"
autodoc_typehints = "none"  # the docstrings say more: shapes, units, what None means
numpydoc_show_class_members = False
default_role = "py:obj"

html_theme = "sphinx_book_theme"
html_title = "maldinb"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_extra_path = ["root"]  # index.html, which leads to docs/index.html
html_use_index = html_domain_indices = False  # the pages of the package are lists of names, and there is a search
html_math_renderer = "mathml"
html_theme_options = {
    "use_fullscreen_button": False,  # the browser has one
    "show_toc_level": 2,
    "extra_footer": f"maldinb {release}",
    "navbar_persistent": [],  # the sidebar has the search; a second one would need a bar across the page
}
html_theme_options |= buttons(_REPOSITORY)
