# ---
# jupyter:
#   jupytext:
#     cell_metadata_filter: tags,jupyter,slideshow,-all
#     notebook_metadata_filter: kernelspec,-jupytext.text_representation.jupytext_version
#     text_representation:
#       extension: .py
#       format_name: percent
#       format_version: '1.3'
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Look into the gates, and test what they seem to say
#
# *Notebook 3 of 6 of the series: [01 data loading and caching](01_data_loading_and_caching.ipynb), [02 training](02_training.ipynb),
# **03 attention interpretation**,
# [04 ablation without attention](04_ablation_without_attention.ipynb), [05 back to m/z](05_back_to_mz.ipynb),
# [06 another hospital](06_another_hospital.ipynb). The words of the field are in the [glossary](../docs/glossary.md).*
#
# **What you will do.** Draw the gates of the network of notebook 02 as they were published, and read from them what
# seems to be there. Then find out, by experiment, which of it is true: do the gates tell R from S, and are they used?
#
# **What you will learn**
#
# - what a picture of gates hides, and how to draw it honestly;
# - why "no difference was seen" says little until one knows what the test could have seen;
# - what an *intervention* shows that a picture cannot, and why "no effect" needs a positive control whose truth is known.
#
# **What you need.** [Notebook 02](02_training.ipynb). About 60 minutes, and 50 more for the exercises.
#
# **Your turn.** Where a cell ends in `exercises.check_...`, put your answer in place of the three dots and run the cell.
# It tells what is wrong with an answer, if anything is. A hint is folded away above it.
#
# **On other data.** Where the text speaks of results, they are those of the simulated spectra, with the parameters below.
# Of other data the outputs tell: a ✓ marks what is true of them, a ✗ what is not, and a ? what they cannot tell. In
# brackets behind a sentence stand the number that decided and the limit it was held against.

# %% tags=["parameters"]
DATASET = None  # "simulated", "kleb-ai", your own folder; None: see $MALDINB_DATASET
ANTIBIOTIC = "Amikacin"  # or "Meropenem"; with your own folder a column of its table
BATCH = ISOLATE = SPECIES = None  # columns of your own table, if not called so
LABELS = None  # what your own labels mean, such as {"resistant": "R", "0": "S"}
INTERMEDIATE = "drop"  # what becomes of I; "R" and "S" count it as R and as S
ON_ERROR = "raise"  # "skip" leaves out your own spectra that cannot be used
BIN_WIDTH = 3.0  # Da
ALIGN = False  # True recalibrates each spectrum to peaks that all K. pneumoniae have
EPOCHS = 30
HIDDEN_DIM = 256
SEED = 0
N_SEEDS = 2  # networks for each fold of the cross-validation
DEVICE = "cpu"  # "auto" takes a GPU, if any; numbers then differ from run to run

# %% jupyter={"source_hidden": true} tags=["colab", "remove-input"]
import subprocess
import sys

if "google.colab" in sys.modules:  # Colab has this notebook only, and no package
    course = "maldinb @ git+https://github.com/OWNER/maldinb"
    subprocess.run([sys.executable, "-m", "pip", "install", "-q", course], check=True)

# %%
import itertools

import ipywidgets
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import torch

import maldinb
from maldinb import evaluation, exercises, interpretation, plots
from maldinb.course import Verdicts, claim
from maldinb.interpretation import Opened

plots.use_style()
pd.set_option("display.max_colwidth", None)  # whole sentences in tables

# %%
choices = dict(
    batch=BATCH, isolate=ISOLATE, species=SPECIES, labels=LABELS,
    intermediate=INTERMEDIATE,
)
data = maldinb.load_dataset(
    DATASET, ANTIBIOTIC, on_error=ON_ERROR, bin_width=BIN_WIDTH, align=ALIGN, **choices
)
X, y = maldinb.binary_labels(data)
batch = data.batch[X.index]
isolate = pd.Series(X.index, X.index) if data.isolate is None else data.isolate[X.index]
print(f"{data}: {len(y)} spectra with a label, {y.sum()} of them resistant")

# %% [markdown]
# ## 1. The published picture
#
# This kind of network comes from a package called MaldiDeepKit, which shows its gates in
# [a notebook](https://github.com/EttoreRocchi/MaldiDeepKit/blob/main/notebooks/03_attention_interpretation.ipynb) of its
# own. The next two cells do the same: train on all spectra, take the first ten susceptible and the first ten resistant
# ones, and colour their gates from 0.4 to 0.6.

# %%
network = maldinb.MaldiMLPClassifier(
    epochs=EPOCHS, hidden_dim=HIDDEN_DIM, random_state=SEED, device=DEVICE
)
published = network.fit(X, y)
attention = published.get_attention_weights(X)
shown = np.r_[np.flatnonzero(y == 0)[:10], np.flatnonzero(y == 1)[:10]]

# %%
fig, ax = plt.subplots(figsize=(8, 4))
plots.plot_gates(attention[shown], y.iloc[shown], ax, limits=(0.4, 0.6), cmap="viridis")
ax.set_title("S top / R bottom")
plt.show()

# %% [markdown]
# Twenty rows, S above R, a column for each hidden unit: look for bright and dark columns. Of its own picture the package
# says: "Units that stay close to 1 across samples are unconditionally retained; units near 0 are gated off. The variance
# across samples - and especially across the S/R split - points at the units that are class-discriminative."
#
# Take the first sentence, and make a condition of it. On the simulated spectra the gates do not meet it, so here is a ✗:

# %% tags=["fails-on-purpose"]
decided = np.mean((attention < 0.1) | (attention > 0.9))
claim("most gates are near 1 or near 0", decided, ">", 0.5)

# %% [markdown]
# ### 1.1 Three scales, one picture
#
# The scale decides what the colours say. Here are the same twenty rows three times: from 0.4 to 0.6 as published, from
# the lowest gate to the highest, which many programs choose by themselves, and from shut to open.

# %%
fig, axes = plt.subplots(3, 1, figsize=(9, 7), sharex=True)
scales = {
    "from 0.4 to 0.6": (0.4, 0.6),
    "from the lowest to the highest": None,
    "from shut to open": (0, 1),
}
for ax, (name, limits) in zip(axes, scales.items(), strict=True):
    plots.plot_gates(attention[shown], y.iloc[shown], ax, limits=limits)
    ax.set_title(name)
    ax.label_outer()
