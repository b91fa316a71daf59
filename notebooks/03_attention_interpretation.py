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
# *Notebook 3 of 4 of the series: [01 data loading and caching](01_data_loading_and_caching.ipynb), [02 training](02_training.ipynb),
# **03 attention interpretation**,
# [04 ablation without attention](04_ablation_without_attention.ipynb). The words of the field are in the
# [glossary](../docs/glossary.md).*
#
# **What you will do.** Draw the gates of the network of notebook 02 as they are published, and read from them what
# seems to be there. Then find out, by experiment, which of it is true: are the gates used, do they tell R from S, and
# do they lead back to the peaks that matter?
#
# **What you will learn**
#
# - why an explanation has to be tested on spectra that the network has not seen, against networks that have learned
#   nothing;
# - what an *intervention* shows that a picture cannot, and why "no effect" needs a positive control;
# - eight ways from a network back to m/z, what each is worth where the truth is known, and how to write down no more
#   than the evidence allows.
#
# **What you need.** [Notebook 02](02_training.ipynb). About 75 minutes, and as long again for the exercises.
#
# **Your turn.** Where a cell ends in `exercises.check_...`, put your answer in place of the three dots and run the cell.
# It tells what is wrong with an answer, if anything is. A hint is folded away above it.
#
# **On other data.** Where the text speaks of results, they are those of the simulated spectra. Of your own, the outputs
# tell: a ✓ marks what is true of them, a ✗ what is not, and a ? what they cannot tell.

# %% tags=["parameters"]
DATASET = None  # "simulated", "kleb-ai" or your own folder; None: $MALDINB_DATASET, else "simulated"
ANTIBIOTIC = "Amikacin"  # or "Meropenem"; with your own folder a column of its metadata.csv
BATCH = ISOLATE = SPECIES = None  # columns of your own table; None: those that are called so
LABELS = None  # what your own labels mean, such as {"resistant": "R", "0": "S"}
INTERMEDIATE = "drop"  # what becomes of I; "R" and "S" count it as resistant and as susceptible
ON_ERROR = "raise"  # "skip" leaves out what cannot be used of your own spectra, and goes on
BIN_WIDTH = 3.0  # Da
EPOCHS = 30
HIDDEN_DIM = 256
SEED = 0
N_SEEDS = 3  # networks for each fold of the cross-validation
DEVICE = "cpu"  # "auto" takes a GPU where there is one, and then numbers differ a little from run to run
WINDOW = 15.0  # Da: about the width of a peak

# %%
from typing import NamedTuple

import ipywidgets
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import torch
from scipy.stats import ttest_ind
from sklearn.base import clone

import maldinb
from maldinb import evaluation, exercises, interpretation, plots
from maldinb.course import claim
from maldinb.interpretation import Opened

plots.use_style()
pd.set_option("display.max_colwidth", None)  # whole sentences in tables

# %%
choices = dict(batch=BATCH, isolate=ISOLATE, species=SPECIES, labels=LABELS, intermediate=INTERMEDIATE)
data = maldinb.load_dataset(DATASET, ANTIBIOTIC, on_error=ON_ERROR, bin_width=BIN_WIDTH, **choices)
X, y = maldinb.binary_labels(data)
batch = data.batch[X.index]
isolate = pd.Series(X.index, X.index) if data.isolate is None else data.isolate[X.index]
print(f"{data}: {len(y)} spectra with a label, {y.sum()} of them resistant")

# %% [markdown]
# ## 1. The published picture
#
# This is what tutorials of such networks do: train on all spectra, take the gates of ten susceptible and ten resistant
# ones, draw a heat map whose colours are stretched from the lowest to the highest gate.

# %%
published = maldinb.MaldiMLPClassifier(epochs=EPOCHS, hidden_dim=HIDDEN_DIM, random_state=SEED, device=DEVICE).fit(X, y)
attention = published.get_attention_weights(X)
shown = np.r_[np.flatnonzero(y == 0)[:10], np.flatnonzero(y == 1)[:10]]

fig, ax = plt.subplots(figsize=(9, 3))
plots.plot_gates(attention[shown], y.iloc[shown], ax, limits=None)
plt.show()

# %% [markdown]
# The picture looks rich: bright and dark columns, "units that the network attends to". The usual reading is that gates
# near 1 are kept and gates near 0 dropped, and that columns in which S and R differ are discriminative. Look at the
# colour bar before you read on.

# %% [markdown]
# ### Exercise 1: read the colour bar
#
# How far are the darkest and the brightest gate of this picture open? 0 is shut, 1 is open. Read both off.
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
claim("more than 90 % of the gates lie between 0.4 and 0.6", of_all["within .4-.6"] > 0.9)
claim("no gate is below 0.1 or above 0.9", 0.1 < attention.min() and attention.max() < 0.9)
claim(
    "columns differ more than rows: most of the variance is between units",
    of_all["share between spectra"] < 0.5,
)

# %% [markdown]
# ## 2. The same picture, honestly
#
# Three things change. The spectra are *held out*: the network has not seen them. The colours run from 0 to 1, from shut
# to open. And beside it stands a network that has *learned nothing*.
#
# One network proves little, so we train several: five folds of a cross-validation (whole isolates together, each city
# and label in every fold) and several seeds. From here on numbers are means over these networks, with the range that
# holds 95 % of them (with so few networks nearly the lowest and the highest).


# %%
class Fit(NamedTuple):
    """A network, and the positions of the spectra that it was and was not trained on."""

    clf: maldinb.MaldiMLPClassifier
    train: np.ndarray
    test: np.ndarray


# %%
splits = evaluation.stratified_splits(y, batch, isolate=isolate, random_state=SEED)
if not all(evaluation.pairs_within_batch(y.iloc[test], batch.iloc[test]) for _, test in splits):
    print("too few spectra to compare R with S within each city: all are taken for one city")
    batch = pd.Series("all", batch.index)
several, why = batch.nunique() > 1, "there are no two cities within which R and S can be compared"


def train_panel(labels=y, splits=splits, n_seeds=N_SEEDS, **options):
    """One network for each seed and fold."""
    options = {"epochs": EPOCHS, "hidden_dim": HIDDEN_DIM, "device": DEVICE} | options
    models = [maldinb.MaldiMLPClassifier(random_state=SEED + i, **options) for i in range(n_seeds)]
    return [Fit(clone(m).fit(X.iloc[train], labels.iloc[train]), train, test) for m in models for train, test in splits]


def over_networks(rows):
    """Mean of each column over the networks, and the range that holds 95 % of them."""
    table = pd.DataFrame(rows)
    return pd.DataFrame({"mean": table.mean(), "low": table.quantile(0.025), "high": table.quantile(0.975)})


# %%
def forget(fits):
    """The same networks, before they have learned anything."""
    return [fit._replace(clf=interpretation.randomised(fit.clf, random_state=SEED + i)) for i, fit in enumerate(fits)]


panel = train_panel()
untrained = forget(panel)
print(f"{len(panel)} networks, each with about {len(panel[0].test)} held-out spectra")

