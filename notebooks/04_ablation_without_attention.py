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
# # Leave the gate out, and see whether it is missed
#
# *Notebook 4 of 6 of the series: [01 data loading and caching](01_data_loading_and_caching.ipynb), [02 training](02_training.ipynb),
# [03 attention interpretation](03_attention_interpretation.ipynb),
# **04 ablation without attention**, [05 back to m/z](05_back_to_mz.ipynb),
# [06 another hospital](06_another_hospital.ipynb). The words of the field are in the [glossary](../docs/glossary.md).*
#
# **What you will do.** Work out what a study can find before you run it. Compare the gated network with networks that lack
# the gate in one way or another, on the same splits and with the same seeds. Put the result into words that are no stronger
# than the evidence.
#
# **What you will learn**
#
# - which answers a study of a given size can give at all, and whether repeats or seeds help more;
# - what an ablation has to vary, what it has to hold fixed, and why the same model with another seed belongs in the
#   table;
# - why the usual t-test over folds finds differences where there are none, and what to use instead;
# - to tell "no difference" from "no difference was seen".
#
# **What you need.** [Notebook 02](02_training.ipynb); [notebook 03](03_attention_interpretation.ipynb) helps. About 50
# minutes, and 65 more for the exercises.
#
# **Your turn.** Where a cell ends in `exercises.check_...`, put your answer in place of the three dots and run the cell.
# It tells what is wrong with an answer, if anything is. A hint is folded away above it.
#
# **On other data.** Where the text speaks of results, they are those of the simulated spectra, with the parameters below.
# Of other data the outputs tell: a ✓ marks what is true of them, a ✗ what is not, and a ? what they cannot tell. The
# stored study of section 9 is of the simulated spectra, whatever you load here.

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
N_REPEATS = 1  # of the 5-fold cross-validation; the full study has 5
N_SEEDS = 2  # fits of each variant on each split; the full study has 6
DEVICE = "cpu"  # "auto" takes a GPU, if any; numbers then differ from run to run
N_JOBS = -1  # fits at a time; -1: as many as there are cores
FOLDER = None  # where finished fits are kept, to go on there; None: in the cache
MIN_DIFFERENCE = 0.02  # AUROC

# %% jupyter={"source_hidden": true} tags=["colab", "remove-input"]
import subprocess
import sys

if "google.colab" in sys.modules:  # Colab has this notebook only, and no package
    course = "maldinb @ git+https://github.com/OWNER/maldinb"
    subprocess.run([sys.executable, "-m", "pip", "install", "-q", course], check=True)

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import torch
from scipy.stats import t as student

import maldinb
from maldinb import ablation, exercises, plots
from maldinb.course import claim

plots.use_style()
pd.set_option("display.max_colwidth", None)  # whole sentences in tables

# %% [markdown]
# ## 1. Say first what would convince you
#
# **Question.** Does the learned gate make the network better at telling resistant from susceptible isolates?
#
# **The smallest difference worth having** is an AUROC of 0.02: below it, something other than the AUROC would decide between
# two models, such as their size, or what they can explain. We write this number down *now*, before there is a result that it
# could be fitted to.
#
# **Four answers are possible.** The gated network is *better* (by more than 0.02), or *worse*; the two are *equivalent*
# (they differ by less than 0.02); or the study cannot tell: *undecided*. The last one is honest. It is also what a small
# study mostly says where the true difference is small, be it 0 or worth having. So there is a second question to ask before
# the first fit.

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
isolate = None if data.isolate is None else data.isolate[X.index]
print(f"{data}: {len(y)} spectra with a label, {y.sum()} of them resistant")

# %% [markdown]
# ## 2. Which answers can a study give?
#
# An earlier study of the simulated spectra shows how far luck moves a difference. It comes with the package: all variants,
# five repeats of five folds, several seeds. Its verdicts wait until section 9. Here we only ask how much the gated network
# differs from *itself* with other seeds, where there is nothing to find. (With fewer spectra, yours will scatter more.)
# There are two kinds of luck: which spectra are in the test fold, and with which seeds the networks were trained.

# %%
full, provenance = ablation.stored_study()
luck = ablation.variance_components(full, reference="learned gate").loc[
    "learned gate, other seed"
]
split_sd, seed_sd = np.sqrt([luck["splits"], luck["seeds"] + luck["residual"]])
print(
    f"a difference on one fold: sd {split_sd:.3f} between folds, and {seed_sd:.3f} "
    "more with a single seed"
)

# %% [markdown]
# Folds hardly matter here: both networks are of the same kind, and with many seeds they would score alike on each fold. Two
# different models may also differ in which folds suit them, and seeds do not average that out. Then a study can tell less
# than the next figure says.
#
# **Predict first.** This notebook trains on five folds with two seeds each. How large must the true difference be for such
# a study to say "better" every second time? Write a number down. You will meet it again at the end.

# %%
guess = None  # an AUROC difference, such as 0.01

