"""The buttons of a page that lead to where the repository is hosted."""


def buttons(repository):
    """Options of the theme: launch, repository, edit. None where nobody has said yet where the repository is."""
    if "/OWNER/" in repository:
        return {}
    return {
        "repository_url": repository,
        "repository_branch": "main",
        "path_to_docs": "",  # pages lie in the repository as they do in the site
        "use_repository_button": True,
        "use_edit_page_button": True,
        "launch_buttons": {
            "binderhub_url": "https://mybinder.org",
            "colab_url": "https://colab.research.google.com",
            "notebook_interface": "jupyterlab",
        },
    }