# %%
fig, axes = plt.subplots(1, 2, figsize=(10, 3))
few = np.random.default_rng(SEED).permutation(panel[0].test)[:60]
for ax, fit, name in zip(axes, (panel[0], untrained[0]), ("trained", "untrained"), strict=True):
    plots.plot_gates(fit.clf.get_attention_weights(X.iloc[few]), y.iloc[few], ax)
    ax.set_title(f"{name}, held-out spectra")
plt.show()

# %% [markdown]
# On an honest scale hardly anything is left: all gates are about half open, trained or not.

# %% [markdown]
# ### 2.1 Why they stay near one half
#
# Rows that sum to 1 have bins of about 0.00017. The projection's sums then vary less than the small number *epsilon*
# that BatchNorm adds to the variance against division by zero. BatchNorm cannot scale them up, the gate sees almost
# zeros, and sigmoid(0) is 1/2. With `standardize=True` each bin is scaled to variance 1 first, and the gates move. So
# that nobody can say we looked at a network that had no chance, everything below is done for both.

# %%
linear, norm = untrained[0].clf.model_.project[:2]
with torch.no_grad():
    variance = linear(untrained[0].clf.as_tensor(X)).var(dim=0).median().item()
claim("at the start the sums vary by less than BatchNorm's epsilon", variance < norm.eps)

# %%
scaled_panel = train_panel(standardize=True)
panels = {
    "raw rows, untrained": untrained,
    "raw rows, trained": panel,
    "standardised, untrained": forget(scaled_panel),
    "standardised, trained": scaled_panel,
}
held_out_gates = {
    name: [fit.clf.get_attention_weights(X.iloc[fit.test]) for fit in fits] for name, fits in panels.items()
}
spread = {name: over_networks(map(interpretation.gate_summary, gates)) for name, gates in held_out_gates.items()}

# %%
del panels  # half of these networks were needed for nothing else
fig, ax = plt.subplots()
plots.plot_gate_spread({name: np.concatenate(gates) for name, gates in held_out_gates.items()}, ax)
plt.show()

# %% [markdown]
# Gates of all held-out spectra. The highest box of a row holds the middle half of them, each lower pair of boxes half of
# those still left outside, and points are the last few. On raw rows training moves a few gates a little way; on
# standardised rows the untrained network already spreads its gates, and training spreads them further.

# %% tags=["nbval-ignore-output"]
pd.DataFrame({name: table["mean"] for name, table in spread.items()}).round(3)

# %%
raw, scaled = spread["raw rows, trained"]["mean"], spread["standardised, trained"]["mean"]
claim("raw rows: more than 90 % of the held-out gates lie between 0.4 and 0.6", raw["within .4-.6"] > 0.9)
claim("raw rows: gates differ more between units than between spectra", raw["share between spectra"] < 0.5)
claim(
    "training moves gates away from where they started",
    raw["sd"] > 2 * spread["raw rows, untrained"]["mean"]["sd"],
)
claim("standardised: gates are spread at least three times as far", scaled["sd"] > 3 * raw["sd"])
claim(
    "an untrained network on standardised rows spreads its gates further than a trained one on raw rows",
    spread["standardised, untrained"]["mean"]["sd"] > raw["sd"],
)

# %% [markdown]
# ### Exercise 2: whose variance is it?
#
# The row `share between spectra` of the table above is the key to all that follows: a gate that is the same for each
# spectrum cannot tell one from another. Compute it yourself, without `gate_summary`. The variance of all gates has two
# parts: units have different means, and each unit varies from spectrum to spectrum around its own mean. Which share of it
# is the second part?
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
    """Mean variance of one unit over the spectra, as a share of the variance of all gates."""
    return gates.var(axis=0).mean() / gates.var()


exercises.check_share_between_spectra(between_spectra)

# %% [markdown]
# ## 3. Do gates tell R from S?
#
# In the published picture one would now look for columns in which S and R differ. With 256 columns some will, by
# chance. So we measure, for each unit, how well its gate tells R from S *within a city* (the AUROC less 1/2, averaged
# over cities), and hold it against 1000 permutations of the labels. Two choices decide what comes out:
#
# - **whose gates?** Those of the training spectra, or of held-out ones;
# - **which comparison?** All spectra together, labels changing places freely, or within each city. R is more frequent in
#   some cities, so a gate that recognises the hospital passes the first test and not the second.


# %%
def like_test(fit, labels, seed):
    """As many spectra that the network was trained on as it was not, from the same cities and with the same labels."""
    shuffled = np.random.default_rng(seed).permutation(fit.train)
    cell = batch + labels.astype(str)
    wanted = cell.iloc[fit.test].value_counts()
    return np.concatenate([shuffled[cell.iloc[shuffled] == one][:n] for one, n in wanted.items()])


# %%
def share_separating(fits, part="test", within_batch=True, labels=y):
    """Share of the gates that separate R from S at a false discovery rate of 5 %, for each network."""
    shares = []
    for number, fit in enumerate(fits):
        rows = fit.test if part == "test" else like_test(fit, labels, SEED + number)
        found = interpretation.separating_gates(
            fit.clf.get_attention_weights(X.iloc[rows]), labels.iloc[rows], batch.iloc[rows],
            isolate=isolate.iloc[rows], within_batch=within_batch, random_state=SEED,
        )  # fmt: skip
        shares.append(found["separates"].mean())
    return over_networks({"share": shares}).loc["share"]


# %%
nonsense = interpretation.shuffled_within_batch(y, batch, random_state=SEED)
nonsense_splits = evaluation.stratified_splits(nonsense, batch, isolate=isolate, random_state=SEED)
nonsense_panel = train_panel(nonsense, nonsense_splits, n_seeds=1, standardize=True)
questions = {
    ("trained", "training", "freely"): (panel, "train", False),
    ("trained", "training", "within city"): (panel, "train", True),
    ("trained", "held-out", "freely"): (panel, "test", False),
    ("trained", "held-out", "within city"): (panel, "test", True),
    ("standardised rows", "held-out", "within city"): (scaled_panel, "test", True),
    ("untrained", "training", "freely"): (untrained, "train", False),
    ("untrained", "held-out", "within city"): (untrained, "test", True),
    ("shuffled labels", "held-out", "within city"): (nonsense_panel, "test", True, nonsense),
}
separating = pd.DataFrame({question: share_separating(*how) for question, how in questions.items()}).T
separating.index.names = ["network", "spectra", "permuted"]
del questions, untrained  # nothing below looks at untrained networks

# %%
fig, ax = plt.subplots(figsize=(8, 3.6))
plots.plot_intervals(separating, ax, value="mean", xlabel="share of gates that separate R from S")
ax.set_xlim(left=-0.02)
plt.show()

# %% [markdown]
# Points are means over the networks, bars hold 95 % of them. The same gates "separate" or do not, depending on whose
# spectra one looks at and on whether the city may pass for resistance.