plt.show()

# %% [markdown]
# On the simulated spectra little of the pattern is left on the last scale: most gates are about half open.

# %% [markdown]
# ### Exercise 1: read the colour bar
#
# How far are the darkest and the brightest gate of the middle picture open? 0 is shut, 1 is open. Read both off.
#
# <details><summary>Hint</summary>
#
# The colour bar to the right says what a colour means. Its lower end is the lowest gate, its upper end the highest. Where
# there is no number at an end, go on from the nearest ones.
#
# </details>

# %% tags=["exercise"]
darkest_and_brightest = ...  # two numbers from 0 to 1, as in (0.1, 0.9)

exercises.check_colour_range(darkest_and_brightest, attention[shown])

# %% jupyter={"source_hidden": true} tags=["solution", "hide-input"]
# Solution
# What the eye does, in code. All colours of the picture lie between these two numbers.
darkest_and_brightest = attention[shown].min(), attention[shown].max()

exercises.check_colour_range(darkest_and_brightest, attention[shown])

# %%
of_all = interpretation.gate_summary(attention)
claim(
    "more than 90 % of the gates lie between 0.4 and 0.6",
    of_all["within .4-.6"], ">", 0.9,
)
claim(
    "columns differ more than rows: most of the variance is between units",
    of_all["share between spectra"], "<", 0.5,
)

# %% [markdown]
# ## 2. The same picture, honestly
#
# Three things change. The spectra are *held out*: the network has not seen them. The colours run from 0 to 1. And beside
# it stands a network that has *learned nothing*.
#
# One network proves little, so we train a *panel*: five folds of a cross-validation (whole isolates together, each city
# and label in every fold) and several seeds. From here on numbers are means over these networks, with the range that
# holds 95 % of them (with so few networks nearly the lowest and the highest). Where R and S cannot be compared within
# cities, all spectra count as one city.
#
# A second panel sees *standardised* rows: each bin is scaled to variance 1 first. Section 2.1 says why. We judge held-out
# gates and interventions with both, so that nobody can say we looked at a network that had no chance; what is done with one
# kind of rows only says which. Training takes half a minute; the fits are kept, and the next time takes a second.

# %%
splits = evaluation.stratified_splits(y, batch, isolate=isolate, random_state=SEED)
batch = evaluation.comparable_batches(y, batch, splits)
several, why = (
    batch.nunique() > 1,
    "there are no two cities within which R and S can be compared",
)
options = {"epochs": EPOCHS, "hidden_dim": HIDDEN_DIM, "device": DEVICE}
seeds = range(SEED, SEED + N_SEEDS)

# %% tags=["nbval-ignore-output"]
panels = {
    name: interpretation.train_panel(
        maldinb.MaldiMLPClassifier(standardize=standardize, **options), X, y, batch,
        splits, isolate=isolate, seeds=seeds, progress=True,
    )
    for name, standardize in {"raw rows": False, "standardised": True}.items()
}
panels |= {
    f"{name}, untrained": panel[: len(splits)].untrained(SEED)
    for name, panel in panels.items()
}

# %%
fig, axes = plt.subplots(2, 2, figsize=(10, 5.5), sharex=True)
few = np.random.default_rng(SEED).permutation(splits[0][1])[:60]
for ax, (name, panel) in zip(axes.flat, panels.items(), strict=True):
    plots.plot_gates(panel[0].clf.get_attention_weights(X.iloc[few]), y.iloc[few], ax)
    ax.set_title(f"{name}, held-out spectra")
    ax.label_outer()
plt.show()

# %% [markdown]
# Trained above, untrained below: with random weights, and a BatchNorm that has not measured any spectra yet and leaves the
# sums as they are. On the simulated spectra, hardly anything is left of the published picture on raw rows, trained or not. On
# standardised rows there *is* a pattern, and the network that has learned nothing has one, too.
#
# ### 2.1 Why gates on raw rows stay near one half
#
# In rows of 6000 numbers that sum to 1, each number is tiny. The variance of the projection's sums is then smaller than
# *epsilon*, the small number that BatchNorm adds to it against division by zero. BatchNorm cannot scale them up, the gate
# sees almost zeros, and sigmoid(0) is 1/2. With `standardize=True` the sums are large enough, and the gates move. If this
# is the reason, the first claim below has its ✓.

# %%
linear, norm = panels["raw rows, untrained"][0].clf.model_.project[:2]
with torch.no_grad():
    variance = (
        linear(panels["raw rows, untrained"][0].clf.as_tensor(X))
        .var(dim=0)
        .median()
        .item()
    )
claim(
    "raw rows: at the start the median variance of the sums is below epsilon",
    variance, "<", norm.eps,
)

# %%
held_out_gates = {name: panel.gates() for name, panel in panels.items()}
spread = {
    name: interpretation.over_networks(map(interpretation.gate_summary, g))
    for name, g in held_out_gates.items()
}

fig, ax = plt.subplots()
plots.plot_gate_spread(
    {name: np.concatenate(gates) for name, gates in held_out_gates.items()}, ax
)
plt.show()

# %% [markdown]
# Gates of all held-out spectra. The highest box of a row holds the middle half of them, each lower pair of boxes half of
# those still left outside, and points are the last few. On the simulated spectra, training on raw rows spreads the gates, but
# only a little way. On standardised rows the untrained network already spreads them, and training spreads them further.

# %% tags=["nbval-ignore-output"]
pd.DataFrame({name: table["mean"] for name, table in spread.items()}).round(3)

# %%
raw, scaled, unlearned = (
    spread[name]["mean"]
    for name in ("raw rows", "standardised", "standardised, untrained")
)
more_between = scaled["share between spectra"] - raw["share between spectra"]
wider = min(
    spread[name]["mean"]["sd"] / spread[f"{name}, untrained"]["mean"]["sd"]
    for name in ("raw rows", "standardised")
)

