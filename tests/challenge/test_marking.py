"""From what was handed in to marks: right numbers, one line for all that is broken, and no stop."""

import zipfile

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import brier_score_loss, roc_auc_score

from maldinb import binary_labels, load_spectra
from maldinb.challenge import control, mark_challenge, seal_claim
from maldinb.challenge.marking import named
from maldinb.challenge.recovered import found_by
from maldinb.evaluation import auroc_with_interval, baselines
from maldinb.interpretation import candidates


@pytest.fixture
def opened(blind, key_file, tmp_path):
    """Mark hand-ins: the table, and the folder of pages."""

    def open_(*answers, **more):
        return mark_challenge(blind, key_file, answers, tmp_path / "marks", **more), tmp_path / "marks"

    return open_


def test_a_small_model_makes_the_whole_way(blind, truth, opened, hand_in):
    """From the students' folder alone to marks, which are computed here in another way."""
    data = load_spectra(blind / "spectra.zip", label="Amikacin")
    X, y = binary_labels(data)
    model = baselines()["logistic regression"].fit(X, y)
    abroad = data.X.loc[data.batch == "Rome"]
    probability = pd.Series(model.predict_proba(abroad)[:, 1], abroad.index)
    mz = candidates(model[-1].coef_[0], data.mz, 20, tolerance=30)
    marks, out = opened(hand_in("small model", mz, probability, claim="right among my first 5 m/z,0,5"))
    row = marks.loc["small model"]
    y = truth.labels.dropna()
    assert row["AUROC abroad"] == pytest.approx(roc_auc_score(y, probability[y.index]))
    assert row["Brier score abroad"] == pytest.approx(brier_score_loss(y, probability[y.index]))
    assert row["low"] < row["AUROC abroad"] < row["high"]
    near = np.abs(mz[:, None] - truth.peaks) <= 12
    assert row["m/z"] == 20 and row["right"] == near.any(axis=0).sum()
    assert (row["claims"], row["that hold"], row["problems"]) == (1, 1, "")
    assert sorted(path.name for path in out.iterdir()) == ["marks.csv", "planted.csv", "small model.md"]
    assert pd.read_csv(out / "planted.csv")["m/z"].tolist() == truth.peaks.tolist()


def test_perfect_and_random_answers(opened, hand_in, truth):
    rng = np.random.default_rng(0)
    random = hand_in("random", rng.uniform(2500, 11500, 15), rng.random(len(truth.labels)))
    wrong = hand_in("wrong", truth.peaks + 20, 1 - truth.labels.fillna(0.5))
    coin = hand_in("coin", [2500.0], np.full(len(truth.labels), 0.5))
    every = hand_in("every", np.arange(2000, 12600, 20))
    marks, out = opened(hand_in("perfect"), random, wrong, coin, every)
    n = len(truth.peaks)
    assert marks["AUROC abroad"].drop("random").to_dict() == {"perfect": 1, "wrong": 0, "coin": 0.5, "every": 1}
    assert marks["Brier score abroad"].drop("random").to_dict() == {"perfect": 0, "wrong": 1, "coin": 0.25, "every": 0}
    assert marks.loc["random", "low"] < 0.5 < marks.loc["random", "high"]
    assert marks["right"].drop("random").to_dict() == {"perfect": n, "wrong": 0, "coin": 0, "every": n}
    assert marks.loc["perfect", "p"] < 0.01 and marks.drop("perfect")["p"].min() > 0.05
    assert f"{n} of {n} m/z are right" in (out / "perfect.md").read_text()


def test_the_control_knows_no_label(blind, truth, opened, hand_in):
    data = load_spectra(blind / "spectra.zip")
    mz = control.list_without_labels(data.X, data.mz, 25)
    right = found_by(mz, truth.peaks, 12)[0].sum()
    marks, out = opened(hand_in("by variation", mz, claim=f"right among my first 25 m/z,{right},"))
    row = marks.iloc[0]
    assert row["right"] == row["right without labels"] == right > row["right by chance"]
    assert "| holds, and without labels it holds, too |" in (out / "by variation.md").read_text()