# %%
share = separating["mean"]
honest = share["trained", "held-out", "within city"]
claim(
    "on training spectra far more gates separate R from S than on held-out ones",
    share["trained", "training", "within city"] > 2 * honest,
)
claim(
    "compared over all cities together, more gates separate R from S: those that know the city",
    share["trained", "held-out", "freely"] > honest if several else None,
    unknown=why,
)
claim("held out and within city, most gates are not seen to separate", honest < 0.3 if several else None, unknown=why)
claim(
    "of the gates of an untrained network, nearly none is seen to separate",
    share["untrained", "held-out", "within city"] < 0.02,
)

# %% [markdown]
# ### Exercise 3: a p-value by hand
#
# Do for one gate what `separating_gates` does for all. You are given a function: `effect(labels)` says how well the gate
# would separate R from S if these were the labels. It is 0 if not at all, and above or below 0 if the gate is higher or
# lower in R. How often do labels that mean nothing separate as well as the real ones, or better? Permute the labels 999
# times *within each city*, and give the two-sided p-value. It must never be 0.
#
# When it is right, apply it to the gate of `panel[0]` with the largest effect on held-out spectra
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
# How many gates would be as good by chance? Only if far less than one would, the best of them all is a surprise.
def effect_of_best(labels):
    """The effect of the best gate, for these labels."""
    return interpretation.gate_effects(best_gate, labels, batch_here)[0]


y_here, batch_here = y.iloc[panel[0].test].to_numpy(), batch.iloc[panel[0].test].to_numpy()
gates_here = panel[0].clf.get_attention_weights(X.iloc[panel[0].test])
best_gate = gates_here[:, [np.abs(interpretation.gate_effects(gates_here, y_here, batch_here)).argmax()]]
p_best = p_value(effect_of_best, y_here, batch_here)
print(f"p = {p_best:.3f}; by chance, of {HIDDEN_DIM} gates: {HIDDEN_DIM * p_best:.1f}")

# %% [markdown]
# ### 3.1 Labels that mean nothing
#
# The last row is the sternest control. Its networks were trained on labels that had been shuffled *within* each city:
# what is left to learn from them is the city alone. Watch what such a network still scores.


# %%
def held_out_auroc(fits, labels):
    """AUROC with its interval, and that within a city; `fits` are one network for each fold."""
    score = np.empty(len(labels))
    for fit in fits:
        score[fit.test] = fit.clf.predict_proba(X.iloc[fit.test])[:, 1]
    within, _ = evaluation.within_batch_auroc(labels, score, batch)
    return evaluation.auroc_with_interval(labels, score, isolate=isolate), within


# %% tags=["nbval-ignore-output"]
nonsense_auroc, nonsense_within = held_out_auroc(nonsense_panel, nonsense)
print(f"trained and tested on shuffled labels: AUROC {nonsense_auroc}, within a city {nonsense_within:.2f}")

# %%
claim(
    "trained on labels without meaning, the pooled AUROC is still above 0.6",
    nonsense_auroc.value > 0.6 if several else None,
    unknown=why,
)
claim(
    "within a city, the score of labels without meaning is that of a coin",
    abs(nonsense_within - 0.5) < 0.06 if several else None,
    unknown=why,
)
claim(
    "of a network trained on labels without meaning hardly a gate separates these labels",
    share["shuffled labels", "held-out", "within city"] < 0.03,
)

# %% [markdown]
# ## 4. Is the gate used at all?
#
# A picture shows what gates *are*. What they *do* shows when one changes them and nothing else. We put other gates in
# their place, feed the result to the head, and look at the held-out AUROC:

# %%
pd.Series(interpretation.INTERVENTIONS, name="what it takes away").to_frame()


# %%
def intervene(fits):
    """Each intervention on each network: mean change of the AUROC, with its range."""
    tables = [
        interpretation.intervention_table(Opened(fit.clf, X.iloc[fit.test]), y.iloc[fit.test], batch.iloc[fit.test])
        for fit in fits
    ]
    change = over_networks([table["change"] for table in tables])
    return change.assign(**pd.concat(tables).groupby(level=0)[["auroc", "within batch", "correlation"]].mean())


used = {"raw rows": intervene(panel), "standardised": intervene(scaled_panel)}

# %% tags=["nbval-ignore-output"]
pd.concat(used).round(3)


# %% tags=["picture"]
def show_changes(tables):
    """Draw the mean change of the AUROC and its range for each intervention, a colour for each table."""
    changes = pd.concat(tables).drop("as is", level=1)
    fig, ax = plt.subplots(figsize=(8, 4.4))
    plots.plot_intervals(
        changes, ax, value="mean", group=0, reference=0.0, reference_label="as is", numbers="+z.3f",
        xlabel="change of AUROC",
    )  # fmt: skip
    plt.show()


show_changes(used)

# %% [markdown]
# All gates at one half, all open, each at its mean, another spectrum's, another unit's: the score stays where it was.
# The gate acts as a constant factor. Only swapping gates between the classes costs a little, as gates carry a copy of
# what the units say anyway ("gates only", with the units at their mean, still score well above a coin, also within a
# city).

# %%
gentle = ["one half", "one", "mean", "another spectrum's", "another unit's"]
claim(
    "raw rows: none of these moves the mean AUROC by 0.01",
    used["raw rows"].loc[gentle, "mean"].abs().max() < 0.01,
)
claim(
    "standardised rows: none of these moves the mean AUROC by 0.01",
    used["standardised"].loc[gentle, "mean"].abs().max() < 0.01,
)
claim("the log-odds stay nearly the same, too", min(t.loc["mean", "correlation"] for t in used.values()) > 0.95)
claim(
    "swapped between the classes, gates cost some AUROC",
    all(t.loc["swapped classes", "mean"] < 0 for t in used.values()),
)
alone = all(t.loc["gates only", "within batch"] > 0.6 for t in used.values())
claim("gates alone still score above 0.6 within a city", alone if several else None, unknown=why)

# %% [markdown]
# ### 4.1 Would we have noticed?
#
# "No effect" is worth nothing from an instrument that never shows one. So we point it at a task in which the gate
# *must* be used: 20 numbers, of which the first decides whether the second counts for or against R. A network whose
# head is a single linear layer can only multiply the two by its gate.


# %%
def control(head_dims):
    """Interventions on networks for a task where context decides."""
    tables = []
    for seed in range(3):
        rng = np.random.default_rng(SEED + seed)
        rows = rng.normal(size=(741, 20))
        label = (rows[:, 0] * rows[:, 1] > 0).astype(int)
        clf = maldinb.MaldiMLPClassifier(
            epochs=100, hidden_dim=256, head_dims=head_dims, early_stopping=False, device=DEVICE
        )
        clf.fit(rows[:500], label[:500])
        opened = Opened(clf, rows[500:])
        tables.append(interpretation.intervention_table(opened, label[500:], ["nowhere"] * 241)["change"])
    return over_networks(tables)


controls = {"linear head": control(()), "deep head": control((256, 128))}

# %%
show_changes(controls)

