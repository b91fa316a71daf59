"""Open the course in JupyterLab: ``python open_course.py``. What stands after it is for JupyterLab."""

import os
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
SAY = "No Python (3.11 or newer) with maldinb and JupyterLab was found on this computer: {}, and open this file again."
NEEDED = ("maldinb", "jupyterlab", "ipykernel", "jupytext")
TEST = (
    "import sys; from importlib.util import find_spec; "
    f"sys.exit(sys.version_info < (3, 11) or not all(map(find_spec, {NEEDED!r})))"
)


def pythons():
    """Where maldinb may be, the likeliest first: in this Python, in a .venv here or above, beside a command."""
    named = os.environ.get("MALDINB_PYTHON")
    if named:
        yield named
    yield sys.executable
    folder = HERE
    for _ in range(4):
        for path in (("bin", "python"), ("Scripts", "python.exe")):
            yield os.path.join(folder, ".venv", *path)
        folder = os.path.dirname(folder)
    for command in ("maldinb", "jupyter-lab", "jupyter"):
        found = shutil.which(command)
        if found:  # a program that pip or conda installed lies beside its Python, or one folder below it
            beside = os.path.dirname(os.path.realpath(found))
            yield os.path.join(beside, "python.exe" if os.name == "nt" else "python")
            yield os.path.join(os.path.dirname(beside), "python.exe")
    for command in ("python3", "python"):
        found = shutil.which(command)
        if found:
            yield found


def has_course(python):
    """Whether the notebooks can be opened with this Python."""
    if not os.path.isfile(python):
        return False
    try:
        return subprocess.call([python, "-c", TEST], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def main(options):
    """Hand over to the first Python that has the course."""
    os.chdir(HERE)
    tried = set()
    for python in pythons():
        if python not in tried and has_course(python):
            command = [python, "-m", "maldinb.course", "open", "--folder", HERE] + options
            if os.name == "nt":
                return subprocess.call(command)
            os.execv(python, command)  # so that Ctrl-C is JupyterLab's own, which asks, and ends its kernels
        tried.add(python)
    wheels = [name for name in sorted(os.listdir(HERE)) if name.startswith("maldinb-") and name.endswith(".whl")]
    typed = 'type, in a terminal in this folder,  python -m pip install "./{}[lab]"'
    print(SAY.format(typed.format(wheels[-1]) if wheels else "install them as your teacher said"))
    return 1


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:  # Ctrl-C, with which JupyterLab is ended
        pass
