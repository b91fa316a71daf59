"""Interventions do to the gates what they say, and show an effect where there must be one."""

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from networks import spectra, trained, two_units
from sklearn.metrics import roc_auc_score

from maldinb import MaldiMLPClassifier
from maldinb import interpretation as ip
from maldinb.evaluation import within_batch_auroc
from maldinb.interpretation.interventions import _derangement, _of_the_other_class

RANDOM = ("another spectrum's", "another unit's", "swapped classes")


@pytest.fixture(scope="module", params=[False, True], ids=["raw", "standardized"])
def some(request):
    """A network, and spectra, labels and cities that it was not trained on."""
    clf, X, y, city = trained(0, n=200, epochs=20, standardize=request.param)
    return clf.fit(X[:120], y[:120]), X[120:], y[120:], city[120:]


def by_hand(clf, X, gates_of):
    """Log-odds through the network's own layers, with other gates."""
    model = clf.model_
    with torch.no_grad():
        hidden = model.project(clf.as_tensor(X))
        logits = model.classify(hidden * gates_of(model.gate(hidden)))
    return (logits[:, 1] - logits[:, 0]).numpy()


# --- interventions


def test_each_intervention_by_hand(some):
    clf, X, y, _ = some
    rng = {name: np.random.default_rng(3) for name in RANDOM}
    gates_of = {
        "as is": lambda g: g,
        "one half": lambda g: torch.full_like(g, 0.5),
        "one": torch.ones_like,
        "mean": lambda g: g.mean(dim=0).expand_as(g),
        "another spectrum's": lambda g: g[_derangement(80, rng["another spectrum's"])],
        "another unit's": lambda g: g[:, _derangement(6, rng["another unit's"])],
        "swapped classes": lambda g: g[_of_the_other_class(y, rng["swapped classes"])],
    }
    for name, function in gates_of.items():
        ours = ip.replace_gates(ip.Opened(clf, X), name, y=y, random_state=3)
        assert ours == pytest.approx(by_hand(clf, X, function), abs=1e-5), name
        assert (name == "as is") == (np.abs(ours - clf.decision_function(X)).max() < 1e-5)
    opened = ip.Opened(clf, X)
    only = opened.log_odds(hidden=np.tile(opened.hidden.mean(axis=0), (80, 1)), gates=opened.gates)
    assert ip.replace_gates(opened, "gates only") == pytest.approx(only)
    assert set(gates_of) | {"gates only"} == set(ip.INTERVENTIONS)


def test_random_interventions_repeat_with_the_seed(some):
    clf, X, y, _ = some
    for name in RANDOM:
        first, again, other = (ip.replace_gates(ip.Opened(clf, X), name, y=y, random_state=seed) for seed in (0, 0, 1))
        assert np.array_equal(first, again) and not np.allclose(first, other)


@given(st.integers(2, 40), st.integers(0, 10**6))
def test_nobody_keeps_its_own_gates(n, seed):
    order = _derangement(n, np.random.default_rng(seed))
    assert sorted(order) == list(range(n)) and (order != np.arange(n)).all()


@given(st.lists(st.integers(0, 1), min_size=2, max_size=40), st.integers(0, 10**6))
def test_swapped_gates_come_from_the_other_class(y, seed):
    y = np.array([0, 1, *y])
    assert (y[_of_the_other_class(y, np.random.default_rng(seed))] == 1 - y).all()


def test_the_table_says_what_each_intervention_does(some):
    clf, X, y, city = some
    table = ip.intervention_table(ip.Opened(clf, X), y, city, n_draws=1, random_state=7)
    assert list(table.index) == list(ip.INTERVENTIONS) and table.index.name == "gates"
    assert list(table.columns) == ["auroc", "change", "within batch", "correlation", "moved"]
    plain = clf.decision_function(X)
    for name, row in table.iterrows():
        score = ip.replace_gates(ip.Opened(clf, X), name, y=y, random_state=7)
        expected = [
            roc_auc_score(y, score),
            roc_auc_score(y, score) - roc_auc_score(y, plain),
            within_batch_auroc(y, score, city)[0],
            np.corrcoef(score, plain)[0, 1],
            np.abs(score - plain).mean(),
        ]
        assert row.tolist() == pytest.approx(expected, abs=1e-4), name
    assert table.loc["as is", "change"] == 0 == table.loc["as is", "moved"]
    one = ip.intervention_table(ip.Opened(clf, X), y, city, interventions="mean")
    pd.testing.assert_frame_equal(one, table.loc[["mean"]])


def test_random_draws_are_averaged(some):
    clf, X, y, city = some
    tables = [ip.intervention_table(ip.Opened(clf, X), y, city, n_draws=n) for n in (1, 8)]
    for name in ip.INTERVENTIONS:
        assert (tables[0].loc[name, "moved"] != tables[1].loc[name, "moved"]) == (name in RANDOM)


