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
# # Load mass spectra, and find out what else they know
#
# *Notebook 1 of 6 of the series: **01 data loading and caching**, [02 training](02_training.ipynb),
# [03 attention interpretation](03_attention_interpretation.ipynb),
# [04 ablation without attention](04_ablation_without_attention.ipynb), [05 back to m/z](05_back_to_mz.ipynb),
# [06 another hospital](06_another_hospital.ipynb). The words of the field are in the [glossary](../docs/glossary.md).*
#
# **What you will do.** Take one raw MALDI-TOF mass spectrum, turn it step by step into a row of numbers, do the same
# with a whole collection from three hospitals, and look at the result before any model does.
#
# **What you will learn**
#
# - what a MALDI-TOF mass spectrum is, why it might show resistance, and what each step of preprocessing takes away from it;
# - what R and S mean, and what two spectra of one isolate have in common;
# - why the *city* of a spectrum is the first thing to look at: it predicts resistance without any biology.
#
# **What you need.** Python with NumPy and pandas at beginner's level; no network, no GPU. About 50 minutes, and nearly
# as long again for the exercises.
#
# **Your turn.** Where a cell ends in `exercises.check_...`, put your answer in place of the three dots and run the cell.
# It tells what is wrong with an answer, if anything is. A hint is folded away above it.
#
# **On other data.** Where the text speaks of results, they are those of the simulated spectra, with the parameters below.
# Of other data the outputs tell: a ✓ marks what is true of them, a ✗ what is not, and a ? what they cannot tell.
#
# **Predict.** Some cells ask for a number before the next one shows it. Write it down in place of `None`: at the end you
# find what you wrote beside what came out.

# %% tags=["parameters"]
DATASET = None  # "simulated", "kleb-ai", your own folder; None: see $MALDINB_DATASET
ANTIBIOTIC = "Amikacin"  # or "Meropenem"; with your own folder a column of its table
BATCH = ISOLATE = SPECIES = None  # columns of your own table, if not called so
LABELS = None  # what your own labels mean, such as {"resistant": "R", "0": "S"}
INTERMEDIATE = "drop"  # what becomes of I; "R" and "S" count it as R and as S
ON_ERROR = "raise"  # "skip" leaves out your own spectra that cannot be used
BIN_WIDTH = 3.0  # Da
ALIGN = False  # True recalibrates each spectrum to peaks that all K. pneumoniae have

# %% jupyter={"source_hidden": true} tags=["colab", "remove-input"]
import subprocess
import sys

if "google.colab" in sys.modules:  # Colab has this notebook only, and no package
    course = "maldinb @ git+https://github.com/OWNER/maldinb"
    subprocess.run([sys.executable, "-m", "pip", "install", "-q", course], check=True)

# %%
import ipywidgets
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

import maldinb
from maldinb import exercises, plots, preprocessing
from maldinb.course import claim

plots.use_style()

# %% [markdown]
# ## 1. What is a spectrum?
#
# A laser evaporates a *matrix* into which bacteria were mixed, and which helps their proteins to become ions. An electric
# field gives all ions the same energy per charge, and they fly through a tube: the more mass per charge, the slower. A
# detector at its end turns arrivals into a current.

# %%
fig, ax = plt.subplots(figsize=(8, 1.8))
plots.plot_flight_tube(
    {"L36, two charges": 2183, "L36, one charge": 4365, "S20, one charge": 9540}, ax
)
plt.show()

# %% [markdown]
# The picture shows three ions of ribosomal proteins at the moment at which the first one arrives. L36 with two charges
# overtakes L36 with one: what counts is mass over charge, **m/z**, in dalton (Da), and it is computed from the time of
# flight. What is left of a colony of bacteria is two columns of numbers: m/z, and the **intensity**, the strength of the
# detector's signal there. It is written in *counts*, which are units of the detector's electronics: they grow with the
# number of ions, and are not numbers of ions. Many of the strongest peaks are ribosomal proteins, of which a cell holds very
# many copies.
#
# ### 1.1 Why might a spectrum show resistance?
#
# Usually it should not. Most enzymes that destroy or alter an antibiotic are too large for the usual range of 2000 to
# 20000 Da, and next to its ribosomes a cell holds few copies of them. But there are detours:
#
# - **A neighbour on the same plasmid.** Resistance genes often travel on plasmids, rings of DNA that bacteria hand on.
#   What else lies on the ring comes with them. A small protein at 11109 Da is the best known case: it comes with many
#   plasmids that carry KPC, an enzyme against carbapenems such as meropenem. Of more than 6000 *K. pneumoniae*, 85 % of those
#   with KPC had its peak, and none without
#   ([Cordovana et al. 2018](https://doi.org/10.3389/fmicb.2018.02854)).
# - **The family.** Resistant bacteria often descend from one successful ancestor: they are a *clone*. A clone may differ from
#   others by one amino acid in a ribosomal protein, which shifts a peak. The peak then tells the family, and the family
#   is often resistant.
# - **A loss.** A resistant isolate may have lost a protein. Then a peak is missing.
#
# The first two are not the resistance itself. They hold as long as plasmid, clone and resistance go together, which may
# end at the door of the next hospital. A loss may be the cause, or only come with it: the spectrum does not say which.
#
# ### 1.2 One spectrum
#
# `load_dataset` gives us a collection, and `raw_spectrum` one spectrum as the instrument wrote it. The default data set is
# *simulated*: a program imitates the real collection [MALDI-Kleb-AI](https://doi.org/10.5281/zenodo.17405072), so that we
# know which peaks go with resistance. With `DATASET = "kleb-ai"` in the cell above, everything below runs on the real
# spectra instead.

