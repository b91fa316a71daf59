"""The figures of a report, as pictures."""

from dataclasses import replace

from .. import plots
from ..datasets.labels import count_labels
from ..plots.pictures import picture
from ..plots.quality import MEASURES
from .fits import NETWORK
from .judged import BATCH_ONLY


def label_counts(data):
    """Labels of each batch, counted here: what was counted in loading may be of another meaning of them."""
    counts = count_labels(data.meta, [data.info["antibiotic"]])
    data = replace(data, info=data.info | {"counts": counts})
    n = data.batch.nunique()
    return picture(
        lambda ax: plots.plot_label_counts(data, ax), 1.2 + 0.5 * min(n, 12),
        "Stacked bars: how many spectra of each batch are R, S, I or unlabelled; the table has the numbers.",
        "How many spectra of each batch are labelled R, S, I or not at all.",
    )  # fmt: skip


def quality(table, bin_width):
    """What was measured on the spectra; None where rows of a matrix are all there is."""
    if table[list(MEASURES)].isna().all(axis=None):
        return None
    return picture(
        lambda axes: plots.plot_quality(table, axes, **({} if bin_width is None else {"bin_width": bin_width})),
        4 * (0.7 + 0.3 * table["batch"].nunique()),
        "Total count, signal to noise, number of peaks and calibration of all spectra, batch by batch; medians are in "
        "the table.",
        "A point for each spectrum; boxes reach from the first to the third quartile of a batch.",
        rows=4,
    )  # fmt: skip


def models(results):
    """AUROC of all models."""
    table = results.discrimination
    floor = BATCH_ONLY if BATCH_ONLY in table.index else 0.5
    label = {} if floor == BATCH_ONLY else {"reference_label": "coin"}
    described = ", ".join(f"{name} {row['auroc']:.2f}" for name, row in table.iterrows())
    return picture(
        lambda ax: plots.plot_intervals(table, ax, reference=floor, **label), 1.0 + 0.36 * len(table),
        f"AUROC of the models with 95 % intervals: {described}.",
        f"AUROC over all spectra. The dashed line is {'what the batch alone tells' if label == {} else 'a coin'}.",
    )  # fmt: skip


def batches_left_out(results):
    """AUROC in each batch that was left out."""
    table = results.abroad.set_index(["model", "batch"])
    described = ", ".join(f"{batch} {row['auroc']:.2f}" for (model, batch), row in table.iterrows() if model == NETWORK)
    styles = plots.batch_styles(results.abroad["batch"])
    return picture(
        lambda ax: plots.plot_intervals(table, ax, group="batch", styles=styles, reference=0.5, reference_label="coin"),
        1.2 + 0.22 * len(table),
        f"AUROC in each batch of models trained in the others, with 95 % intervals; of the network: {described}.",
        "AUROC in a batch that was not in training. The dashed line is a coin.",
    )  # fmt: skip


def calibration(results):
    """Predicted against observed shares of R."""
    rows = ", ".join(f"{p:.2f} and {o:.2f}" for p, o in results.calibration[["predicted", "observed"]].to_numpy())
    return picture(
        lambda ax: plots.plot_reliability(results.calibration, ax), 3.8,
        f"Predicted and observed share of R in {len(results.calibration)} bins of P(R): {rows}.",
        "Predicted P(R) against the observed share of R, with exact 95 % intervals and the number of isolates.",
    )  # fmt: skip


def thresholds(results):
    """Both errors at every threshold."""
    problem = results.problem

    def draw(ax):
        plots.plot_threshold_tradeoff(problem.y, results.scores[NETWORK], ax, isolate=problem.isolate)
        ax.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=1)

    return picture(
        draw, 4.4,
        "Very major and major error rates against the threshold on P(R), with the limits that are cited for them.",
        "Both error rates at each threshold, and the limits cited. Above 1 % the axis is logarithmic.",
    )  # fmt: skip


def maps(results):
    """The mean maps."""
    places = ", ".join(f"{mz:.0f}" for mz in results.maps.peaks["m/z"].head(5))
    return picture(
        lambda ax: plots.plot_profiles(results.maps.profile, ax), 3.0,
        f"Mean maps of the networks over m/z; the largest places are {places} Da.",
        "Where the networks look, on average: the largest tenth of each map. Upwards is for R, downwards for S.",
    )  # fmt: skip
