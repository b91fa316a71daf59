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
# *Notebook 4 of 4 of the series: [01 data loading and caching](01_data_loading_and_caching.ipynb), [02 training](02_training.ipynb),
# [03 attention interpretation](03_attention_interpretation.ipynb),
# **04 ablation without attention**. The words of the field are in the
# [glossary](../docs/glossary.md).*
#
# **What you will do.** Compare the gated network with networks that lack the gate in one way or another, on the same
# splits and with the same seeds, and put the result into words that are no stronger than the evidence.
#
# **What you will learn**
#
# - what an ablation has to vary, what it has to hold fixed, and why the same model with another seed belongs in the
#   table;
# - why the usual t-test over folds finds differences where there are none, and what to use instead;
# - to tell "no difference" from "no difference was seen".
#
# **What you need.** [Notebook 02](02_training.ipynb); [notebook 03](03_attention_interpretation.ipynb) helps. About 60
# minutes, and as long again for the exercises.
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
N_REPEATS = 1  # of the 5-fold cross-validation; a full study has 5
N_SEEDS = 2  # fits of each variant on each split; a full study has 3
DEVICE = "cpu"  # "auto" takes a GPU where there is one, and then numbers differ a little from run to run
N_JOBS = None  # fits at the same time; one for each core, where there is 1 GB of memory for each
FOLDER = None  # where finished fits are kept; a study that was stopped goes on from there
MIN_DIFFERENCE = 0.02  # AUROC

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
# **The smallest difference worth having** is an AUROC of 0.02: below it, the choice between two models would rest on more
# than their AUROC, such as their parameters and what can be explained. This number is written down *now*, before there is
# a result that it could be fitted to.
#
# **Three answers are possible**, and each must be reachable: the gated network is *better* (by more than 0.02), the two
# are *equivalent* (they differ by less than 0.02), or the study is too small to tell: *undecided*. (A fourth, worse, is
# better with the names exchanged.)

# %%
choices = dict(batch=BATCH, isolate=ISOLATE, species=SPECIES, labels=LABELS, intermediate=INTERMEDIATE)
data = maldinb.load_dataset(DATASET, ANTIBIOTIC, on_error=ON_ERROR, bin_width=BIN_WIDTH, **choices)
X, y = maldinb.binary_labels(data)
batch = data.batch[X.index]
isolate = None if data.isolate is None else data.isolate[X.index]
print(f"{data}: {len(y)} spectra with a label, {y.sum()} of them resistant")

# %% [markdown]
# ## 2. A network without a gate
#
# `use_attention=False` leaves the gate out: the hidden units go straight to the head. There are no gates to look at
# then, and the estimator says so instead of returning something that looks like them.

# %%
plain = maldinb.MaldiMLPClassifier(
    epochs=2, hidden_dim=HIDDEN_DIM, use_attention=False, random_state=SEED, device=DEVICE
).fit(X, y)
try:
    plain.get_attention_weights(X)
    refused = ""
except RuntimeError as error:
    refused = str(error)
print(f"RuntimeError: {refused}")
claim("a network without attention refuses to show attention weights", "no attention weights" in refused)

# %% [markdown]
# ## 3. What to compare with
#
# If the gated network beats a plain one, is it the gate? It also has more parameters, and one more layer. Each variant
# below removes one explanation:

# %%
models = ablation.variants(X.shape[1], epochs=EPOCHS, hidden_dim=HIDDEN_DIM, random_state=SEED, device=DEVICE)
removes = {
    "learned gate": "nothing: the network in question",
    "learned gate, other seed": "nothing: what chance alone does",
    "no gate": "the gate",
    "frozen gate": "what the gate learns; its layer stays as it was made",
    "constant gate": "all differences between gates: 1/2 everywhere",
    "matched MLP": "the gate, but not its parameters: more hidden units instead",
    "logistic regression": "the network",
}
parameters = {name: ablation.count_parameters(model, X.shape[1]) for name, model in models.items()}
pd.DataFrame({"takes away": removes, "trained parameters": pd.Series(parameters, dtype="Int64")})