# %% [markdown]
# `ablation.power` simulates two thousand studies for each true difference, and judges every one of them by the rule that we
# shall use in section 8.

# %%
differences = np.linspace(-0.12, 0.12, 97)
scatter = {"split_sd": split_sd, "seed_sd": seed_sd, "rope": MIN_DIFFERENCE}
small = ablation.power(
    differences, **scatter, n_repeats=N_REPEATS, n_seeds=N_SEEDS, n_comparisons=3
)
n_seeds = provenance["seeds"]["no gate"]
large = ablation.power(
    differences, **scatter, n_repeats=5, n_seeds=n_seeds, n_comparisons=7
)

# %%
fig, axes = plt.subplots(1, 2, figsize=(9, 3.2), sharey=True)
titles = (
    f"this study: {5 * N_REPEATS} splits, seeds: {N_SEEDS}",
    f"the full study: 25 splits, seeds: {n_seeds}",
)
for ax, shares, title in zip(axes, (small, large), titles, strict=True):
    plots.plot_power(shares, ax, rope=MIN_DIFFERENCE).set_title(title)
axes[1].set_ylabel("")
axes[1].legend(loc="upper left", bbox_to_anchor=(1.01, 1))
plt.show()

# %% [markdown]
# The four curves are the shares of studies that end in each verdict. The grey band holds differences too small to care
# about. Where the dotted curve is high, a study will most likely tell nothing.

# %%
seen = min(small["better"].iloc[-1], large["better"].iloc[-1])
claim(
    "with such scatter, this study is mostly undecided about two equal networks",
    small.loc[0, "undecided"], ">", 0.5,
)
claim(
    "with such scatter, the full study mostly calls them equivalent",
    large.loc[0, "equivalent"], ">", 0.5,
)
claim("with such scatter, both studies would see a difference of 0.12", seen, ">", 0.9)

# %% [markdown]
# ### Exercise 1: read a figure
#
# How large must a true difference be before *this* study says "better" every second time? Read it off the left panel;
# 15 % more or less do not matter. How does it compare with the difference that section 1 calls worth having?
#
# <details><summary>Hint</summary>
#
# "Every second time" is a height, and the thin grey line marks it. Where does the solid curve cross that line, to the
# right of 0?
#
# </details>

# %% tags=["exercise"]
even_chance = ...  # a difference of AUROC

exercises.check_even_chance(even_chance, small, MIN_DIFFERENCE)

# %% jupyter={"source_hidden": true} tags=["solution", "hide-input"]
# Solution
# The first difference that was tried, and called better in half of the studies or more.
even_chance = small.index[small["better"] >= 0.5].min()

exercises.check_even_chance(even_chance, small, MIN_DIFFERENCE)

# %% [markdown]
# ### 2.1 Repeats, or seeds?
#
# Thirty cross-validations of each variant can be spent in two ways: on thirty repeats, each with other folds, and one seed,
# or on five repeats with six seeds. Which of them is the better study?

# %%
ways = {
    "1 repeat, 1 seed": (1, 1), "5 repeats, 1 seed": (5, 1),
    "30 repeats, 1 seed": (30, 1), "5 repeats, 6 seeds": (5, 6),
}
chances = {
    name: ablation.power(
        [0, 2 * MIN_DIFFERENCE], **scatter, n_repeats=repeats, n_seeds=seeds,
        n_comparisons=7,
    )
    for name, (repeats, seeds) in ways.items()
}

# %% tags=["nbval-ignore-output"]
says = {
    name: (found["equivalent"].iloc[0], found["better"].iloc[1])
    for name, found in chances.items()
}
columns = [
    '"equivalent" if there is no difference',
    f'"better" if it is {2 * MIN_DIFFERENCE:g}',
]
pd.DataFrame(says, index=columns).T.round(2)

# %%
claim(
    'thirty repeats with one seed hardly ever say "equivalent"',
    says["30 repeats, 1 seed"][0],
    "<",
    0.1,
)
claim("five repeats with six seeds mostly do", says["5 repeats, 6 seeds"][0], ">", 0.5)

# %% [markdown]
# Repeats show the same spectra again. So the rule assumes that all folds share a part of what scatters between them, and
# that no number of repeats takes that part away. For the luck of a seed this is too strict, but the rule cannot know.
# Averaging over seeds removes that luck *before* the rule looks at the scatter. (Thirty repeats may even say "better" less
# often than five: they measure more exactly, and so miss more surely what lies just below what the rule asks for.)

# %% [markdown]
# ## 3. A network without a gate
#
# `use_attention=False` leaves the gate out: the hidden units go straight to the head. Then there are no gates to look at, and
# the estimator says so instead of returning something that looks like them.

# %%
plain = maldinb.MaldiMLPClassifier(
    epochs=2, hidden_dim=HIDDEN_DIM, use_attention=False, random_state=SEED,
    device=DEVICE,
).fit(X, y)
try:
    plain.get_attention_weights(X)
    refused = ""
except RuntimeError as error:
    refused = str(error)
