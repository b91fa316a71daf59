"""Every sentence is true of the data at hand, or is not printed."""

import re

import numpy as np
import pandas as pd
import pytest
from bs4 import BeautifulSoup
from sklearn.metrics import roc_auc_score
from variations import Written, make

from maldinb import load_spectra

JUDGED = (
    "random labels", "one batch", "thirty", "four species", "intermediate", "pure batches", "separable", "many batches",
)  # fmt: skip
BEATS = "The network tells R from S better than a coin."


def text_of(html):
    return re.sub(r"\s+", " ", BeautifulSoup(html, "html.parser").find("main").get_text(" "))


def conclusions(html, kind):
    """The sentences of one kind: yes, no or open."""
    soup = BeautifulSoup(html, "html.parser")
    return [item.contents[0].strip() for found in soup.find_all("ul", class_=kind) for item in found.find_all("li")]


@pytest.mark.parametrize("name", JUDGED)
def test_a_conclusion_stands_where_its_numbers_put_it(name, report):
    written = report(name)
    models = written.table("models", index_col="model")
    where = {kind: conclusions(written.html, kind) for kind in ("yes", "no", "open")}
    assert len(set(sum(where.values(), []))) == sum(map(len, where.values())) > 8

    def kind_of(low, high, level=0.5):
        return "yes" if low > level else "no" if high < level else "open"

    net = models.loc["gated network"]
    assert BEATS in where[kind_of(net["low"], net["high"])]
    if "batch only" in models.index:
        floor = models.loc["batch only"]
        assert "The batch alone tells R from S better than a coin." in where[kind_of(floor["low"], floor["high"])]
        inside = "Within a batch the network tells R from S better than a coin."
        assert inside in where[kind_of(net["within low"], net["within high"])]
    differences = written.table("differences", index_col="variant")
    verdicts = set(differences.loc[["logistic regression", "gradient boosting"], "verdict"])
    expected = "yes" if verdicts == {"better"} else "no" if verdicts & {"worse", "equivalent"} else "open"
    assert "The network is better than each of the simpler models." in where[expected]
    for never in (
        "A place in the list of m/z is a cause",
        "The network would do as well in another",
        "The network may",
    ):
        assert any(sentence.startswith(never) for sentence in where["open"])


@pytest.mark.parametrize("name", JUDGED)
def test_numbers_are_those_of_the_scores(name, report):
    written = report(name)
    scores, models = written.table("scores"), written.table("models", index_col="model")
    y = (scores["label"] == "R").to_numpy()
    for model, row in models.iterrows():
        assert row["auroc"] == pytest.approx(roc_auc_score(y, scores[model]))
    isolate = scores["isolate"] if "isolate" in scores else scores["ID"]
    mean = scores.groupby([isolate, "label"])["gated network"].mean().reset_index()
    errors = written.table("errors").set_index(["threshold", "rate"])
    resistant = mean[mean["label"] == "R"]
    row = errors.loc[("0.5", "very major error")]
    assert (row["count"], row["of"]) == ((resistant["gated network"] < 0.5).sum(), len(resistant))
    above = scores["gated network"] - scores["threshold"]
    called = above.groupby([isolate, scores["label"]]).mean().reset_index(name="above")
    susceptible = called[called["label"] == "S"]
    row = errors.loc[("chosen", "major error")]
    assert (row["count"], row["of"]) == ((susceptible["above"] >= -1e-12).sum(), len(susceptible))
    shown = BeautifulSoup(written.html, "html.parser").find(id="table-errors").find_next("table").get_text()
    assert f"{row['count']:.0f} of {row['of']:.0f}" in shown


def test_isolates_stay_in_one_fold(report):
    scores = report("random labels").table("scores")
    assert scores.groupby("isolate")["fold"].nunique().max() == 1
    assert set(scores["fold"]) == {1, 2, 3}
    assert "Spectra of one isolate stay in one fold." in text_of(report("random labels").html)


def test_of_isolates_that_nobody_named_nothing_is_said(report):
    text = text_of(report("thirty").html)
    assert "repeats of one may lie in several folds" in text and "stay in one fold" not in text
    assert "No isolate is both in training and in test." in conclusions(report("thirty").html, "open")


def test_one_batch_has_no_other_to_compare_with(report):
    written = report("one batch")
    text = text_of(written.html)
    assert "All labelled spectra are of one batch." in text and "of 1 batch," in text
    assert (
        "batch only" not in text.lower() and "species only" not in text.lower() and "from the same batches" not in text
    )
    assert len(written.table("batches_left_out")) == 0


