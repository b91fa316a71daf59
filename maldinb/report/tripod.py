"""The items of TRIPOD+AI, in own words: what this run can say of each, and what only the author knows.

Collins et al. 2024, doi:10.1136/bmj-2023-078378
"""

import pandas as pd

from .fits import NETWORK
from .tables import interval, percent

BOTH, RUN, AUTHOR = "in part", "by the run", "author"

#: Item, where it belongs, what it asks for.
ITEMS = (
    ("1", "Title", "Name the study as one that develops or evaluates a prediction model, its population and outcome."),
    ("2", "Abstract", "Summarise it as TRIPOD+AI for Abstracts asks."),
    ("3a", "Background", "Say what is decided in care, why a model is wanted, and which there are already."),
    ("3b", "Background", "Say for whom the model is meant, who would use it, when and to what end."),
    ("3c", "Background", "Name inequalities in health between groups of people that are known here."),
    ("4", "Objectives", "Say whether the model is developed, evaluated, or both."),
    ("5a", "Data", "Say where the data of development and of evaluation come from, and whom they stand for."),
    ("5b", "Data", "Give the dates of collection."),
    ("6a", "Participants", "Give the setting: how many centres, of which kind, and where."),
    ("6b", "Participants", "Say who and which isolates were eligible."),
    ("6c", "Participants", "Say which treatments were given, and what was made of that."),
    ("7", "Data preparation", "Say how data were processed and checked, and whether alike in all groups."),
    ("8a", "Outcome", "Define the outcome, how and when it was determined, and why so."),
    ("8b", "Outcome", "If people judged the outcome, say who they were and how they were trained."),
    ("8c", "Outcome", "Say whether those who determined the outcome were blind to the predictors."),
    ("9a", "Predictors", "Say why these predictors were chosen."),
    ("9b", "Predictors", "Define all predictors, and how and when they were measured."),
    ("9c", "Predictors", "If people judged predictors, say who they were and how they were trained."),
    ("10", "Sample size", "Say how the number was arrived at, and why it is enough."),
    ("11", "Missing data", "Say how missing data were handled, and why data were left out."),
    ("12a", "Analysis", "Say how data were used to develop and to evaluate, and how they were split."),
    ("12b", "Analysis", "Say how predictors were handled: scaled, transformed."),
    ("12c", "Analysis", "Say of which type the model is, how it was built and tuned, and how validated internally."),
    ("12d", "Analysis", "Say how differences between clusters, such as hospitals, were handled and measured."),
    ("12e", "Analysis", "Name all measures and figures of performance, and why they were taken."),
    ("12f", "Analysis", "Say whether the model was updated after evaluation, such as recalibrated."),
    ("12g", "Analysis", "Say how predictions are computed: formula, code, object, interface."),
    ("13", "Class imbalance", "Say what was done about unequal classes, and about probabilities afterwards."),
    ("14", "Fairness", "Say what was done for fairness between groups of people."),
    ("15", "Model output", "Say what comes out, and how thresholds were chosen."),
    ("16", "Training and evaluation", "Say how the data of development and evaluation differ."),
    ("17", "Ethics", "Name the ethics committee, and the consent given or waived."),
    ("18a", "Open science", "Name funders and what they had to do with the study."),
    ("18b", "Open science", "Declare interests."),
    ("18c", "Open science", "Say where the protocol is, or that there is none."),
    ("18d", "Open science", "Give the registration, or say that there is none."),
    ("18e", "Open science", "Say whether and how the data can be had."),
    ("18f", "Open science", "Say whether and how the code can be had."),
    ("19", "Patients and public", "Say how patients and the public took part, or that they did not."),
    ("20a", "Participants", "Show the flow of participants: how many, with and without the outcome."),
    ("20b", "Participants", "Describe them, overall and by setting: dates, predictors, outcomes, what is missing."),
    ("20c", "Participants", "Compare important predictors between development and evaluation."),
    ("21", "Development", "Give numbers of participants and outcomes in each analysis."),
    ("22", "Full model", "Give all that it takes to predict for somebody new, and who may have it."),
    ("23a", "Performance", "Give performance with intervals, also in key groups of people."),
    ("23b", "Performance", "Show how performance differs between clusters."),
    ("24", "Updating", "Give the updated model and its performance, if there is one."),
    ("25", "Interpretation", "Interpret the results, fairness included, beside the aims and earlier studies."),
    ("26", "Limitations", "Discuss limitations: who is not represented, sample size, overfitting, missing data."),
    ("27a", "Usability", "Say how poor or missing input should be recognised and handled in use."),
    ("27b", "Usability", "Say whether users have to handle input or the model, and what they have to know for it."),
    ("27c", "Usability", "Say what should be studied next, and how far the results may be applied."),
)


