"""Where the course's notebooks lie: in a checkout beside the package, in an installed package inside of it."""

from importlib.resources import files
from pathlib import Path


def notebooks_folder() -> Path:
    """The folder with the course's notebooks. What they link to lies where their links say.

    Raises
    ------
    FileNotFoundError
        If there is none, as in a package that somebody put together without it.
    """
    package = Path(str(files(__package__)))
    inside = package / "course" / "material" / "notebooks"  # which pyproject.toml makes
    places = [inside, package.parent / "notebooks"]
    for folder in places:
        if any(folder.glob("*.py")):
            return folder
    raise FileNotFoundError(f"maldinb was installed without its notebooks; they belong in {places[0]}")