# %%
claim(
    "the matched MLP has the parameters of the gated network to within 1 %",
    abs(parameters["matched MLP"] / parameters["learned gate"] - 1) < 0.01,
)
claim("the gate is a small part of the parameters", parameters["learned gate"] < 1.1 * parameters["no gate"])

# %% [markdown]
# Adding a variant is one line, such as `models["small head"] = clone(models["learned gate"]).set_params(head_dims=(64,))`
# with scikit-learn's `clone`.
#
# The second row is the most important one. It is the *same* network with other random numbers, an **A/A comparison**:
# it shows how large a difference is when there is none. All others begin with the same seed, and so with the same
# first weights wherever they have the same layers; a single seed would compare them more alike than they are.

# %% [markdown]
# ### Exercise 1: change one thing
#
# Would a smaller head do as well? Write a function that makes such a variant of any network: the *same* network, not
# trained, with a single layer of 64 units in its head, beside the last layer that gives the two logits. The parameter
# `head_dims` holds the widths. The network that the function is given must stay as it is: it is in the study, too.
#
# <details><summary>Hint</summary>
#
# A network that is made anew has the default for each parameter that you do not name. How many epochs are these, and
# how many hidden units? `sklearn.base.clone(network)` makes an untrained copy with all settings, and `set_params`
# changes one.
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
print(f"{smaller:,} parameters instead of {parameters['learned gate']:,}: the head is a small part of the network")

# %% [markdown]
# ## 4. The study
#
# All variants are trained and tested on the same folds with the same seeds, so that differences can be taken fold by
# fold. Isolates stay together, each city and label has its share in every fold. Here we run one cross-validation of
# five folds with two seeds; section 9 says how to run the full study.

# %%
study = ablation.run_study(
    models, X, y, batch, isolate=isolate, n_repeats=N_REPEATS, seeds=range(SEED, SEED + N_SEEDS),
    leave_one_batch_out=False, folder=FOLDER, n_jobs=N_JOBS, progress=False,
)  # fmt: skip
print(f"{len(study)} fits of {study['variant'].nunique()} variants")

# %% tags=["nbval-ignore-output"]
measures = ["auroc", "within_batch_auroc", "average_precision", "brier", "very_major_error", "major_error"]
means = study.groupby("variant", sort=False)[measures].mean()
means.round(3)

# %%
scores = ablation.paired_scores(study)
fig, ax = plt.subplots(figsize=(8, 4))
plots.plot_paired_scores(scores, "learned gate", ax)
plt.show()

# %% [markdown]
# Each dot is one fold, averaged over the seeds; a fold has the same height and colour in every row. A fold may be harder
# for all networks, but the dots also change their order: which network is ahead depends on the fold.

# %%
networks = scores.columns.drop("logistic regression")
fold_sd, network_sd = scores[networks].mean(axis=1).std(), scores[networks].mean().std()
claim("the mean scores of the folds lie farther apart than those of the networks", fold_sd > network_sd)

# %% [markdown]
# ## 5. Where the variance comes from
#
# With several seeds on each fold, the variance of a score can be taken apart: some folds are easier than others, some
# seeds better, and the rest is a seed that is lucky on one fold.

# %%
components = None
if N_SEEDS > 1:
    components = ablation.variance_components(study).loc[networks, ["splits", "seeds", "residual"]]

# %% tags=["nbval-ignore-output"]
np.sqrt(components).round(3).add_prefix("sd: ") if components is not None else "one seed: nothing to take apart"

# %%
if components is not None:
    luck = np.sqrt((components["seeds"] + components["residual"]).mean())
    claim("chance with the seed alone moves a single score by more than 0.005", luck > 0.005)

# %% [markdown]
# ## 6. Differences, and how sure they are
#
# The usual test takes the differences of the folds and does a paired t-test, as if the folds were independent. They are
# not: any two training sets share most of their spectra. The **corrected resampled t-test** (Nadeau and Bengio) makes
# the variance larger by what they share; the **Bayesian correlated t-test** (Benavoli et al.) asks the question that we
# have: how probable is it that the difference is above 0.02, between -0.02 and 0.02, or below -0.02?

