"""The variants differ in what they say, are counted correctly, and are as equal as they can be otherwise."""

import numpy as np
import pytest
import torch
from sklearn.base import clone
from sklearn.ensemble import RandomForestClassifier
from toys import problem

from maldinb import MaldiMLPClassifier
from maldinb.ablation import count_parameters, variants
from maldinb.evaluation import baselines

SMALL = {"epochs": 2, "hidden_dim": 8, "head_dims": (5,), "batch_size": 16}
NETWORKS = [name for name, model in variants(12, **SMALL).items() if isinstance(model, MaldiMLPClassifier)]


def test_every_variant_is_an_unfitted_classifier_that_fits():
    X, y, _ = problem()
    models = variants(X.shape[1], **SMALL)
    assert [name for name in models if f'\n        "{name}"\n' not in variants.__doc__] == []
    scores = {name: clone(model).fit(X, y).predict_proba(X) for name, model in models.items()}
    assert all(score.shape == (len(y), 2) for score in scores.values())
    assert not any(hasattr(model, "classes_") for model in models.values())
    assert len({score.tobytes() for score in scores.values()}) == len(models)


def test_parameters_are_passed_to_all_networks():
    models = variants(30, **SMALL, standardize=True, random_state=7)
    networks = {name: model for name, model in models.items() if isinstance(model, MaldiMLPClassifier)}
    assert all(model.standardize and model.epochs == 2 for model in networks.values())
    states = {name: model.random_state for name, model in networks.items()}
    assert states.pop("learned gate, other seed") != 7 and set(states.values()) == {7}
    with pytest.raises(TypeError, match="epoch"):
        variants(30, epoch=3)


@pytest.mark.parametrize("name", NETWORKS)
def test_counts_are_those_of_the_weights_that_training_moves(name):
    X, y, _ = problem(n_bins=12)
    model = variants(12, **SMALL)[name].fit(X, y)
    start = clone(model).set_params(learning_rate=1e-30).fit(X, y).model_.state_dict()
    moved = [key for key, value in model.model_.named_parameters() if not torch.equal(value, start[key])]
    assert count_parameters(model, 12) == sum(dict(model.model_.named_parameters())[key].numel() for key in moved)


@pytest.mark.parametrize("n_bins, width", [(20, 16), (300, 64), (6000, 64), (6000, 256), (6000, 512)])
def test_the_matched_mlp_has_as_many_parameters_as_its_width_allows(n_bins, width):
    models = variants(n_bins, hidden_dim=width)
    wanted = count_parameters(models["learned gate"], n_bins)

    def off(units):
        plain = clone(models["matched MLP"]).set_params(hidden_dim=units)
        return abs(count_parameters(plain, n_bins) - wanted)

    chosen = models["matched MLP"].hidden_dim
    assert not models["matched MLP"].use_attention
    assert off(chosen) == min(off(units) for units in range(width, 3 * width))
    assert n_bins < 6000 or off(chosen) < 0.005 * wanted


def test_only_what_is_known_is_counted():
    X, y, _ = problem(n_bins=12)
    logistic = baselines()["logistic regression"].fit(X, y)
    assert count_parameters(logistic, 12) == logistic[-1].coef_.size + logistic[-1].intercept_.size
    assert count_parameters(RandomForestClassifier(), 10) is None


def test_counting_draws_no_random_numbers():
    torch.manual_seed(0)
    expected = torch.rand(1)
    torch.manual_seed(0)
    count_parameters(variants(50, **SMALL)["learned gate"], 50)
    assert np.isclose(torch.rand(1).item(), expected.item(), rtol=0, atol=0)
