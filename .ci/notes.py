"""The text of a release out of CHANGELOG.md: `python .ci/notes.py v1.2.3`. Refuses a tag that nobody prepared."""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def notes(tag: str, package: str, changelog: str) -> str:
    """The section of a version.

    Raises
    ------
    SystemExit
        If the tag is not the version of the package, or if its section is missing or has no date.
    """
    version = re.search(r'(?m)^__version__ = "(.+)"', package)[1]
    if tag != f"v{version}":
        sys.exit(f"The tag is {tag}, and maldinb/__init__.py says {version}; tag v{version}, or change it there.")
    section = re.search(rf"(?ms)^## {re.escape(version)} - (\S+)\n(.*?)(?=^## |\Z)", changelog)
    if section is None or not re.fullmatch(r"\d{4}-\d\d-\d\d", section[1]):
        sys.exit(f"CHANGELOG.md has no section '## {version} - YYYY-MM-DD'; write it, and tag again.")
    return section[2].strip()


if __name__ == "__main__":
    texts = [(ROOT / name).read_text(encoding="utf-8") for name in ("maldinb/__init__.py", "CHANGELOG.md")]
    print(notes(sys.argv[1], *texts))
