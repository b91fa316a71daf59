"""A small but complete notebook, for tests of everything that handles notebooks."""

import functools
import shutil
import tempfile
from pathlib import Path

from maldinb.course.__main__ import main as series

HEADER = """\
# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---
"""

GOOD = (
    HEADER
    + '''
# %% [markdown]
# # Draw a parabola
#
# ## 1. Before you start

# %% tags=["parameters"]
SHIFT = 1
LABEL = "simulated"

# %% [markdown]
# ## 2. Compute

# %%
import ipywidgets
import matplotlib.pyplot as plt
import numpy as np

from maldinb.course import claim

x = np.linspace(-1, 1, 101)
print(LABEL, x.shape)

# %% [markdown]
# ### A picture

# %%
fig, ax = plt.subplots(figsize=(3, 2))
ax.plot(x, x**2 + SHIFT)
plt.show()

# %% [markdown]
# ### The same with a slider


# %%
def draw(power=2):
    """One curve."""
    _, ax = plt.subplots(figsize=(3, 2))
    ax.plot(x, x**power)
    plt.show()


ipywidgets.interactive(draw, power=(1, 5))

# %%
claim("a square is never negative", (x**2).min() >= 0)
claim(f"the parabola was shifted by {SHIFT}", SHIFT == 1)
'''
)


def make(folder: Path, text: str = GOOD, name: str = "01_demo", execute: bool = True) -> Path:
    """Write a pair into `folder` as a course folder holds it, and return the path of its .ipynb."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(Path(__file__).parent.parent / "notebooks" / "jupytext.toml", folder)
    ipynb = folder / f"{name}.ipynb"
    ipynb.with_suffix(".py").write_text(_executed(text)[1] if execute else text, encoding="utf-8")
    if execute:
        ipynb.write_text(_executed(text)[0], encoding="utf-8")
    return ipynb


@functools.cache
def _executed(text: str) -> tuple[str, str]:
    """The contents of .ipynb and .py; many tests want the same notebook, and a kernel takes seconds."""
    with tempfile.TemporaryDirectory() as folder:
        ipynb = make(Path(folder), text, "demo", execute=False)
        if series(["refresh", "--notebooks", folder]) != 0:
            raise RuntimeError("the demo notebook does not run")
        return ipynb.read_text(encoding="utf-8"), ipynb.with_suffix(".py").read_text(encoding="utf-8")