# %%
claim(
    "raw rows: more than 90 % of the held-out gates lie between 0.4 and 0.6",
    raw["within .4-.6"], ">", 0.9,
)
claim(
    "standardised rows: fewer than 75 % of the held-out gates lie between 0.4 and 0.6",
    scaled["within .4-.6"], "<", 0.75,
)
claim(
    "raw rows: gates differ more between units than between spectra",
    raw["share between spectra"], "<", 0.5,
)
claim(
    "standardised rows: a larger share of the variance is between spectra",
    more_between, ">", 0,
)
claim("raw and standardised rows: training spreads the gates further", wider, ">", 1)
claim(
    "standardised rows: even untrained, gates spread further than trained on raw ones",
    unlearned["sd"], ">", raw["sd"],
)

# %% [markdown]
# ### Exercise 2: whose variance is it?
#
# The row `share between spectra` of the table above is the key to all that follows: a gate that is the same for each
# spectrum cannot tell one from another. Compute it yourself, without `gate_summary`. The variance of all gates has two
# parts: units have different means, and each unit varies from spectrum to spectrum around its own mean. Which share is the
# second part?
#
# <details><summary>Hint</summary>
#
# `gates.var(axis=...)` gives variances along one axis only. Along which of them does one unit stay the same? Then take the
# mean over the units, and compare with `gates.var()`. Do not take roots on the way: variances add up, and standard
# deviations do not.
#
# </details>


# %% tags=["exercise"]
def between_spectra(gates):
    """A share, from 0 to 1; `gates` is an array of shape (spectra, units)."""
    ...  # your code


exercises.check_share_between_spectra(between_spectra)


# %% jupyter={"source_hidden": true} tags=["solution", "hide-input"]
# Solution
def between_spectra(gates):
    """Mean variance of a unit over the spectra, as a share of that of all gates."""
    return gates.var(axis=0).mean() / gates.var()


exercises.check_share_between_spectra(between_spectra)

# %% [markdown]
# ### Exercise 3: break the claim
#
# Whether "more than 90 % of the gates lie between 0.4 and 0.6" holds depends on the two limits in it, and we chose these.
# Write it as *within 1/2 ± w*: with w = 0.1 it is the claim of section 1. At which w does its mark turn, because just nine
# tenths of the gates lie within?
#
# <details><summary>Hint</summary>
#
# `np.abs(attention - 0.5)` is how far each gate is from one half. Nine tenths of these numbers are smaller than the one
# asked for: NumPy has a function for that.
#
# </details>

# %% tags=["exercise"]
width = ...  # a distance from one half

exercises.check_breaking_width(width, attention)

# %% jupyter={"source_hidden": true} tags=["solution", "hide-input"]
# Solution
width = np.quantile(np.abs(attention - 0.5), 0.9)

exercises.check_breaking_width(width, attention)

# %% [markdown]
# ## 3. Do gates tell R from S?
#
# Now the second published sentence: look for columns in which S and R differ. We measure, for each unit, how well its
# gate tells R from S (the AUROC less 1/2), and count the gates whose difference is larger than chance makes it (1000
# permutations of the labels, at a false discovery rate of 5 %). As in the published picture, we take raw rows, spectra that
# the network was trained on, and all cities together:

# %%
naive = panels["raw rows"].separation("train", within_batch=False)

# %% tags=["nbval-ignore-output"]
naive.round(2)

# %%
claim(
    "done as published, a fifth of the gates or more separate R from S",
    naive.loc["share that separates", "mean"],
    ">",
    0.2,
)

# %% [markdown]
# With a ✓, the published reading seems to be right. Before you read on: what would you change about this experiment?
#
# Two choices decide what comes out:
#
# - **whose gates?** Those of the training spectra, or of held-out ones;
# - **which comparison?** All spectra together, labels changing places freely, or within each city. R is more frequent in
#   some cities, so a gate that recognises the hospital passes the first test and not the second.
#
# And three kinds of networks are missing beside it: on standardised rows, untrained, and trained on *labels that mean
# nothing*, shuffled within each city. To train these takes some six seconds.

# %% tags=["nbval-ignore-output"]
nonsense = interpretation.shuffled_within_batch(y, batch, random_state=SEED)
nonsense_splits = evaluation.stratified_splits(
    nonsense, batch, isolate=isolate, random_state=SEED
)
panels["standardised, shuffled labels"] = interpretation.train_panel(
    maldinb.MaldiMLPClassifier(standardize=True, **options), X, nonsense, batch,
    nonsense_splits, isolate=isolate, seeds=[SEED], progress=True,
)

# %%
questions = [
    *itertools.product(["raw rows"], ["train", "test"], [False, True]),
    *[(name, "test", True) for name in panels if name != "raw rows"],
]
answers = {
    question: panels[question[0]].separation(question[1], within_batch=question[2])
    for question in questions
}

# %%
words = {
    "train": "training spectra", "test": "held out", False: "over all",
    True: "within city" if several else "all as one city",
}
found = {
    what: pd.DataFrame(
        {(n, words[part], words[w]): a.loc[what] for (n, part, w), a in answers.items()}
    ).T
    for what in ("typical effect", "share that separates")
}

# %%
fig, ax = plt.subplots(figsize=(8, 4))
plots.plot_intervals(
    found["typical effect"],
    ax,
    value="mean",
    reference=0.0,
    reference_label="no effect",
    numbers=".3f",
    xlabel="typical effect beyond chance (AUROC - 1/2)",
)
ax.set_xlim(left=-0.01)
plt.show()

# %% [markdown]
# The *size* of the difference: root mean square over the units of AUROC - 1/2, less what chance makes of gates that know
# nothing. Points are means over the networks, bars hold 95 % of them. On the simulated spectra a typical gate is worth an
# AUROC of little more than one half on held-out spectra; on raw rows it looks better on those that it was trained on.
# (Untrained gates may have an effect, too: they are random sums of spectra that do differ.)

# %%
size = found["typical effect"]["mean"]
within, trained = ("held out", words[True]), ["raw rows", "standardised"]
weak = max(size[(name, *within)] for name in trained)
inflated = (
    size["raw rows", "training spectra", words[True]] - size[("raw rows", *within)]
)
gained = [
    size[(name, *within)] - size[(f"{name}, untrained", *within)] for name in trained
]
more = min(gained) if several else None
fooled = size[("standardised, shuffled labels", *within)]
passed = max(found["share that separates"]["mean"][(name, *within)] for name in trained)