# %%
comparison = ablation.compare(study, reference="learned gate", rope=MIN_DIFFERENCE)

# %% tags=["nbval-ignore-output"]
shown = [
    "difference",
    "low",
    "high",
    "naive_p",
    "corrected_p",
    "holm_p",
    "better",
    "equivalent",
    "worse",
    "verdict",
]
comparison[shown].round(3)

# %% tags=["picture"]
fig, ax = plt.subplots(figsize=(8, 3.4))
plots.plot_differences(comparison, ax)
plt.show()

# %% [markdown]
# Points to the right of 0 speak for the learned gate. The bar is the 95 % interval of the corrected test, the grey band
# holds differences that are too small to care about.

# %%
p = comparison[["naive_p", "corrected_p"]]
claim(
    "the corrected p-value is never smaller than the naive one",
    bool((p["corrected_p"] >= p["naive_p"]).all()),
)
claim(
    "adjusted for the number of variants, no difference from the learned gate is significant",
    bool((comparison["holm_p"] > 0.05).all()),
)
claim("of no variant was it shown that the learned gate is better", "better" not in set(comparison["verdict"]))

# %% [markdown]
# ### Exercise 2: read a figure
#
# A difference between gate and no gate may be there and be too small for this study. How large must a true difference be
# before such a study has about an even chance of noticing it? Read off the last figure how far the bar of "no gate"
# reaches to either side of its point; 15 % more or less do not matter. Is it more or less than the difference that
# section 1 calls worth having?
#
# <details><summary>Hint</summary>
#
# The bar shows by how much chance may have moved the point. It would be as long if there were no difference at all. At
# which numbers does it begin and end? The point lies in its middle.
#
# </details>

# %% tags=["exercise"]
hardly_seen = ...  # in units of the AUROC

exercises.check_resolution(hardly_seen, comparison.loc["no gate"])

# %% jupyter={"source_hidden": true} tags=["solution", "hide-input"]
# Solution
# Half of the way from end to end. `compare` gives it as `resolution`, and the sentences of section 7 name it.
hardly_seen = (comparison.loc["no gate", "high"] - comparison.loc["no gate", "low"]) / 2

exercises.check_resolution(hardly_seen, comparison.loc["no gate"])

# %% [markdown]
# ### 6.1 How often is the naive test wrong?
#
# We simulate 5 x 5 cross-validations of two variants that are *the same*. Two differences have a correlation of
# n_test / (n_test + n_train) = 1/5, just what the corrected tests assume, so that these must come out right. How often
# does each test find a difference at 5 %? (With real fits the correlation is not quite that one; the documentation of
# `ablation.compare` says what was seen then.)

# %%
rng, n, rho = np.random.default_rng(SEED), 25, 0.2
shared, own = rng.normal(size=(4000, 1)), rng.normal(size=(4000, n))
differences = np.sqrt(rho) * shared + np.sqrt(1 - rho) * own  # 4000 studies of 25 splits
ratio = differences.mean(axis=1) / differences.std(axis=1, ddof=1)
naive = 2 * student.sf(np.abs(ratio) * np.sqrt(n), n - 1) < 0.05
corrected = 2 * student.sf(np.abs(ratio) / np.sqrt(1 / n + 1 / 4), n - 1) < 0.05  # n_test / n_train = 1/4

# %% tags=["nbval-ignore-output"]
print(f"false alarms at 5 %: naive {naive.mean():.0%}, corrected {corrected.mean():.1%}")

# %%
claim("the naive test raises a false alarm in more than 30 % of the studies", naive.mean() > 0.3)
claim("the corrected test raises a false alarm in about 5 % of the studies", abs(corrected.mean() - 0.05) < 0.02)

# %% [markdown]
# ### Exercise 3: the corrected standard error by hand
#
# Two variants were scored on the same splits, with several seeds each. Nadeau and Bengio give their mean difference the
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
    """One number; `first` and `second` hold scores, shape (splits, seeds), the others are numbers of spectra."""
    ...  # your code