print(f"RuntimeError: {refused}")
claim(
    "a network without attention refuses to show attention weights",
    "no attention weights" in refused,
)

# %% [markdown]
# ## 4. What to compare with
#
# If the gated network beats a plain one, is it the gate? It also has more parameters, and one more layer. Each variant
# below removes one explanation:

# %%
models = ablation.variants(
    X.shape[1], epochs=EPOCHS, hidden_dim=HIDDEN_DIM, random_state=SEED, device=DEVICE
)

# %%
removes = {
    "learned gate": "nothing: the network in question",
    "learned gate, other seed": "nothing: what chance alone does",
    "no gate": "the gate",
    "frozen gate": "what the gate learns; its layer stays as it was made",
    "constant gate": "all differences between gates: 1/2 everywhere",
    "matched MLP": "the gate, but not its parameters: more hidden units instead",
    "logistic regression": "the network, and all that no weighted sum of bins can say",
    "gradient boosting": "the network; trees can say more than a weighted sum",
}

# %%
parameters = {
    name: ablation.count_parameters(model, X.shape[1]) for name, model in models.items()
}
pd.DataFrame(
    {"takes away": removes, "trained parameters": pd.Series(parameters, dtype="Int64")}
)

# %%
share = 1 - parameters["no gate"] / parameters["learned gate"]
claim("the gate is less than a tenth of the parameters", share, "<", 0.1)

# %% [markdown]
# Adding a variant is one line, such as `models["small head"] = clone(models["learned gate"]).set_params(head_dims=(64,))`
# with scikit-learn's `clone`.
#
# The second row is the most important one. It is the *same* network with other random numbers, an **A/A comparison**: it
# shows how large a difference luck makes where there is none. All other networks begin with the same seed as the first.
# Where they have the same layers they begin with the same weights, too, and so differ by less than two networks usually do.

# %% [markdown]
# ### Exercise 2: change one thing
#
# Would a smaller head do as well? Write a function that makes such a variant of any network: the *same* network, not
# trained, with a single layer of 64 units in its head, beside the last layer that gives the two logits. The parameter
# `head_dims` holds the widths. The network that your function gets must stay as it is: it is in the study, too.
#
# <details><summary>Hint</summary>
#
# A new network has the default for each parameter that you do not name. How many epochs are these, and how many hidden
# units? `sklearn.base.clone(network)` makes an untrained copy with all settings, and `set_params` changes one.
#
# </details>


# %% tags=["exercise"]
def small_head(network):
    """The same network with a smaller head, not trained."""
    ...  # your code


exercises.check_small_head(small_head)


# %% jupyter={"source_hidden": true} tags=["solution", "hide-input"]
# Solution
from sklearn.base import clone


def small_head(network):
    """Copy all settings, the seed among them, and change one."""
    return clone(network).set_params(head_dims=(64,))


exercises.check_small_head(small_head)

# %% jupyter={"source_hidden": true} tags=["solution", "hide-input"]
# Solution, continued
smaller = ablation.count_parameters(small_head(models["learned gate"]), X.shape[1])
print(
    f"{smaller:,} parameters instead of {parameters['learned gate']:,}: the head is a "
    "small part of the network"
)

# %% [markdown]
# ## 5. The study
#
# All variants see the same folds, and all networks but "other seed" the same seeds, so that we can take differences fold by
# fold. Where the data name isolates, these stay together. As far as their numbers allow, each city and label has its share
# in every fold. Here we train the four variants that our question hangs on, which takes half a minute on two cores, and a
# second when you run it again. The stored study has all eight.

# %% tags=["nbval-ignore-output"]
asked = ["learned gate", "learned gate, other seed", "no gate", "logistic regression"]
kept = FOLDER or ablation.study_cache()  # finished fits
study = ablation.run_study(
    {name: models[name] for name in asked}, X, y, batch, isolate=isolate,
    n_repeats=N_REPEATS, seeds=range(SEED, SEED + N_SEEDS), leave_one_batch_out=False,
    folder=kept, n_jobs=N_JOBS, progress=True,
)

# %%
print(f"{len(study)} fits of {study['variant'].nunique()} variants")

# %% tags=["nbval-ignore-output"]
measures = [
    "auroc",
    "within_batch_auroc",
    "average_precision",
    "brier",
    "very_major_error",
    "major_error",
]
means = study.groupby("variant", sort=False)[measures].mean()
means.round(3)

# %%
scores = ablation.paired_scores(study)
fig, ax = plt.subplots(figsize=(8, 4))
plots.plot_paired_scores(scores, "learned gate", ax)
plt.show()

# %% [markdown]
# Each dot is one fold, averaged over the seeds; a fold has the same height and colour in every row. Are some folds harder for
# all networks? Is the same network ahead on all of them?
#
# (The AUROC of the learned gate is not that of notebook 02. There, the networks saw fewer spectra, since the folds were made
# of the training part only; folds and random numbers were others; and the scores of all folds were ranked in one list, which
# often costs a little. Compare only what was scored alike.)

