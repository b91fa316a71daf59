"""Words of the glossary in the notebooks: linked where a notebook first uses them, with their definition.

An entry says in which notebook it is taught. From that one on the word means what the entry says; before, it may be a
word like any other, and has no link. The glossary links back, to the section that uses the word first.
"""

import re
from pathlib import Path

from docutils import nodes
from sphinx import addnodes

from maldinb.course.glossary import entries

GLOSSARY = "docs/glossary"
_TAUGHT = re.compile(r"\((\d\d)\)$")
#: Where a word stays without a link: in a link, in code and what it prints, in a title.
_NOT_HERE = (nodes.reference, addnodes.pending_xref, nodes.literal, nodes.title, nodes.math, nodes.Special)
_MARKUP = re.compile(r"[`*]")


def _read(app) -> None:
    """Terms, definition and number of each entry that a notebook teaches."""
    path = Path(app.srcdir, f"{GLOSSARY}.md")
    found = entries(path.read_text(encoding="utf-8")) if path.exists() else []
    app.env.taught = getattr(app.env, "taught", {})  # notebook and first term -> section
    app.env.definitions = {
        tuple(terms): (_MARKUP.sub("", definition[: match.start()]).strip(), match[1])
        for terms, definition in found
        if (match := _TAUGHT.search(definition))
    }


def _pattern(terms: tuple[str, ...]) -> re.Pattern:
    """Any of the terms as a word by itself; those without capitals may begin a sentence, and be in the plural."""
    forms = [rf"(?i:{t[0]}){re.escape(t[1:])}s?" if t.islower() else re.escape(t) for t in terms]
    return re.compile(rf"(?<![\w/-])(?:{'|'.join(forms)})(?![\w/-])")


def _is_prose(text: nodes.Text) -> bool:
    node = text.parent
    while node is not None and not isinstance(node, _NOT_HERE) and node.get("nb_element") != "cell_code":
        node = node.parent
    return node is None


def _link_terms(app, doctree) -> None:
    env = app.env
    if not (number := re.match(r"notebooks/(\d\d)_", env.docname)):
        return
    env.note_dependency(f"{GLOSSARY}.md")
    top = next(doctree.findall(nodes.section))["ids"][0]
    # Longer terms first: where a text says "mean spectrum", it is not yet the place for "spectrum".
    for terms in sorted(env.definitions, key=lambda terms: -max(map(len, terms))):
        pattern, taught = _pattern(terms), env.definitions[terms][1]
        if taught > number[1]:
            continue
        everywhere = [text for text in doctree.findall(nodes.Text) if pattern.search(text)]
        texts = [text for text in everywhere if _is_prose(text)]
        if everywhere and taught == number[1]:
            # Not the opening, which only says what will come. Some words stand in a title only, or in code.
            sections = [_section(text) for text in texts or everywhere]
            env.taught[terms[0]] = (env.docname, next((s for s in sections if s != top), sections[0]))
        if not texts:
            continue
        text, found = texts[0], pattern.search(texts[0])
        word = nodes.inline("", found[0], classes=["term"])
        link = addnodes.pending_xref(
            "", word, refdomain="std", reftype="term", reftarget=terms[0], refexplicit=True, refwarn=True
        )
        around = [nodes.Text(text[: found.start()]), link, nodes.Text(text[found.end() :])]
        text.parent.replace(text, [node for node in around if node.astext()])


def _section(node) -> str:
    while not isinstance(node, nodes.section):
        node = node.parent
    return node["ids"][0]


def _show(app, doctree, docname) -> None:
    """Give links their definitions; in the glossary, make links of the numbers of notebooks."""
    of_term = {terms[0]: text for terms, (text, _) in app.env.definitions.items()}
    if docname == GLOSSARY:
        for item in doctree.findall(nodes.definition_list_item):
            _link_number(app, item)
    elif docname.startswith("notebooks/"):
        terms = {address: term for term, address in _addresses(app).items()}
        for link in doctree.findall(nodes.reference):
            anchor = link.get("refuri", "").partition("#")[2]
            if link.next_node(lambda n: isinstance(n, nodes.inline) and "term" in n["classes"]) and anchor in terms:
                link["reftitle"] = of_term[terms[anchor]]


def _addresses(app) -> dict[str, str]:
    objects = app.env.domains.standard_domain.objects
    return {terms[0]: objects["term", terms[0]][1] for terms in app.env.definitions if ("term", terms[0]) in objects}


def _link_number(app, item) -> None:
    term = next(item.findall(nodes.term)).astext()
    text = list(item.findall(nodes.Text))[-1]
    if (number := _TAUGHT.search(text)) and term in app.env.taught:
        docname, section = app.env.taught[term]
        address = f"{app.builder.get_relative_uri(GLOSSARY, docname)}#{section}"
        link = nodes.reference("", number[0], refuri=address, internal=True)
        text.parent.replace(text, [nodes.Text(text[: number.start()]), link])


def setup(app):
    app.connect("builder-inited", _read)
    app.connect("doctree-read", _link_terms)
    app.connect("doctree-resolved", _show)
    return {"parallel_read_safe": False, "parallel_write_safe": True}
