"""Whoever only loads spectra, draws them or checks an answer does not wait for PyTorch, nor for scikit-learn."""

import subprocess
import sys

import pytest

HEAVY = {
    "maldinb": ("torch", "sklearn", "scipy", "matplotlib", "requests"),
    "maldinb.exercises": ("torch", "sklearn", "scipy", "matplotlib", "requests"),
    "maldinb.commands": ("torch", "sklearn", "scipy", "matplotlib", "requests", "nbformat", "jupytext"),
    "maldinb.course.__main__": ("torch", "sklearn", "scipy", "matplotlib", "requests", "nbclient", "nbconvert"),
    "maldinb.plots": ("torch", "sklearn", "scipy.signal"),
    "maldinb.evaluation": ("torch", "sklearn.ensemble", "scipy.signal", "matplotlib"),
}


@pytest.mark.parametrize("module", HEAVY)
def test_what_is_heavy_is_imported_where_it_is_used(module):
    code = f"import sys, {module}; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert module in loaded and set(HEAVY[module]).isdisjoint(loaded)