exercises.check_corrected_error(corrected_error)


# %% jupyter={"source_hidden": true} tags=["solution", "hide-input"]
# Solution
def corrected_error(first, second, n_train, n_test):
    """One difference for each split; what the training sets share makes the variance of their mean larger."""
    d = (first - second).mean(axis=1)
    return np.sqrt(d.var(ddof=1) * (1 / len(d) + n_test / n_train))


exercises.check_corrected_error(corrected_error)

# %% jupyter={"source_hidden": true} tags=["solution", "hide-input", "nbval-ignore-output"]
# Solution, continued
grid = study.pivot_table("auroc", ["repeat", "fold"], ["variant", "seed"])
pair = grid["learned gate"].to_numpy(), grid["no gate"].to_numpy()
by_hand = corrected_error(*pair, study["n_train"].mean(), study["n_test"].mean())
in_compare = comparison.loc["no gate", "resolution"] / student.ppf(0.975, len(grid) - 1)
print(f"standard error of learned gate less no gate: {by_hand:.4f} by hand, {in_compare:.4f} in compare()")

# %% [markdown]
# ## 7. The verdict
#
# The words are made from the numbers. "Better", "worse" and "equivalent" each take a probability of at least 0.95, and
# the first two also a p-value of at most 0.05 after Holm's adjustment for the number of variants. All else is "undecided":
# an honest result, which says what this study would mostly have missed.

# %% tags=["nbval-ignore-output"]
print(*(ablation.verdict_sentence(row) for _, row in comparison.iterrows()), sep="\n\n")

# %%
against_none, against_itself = comparison.loc["no gate"], comparison.loc["learned gate, other seed"]
claim(
    "gate or no gate: the difference is smaller than this study can resolve",
    abs(against_none["difference"]) < against_none["resolution"],
)
claim(
    "a change of seed alone is not told from no change",
    against_itself["verdict"] in ("equivalent", "undecided"),
)

# %% [markdown]
# ### Exercise 4: say it in words
#
# Write the verdict as a function of an interval of the difference, from `low` to `high`, and of the smallest difference
# worth having, `rope`. (The name stands for *region of practical equivalence*.) Above 0, a difference speaks for the
# network in question. Section 1 has the words; each is to be said only where the *whole* interval speaks for it.
#
# <details><summary>Hint</summary>
#
# Draw the region as a band around 0, and put intervals on it: a short and a long one, one within and one beside it. Of
# which can you say that *every* difference in it is worth having, or that none is? Whether the interval holds 0 decides
# nothing.
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
# Beside the verdicts of compare(), which asks for probabilities instead; near the limit the two may disagree.
in_words = [verdict(row["low"], row["high"], MIN_DIFFERENCE) for _, row in comparison.iterrows()]
comparison[["low", "high", "verdict"]].round(3).assign(by_hand=in_words)

# %% [markdown]
# ## 8. In a city that was left out
#
# Perhaps the gate helps where it is hardest, in a hospital that was not in training? Three cities are too few for a
# test, so we only look.

# %%
abroad, by_city, reason = None, None, "it takes two or more cities, each with R and S"
if (y.groupby(batch).nunique() == 2).sum() == batch.nunique() > 1:
    some = {name: models[name] for name in ("learned gate", "no gate", "logistic regression")}
    abroad = ablation.run_study(
        some,
        X,
        y,
        batch,
        n_repeats=0,
        seeds=range(SEED, SEED + N_SEEDS),
        folder=FOLDER,
        n_jobs=N_JOBS,
        progress=False,
    )

# %% tags=["nbval-ignore-output"]
if abroad is not None:
    by_city = abroad.pivot_table("auroc", "variant", "batch", sort=False).round(2)
reason if by_city is None else by_city

# %%
if abroad is not None:
    fig, ax = plt.subplots(figsize=(8, 2.4))
    plots.plot_batch_differences(ablation.batch_differences(abroad), ax)
    plt.show()

