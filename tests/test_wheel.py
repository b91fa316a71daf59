"""An installed package has the course's notebooks, and what they link to, and finds them."""

import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from importlib.util import find_spec
from pathlib import Path

import nbformat
import pytest

from maldinb.material import notebooks_folder

ROOT = Path(__file__).resolve().parent.parent
BUILD = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]["targets"]
STEMS = sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))


def by_hatchling(out):
    """The wheel itself, unpacked. It is built from the sdist, so that this one, too, is known to be whole."""
    if find_spec("hatchling") is None:
        pytest.skip("hatchling, which builds the wheel, is not installed")
    build = [sys.executable, "-m", "hatchling", "build", "-d", str(out / "dist"), "-t"]
    subprocess.run([*build, "sdist"], cwd=ROOT, check=True, capture_output=True)
    (sdist,) = (out / "dist").glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        archive.extractall(out / "sdist", filter="data")
    (source,) = (out / "sdist").iterdir()
    subprocess.run([*build, "wheel"], cwd=source, check=True, capture_output=True)
    (wheel,) = (out / "dist").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(out / "site")


def by_hand(out):
    """What pyproject.toml says of the wheel, done without the program that builds it."""
    where = BUILD["wheel"]["sources"]
    for path in (entry.strip("/") for entry in BUILD["wheel"]["include"]):
        first, _, rest = path.partition("/")
        target = out / "site" / where.get(first, first) / rest
        if (ROOT / path).is_dir():
            shutil.copytree(ROOT / path, target, ignore=shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints"))
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / path, target)


@pytest.fixture(scope="module", params=[by_hatchling, by_hand], ids=lambda build: build.__name__)
def site(request, tmp_path_factory):
    """A folder for packages with maldinb in it."""
    out = tmp_path_factory.mktemp("installed")
    request.param(out)
    return out / "site"


def python(site, code, cwd):
    """What Python prints where only this installation is found."""
    environ = os.environ | {"PYTHONPATH": os.pathsep.join([str(site), str(ROOT / "tests" / "startup")])}
    command = [sys.executable, "-c", code]
    return subprocess.run(command, cwd=cwd, env=environ, capture_output=True, text=True, check=True).stdout.strip()


def test_the_package_is_whole(site):
    there = {path.relative_to(site / "maldinb") for path in (site / "maldinb").rglob("*.py")}
    assert {path.relative_to(ROOT / "maldinb") for path in (ROOT / "maldinb").rglob("*.py")} <= there
    assert (site / "maldinb" / "course" / "lab" / "overrides.json").is_file()
    assert not list(site.rglob("test_*")) and not list(site.rglob(".ipynb_checkpoints"))


def test_notebooks_pictures_and_what_they_link_to_are_there(site):
    folder = Path(python(site, "from maldinb.material import notebooks_folder as f; print(f())", site))
    assert folder.is_relative_to(site)
    for name in [f"{stem}{end}" for stem in STEMS for end in (".py", ".ipynb")] + [f"pictures/{s}.png" for s in STEMS]:
        assert (folder / name).read_bytes() == (ROOT / "notebooks" / name).read_bytes()
    texts = [cell.source for stem in STEMS for cell in nbformat.read(folder / f"{stem}.ipynb", 4).cells]
    links = {link for text in texts for link in re.findall(r"\]\(([^)#:]+)[)#]", text)}
    assert "../docs/glossary.md" in links and [link for link in links if not (folder / link).exists()] == []


def test_copies_are_the_same_as_those_of_a_checkout(site, tmp_path):
    code = "from pathlib import Path; from maldinb import material; from maldinb.course import copies; "
    code += "copies.write_copies(material.notebooks_folder(), Path('{}'))"
    python(site, code.format("installed"), tmp_path)
    python(ROOT, code.format("checkout"), tmp_path)
    texts = [{p.name: p.read_bytes() for p in (tmp_path / name).iterdir()} for name in ("installed", "checkout")]
    assert texts[0] == texts[1] and len(texts[0]) > len(STEMS)


def test_a_checkout_has_its_own():
    assert notebooks_folder() == ROOT / "notebooks"


def test_no_notebooks_is_an_error_that_names_the_place(monkeypatch, tmp_path):
    monkeypatch.setattr("maldinb.material.files", lambda _: tmp_path / "maldinb")
    with pytest.raises(FileNotFoundError, match="without its notebooks; they belong in .*material.notebooks"):
        notebooks_folder()