# %%
claim(
    "held out, a typical gate is worth an AUROC below 0.6 within a city",
    0.5 + weak if several else None, "<", 0.6, unknown=why,
)
claim(
    "raw rows: on training spectra a typical gate looks better by 0.03 or more",
    inflated, ">=", 0.03,
)
claim(
    "held out and within city, trained gates separate better than untrained ones",
    more, ">", 0.01, unknown=why,
)
claim(
    "held out and within city, gates trained on shuffled labels hardly separate these",
    fooled, "<", 0.04,
)
claim(
    "held out and within city, fewer than a fifth of the gates pass the test",
    passed if several else None, "<", 0.2, unknown=why,
)

# %% tags=["nbval-ignore-output"]
found["share that separates"].round(2)

# %% [markdown]
# ### 3.1 What could such a test have seen?
#
# On the simulated spectra this table counts few gates that separate R from S, held out and within city. "So most gates do
# not separate", one would like to write. But how many pass a test also depends on how many isolates there were. How large
# must the effect of a gate be for this test to find it in four cases of five? ("inf" says that the test would not find even a
# perfect gate so often.)

# %%
held_out = splits[0][1]
known = isolate.iloc[held_out]
each_once = held_out[~known.duplicated() | known.isna()]  # as the test counts them
one_fold = (y.iloc[each_once], batch.iloc[each_once])
ways = {
    "if only this gate is tested, p < 0.05": 0.05,
    "if it must pass among many, p < 0.005": 0.005,
}
reach = pd.Series(ways).map(
    lambda p: interpretation.detectable_effect(*one_fold, p=p, power=0.8)
)

# %%
best = {name: panels[name].best_gates() for name in trained}
only = {"interventions": ["gates only"]}
gates_only = {
    name: panels[name].each(
        lambda o, y, b: interpretation.intervention_table(o, y, b, **only)
    )
    for name in trained
}

# %% tags=["nbval-ignore-output"]
(reach + 0.5).rename("AUROC of a gate that is found in 4 of 5 cases").to_frame().round(
    2
)

# %%
together = {
    name: interpretation.over_networks([t.loc["gates only"] for t in tables])
    for name, tables in gates_only.items()
}

# %% tags=["nbval-ignore-output"]
rows_of = {
    "the best gate where it was chosen": (best, "chosen on"),
    "the same gate, held out": (best, "held out"),
    "all gates together, held out": (together, "within batch"),
}
pd.concat(
    {
        what: pd.DataFrame({n: t.loc[row] for n, t in tables.items()}).T
        for what, (tables, row) in rows_of.items()
    }
).round(2)

# %% [markdown]
# All numbers are AUROCs within a city. On the simulated spectra the test sees only gates that are far better than a typical
# one, so what it does not see may well be there: *absence of evidence*. And with ticks below there is evidence. On average the
# best gate of a network, chosen on training spectra, is better than a coin on held-out ones, though it looked far better where
# it was chosen. All gates together, with the hidden units held at their means, do better still on average.

# %%
all_gates = {
    name: table.loc["within batch", "mean"] for name, table in together.items()
}
luck = min(
    table.loc["chosen on", "mean"] - table.loc["held out", "mean"]
    for table in best.values()
)
alone = {name: table.loc["held out", "mean"] for name, table in best.items()}
added = min(all_gates[name] - alone[name] for name in trained) if several else None
least = min(alone.values()) if several else None

# %%
claim(
    "a typical gate's effect is smaller than what the test finds in 4 of 5 cases",
    weak, "<", reach.min(),
)
claim("the best gate looks better by more than 0.1 where it was chosen", luck, ">", 0.1)
claim(
    "held out, the mean AUROC of the best gate within a city is still above 0.55",
    least, ">", 0.55, unknown=why,
)
claim(
    "on average, all gates together order R and S better than the best by 0.02 or more",
    added, ">=", 0.02, unknown=why,
)

# %% [markdown]
# ### Exercise 4: a p-value by hand
#
# Do for one gate what `separating_gates` does for all. You get a function: `effect(labels)` says how well the gate would
# separate R from S if these were the labels. It is 0 if not at all, and above or below 0 if the gate is higher or lower in
# R. How often do labels that mean nothing separate as well as the real ones, or better? Permute the labels 999 times *within
# each city*, and give the two-sided p-value. It must never be 0.
#
# When it is right, apply it to the gate of `panels["raw rows"][0]` with the largest effect on held-out spectra
# (`interpretation.gate_effects` of one column of gates). Is this p-value good news, if the gate is the best of 256?
#
# <details><summary>Hint</summary>
#
# Copy `y`, and for each city replace the labels of its spectra by `rng.permutation` of themselves. Make `rng` once, before
# the loop. "As well" includes "just as well", and far below 0 is as good as far above. The real labels are one of the
# orders that chance could have made: count them, too, above the line and below it.
#
# </details>


# %% tags=["exercise"]
def p_value(effect, y, batch):
    """From 0 to 1; `y` and `batch` are arrays with an entry for each spectrum."""
    ...  # your code


exercises.check_permutation_p(p_value)


# %% jupyter={"source_hidden": true} tags=["solution", "hide-input"]
# Solution
def p_value(effect, y, batch):
    """Count permutations whose effect is as far from 0."""
    rng, observed = np.random.default_rng(0), abs(effect(y))
    as_far = 1  # the real labels
    for _ in range(999):
        permuted = y.copy()
        for name in np.unique(batch):
            permuted[batch == name] = rng.permutation(y[batch == name])
        as_far += abs(effect(permuted)) >= observed
    return as_far / 1000


exercises.check_permutation_p(p_value)


# %% jupyter={"source_hidden": true} tags=["solution", "hide-input", "nbval-ignore-output"]
# Solution, continued
# How many gates would be as good by chance? Only if far less than one would, the best
# of them all is a surprise.
def effect_of_best(labels):
    """The effect of the best gate, for these labels."""
    return interpretation.gate_effects(best_gate, labels, batch_here)[0]