# %%
choices = dict(
    batch=BATCH, isolate=ISOLATE, species=SPECIES, labels=LABELS,
    intermediate=INTERMEDIATE,
)
data = maldinb.load_dataset(
    DATASET, ANTIBIOTIC, on_error=ON_ERROR, bin_width=BIN_WIDTH, align=ALIGN, **choices
)
print(data)

# %%
first = data.X.index[0]
mz, intensity = maldinb.raw_spectrum(data, first)
if ALIGN:
    mz = preprocessing.align(mz, intensity, ALIGN).mz  # as the loader has done
print(
    f"the first spectrum has about {len(mz) / 1000:.0f} thousand points, from "
    f"{mz[0]:.0f} to {mz[-1]:.0f} Da"
)

# %% [markdown]
# On disk such a spectrum is a text file. Instruments differ in how they write it. Here are the first lines of the same
# numbers in two dialects, those that the real collection is thought to use.

# %%
from maldinb.datasets.simulated import spectrum_text

for dialect in ("A", "R"):
    print(
        f"format {dialect}:",
        *spectrum_text(mz[:3], intensity[:3], dialect).decode().splitlines(),
        sep="\n    ",
    )

# %%
fig, ax = plt.subplots()
plots.plot_spectrum(mz, intensity, ax, color=plots.BLUE)
ax.set_title(f"One raw spectrum, recorded in {data.batch[first]}")
plt.show()

# %% [markdown]
# The picture shows narrow peaks on a broad hill: the hill, or *baseline*, comes from the matrix and from fragments, the
# peaks from proteins.

# %% [markdown]
# ## 2. From one raw spectrum to one row
#
# A model needs rows of equal length that can be compared. The published recipe has seven steps, and each is a short
# function in `maldinb.preprocessing`. (Two boxes of the picture hold two steps each.)

# %%
steps = {
    "raw": f"{len(mz)} points",
    "clip, root": "high peaks\ndo not drown\nthe others",
    "smooth": "less noise",
    "baseline": "peaks stand\non zero",
    "trim, divide": "the sum is 1",
    "bins": f"{data.X.shape[1]} numbers",
}
fig, ax = plt.subplots(figsize=(8, 1.5))
plots.plot_steps(steps, ax)
plt.show()

# %% [markdown]
# The picture shows the way of one spectrum, from left to right. Below, you see each step in a window of 700 Da.

# %%
WINDOW = (4200, 4900)  # Da

# %% [markdown]
# ### 2.1 Clip and take the square root
#
# Where ions are counted, a signal of $n$ ions fluctuates by about $\sqrt n$: high peaks are noisier. A square root makes
# such noise equally large everywhere (real detectors behave roughly like this). And what was a hundred times as high as
# something else is now only ten times as high, so that the highest peaks do not drown the others.

# %%
root = preprocessing.sqrt_transform(preprocessing.clip_negatives(intensity))

fig, (left, right) = plt.subplots(1, 2)
plots.plot_spectrum(mz, intensity, left, window=WINDOW, color=plots.BLUE)
plots.plot_spectrum(
    mz, root, right, window=WINDOW, ylabel="square root of intensity", color=plots.BLUE
)
left.set(title="raw", ylim=(0, None))
right.set(title="square root", ylim=(0, None))
plt.show()

# %% [markdown]
# Left and right show the same window. The order of heights is the same; their ratios are smaller on the right.
#
# ### 2.2 Smooth
#
# A Savitzky-Golay filter fits a parabola to 21 neighbouring points and keeps its middle: noise goes, peaks stay.

# %%
smoothed = preprocessing.smooth(root)

fig, ax = plt.subplots()
zoom = (4330, 4400)
plots.plot_spectrum(
    mz, root, ax, window=zoom, label="square root", color="0.6", marker="."
)
plots.plot_spectrum(
    mz, smoothed, ax, window=zoom, label="smoothed", ylabel="square root of intensity",
    color=plots.VERMILION,
)
ax.legend()
plt.show()

# %% [markdown]
# A good filter runs through the middle of the points: it takes the jitter away and leaves the peak in its place.
#
# ### 2.3 Find the baseline and subtract it
#
# The SNIP algorithm clips every point to the mean of its two neighbours $w$ points away, for $w$ from 40 down to 1. What
# is narrower than the widest window is cut off; what remains is the baseline.

# %%
baseline = preprocessing.snip_baseline(smoothed)
signal = preprocessing.subtract_baseline(smoothed, baseline)