# %% [markdown]
# Three networks of either kind. Where the gate must be used, every intervention shows it. With a deep head, all gates
# can be set to one half or to their mean at no cost: the head solves the task by itself. Gates of another spectrum still
# cost some there, so the experiment sees a gate that is used a little, too. On spectra it saw nothing of the kind.

# %%
linear_head, deep_head = (table["mean"] for table in controls.values())
claim(
    "where the gate must be used, each intervention costs more than 0.05",
    linear_head.drop("as is").drop("gates only").max() < -0.05,
)
claim("swapping the classes' gates costs more than 0.2", linear_head["swapped classes"] < -0.2)
claim(
    "with a deep head setting all gates to one half costs less than half as much",
    deep_head["one half"] > linear_head["one half"] / 2,
)

# %% [markdown]
# ### Exercise 4: an intervention of your own
#
# Suppose the gate did nothing but recognise the hospital. Then each spectrum could have the gates of its *city*: each gate
# at the mean of its unit over the spectra of the same city. Write this intervention. It takes a network and spectra, and
# gives the log-odds with these gates; hidden units stay as they are, and so does the network.
#
# When it is right, apply it to the networks of `panel` and compare the AUROC, over all and within a city, with that of the
# networks as they are. What would it mean if it stayed with these gates, and fell with the same gates for all cities?
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
    """Log-odds, shape (spectra,); `X` is a DataFrame, and `batch` a Series with an entry for each of its rows."""
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
# A gate that knew the hospital and nothing else would be missed with the same gates for all (the intervention "mean"),
# and not with those of the city.
from sklearn.metrics import roc_auc_score


def aurocs_of(fit):
    """With the gates of the city and as they are, over all and within a city."""
    rows, label, cities = X.iloc[fit.test], y.iloc[fit.test], batch.iloc[fit.test]
    odds_of = {
        "gates as they are": Opened(fit.clf, rows).log_odds(),
        "gates of the city": batch_gates(fit.clf, rows, cities),
    }
    within = {f"{k}, within": evaluation.within_batch_auroc(label, v, cities)[0] for k, v in odds_of.items()}
    return {k: roc_auc_score(label, v) for k, v in odds_of.items()} | within


over_networks([aurocs_of(fit) for fit in panel]).round(3)

# %% [markdown]
# ## 5. Are the separating units the important ones?
#
# A gate that differs between R and S need not matter to the output. We shut the gate of one unit after the other
# (*knock-out*), and compare how far that moves the odds with how well the gate separates.

# %%


def units_of(fit):
    """Of each unit, on held-out spectra: how well its gate separates, and how far its knock-out moves the odds."""
    rows, n = X.iloc[fit.test], fit.test
    units = interpretation.separating_gates(
        fit.clf.get_attention_weights(rows),
        y.iloc[n],
        batch.iloc[n],
        isolate=isolate.iloc[n],
        random_state=SEED,
    )
    return units.assign(importance=interpretation.unit_importance(Opened(fit.clf, rows)))


units = [units_of(fit) for fit in panel]
drawn = pd.concat(units[: len(splits)])

fig, ax = plt.subplots()
plots.plot_effects(drawn["effect"], drawn["importance"], drawn["separates"], ax)
plt.show()

# %% [markdown]
# Each point is a hidden unit of one of the first five networks. If what separates were what matters, the points would
# rise from left to right.


# %%
def top_units_shut(fit):
    """AUROC lost with the 16 best separating units (found on training spectra), and with 16 random ones."""
    gates = fit.clf.get_attention_weights(X.iloc[fit.train])
    effect = interpretation.gate_effects(gates, y.iloc[fit.train], batch.iloc[fit.train])
    ranking = np.argsort(-np.abs(effect))
    opened = Opened(fit.clf, X.iloc[fit.test])
    lost = interpretation.knock_out_table(opened, y.iloc[fit.test], ranking, counts=[16])
    return lost.loc[16, ["ranked", "random"]]


units_tested = over_networks([top_units_shut(fit) for fit in panel]).rename(index="AUROC, 16 units shut: {}".format)
in_common = [interpretation.rank_correlation(table["effect"], table["importance"]) for table in units]
units_tested.loc["rank correlation of effect and importance"] = over_networks({"": in_common}).iloc[0]

# %% tags=["nbval-ignore-output"]
units_tested.round(3)

# %%
claim("separation and importance have little in common: rank correlation below 0.4", np.mean(in_common) < 0.4)
claim(
    "without the 16 best separating units the AUROC changes by less than 0.02",
    abs(units_tested.loc["AUROC, 16 units shut: ranked", "mean"]) < 0.02,
)

# %% [markdown]
# ## 6. Back to m/z
#
# Gates belong to hidden units, and a hidden unit is a weighted sum of all 6000 bins. To say something about a *peak*
# one has to find the way back. There are many:

# %%
pd.Series({name: way.question for name, way in interpretation.METHODS.items()}, name="the question").to_frame()

# %% [markdown]
# The first three look at weights (and gates) only, the fourth asks the gate; "gradient" and what follows ask the whole
# network. Integrated
# gradients and occlusion need a *baseline*, a spectrum that stands for "nothing special". Zeros would be a spectrum
# without an ion, which no instrument records; we take the mean of the training spectra. And since a peak is several
# bins wide, all methods sum over a window of 15 Da before signs are dropped.


# %%
def explain(fit, clf=None, window=WINDOW, labels=y):
    """Profiles of all methods on (at most 60) held-out spectra, from the mean training spectrum."""
    some = np.random.default_rng(SEED).permutation(fit.test)[:60]
    opened = Opened(clf or fit.clf, X.iloc[some], baseline=X.iloc[fit.train].mean())
    return interpretation.attributions(opened, labels.iloc[some], batch.iloc[some], data.mz, window=window)


profiles = [explain(fit) for fit in scaled_panel]
mean_profile = interpretation.mean_profiles(profiles)

# %%
planted = data.info.get("planted")
peaks = np.array([]) if planted is None else planted.loc[planted["antibiotic"] == ANTIBIOTIC, "mz"].to_numpy()
reported = {mz: str(mz) for mz in (4481, 4523, 4708, 5561, 6473, 7673, 8252)} | {11109: "11109 KPC"}

fig, ax = plt.subplots(figsize=(10, 5.5))
plots.plot_profiles(mean_profile, ax, peaks=peaks, names=reported)
plt.show()

# %% [markdown]
# Mean over the networks on standardised rows. Drawn is the largest tenth of each map; upwards where more intensity speaks
# for R ("gate difference" and "gate gradient": where it raises or opens what is more open in R; the first two: where it
# raises the hidden units on the whole). The numbers on top are peaks that differ between R and S in the published real
# spectra, among them 11109 Da, which comes with a plasmid that carries the carbapenemase KPC. On simulated spectra thin
# lines mark all peaks that were planted.

# %%
fig, ax = plt.subplots(figsize=(10, 4.5))
plots.plot_profiles(mean_profile, ax, peaks=peaks, names=reported, window=(10900, 11300))
plt.show()