first = panels["raw rows"][0]
y_here, batch_here = y.iloc[first.test].to_numpy(), batch.iloc[first.test].to_numpy()
gates_here = first.clf.get_attention_weights(X.iloc[first.test])
best_gate = gates_here[
    :, [np.abs(interpretation.gate_effects(gates_here, y_here, batch_here)).argmax()]
]
p_best = p_value(effect_of_best, y_here, batch_here)
print(f"p = {p_best:.3f}; by chance, of {HIDDEN_DIM} gates: {HIDDEN_DIM * p_best:.1f}")

# %% [markdown]
# ### 3.2 Labels that mean nothing
#
# The last row of the figure is the strictest control. Labels that were shuffled within each city have only one thing left to
# teach: the city. Guess what such a network still scores.

# %% tags=["nbval-ignore-output"]
taught_nonsense = panels["standardised, shuffled labels"]
pooled, within_city = taught_nonsense.held_out_auroc()
print(
    f"trained and tested on shuffled labels: AUROC {pooled}, within a city "
    f"{within_city:.2f}"
)

# %%
claim(
    "trained on labels without meaning, the pooled AUROC is still above 0.6",
    pooled.value if several else None, ">", 0.6, unknown=why,
)
claim(
    "trained on labels without meaning, the AUROC within a city is that of a coin",
    within_city if several else None, "within", (0.44, 0.56), unknown=why,
)

# %% [markdown]
# ## 4. Is the gate used at all?
#
# A picture shows what gates *are*. To see what they *do*, change them and nothing else. We put other gates in their place,
# feed the result to the head, and look at the held-out AUROC. (The last row asks the reverse: what can the gates tell if
# the hidden units are taken away?)

# %%
pd.Series(interpretation.INTERVENTIONS, name="what it takes away").to_frame()

# %% [markdown]
# **Predict, then look.** How much of its AUROC will a network lose if all of its gates are set to one half? Write your
# guess down here; section 6 comes back to it.

# %%
my_guess = None  # such as -0.05

# %% [markdown]
# The next cell takes some ten seconds.

# %%
skill = {name: panels[name][: len(splits)].held_out_auroc()[0] for name in trained}
skilled, no_skill = (
    min(s.low for s in skill.values()) > 0.5, "the network does no better than a coin",
)
used = {name: panels[name].each(interpretation.intervention_table) for name in trained}
change = pd.concat(
    {
        n: interpretation.over_networks([t["change"] for t in tables])
        for n, tables in used.items()
    }
)
means = {name: sum(tables) / len(tables) for name, tables in used.items()}

# %% tags=["nbval-ignore-output"]
print("scored together:", *(f"{name} {interval}" for name, interval in skill.items()))
pd.concat(means).round(3)

# %% [markdown]
# One network, several AUROCs: in the table each network is scored on its own fold, and the scores are averaged. Scored
# together, as in notebook 02, all spectra stand in one list, ranked by the networks of the first seed that have not seen
# them. That is the first line. It mixes the scores of different networks, which often costs a little. Compare like with
# like.


# %% tags=["picture"]
def show_changes(changes):
    """Draw mean and range of the change of the AUROC, a colour for each network."""
    fig, ax = plt.subplots(figsize=(8, 4.4))
    plots.plot_intervals(
        changes.drop("as is", level=1), ax, value="mean", group=0, reference=0.0,
        reference_label="as is", numbers="+z.3f", xlabel="change of AUROC",
    )
    plt.show()


show_changes(change)

# %% [markdown]
# All gates at one half, all open, each at its mean, another spectrum's, another unit's: on the simulated spectra the mean
# score stays where it was, for both kinds of rows, and bars show how far single networks go. For the mean AUROC the gate acts
# as a constant factor; the log-odds do move (column `moved`). Swapping gates between the classes costs a little on
# standardised rows, and hardly anything on raw ones.

# %%
gentle = ["one half", "one", "mean", "another spectrum's", "another unit's"]
moved = {name: change.loc[name].loc[gentle, "mean"].abs().max() for name in trained}
alike = min(table.loc["mean", "correlation"] for table in means.values())
swapped = change.loc["standardised"].loc["swapped classes", "high"]
for name in trained:
    change_of = moved[name] if skilled else None
    claim(
        f"{name}: none of these moves the mean AUROC by 0.01",
        change_of, "<", 0.01, unknown=no_skill,
    )
claim(
    "with mean gates the log-odds correlate closely with those as they are",
    alike, ">", 0.95,
)
claim(
    "standardised: swapping gates between the classes costs in nearly all networks",
    swapped if skilled else None, "<", 0, unknown=no_skill,
)

# %% [markdown]
# ### 4.1 Would we have noticed?
#
# "No effect" is worth nothing from an instrument that never shows one. It takes a *positive control*: a network that we know
# to use its gate, because we built it that way.
#
# The task: 20 numbers, of which the first decides whether the second counts for or against R. We set six units of our
# network by hand. Four carry the first number, twice with either sign. Two carry the second, and the head does not listen
# to them: they only open and shut the gates of the four. Whatever this network knows about the second number, it knows
# through its gate.

# %%
rows, label = interpretation.sign_task(random_state=SEED)
nowhere = pd.Series("nowhere", rows.index)
by_hand = interpretation.intervention_table(
    Opened(interpretation.network_that_needs_its_gate(), rows), label, nowhere
)
by_hand["auroc"].round(2).to_frame("AUROC of the network set by hand")

# %%
others = by_hand.drop(index=["as is", "gates only"])["auroc"]
claim(
    "set by hand, the network makes no mistake", by_hand.loc["as is", "auroc"], "==", 1
)
claim(
    "with its gates replaced in any of these ways it is hardly better than a coin",
    others.max(), "<", 0.65,
)

# %% [markdown]
# With two ✓, the experiment does see a gate that is used. What do networks do that are *trained* for this task? We train
# three with a gate and a head of a single linear layer, three without the gate, and three with a gate and the usual deep
# head, in some seven seconds.

# %%
thirds = evaluation.stratified_splits(label, nowhere, n_splits=3, random_state=SEED)
kinds = {
    "linear head": {"head_dims": ()},
    "no gate": {"head_dims": (), "use_attention": False}, "deep head": {},
}
small = {"epochs": 60, "hidden_dim": 256, "early_stopping": False}

