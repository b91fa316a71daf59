"""The network computes what its formulas say, and its parts can be taken apart."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from maldinb.network.model import GATES, Dropout, SpectralAttentionMLP


def made(seed=0, **options):
    torch.manual_seed(seed)
    return SpectralAttentionMLP(**{"n_bins": 20, "hidden_dim": 6, "head_dims": (5, 4), "n_classes": 3} | options).eval()


@pytest.fixture(autouse=True)
def keep_the_random_state():
    state = torch.get_rng_state()
    yield
    torch.set_rng_state(state)


@pytest.fixture
def x():
    return torch.rand(7, 20, generator=torch.Generator().manual_seed(1))


def test_the_design_is_the_default():
    model = SpectralAttentionMLP(6000)
    layers = [tuple(m.weight.shape) for m in model.modules() if isinstance(m, nn.Linear)]
    assert sorted(layers) == sorted([(512, 6000), (512, 512), (256, 512), (128, 256), (2, 128)])
    assert [m.p for m in model.modules() if isinstance(m, Dropout)] == [0.3, 0.3, 0.2]
    assert sum(isinstance(m, nn.BatchNorm1d) for m in model.modules()) == 3


def test_an_answer_known_beforehand():
    """Two bins, two units: z = relu(x), g = sigmoid of given numbers, logits = sum of gated units and its negative."""
    model = SpectralAttentionMLP(2, hidden_dim=2, head_dims=(), n_classes=2).eval()
    with torch.no_grad():
        for linear, weight in (
            (model.project[0], [[1, 0], [0, 1]]),
            (model.gate[0], [[0, 0], [1, 0]]),
            (model.classify[0], [[1, 1], [-1, -1]]),
        ):
            linear.weight.copy_(torch.tensor(weight))
            linear.bias.zero_()
        model.project[1].running_var.fill_(1 - model.project[1].eps)
        logits, gates = model(torch.tensor([[3.0, 4.0], [-1.0, 4.0]]), return_gates=True)
    sigmoid_3 = 1 / (1 + np.exp(-3))
    np.testing.assert_allclose(gates, [[0.5, sigmoid_3], [0.5, 0.5]], rtol=1e-6)
    expected = np.array([3 * 0.5 + 4 * sigmoid_3, 0 * 0.5 + 4 * 0.5])
    np.testing.assert_allclose(logits, np.stack([expected, -expected], axis=1), rtol=1e-6)


def test_the_formulas(x):
    """The same in plain functions, with the weights looked up by name."""
    model, w = made(), None
    model.train()
    model(x)  # so that the running mean and variance of BatchNorm are not 0 and 1
    model.eval()
    w = model.state_dict()

    def layer(x, name):
        h = F.linear(x, w[f"{name}.0.weight"], w[f"{name}.0.bias"])
        h = (h - w[f"{name}.1.running_mean"]) / (w[f"{name}.1.running_var"] + 1e-5).sqrt()
        return (h * w[f"{name}.1.weight"] + w[f"{name}.1.bias"]).clamp(min=0)

    z = layer(x, "project")
    g = 1 / (1 + torch.exp(-F.linear(z, w["gate.0.weight"], w["gate.0.bias"])))
    h = layer(layer(z * g, "classify.0"), "classify.1")
    logits, gates = model(x, return_gates=True)
    torch.testing.assert_close(gates, g)
    torch.testing.assert_close(logits, F.linear(h, w["classify.2.weight"], w["classify.2.bias"]))
    assert logits.shape == (7, 3) and gates.shape == (7, 6)


@pytest.mark.parametrize("gate", GATES)
def test_the_parts_make_the_whole(gate, x):
    model = made(gate=gate)
    logits, gates = model(x, return_gates=True)
    assert torch.equal(model(x), logits)
    z = model.project(x)
    if gate == "none":
        assert gates is None and model.gate is None
        assert torch.equal(model.classify(z), logits)
    else:
        assert torch.equal(model.gate(z), gates) and gates.shape == z.shape
        assert torch.equal(model.classify(z * gates), logits)
        assert ((gates > 0) & (gates < 1)).all()
        others = gates.flip(0)  # of other spectra
        assert torch.equal(model.classify(z * others), logits) == torch.equal(others, gates)


def test_the_kinds_of_gate(x):
    models = {gate: made(gate=gate) for gate in GATES}
    trained = {gate: sum(p.numel() for p in m.parameters() if p.requires_grad) for gate, m in models.items()}
    assert trained["learned"] - 6 * 7 == trained["none"] == trained["frozen"] == trained["constant"]
    assert (models["constant"](x, return_gates=True)[1] == 0.5).all()
    assert all((models[kind](x, return_gates=True)[1].std(dim=0) > 0).any() for kind in ("learned", "frozen"))
    frozen = models["frozen"].gate[0].weight.clone()
    models["frozen"](x).sum().backward()
    assert models["frozen"].gate[0].weight.grad is None and torch.equal(models["frozen"].gate[0].weight, frozen)
    assert torch.equal(frozen, models["learned"].gate[0].weight)


def test_all_kinds_start_alike():
    first, *others = (made(gate=gate).state_dict() for gate in GATES)
    for other in others:
        shared = [name for name in first if not name.startswith("gate")]
        assert len(shared) > 10 and all(torch.equal(first[name], other[name]) for name in shared)


@pytest.mark.parametrize(
    ("dropout", "head_dims", "rates"),
    [
        (0.1, (5, 4), [0.1] * 3),
        ((0.3, 0.2), (5, 4), [0.3, 0.2, 0.2]),
        ((0.3, 0.2, 0.1), (), [0.3]),
        ([0], (5,), [0, 0]),
    ],
)
def test_dropout_rates(dropout, head_dims, rates):
    model = made(dropout=dropout, head_dims=head_dims)
    assert [m.p for m in model.modules() if isinstance(m, Dropout)] == rates


def test_an_unknown_gate_lists_the_choices():
    with pytest.raises(ValueError, match="gate is one of 'learned', 'none', .*not 'soft'"):
        made(gate="soft")


@pytest.mark.parametrize("p", [0.0, 0.2, 0.5])
def test_dropout_is_that_of_torch(p):
    ours, theirs = Dropout(p), nn.Dropout(p)
    x = torch.randn(50, 30)
    torch.manual_seed(3)
    expected = theirs(x)
    torch.manual_seed(3)
    assert torch.equal(ours(x), expected)
    assert torch.equal(ours.eval()(x), x)


def test_dropout_with_a_generator_of_its_own():
    layer, x = Dropout(0.5), torch.ones(50, 30)
    layer.generator = torch.Generator().manual_seed(3)
    before = torch.get_rng_state()
    first = layer(x)
    assert torch.equal(torch.get_rng_state(), before)
    torch.manual_seed(3)
    layer.generator = None
    assert torch.equal(layer(x), first)


def test_it_prints_what_it_is():
    text = repr(made())
    assert "project" in text and "Sigmoid" in text and "Dropout(p=0.3)" in text