# %%
fig, (left, right) = plt.subplots(1, 2)
blue = {"window": WINDOW, "color": plots.BLUE}
dashed = {"window": WINDOW, "color": plots.VERMILION, "linestyle": "--"}
plots.plot_spectrum(mz, smoothed, left, label="smoothed", **blue)
plots.plot_spectrum(mz, baseline, left, label="baseline", **dashed)
plots.plot_spectrum(mz, signal, right, ylabel="above the baseline", **blue)
left.set(title="the baseline passes under the peaks", ylabel="square root of intensity")
right.set_title("subtracted")
left.legend()
plt.show()

# %% [markdown]
# After subtraction the spectrum stands on zero: the hill is gone and the peaks are left.
#
# ### 2.4 Trim and divide by the total
#
# Points outside 2000-20000 Da are dropped. Then all intensities are divided by their sum, the *total ion current*: how
# much of the colony lay on the target should not matter.
#
# What comes out is a share of the *processed* signal, not of all ions: roots were taken, the baseline is gone, and
# large proteins reach the detector less well than small ones. And as all shares sum to 1, one peak falls when another rises.

# %%
mz_trimmed, trimmed = preprocessing.trim(mz, signal)
normalised = preprocessing.normalize_tic(trimmed)
print(
    f"{len(mz_trimmed)} points from {mz_trimmed[0]:.0f} to {mz_trimmed[-1]:.0f} Da, "
    f"with a sum of {normalised.sum():.3f}"
)

# %% [markdown]
# ### 2.5 Sum into bins
#
# Every spectrum has its own m/z values, so columns would not line up. Summed into bins 3 Da wide, they do: 6000
# numbers, named after the lower edges of the bins.

# %%
row = preprocessing.bin_intensities(mz_trimmed, normalised, BIN_WIDTH)
edges = preprocessing.bin_edges(BIN_WIDTH)

fig, ax = plt.subplots()
plots.plot_bins(edges, row, ax, window=WINDOW)
ax.set_title(
    f"the same window as {np.sum((edges >= WINDOW[0]) & (edges < WINDOW[1]))} bins"
)
plt.show()

# %% [markdown]
# Each bar of the picture is one number of the row. Bins cost resolution, and a peak that is shifted by 3 Da lands in the
# next column: remember that in section 6.
#
# `preprocess` runs the whole chain, and it is what every loader of this package uses.

# %%
chain = preprocessing.preprocess(mz, intensity, BIN_WIDTH)
claim("the steps above are what preprocess() does", np.array_equal(row, chain))
claim(
    "and what the loader has put into the matrix",
    np.array_equal(row, data.X.loc[first]),
)

# %% [markdown]
# ### Exercise 1: read a figure
#
# The last figure shows a window of the spectrum as bins. At which m/z does the highest of them stand? Read it off: 20 Da
# more or less do not matter.
#
# <details><summary>Hint</summary>
#
# How high a bin is, the vertical axis says. Go down from its top to the horizontal axis: where are you?
#
# </details>

# %% tags=["exercise"]
highest_bin = ...  # in Da

exercises.check_highest_bin(highest_bin, row, edges, WINDOW)

# %% jupyter={"source_hidden": true} tags=["solution", "hide-input"]
# Solution
# What the eye does, in code: first the window, then the largest number in it, then the
# m/z of that place.
in_window = (data.mz >= WINDOW[0]) & (data.mz < WINDOW[1])
highest_bin = data.mz[in_window][row[in_window].argmax()]

exercises.check_highest_bin(highest_bin, row, edges, WINDOW)

# %% [markdown]
# ## 3. From many files to a matrix
#
# `data.X` holds a row for each spectrum, `data.meta` what is known of it, `data.mz` the m/z of the columns in Da, and
# `data.info` where it all comes from.

# %%
print("X   ", data.X.shape)
print("meta", data.meta.shape, list(data.meta.columns[:4]))
print("mz  ", data.mz[:3], "...", data.mz[-1])
print("info", sorted(data.info))

# %%
fig, ax = plt.subplots(figsize=(8, 4.5))
plots.plot_matrix(data, ax)
ax.set_title(f"{len(data.X)} spectra, one per row, sorted by city")
plt.show()

# %% [markdown]
# A dark stripe from top to bottom is a peak that all spectra share. The axis of m/z is logarithmic here: peaks widen with
# m/z, and on this axis their widths differ less. On the simulated spectra some stripes change their strength or break off
# where one city ends and the next begins.

# %% [markdown]
# ### 3.1 Once is not enough
#
# An *isolate* is a pure culture from one sample of one patient. Laboratories measure some isolates twice, from two spots
# on the target, because a spot may fail: too little material, too few peaks, a signal too strong for the detector. They
# find such spectra and measure again. Even good spectra of one isolate differ. By how much? We correlate all spectra with
# each other.

# %%
alike = np.corrcoef(data.X)  # (spectra, spectra)
# -1: not known
number = (
    np.full(len(data.X), -1) if data.isolate is None else pd.factorize(data.isolate)[0]
)
same_isolate = (
    (number[:, None] == number) & (number >= 0) & ~np.eye(len(number), dtype=bool)
)
same_city = (
    (data.batch.to_numpy()[:, None] == data.batch.to_numpy())
    & ~same_isolate
    & ~np.eye(len(number), dtype=bool)
)

