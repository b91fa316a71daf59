"""What the report concludes, and what it does not: the conclusions of `maldinb.evaluation`, and a few of its own."""

from ..evaluation import Conclusion, conclusions, within_batch_interval
from .fits import NETWORK, SIMPLER
from .judged import BATCH_ONLY, SPECIES_ONLY
from .maps import agree

#: What no data of this kind can tell, whatever the numbers are.
NEVER = (
    Conclusion(
        "a place in the list of m/z is a cause of resistance",
        None,
        "nothing was changed in a cell and measured again, no protein was identified, and whatever goes along with "
        "resistance in these data, such as a clone, can stand behind a peak",
    ),
    Conclusion(
        "the network would do as well in another hospital, on another instrument or in another year",
        None,
        "only batches that are in these data could be tried",
    ),
    Conclusion(
        "the network may decide on a patient's treatment",
        None,
        "that takes a study planned for it, against a reference method, and a permission",
    ),
)


def stands_out(differences):
    """The network is better than each of the simpler models.

    Parameters
    ----------
    differences : DataFrame
        As from `ablation.compare`, with the network as the reference.

    Returns
    -------
    Conclusion
        False if it is worse than one of them, or as good within the rope.
    """
    rows = differences.loc[[name for name in SIMPLER if name in differences.index]]
    verdicts = rows["verdict"].tolist()
    holds = True if set(verdicts) == {"better"} else False if {"worse", "equivalent"} & set(verdicts) else None
    numbers = rows[["difference", "low", "high"]].itertuples()
    why = "; ".join(f"against {name} {d:+.3f} ({low:+.3f} to {high:+.3f})" for name, d, low, high in numbers)
    return Conclusion("the network is better than each of the simpler models", holds, f"difference in AUROC {why}")


def whatever_i_means(table):
    """The network beats a coin under each meaning of I.

    Parameters
    ----------
    table : DataFrame
        As from `intermediate.table`.

    Returns
    -------
    Conclusion
    """
    found = [conclusions.beats_a_coin(row) for row in table[["auroc", "low", "high"]].itertuples(index=False)]
    sides = [one.holds for one in found]
    holds = False if False in sides else None if None in sides else True
    why = "; ".join(f"{name}: {one.why}" for name, one in zip(table.index, found, strict=True))
    return Conclusion("whatever I means, the network tells R from S better than a coin", holds, why)


def concluded(results):
    """All conclusions of a report, in the order of its sections.

    Parameters
    ----------
    results : Results

    Returns
    -------
    list of Conclusion
    """
    problem, table = results.problem, results.discrimination
    intervals = table[["auroc", "low", "high"]]
    net, ours = intervals.loc[NETWORK], (problem.y, results.scores[NETWORK])
    found = [conclusions.isolates_apart(problem.isolate, problem.splits), conclusions.beats_a_coin(net)]
    if BATCH_ONLY in table.index:
        found.append(conclusions.batch_tells(intervals.loc[BATCH_ONLY], problem.batch))
    if SPECIES_ONLY in table.index:
        found.append(conclusions.batch_tells(intervals.loc[SPECIES_ONLY], problem.species, "species"))
    found.append(stands_out(results.differences))
    for word, groups in (("batch", problem.batch), ("species", problem.species)):
        if len(set(groups)) > 1:
            inside = within_batch_interval(*ours, groups, isolate=problem.isolate)
            found.append(conclusions.beats_a_coin(inside, f"within a {word} the network"))
            if word == "batch":
                found.append(conclusions.lower_within(net["auroc"], inside, groups))
    away = results.abroad[results.abroad["model"] == NETWORK]
    found += [conclusions.travels(away), conclusions.loses_its_lead(net, away["auroc"])]
    found.append(conclusions.acceptable_threshold(*ours, isolate=problem.isolate))
    found.append(conclusions.better_than_the_share(*ours, isolate=problem.isolate))
    found.append(conclusions.calibrated(results.line))
    if results.maps is not None:
        found.append(agree(results.maps, conclusions.beats_a_coin(net).holds is True))
    if results.intermediate is not None:
        found.append(whatever_i_means(results.intermediate))
    return [*found, *NEVER]
