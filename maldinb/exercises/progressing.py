"""How many exercises of a notebook are solved, as far as its checks have seen in this session."""

import linecache
import re
import sys

from ..material import notebooks_folder

#: Check -> whether it has called an answer right, in the order in which they were last called.
SEEN = {}
_TASK = re.compile(r"^# ### (?P<title>Exercise \d+: .+)$|^exercises\.(?P<check>check_\w+)\(", re.MULTILINE)


def note(check, right):
    """Keep what a check has found. The course's own solutions do not count: nobody has solved anything by reading."""
    if not _in_a_solution(sys._getframe(2)):
        SEEN[check] = SEEN.pop(check, False) or right


def _in_a_solution(frame):
    """Whether the code that calls is a cell with a solution, which begins by saying so."""
    return linecache.getline(frame.f_code.co_filename, 1).startswith("# Solution")


def progress():
    """Print how many exercises of this notebook are solved, and which are not.

    Solved is what a check has called right since the kernel was started. A notebook is known by the checks that were
    called last.

    Examples
    --------
    >>> SEEN.clear()
    >>> progress()
    nothing checked yet: run a cell that ends in exercises.check_...
    """
    if not SEEN:
        print("nothing checked yet: run a cell that ends in exercises.check_...")
        return
    titles = next((own for own in _series() if [*SEEN][-1] in own), {check: check for check in SEEN})
    left = [title for check, title in titles.items() if not SEEN.get(check)]
    said = f"{len(titles) - len(left)} of {len(titles)} solved"
    print(f"{said}; not yet: {'; '.join(left)}" if left else said)


def _series():
    """Check -> title of its exercise, of each notebook."""
    try:
        folder = notebooks_folder()
    except FileNotFoundError:
        return
    for py in sorted(folder.glob("*.py")):
        found, title = {}, ""
        for task in _TASK.finditer(py.read_text(encoding="utf-8")):
            title = task["title"] or title
            if task["check"]:
                found[task["check"]] = title
        yield found