# %%
networks = scores.columns.drop("logistic regression")
fold_sd, network_sd = scores[networks].mean(axis=1).std(), scores[networks].mean().std()
ahead = scores[networks].idxmax(axis=1).nunique()
claim(
    "the mean scores of the folds lie farther apart than those of the networks",
    fold_sd,
    ">",
    network_sd,
)
claim("which network is ahead depends on the fold", ahead, ">", 1)

# %% [markdown]
# ## 6. Where the variance comes from
#
# With several seeds on each fold, we can take the variance of a score apart. Some folds are easier than others (`splits`).
# Some seeds are better on all folds (`seeds`). And some seeds are lucky on one fold only (`residual`).

# %%
components = None
if N_SEEDS > 1:
    components = ablation.variance_components(study).loc[
        networks, ["splits", "seeds", "residual"]
    ]

# %% tags=["nbval-ignore-output"]
np.sqrt(components).round(3).add_prefix(
    "sd: "
) if components is not None else "one seed: nothing to take apart"

# %% [markdown]
# The first two rows are the same network. How far they lie apart shows how rough such estimates are with a few seeds: do not
# read much into a single number.
#
# A small number under `seeds` does not mean that seeds do not matter. A seed that is lucky on one fold may be unlucky on
# the next; that luck stands under `residual`, and means over folds hide it. A single fit has its full share of both.

# %%
by_seed = (
    None
    if components is None
    else np.sqrt((components["seeds"] + components["residual"]).mean())
)
one_seed = "there is only one seed"
claim(
    "the luck of the seed alone moves a single score by more than 0.005",
    by_seed, ">", 0.005, unknown=one_seed,
)

# %% [markdown]
# ## 7. Differences, and how sure they are
#
# The usual test takes the difference on each fold and does a paired t-test, as if folds were independent:

# %%
comparison = ablation.compare(study, reference="learned gate", rope=MIN_DIFFERENCE)

# %% tags=["nbval-ignore-output"]
comparison[["difference", "naive_p"]].round(3)

# %% [markdown]
# ### 7.1 How often is this test wrong?
#
# We draw the differences of many 5 x 5 cross-validations of two variants that are *the same*. A test at the level of 5 %
# should find a difference in 5 % of them. Any two differences get a correlation of n_test / (n_test + n_train) = 1/5,
# just what the correction of section 7.2 assumes. (With real fits it is not quite that one, and the naive test was wrong in
# 12 to 50 % of the studies, depending on the models: see the documentation of `ablation.compare`.)

# %%
rng, n, rho = np.random.default_rng(SEED), 25, 0.2
shared, own = rng.normal(size=(4000, 1)), rng.normal(size=(4000, n))
# differences in 4000 studies of 25 splits
found = np.sqrt(rho) * shared + np.sqrt(1 - rho) * own
ratio = found.mean(axis=1) / found.std(axis=1, ddof=1)
naive = 2 * student.sf(np.abs(ratio) * np.sqrt(n), n - 1) < 0.05
claim(
    "with this correlation, the naive test raises a false alarm in more than 30 % of "
    "the studies",
    naive.mean(), ">", 0.3,
)

# %%
fig, ax = plt.subplots(figsize=(8, 2.2))
plots.plot_shared_folds(5, ax)
plt.show()

# %% [markdown]
# This is why: each row is one split, and it trains on four of the five parts. It shares three of them with any other split.
# So five splits are not five independent pieces of evidence, and repeats with other folds are even less independent.
#
# ### 7.2 What to use instead
#
# The **corrected resampled t-test** (Nadeau and Bengio) makes the variance larger by what training sets share. The
# **Bayesian correlated t-test** (Benavoli et al.) asks our question: how probable is it that the difference is above 0.02,
# between -0.02 and 0.02, or below -0.02?

# %%
# n_test / n_train = 1/4
corrected = 2 * student.sf(np.abs(ratio) / np.sqrt(1 / n + 1 / 4), n - 1) < 0.05
claim(
    "the corrected test raises a false alarm in about 5 % of them",
    corrected.mean(),
    "within",
    (0.03, 0.07),
)

# %% tags=["nbval-ignore-output"]
print(
    f"false alarms at 5 %: naive {naive.mean():.0%}, corrected {corrected.mean():.1%}"
)

# %% tags=["nbval-ignore-output"]
p_values, probabilities = (
    ["naive_p", "corrected_p", "holm_p"],
    ["better", "equivalent", "worse"],
)
comparison[["difference", "low", "high", *p_values, *probabilities]].round(3)

# %%
fig, ax = plt.subplots(figsize=(8, 2.6))
plots.plot_differences(comparison, ax)
plt.show()

# %% [markdown]
# Points to the right of 0 speak for the learned gate. The bar is the 95 % interval of the corrected test. The grey band
# holds differences that are too small to care about.

# %%
claim(
    "of no variant was it shown that the learned gate is better",
    "better" not in set(comparison["verdict"]),
)

