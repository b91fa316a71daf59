"""What a run with the newest versions shows, in Markdown: `python .ci/versions.py [junit.xml]`, where it ran.

The standard library is enough, so that it can say what is wrong where nothing else works.
"""

import re
import sys
import xml.etree.ElementTree as ElementTree
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

CONSTRAINTS = Path(__file__).resolve().parents[1] / "constraints.txt"


def tested(text: str) -> dict[str, str]:
    """Name -> version, of a file of constraints."""
    return dict(re.findall(r"(?m)^([\w.-]+)==([\w.]+)", text))


def installed(name: str) -> str | None:
    """The version that is installed here, without what names the build (+cpu)."""
    try:
        return version(name).partition("+")[0]
    except PackageNotFoundError:
        return None


def changed(pinned: dict[str, str], found=installed) -> list[tuple[str, str, str]]:
    """Name, tested version, and the one that is there instead."""
    there = ((name, old, found(name)) for name, old in pinned.items())
    return [(name, old, new) for name, old, new in there if new not in (None, old)]


def failed(report: str) -> list[tuple[str, str]]:
    """Name and first line of the reason, of each test in a JUnit report that failed or could not be run."""
    cases = ElementTree.fromstring(report).iter("testcase")
    bad = [(case, case.find(kind)) for case in cases for kind in ("failure", "error") if case.find(kind) is not None]
    return [(_name(case), _first_line(why)) for case, why in bad]


def _name(case):
    return "::".join(filter(None, (case.get("classname"), case.get("name"))))


def _first_line(why):
    lines = (why.get("message") or why.text or "").strip().splitlines()
    return lines[0][:200] if lines else "no reason given"


def summary(versions: list[tuple[str, str, str]], failures: list[tuple[str, str]] | None) -> str:
    """A page: which versions differ from the tested ones, and which tests failed; None without a report."""
    lines = [f"## Python {sys.version.split()[0]}", ""]
    if failures is None:
        lines += ["There is no report of tests. Where one is due, setting up has failed."]
    else:
        lines += [f"**{len(failures)} tests failed.**" if failures else "**All tests passed.**"]
        lines += ["", *(f"- `{name}`: {_plain(why)}" for name, why in failures)] if failures else []
    if not versions:
        return "\n".join([*lines, "", "All versions are those of constraints.txt."]) + "\n"
    lines += ["", "| other than in constraints.txt | tested | here |", "|---|---|---|"]
    return "\n".join([*lines, *(f"| {name} | {old} | {new} |" for name, old, new in versions)]) + "\n"


def _plain(text):
    """Text of a test in a list: as it is, whatever Markdown would make of it."""
    return "`" + text.replace("`", "'") + "`"


if __name__ == "__main__":
    report = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    failures = failed(report.read_text(encoding="utf-8")) if report and report.is_file() else None
    print(summary(changed(tested(CONSTRAINTS.read_text(encoding="utf-8"))), failures))