def column(frame, name, value):
    frame = frame.astype(object)
    frame.loc[frame.index[3], name] = value
    return frame


def rewrite(file, change):
    def break_(folder):
        frame = pd.read_csv(folder / file)
        change(frame).to_csv(folder / file, index=False)

    return break_


def put(file, text):
    return lambda folder: (folder / file).write_bytes(text if isinstance(text, bytes) else text.encode())


P, M, C = "probabilities.csv", "peaks.csv", "claim.csv"
HEAD = "what,at least,at most\n"
BROKEN = [
    (rewrite(P, lambda f: column(f, "ID", "sim-9999")), P, "no spectrum of this challenge is called 'sim-9999'"),
    (rewrite(P, lambda f: f.iloc[2:]), P, "2 of 38 spectra are missing: 'sim-"),
    (rewrite(P, lambda f: pd.concat([f, f[:1]])), P, "stands there more than once"),
    (rewrite(P, lambda f: column(f, "P(R)", "nan")), P, "holds 'nan', where a probability should be"),
    (rewrite(P, lambda f: column(f, "P(R)", "")), P, "holds nothing, where a probability should be"),
    (rewrite(P, lambda f: column(f, "P(R)", "R")), P, "holds 'R', where a probability should be"),
    (rewrite(P, lambda f: column(f, "P(R)", "1.2")), P, "holds 1.2, where a probability from 0 to 1 should be"),
    (rewrite(P, lambda f: f.assign(**{"P(R)": -1.0})), P, "holds -1 (and 37 more are wrong)"),
    (rewrite(P, lambda f: f.rename(columns={"P(R)": "score"})), P, "no column 'P(R)'; found 'ID', 'score'"),
    (put(P, ""), P, "the file is empty"),
    (put(P, "ID,P(R)\nsim-0001,0,5\n"), P, "more cells than the first one; write decimals with a point"),
    (put(P, b"\x89PNG\r\n\x1a\n\x00\x01"), P, ""),
    (put(M, "m/z\n"), M, "the table has no rows"),
    (put(M, "m/z\nabout 4000\n5000\n"), M, "data row 1 holds 'about 4000', where an m/z in Da should be"),
    (put(M, "m/z\n5000\n4,365,2\n"), M, ""),
    (put(M, "5000\n6000\n"), M, "no column 'm/z'; found '5000'"),
    (put(M, "m/z\n5000\n1.2\n0\n"), M, "data row 2 holds 1.2 (and 1 more is wrong), where an m/z from 2000 to 20000"),
    (put(M, "m/z\n" + "5000\n" * 2001), M, "2001 m/z are no list of peaks; 2000 are read at most"),
    (lambda folder: (folder / M).rename(folder / "peaks.xlsx"), M, "it is missing; save peaks.xlsx as peaks.csv"),
    (put(C, HEAD + "AUROC abroad,,\n"), C, "nothing is claimed yet"),
    (put(C, HEAD + "AUROC abroad,high,\n"), C, "AUROC abroad holds 'high', where a limit should be"),
    (put(C, HEAD + "AUROC abroad,0.9,0.1\n"), C, "cannot be at least 0.9 and at most 0.1"),
    (put(C, HEAD + "AUROC at home,0.9,\n"), C, "'AUROC at home' is no number that will be measured"),
    (put(C, HEAD + "AUROC abroad,0.9,\nAUROC abroad,,1\n"), C, "'AUROC abroad' stands there twice"),
    (lambda folder: (folder / C).unlink(), C, "it is missing"),
    (put("method.md", "# Method\n\n> What will you do?\n"), "method.md", "does not say yet what you will do"),
]