# %% [markdown]
# ### Exercise 3: the corrected standard error by hand
#
# Two variants were scored on the same splits, with several seeds each. By Nadeau and Bengio, their mean difference has the
# variance $s^2\,(1/n + n_{test}/n_{train})$: there are $n$ differences, one for each split, and $s^2$ is their
# variance. Write a function that returns the root of it, the standard error. How many differences are there with ten
# splits and three seeds?
#
# <details><summary>Hint</summary>
#
# Fits with several seeds on one split share all of their spectra. They make one difference together, their mean. And
# NumPy divides by n where it computes a variance, unless you say `ddof=1`: one of n differences is used up by their
# mean.
#
# </details>


# %% tags=["exercise"]
def corrected_error(first, second, n_train, n_test):
    """One number; scores have shape (splits, seeds), the others count spectra."""
    ...  # your code


exercises.check_corrected_error(corrected_error)


# %% jupyter={"source_hidden": true} tags=["solution", "hide-input"]
# Solution
def corrected_error(first, second, n_train, n_test):
    """What training sets share makes the variance of the mean difference larger."""
    d = (first - second).mean(axis=1)
    return np.sqrt(d.var(ddof=1) * (1 / len(d) + n_test / n_train))


exercises.check_corrected_error(corrected_error)

# %% jupyter={"source_hidden": true} tags=["solution", "hide-input", "nbval-ignore-output"]
# Solution, continued
grid = study.pivot_table("auroc", ["repeat", "fold"], ["variant", "seed"])
pair = grid["learned gate"].to_numpy(), grid["no gate"].to_numpy()
by_hand = corrected_error(*pair, study["n_train"].mean(), study["n_test"].mean())
in_compare = (comparison["high"] - comparison["difference"])["no gate"] / student.ppf(
    0.975, len(grid) - 1
)
print(
    f"standard error of learned gate less no gate: {by_hand:.4f} by hand, "
    f"{in_compare:.4f} in compare()"
)

# %% [markdown]
# ## 8. The verdict
#
# The words follow from the numbers. "Better", "worse" and "equivalent" each take a probability of at least 95 %, and the first
# two also a p-value of at most 0.05 after Holm's adjustment for the number of variants. All else is "undecided". The
# sentence of an "undecided" also says which true differences this study would mostly have missed.

# %% tags=["nbval-ignore-output"]
print(*(ablation.verdict_sentence(row) for _, row in comparison.iterrows()), sep="\n\n")

# %%
itself = comparison.loc["learned gate, other seed", "verdict"]
claim(
    "nothing is found where there is nothing: a change of seed is neither better nor "
    "worse",
    itself in ("equivalent", "undecided"),
)

# %% [markdown]
# ### Exercise 4: say it in words
#
# Write the verdict as a function of an interval of the difference, from `low` to `high`, and of the smallest difference
# worth having, `rope`. (The name stands for *region of practical equivalence*.) Above 0, a difference speaks for the
# network in question. Section 1 has the words; say each only where the *whole* interval speaks for it.
#
# <details><summary>Hint</summary>
#
# Draw the region as a band around 0, and put intervals on it: a short one and a long one, one within and one beside it. For
# which of them is *every* difference in it worth having, or none? Whether the interval holds 0 decides nothing.
#
# </details>


# %% tags=["exercise"]
def verdict(low, high, rope):
    """One of the words "better", "equivalent", "worse" and "undecided"."""
    ...  # your code


exercises.check_verdict(verdict)


# %% jupyter={"source_hidden": true} tags=["solution", "hide-input"]
# Solution
def verdict(low, high, rope):
    """What all differences in the interval are, if they are the same."""
    if low > rope:
        return "better"
    if high < -rope:
        return "worse"
    if -rope <= low and high <= rope:
        return "equivalent"
    return "undecided"


exercises.check_verdict(verdict)

# %% jupyter={"source_hidden": true} tags=["solution", "hide-input", "nbval-ignore-output"]
# Solution, continued
# Beside the verdicts of compare(), which asks for probabilities instead; near the limit
# the two may disagree.
in_words = [
    verdict(row["low"], row["high"], MIN_DIFFERENCE) for _, row in comparison.iterrows()
]
comparison[["low", "high", "verdict"]].round(3).assign(by_hand=in_words)

# %% [markdown]
# ## 9. The full study
#
# Now the stored study. It asks the same question about all variants, with five times the splits and more seeds: how many,
# the table says. (Logistic regression draws no random numbers, so one fit on each split is enough.) It is of **the simulated
# spectra**, and says nothing about yours.

# %%
settings = provenance["networks"] | {
    "antibiotic": provenance["data"]["antibiotic"],
    "run on": provenance["date"],
}
print(", ".join(f"{name}: {value}" for name, value in settings.items()))
print(
    f"{provenance['fits']} fits on {provenance['spectra']} spectra, torch "
    f"{provenance['versions']['torch']}"
)