def test_species_are_a_floor_of_their_own(report):
    text = text_of(report("four species").html)
    assert "Knowing nothing but the species gives" in text and "There are 4 species" in text
    assert len(report("four species").table("species")) == 4
    assert "Knowing nothing but the species" not in text_of(report("one batch").html)


def test_what_i_means_is_tried_three_times_where_there_is_any(report):
    table = report("intermediate").table("intermediate", index_col="I is")
    assert table.index.tolist() == ["left out", "taken as R", "taken as S"]
    assert table["isolates R"].is_monotonic_increasing is False and table.loc["taken as R", "isolates R"] > 30
    assert "15 spectra are labelled I. In this report I is left out." in text_of(report("intermediate").html)
    assert "No spectrum is labelled I." in text_of(report("random labels").html)
    assert "tables/intermediate.csv" not in report("random labels").files


def test_a_meaning_of_i_that_the_data_set_has_is_that_of_the_report(tmp_path):
    data = make("intermediate")
    data.info["intermediate"] = "R"
    written = Written(data, tmp_path / "report")
    table, models = written.table("intermediate", index_col="I is"), written.table("models", index_col="model")
    assert table.loc["taken as R", "auroc"] == models.loc["gated network", "auroc"]
    assert len(written.table("scores")) == 90 and "In this report I is taken as R." in text_of(written.html)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("two R", "only 2 isolates are resistant, and a cross-validation of 3 folds takes at least 3 of each kind"),
        ("one label", "only 0 isolates are resistant"),
        ("unlabelled", "the data set was loaded without a column of labels"),
    ],
)
def test_what_cannot_be_judged_is_said_to_be_so(name, why, report):
    written = report(name)
    text = text_of(written.html)
    assert (
        why.lower() in text.lower() and "No model was trained" in text and "There is no model, and so no card." in text
    )
    assert not {"network.npz", "model_card.md", "tables/scores.csv"} & written.files
    assert "AUROC" not in re.sub("Items of TRIPOD.*", "", text)


def test_batches_of_one_label_allow_for_no_comparison_within(report):
    written = report("pure batches")
    assert written.table("models")["within"].isna().all()
    assert "Not left out:" in text_of(written.html)
    inside = "Within a batch the network tells R from S better than a coin."
    assert inside in conclusions(written.html, "open")


def test_not_more_than_ten_batches_are_left_out(report):
    table = report("many batches").table("batches_left_out")
    assert 0 < table["batch"].nunique() <= 10
    assert (table[["isolates R", "isolates S"]] >= 2).all(axis=None)


def test_a_network_that_beats_no_coin_has_nothing_to_show(report):
    for name in JUDGED:
        beats, text = BEATS in conclusions(report(name).html, "yes"), text_of(report(name).html)
        assert ("What it looks at says nothing about resistance" in text) is not beats
        assert ("two maps were made" in text) is beats
    assert BEATS in conclusions(report("separable").html, "yes")


def test_what_separates_the_labels_is_found_on_the_map(report):
    peaks = report("separable").table("peaks")
    place = 2000 + 30 * 101.5
    assert abs(peaks["m/z"].iloc[0] - place) < 60 and peaks["speaks for"].iloc[0] == "R"
    assert peaks["networks"].iloc[0] > 1


def test_the_prevalence_is_the_one_that_was_given(report, tmp_path):
    given = Written(make("random labels"), tmp_path / "report", prevalence=0.02, n_splits=2)
    assert "hold where 2.0 % are resistant, as was given" in text_of(given.html)
    ppv = given.table("predictive_values").set_index(["threshold", "rate"])["value"]
    assert ppv["0.5", "positive predictive value"] < 0.2
    assert "No prevalence was given." in text_of(report("random labels").html)


def test_limits_are_cited_and_nothing_conforms(report):
    text = text_of(report("separable").html)
    assert "Jorgensen and Ferraro 2009" in text and "newer editions were not looked up" in text
    assert "Nothing here says that a limit is met" in text and "no statement that the guideline is met" in text


def test_the_same_seed_gives_the_same_numbers(report, tmp_path):
    again = Written(make("random labels"), tmp_path / "again")
    pd.testing.assert_frame_equal(again.table("scores"), report("random labels").table("scores"))
    other = Written(make("random labels"), tmp_path / "other", seed=1)
    assert not np.allclose(other.table("scores")["gated network"], again.table("scores")["gated network"])


def test_real_spectra(real_spectra, tmp_path):
    written = Written(load_spectra(real_spectra, label="Drug"), tmp_path / "report")
    text = text_of(written.html)
    assert "holds 29 spectra of one batch, since no column names batches" in text
    assert "simulated" not in text and BEATS in sum((conclusions(written.html, k) for k in ("yes", "no", "open")), [])
