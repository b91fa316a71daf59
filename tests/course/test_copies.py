"""Copies to work in and to hand out: without solutions where these are to stay out, and never overwritten."""

import os
import re
import shutil
import subprocess
import sys
from contextlib import ExitStack
from fnmatch import fnmatch
from pathlib import Path

import demo
import nbformat
import pytest
from exercise_rules import printed, tags
from jupyter_server.services.contents.largefilemanager import LargeFileManager

from maldinb.course.__main__ import main
from maldinb.course.copies import copies_of, copy_of, put, write_copies
from maldinb.course.execution import execute
from maldinb.course.pairs import read_pair

try:
    from jupytext.sync_contentsmanager import build_sync_jupytext_contents_manager_class as contents_manager
except ImportError:  # older releases
    from jupytext.contentsmanager import build_jupytext_contents_manager_class as contents_manager

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = ROOT / "notebooks"
STEMS = [path.stem for path in sorted(NOTEBOOKS.glob("*.ipynb"))]


@pytest.fixture(scope="module")
def copies(tmp_path_factory):
    out = tmp_path_factory.mktemp("handed out") / "students"
    written = put(out, copies_of(NOTEBOOKS, solutions=False)).written
    return {path.stem: path for path in written}


def near(link):
    return f"{link[1] or 'glossary'}.md"


@pytest.mark.parametrize("stem", STEMS)
def test_copy_has_everything_but_solutions_and_outputs(stem, copies):
    original, copy = nbformat.read(NOTEBOOKS / f"{stem}.ipynb", 4), nbformat.read(copies[stem], 4)
    nbformat.validate(copy)
    kept = [cell.source for cell in original.cells if "solution" not in tags(cell)]
    here = [re.sub(r"\.\./(?:docs/glossary|(benchmarks)/README)\.md", near, source) for source in kept]
    assert [cell.source for cell in copy.cells] == here
    assert len(kept) < len(original.cells)
    assert not any(cell.get("outputs") or cell.get("execution_count") for cell in copy.cells)
    assert copy.metadata.kernelspec.name == "python3"


def test_copy_runs_with_untouched_stubs(copies):
    """Of the others, the rule exercise_stands_alone sees to it that no cell needs a solution."""
    nb = nbformat.read(copies["01_data_loading_and_caching"], 4)
    result = execute(nb, "01", NOTEBOOKS, timeout=300)
    assert result.error is None
    assert result.claims.total and not result.claims.broken
    stubs = [cell for cell in nb.cells if "exercise" in tags(cell)]
    assert len(stubs) >= 3
    assert all(printed(cell).startswith("not yet: ") for cell in stubs)


@pytest.mark.parametrize("stem", STEMS)
def test_links_lead_to_files_beside_the_copy(stem, copies):
    text = "\n".join(cell.source for cell in nbformat.read(copies[stem], 4).cells if cell.cell_type == "markdown")
    links = [link for link in re.findall(r"\]\(([^)#]+)", text) if "://" not in link]
    assert "glossary.md" in links and not [link for link in links if not (copies[stem].parent / link).exists()]
    assert "```" not in copies["glossary"].read_text(encoding="utf-8")


def test_pictures_come_along_and_dead_links_do_not(tmp_path):
    picture = '\n\n# %% [markdown]\n# ![a peak](drawn/peak.png "a title") and [more](../docs/more.md#here)\n'
    demo.make(tmp_path / "notebooks", demo.GOOD + picture, execute=False)
    for folder in ("notebooks/drawn", "docs"):
        (tmp_path / folder).mkdir()
    (tmp_path / "notebooks" / "drawn" / "peak.png").write_bytes(b"a peak")
    (tmp_path / "docs" / "more.md").write_text("[there](../src/it.py), [itself](more.md#a), [far](https://a.b/c.md)")
    found = copies_of(tmp_path / "notebooks")
    assert found["pictures/peak.png"] == b"a peak"
    assert found["more.md"] == "there, [itself](more.md#a), [far](https://a.b/c.md)"
    shown = nbformat.reads(found["01_demo.ipynb"], 4).cells[-1].source
    assert shown == '![a peak](pictures/peak.png "a title") and [more](more.md#here)'


@pytest.fixture
def manager_of():
    """What reads and saves notebooks for JupyterLab in a folder, with jupytext."""
    with ExitStack() as stack:

        def make(folder):
            manager = contents_manager(LargeFileManager)(root_dir=str(folder))
            stack.callback(manager.notary.store.close)
            return manager

        yield make


def test_solutions_stay_out_even_beside_the_sources(tmp_path, copies, manager_of):
    """JupyterLab reads the .py of a pair, and so gave students the solutions that had been left out."""
    folder = shutil.copytree(NOTEBOOKS, tmp_path / "notebooks")
    name = "01_data_loading_and_caching.ipynb"
    shutil.copy(copies[Path(name).stem], folder / name)
    before = {path.name: path.read_bytes() for path in folder.glob("*.py")}
    manager = manager_of(folder)
    content = manager.get(name)["content"]
    assert not any("solution" in cell["metadata"].get("tags", []) for cell in content["cells"])
    manager.save({"type": "notebook", "content": content}, name)
    assert before == {path.name: path.read_bytes() for path in folder.glob("*.py")}