# %% [markdown]
# The same around 11109 Da. A peak of the mass spectrometer is wider than a bin, and differs in place between
# instruments.

# %% [markdown]
# ### Exercise 5: integrated gradients by hand
#
# Gradient x input takes the slope where the spectrum is. Integrated gradients take the mean of the slopes on the straight
# way from the baseline to there, and multiply each bin's by how far that bin goes. Write it for one spectrum. You are given
# a function: `slope(rows)` takes an array of shape (points, bins), and gives the slopes at all of these points, in the same
# shape.
#
# When it is right, explain the first held-out spectrum of `panel[0]` with it, from the mean of the training spectra, using
# `interpretation.gradient`. Do the parts add up to the difference of the log-odds? Do those of gradient x input?
#
# <details><summary>Hint</summary>
#
# Half-way stands `baseline + 0.5 * (spectrum - baseline)`. Take a hundred points, from the one end to the other, put them
# into one array with a row for each, and ask for all slopes at once. Each bin has its mean over the points: which axis is
# that? And how far a bin goes is its distance from the baseline, not from 0.
#
# </details>


# %% tags=["exercise"]
def integrate(slope, spectrum, baseline):
    """What each bin adds, shape (bins,); `spectrum` and `baseline` have the same shape."""
    ...  # your code


exercises.check_integrated_gradients(integrate)


# %% jupyter={"source_hidden": true} tags=["solution", "hide-input"]
# Solution
def integrate(slope, spectrum, baseline):
    """Mean slope at the middles of a hundred steps, times the way."""
    way = spectrum - baseline
    done = (np.arange(100) + 0.5) / 100  # of the way, at each point
    points = baseline + done[:, None] * way  # (points, bins)
    return slope(points).mean(axis=0) * way


exercises.check_integrated_gradients(integrate)


# %% jupyter={"source_hidden": true} tags=["solution", "hide-input", "nbval-ignore-output"]
# Solution, continued
# Integrated gradients add up. Gradient x input need not: the network is not linear.
def slope_of_network(rows):
    """Slopes of the first network."""
    return interpretation.gradient(Opened(panel[0].clf, pd.DataFrame(rows, columns=X.columns)))


to_explain, mean_spectrum = X.iloc[panel[0].test[0]].to_numpy(), X.iloc[panel[0].train].mean().to_numpy()
both_ends = pd.DataFrame([mean_spectrum, to_explain], columns=X.columns)
odds_at_ends = Opened(panel[0].clf, both_ends).log_odds()
pd.Series(
    {
        "difference of the log-odds": odds_at_ends[1] - odds_at_ends[0],
        "integrated gradients, sum": integrate(slope_of_network, to_explain, mean_spectrum).sum(),
        "gradient x input, sum": slope_of_network([to_explain])[0] @ (to_explain - mean_spectrum),
    }
).round(3).to_frame("log-odds")

# %% [markdown]
# ## 7. Three sanity checks
#
# A map can look convincing and show nothing that the network has learned. Three questions to each method:
#
# 1. **Does it change when the network forgets?** We re-initialise the head, then the gate as well, then everything
#    ([Adebayo et al. 2018](https://arxiv.org/abs/1810.03292)). A map of what was *learned* cannot stay the same.
# 2. **Does it change when the labels mean nothing?** A network trained on shuffled labels must give another map.
# 3. **Does it stay when only the seed and the fold change?** A map that does not tells about one network, not about
#    spectra.

# %%
stages = [interpretation.cascade(fit.clf, lambda clf, fit=fit: explain(fit, clf)) for fit in scaled_panel[:3]]
forgetting = sum(stages) / len(stages)

fig, ax = plt.subplots(figsize=(9, 3.6))
plots.plot_cascade(forgetting, ax)
plt.show()

# %% [markdown]
# Mean of three networks; 1 stands for the map of the trained network. Maps made of first-layer weights and gates do not
# notice that the head has forgotten everything, since it does not occur in their formulas: they fail. The others lose
# most of themselves, as they should; what they keep comes from the layers below.

# %%
of_nonsense = [explain(fit, labels=nonsense) for fit in nonsense_panel]
checked = forgetting.copy()
others = profiles[len(splits) :] or profiles  # of other seeds: equal first weights would make them alike
checked["shuffled labels"] = [
    np.mean([interpretation.rank_correlation(a[m], b[m]) for a in others for b in of_nonsense])
    for m in interpretation.METHODS
]
checked[["other network", "top-50 overlap"]] = interpretation.agreement(profiles, k=50).to_numpy()
checked["head forgotten"] = np.where(checked["head"] > 0.75, "fails: keeps the map", "passes")
alike = checked["other network"] > 0.1  # else each network has another map, whatever its labels
hardly = checked["shuffled labels"] > 0.75 * checked["other network"]
checked["labels shuffled"] = np.select(
    [~alike, hardly], ["unknown: no two maps alike", "fails: hardly another map"], "passes"
)

# %% tags=["nbval-ignore-output"]
checked.round(2)

# %% [markdown]
# Rank correlations of the sizes of all bins, and the overlap of the largest. "Shuffled labels": between these networks
# and such as were trained, from other seeds, on labels without meaning. "Other network": mean over all pairs of networks
# from other folds and seeds; "top-50 overlap": the share of the 50 largest bins that such a pair has in common
# (by chance less than 0.01).

# %%
failing = [name for name, way in interpretation.METHODS.items() if not way.asks_head]
asking = [name for name, way in interpretation.METHODS.items() if way.asks_head]
claim(
    "maps of weights and gates keep more than 3/4 of themselves when the head forgets: they fail",
    checked.loc[failing, "head"].min() > 0.75,
)
claim("gate-weighted weights do not change at all", checked.loc["gate-weighted projection", "head"] > 0.99)
claim("methods that ask the whole network lose more than half of theirs", checked.loc[asking, "head"].max() < 0.5)


# %%
def if_alike(methods, holds):
    """None where two networks give maps that have nothing in common anyway."""
    return bool(holds) if alike[methods].all() else None


no_two = "no two networks give such maps that are alike"
claim(
    "maps of weights, gate-weighted or not, are hardly others with shuffled labels: they fail this, too",
    if_alike(failing[:2], hardly[failing[:2]].all()),
    unknown=no_two,
)
claim(
    "methods that ask the whole network give another map with shuffled labels",
    if_alike(asking, not hardly[asking].any()),
    unknown=no_two,
)
claim(
    "networks of other seeds and folds share less than 3/4 of their 50 largest bins",
    checked["top-50 overlap"].max() < 0.75,
)

# %% [markdown]
# ## 8. Does the network use what a map points at?
#
# *Deletion*: fill the highest ranked bins with those of the mean spectrum, and watch the AUROC fall; the earlier, the
# more faithful the map. *Insertion*: fill all others. The ranking comes from **training** spectra, the AUROC from
# held-out ones. One ranking breaks this rule on purpose: it was made with the held-out labels.