# %% tags=["nbval-ignore-output"]
print(
    f"{same_isolate.any(axis=1).sum()} of {len(data.X)} spectra are of isolates that "
    "were measured more than once"
)
if same_isolate.any():
    print(
        f"median correlation: of one isolate {np.median(alike[same_isolate]):.2f}",
        end=", ",
    )
    print(f"of two isolates of one city {np.median(alike[same_city]):.2f}")

# %%
of_one = np.median(alike[same_isolate]) if same_isolate.any() else None
why = "no isolate is known to have been measured twice"
claim(
    "two spectra of one isolate are typically more alike than two isolates of one city",
    of_one,
    ">",
    np.median(alike[same_city]),
    unknown=why,
)

# %% [markdown]
# With a ✓, keep this in mind for notebook 02: whoever has seen one of the two knows something of the other.

# %% [markdown]
# ### Exercise 2: wider bins
#
# Peaks of heavy proteins are wider than 3 Da, and a smaller matrix would be easier to handle. Write a function that
# joins each `factor` neighbouring bins into one, for all spectra at once. `rows` is an array of shape
# (spectra, bins), and `factor` divides the number of bins. What must be the same before and after?
#
# <details><summary>Hint</summary>
#
# Intensities add up: what was in two bins is in the joined one. `rows.reshape(a, b, c)` cuts the axis of bins into `b`
# pieces of length `c`; over which of the three axes do you have to go then?
#
# </details>


# %% tags=["exercise"]
def join_bins(rows, factor):
    """Array of shape (spectra, bins / factor)."""
    ...  # your code


exercises.check_join_bins(join_bins)