# %% tags=["nbval-ignore-output"]
controls = {
    name: interpretation.train_panel(
        maldinb.MaldiMLPClassifier(device=DEVICE, **small, **kind), rows, label,
        nowhere, thirds, progress=True,
    )
    for name, kind in kinds.items()
}

# %%
learned = {
    name: controls[name].each(interpretation.intervention_table)
    for name in ("linear head", "deep head")
}
costs = pd.concat(
    {
        n: interpretation.over_networks([t["change"] for t in ts])
        for n, ts in learned.items()
    }
)
show_changes(costs)

# %%
scores = pd.Series(
    {name: panel.held_out_auroc()[0].value for name, panel in controls.items()}
)
scores.round(2).to_frame("AUROC")

# %% [markdown]
# If the claims below have their ticks, the networks with a linear head *use* their gate: whatever replaces it costs. They
# would not have to. Without a gate the score is about the same, since |a + b| - |a - b| has the sign of a times b, and ReLU
# can make absolute values. With a deep head the gate at one half costs far less. So an intervention tells what *this*
# network does, not what a network must do.

# %%
linear_cost, deep_cost = (
    costs.loc[name]["mean"].drop(["as is", "gates only"])
    for name in ("linear head", "deep head")
)
without = scores["no gate"] - scores["linear head"]
half_of = linear_cost["one half"] / 2
claim(
    "linear head: every replacement of the gates costs more than 0.03",
    linear_cost.max(), "<", -0.03,
)
claim(
    "linear head: another spectrum's gates cost more than 0.1",
    linear_cost["another spectrum's"], "<", -0.1,
)
claim(
    "no gate is needed: without one the AUROC is as good, to 0.05", without, ">", -0.05
)
claim(
    "deep head: gates at one half cost less than half as much",
    deep_cost["one half"], ">", half_of,
)

# %% [markdown]
# ### Exercise 5: an intervention of your own
#
# Suppose the gate did nothing but recognise the hospital. Then each spectrum could have the gates of its *city*: each gate
# at the mean of its unit over the spectra of the same city. Write this intervention. It takes a network and spectra, and
# gives the log-odds with these gates; hidden units stay as they are, and so does the network.
#
# When it is right, apply it to the networks of `panels["raw rows"]`, and compare the AUROC with that of the networks as they
# are, over all cities and within one. What would it mean if it stayed with these gates, and fell with the same gates for all
# cities?
#
# <details><summary>Hint</summary>
#
# `opened = Opened(clf, X)` is a look inside: `opened.gates` is an array of shape (spectra, units), and
# `opened.log_odds(gates=other_gates)` is what the network makes of its units with other gates. In between, go through the
# cities: `opened.gates[batch == name]` are the rows of one of them. Over which axis do you take the mean?
#
# </details>


# %% tags=["exercise"]
def batch_gates(clf, X, batch):
    """Log-odds, shape (spectra,); `batch` is a Series with an entry a row of `X`."""
    ...  # your code


exercises.check_batch_gates(batch_gates)


# %% jupyter={"source_hidden": true} tags=["solution", "hide-input"]
# Solution
def batch_gates(clf, X, batch):
    """Put the mean gates of its city into each row."""
    opened = Opened(clf, X)
    of_batch = np.empty_like(opened.gates)
    for name in set(batch):
        of_batch[batch == name] = opened.gates[batch == name].mean(axis=0)
    return opened.log_odds(gates=of_batch)


exercises.check_batch_gates(batch_gates)

# %% jupyter={"source_hidden": true} tags=["solution", "hide-input", "nbval-ignore-output"]
# Solution, continued
# A gate that knew the hospital and nothing else would be missed with the same gates for
# all (the intervention "mean"),
# and not with those of the city.
from sklearn.metrics import roc_auc_score


def aurocs_of(fit):
    """With the gates of the city and as they are, over all and within a city."""
    rows, label, cities = X.iloc[fit.test], y.iloc[fit.test], batch.iloc[fit.test]
    odds_of = {
        "gates as they are": Opened(fit.clf, rows).log_odds(),
        "gates of the city": batch_gates(fit.clf, rows, cities),
    }
    within = {
        f"{k}, within": evaluation.within_batch_auroc(label, v, cities)[0]
        for k, v in odds_of.items()
    }
    return {k: roc_auc_score(label, v) for k, v in odds_of.items()} | within


interpretation.over_networks([aurocs_of(fit) for fit in panels["raw rows"]]).round(3)

# %% [markdown]
# ## 5. Are the separating units the important ones?
#
# A gate that differs between R and S need not matter to the output. We shut the gate of one unit after the other
# (*knock-out*). Do the units whose gates separate best move the odds most? For this we take the first network of each
# fold.


# %%
def effect_and_importance(opened, y, batch):
    """How well each gate separates in a city, and how far its knock-out moves odds."""
    effect = interpretation.gate_effects(opened.gates, y, batch)
    return pd.DataFrame(
        {"effect": effect, "importance": interpretation.unit_importance(opened)}
    )


units = {
    name: panels[name][: len(splits)].each(effect_and_importance) for name in trained
}

# %%
fig, axes = plt.subplots(1, 2, figsize=(10, 3.4))
for ax, (name, tables) in zip(axes, units.items(), strict=True):
    drawn = pd.concat(tables)
    plots.plot_effects(
        drawn["effect"], drawn["importance"], drawn["effect"].abs() > reach.max(), ax
    )
    ax.set_title(name)
    ax.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=2, handletextpad=0.1)
plt.show()

# %% [markdown]
# Each point is a hidden unit. "Separating" are those with a larger effect than the one that the stricter test of section 3.1
# finds in four cases of five; smaller ones may pass it, too. If what separates were what matters, the points would rise from
# left to right.

# %%
in_common = {
    name: np.mean(
        [
            interpretation.rank_correlation(table["effect"], table["importance"])
            for table in tables
        ]
    )
    for name, tables in units.items()
}

# %%
lost = interpretation.over_networks(
    [
        {name: panels[name].top_units_shut(number, 16) for name in trained}
        for number in range(len(splits))
    ]
)

# %% tags=["nbval-ignore-output"]
lost.round(3).rename_axis("change of AUROC with the 16 best separating units shut")

