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


def loaded_by(code):
    code += "\nimport sys; print(*sys.modules)"
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()


@pytest.mark.parametrize("module", HEAVY)
def test_what_is_heavy_is_imported_where_it_is_used(module):
    loaded = loaded_by(f"import {module}")
    assert module in loaded and set(HEAVY[module]).isdisjoint(loaded)


def test_a_fit_does_not_load_torchs_compiler():  # that would take two seconds more
    fit = "maldinb.MaldiMLPClassifier(epochs=1, device='cpu').fit([[0.0], [1.0]] * 20, [0, 1] * 20)"
    loaded = loaded_by(f"import maldinb; {fit}")
    assert "maldinb.network.training" in loaded and "torch._dynamo" not in loaded