def test_a_gate_that_is_always_one_half_can_be_replaced_by_one_half():
    clf, X, y, city = trained(1, epochs=5, gate="constant")
    table = ip.intervention_table(ip.Opened(clf, X), y, city)
    same = ["as is", "one half", "mean", *RANDOM]
    assert table.loc[same, "moved"].max() == 0 and table.loc[same, "correlation"].min() > 1 - 1e-9
    assert table.loc["one", "moved"] > 0.01
    assert table.loc["gates only", "auroc"] == 0.5 and np.isnan(table.loc["gates only", "correlation"])


@pytest.mark.parametrize("hidden_dim", [64, 128])
def test_where_the_gate_must_be_used_every_intervention_costs(hidden_dim):
    """The positive control: the product of two numbers, and a head that is linear."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(741, 20))
    y = (X[:, 0] * X[:, 1] > 0).astype(int)
    clf = MaldiMLPClassifier(epochs=100, hidden_dim=hidden_dim, head_dims=(), early_stopping=False)
    table = ip.intervention_table(ip.Opened(clf.fit(X[:500], y[:500]), X[500:]), y[500:], ["nowhere"] * 241)
    assert table.loc["as is", "auroc"] > 0.87
    assert table["change"].drop("as is").max() < -0.04
    assert table.loc["swapped classes", "change"] < -0.2 and table.loc["another spectrum's", "change"] < -0.15
    # All gates alike only scale what a linear head makes of the units.
    assert table.loc["one", "auroc"] == pytest.approx(table.loc["one half", "auroc"], abs=1e-9)


def test_with_gates_of_the_other_class_a_network_that_goes_by_them_is_wrong():
    """Log-odds are one unit with the same value in all spectra, times its gate, and the gate is the label."""
    X = spectra()
    clf = two_units(X, gate_weights=(20, 0), gate_biases=(-10, 0))
    with torch.no_grad():
        clf.model_.project[0].weight.mul_(0.01)
        clf.model_.project[0].bias.fill_(1)
        clf.model_.gate[0].weight.mul_(100)
        clf.model_.gate[0].bias[0] = -10 - 2000
        clf.model_.classify[-1].weight[1] = torch.tensor([5.0, 0, 0, 0])
    y = (X[:, 10] > 0.5).astype(int)
    table = ip.intervention_table(ip.Opened(clf, X), y, ["Rome"] * 100)
    assert table.loc["as is", "auroc"] > 0.99 and table.loc["swapped classes", "auroc"] < 0.05
    assert table.loc["gates only", "auroc"] > 0.99 and table.loc["another spectrum's", "auroc"] < 0.7


# --- knock-out


def test_knocked_out_units_are_those_with_gates_of_zero(some):
    clf, X, _, _ = some
    opened = ip.Opened(clf, X)
    assert ip.knock_out(opened, range(6)) == pytest.approx(opened.log_odds(gates=0))
    assert ip.knock_out(opened, [3, 1]) == pytest.approx(opened.log_odds(gates=opened.gates * [1, 0, 1, 0, 1, 1]))
    assert np.array_equal(ip.knock_out(opened, 3), ip.knock_out(opened, np.array([3])))


def test_importance_is_the_mean_change_at_knock_out(some):
    clf, X, _, _ = some
    plain = clf.decision_function(X)
    expected = [np.abs(ip.knock_out(ip.Opened(clf, X), unit) - plain).mean() for unit in range(6)]
    assert ip.unit_importance(ip.Opened(clf, X)) == pytest.approx(expected, abs=1e-5)


def test_only_the_units_that_count_are_important():
    clf = two_units(spectra(), gate_biases=(1, -3))
    gate = 1 / (1 + np.exp([-1, 3]))
    expected = [*(gate * spectra()[:, [10, 40]].mean(axis=0)), 0, 0]
    assert ip.unit_importance(ip.Opened(clf, spectra())) == pytest.approx(expected, rel=1e-4)


def test_the_first_units_of_a_good_ranking_cost_more_than_random_ones():
    X = spectra(300)
    clf = two_units(X)
    y = (X[:, 10] > 0.5).astype(int)
    table = ip.knock_out_table(ip.Opened(clf, X), y, [0, 1, 2, 3], counts=[1, 3, 4], n_draws=200)
    assert list(table.columns) == ["ranked", "random", "low", "high"] and table.index.tolist() == [1, 3, 4]
    plain = roc_auc_score(y, clf.decision_function(X))
    alone = {unit: roc_auc_score(y, ip.knock_out(ip.Opened(clf, X), unit)) - plain for unit in range(4)}
    assert table.loc[1, "ranked"] == pytest.approx(alone[0]) and alone[0] < -0.3 < 0 < alone[1]
    assert alone[2] == alone[3] == 0
    # Random ones are each of the four equally often.
    assert table.loc[1, "random"] == pytest.approx(np.mean(list(alone.values())), abs=0.05)
    assert table.loc[1, "low"] == pytest.approx(alone[0]) and table.loc[1, "high"] == pytest.approx(alone[1])
    assert table.loc[4].tolist() == pytest.approx([0.5 - plain] * 4)  # all four are all four
    worst = ip.knock_out_table(ip.Opened(clf, X), y, [3, 2, 1, 0], counts=[1])
    assert ip.knock_out_table(ip.Opened(clf, X), y, [0, 1, 2, 3]).index.tolist() == [1, 4]  # no more than there are
    assert worst.loc[1, "ranked"] == 0
    pd.testing.assert_frame_equal(worst, ip.knock_out_table(ip.Opened(clf, X), y, [3, 2, 1, 0], counts=[1]))


@pytest.mark.parametrize("widths", [(6, (5,)), (33, (17, 5)), (30, (31,))])
def test_spectra_that_are_all_alike_score_like_a_coin(widths):
    """The last digits of equal sums differ from row to row, and their order is no AUROC."""
    hidden_dim, head_dims = widths
    for seed in range(6):
        clf, X, y, city = trained(seed, n=150 + seed, hidden_dim=hidden_dim, head_dims=head_dims, gate="constant")
        only = ip.intervention_table(ip.Opened(clf, X), y, city, interventions=["gates only"]).loc["gates only"]
        assert only["auroc"] == only["within batch"] == 0.5 and np.isnan(only["correlation"])
        plain = roc_auc_score(y, ip.replace_gates(ip.Opened(clf, X), "as is"))
        shut = ip.knock_out_table(ip.Opened(clf, X), y, range(hidden_dim), counts=[hidden_dim], n_draws=1)
        assert shut.iloc[0].tolist() == pytest.approx([0.5 - plain] * 4, abs=1e-12)


# --- bad input


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"interventions": ["mean", "two"]}, "intervention is one of 'as is', .*'gates only', not 'two'"),
        ({"interventions": [0.5]}, "not 0.5"),
        ({"n_draws": 0}, "n_draws is a whole number of at least 1, not 0"),
        ({"y": np.ones(80)}, r"all 80 spectra are resistant \(1\)"),
        ({"y": np.arange(70) % 2}, "there are 80 spectra and 70 labels"),
        ({"batch": ["Rome"] * 70}, r"batch has shape \(70,\), but there are 80 spectra"),
        ({"batch": [" "] * 80}, "80 spectra have no batch"),
        ({"batch": np.arange(80)}, "no batch has both resistant and susceptible spectra"),
    ],
)
def test_bad_input_of_the_table(some, change, message):
    clf, X, y, city = some
    with pytest.raises(ValueError, match=message):
        ip.intervention_table(**{"opened": ip.Opened(clf, X), "y": y, "batch": city} | change)


def test_swapping_takes_labels(some):
    clf, X, _, _ = some
    with pytest.raises(ValueError, match="'swapped classes' takes the labels: give y"):
        ip.replace_gates(ip.Opened(clf, X), "swapped classes")
    with pytest.raises(ValueError, match="all 80 spectra are susceptible"):
        ip.replace_gates(ip.Opened(clf, X), "swapped classes", y=np.zeros(80))
    with pytest.raises(ValueError, match="intervention is one of 'as is'.*not 'half'"):
        ip.replace_gates(ip.Opened(clf, X), "half")


@pytest.mark.parametrize(
    ("units", "message"),
    [
        (6, "there is no unit 6; the network has 6 hidden units, 0-5"),
        ([0, -1], "there is no unit -1"),
        ([], "is a list of whole numbers, those of hidden units, and not empty"),
        ([0.0, 1.0], "is a list of whole numbers"),
        ([True, False], "is a list of whole numbers"),
        ([[0, 1]], "is a list of whole numbers"),
        ([1, 2, 1], "names a unit twice"),
    ],
)
def test_units_that_do_not_exist(some, units, message):
    clf, X, y, _ = some
    with pytest.raises(ValueError, match="units.*" + message):
        ip.knock_out(ip.Opened(clf, X), units)
    with pytest.raises(ValueError, match="ranking.*" + message):
        ip.knock_out_table(ip.Opened(clf, X), y, units)


def test_more_units_than_there_are(some):
    clf, X, y, _ = some
    with pytest.raises(ValueError, match="64 units cannot be shut: the ranking has 6"):
        ip.knock_out_table(ip.Opened(clf, X), y, range(6), counts=[4, 64])
    with pytest.raises(ValueError, match="a count of units is a whole number of at least 1, not 0"):
        ip.knock_out_table(ip.Opened(clf, X), y, range(6), counts=[0])
    with pytest.raises(ValueError, match="n_draws"):
        ip.knock_out_table(ip.Opened(clf, X), y, range(6), counts=[1], n_draws=0)
    with pytest.raises(ValueError, match="there are 80 spectra and 3 labels"):
        ip.knock_out_table(ip.Opened(clf, X), [0, 1, 1], range(6), counts=[1])
