"""In the side bar the theme folds pages below pages, under a button without a name: screen readers get one."""


def _name(app, pagename, templatename, context, doctree):
    if (draw := context.get("generate_toctree_html")) is not None:
        context["generate_toctree_html"] = lambda *args, **options: str(draw(*args, **options)).replace(
            "<summary>", '<summary aria-label="pages below">'
        )


def setup(app):
    app.connect("html-page-context", _name, priority=900)  # after the theme
    return {"parallel_read_safe": True, "parallel_write_safe": True}
