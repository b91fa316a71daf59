"""Where the repository is hosted is said once; links, buttons and the cell for Colab follow."""

import json
import os
import re
import runpy
import shutil
import subprocess
import sys
import types
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parent.parent
HOST = runpy.run_path(str(ROOT / ".ci" / "host.py"))
NAMED = HOST["named"](ROOT)
CELL = re.search(r"(?s)```python\n(.*?)```", (ROOT / "docs" / "launch.md").read_text(encoding="utf-8"))[1].strip()


@pytest.fixture
def fork(tmp_path):
    """The files that name the repository, where nobody has said yet where it is."""
    for name in ["Makefile", ".ci/host.py", *(name for name in HOST["FILES"] if "*" not in name)]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "notebooks").mkdir()
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELL, metadata={"tags": ["colab"]})])
    nbformat.write(notebook, tmp_path / "notebooks" / "01_colab.ipynb")
    HOST["rename"]("OWNER/maldinb", tmp_path)
    return tmp_path


def host(folder, repository=""):
    environ = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL")}
    command = ["make", "host", f"REPOSITORY={repository}", f"PYTHON={sys.executable}"]
    return subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True)


def naming(folder, repository):
    """The text files under a folder that name a repository on one of the hosts."""
    command = ["git", "ls-files", "-co", "--exclude-standard"]
    listed = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    names = listed.stdout.splitlines() or [str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()]
    texts = {name: (folder / name).read_bytes().decode(errors="ignore") for name in names if (folder / name).is_file()}
    return {name for name, text in texts.items() if re.search(rf"[/:]{re.escape(repository)}(?![\w-])", text)}


def test_nothing_else_names_the_repository():
    known = {path.relative_to(ROOT).as_posix() for pattern in HOST["FILES"] for path in ROOT.glob(pattern)}
    assert naming(ROOT, NAMED) - known - {"tests/test_host.py"} == set(), "enter it in FILES of .ci/host.py"
    assert {"pyproject.toml", "README.md", "CITATION.cff", "docs/launch.md"} <= naming(ROOT, NAMED)


def test_all_follow(fork):
    before = naming(fork, "OWNER/maldinb")
    done = host(fork, "my-lab/fork")
    assert done.returncode == 0, done.stderr
    assert naming(fork, "OWNER/maldinb") == set() and naming(fork, "my-lab/fork") == before
    assert done.stdout.startswith("OWNER/maldinb is my-lab/fork now, in ") and "CITATION.cff" in done.stdout
    assert host(fork, "other/maldinb.course").returncode == 0
    assert naming(fork, "other/maldinb.course") == before
    link = "https://mybinder.org/v2/gh/other/maldinb.course/main?urlpath=lab/tree/notebooks/01_data_loading_and_caching.ipynb"
    assert f"]({link})" in (fork / "README.md").read_text(encoding="utf-8")


def test_other_links_stay(fork):
    text = "https://github.com/OWNER/maldinb-data https://github.com/EttoreRocchi/MaldiAMRKit"
    (fork / "README.md").write_text(text, encoding="utf-8")
    host(fork, "my-lab/fork")
    assert (fork / "README.md").read_text(encoding="utf-8") == text


@pytest.mark.parametrize("wrong", ["", "fork", "https://github.com/my-lab/fork", "my lab/fork"])
def test_what_is_no_repository_changes_nothing(wrong, fork):
    done = host(fork, wrong)
    assert done.returncode != 0 and "make host REPOSITORY=owner/name" in done.stderr
    assert HOST["named"](fork) == "OWNER/maldinb"


def test_the_site_has_buttons_once_it_is_known_where_they_lead():
    buttons = runpy.run_path(str(ROOT / "docs" / "extensions" / "hosting.py"))["buttons"]
    assert buttons("https://github.com/OWNER/maldinb") == {}
    there = buttons("https://github.com/my-lab/fork")
    assert there["repository_url"] == "https://github.com/my-lab/fork"
    assert {"binderhub_url", "colab_url"} <= set(there["launch_buttons"]) and there["use_edit_page_button"]


# --- Colab and the devcontainer ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("on_colab", [False, True])
def test_cell_for_colab_installs_there_and_does_nothing_elsewhere(on_colab, monkeypatch):
    ran = []
    monkeypatch.setattr(subprocess, "run", lambda command, check: ran.append((command, check)))
    if on_colab:
        monkeypatch.setitem(sys.modules, "google.colab", types.ModuleType("google.colab"))
    exec(CELL, {})
    course = f"maldinb @ git+https://github.com/{NAMED}"
    assert ran == ([([sys.executable, "-m", "pip", "install", "-q", course], True)] if on_colab else [])


def strangers(notebook):
    """Cells tagged for Colab that are not the one of docs/launch.md."""
    cells = [cell for cell in notebook.cells if "colab" in cell.metadata.get("tags", [])]
    return [cell.source for cell in cells if cell.source.strip() != CELL]


@pytest.mark.parametrize("path", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda path: path.stem)
def test_notebooks_have_no_other_cell_for_colab(path):
    assert strangers(nbformat.read(path, as_version=4)) == []


def test_another_cell_for_colab_is_caught():
    cells = [nbformat.v4.new_code_cell(source, metadata={"tags": ["colab"]}) for source in (CELL, "import maldinb")]
    assert strangers(nbformat.v4.new_notebook(cells=cells)) == ["import maldinb"]


def test_devcontainer_installs_the_lock_as_binder_does():
    found = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text(encoding="utf-8"))
    python = (ROOT / "binder" / "runtime.txt").read_text(encoding="utf-8").strip().removeprefix("python-")
    assert f"python:{python}-" in found["image"]
    steps = found["postCreateCommand"].split(" && ")
    assert [step.split()[-1] for step in steps] == [".venv", "binder/requirements.txt", "binder/postBuild"]
    assert all((ROOT / step.split()[-1]).is_file() for step in steps[1:])
