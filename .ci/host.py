"""Say where this copy of the repository is hosted: `make host REPOSITORY=owner/name`.

The one place that knows which files name the repository; a test looks for others. A bare Python is enough to run it.
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
#: Files with links to the repository. From pyproject.toml the site takes its buttons (Binder, Colab, edit).
FILES = ("pyproject.toml", "README.md", "CITATION.cff", "CHANGELOG.md", "docs/launch.md", "notebooks/*.py")
FILES += ("notebooks/*.ipynb",)
#: What stands before the name in such a link.
HOSTS = r"(github\.com/|mybinder\.org/v2/gh/|colab\.research\.google\.com/github/|codespaces\.new/)"


def named(root: Path) -> str:
    """The repository as pyproject.toml has it, owner/name."""
    text = (root / "pyproject.toml").read_text(encoding="utf-8")
    return re.search(r'(?m)^Repository = "https://github\.com/([\w.-]+/[\w.-]+)"', text)[1]


def rename(new: str, root: Path) -> list[str]:
    """Let every link to the repository lead to `new`; return the files that were changed."""
    link, changed = re.compile(rf"{HOSTS}{re.escape(named(root))}(?![\w-])"), []
    for path in sorted(path for pattern in FILES for path in root.glob(pattern)):
        text = path.read_text(encoding="utf-8")
        there = link.sub(rf"\g<1>{new}", text)
        if there != text:
            path.write_text(there, encoding="utf-8", newline="\n")
            changed.append(path.relative_to(root).as_posix())
    return changed


if __name__ == "__main__":
    if not re.fullmatch(r"[\w.-]+/[\w.-]+", sys.argv[1]):
        sys.exit("Name the repository: make host REPOSITORY=owner/name")
    old = named(ROOT)
    print(f"{old} is {sys.argv[1]} now, in", ", ".join(rename(sys.argv[1], ROOT)) or "no file")