# %%
claim(
    "raw rows: separation and importance have little in common, rank correlation",
    in_common["raw rows"], "<", 0.4,
)
claim(
    "standardised rows: they have little in common, rank correlation",
    in_common["standardised"], "<", 0.4,
)
shut = lost["mean"].abs().max() if skilled else None
claim(
    "without the 16 best separating units the mean AUROC changes by less than 0.02",
    shut, "<", 0.02, unknown=no_skill,
)

# %% [markdown]
# ## 6. What may be said
#
# A sentence, the evidence, a verdict: made from the results above, for these spectra. Is anything left of the published
# reading? Of two numbers the first is for raw rows, the second for standardised ones. Where the networks do no better than a
# coin, a change of their score says nothing, and the verdict is "unknown".

# %%
half, another = (
    change.xs(what, level=1).loc[trained, "mean"]
    for what in ("one half", "another spectrum's")
)
decided = {
    name: np.mean([((g < 0.1) | (g > 0.9)).mean() for g in held_out_gates[name]])
    for name in trained
}

# %%
said = Verdicts()
said.add(
    "Most gates are near 1 (retained) or near 0 (gated off).",
    max(decided.values()), ">", 0.5,
    evidence=(
        f"{decided['raw rows']:.1%}; {decided['standardised']:.1%} of the "
        "held-out gates are below .1 or above .9"
    ),
)

# %%
said.add(
    "All gates together tell R from S.",
    min(all_gates.values()) if several else None, ">", 0.6,
    evidence=(
        f"AUROC {words[True]}: {all_gates['raw rows']:.2f}; "
        f"{all_gates['standardised']:.2f}, a typical gate at most {0.5 + weak:.2f}"
    ),
)

# %%
said.add(
    "Units whose gates differ are the important ones.",
    max(in_common.values()), ">", 0.5,
    evidence=(
        f"rank correlation of effect and knock-out {in_common['raw rows']:+.2f}; "
        f"{in_common['standardised']:+.2f}"
    ),
)

# %%
said.add(
    "The gate opens other units for other spectra, and this matters.",
    -another.min() if skilled else None, ">", 0.01,
    evidence=(
        "with another spectrum's gates the AUROC changes by "
        f"{another.iloc[0]:+.3f}; {another.iloc[1]:+.3f}"
    ),
)

# %%
said.add(
    "For the mean AUROC, the trained gate may be replaced by 1/2.",
    half.abs().max() if skilled else None, "<", 0.01,
    evidence=(
        f"AUROC {half.iloc[0]:+.3f}; {half.iloc[1]:+.3f}; networks that use "
        f"their gate lose {-linear_cost['one half']:.2f}"
    ),
)
said.add(
    "A network with a gate is better than one without.",
    None, ">", 0, evidence="not tried here: notebook 04 trains them side by side",
)

# %% tags=["nbval-ignore-output"]
said.table().style.hide(axis="index").set_properties(**{"text-align": "left"})

# %%
replaced = said["For the mean AUROC, the trained gate may be replaced by 1/2."]
claim(
    "for the mean AUROC, the trained gate may be replaced by 1/2",
    None if replaced == "unknown" else replaced == "yes",
    unknown=no_skill,
)

# %% tags=["nbval-ignore-output"]
print("Your guess for gates at one half:", my_guess, "- measured:", *half.round(3))

# %% [markdown]
# ## 7. Explore
#
# Choose a hidden unit (sorted: 0 separates R from S best in the first network on standardised rows) and see its gate in
# held-out R and S; or choose a held-out spectrum, and see its gates beside the mean ones.

# %%
seen = panels["standardised"][0]
gates_seen, y_seen = (
    seen.clf.get_attention_weights(X.iloc[seen.test]),
    y.iloc[seen.test].to_numpy(),
)
by_effect = np.argsort(
    -np.abs(interpretation.gate_effects(gates_seen, y_seen, batch.iloc[seen.test]))
)
means_seen = {
    f"mean of {one}": gates_seen[y_seen == i].mean(axis=0) for i, one in enumerate("SR")
}


# %%
def show(what="unit", number=0):
    """The gate of one unit in R and S, or all gates of one spectrum."""
    fig, ax = plt.subplots(figsize=(7, 2.6))
    if what == "unit":
        unit = by_effect[number]
        plots.plot_label_histogram(gates_seen[:, unit], y_seen, ax, stat="probability")
        ax.set(xlabel=f"gate of unit {unit}")
    else:
        name = f"spectrum {number}, {'SR'[y_seen[number]]}"
        plots.plot_gate_spread({name: gates_seen[number]} | means_seen, ax)
    plt.show()


# %%
ipywidgets.interactive(
    show,
    what=ipywidgets.Dropdown(options=["unit", "spectrum"]),
    number=ipywidgets.IntSlider(
        0, max=min(HIDDEN_DIM, len(y_seen)) - 1, continuous_update=False
    ),
)

# %% [markdown]
# It begins with the unit whose gate separates best; the other view begins with the first held-out spectrum. On the spectra
# on which it was chosen, the best of so many units looks better than it is: see section 3.1.

# %% [markdown]
# ## 8. Quiz
#
# Four questions on what you have seen. Click on the answer that you think right: it says whether it is, and why.

# %% [markdown]
# ### Quiz 1: thirteen of 256
#
# Each of 256 gates is tested on held-out spectra, with permutations within each city. For 13 of them p is below 0.05. What
# may be said?
#
# <details><summary><b>A.</b> Thirteen units have learned to tell R from S.</summary>
#
# ✗ **Wrong:** it takes each test by itself. With 256 tests, chance alone has 256 occasions.
#
# </details>
#
# <details><summary><b>B.</b> Nothing has been found: about so many gates are below 0.05 if none of them
# separates.</summary>
#
# ✓ **Right:** 5 % of 256 is 13. This is why the notebook counts gates at a *false discovery rate* of 5 %, which takes
# into account how many were tested.
#
# </details>
#
# <details><summary><b>C.</b> With more permutations, more of these thirteen would turn out to be real.</summary>
#
# ✗ **Wrong:** more permutations tell p more precisely. They do not change how many gates chance lets through.
#
# </details>
#
# <details><summary><b>D.</b> The largest of the thirteen effects is real, and the others may be chance.</summary>
#
# ✗ **Wrong:** one of 256 is always the largest. Whether it is larger than the largest of 256 by chance, its own p does
# not tell.
#
# </details>