# %%
def rankings(fit):
    """Rankings of bins: four from training spectra, one that has seen the held-out labels, one of chance."""
    rng, baseline = np.random.default_rng(SEED), X.iloc[fit.train].mean()
    some = rng.permutation(fit.train)[:150]
    methods = ("weight norm", "gate-weighted projection", "gradient", "integrated gradients")
    opened, rest = Opened(fit.clf, X.iloc[some], baseline=baseline), (y.iloc[some], batch.iloc[some], data.mz)
    made = dict(interpretation.attributions(opened, *rest, methods=methods, window=WINDOW))
    parts = interpretation.integrated_gradients(Opened(fit.clf, X.iloc[fit.test], baseline=baseline))
    resistant = y.iloc[fit.test].to_numpy() == 1
    leaked = parts[resistant].mean(axis=0) - parts[~resistant].mean(axis=0)
    return made | {"leak: R less S, held-out": leaked, "random": rng.random(X.shape[1])}


def curve(fit, ranking, mode):
    opened = Opened(fit.clf, X.iloc[fit.test], baseline=X.iloc[fit.train].mean())
    return interpretation.perturbation_curve(opened, y.iloc[fit.test], ranking, mode=mode)


# %%
five = scaled_panel[: len(splits)]
ranked = [rankings(fit) for fit in five]
curves = {
    mode: {
        name: sum(curve(fit, made[name], mode) for fit, made in zip(five, ranked, strict=True)) / len(five)
        for name in ranked[0]
    }
    for mode in ("deletion", "insertion")
}
unchanged = curves["deletion"]["random"]["auroc"].iloc[0]

fig, axes = plt.subplots(1, 2, figsize=(11, 3.4), sharey=True, gridspec_kw={"wspace": 0.05})
for ax, (mode, lines) in zip(axes, curves.items(), strict=True):
    plots.plot_perturbation(lines, ax, reference=unchanged)
    ax.set_title(mode)
    ax.label_outer()
axes[0].get_legend().remove()
plt.show()

# %% [markdown]
# Means over five networks. The dotted line is the AUROC of the unchanged spectra. The ranking that saw the labels of
# the very spectra that it is judged on rises far above it: fewer bins, better score. It is no discovery but a leak. (With
# a fifth to a half of the bins honest rankings may come out a little above it: without the noise of the others.)
#
# Of the honest rankings, the norm of the weights makes the score fall at least as fast as integrated gradients, though it
# failed the sanity checks. Deletion asks whether the network depends on these bins, not whether a map knows what the head
# makes of them.

# %%
at_5 = {name: line.loc[line["share"] == 0.05, "auroc"].item() for name, line in curves["insertion"].items()}
areas = pd.Series({name: interpretation.area(line) for name, line in curves["deletion"].items()})
claim(
    "with a twentieth of the bins, chosen by the held-out labels, the AUROC seems to rise",
    at_5["leak: R less S, held-out"] > unchanged,
)
claim(
    "chosen on training spectra by integrated gradients, a twentieth of the bins scores less than with the leak",
    at_5["integrated gradients"] < at_5["leak: R less S, held-out"],
)
claim(
    "bins chosen by integrated gradients are missed more than random ones",
    areas["integrated gradients"] < areas["random"],
)

# %% [markdown]
# Deletion tells what the *network* uses, and this network uses the city as well. Whether a map points at resistance it
# does not tell. For this one has to know the truth.

# %% [markdown]
# ## 9. Scored against the truth
#
# In simulated spectra the resistance peaks were planted, so each map can be marked like an exam. Candidates are taken
# in the order of their size; the *average precision per peak* is 1 if all planted peaks come first. Beside the maps
# stand simple statistics of the training spectra, and a random map: the floor.


# %%
def of_training(fit):
    """Maps without a network: logistic regression and a t-test on the training spectra."""
    rows, label = X.iloc[fit.train].to_numpy(), y.iloc[fit.train].to_numpy()
    linear = evaluation.baselines()["logistic regression"].fit(rows, label)
    weights = linear[-1].coef_
    t = ttest_ind(rows[label == 1], rows[label == 0]).statistic[None]
    return pd.DataFrame(
        {
            "logistic regression": interpretation.profile(weights, windows),
            "t-test": interpretation.profile(t, windows),
        }
    )


# %%
def score(tables):
    """Average precision per peak of each column, over networks."""
    rows = [{name: interpretation.recovery(t[name], data.mz, peaks)["per peak"] for name in t} for t in tables]
    return over_networks(rows)


truth_known, windows = len(peaks) > 0, interpretation.Windows(data.mz, WINDOW)
if truth_known:
    simple = [of_training(fit) for fit in five]
    scored = pd.concat([score(profiles), score(simple)])
    scored["mean of all maps"] = [
        interpretation.recovery(m, data.mz, peaks)["per peak"]
        for table in (mean_profile, interpretation.mean_profiles(simple))
        for m in (table[name] for name in table)
    ]
    scored["one bin at a time"] = score([explain(fit, window=np.diff(data.mz).min()) for fit in five])["mean"]
    scored["raw rows"] = score([explain(fit) for fit in panel[: len(splits)]])["mean"]
    floor = interpretation.random_recovery(data.mz, peaks).loc["per peak"]

# %% tags=["nbval-ignore-output"]
scored.round(2) if truth_known else "the truth is not known for these spectra: there is nothing to score against"

# %%
if truth_known:
    fig, ax = plt.subplots(figsize=(8, 4))
    shown = scored.rename(columns={"mean": "score"})
    plots.plot_intervals(
        shown, ax, value="score", reference=float(floor["mean"]), reference_label="random map",
        xlabel="average precision per planted peak",
    )  # fmt: skip
    ax.axvspan(floor["low"], floor["high"], color="0.9", zorder=-1)
    ax.plot(shown["mean of all maps"], range(len(shown)), "D", color=plots.ORANGE, label="mean of all maps")
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2)
    plt.show()

# %% [markdown]
# Circles: single networks on standardised rows, with the range that holds 95 % of them; diamonds: the mean of their
# maps. The grey band holds 95 % of random maps.
#
# Two things look like a contradiction and are none. The norm of the weights fails the sanity check *and* finds many
# planted peaks: the first layer of this network did learn where the peaks are, but the map would look the same with any
# head on top, so it cannot explain a *decision*. And the gate's part in it is nothing: weighting by gates does not find
# one peak more. The mean of the maps of all networks scores higher than a single map does on average.

# %%
if truth_known:
    ap, mean_map = scored["mean"], scored["mean of all maps"]
    claim(
        "on average, every method is better than 95 % of random maps",
        ap.loc[list(interpretation.METHODS)].min() > floor["high"],
    )
    claim(
        "weighting by gates adds nothing to the plain norm of the weights",
        ap["gate-weighted projection"] < ap["weight norm"] + 0.02,
    )
    claim(
        "no method on a single network is, on average, clearly better than logistic regression",
        ap.loc[list(interpretation.METHODS)].max() < scored.loc["logistic regression", "high"],
    )

