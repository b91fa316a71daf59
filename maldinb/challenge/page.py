"""What a group reads of its own hand-in."""

import math

import numpy as np

from .claims import BRIER
from .marks import COIN

SEALED = {
    "yes": "This is the claim that was sealed.",
    "no": "**This is not the claim that was sealed: method or limits were changed.**",
    "no code": "No code was noted for this claim.",
}


def page_of(mark, truth):
    """A page in Markdown.

    Parameters
    ----------
    mark : Mark
    truth : Truth

    Returns
    -------
    str
    """
    key = truth.key
    parts = [
        f"# {mark.hand_in.name}",
        f"{key.antibiotic}, abroad: {key.abroad}. What differs between the hospitals: the scenario '{key.scenario}'.",
    ]
    if mark.hand_in.problems:
        parts += ["## What could not be read", "\n".join(f"- {problem}" for problem in mark.hand_in.problems)]
    if mark.hand_in.claim is not None:
        parts += ["## What was claimed", *_claimed(mark)]
    if mark.recovered is not None:
        parts += ["## Peaks", *_peaks(mark, truth)]
    if mark.auroc is not None:
        parts += [f"## Probabilities in {key.abroad}", _probabilities(mark, truth)]
    return "\n\n".join(parts) + "\n"


def _claimed(mark):
    """The method, and each line of the claim with what became of it."""
    yield f"> {mark.hand_in.claim.method}"
    if mark.sealed:
        yield SEALED[mark.sealed]
    rows = [(verdict.limit, _value(verdict), _verdict(verdict)) for verdict in mark.verdicts]
    yield _table(["claim", "came out", "verdict"], rows)


def _value(verdict):
    if math.isnan(verdict.value):
        return ""
    return str(verdict.interval) if verdict.interval else f"{verdict.value:.3g}"


def _verdict(verdict):
    """What is to be said of one line."""
    if verdict.holds is None:
        return "could not be measured"
    said = ["holds" if verdict.holds else "does not hold"]
    if not verdict.is_sure:
        said.append("but the interval reaches beyond the limit")
    if verdict.anyhow:
        said.append(f"and {verdict.anyhow} it {'holds' if verdict.holds else 'would have held'}, too")
    return ", ".join(said)


def _peaks(mark, truth):
    """The list against the truth, and against itself where it was moved."""
    found, key = mark.recovered, truth.key
    n, right = len(found.right), found.n_right()
    low, high = np.quantile(found.by_chance(), [0.025, 0.975])
    yield (
        f"{right} of {n} m/z {'are' if right != 1 else 'is'} right. Moved as a whole, the list finds "
        f"{found.by_chance().mean():.1f} on average (95 % of the times {low:g} to {high:g}), and as many as here with "
        f"a probability of {found.p:.2g}. As many m/z where spectra vary most, whatever their label, have "
        f"{mark.without_labels()} right."
    )
    home = truth.at_home
    yield (
        f"Of the {home.sum()} peaks planted for {key.antibiotic} where there are labels it found "
        f"{(found.found & home).sum()}, of the {(~home).sum()} planted in {key.abroad} only "
        f"{(found.found & ~home).sum()}. {mark.other} m/z are peaks of another antibiotic."
    )
    nearest = truth.peaks[np.abs(mark.hand_in.mz[:, None] - truth.peaks).argmin(axis=1)]
    rows = [
        (rank, f"{mz:g}", f"{peak:g}" if is_right else "")
        for rank, (mz, peak, is_right) in enumerate(zip(mark.hand_in.mz, nearest, found.right, strict=True), 1)
    ]
    yield _table(["rank", "m/z", "planted peak"], rows)


def _probabilities(mark, truth):
    y = truth.labels.dropna()
    constant = y.mean() * (1 - y.mean())
    return (
        f"{int(y.sum())} of {len(y)} spectra with a label are R. AUROC with its 95 % interval: {mark.auroc}; a coin "
        f"has 0.5. Brier score, the lower the better: {mark.brier:.3f}; whoever says .5 of all has {COIN[BRIER]:g}, "
        f"and whoever knows the share of R, and says it of all, {constant:.3f}."
    )


def _table(header, rows):
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)
