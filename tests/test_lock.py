"""The lock agrees with pyproject.toml and constraints.txt, and leaves nothing to be decided when it is installed."""

import re
import tomllib
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version
from test_frame import constraints, requirements

ROOT = Path(__file__).resolve().parent.parent
LOCK = (ROOT / "binder" / "requirements.txt").read_text(encoding="utf-8")
BUILD = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["build-system"]["requires"]
# What decides the markers of a requirement, where the lock is for.
TARGET = {"python_version": "3.11", "python_full_version": "3.11.9", "sys_platform": "linux", "os_name": "posix"}
TARGET |= {"platform_system": "Linux", "platform_machine": "x86_64", "implementation_name": "cpython", "extra": ""}
TARGET |= {"platform_python_implementation": "CPython"}


def read(text):
    """Name -> version of a lock."""
    lines = re.findall(r"(?m)^([\w.-]+)(?:\[.*\])?==(\S+)", text)
    return {canonicalize_name(name): Version(version) for name, version in lines}


def problems(text, pinned, asked):
    """What makes a lock stale: a version that is not the pinned one, or a requirement that it does not meet."""
    lock = read(text)
    for name, specifier in pinned.items():
        found = lock.get(canonicalize_name(name))
        if found is not None and not specifier.contains(found.public):
            yield f"{name} is {found}, and constraints.txt says {specifier}"
    for name, specifier in asked.items():
        found = lock.get(canonicalize_name(name))
        if found is None or not specifier.contains(found):
            yield f"{name} is {found}, and pyproject.toml asks for {specifier}"


def brought(name, extras=()):
    """What a locked distribution asks for, if the installed one has the same version; else nothing is known of it."""
    try:
        installed = distribution(name)
    except PackageNotFoundError:
        return []
    if Version(installed.version) != read(LOCK)[name]:
        return []
    wanted = [Requirement(line) for line in installed.requires or []]
    targets = [TARGET | {"extra": extra} for extra in ["", *extras]]
    return [r for r in wanted if r.marker is None or any(map(r.marker.evaluate, targets))]


def test_it_is_not_stale():
    asked = requirements("lab") | {r.name: r.specifier for r in map(Requirement, BUILD)}
    assert list(problems(LOCK, constraints(), asked)) == [], "make lock"


def test_it_holds_all_that_its_parts_ask_for():
    lock, seen = read(LOCK), 0
    for name in lock:
        for wanted in brought(name):
            seen += 1
            found = lock.get(canonicalize_name(wanted.name))
            assert found is not None, f"{name} needs {wanted}, which is not locked: make lock"
            assert wanted.specifier.contains(found, prereleases=True), f"{name} needs {wanted}, and {found} is locked"
            for extra in wanted.extras:  # without it, pip looks for a version itself, and then misses its hash
                line = rf"(?m)^{re.escape(wanted.name)}\[(.*,)?{extra}(,.*)?\]=="
                assert re.search(line, LOCK), f"{name} needs {wanted}"
            for more in brought(canonicalize_name(wanted.name), wanted.extras):
                assert canonicalize_name(more.name) in lock, f"{wanted} needs {more}, which is not locked"
    assert seen > 50


def test_each_line_has_a_hash_and_pytorch_is_built_for_cpus():
    blocks = re.split(r"(?m)^(?=[\w.-]+(?:\[.*\])?==)", LOCK)
    assert len(blocks) == len(read(LOCK)) + 1
    assert [block for block in blocks[1:] if not re.search(r"--hash=sha256:[0-9a-f]{64}\b", block)] == []
    options = [line for line in blocks[0].splitlines() if not line.startswith("#")]
    assert options == ["--extra-index-url https://download.pytorch.org/whl/cpu"]
    assert read(LOCK)["torch"].local == "cpu"
    assert [name for name in read(LOCK) if re.match(r"nvidia|triton|cuda", name)] == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (r"(?m)^numpy==\S+", "numpy==2.0.0"),  # not the one that is tested
        (r"(?m)^torch==\S+", "torch==2.5.0+cpu"),
        (r"(?m)^hatchling==\S+", "hatchling==1.20"),
        (r"(?m)^tqdm==.*\n", ""),
    ],
)
def test_a_stale_one_is_caught(old, new):
    asked = requirements("lab") | {r.name: r.specifier for r in map(Requirement, BUILD)}
    assert list(problems(re.sub(old, new, LOCK), constraints(), asked)) != []