# %%
if truth_known:
    claim(
        "a t-test, misled by the city, finds less than any method that asks the network",
        ap["t-test"] < ap[asking].min(),
    )
    claim(
        "taken over the width of a peak, every map is better than bin by bin",
        bool((ap > scored["one bin at a time"])[list(interpretation.METHODS)].all()),
    )
    claim("the mean over networks is better than a single one", bool((mean_map > ap)[asking].all()))

# %%
found = "nothing was planted"
if truth_known:
    of_drug = planted[planted["antibiotic"] == ANTIBIOTIC].set_index("mz")[["cities", "effect", "share_S", "share_R"]]
    hits = {m: interpretation.found_peaks(mean_profile[m], data.mz, peaks, k=len(peaks)) for m in asking}
    found = of_drug.assign(**{m: np.where(hit, "found", "") for m, hit in hits.items()}).sort_index()

# %% tags=["nbval-ignore-output"]
found

# %% [markdown]
# Which planted peaks are found among as many candidates as there are planted peaks. Those of the largest city stand a
# chance. Of a city with few spectra, or few of the other label, a network learns little more than the city itself.

# %% [markdown]
# ## 10. What may be said
#
# A sentence, the evidence, a verdict: made from the results above, for these spectra. What is left of the published
# reading?


# %%
def row(sentence, holds, evidence):
    """A line of the table; `holds` is None where it cannot be known."""
    return {
        "sentence": sentence,
        "may it be said?": {None: "unknown"}.get(holds, "yes" if holds else "no"),
        "evidence": evidence,
    }


# %%
raw_change = used["raw rows"]["mean"]
shuffled = raw_change["another spectrum's"]
skill, _ = held_out_auroc(panel[: len(splits)], y)


def if_skilled(holds):
    """None where a network does no better than a coin: then there is nothing that a change could take away."""
    return holds if skill.low > 0.5 else None


# %%
said = [
    row(
        "Gates near 1 are kept, gates near 0 are dropped.",
        raw["within .4-.6"] < 0.5,
        f"{raw['within .4-.6']:.0%} of the held-out gates lie in .4-.6",
    ),
    row(
        "The gate opens other units for other spectra, and this matters.",
        if_skilled(shuffled < -0.01),
        f"with another spectrum's gates the AUROC of {skill} changes by {shuffled:+.3f}",
    ),
    row(
        "The trained gate may be replaced by 1/2.",
        if_skilled(abs(raw_change["one half"]) < 0.01),
        f"AUROC {raw_change['one half']:+.3f}; where a gate is needed {linear_head['one half']:+.2f}",
    ),
]

# %%
said += [
    row(
        "Most gates differ between R and S.",
        honest > 0.5,
        f"{honest:.0%} of them on held-out spectra within city; {share['trained', 'training', 'freely']:.0%} the careless way",
    ),
    row(
        "Units whose gates differ are the important ones.",
        np.mean(in_common) > 0.5,
        f"rank correlation of separation and knock-out {np.mean(in_common):.2f}",
    ),
    row(
        "A gate-weighted map shows what the decision rests on.",
        checked.loc["gate-weighted projection", "head"] < 0.75,
        f"{checked.loc['gate-weighted projection', 'head']:.2f} of it stays when the head forgets",
    ),
]

# %%
stays, overlap = (
    checked.loc["integrated gradients", "head"],
    checked.loc["integrated gradients", "top-50 overlap"],
)
said += [
    row(
        "Integrated gradients show something that the head has learned.",
        stays < 0.75,
        f"{stays:.2f} of the map stays when the head forgets",
    ),
    row(
        "The map of one network will be found again with another.",
        overlap > 0.75,
        f"two networks share {overlap:.0%} of their 50 largest bins",
    ),
]

# %%
gain = ap["gate-weighted projection"] - ap["weight norm"] if truth_known else np.nan
best = scored.loc[asking, "mean of all maps"].max() if truth_known else np.nan
said += [
    row(
        "Weighting by gates leads to more of the true peaks.",
        gain > 0.02 if truth_known else None,
        f"average precision {gain:+.2f}" if truth_known else "no truth to compare with",
    ),
    row(
        "Maps of several networks together point at true peaks.",
        best > 5 * floor["mean"] if truth_known else None,
        f"average precision {best:.2f}, a random map {floor['mean']:.2f}"
        if truth_known
        else "no truth to compare with",
    ),
]

# %% tags=["nbval-ignore-output"]
pd.DataFrame(said).style.hide(axis="index").set_properties(**{"text-align": "left"})

# %%
verdicts = {line["sentence"]: line["may it be said?"] for line in said}
no_skill = "the network does no better than a coin"
claim(
    "no sentence of the published reading may be said",
    if_skilled({verdicts[one["sentence"]] for one in said[:2] + said[3:6]} == {"no"}),
    unknown=no_skill,
)
claim(
    "the trained gate may be replaced by 1/2",
    if_skilled(verdicts["The trained gate may be replaced by 1/2."] == "yes"),
    unknown=no_skill,
)

# %% [markdown]
# ## 11. Explore
#
# Choose a hidden unit (sorted: 0 separates R from S best) and see its gate in R and in S, and the bins that would open
# it; or choose a held-out spectrum, and see its gates beside the mean ones, and what integrated gradients make of it.

# %%
seen = five[0]
X_seen, y_seen = X.iloc[seen.test], y.iloc[seen.test].to_numpy()
gates_seen = seen.clf.get_attention_weights(X_seen)
by_effect = np.argsort(-np.abs(interpretation.gate_effects(gates_seen, y_seen, batch.iloc[seen.test])))


def unit_profile(unit):
    """Which bins would open the gate of a unit."""
    slopes = interpretation.gate_gradient(Opened(seen.clf, X_seen), np.eye(HIDDEN_DIM)[unit])
    return interpretation.profile(slopes, windows)


def spectrum_profile(number):
    """Integrated gradients of one spectrum, from the mean of all."""
    opened = Opened(seen.clf, X_seen.iloc[[number]], baseline=X.iloc[seen.train].mean())
    return interpretation.profile(interpretation.integrated_gradients(opened), windows)


# %%
def show(what="unit", number=0):
    """Gates on the left, m/z on the right."""
    fig, (left, right) = plt.subplots(1, 2, figsize=(11, 2.8), width_ratios=[1, 2])
    if what == "unit":
        unit = by_effect[number]
        name, values = f"unit {unit}", unit_profile(unit)
        plots.plot_label_histogram(gates_seen[:, unit], y_seen, left, stat="probability").set(xlabel="gate")
    else:
        name, values = f"spectrum {number}, {'SR'[y_seen[number]]}", spectrum_profile(number)
        means = {f"mean of {label}": gates_seen[y_seen == i].mean(axis=0) for i, label in enumerate("SR")}
        plots.plot_gate_spread({name: gates_seen[number]} | means, left)
    plots.plot_profiles(pd.DataFrame({name: values}, index=data.mz), right, peaks=peaks)
    plt.show()