def tripod(about, data, results, quality):
    """The items with what this run says of each.

    Parameters
    ----------
    about : dict
        As from `provenance`.
    data : SpectraDataset
    results : Results or None
    quality : Quality

    Returns
    -------
    DataFrame
        Columns: item, topic, asks for, filled in ("by the run", "in part", or "author"), what the run says.
    """
    said = _of_data(about, data, quality) | ({} if results is None else _of_results(about, results))
    rows = [(item, topic, asks, *said.get(item, (AUTHOR, ""))) for item, topic, asks in ITEMS]
    return pd.DataFrame(rows, columns=["item", "topic", "asks for", "filled in", "what the run says"])


def _of_data(about, data, quality):
    known, batches = about["data"], data.batch.nunique()
    known_version = about["versions"]["maldinb"]
    steps = ", ".join(f"{name} {value}" for name, value in known["preprocessing"].items())
    looked_at = f"Quality: {len(quality.findings)} findings, see “Quality”."
    more = ", and others not chosen: see “Data”" if data.info.get("not_chosen") else ""
    left_out = f"{len(data.info.get('left_out') or {})} spectra or rows of the table were left out in loading{more}."
    said = {
        "7": (BOTH, f"Preprocessing: {steps or 'not known to this run'}. {looked_at}"),
        "9b": (BOTH, f"{known['bins']} numbers, made of one mass spectrum."),
        "11": (BOTH, left_out),
        "18f": (BOTH, f"maldinb {known_version}, with the parameters and the seed under “How to get this again”."),
    }
    if batches > 1:
        said["6a"] = BOTH, f"The metadata name {batches} batches."
    if known["doi"]:
        said["5a"] = said["18e"] = (BOTH, f"doi:{known['doi']}.")
    return said


def _of_results(about, results):
    problem, table = results.problem, results.discrimination
    known, parameters = about["data"], about["parameters"]
    resistant, susceptible = problem.isolates_of(1), problem.isolates_of(0)
    net = table.loc[NETWORK]
    auroc = interval(net["auroc"], net["low"], net["high"])
    rates = results.errors["value"]
    meaning = {"drop": "was left out", "R": "was taken as R", "S": "was taken as S"}[known["intermediate"]]
    counted = "" if problem.isolate is None else " isolates"
    numbers = f"{len(problem.y)} labelled spectra: {resistant} resistant and {susceptible} susceptible{counted}"
    folds = len(problem.splits)
    return {
        "4": (RUN, "A model is developed and validated internally; no external evaluation."),
        "8a": (BOTH, f"The column {known['antibiotic']} of the metadata, R against S; I, if there is any, {meaning}."),
        "9a": (BOTH, "All numbers of a spectrum; none was selected."),
        "10": (BOTH, f"{numbers}, all that could be used."),
        "12a": (RUN, f"Cross-validation with {folds} folds, stratified by batch and label, isolates kept together where"
                " they are named; then each batch left out where that is possible."),
        "12b": (RUN, "The network takes rows as they are, logistic regression standardised ones, by training spectra."),
        "12c": (RUN, f"Network with a gate of {parameters['hidden_dim']} units, {parameters['epochs']} epochs at most, "
                "stopped early on a tenth of the training spectra; nothing was tuned."),
        "12d": (RUN, "Scores within each batch, and in batches left out."),
        "12e": (RUN, "AUROC, errors, predictive values, Brier score, calibration intercept and slope, with intervals."),
        "12f": (RUN, "The model was not updated or recalibrated."),
        "12g": (RUN, "network.npz; MaldiMLPClassifier.load reads it."),
        "13": (RUN, "Nothing was done about the unequal numbers of R and S."),
        "14": (BOTH, "Nothing was done; no attributes of people were used."),
        "15": (BOTH, "P(R); threshold 0.5, and one that each fold was given by the others."),
        "16": (BOTH, "Folds are alike by design; batches left out differ in what the author knows of them."),
        "20a": (BOTH, f"{numbers}, of {known['spectra']} spectra in the data set."),
        "20b": (BOTH, "Counts of each batch, see “Data”."),
        "21": (RUN, numbers + "."),
        "22": (BOTH, "The file network.npz in this folder."),
        "23a": (BOTH, f"AUROC {auroc}; at 0.5 very major errors {percent(rates['0.5', 'very major error'])}, major "
                f"errors {percent(rates['0.5', 'major error'])}."),
        "23b": (RUN, "Each batch by itself, and left out, see “Within batches, and in new ones”."),
        "24": (RUN, "There is no updated model."),
        "26": (BOTH, "See “What may be concluded, and what may not”."),
    }  # fmt: skip