# %% jupyter={"source_hidden": true} tags=["solution", "hide-input"]
# Solution
def join_bins(rows, factor):
    """Cut the bins into pieces of `factor`, and add up each; rows keep their sums."""
    pieces = rows.reshape(len(rows), rows.shape[1] // factor, factor)
    return pieces.sum(axis=2)


exercises.check_join_bins(join_bins)

# %% [markdown]
# ## 4. Aside: where the spectra come from
#
# The real collection is one archive of 370 MB on [Zenodo](https://doi.org/10.5281/zenodo.17405072).
# `load_maldi_kleb_ai` fetches it once, by its DOI, and compares its *hash*, a fingerprint of the whole file, with the
# published one: it refuses a damaged or exchanged file. A teacher can also hand the archive round on a USB stick:
# `load_maldi_kleb_ai(archive="maldi-tof.tar")` needs no network.
#
# Rows that were computed once are kept in a *cache*, under a *key* made of all that determines them: the hash of the
# archive, the parameters of the preprocessing and its code. Change one of them, and the old rows are no longer found. The
# environment variable `MALDINB_CACHE_DIR` chooses the folder, and deleting it costs nothing but time.

# %% [markdown]
# ## 5. What is known of each spectrum?
#
# For each spectrum we know the city (`Batch`), the species, and whether the isolate was resistant (**R**) or susceptible
# (**S**) to an antibiotic.
#
# The laboratory finds out by growing the bacteria in rising concentrations of the drug. The lowest one at which nothing
# grows is the *minimum inhibitory concentration*. Committees (EUCAST in Europe, CLSI in America) publish *breakpoints*: what
# needs more is called R, what needs less is called S, and what lies between is **I**: "intermediate" for CLSI, and since 2019
# "susceptible, increased exposure" for EUCAST. So a label is a number that was cut into classes. Breakpoints differ between
# committees and change over the years, and an isolate close to one may be R in one laboratory and S in the next: no model
# can be right about both.
#
# Some labels are missing; `binary_labels` leaves those spectra out, and those with I unless `INTERMEDIATE` says otherwise.

# %%
pd.DataFrame(data.info["counts"][ANTIBIOTIC]).T

# %% tags=["picture"]
X, y = maldinb.binary_labels(data)
print(
    f"{len(data.X)} spectra, {len(y)} of them labelled, {y.mean():.1%} resistant to "
    f"{ANTIBIOTIC}"
)

fig, ax = plt.subplots(figsize=(8, 2.2))
plots.plot_label_counts(data, ax)
plt.show()

# %% [markdown]
# Each bar is a city. On the simulated spectra, as on the real ones, the share of R differs greatly between cities:
# hospitals see different patients, use different drugs, and have outbreaks of their own.

# %% [markdown]
# ## 6. The confounder
#
# Suppose a "model" that never looks at a spectrum. All it knows is the city, and its score is the share of resistant
# spectra there. How good is it? We measure it by the **AUROC**: the probability that a randomly chosen R gets a higher
# score than a randomly chosen S, where a tie, as of two spectra of one city, counts one half. A coin has 0.5, and whoever
# is never wrong has 1.

# %%
guesses = {
    "AUROC of the city alone": None
}  # predict: look at the bars, write a number down, then run on

# %%
from sklearn.metrics import roc_auc_score


def auroc_of_shares(labels):
    """AUROC of the share of R in each city, on the labels it was computed from."""
    return roc_auc_score(labels, batch.map(labels.groupby(batch).mean()))


batch = data.batch[X.index]
share_resistant, auroc_batch = y.groupby(batch).mean(), auroc_of_shares(y)
print(share_resistant.round(3).to_string())
print(f"AUROC of the city alone: {auroc_batch:.3f}")

# %% [markdown]
# The shares are scored on the labels that they were computed from. Where cities are small, that looks good by chance. So we
# ask for more than 0.6, and for more than 95 of 100 shuffles of the labels reach. Whole isolates change their labels: their
# spectra are no evidence of their own.

# %%
who = pd.Series(X.index, X.index)  # a spectrum of which no isolate is known is one
if data.isolate is not None:
    who = data.isolate[X.index].fillna(who)
label_of = y.groupby(who).first()
by_chance = []
for seed in range(100):
    shuffled = label_of.sample(frac=1, random_state=seed).set_axis(label_of.index)
    by_chance.append(auroc_of_shares(who.map(shuffled)))

# %%
limit = max(0.6, np.quantile(by_chance, 0.95))
several, why = batch.nunique() > 1, "the metadata name no two cities"
claim(
    "the city alone predicts resistance far better than a coin",
    auroc_batch if several else None,
    ">",
    limit,
    unknown=why,
)

# %% [markdown]
# In brackets you see the number that decided, here the AUROC of the city, and the limit that it was held against. A ✓ says
# that it passed. So that you have seen the other mark, too, here is a sentence that is not true:

# %% tags=["fails-on-purpose"]
claim("the city alone does worse than a coin", auroc_batch, "<", 0.5)

# %% [markdown]
# Hold every model against the score of the city. A network that recognises the *hospital* in a spectrum gets this score
# for free, without having seen a trace of resistance.

# %% [markdown]
# ### Exercise 3: what a rule that knows the city gets right
#
# Make a rule of it: call a spectrum R where more than half of the spectra of its city are R, and S elsewhere. Which share
# of all labelled spectra does this rule call right? You have `y` (1 is R), `batch` (the city of each spectrum) and
# `share_resistant`. Compare it with the share that is right if you always say the more frequent label.
#
# <details><summary>Hint</summary>
#
# `batch.map(share_resistant)` puts the share of R in its city beside each spectrum. A column of True and False has a mean.
#
# </details>

# %% tags=["exercise"]
right_by_city = ...  # a share, from 0 to 1

exercises.check_batch_rule(right_by_city, y, batch)

# %% jupyter={"source_hidden": true} tags=["solution", "hide-input"]
# Solution
calls_r = batch.map(share_resistant) > 0.5
right_by_city = (calls_r == (y == 1)).mean()
right_by_frequency = max(y.mean(), 1 - y.mean())  # to compare with

exercises.check_batch_rule(right_by_city, y, batch)

# %% [markdown]
# ### Exercise 4: break the claim
#
# "The city alone predicts resistance far better than a coin": that was said of all cities together. Which two cities, or
# which three or more, would you put together to get a ✗ with the same limit? Give their names, as in `["here", "there"]`.
#
# <details><summary>Hint</summary>
#
# The city helps where R and S come from different ones. In which cities are the shares of R nearest to each other? The
# cell above prints them.
#
# </details>

# %% tags=["exercise"]
cities_without_effect = ...  # a list of names

exercises.check_where_batch_fails(cities_without_effect, y, batch, limit=limit)

# %% jupyter={"source_hidden": true} tags=["solution", "hide-input"]
# Solution
# Of all pairs of neighbours in the order of their shares, the one with the smallest
# difference.
ordered = share_resistant.sort_values()
nearest = int(np.diff(ordered).argmin()) if several else 0
cities_without_effect = list(ordered.index[nearest : nearest + 2])

exercises.check_where_batch_fails(cities_without_effect, y, batch, limit=limit)

# %% [markdown]
# So: can the hospital be recognised in a spectrum?
#
# ### 6.1 Mean spectra per city

# %%
fig, axes = plt.subplots(1, 2)
for ax, window in zip(axes, [(4330, 4400), (9440, 9520)], strict=True):
    plots.plot_batch_means(data, ax, window=window)
axes[1].set_ylabel("")
axes[1].get_legend().remove()
fig.suptitle(
    "two peaks that every K. pneumoniae has, city by city",
    x=0.01,
    ha="left",
    fontsize=10,
)
plt.show()


# %% [markdown]
# Lines are means, one marker for each bin; bands hold the middle half of the spectra of a city. The protein is the same: do
# the curves lie on top of each other? For each city we take the left peak (L36, 4365 Da) of *K. pneumoniae*, or of all
# where no species is named, and of its upper half the centre of gravity.


# %%
def centre_of_peak(dataset, low, high):
    """Centre of gravity (Da) of the upper half of each city's mean peak in a window."""
    seen = (dataset.mz >= low) & (dataset.mz < high)
    mine = dataset.species.isin(["Klebsiella pneumoniae", "unknown"])
    means = dataset.X.loc[mine, seen].groupby(dataset.batch[mine].to_numpy()).mean()
    means = means.sub(means.min(axis=1), axis=0)
    upper = means.where(means.ge(means.max(axis=1) / 2, axis=0), 0.0)
    middles = dataset.mz[seen] + (dataset.mz[1] - dataset.mz[0]) / 2
    return (upper @ middles) / upper.sum(axis=1)


centres = centre_of_peak(data, 4345, 4390)
spread = centres.max() - centres.min()
ppm = 1e6 * spread / centres.min()

# %% tags=["nbval-ignore-output"]
print(centres.round(1).to_string())
print(f"largest minus smallest: {spread:.1f} Da, that is {ppm:.0f} ppm")

# %%
claim(
    "the same protein stands half a bin apart, or more, in two cities",
    spread if len(centres) > 1 else None,
    ">=",
    BIN_WIDTH / 2,
    unknown="the metadata name no two cities with Klebsiella pneumoniae",
)

# %% [markdown]
# On the simulated spectra the same protein has another m/z in Rome than in the other two cities. An instrument with
# another calibration does that. It says nothing about bacteria, but it moves peaks to other columns, and a model can
# make use of that.

# %% [markdown]
# ### Exercise 5: which peaks leave their bin?
#
# An error of calibration grows with m/z, so it is given in parts per million (ppm) of it. Suppose an instrument that is
# off by 400 ppm. From which m/z on is it off by a whole bin of 3 Da or more?
#
# <details><summary>Hint</summary>
#
# At 2000 Da, 400 ppm are 2000 Da x 400 / 1 000 000, or 0.8 Da. Where are they 3 Da?
#
# </details>

# %% tags=["exercise"]
off_by_a_bin = ...  # in Da

exercises.check_shift_by_a_bin(off_by_a_bin, ppm=400, bin_width=3)

# %% jupyter={"source_hidden": true} tags=["solution", "hide-input"]
# Solution
# error in Da = m/z x 400 / 1 000 000, solved for the m/z at which the error is 3 Da
off_by_a_bin = 3 / 400e-6

exercises.check_shift_by_a_bin(off_by_a_bin, ppm=400, bin_width=3)

# %% [markdown]
# ### 6.2 All bins at once
#
# A principal component analysis (PCA) finds the directions in which spectra differ most. Two pictures of the same
# points: coloured by city, and by label.

# %%
from sklearn.decomposition import PCA
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

pca = make_pipeline(
    StandardScaler(), PCA(n_components=2, svd_solver="randomized", random_state=0)
)
points = pca.fit_transform(X)
explained = pca[-1].explained_variance_ratio_

# %%
fig, (left, right) = plt.subplots(1, 2, figsize=(8, 4), sharex=True, sharey=True)
plots.plot_scatter(points, batch, plots.batch_styles(batch), left)
labels = y.map({1: "R", 0: "S"})
plots.plot_scatter(
    points, labels, {label: plots.LABEL_STYLES[label][:2] for label in "RS"}, right
)
left.set(title="by city", xlabel="first component", ylabel="second component")
right.set(title=f"by {ANTIBIOTIC} label", xlabel="first component")
plt.show()

# %% [markdown]
# On the simulated spectra Rome lies apart from the other two (left). Within Rome, R and S lie on top of each other (right).
# In the other cloud they seem to part a little: who lies there, R or S, and of which city?
#
# A picture can deceive, so we measure: how well does the position of a point tell the city, and how well, *within* a city,
# the label? We ask the 15 nearest neighbours of each point in this plane (fewer where spectra are few), spectra of its own
# isolate left out: they would tell both. The answers are AUROCs, so that you can compare them: for the city, of each one
# against the others.

# %%
guesses["AUROC of a city, from two components"] = None  # predict
guesses["AUROC of the label within a city, from two components"] = None  # predict

# %%
from sklearn.neighbors import NearestNeighbors

n, repeats = min(15, 1 + len(points) // 4), who.value_counts().max() - 1
fitted = NearestNeighbors(n_neighbors=min(n + repeats, len(points) - 1)).fit(points)
near = fitted.kneighbors(return_distance=False)  # row numbers, the nearest first
own = who.to_numpy()[near] == who.to_numpy()[:, None]
others_first = np.argsort(own, axis=1, kind="stable")[:, :n]
neighbours = np.take_along_axis(near, others_first, axis=1)  # (spectra, 15)

# %%
cities = batch.to_numpy()[neighbours]
of_city = pd.Series(
    {b: roc_auc_score(batch == b, (cities == b).mean(axis=1)) for b in set(batch)}
    if several
    else {},
    dtype=float,
).sort_index()

# %%
share_of_r = pd.Series(y.to_numpy()[neighbours].mean(axis=1), index=y.index)
of_both = y.groupby(batch).nunique() == 2  # cities with R and S
within = pd.Series(
    {
        b: roc_auc_score(y[batch == b], share_of_r[batch == b])
        for b in of_both.index[of_both]
    },
    dtype=float,
)

# %% tags=["nbval-ignore-output"]
print(
    f"the two components explain {explained[0]:.1%} and {explained[1]:.1%} of the "
    "variance"
)
print("AUROC of each city against the others:", of_city.round(2).to_dict())
print("AUROC of the label within each city:  ", within.round(2).to_dict())
print(f"AUROC of the label in all cities:      {roc_auc_score(y, share_of_r):.2f}")

# %%
claim(
    "the main directions of variation tell the city",
    of_city.mean(),
    ">",
    0.75,
    unknown=why,
)
claim(
    "they tell the city far better than, within a city, resistance",
    of_city.mean() - np.maximum(within.mean(), 0.5),  # below a coin: as good as a coin
    ">",
    0.1,
    unknown="no city has both R and S" if several else why,
)

# %% [markdown]
# So on the simulated spectra the two main components tell the hospital, and R from S mainly by way of it. This is why
# notebook 02 puts the score of the city beside the score of the network, compares R and S *within* cities, and tests on
# cities that were not in training.

# %% [markdown]
# ### Exercise 6: standardise without a leak
#
# Before the PCA, `StandardScaler` has brought each bin to mean 0 and standard deviation 1 *over all spectra*. For a
# picture that is fine. In the next notebook we put some spectra aside to test a model. Then we may learn nothing from
# these, not even a mean: it would *leak* into the training. Write a function that brings both sets to one scale.
#
# <details><summary>Hint</summary>
#
# Which of the two sets is known on the day the model is trained? And a mean over spectra, one for each bin: which axis
# is that, if rows are spectra?
#
# </details>


# %% tags=["exercise"]
def standardise(train, test):
    """Both, shape (spectra, bins), in this order; each bin shifted and scaled."""
    ...  # your code


exercises.check_standardise(standardise)


# %% jupyter={"source_hidden": true} tags=["solution", "hide-input"]
# Solution
def standardise(train, test):
    """Mean and scale of each bin are those of the training set and serve both sets."""
    centre, scale = train.mean(axis=0), train.std(axis=0)
    return (train - centre) / scale, (test - centre) / scale


exercises.check_standardise(standardise)

# %% [markdown]
# ## 7. Look for yourself
#
# Move the sliders: choose a spectrum and a window. The spectrum (line) is drawn over the mean of its city (area).


# %%
def show(spectrum=0, centre=9000, width=1500):
    """Draw one processed spectrum and the mean of its city."""
    row, batch = data.X.iloc[spectrum], data.batch.iloc[spectrum]
    mean = data.X[(data.batch == batch).to_numpy()].mean()
    window = (max(centre - width / 2, 2000), min(centre + width / 2, 20000))
    fig, ax = plt.subplots()
    plots.plot_bins(edges, mean, ax, window=window)
    line = {"color": plots.VERMILION, "ylabel": plots.SHARE_LABEL}
    plots.plot_spectrum(data.mz + BIN_WIDTH / 2, row, ax, window=window, **line)
    ax.set_title(f"spectrum {spectrum} (line) and the mean of {batch} (area)")
    plt.show()


# %%
ipywidgets.interactive(
    show,
    spectrum=ipywidgets.IntSlider(0, 0, len(data.X) - 1, continuous_update=False),
    centre=ipywidgets.IntSlider(
        9000, 2500, 19500, 250, continuous_update=False, description="centre (Da)"
    ),
    width=ipywidgets.IntSlider(
        1500, 100, 5000, 100, continuous_update=False, description="width (Da)"
    ),
)

# %% [markdown]
# Move the sliders, and look for peaks in which a spectrum departs from the mean
# of its city. Whether these have to do with resistance is the question of the notebooks that follow.

# %% [markdown]
# ## 8. Quiz
#
# Four questions on what you have seen. Click on the answer that you think right: it says whether it is, and why.

# %% [markdown]
# ### Quiz 1: why the square root?
#
# Two peaks are equally sharp; one has a hundred times as many ions as the other, and the only noise is that of counting.
# What does the square root do for them?
#
# <details><summary><b>A.</b> It makes both peaks equally high.</summary>
#
# ✗ **Wrong:** after the square root one is still ten times as high as the other. The order of heights stays.
#
# </details>
#
# <details><summary><b>B.</b> It takes the noise away from both.</summary>
#
# ✗ **Wrong:** nothing is averaged, so nothing is lost of the noise. Smoothing, the next step, does that.
#
# </details>
#
# <details><summary><b>C.</b> It moves both to the right m/z.</summary>
#
# ✗ **Wrong:** only intensities are changed. A wrong m/z is a matter of calibration.
#
# </details>
#
# <details><summary><b>D.</b> It makes the noise on both of them about equally large.</summary>
#
# ✓ **Right:** a count of n ions fluctuates by about the square root of n, and the square root of such a count
# fluctuates by about one half, whatever n is.
#
# </details>

# %% [markdown]
# ### Quiz 2: when is a cache stale?
#
# Yesterday you loaded the spectra, and the matrix was cached. Which of these must *not* give you yesterday's matrix?
#
# <details><summary><b>A.</b> You change the smoothing window in the code of the preprocessing.</summary>
#
# ✓ **Right:** the rows would be others. This is why the key is made of the parameters and the code as well.
#
# </details>
#
# <details><summary><b>B.</b> You ask for the labels of the other antibiotic.</summary>
#
# ✗ **Wrong:** labels do not enter the binned spectra. The rows are the same, and other labels are put beside them.
#
# </details>
#
# <details><summary><b>C.</b> You restart the notebook and run the same cells.</summary>
#
# ✗ **Wrong:** archive, parameters and code are the same, so the key is, and so would be the matrix.
#
# </details>
#
# <details><summary><b>D.</b> You move the cache to another folder and say so by
# <code>MALDINB_CACHE_DIR</code>.</summary>
#
# ✗ **Wrong:** where an entry lies does not change what it holds, and its key goes with it.
#
# </details>

# %% [markdown]
# ### Quiz 3: R and S on top of each other
#
# Within a city, the two main components hardly tell R from S. What follows? Two are right.
#
# <details><summary><b>A.</b> The labels must be wrong.</summary>
#
# ✗ **Wrong:** labels may be right, and still not show in two components of many.
#
# </details>
#
# <details><summary><b>B.</b> What differs most between spectra is something else than resistance.</summary>
#
# ✓ **Right:** the main components are the directions of largest variance, and nobody has told them the labels.
#
# </details>
#
# <details><summary><b>C.</b> The city has no effect on resistance.</summary>
#
# ✗ **Wrong:** here R and S were compared within each city. The counts of section 5 compare the cities.
#
# </details>
#
# <details><summary><b>D.</b> A model of all bins may still tell R from S.</summary>
#
# ✓ **Right:** two of many components are drawn. A single small peak may tell resistance and not show up in them.
#
# </details>

# %% [markdown]
# ### Quiz 4: as good as the city
#
# Over all cities together, a network has the same AUROC as the city alone. What has it learned about resistance?
#
# <details><summary><b>A.</b> Nothing: it recognises the hospital.</summary>
#
# ✗ **Wrong:** that may be so. But a network that knows nothing of the hospital and something of resistance could have
# the same number.
#
# </details>
#
# <details><summary><b>B.</b> As much as can be learned, since it is far better than a coin.</summary>
#
# ✗ **Wrong:** whoever knows the city needs no spectrum for this score. A coin is too easy to beat.
#
# </details>
#
# <details><summary><b>C.</b> It cannot be told from this number; compare R and S within each city.</summary>
#
# ✓ **Right:** within a city the hospital is the same for R and S, so it cannot help to order them.
#
# </details>
#
# <details><summary><b>D.</b> It cannot be told from this number; train it again with another seed.</summary>
#
# ✗ **Wrong:** another seed shows how far the number is a matter of luck, and not where it comes from.
#
# </details>

# %% [markdown]
# ## 9. Recap
#
# What did you expect, and what came out?

# %% tags=["nbval-ignore-output"]
came_out = {
    "AUROC of the city alone": auroc_batch,
    "AUROC of a city, from two components": of_city.mean(),
    "AUROC of the label within a city, from two components": within.mean(),
}
you_wrote = {asked: guesses.get(asked) for asked in came_out}
pd.DataFrame({"you wrote": you_wrote, "came out": pd.Series(came_out).round(2)})

# %% [markdown]
# And how many exercises have you solved since you started this kernel? (Solutions that you only read do not count.)

# %%
exercises.progress()

# %% [markdown]
# - A spectrum is m/z and intensity. Seven steps, in a fixed order, turn it into numbers that sum to 1.
# - Resistance shows in a spectrum mostly by detours, if at all: a neighbour on the plasmid, a clone, a loss.
# - A label is a concentration that was cut at a breakpoint. Two spectra of one isolate are less evidence than two isolates.
# - On the simulated spectra the city alone predicts the label, and a spectrum tells the city. Hold whatever a model scores
#   against that.
#
# **On simulated spectra** all numbers above say how the *simulation* behaves. It was tuned to the published properties of
# the real collection ([benchmarks/README.md](../benchmarks/README.md) holds the comparison), but what it says about
# *Klebsiella* is invented.
#
# **Next:** [notebook 02](02_training.ipynb) trains a network on `X` and `y`. Before you open it, close this one: its
# kernel ends with it, and leaves its memory to the next. (Elsewhere than in the course's JupyterLab, choose *Kernel, Shut
# Down Kernel*.)
#
# ### Further reading
#
# - The data: Rocchi et al. 2026, [doi:10.5281/zenodo.17405072](https://doi.org/10.5281/zenodo.17405072), and the paper,
#   [doi:10.1186/s12866-025-04657-2](https://doi.org/10.1186/s12866-025-04657-2).
# - The peak at 11109 Da: Cordovana et al. 2018, [doi:10.3389/fmicb.2018.02854](https://doi.org/10.3389/fmicb.2018.02854).
# - Baselines by SNIP: Ryan et al. 1988,
#   [doi:10.1016/0168-583X(88)90063-8](https://doi.org/10.1016/0168-583X(88)90063-8).
# - Smoothing: Savitzky and Golay 1964, [doi:10.1021/ac60214a047](https://doi.org/10.1021/ac60214a047).
# - Resistance from MALDI-TOF spectra of many hospitals: Weis et al. 2022,
#   [doi:10.1038/s41591-021-01619-9](https://doi.org/10.1038/s41591-021-01619-9).

# %% jupyter={"source_hidden": true} tags=["remove-input", "nbval-ignore-output"]
import sys

print(
    f"maldinb {maldinb.__version__}, Python {sys.version.split()[0]}, NumPy "
    f"{np.__version__}, pandas {pd.__version__}"
)