def test_the_original_stays_as_it_is():
    nb = read_pair(NOTEBOOKS / "01_data_loading_and_caching.py")
    before = nbformat.writes(nb)
    copy_of(nb, solutions=False)
    assert nbformat.writes(nb) == before


def test_a_copy_to_work_in_has_solutions_and_outputs():
    nb = read_pair(NOTEBOOKS / "01_data_loading_and_caching.py")
    copy = copy_of(nb, solutions=True)
    assert len(copy.cells) == len(nb.cells)
    assert [cell.get("outputs") for cell in copy.cells] == [cell.get("outputs") for cell in nb.cells]


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A folder with two small notebooks, in which commands are typed."""
    for name in ("01_demo", "02_demo"):
        demo.make(tmp_path / "notebooks", name=name, execute=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def opened(monkeypatch):
    """Let `lab` tell what it would start."""
    commands = []
    monkeypatch.setattr(os, "execv", lambda program, command: commands.append(command))
    return commands


def test_lab_opens_copies_and_says_which_are_outdated(course, monkeypatch, capsys):
    commands = opened(monkeypatch)
    before = {path.name: path.read_bytes() for path in Path("notebooks").iterdir()}
    main(["lab", "--no-browser", "--port", "9999"])
    assert "Your copies of the notebooks are in workspace; notebooks stays as it is." in capsys.readouterr().out
    assert commands[0][:3] == [sys.executable, "-m", "jupyterlab"]
    assert {"--LabApp.default_url=/lab/tree/workspace/01_demo.ipynb", "--no-browser", "9999"} <= set(commands[0])
    main(["lab"])
    assert capsys.readouterr().out == ""
    source = Path("notebooks/02_demo.py")
    source.write_text(source.read_text().replace("a parabola", "another parabola"))
    mine = Path("workspace/02_demo.ipynb").read_bytes()
    main(["lab"])
    assert capsys.readouterr().out.startswith("workspace/02_demo.ipynb is yours, and was kept; the course has another")
    assert Path("workspace/02_demo.ipynb").read_bytes() == mine
    source.write_bytes(before["02_demo.py"])
    assert before == {path.name: path.read_bytes() for path in Path("notebooks").iterdir()}


def test_names_with_spaces_make_an_address(course, monkeypatch):
    commands = opened(monkeypatch)
    main(["lab", "--out", "my work"])
    assert "--LabApp.default_url=/lab/tree/my%20work/01_demo.ipynb" in commands[0]


def test_edit_opens_the_pairs_themselves(course, monkeypatch):
    commands = opened(monkeypatch)
    main(["edit", "--no-browser"])
    assert {"--LabApp.default_url=/lab/tree/notebooks/01_demo.ipynb", "--no-browser"} <= set(commands[0])
    hidden = [option.partition("hide_globs=")[2] for option in commands[0] if "hide_globs" in option]
    assert any(fnmatch("01_demo.py", name) for name in hidden)
    assert not any(fnmatch(other, name) for other in ("01_demo.ipynb", "glossary.md", "my.py") for name in hidden)
    assert not Path("workspace").exists()


@pytest.mark.parametrize("command", ["lab", "edit"])
def test_a_data_set_is_a_path_from_where_the_command_was_typed(command, course, monkeypatch):
    opened(monkeypatch)
    for name, meant in {"my_spectra": str(course / "my_spectra"), "kleb-ai": "kleb-ai"}.items():
        monkeypatch.setenv("MALDINB_DATASET", name)
        main([command])
        assert os.environ["MALDINB_DATASET"] == meant


def test_working_in_a_copy_leaves_the_repository_clean(tmp_path, manager_of):
    """What git would see after JupyterLab has opened and saved every copy."""
    shutil.copytree(NOTEBOOKS, tmp_path / "notebooks", ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    shutil.copytree(ROOT / "docs", tmp_path / "docs")
    shutil.copytree(ROOT / "benchmarks", tmp_path / "benchmarks")
    shutil.copy(ROOT / ".gitignore", tmp_path)

    def git(*arguments):
        command = ["git", "-c", "user.name=a", "-c", "user.email=a@b", *arguments]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout

    git("init", "-q")
    git("add", ".")
    git("commit", "-q", "-m", "as it was")
    write_copies(tmp_path / "notebooks", tmp_path / "workspace")
    manager = manager_of(tmp_path)
    for stem in STEMS:
        content = manager.get(f"workspace/{stem}.ipynb")["content"]
        manager.save({"type": "notebook", "content": content}, f"workspace/{stem}.ipynb")
    assert git("status", "--porcelain") == ""