@pytest.mark.parametrize(("break_", "file", "why"), BROKEN)
def test_what_is_broken_gets_one_line_and_stops_nothing(break_, file, why, opened, hand_in, truth):
    broken = hand_in("broken")
    break_(broken)
    marks, out = opened(broken, hand_in("whole"))
    assert marks.loc["whole", "problems"] == "" and marks.loc["whole", "AUROC abroad"] == 1
    problem = marks.loc["broken", "problems"]
    assert problem.startswith(f"{file}: ") and why in problem and "\n" not in problem
    assert f"- {problem}" in (out / "broken.md").read_text("utf-8")
    assert np.isnan(marks.loc["broken", "AUROC abroad"]) == (file == P)
    assert pd.isna(marks.loc["broken", "right"]) == (file == M)
    assert pd.isna(marks.loc["broken", "claims"]) == (file in (C, "method.md"))


def test_what_is_not_there_or_no_zip(opened, hand_in, tmp_path):
    (tmp_path / "torn.zip").write_bytes(b"PK no zip")
    (tmp_path / "empty").mkdir()
    marks, _ = opened("nowhere", tmp_path / "torn.zip", tmp_path / "empty", hand_in())
    assert marks.loc["nowhere", "problems"] == "there is no such folder or zip"
    assert marks.loc["torn", "problems"].startswith("neither a folder nor a zip that can be read")
    assert marks.loc["empty", "problems"].count("it is missing") == 3
    assert marks.loc["group", "problems"] == ""


def test_whatever_a_spreadsheet_makes_of_it(opened, hand_in, truth):
    """Semicolons, decimal commas, a byte order mark, empty lines, further columns and spectra, other cases."""
    folder = hand_in("sheet")
    for name in (P, M, C):
        table = pd.read_csv(folder / name)
        if name == P:
            home = pd.DataFrame({"ID": truth.ids_at_home, "P(R)": "?"})
            table = pd.concat([table, home]).assign(comment="sure").rename(columns={"ID": "id"})
        text = table.to_csv(sep=";", decimal=",", index=False) + ";" * (table.shape[1] - 1) + "\n"
        (folder / name).write_bytes(text.encode("utf-16" if name == C else "utf-8-sig"))
    marks, _ = opened(folder)
    row = marks.loc["sheet"]
    assert (
        row["problems"] == "" and row["AUROC abroad"] == 1 and row["right"] == len(truth.peaks) and row["claims"] == 1
    )


def test_a_zip_will_do_and_its_own_folder_as_well(opened, hand_in, tmp_path):
    folder = hand_in("anna")
    with zipfile.ZipFile(tmp_path / "ben.ZIP", "w") as archive:
        for path in folder.iterdir():
            archive.write(path, f"answer of ben/{path.name}")
            archive.writestr(f"__MACOSX/answer of ben/._{path.name}", "nothing")
            archive.writestr(f"answer of ben/older/{path.name}", "nothing")
    marks, _ = opened(folder, tmp_path / "ben.ZIP")
    assert marks.loc["ben"].equals(marks.loc["anna"])


@pytest.mark.parametrize(
    ("claim", "came_out", "verdict"),
    [
        ("AUROC abroad,0.7,", "1.000", "holds"),
        ("AUROC abroad,,0.6", "1.000", "does not hold, and by chance it would have held, too"),
        ("auroc  abroad,0.7,", "1.000", "holds"),
        ("Brier score abroad,,0.2", "| 0 |", "holds"),
        ("Brier score abroad,0.2,0.3", "| 0 |", "does not hold, and by chance it would have held, too"),
        ("right among my first 4 m/z,3,", "| 4 |", "holds"),
        ("right among my first 400 m/z,,2", "| 13 |", "does not hold, and by chance it would have held, too"),
        ("right among the first 4 m/z,0,", "| 4 |", "holds, and by chance it holds, too"),
    ],
)
def test_what_becomes_of_claims(claim, came_out, verdict, opened, hand_in):
    marks, out = opened(hand_in("group", claim=claim))
    (line,) = [line for line in (out / "group.md").read_text().splitlines() if " at " in line and line.startswith("| ")]
    assert came_out in line and line.endswith(f"| {verdict} |")
    assert marks.loc["group", "that hold"] == verdict.startswith("holds")


