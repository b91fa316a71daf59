"""The stored tables are whole, not stale, and renewed by one command; means and intervals are what they say."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from maldinb import binary_labels, evaluation, load_simulated
from maldinb.simulation import CAUSES, SCENARIOS
from maldinb.transfer import __main__ as command
from maldinb.transfer import cause_table, causes, cures, local_curve, main_effects, mean_over_seeds
from maldinb.transfer.cells import MODELS
from maldinb.transfer.cure_cells import CURES

RENEW = "the stored tables are out of date: `make causes` renews them, in about an hour"
TABLES = {"causes": causes.CAUSES_TABLE, "cures": cures.CURES_TABLE, "isolates": cures.ISOLATES_TABLE}


def test_code_and_spectra_that_decide_the_numbers_are_the_same():
    assert causes.why_stale() == [], RENEW
    assert cures.why_stale() == [], RENEW


def test_folds_and_scores_are_the_same():
    """Logistic regression draws no random numbers: all that comes before it, and after, shows in its scores."""
    data = load_simulated("Amikacin", seed=0)
    X, y = binary_labels(data)
    batch, model = data.batch[X.index], evaluation.baselines()["logistic regression"]
    splits = evaluation.stratified_splits(y, batch, isolate=data.isolate[X.index])
    within, _ = evaluation.within_batch_auroc(y, evaluation.out_of_fold_scores(model, X, y, splits), batch)
    abroad = evaluation.leave_one_batch_out_table(model, X, y, batch).set_index("batch")["auroc"]
    kept = causes.stored_causes().table.query("seed == 0 and model == 'logistic regression'").set_index(list(CAUSES))
    today = pd.Series({"within": within} | {f"left out {city}": value for city, value in abroad.items()})
    assert (kept.loc[(1,) * len(CAUSES), today.index] - today).abs().max() < 1e-3, RENEW


def test_the_causes_are_whole():
    table, provenance = causes.stored_causes()
    cells = causes.causes_cells()
    assert len(table) == len(cells) * len(MODELS) and not table.isna().any(axis=None)
    assert not table.duplicated([*CAUSES, "seed", "model"]).any()
    assert set(cause_table(table)["seeds"]) == {provenance["seeds"]}
    abroad = table[[name for name in table if name.startswith("left out ")]]
    assert abroad.shape[1] == 3 and np.allclose(abroad.mean(axis=1), table["left out"], atol=1e-5)
    assert table[["pooled", "within", "left out", "told"]].ge(0.2).all(axis=None)


def test_the_cures_and_isolates_are_whole():
    (table, provenance), (curves, about) = cures.stored_cures(), cures.stored_isolates()
    cells = table.groupby(["world", "seed", "cure", "model"]).size()
    assert set(cells) == {1} and len(cells) == len(provenance["worlds"]) * provenance["seeds"] * len(CURES) * len(
        MODELS
    )
    assert not table.isna().any(axis=None)
    assert curves.groupby(["world", "seed", "model"]).ngroups == len(about["worlds"]) * about["seeds"] * len(MODELS)
    assert set(curves["isolates"]) == {0, *about["sizes"]} and curves["auroc"].between(0, 1).all()


@pytest.fixture
def made_up():
    """Scores that are 0.9 less 0.3 for biology and 0.01 for calibration, the more the higher the seed."""
    rows = [
        {c: int(c in differs) for c in CAUSES} | {"seed": seed, "differs": differs}
        for cell in causes.causes_cells(causes.DESIGN | {"seeds": 3})
        for differs, seed in [(cell["differs"], cell["seed"])]
    ]
    table = pd.DataFrame(rows)
    table["left out"] = 0.9 - table["biology"] * (0.3 + 0.01 * table["seed"]) - 0.01 * table["calibration"]
    return table.drop(columns="differs").assign(model="gradient boosting", told=1.0)


def test_causes_alone_and_alone_missing(made_up):
    table = cause_table(made_up)
    assert len(table) == 14 and set(table["seeds"]) == {3}
    assert table.loc[("everything", ""), "value"] == pytest.approx(0.58)
    assert table.loc[("all but", "biology"), ["value", "effect"]].tolist() == pytest.approx([0.89, 0.31])
    assert table.loc[("only", "biology"), ["value", "effect"]].tolist() == pytest.approx([0.59, -0.31])
    only = table.loc[("only", "calibration")]
    assert only[["effect", "effect low", "effect high"]].tolist() == pytest.approx([-0.01] * 3)
    reach = 4.302653 * 0.01 / np.sqrt(3)  # Student's t with two degrees of freedom
    assert table.loc[("only", "biology"), "high"] - 0.59 == pytest.approx(reach)
    assert table.loc[("all but", "clones"), "effect"] == pytest.approx(0)


def test_main_effects_are_over_all_combinations(made_up):
    effects = main_effects(made_up)
    assert effects["biology"] == pytest.approx(0.3) and effects["calibration"] == pytest.approx(0.01)
    assert effects.drop(["biology", "calibration"]).abs().max() < 1e-12
    with pytest.raises(ValueError, match="no seed has them all"):
        main_effects(made_up[made_up["seed"] == 1])


def test_what_is_not_there_is_said(made_up):
    with pytest.raises(ValueError, match="measure is one of 'left out', 'told', not 'seed'"):
        cause_table(made_up, "seed")
    with pytest.raises(ValueError, match="model is one of 'gradient boosting'"):
        cause_table(made_up, model="forest")


def test_one_seed_has_no_interval_and_cities_of_one_seed_count_as_one():
    table = pd.DataFrame({"cure": "none", "seed": [0, 0, 1, 1], "within": [0.6, 0.8, 0.8, 1.0], "city": list("abab")})
    both, one = (mean_over_seeds(part, ["cure"], ["within"]).iloc[0] for part in (table, table[table["seed"] == 0]))
    assert both["value"] == pytest.approx(0.8) and both["seeds"] == 2
    assert both["high"] - 0.8 == pytest.approx(12.7062 * np.std([0.7, 0.9], ddof=1) / np.sqrt(2), rel=1e-4)
    assert one["value"] == pytest.approx(0.7) and np.isnan(one["low"])


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """The tables in a folder of their own, with few spectra and a design that takes seconds."""
    little = {"seeds": 1, "factorial seeds": 0}
    there = {
        name: replace(one, path=tmp_path / one.path.name, design=one.design | little) for name, one in TABLES.items()
    }
    monkeypatch.setattr(causes, "CAUSES_TABLE", there["causes"])
    monkeypatch.setattr(cures, "CURES_TABLE", there["cures"])
    monkeypatch.setattr(cures, "ISOLATES_TABLE", there["isolates"])
    score = {"pooled": 0.8, "within": 0.8, "left out": 0.7, "told": 1.0}
    monkeypatch.setattr(causes, "causes_cell", named("causes_cell", lambda differs, seed: [{"model": "m"} | score]))
    cure = {"cure": "none", "model": "m", "left out": 0.5}
    monkeypatch.setattr(cures, "cures_cell", named("cures_cell", lambda world, seed: [cure]))
    monkeypatch.setattr(cures, "isolates_cell", named("isolates_cell", lambda world, seed: [{"isolates": 0}]))
    return tmp_path


def named(name, function):
    function.__name__ = name
    return function


def test_the_command_renews_them(elsewhere, capsys):
    command.main(["--folder", str(elsewhere / "cells"), "--jobs", "1"])
    table, provenance = causes.stored_causes()
    assert len(table) == 14 and provenance["seeds"] == 1 and causes.why_stale() == cures.why_stale() == []
    assert table[list(CAUSES)].sum(axis=1).tolist() == [6, 0] + [5] * 6 + [1] * 6
    assert cures.stored_cures().table["world"].tolist() == cures.CURES_TABLE.design["worlds"]
    assert list(cures.stored_isolates().table.columns) == ["world", "seed", "isolates"]
    assert capsys.readouterr().out.count("are new") == 3


def test_other_spectra_make_them_stale(elsewhere, monkeypatch):
    command.main(["--folder", str(elsewhere / "cells"), "--jobs", "1"])
    monkeypatch.setattr(causes, "probe", lambda scenario, seed=0: [0.0 if scenario.differing == ("heights",) else 1.0])
    stale = causes.why_stale()
    assert len(stale) == len(causes.probes()) and "this differs between cities: only heights" in " ".join(stale)


def test_the_cells_fit_and_score(monkeypatch):
    """With few spectra and models that take no time, the real cells."""
    from sklearn.linear_model import LogisticRegression

    from maldinb.transfer import cells, cure_cells, isolate_cells

    for module in (cells.evaluation, cure_cells, isolate_cells):
        monkeypatch.setattr(module, "baselines", lambda seed: dict.fromkeys(MODELS, LogisticRegression()))
    monkeypatch.setattr(cells, "N_SPECTRA", 60)
    monkeypatch.setattr(cells, "N_SPLITS", 2)
    few = cells.causes_cell(["biology", "heights"], 0)
    assert [row["model"] for row in few] == list(MODELS) and 0.4 < few[0]["told"] <= 1
    assert few[0]["left out"] == pytest.approx(np.mean([few[0][f"left out {c}"] for c in ("Rome", "Milan", "Catania")]))
    monkeypatch.setattr(cure_cells, "CURES", {name: CURES[name] for name in ("alignment", "scaling")})
    monkeypatch.setattr(cure_cells, "judge", lambda *args, **options: judged(args, options))
    judged = Judged()
    cure_cells.cures_cell("shift only", 0)
    assert [type(options["correction"]).__name__ for options in judged.options] == ["NoneType"] * 2 + [
        "BatchScaler"
    ] * 2
    assert not np.allclose(judged.rows[0], judged.rows[2])  # aligned, and not
    assert set(judged.options[0]["peaks"]) <= set(np.arange(2000, 12000, 0.5)) and len(judged.options[0]["peaks"]) > 5
    monkeypatch.setattr(isolate_cells, "local_curve", lambda *args, **options: local_curve(*args, **options | LITTLE))
    curve = isolate_cells.isolates_cell("twin", 0)
    assert {row["trained on"] for row in curve} == {"others", "own", "own and others"}
    assert "twin" in SCENARIOS and {row["model"] for row in curve} == set(MODELS)


LITTLE = {"sizes": (0, 4), "n_draws": 1}


class Judged:
    """Stands in for `judge` and keeps what it was asked."""

    def __init__(self):
        self.rows, self.options = [], []

    def __call__(self, args, options):
        self.rows.append(args[1].to_numpy())
        self.options.append(options)
        return pd.DataFrame({"value": {"left out": 0.5}})