# %% [markdown]
# ### Quiz 2: what "no effect" means
#
# All gates of a trained network are set to one half, and its held-out AUROC stays what it was. The experiment has shown
# an effect on a network whose gate is known to be used. Which sentence follows?
#
# <details><summary><b>A.</b> The gates of this network are the same for all spectra.</summary>
#
# ✗ **Wrong:** they may differ as much as they like, as long as the head makes nothing of it.
#
# </details>
#
# <details><summary><b>B.</b> The gates of this network do not differ between R and S.</summary>
#
# ✗ **Wrong:** they may even carry a copy of what the units say. All gates together scored above a coin here.
#
# </details>
#
# <details><summary><b>C.</b> A network with a gate can never do better than one without.</summary>
#
# ✗ **Wrong:** this is one network, on one task. What other networks could do with a gate it does not tell.
#
# </details>
#
# <details><summary><b>D.</b> The AUROC of this network on these spectra does not rest on what its gate has
# learned.</summary>
#
# ✓ **Right:** without what the gate has learned, the spectra are ordered as well as with it. That the experiment could
# have shown the opposite, the positive control has proved.
#
# </details>

# %% [markdown]
# ### Quiz 3: a task that needs a gate
#
# Somebody trains a network with a gate on the sign of a product. The network turns out to use its gate: one half in its place
# costs an AUROC of 0.13. Two of these sentences are right. Which?
#
# <details><summary><b>A.</b> This network solves the task with the help of its gate.</summary>
#
# ✓ **Right:** this is just what the intervention shows, and it speaks of the network that it was made on.
#
# </details>
#
# <details><summary><b>B.</b> The task cannot be solved without a gate.</summary>
#
# ✗ **Wrong:** that this network goes one way does not mean that there is no other. A few ReLU units and a difference of
# absolute values do it, too.
#
# </details>
#
# <details><summary><b>C.</b> A network without a gate would score 0.13 less.</summary>
#
# ✗ **Wrong:** a network trained without a gate learns something else in its place; one whose gate is taken away
# afterwards has no chance to.
#
# </details>
#
# <details><summary><b>D.</b> Whether a network without a gate does as well, one finds out by training one.</summary>
#
# ✓ **Right:** that is the gateless row of section 4.1, and for spectra it is notebook 04.
#
# </details>

# %% [markdown]
# ### Quiz 4: few gates separate
#
# On 148 held-out spectra, 5 % of the gates separate R from S at a false discovery rate of 5 %. What may be said of the
# others?
#
# <details><summary><b>A.</b> Each of them may have an effect that this test often misses; how large it is, the count does
# not tell.</summary>
#
# ✓ **Right:** with so few spectra even an AUROC of 0.6 is often missed. Give the effect with its range instead.
#
# </details>
#
# <details><summary><b>B.</b> They do not separate R from S.</summary>
#
# ✗ **Wrong:** that a difference was not seen does not mean that there is none. With more spectra some would be seen.
#
# </details>
#
# <details><summary><b>C.</b> They separate R from S as well, and the test is too strict.</summary>
#
# ✗ **Wrong:** some may, and many need not. A test that does not see them cannot say which.
#
# </details>
#
# <details><summary><b>D.</b> They have learned the city instead.</summary>
#
# ✗ **Wrong:** some may have. Of the city this test, within each city, says nothing.
#
# </details>

# %% [markdown]
# And how many exercises have you solved since you started this kernel? (Solutions that you only read do not count.)

# %%
exercises.progress()

# %% [markdown]
# ## 9. Recap
#
# - A heat map of gates is not evidence: its scale makes the pattern. On the simulated spectra hardly anything is left on
#   raw rows; on standardised rows a pattern stays, and an untrained network has one, too.
# - Whose spectra, and which permutation: these two choices decide how many gates "separate R from S". Give the size of
#   the effect with its range, and say what the test could have seen.
# - Interventions answer what pictures cannot. On the simulated spectra a constant can replace the gate and the mean AUROC
#   stays; a network that was set by hand shows that the experiment would have noticed a gate that is used.
# - That a trained network uses its gate does not mean that it needs one.
#
# **On simulated spectra** all this is about a simulation with invented resistance peaks, most of which are local to one
# city by design. It tells what the methods can and cannot do under confounding; it says nothing about *Klebsiella*.
#
# **Next:** [notebook 04](04_ablation_without_attention.ipynb) leaves the gate out from the start. Is the network any
# worse? [Notebook 05](05_back_to_mz.ipynb) then asks what the network looks at, if not through its gate. Before you open
# the next, close this one: its kernel ends with it, and leaves its memory to the next. (Elsewhere than in the course's
# JupyterLab, choose *Kernel, Shut Down Kernel*.)
#
# ### Further reading
#
# - The published picture: Rocchi, *MaldiDeepKit*,
#   [github.com/EttoreRocchi/MaldiDeepKit](https://github.com/EttoreRocchi/MaldiDeepKit), notebook 03.
# - Attention is (not) explanation: Jain and Wallace 2019,
#   [doi:10.18653/v1/N19-1357](https://doi.org/10.18653/v1/N19-1357); Wiegreffe and Pinter 2019,
#   [doi:10.18653/v1/D19-1002](https://doi.org/10.18653/v1/D19-1002); Serrano and Smith 2019,
#   [doi:10.18653/v1/P19-1282](https://doi.org/10.18653/v1/P19-1282).
# - Absence of evidence is not evidence of absence: Altman and Bland 1995,
#   [doi:10.1136/bmj.311.7003.485](https://doi.org/10.1136/bmj.311.7003.485).
# - False discovery rate: Benjamini and Hochberg 1995,
#   [doi:10.1111/j.2517-6161.1995.tb02031.x](https://doi.org/10.1111/j.2517-6161.1995.tb02031.x).

# %% jupyter={"source_hidden": true} tags=["remove-input", "nbval-ignore-output"]
import sys

print(
    f"maldinb {maldinb.__version__}, Python {sys.version.split()[0]}, PyTorch "
    f"{torch.__version__}, NumPy {np.__version__}"
)