# %%
answer = ablation.compare(full, reference="learned gate", rope=MIN_DIFFERENCE)
answer.insert(0, "seeds", pd.Series(provenance["seeds"]))
answer[
    ["seeds", "difference", "low", "high", "holm_p", *probabilities, "verdict"]
].round(3)

# %% tags=["picture"]
fig, ax = plt.subplots(figsize=(8, 3.6))
plots.plot_differences(answer, ax)
plt.show()

# %% [markdown]
# The same figure as in section 7.2, on 25 splits. A bar within the grey band is an answer, and so is a bar beside it. A bar
# that reaches well across an edge leaves the question open; where it only touches one, the probabilities in the table
# decide.

# %% tags=["nbval-ignore-output"]
both = {"here": comparison, "full study": answer}
pd.concat(
    {
        name: found[["difference", "low", "high", "verdict"]]
        for name, found in both.items()
    },
    axis=1,
).round(3)

# %%
verdicts = answer["verdict"]
claim(
    "on the simulated spectra, gate and no gate are equivalent",
    verdicts["no gate"] == "equivalent",
)
claim(
    "on the simulated spectra, the gated network is equivalent to itself with other "
    "seeds",
    verdicts["learned gate, other seed"] == "equivalent",
)
others = set(verdicts.drop("gradient boosting"))
claim(
    "on the simulated spectra, it is equivalent to all variants but gradient boosting",
    others == {"equivalent"},
)
worse = verdicts["gradient boosting"] == "worse"
claim(
    "on the simulated spectra, the gated network is worse than gradient boosting", worse
)

# %% [markdown]
# Over all cities it also pays to know the city. So once more, with the AUROC within cities:

# %%
within = ablation.compare(full, metric="within_batch_auroc", rope=MIN_DIFFERENCE)
within[["difference", "low", "high", *probabilities, "verdict"]].round(3)

# %%
gates = within["verdict"][["no gate", "frozen gate", "constant gate"]]
claim(
    "on the simulated spectra, within cities, it is equivalent to no gate, a frozen "
    "and a constant one",
    set(gates) == {"equivalent"},
)

# %% [markdown]
# So the question of section 1 has an answer: on the simulated spectra, the gate makes no difference worth having, over all
# cities or within them. A gate that was never trained, or one that is always half open, does as well. That is more than "no
# difference was seen". Nor is the network as a whole the best choice there: small trees are better. Logistic regression does
# as well over all cities; for within them, the table says what is known.
#
# ### 9.1 Is the stored study what it says?
#
# With the same data and settings, the fits of section 5 are among those of the full study. On the same kind of machine they
# come out the same, up to rounding. Other processors round in another way, and training makes that larger, so the claim
# allows for 0.1.

# %%
mine = {
    "epochs": EPOCHS, "hidden_dim": HIDDEN_DIM, "random_state": SEED, "device": DEVICE,
}
same_rows = data.info["name"] == "simulated" and (BIN_WIDTH, ALIGN) == (3.0, False)
alike = same_rows and provenance["networks"] | provenance["data"] == mine | {
    "antibiotic": ANTIBIOTIC
}
fits = ["variant", "split", "repeat", "fold", "seed"]
pairs = study.merge(full, on=fits, suffixes=("", "_stored"))
off = (pairs["auroc"] - pairs["auroc_stored"]).abs().max()
same = off if alike else None
claim(
    "each fit of this notebook scores within 0.1 of the stored one",
    same, "<", 0.1, unknown="other data or settings",
)

# %% [markdown]
# ### Exercise 5: break the claim
#
# "Equivalent" depends on the limit of 0.02 that we chose in section 1. How much stricter could we have been? Find the
# smallest `rope`, to three decimals, for which gate and no gate still come out as equivalent in the full study.
#
# <details><summary>Hint</summary>
#
# `ablation.compare(full, rope=0.015).loc["no gate", "verdict"]` is one trial. Try some more, or a loop.
#
# </details>

# %% tags=["exercise"]
smallest = ...  # a difference of AUROC, to three decimals

exercises.check_smallest_rope(smallest, answer.loc["no gate"])

# %% jupyter={"source_hidden": true} tags=["solution", "hide-input"]
# Solution
smallest = next(
    rope / 1000
    for rope in range(1, 100)
    if ablation.compare(full, rope=rope / 1000).loc["no gate", "verdict"]
    == "equivalent"
)

exercises.check_smallest_rope(smallest, answer.loc["no gate"])

# %% [markdown]
# ### 9.2 A larger study on your data
#
# From a terminal,
#
#     make run ONLY=04_ablation_without_attention FOLDER=~/maldinb-study PARAMS="N_REPEATS=5 N_SEEDS=6"
#
# runs the four variants of section 5 with as many splits and seeds as the full study (`DATASET=...` in front of it names
# your data). For all eight, write `asked = list(models)` there first. Each finished fit is on disk at once; if you stop the
# study, the same command goes on where it was. In Python, `with joblib.parallel_config(backend="dask"):`
# around `run_study` spreads it over a Dask cluster, unchanged. `make study` renews the stored study.