# %% [markdown]
# Points to the right of 0 speak for the learned gate; bars reach from the lowest to the highest seed. The cities do not
# agree.

# %%
below = never = None
if abroad is not None:
    no_gate = ablation.batch_differences(abroad).query("variant == 'no gate'")
    mean_abroad = abroad[abroad["variant"] == "learned gate"]["auroc"].mean()
    below = mean_abroad < means.loc["learned gate", "auroc"] - 0.1
    never = no_gate["difference"].max() < 0.05
claim("in a new city the gated network is far below its cross-validated score", below, unknown=reason)
claim("in no city that was left out the gate gains 0.05", never, unknown=reason)

# %% [markdown]
# ## 9. The full study
#
# From the spread that we have seen, the resolution of a study with more repeats can be foretold. More repeats help less
# and less, since all of them share the same spectra; and to show "equivalent", half of the interval must be narrower than
# 0.02 even if the difference is 0.

# %%
ratio = (study["n_test"] / study["n_train"]).mean()


def half_interval(n, sd=1.0):
    """Half of the 95 % interval of the mean difference over n splits, if differences have this standard deviation."""
    return student.ppf(0.975, n - 1) * np.sqrt(1 / n + ratio) * sd


spread = comparison.loc["no gate", "resolution"] / half_interval(len(scores))
foretold = {f"{repeats} x 5 folds": half_interval(5 * repeats, spread) for repeats in (1, 2, 5, 10, 100)}

# %% tags=["nbval-ignore-output"]
pd.Series(foretold, name="half of the 95 % interval").round(3).to_frame()

# %%
claim(
    "a hundred repeats would not resolve twice as much as five", foretold["100 x 5 folds"] > foretold["5 x 5 folds"] / 2
)

# %% [markdown]
# From a terminal,
#
#     make run ONLY=04_ablation_without_attention FOLDER=~/maldinb-study PARAMS="N_REPEATS=5 N_SEEDS=3 N_JOBS=2"
#
# runs this notebook as a full study. Each finished fit is on disk at once; if the study is stopped, the same command
# goes on where it was. In Python, `with joblib.parallel_config(backend="dask"):` around `run_study` spreads it over a
# Dask cluster, unchanged.

# %% [markdown]
# ## 10. What it cost

# %% tags=["nbval-ignore-output"]
cost = study.groupby("variant", sort=False)["seconds"].agg(["mean", "sum"]).round(1)
cost.assign(**{"trained parameters": pd.Series(parameters, dtype="Int64"), "AUROC": means["auroc"].round(3)})

# %% [markdown]
# Seconds for one fit and for all, on one core.

# %% [markdown]
# ## 11. Quiz
#
# Four questions on what you have seen. Decide before you unfold the answer; it also says why the others are wrong.

# %% [markdown]
# ### Quiz 1: a difference of its own
#
# In a study, the gated network is better than the one without a gate by an AUROC of 0.015, and better than *itself with
# another seed* by 0.016. What follows?
#
# - **A.** The study is flawed: a network compared with itself has to give 0.
# - **B.** The gate is worth 0.015.
# - **C.** Chance alone makes differences as large as that between gate and no gate.
# - **D.** The gate is useless.
#
# <details><summary>Answer</summary>
#
# - **A** is wrong: it is the same model and not the same fit. Initial weights, the order of the spectra and Dropout
#   differ.
# - **B** is wrong: by the same argument a seed would be worth 0.016, and nobody would publish that.
# - **C** is right: the row with the other seed shows what a difference looks like when there is nothing to find.
# - **D** is wrong: a gate that is worth 0.015 might look just like this. The study cannot tell.
#
# </details>