show("unit")
show("spectrum")

# %%
ipywidgets.interactive(
    show,
    what=ipywidgets.Dropdown(options=["unit", "spectrum"]),
    number=ipywidgets.IntSlider(0, max=min(HIDDEN_DIM, len(y_seen)) - 1, continuous_update=False),
)

# %% [markdown]
# The static pictures show both views: the unit whose gate separates best, and the first held-out spectrum.

# %% [markdown]
# ## 12. Quiz
#
# Four questions on what you have seen. Decide before you unfold the answer; it also says why the others are wrong.

# %% [markdown]
# ### Quiz 1: thirteen of 256
#
# Each of 256 gates is tested on held-out spectra, with permutations within each city. For 13 of them p is below 0.05. What
# may be said?
#
# - **A.** Thirteen units have learned to tell R from S.
# - **B.** Nothing has been found: about so many gates are below 0.05 if none of them separates.
# - **C.** With more permutations, more of these thirteen would turn out to be real.
# - **D.** The largest of the thirteen effects is real, and the others may be chance.
#
# <details><summary>Answer</summary>
#
# - **A** is wrong: it takes each test by itself. With 256 tests, chance alone has 256 occasions.
# - **B** is right: 5 % of 256 is 13. This is why the notebook counts gates at a *false discovery rate* of 5 %, which takes
#   into account how many were tested.
# - **C** is wrong: more permutations tell p more precisely. They do not change how many gates chance lets through.
# - **D** is wrong: one of 256 is always the largest. Whether it is larger than the largest of 256 by chance, its own p does
#   not tell.
#
# </details>

# %% [markdown]
# ### Quiz 2: what "no effect" means
#
# All gates of a trained network are set to one half, and its held-out AUROC stays what it was. Which sentence follows?
#
# - **A.** The gates of this network are the same for all spectra.
# - **B.** The gates of this network do not differ between R and S.
# - **C.** The AUROC of this network on these spectra does not rest on what its gate has learned.
# - **D.** A network with a gate can never do better than one without.
#
# <details><summary>Answer</summary>
#
# - **A** is wrong: they may differ as much as they like, as long as the head makes nothing of it.
# - **B** is wrong: they may even carry a copy of what the units say. "Gates only" scored well above a coin here.
# - **C** is right: without what the gate has learned, the spectra are ordered as well as with it. That the experiment
#   could have shown the opposite, the positive control has to prove.
# - **D** is wrong: the positive control is a task in which the gate is needed. One network on one task says nothing of all.
#
# </details>

# %% [markdown]
# ### Quiz 3: a map that finds peaks, and does not change
#
# A map of bins puts most of the planted peaks first. It stays the same when the head of the network is filled with random
# numbers. What is it a map of?
#
# - **A.** What the decision rests on, since the peaks are the right ones.
# - **B.** Nothing: a map that fails a sanity check cannot be better than a random one.
# - **C.** What the first layer responds to, whatever the rest of the network makes of it.
# - **D.** What R and S differ in, since peaks were planted for the one and not for the other.
#
# <details><summary>Answer</summary>
#
# - **A** is wrong: with a random head the decisions are others, and the map is the same. So it cannot be about decisions.
# - **B** is wrong: it does find the peaks. Finding peaks and explaining a decision are two things, and are tested apart.
# - **C** is right: this layer has learned where spectra differ in ways that help, and a map of its weights shows just that.
# - **D** is wrong: the map was made of the network and not of R and S. Where the first layer follows the city, so does it.
#
# </details>

# %% [markdown]
# ### Quiz 4: a steep fall
#
# The bins that a map ranks highest are replaced by those of the mean spectrum, and the held-out AUROC falls at once. The
# ranking comes from training spectra. What has been shown?
#
# - **A.** The network uses these bins.
# - **B.** Proteins at these m/z make the isolates resistant.
# - **C.** The network uses no other bins.
# - **D.** Nothing, as the AUROC falls whichever bins are replaced.
#
# <details><summary>Answer</summary>
#
# - **A** is right: its score gets worse without them, and faster than without random ones, which is the comparison to make.
# - **B** is wrong: the network may use them to recognise the hospital, or a clone that happens to be resistant. Of
#   resistance itself deletion knows nothing.
# - **C** is wrong: with other bins kept, some of the score remains, and of two bins that say the same only one may rank high.
# - **D** is wrong: without as many random bins it falls much later. That line is in the figure for this very reason.
#
# </details>

# %% [markdown]
# ## 13. Recap
#
# - A heat map of gates is not evidence. Ours looks like the published one; on held-out spectra, on an honest scale and
#   beside an untrained network hardly anything of it is left.
# - Whose spectra, and which permutation: these two choices alone decide whether half of the gates "separate R from S"
#   or a few.
# - Interventions answer what pictures cannot. This gate can be replaced by a constant; the positive control shows that
#   the experiment would have noticed a gate that is used.
# - A map back to m/z has to pass sanity checks *and* to be scored where the truth is known; the two test different
#   things. Sum over the width of a peak, and over several networks, before you believe a map. The gate adds nothing to
#   any of them.
#
# **On simulated spectra** all this is about a simulation with invented resistance peaks. It tells what the methods can
# and cannot do under confounding; it says nothing about *Klebsiella*. On real spectra the same notebook runs without
# section 9.
#
# **Next:** [notebook 04](04_ablation_without_attention.ipynb) leaves the gate out from the start. Is the network any
# worse? Before you open it, close this one: its kernel ends with it, and leaves its memory to the next. (Elsewhere than
# in the course's JupyterLab, choose *Kernel, Shut Down Kernel*.)
#
# ### Further reading
#
# - Attention is (not) explanation: Jain and Wallace 2019,
#   [doi:10.18653/v1/N19-1357](https://doi.org/10.18653/v1/N19-1357); Wiegreffe and Pinter 2019,
#   [doi:10.18653/v1/D19-1002](https://doi.org/10.18653/v1/D19-1002); Serrano and Smith 2019,
#   [doi:10.18653/v1/P19-1282](https://doi.org/10.18653/v1/P19-1282).
# - Sanity checks for saliency maps: Adebayo et al. 2018, [arXiv:1810.03292](https://arxiv.org/abs/1810.03292).
# - Integrated gradients: Sundararajan et al. 2017, [arXiv:1703.01365](https://arxiv.org/abs/1703.01365).
# - The 11109 Da peak: Gaibani et al. 2016, Cordovana et al. 2018, as cited in the paper of the real spectra,
#   [doi:10.1186/s12866-025-04657-2](https://doi.org/10.1186/s12866-025-04657-2).
# - False discovery rate: Benjamini and Hochberg 1995,
#   [doi:10.1111/j.2517-6161.1995.tb02031.x](https://doi.org/10.1111/j.2517-6161.1995.tb02031.x).

# %% tags=["nbval-ignore-output"]
import sys

print(
    f"maldinb {maldinb.__version__}, Python {sys.version.split()[0]}, PyTorch {torch.__version__}, NumPy {np.__version__}"
)