# %% [markdown]
# ## 10. In a city that was left out
#
# Perhaps the gate helps where it is hardest, in a hospital that was not in training? Three cities are too few for a test,
# so we only look: at the stored study, or, with other data or settings, at one fit of each.

# %% tags=["nbval-ignore-output"]
abroad, by_city, reason = (
    full if alike else None, None, "it takes two or more cities, each with R and S",
)
if abroad is None and (y.groupby(batch).nunique() == 2).sum() == batch.nunique() > 1:
    abroad = ablation.run_study(
        {name: models[name] for name in ("learned gate", "no gate")}, X, y, batch,
        n_repeats=0, seeds=[SEED], folder=kept, n_jobs=N_JOBS, progress=True,
    )

# %% tags=["nbval-ignore-output"]
if abroad is not None:
    left_out = abroad[abroad["split"] == "leave-one-batch-out"]
    by_city = left_out.pivot_table("auroc", "variant", "batch", sort=False).round(2)
reason if by_city is None else by_city

# %%
if abroad is not None:
    fig, ax = plt.subplots(figsize=(8, 1 + 0.4 * len(by_city)))
    plots.plot_batch_differences(ablation.batch_differences(abroad), ax)
    plt.show()

# %% [markdown]
# Points to the right of 0 speak for the learned gate. Table and points are means over the seeds, where there are several,
# and bars reach from the lowest to the highest seed. With a single fit of each, a ✓ or ✗ on the gate may be luck.

# %%
lost = gain = None
if abroad is not None:
    no_gate = ablation.batch_differences(abroad).query("variant == 'no gate'")
    at_home = means.loc["learned gate", "within_batch_auroc"]
    lost = at_home - by_city.loc["learned gate"].mean()
    gain = no_gate["difference"].max()
claim(
    "in new cities the gated network loses more than 0.1 of its AUROC within a city",
    lost, ">", 0.1, unknown=reason,
)
claim(
    "in no city that was left out does the gate gain 0.05, on average over the seeds",
    gain, "<", 0.05, unknown=reason,
)

# %% [markdown]
# ## 11. What it cost

# %% tags=["nbval-ignore-output"]
cost = study.groupby("variant", sort=False)["seconds"].agg(["mean", "sum"]).round(1)
cost.assign(
    **{
        "trained parameters": pd.Series(parameters, dtype="Int64"),
        "AUROC": means["auroc"].round(3),
    }
)

# %% [markdown]
# Seconds for one fit and for all, on one core.

# %% [markdown]
# ## 12. Quiz
#
# Four questions on what you have seen. Click on the answer that you think right: it says whether it is, and why.

# %% [markdown]
# ### Quiz 1: a difference of its own
#
# In a study, the gated network is better than the one without a gate by an AUROC of 0.015, and better than *itself with
# another seed* by 0.016. What follows?
#
# <details><summary><b>A.</b> The gate is worth 0.015.</summary>
#
# ✗ **Wrong:** by the same argument another seed would be worth 0.016, and nobody would publish that.
#
# </details>
#
# <details><summary><b>B.</b> Chance alone makes differences as large as that between gate and no gate.</summary>
#
# ✓ **Right:** the row with the other seed shows what a difference looks like when there is nothing to find.
#
# </details>
#
# <details><summary><b>C.</b> The study is flawed: a network compared with itself has to give 0.</summary>
#
# ✗ **Wrong:** it is the same model and not the same fit. Initial weights, the order of the spectra and Dropout differ.
#
# </details>
#
# <details><summary><b>D.</b> The gate is useless.</summary>
#
# ✗ **Wrong:** a gate that is worth 0.015 might look just like this. The study cannot tell.
#
# </details>

# %% [markdown]
# ### Quiz 2: what deserves the credit
#
# In another study the learned gate is clearly better than no gate, clearly better than the constant gate, and equivalent
# to the matched MLP. Which explanation fits?
#
# <details><summary><b>A.</b> What helps is that units are weighted by what the spectrum shows.</summary>
#
# ✗ **Wrong:** the matched MLP has no gate and weights nothing, and is as good.
#
# </details>
#
# <details><summary><b>B.</b> What helps is that the sigmoid makes the hidden units smaller.</summary>
#
# ✗ **Wrong:** the constant gate makes every unit smaller, by one half, and does not help.
#
# </details>
#
# <details><summary><b>C.</b> What helps is one more layer, whether it is trained or not.</summary>
#
# ✗ **Wrong:** the matched MLP is as good without that layer. (The frozen gate would show what a layer does that is not
# trained.)
#
# </details>
#
# <details><summary><b>D.</b> What helps is to have more parameters, in a gate or elsewhere.</summary>
#
# ✓ **Right:** the learned gate and the matched MLP have this in common, and the other two lack it.
#
# </details>