# %% [markdown]
# ### Quiz 2: what deserves the credit
#
# In another study the learned gate is clearly better than no gate, clearly better than the constant gate, and equivalent
# to the matched MLP. Which explanation fits?
#
# - **A.** What helps is that units are weighted by what the spectrum shows.
# - **B.** What helps is to have more parameters, in a gate or elsewhere.
# - **C.** What helps is that the sigmoid makes the hidden units smaller.
# - **D.** What helps is one more layer, whether it is trained or not.
#
# <details><summary>Answer</summary>
#
# - **A** is wrong: the matched MLP has no gate and weights nothing, and is as good.
# - **B** is right: it is what the learned gate and the matched MLP have in common, and what the other two lack.
# - **C** is wrong: the constant gate makes every unit smaller, by one half, and does not help.
# - **D** is wrong: the matched MLP is as good without that layer. (The frozen gate would show what a layer does that is
#   not trained.)
#
# </details>

# %% [markdown]
# ### Quiz 3: a hundred repeats
#
# Five-fold cross-validation is repeated a hundred times, on the same spectra. The mean difference of two networks stays
# small, and the naive t-test gives p < 0.001. The corrected one gives p = 0.3. Why?
#
# - **A.** The corrected test also adjusts for the number of variants, as Holm's method does.
# - **B.** 500 splits hold no more spectra than five: what they share does not average out.
# - **C.** The corrected test is made for few splits, and wrong for 500.
# - **D.** With so many splits every difference is significant, and the corrected test hides that.
#
# <details><summary>Answer</summary>
#
# - **A** is wrong: it looks at one pair of networks. Adjusting for several of them comes afterwards, with either test.
# - **B** is right: 1/n goes to 0 with the number of splits, and n_test/n_train, a quarter here, stays. Only more spectra
#   tell more.
# - **C** is wrong: it is the naive test that gets worse with each repeat, since it takes each for new evidence.
# - **D** is wrong: that happens where each difference is new evidence. Here the same spectra are asked again and again.
#
# </details>

# %% [markdown]
# ### Quiz 4: what may be written?
#
# The difference of two networks has a 95 % interval from -0.05 to +0.03, and p = 0.6. Less than 0.02 does not matter, as
# was said before. Which sentence may be written?
#
# - **A.** "The gate makes no difference (p = 0.6)."
# - **B.** "The two networks are equivalent."
# - **C.** "No difference was seen; one that matters, in either direction, is not ruled out."
# - **D.** "Less than 0.05 does not matter, and so the two are equivalent."
#
# <details><summary>Answer</summary>
#
# - **A** is wrong: a large p says that chance would do as much. It does not say that there is nothing else.
# - **B** is wrong: for that the whole interval would have to lie between -0.02 and +0.02.
# - **C** is right: -0.05 and +0.03 are both compatible with what was seen, and both matter. The verdict is "undecided".
# - **D** is wrong: the limit was chosen after the result was known, so that it fits. Any study can be made to say
#   anything in this way.
#
# </details>

# %% [markdown]
# ## 12. Recap of this notebook, and of the series
#
# - No advantage of the gate was seen. Whether this means "equivalent" or "undecided", the verdicts of section 7 say: the
#   first has to be shown, and a small study cannot show it.
# - Logistic regression, with far fewer parameters and no hidden unit, was not shown to be worse.
#
# Four notebooks, one line of thought:
#
# 1. [Loading data](01_data_loading_and_caching.ipynb): a spectrum is 6000 numbers, and they know the city.
# 2. [Training](02_training.ipynb): an AUROC of 0.8 has to be held against what the city alone achieves, and is worth
#    little in the next city.
# 3. [Interpretation](03_attention_interpretation.ipynb): pictures of gates show what one expects to see; experiments
#    show that the trained gate may be replaced by a constant.
# 4. Ablation: no advantage of training with the gate is seen, and the intervals say how large one could still be.
#
# **On simulated spectra** the size of each difference belongs to the simulation. What carries over is how to find out.
#
# **Done.** Close this notebook, and its kernel ends with it. (Elsewhere than in the course's JupyterLab, choose *Kernel,
# Shut Down Kernel*.)
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

# %% tags=["nbval-ignore-output"]
import sys

print(
    f"maldinb {maldinb.__version__}, Python {sys.version.split()[0]}, PyTorch {torch.__version__}, NumPy {np.__version__}"
)
