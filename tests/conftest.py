"""What holds for every test and, through the environment, for every notebook kernel: offline, one thread, own cache."""

import atexit
import gc
import os
import runpy
import shutil
import tempfile
import warnings
from pathlib import Path

import hypothesis
import pytest

ROOT = Path(__file__).resolve().parent.parent
STARTUP = ROOT / "tests" / "startup"

# No test reaches the network, and neither does a process that a test starts: Python runs this file when it finds its
# folder on PYTHONPATH.
runpy.run_path(str(STARTUP / "sitecustomize.py"))
if str(STARTUP) not in os.environ.get("PYTHONPATH", "").split(os.pathsep):
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(STARTUP), os.environ.get("PYTHONPATH")]))

# What the user has set must not decide whether a test passes. MPLBACKEND would make inline figures vanish.
for name in ("MALDINB_DATASET", "MPLBACKEND", "JUPYTER_CONFIG_PATH", "IPYTHONDIR"):
    os.environ.pop(name, None)
# Several processes share the cores, and these models are small: one thread each is fastest.
os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1")

# One data cache for a whole run, shared by its workers and kernels: the simulated set is computed once. It is new
# every time, or a test could pass on what an older version of the code has computed.
if "PYTEST_XDIST_WORKER" not in os.environ:
    os.environ["MALDINB_CACHE_DIR"] = tempfile.mkdtemp(prefix="maldinb-tests-")
    atexit.register(shutil.rmtree, os.environ["MALDINB_CACHE_DIR"], ignore_errors=True)

# The same examples every time, however busy the machine is: whether a change is good must not be a matter of luck.
# Whoever looks for trouble gets more of them, and other ones: TEST_ARGS=--hypothesis-profile=thorough
same = {"deadline": None, "derandomize": True, "database": None, "max_examples": 50}
hypothesis.settings.register_profile("maldinb", **same)
hypothesis.settings.register_profile("thorough", **same | {"derandomize": False, "max_examples": 1000})
hypothesis.settings.load_profile("maldinb")

import matplotlib  # noqa: E402 - after the environment is set

matplotlib.use("Agg")  # in this process only; kernels go on drawing inline

pytest_plugins = ["budgets", "longest_first"]  # what the notebooks take, and in which order all is run


def pytest_collection_finish():
    """Thousands of tests and all that they import stay to the end; no garbage is to be looked for among them."""
    gc.freeze()


@pytest.fixture(autouse=True)
def close_figures():
    """Figures that a test leaves open would pile up, and matplotlib warns of that."""
    yield
    import matplotlib.pyplot as plt

    plt.close("all")


@pytest.fixture(scope="session")
def root() -> Path:
    """The root of the repository."""
    return ROOT


@pytest.fixture
def claims(root, capsys, monkeypatch):
    """Run the cells of a notebook here, down to the one that holds some text, and return sentence -> what is claimed.

    A kernel would spend more time on imports, and on pictures that nobody sees, than on what is tested. Figures are
    drawn on request only.
    """
    import jupytext
    import matplotlib.pyplot as plt
    import pandas as pd

    from maldinb.course.claims import read_line

    def draw():
        for number in plt.get_fignums():
            plt.figure(number).canvas.draw()
        plt.close("all")

    def run(stem, dataset, until=None, *, drawn=False, **parameters):
        monkeypatch.setattr(plt, "show", draw if drawn else lambda: plt.close("all"))
        names = {"__name__": "notebook"}
        with pd.option_context("display.max_colwidth", 50):
            for cell in jupytext.read(root / "notebooks" / f"{stem}.py").cells:
                if cell.cell_type == "code":
                    with plt.rc_context(), warnings.catch_warnings():
                        warnings.simplefilter("ignore")  # of scikit-learn, about so few spectra
                        exec(cell.source, names)
                    if "parameters" in cell.metadata.get("tags", []):
                        names |= {"DATASET": dataset, "ANTIBIOTIC": "drug"} | parameters
                    if until and until in cell.source:
                        break
        printed = capsys.readouterr().out.splitlines()
        return {line.sentence: line for line in map(read_line, printed) if line}

    return run


@pytest.fixture(scope="session")
def real_spectra() -> Path:
    """The folder with 29 real spectra, which is no part of the repository; tests that want it are skipped without."""
    folder = Path(os.environ.get("MALDINB_REAL_SPECTRA") or ROOT.parent / "shared" / "real_spectra")
    if not (folder / "metadata.csv").is_file():
        pytest.skip(f"no real spectra at {folder}; MALDINB_REAL_SPECTRA names another folder")
    return folder


@pytest.fixture(scope="session")
def executable() -> str:
    """The browser; where it is required, a missing one must not pass for a skipped test."""
    required = os.environ.get("MALDINB_REQUIRE_BROWSER") == "1"
    try:
        from browser import find_chromium
    except ImportError:
        found, reason = None, "playwright is not installed"
    else:
        found, reason = find_chromium(), "no Chromium or Chrome found; $CHROMIUM may name one"
    if found is None:
        pytest.fail(reason) if required else pytest.skip(reason)
    return found