# %% [markdown]
# ### Quiz 3: a hundred repeats
#
# Five-fold cross-validation is repeated a hundred times, on the same spectra. The mean difference of two networks stays
# small, and the naive t-test gives p < 0.001. The corrected one gives p = 0.3. Why?
#
# <details><summary><b>A.</b> 500 splits hold no more spectra than five: what they share does not average out.</summary>
#
# ✓ **Right:** 1/n goes to 0 with the number of splits, and n_test/n_train, a quarter here, stays.
#
# </details>
#
# <details><summary><b>B.</b> The corrected test also adjusts for the number of variants, as Holm's method
# does.</summary>
#
# ✗ **Wrong:** it looks at one pair of networks. Adjusting for several of them comes afterwards, with either test.
#
# </details>
#
# <details><summary><b>C.</b> The corrected test is made for few splits, and wrong for 500.</summary>
#
# ✗ **Wrong:** it is the naive test that gets worse with each repeat, since it takes each for new evidence.
#
# </details>
#
# <details><summary><b>D.</b> With so many splits every difference is significant, and the corrected test hides
# that.</summary>
#
# ✗ **Wrong:** that happens where each difference is new evidence. Here the same spectra are asked again and again.
#
# </details>

# %% [markdown]
# ### Quiz 4: a study that never says "equivalent"
#
# Somebody plans five folds with one seed, and computes the power: if there is no difference, the study says "equivalent" in
# 1 % of all cases, and "undecided" in the others. There is time for six times as many fits. What should they do?
#
# <details><summary><b>A.</b> Run the study as it is. If it ends in "undecided", that shows that there is no
# difference.</summary>
#
# ✗ **Wrong:** with a small difference it mostly ends so, too. "Undecided" does not tell such a difference from none.
#
# </details>
#
# <details><summary><b>B.</b> Make the limit wider, until "equivalent" becomes likely.</summary>
#
# ✗ **Wrong:** the limit says which difference matters. That is a question about models, not about studies.
#
# </details>
#
# <details><summary><b>C.</b> Fit every fold with six seeds, and average over them.</summary>
#
# ✓ **Right:** the luck of seeds averages out, and the difference on a fold scatters less.
#
# </details>
#
# <details><summary><b>D.</b> Leave Holm's adjustment out, which makes every verdict harder.</summary>
#
# ✗ **Wrong:** the adjustment belongs to "better" and "worse" and guards against false alarms. "Equivalent" does not
# depend on it.
#
# </details>

# %% [markdown]
# ## 13. Recap
#
# - Before a study, ask which answers it can give. Five folds with two seeds can hardly say "equivalent"; for that, seeds
#   help more than repeats.
# - On the simulated spectra, the full study has an answer: with a gate, without one, or with one that was never trained, the
#   difference is too small to care about. Gradient boosting is better than the gated network.
# - On other data, the verdicts of section 8 say what you know. "Undecided" is one of them, and does not mean "equivalent".

# %%
expected, seen = (
    small.index[small["better"] >= 0.5].min(),
    comparison.loc["learned gate, other seed", "resolution"],
)
print('for "better" every second time, this study needs a true difference of about')
print(
    f"{expected:.3f} if its differences scatter as in section 2, and of {seen:.3f} as "
    f"they did scatter. Your guess was {guess}."
)

# %% [markdown]
# And how many exercises have you solved since you started this kernel? (Solutions that you only read do not count.)

# %%
exercises.progress()

# %% [markdown]
# **On simulated spectra** the size of each difference belongs to the simulation. What carries over is how to find out.
#
# **Next:** [notebook 05](05_back_to_mz.ipynb) asks what the network looks at, if not through its gate. Before you open
# it, close this one: its kernel ends with it, and leaves its memory to the next. (Elsewhere than in the course's
# JupyterLab, choose *Kernel, Shut Down Kernel*.)
#
# ### Further reading
#
# - Corrected resampled t-test: Nadeau and Bengio 2003,
#   [doi:10.1023/A:1024068626366](https://doi.org/10.1023/A:1024068626366).
# - Bayesian tests and the region of practical equivalence: Benavoli et al. 2017,
#   [jmlr.org/papers/v18/16-305](https://jmlr.org/papers/v18/16-305.html).
# - How variance in machine learning benchmarks arises: Bouthillier et al. 2021,
#   [arXiv:2103.03098](https://arxiv.org/abs/2103.03098).
# - Why tabular data are hard for networks: Grinsztajn et al. 2022,
#   [arXiv:2207.08815](https://arxiv.org/abs/2207.08815).
# - Resistance from MALDI-TOF spectra at scale: Weis et al. 2022,
#   [doi:10.1038/s41591-021-01619-9](https://doi.org/10.1038/s41591-021-01619-9).

# %% jupyter={"source_hidden": true} tags=["remove-input", "nbval-ignore-output"]
import sys

print(
    f"maldinb {maldinb.__version__}, Python {sys.version.split()[0]}, PyTorch "
    f"{torch.__version__}, NumPy {np.__version__}"
)