def test_a_claim_whose_limit_lies_in_the_interval(opened, hand_in, truth):
    y = truth.labels.dropna()
    score = (y + 2 * np.random.default_rng(3).random(len(y))) / 3
    interval = auroc_with_interval(y, score, isolate=truth.isolate[y.index])
    limit = (interval.low + interval.value) / 2
    probability = score.reindex(truth.labels.index, fill_value=0.5)
    _, out = opened(hand_in(probability=probability, claim=f"AUROC abroad,{limit},"))
    assert "| holds, but the interval reaches beyond the limit |" in (out / "group.md").read_text()


def test_what_could_not_be_measured_does_not_hold(opened, hand_in):
    folder = hand_in("group", claim="AUROC abroad,,0.6\nBrier score abroad,,1\nright among my first 4 m/z,0,")
    (folder / P).unlink()
    (folder / M).unlink()
    marks, out = opened(folder)
    assert (out / "group.md").read_text().count("could not be measured") == 3
    assert marks.loc["group", ["claims", "that hold"]].tolist() == [3, 0]


def test_a_sealed_claim_is_told_from_one_that_was_changed(opened, hand_in, tmp_path):
    same, changed, other = hand_in("same"), hand_in("changed"), hand_in("other")
    codes = {folder.name: seal_claim(folder) for folder in (same, changed)}
    assert codes["same"] == codes["changed"]
    pd.Series(codes, name="code").str.upper().to_csv(tmp_path / "codes.csv", index_label="hand-in")
    (same / C).write_text("what;at least;at most\r\nAUROC abroad;0,60;\r\n")
    (same / "method.md").write_text((same / "method.md").read_text().replace("\n", "\r\n") + "\r\n")
    (changed / C).write_text("what,at least,at most\nAUROC abroad,0.61,\n")
    marks, out = opened(same, changed, other, codes=tmp_path / "codes.csv")
    assert marks["as sealed"].to_dict() == {"same": "yes", "changed": "no", "other": "no code"}
    assert "**This is not the claim that was sealed" in (out / "changed.md").read_text()
    assert marks["as sealed"].isna().sum() == 0


@pytest.mark.parametrize("text", ["", "group,number\na,1\n"])
def test_codes_that_are_none(text, opened, hand_in, tmp_path):
    (tmp_path / "codes.csv").write_text(text)
    with pytest.raises(ValueError, match=r"codes\.csv: "):
        opened(hand_in(), codes=tmp_path / "codes.csv")
    assert not (tmp_path / "marks").exists()


def test_changing_the_method_changes_the_code(hand_in):
    one, other = hand_in("one"), hand_in("other", method="Think first, and then train one network.")
    assert seal_claim(one) != seal_claim(other)
    with pytest.raises(ValueError, match="nothing is claimed yet"):
        seal_claim(hand_in("none", claim="AUROC abroad,,"))


def test_names_of_hand_ins(tmp_path):
    assert list(named(["x/answer", "y/answer.zip", "z"])) == ["x-answer", "y-answer", "z"]
    with pytest.raises(ValueError, match="would both be called"):
        named(["a/x/answer", "b/x/answer"])
    with pytest.raises(ValueError, match="would both be called"):
        named(["a/Anna", "b/anna"])


def test_nothing_is_overwritten_and_nothing_is_marked_without_hand_ins(opened, hand_in, tmp_path):
    with pytest.raises(ValueError, match="there is nothing to mark"):
        opened()
    (tmp_path / "marks").mkdir()
    with pytest.raises(FileExistsError, match="marks is there already"):
        opened(hand_in())
    assert not list((tmp_path / "marks").iterdir())
