"""MaldiMLPClassifier does what scikit-learn and its documentation promise, and refuses what it cannot do."""

import doctest
import math
import pickle
import threading
import warnings
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse
from sklearn.base import clone
from sklearn.exceptions import ConvergenceWarning, NotFittedError
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GridSearchCV, GroupShuffleSplit, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks
from torch import nn

import maldinb.network.classifier
from maldinb import binary_labels, load_simulated
from maldinb.network import training
from maldinb.network.classifier import MaldiMLPClassifier, split
from maldinb.network.model import SpectralAttentionMLP
from maldinb.network.predictor import BLOCK
from maldinb.network.threads import threads

SMALL = {"epochs": 4, "hidden_dim": 8, "head_dims": (6,), "batch_size": 16, "device": "cpu"}


def small(**options):
    return MaldiMLPClassifier(**SMALL | options)


def spectra(n=70, n_bins=12, n_classes=2, seed=0):
    """Rows whose first bins tell the class."""
    rng = np.random.default_rng(seed)
    y = np.arange(n) % n_classes
    X = rng.normal(size=(n, n_bins))
    X[np.arange(n), y] += 3
    return X, y


def weights(clf):
    return torch.cat([value.double().flatten() for value in clf.model_.state_dict().values()])


@pytest.fixture(scope="module")
def simulated():
    data = load_simulated()
    X, y = binary_labels(data)
    return X, y, data.meta.loc[X.index, "Isolate"]


# --- what the course and scikit-learn expect ---


@parametrize_with_checks(
    [MaldiMLPClassifier(epochs=30, hidden_dim=16, head_dims=(8,), batch_size=16, learning_rate=0.02)]
)
def test_sklearn_checks(estimator, check):
    check(estimator)


def test_the_published_tutorial_runs(simulated):
    X, y, isolates = simulated
    train, test = next(GroupShuffleSplit(1, test_size=0.3, random_state=0).split(X, y, isolates))
    clf = MaldiMLPClassifier(epochs=30, hidden_dim=256, random_state=0).fit(X.iloc[train], y.iloc[train])
    X_view = X.iloc[test][:20]
    gates = clf.get_attention_weights(X_view)
    assert gates.shape == (20, 256) and gates.min() > 0 and gates.max() < 1
    assert 0.7 < roc_auc_score(y.iloc[test], clf.predict_proba(X.iloc[test])[:, 1]) < 0.95
    assert clf.get_attention_weights(X).shape == (741, 256)
    assert list(clf.feature_names_in_) == list(X.columns) and clf.n_features_in_ == 6000


def test_the_defaults_of_the_design():
    defaults = MaldiMLPClassifier().get_params()
    expected = {
        "epochs": 100, "hidden_dim": 512, "head_dims": (256, 128), "dropout": (0.3, 0.3, 0.2), "learning_rate": 1e-3,
        "batch_size": 32, "patience": 10, "validation_fraction": 0.1, "device": "auto", "random_state": 0,
        "use_attention": True, "gate": "learned", "early_stopping": True, "standardize": False, "num_threads": 1,
    }  # fmt: skip
    assert {name: defaults[name] for name in expected} == expected


@pytest.mark.parametrize("module", [maldinb.network.classifier, maldinb.network.predictor, maldinb.network.opened])
def test_the_examples_in_the_documentation(module):
    assert doctest.testmod(module).failed == 0


def test_a_new_network_is_that_of_the_parameters_and_the_seed():
    before = torch.get_rng_state()
    one, same, other = (small(gate="frozen").new_network(12, 3, seed=seed).state_dict() for seed in (0, 0, 1))
    assert torch.equal(before, torch.get_rng_state())
    assert all(map(torch.equal, one.values(), same.values()))
    assert not torch.equal(one["project.0.weight"], other["project.0.weight"])
    assert one["project.0.weight"].shape == (small().hidden_dim, 12) and one["classify.1.bias"].shape == (3,)


def test_logits_are_what_all_scores_are_made_of():
    X, y = spectra(n_classes=3)
    clf = small().fit(X, y)
    logits = clf.logits(X)
    assert logits.shape == (70, 3) and logits.dtype == np.float64
    assert np.array_equal(logits, clf.decision_function(X)) and np.array_equal(logits.argmax(axis=1), clf.predict(X))
    assert clf.predict_proba(X) == pytest.approx(np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True))


@pytest.mark.parametrize(
    "labels",
    [[0, 1], ["S", "R"], [False, True], [1.0, 2.0], [-7, 300], np.array(["a", "b"], dtype=object), ["R", "S", "I"]],
)
@pytest.mark.parametrize("wrap", [np.asarray, list, pd.Series, lambda y: pd.Series(y).astype("category")])
def test_labels_of_any_type(labels, wrap):
    X, codes = spectra(n_classes=len(labels))
    y = np.asarray(labels)[codes]
    clf = small(epochs=30, learning_rate=0.02).fit(X, wrap(y))
    assert clf.classes_.tolist() == sorted(np.asarray(labels).tolist())
    assert set(clf.predict(X)) <= set(labels) and clf.score(X, y) > 0.8
    proba = clf.predict_proba(X)
    np.testing.assert_allclose(proba.sum(axis=1), 1)
    assert (clf.classes_[proba.argmax(axis=1)] == clf.predict(X)).all()
    score = clf.decision_function(X)
    if len(labels) == 2:
        np.testing.assert_allclose(1 / (1 + np.exp(-score)), proba[:, 1])
    else:
        assert score.shape == proba.shape and (score.argmax(axis=1) == proba.argmax(axis=1)).all()


@pytest.mark.parametrize(
    "change",
    [
        lambda X: X.astype(np.float32),
        lambda X: pd.DataFrame(X),
        lambda X: pd.DataFrame(X, columns=[f"{2000 + 3 * i}" for i in range(X.shape[1])]),
        lambda X: X.tolist(),
        lambda X: np.asfortranarray(X),
        lambda X: np.repeat(X, 2, axis=1)[:, ::2],
        lambda X: X[::-1][::-1],
        lambda X: X.astype(object),
    ],
)
def test_the_same_numbers_in_another_form(change):
    X, y = spectra()
    X = X.astype(np.float32).astype(np.float64)
    clf, other = small().fit(X, y), small().fit(change(X), y)
    assert torch.equal(weights(clf), weights(other))
    assert (other.predict_proba(change(X)) == clf.predict_proba(X)).all()


@pytest.mark.parametrize("dtype", [np.float16, np.int8, np.int64, bool])
def test_coarser_numbers(dtype):
    X, y = spectra()
    assert np.isfinite(small().fit((X * 10).astype(dtype), y).predict_proba((X * 10).astype(dtype))).all()


def test_read_only_rows_are_neither_changed_nor_warned_of():
    X, y = spectra()
    X = X.astype(np.float32)
    X.flags.writeable = y.flags.writeable = False
    copy = X.copy()
    small().fit(X, y).get_attention_weights(X)
    assert (X == copy).all()


@pytest.mark.parametrize("gate", ["learned", "frozen", "constant"])
def test_gates(gate):
    X, y = spectra(150)
    clf = small(gate=gate).fit(X, y)
    gates = clf.get_attention_weights(X)
    assert gates.shape == (150, 8) and ((gates > 0) & (gates < 1)).all()
    _, expected = clf.model_(clf.as_tensor(X), return_gates=True)
    np.testing.assert_allclose(gates, expected.detach(), rtol=1e-5)
    if gate != "constant":
        assert len(np.unique(gates, axis=0)) == 150


def test_no_gates_without_attention():
    X, y = spectra()
    clf = small(use_attention=False).fit(X, y)
    with pytest.raises(RuntimeError, match="fitted with use_attention=False. Fit one with use_attention=True"):
        clf.get_attention_weights(X)
    assert clf.score(X, y) >= 0.5 and clf.model_.gate is None


def test_a_frozen_gate_is_not_trained():
    X, y = spectra()
    start, trained = (small(gate="frozen", epochs=epochs).fit(X, y).model_ for epochs in (1, 4))
    assert torch.equal(start.gate[0].weight, trained.gate[0].weight)
    assert not torch.equal(start.project[0].weight, trained.project[0].weight)


@given(rows=st.lists(st.integers(0, 199), min_size=1, max_size=150))
def test_a_score_does_not_depend_on_its_company(fitted, rows):
    clf, X, scores, gates = fitted
    assert (clf.decision_function(X[rows]) == scores[rows]).all()
    assert (clf.get_attention_weights(X[rows]) == gates[rows]).all()


@pytest.fixture(scope="module")
def fitted():
    X, y = spectra(200, n_bins=300)
    clf = small(hidden_dim=64, head_dims=(32, 16)).fit(X, y)
    return clf, X, clf.decision_function(X), clf.get_attention_weights(X)


def test_blocks_of_every_length():
    X, y = spectra(3 * BLOCK)
    clf = small().fit(X, y)
    for n in (1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK):
        assert clf.predict(X[:n]).shape == (n,) and clf.get_attention_weights(X[:n]).shape == (n, 8)


def test_standardize():
    X, y = spectra()
    X = X * np.geomspace(1e-6, 1e3, 12) + 5
    X[:, 3] = 7
    clf = small(standardize=True, early_stopping=False).fit(X, y)
    rows = clf.as_tensor(X)
    np.testing.assert_allclose(rows.mean(axis=0), 0, atol=0.2)  # 1e-6 beside 5 is beyond float32
    np.testing.assert_allclose(rows[:, 4:].std(axis=0, correction=0), 1, rtol=1e-3)
    assert (rows[:, 3] == 0).all() and clf.scale_[3] == 1
    plain = small().fit(X, y)
    assert plain.mean_ is None and plain.scale_ is None
    np.testing.assert_array_equal(plain.as_tensor(X), X.astype(np.float32))


def test_standardize_looks_at_training_spectra_only():
    X, y = spectra()
    clf = small(standardize=True, random_state=3).fit(X, y)
    train, held = split(y, 0.1, maldinb.network.classifier.draw_seeds(3)[0])
    np.testing.assert_allclose(clf.mean_, X[train].mean(axis=0), rtol=1e-4, atol=1e-6)
    assert len(held) == 8 and not np.allclose(clf.mean_, X.mean(axis=0), rtol=1e-3, atol=1e-4)


def test_class_weights():
    y = np.where(np.arange(120) % 6 == 0, 1, 0)
    X = np.random.default_rng(0).normal(size=(120, 12))
    X[:, 0] += y
    plain, balanced = small(epochs=30).fit(X, y), small(epochs=30, class_weight="balanced").fit(X, y)
    assert balanced.predict_proba(X)[:, 1].mean() > plain.predict_proba(X)[:, 1].mean() + 0.1
    same = small(epochs=30, class_weight={0: 120 / 200, 1: 120 / 40}).fit(X, y)
    assert torch.equal(weights(balanced), weights(same))


# --- the mathematics ---


def reference(clf, X, y):
    """The documented training as a plain loop: torch's own layers, dropout, optimiser and schedule."""
    split_seed, *seeds = maldinb.network.classifier.draw_seeds(clf.random_state)
    train, held = split(y, clf.validation_fraction, split_seed)
    X, y = torch.tensor(X, dtype=torch.float32), torch.tensor(y)
    torch.manual_seed(seeds[0])

    def layer(n_in, n_out, p):
        return nn.Sequential(nn.Linear(n_in, n_out), nn.BatchNorm1d(n_out), nn.ReLU(), nn.Dropout(p))

    project = layer(X.shape[1], 8, 0.3)
    head = nn.Sequential(layer(8, 6, 0.3), nn.Linear(6, 2))
    gate = nn.Sequential(nn.Linear(8, 8), nn.Sigmoid())
    model = nn.ModuleDict({"project": project, "gate": gate, "classify": head})

    def logits(x):
        z = project(x)
        return head(gate(z) * z)

    def use_exact_statistics(x):
        """Layer by layer: what arrives at each BatchNorm from all training rows, with a dropout of its own."""
        state = torch.get_rng_state()
        torch.manual_seed(seeds[2])
        sums = project[0](x)
        z = project(x)
        sums_of_head = head[0][0](gate(z) * z)
        for norm, arriving in ((project[1], sums), (head[0][1], sums_of_head)):
            norm.running_mean, norm.running_var = arriving.mean(0), arriving.var(0, correction=0)
        torch.set_rng_state(state)

    optimizer = torch.optim.Adam(
        model.parameters(), clf.learning_rate, weight_decay=clf.weight_decay, foreach=False, fused=False
    )
    cosine = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda e: (1 + math.cos(math.pi * e / clf.epochs)) / 2)
    order, losses, best = torch.Generator().manual_seed(seeds[1]), [], None
    torch.manual_seed(seeds[2])
    for _ in range(clf.epochs):
        model.train()
        for rows in torch.tensor(train)[torch.randperm(len(train), generator=order)].split(clf.batch_size):
            optimizer.zero_grad()
            nn.functional.cross_entropy(logits(X[rows]), y[rows]).backward()
            optimizer.step()
        cosine.step()
        with torch.no_grad():
            use_exact_statistics(X[train])
            model.eval()
            losses.append(nn.functional.cross_entropy(logits(X[held]), y[held]).item())
        if losses[-1] == min(losses):
            best = {name: value.clone() for name, value in model.state_dict().items()}
    return losses, best


@pytest.fixture
def keep_the_random_state():
    state = torch.get_rng_state()
    yield
    torch.set_rng_state(state)


@pytest.mark.parametrize("weight_decay", [0.0, 0.01])
def test_the_mathematics(monkeypatch, keep_the_random_state, weight_decay):
    X, y = spectra(n_bins=300)
    clf = small(epochs=8, weight_decay=weight_decay, random_state=5)
    losses, best = reference(clf, X, y)
    clf.fit(X, y)
    np.testing.assert_allclose(clf.history_["val_loss"], losses, rtol=2e-3)

    def plain_adam(params, lr, weight_decay):
        return torch.optim.Adam(params, lr, weight_decay=weight_decay, foreach=False, fused=False)

    monkeypatch.setattr(training, "adam", plain_adam)
    clf.fit(X, y)
    assert clf.history_["val_loss"] == losses
    state = clf.model_.state_dict()
    assert state.keys() == best.keys()
    counted = [name for name in best if name.endswith("num_batches_tracked")]  # how often is nobody's business
    assert all(torch.equal(state[name], best[name]) for name in best.keys() - set(counted))


@pytest.mark.parametrize("weight_decay", [0.0, 0.1])
def test_adam_is_that_of_torch(weight_decay):
    start = [torch.randn(shape) for shape in ((30, 50), (50,), ())]
    gradients = [[torch.randn_like(p) for p in start] for _ in range(5)]
    results = []
    for make in (training.adam, lambda params, **options: torch.optim.Adam(params, fused=True, **options)):
        params = [p.clone().requires_grad_() for p in start]
        optimizer = make(params, lr=1e-3, weight_decay=weight_decay)
        for step, these in enumerate(gradients):
            optimizer.param_groups[0]["lr"] = 1e-3 / (1 + step)
            optimizer.zero_grad()
            for p, gradient in zip(params, these, strict=True):
                p.grad = gradient
            optimizer.step()
        results.append(params)
    assert isinstance(training.adam([params[0]], 1e-3, 0), training.FusedAdam)
    assert all(torch.equal(a, b) for a, b in zip(*results, strict=True))


def test_without_the_fused_kernel(monkeypatch):
    X, y = spectra()
    expected = small().fit(X, y)
    monkeypatch.setattr(training, "FusedAdam", None)
    monkeypatch.delattr(torch, "_fused_adam_")
    monkeypatch.setattr(training.torch.optim, "Adam", lambda *args, fused, **options: SlowAdam(*args, **options))
    np.testing.assert_allclose(small().fit(X, y).predict_proba(X), expected.predict_proba(X), atol=2e-3)


SlowAdam = torch.optim.Adam


@pytest.fixture(scope="module")
def four_groups():
    """72 rows that sum to 1, as spectra do, in four groups that each have a peak of their own."""
    rng = np.random.default_rng(0)
    y = np.arange(72) % 4
    X = rng.gamma(2, size=(72, 6000))
    for group in range(4):
        X[y == group, 1000 * group : 1000 * group + 20] += 20
    return X / X.sum(axis=1, keepdims=True), y


@pytest.mark.parametrize("early_stopping", [True, False])
def test_the_network_that_classifies_is_the_one_that_learned(four_groups, early_stopping):
    """Running averages of BatchNorm lag behind on few rows with tiny sums: all spectra got one score."""
    X, y = four_groups
    clf = MaldiMLPClassifier(hidden_dim=64, epochs=30, early_stopping=early_stopping).fit(X[:48], y[:48])
    assert clf.score(X[48:], y[48:]) == 1


@pytest.mark.parametrize("n", [40, 60, 100])
def test_few_spectra_are_enough_to_learn_from(n):
    X, y = binary_labels(load_simulated(n_spectra=n))
    clf = MaldiMLPClassifier(hidden_dim=128).fit(X, y)
    assert clf.score(X, y) > 0.75 and np.ptp(clf.predict_proba(X)[:, 1]) > 0.5


@pytest.mark.parametrize("options", [{}, {"early_stopping": False}, {"gate": "frozen"}, {"use_attention": False}])
def test_batchnorm_knows_its_training_rows_exactly(options):
    X, y = spectra(n_bins=30)
    clf = small(epochs=2, dropout=0.0, **options).fit(X * 1e-4, y)
    train, _ = split(y, 0.1 if clf.early_stopping else 0, maldinb.network.classifier.draw_seeds(0)[0])
    arriving = []
    norms = [module for module in clf.model_.modules() if isinstance(module, nn.BatchNorm1d)]
    for norm in norms:
        norm.register_forward_pre_hook(lambda norm, inputs: arriving.append(inputs[0]))
    with torch.no_grad():
        clf.model_(clf.as_tensor(X[train] * 1e-4))
    assert len(norms) == 2
    for norm, sums in zip(norms, arriving, strict=True):
        assert torch.allclose(norm.running_mean, sums.mean(0), rtol=1e-3, atol=1e-10)
        assert torch.allclose(norm.running_var, sums.var(0, correction=0), rtol=1e-3, atol=0)


@pytest.mark.parametrize("early_stopping", [True, False])
@pytest.mark.parametrize("class_weight", [None, "balanced", {0: 1, 1: 9}])
def test_a_network_that_only_guesses_says_so(early_stopping, class_weight):
    X, y = np.zeros((60, 5)), np.arange(60) % 3 // 2
    clf = small(early_stopping=early_stopping, class_weight=class_weight)
    with pytest.warns(ConvergenceWarning, match=r"no better than guessing: .* Try standardize=True") as caught:
        clf.fit(X, y)
    assert caught[0].filename == __file__
    assert len(caught) == 1


def test_a_network_that_has_learned_says_nothing(simulated):
    X, y, _ = simulated
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        MaldiMLPClassifier(epochs=5, hidden_dim=32).fit(X, y)


def test_the_best_weights_are_kept():
    X, y = spectra(n_bins=300)
    y = np.random.default_rng(0).permutation(y)  # nothing to learn: the validation loss rises
    clf = small(epochs=40, patience=3, learning_rate=0.05).fit(X, y)
    losses = clf.history_["val_loss"]
    assert clf.best_epoch_ == np.argmin(losses) + 1 and clf.n_iter_ == len(losses) == clf.best_epoch_ + 3
    _, held = split(y, 0.1, maldinb.network.classifier.draw_seeds(0)[0])
    logits = torch.from_numpy(clf.predict_proba(X[held])).log()
    assert nn.functional.nll_loss(logits, torch.from_numpy(y[held])).item() == pytest.approx(min(losses), rel=1e-5)
    assert clf.history_["learning_rate"][0] == 0.05
    assert clf.history_["learning_rate"][1] == pytest.approx(0.05 * (1 + math.cos(math.pi / 40)) / 2)


def test_without_early_stopping_all_is_trained_on():
    X, y = spectra()
    clf = small(early_stopping=False).fit(X, y)
    assert clf.n_iter_ == clf.best_epoch_ == 4 and set(clf.history_) == {"train_loss", "learning_rate"}


@given(st.integers(2, 200), st.integers(2, 50))
def test_batches(n, size):
    parts = [part.tolist() for part in training.batches(torch.arange(n), size)]
    assert sum(parts, []) == list(range(n))
    assert all(len(part) == size for part in parts[:-1]) and 2 <= len(parts[-1]) <= size + 1


@given(st.lists(st.integers(0, 4), min_size=2, max_size=80), st.floats(0.01, 0.99), st.integers(0, 5))
def test_the_validation_split(codes, fraction, seed):
    codes = np.array(codes)
    counts = np.bincount(codes)
    if counts.max() < 2:
        with pytest.raises(ValueError, match="early stopping needs a class with two or more"):
            split(codes, fraction, seed)
        return
    train, held = split(codes, fraction, seed)
    assert sorted([*train, *held]) == list(range(len(codes)))
    kept = np.bincount(codes[held], minlength=len(counts))
    many = counts > 1
    assert (kept[~many] == 0).all() and (kept[many] >= 1).all() and (kept[many] < counts[many]).all()
    assert (abs(kept[many] - fraction * counts[many]) <= 1).all()


# --- repeatable, and without a trace ---


@pytest.fixture
def keep_the_threads():
    n = torch.get_num_threads()
    yield
    torch.set_num_threads(n)


def test_the_same_seed_gives_the_same_bits(keep_the_threads):
    X, y = spectra(200, n_bins=2000)
    results = []
    for n in (1, 2, 3):
        torch.set_num_threads(n)
        clf = small(hidden_dim=200).fit(X, y)
        results.append((weights(clf), clf.decision_function(X), clf.history_))
        assert torch.get_num_threads() == n
    for weight, score, history in results[1:]:
        assert torch.equal(weight, results[0][0]) and (score == results[0][1]).all() and history == results[0][2]


def test_fits_that_overlap_leave_the_number_of_threads_alone(keep_the_threads):
    torch.set_num_threads(2)
    first, second, done = threading.Event(), threading.Event(), threading.Event()

    def one():
        with threads(1):
            first.set()
            second.wait()

    def other():
        first.wait()
        with threads(1), threads(3):
            second.set()
            done.wait()

    started = [threading.Thread(target=target) for target in (one, other)]
    for thread in started:
        thread.start()
    started[0].join()
    done.set()
    started[1].join()
    with ThreadPoolExecutor(1) as pool:  # a new thread
        assert pool.submit(torch.get_num_threads).result() == torch.get_num_threads() == 2


def test_a_fit_that_ends_gives_no_threads_to_one_that_goes_on(keep_the_threads):
    torch.set_num_threads(2)
    begun, ended = threading.Event(), threading.Event()

    def shorter():
        with threads(1):
            begun.wait()
        ended.set()

    def longer():  # asks torch for nothing before the other has put its number back
        with threads(1):
            begun.set()
            ended.wait()
            return torch.get_num_threads()

    with ThreadPoolExecutor(2) as pool:
        _, number = pool.submit(shorter), pool.submit(longer)
        assert number.result() == 1


def test_the_number_of_threads_can_be_chosen(keep_the_threads, monkeypatch):
    X, y = spectra()
    torch.set_num_threads(3)
    seen, evaluate = set(), training.evaluate

    def spy(*args):
        seen.add(torch.get_num_threads())
        return evaluate(*args)

    monkeypatch.setattr(training, "evaluate", spy)
    for n in (1, 2, None):
        small(num_threads=n).fit(X, y)
    assert seen == {1, 2, 3}
    with pytest.raises(RuntimeError, match="diverged"):
        small(learning_rate=1e38).fit(X * 1e30, y)
    assert torch.get_num_threads() == 3


def test_the_random_state():
    X, y = spectra()
    first, second = weights(small().fit(X, y)), weights(small(random_state=1).fit(X, y))
    assert not torch.equal(first, second)
    assert torch.equal(first, weights(small(random_state=np.int64(0)).fit(X, y)))
    assert not torch.equal(weights(small(random_state=None).fit(X, y)), weights(small(random_state=None).fit(X, y)))
    one, other = (np.random.RandomState(0) for _ in range(2))
    assert torch.equal(weights(small(random_state=one).fit(X, y)), weights(small(random_state=other).fit(X, y)))
    assert not torch.equal(weights(small(random_state=one).fit(X, y)), weights(small(random_state=0).fit(X, y)))


@pytest.mark.parametrize("random_state", [0, None])
def test_global_random_states_are_left_alone(random_state):
    X, y = spectra()
    ours, theirs = np.random.get_state(), torch.get_rng_state()
    clf = small(random_state=random_state).fit(X, y)
    clf.predict(X)
    assert torch.equal(torch.get_rng_state(), theirs)
    assert all(np.array_equal(a, b) for a, b in zip(np.random.get_state(), ours, strict=True))
    torch.rand(1), np.random.rand()
    assert random_state is None or torch.equal(weights(clf), weights(small().fit(X, y)))


def test_fits_side_by_side_in_threads():
    X, y = spectra(n_bins=300)
    expected = [weights(small(random_state=seed).fit(X, y)) for seed in range(6)]
    with ThreadPoolExecutor(3) as pool:
        found = list(pool.map(lambda seed: weights(small(random_state=seed).fit(X, y)), range(6)))
    assert all(torch.equal(a, b) for a, b in zip(expected, found, strict=True))


def test_a_fit_forgets_the_fit_before():
    X, y = spectra()
    more, labels = spectra(n_bins=9, n_classes=3)
    clf = small().fit(pd.DataFrame(more).add_prefix("bin "), labels).fit(X, y)
    assert torch.equal(weights(clf), weights(small().fit(X, y)))
    assert clf.n_features_in_ == 12 and len(clf.classes_) == 2 and not hasattr(clf, "feature_names_in_")


# --- with scikit-learn's tools ---


def test_pipeline_grid_search_and_clone():
    X, y = spectra()
    pipeline = make_pipeline(StandardScaler(), small())
    grid = {"maldimlpclassifier__hidden_dim": [4, 8], "maldimlpclassifier__head_dims": [(), (5,)]}
    search = GridSearchCV(pipeline, grid, cv=2, scoring="roc_auc", error_score="raise").fit(X, y)
    assert search.best_score_ > 0.5 and search.predict(X).shape == y.shape
    copy = clone(search.best_estimator_)
    assert copy[-1].get_params() == search.best_estimator_[-1].get_params() and not hasattr(copy[-1], "model_")


def test_cross_validation_in_two_processes():
    X, y = spectra()
    one, two = (cross_val_score(small(), X, y, cv=2, scoring="roc_auc", n_jobs=n) for n in (1, 2))
    assert (one == two).all()


def test_pickle():
    X, y = spectra()
    clf = small().fit(X, y)
    again = pickle.loads(pickle.dumps(clf))
    assert (again.predict_proba(X) == clf.predict_proba(X)).all()
    assert torch.equal(weights(clone(again).fit(X, y)), weights(clf))


# --- interrupted, and gone wrong ---


def interrupt_in_epoch(monkeypatch, n):
    train_epoch, calls = training.train_epoch, []

    def interrupted(model, *args):
        calls.append(1)
        loss = train_epoch(model, *args)  # the weights of this epoch are lost
        if len(calls) == n:
            raise KeyboardInterrupt
        return loss

    monkeypatch.setattr(training, "train_epoch", interrupted)


@pytest.mark.parametrize("early_stopping", [True, False])
def test_an_interruption_keeps_what_was_learnt(monkeypatch, early_stopping):
    X, y = spectra()
    complete = small(early_stopping=early_stopping).fit(X, y)
    interrupt_in_epoch(monkeypatch, 4)
    with pytest.warns(UserWarning, match="training was interrupted after epoch 3; the (best|last) weights are kept"):
        clf = small(early_stopping=early_stopping).fit(X, y)
    assert clf.n_iter_ == 3 and clf.history_["train_loss"] == complete.history_["train_loss"][:3]
    assert clf.predict(X).shape == y.shape and not clf.model_.training
    if early_stopping:
        assert clf.best_epoch_ == np.argmin(clf.history_["val_loss"]) + 1
        _, held = split(y, 0.1, maldinb.network.classifier.draw_seeds(0)[0])
        logits = torch.from_numpy(clf.predict_proba(X[held])).log()
        loss = nn.functional.nll_loss(logits, torch.from_numpy(y[held])).item()
        assert loss == pytest.approx(min(clf.history_["val_loss"]), rel=1e-5)


def test_an_interruption_in_the_first_epoch_is_one(monkeypatch):
    X, y = spectra()
    interrupt_in_epoch(monkeypatch, 1)
    clf = small()
    with pytest.raises(KeyboardInterrupt):
        clf.fit(X, y)
    with pytest.raises(NotFittedError):
        clf.predict(X)


def test_divergence_is_told():
    X, y = spectra()
    with pytest.raises(RuntimeError, match="training diverged: the loss is .* in epoch .*which is 1e[+]38, or scale"):
        small(learning_rate=1e38, epochs=20).fit(X, y)


def test_a_progress_bar_on_request(capsys):
    X, y = spectra()
    small().fit(X, y)
    assert capsys.readouterr() == ("", "")
    small(verbose=True).fit(X, y)
    err = capsys.readouterr().err
    assert "4/4" in err and "val_loss" in err


# --- bad input ---


@pytest.mark.parametrize("n", [3, 5, 15, 17, 18, 19, 33, 34, 36, 37])
@pytest.mark.parametrize("early_stopping", [True, False])
def test_fewer_than_a_batch_and_a_last_batch_of_one(n, early_stopping):
    X, y = spectra(n)
    clf = small(early_stopping=early_stopping).fit(X, y)
    assert np.isfinite(clf.predict_proba(X)).all() and np.isfinite(clf.history_["train_loss"]).all()


@pytest.mark.parametrize("options", [{}, {"standardize": True}, {"use_attention": False}])
def test_constant_spectra(options):
    X, y = np.full((40, 12), 1 / 12), np.arange(40) % 2
    clf = small(**options).fit(X, y)
    assert np.isfinite(clf.predict_proba(X)).all() and len(np.unique(clf.predict_proba(X), axis=0)) == 1


def test_a_class_of_one_spectrum_is_trained_on():
    X, y = spectra()
    clf = small().fit(X, np.where(np.arange(70) == 5, "rare", np.array(["S", "R"])[y]))
    assert clf.classes_.tolist() == ["R", "S", "rare"]
    with pytest.raises(ValueError, match="early stopping needs a class with two or more spectra.*early_stopping=False"):
        small().fit(X[:2], y[:2])
    small(early_stopping=False).fit(X[:2], y[:2])


def with_value(value):
    X, _ = spectra()
    X[3, 4] = value
    return X


X, Y = spectra()
TABLE = pd.DataFrame(X).add_prefix("bin ").assign(Batch="Rome", Species="K. pneumoniae")


@pytest.mark.parametrize(
    ("X", "y", "error", "message"),
    [
        (with_value(np.nan), Y, ValueError, "contains NaN"),
        (with_value(np.inf), Y, ValueError, "contains infinity"),
        (with_value(1e300), Y, ValueError, "infinity or a value too large for dtype"),
        (X, np.zeros(70), ValueError, "y has only one class, .*0.0.*; a classifier needs two or more classes"),
        (X, np.where(Y, 1, np.nan), ValueError, "y has 35 missing labels, the first in row 0; .* binary_labels"),
        (X, pd.Series(["R", None] * 35), ValueError, "y has 35 missing labels, the first in row 1"),
        (X, pd.Series(Y).where(Y == 1).astype("Int64"), ValueError, "y has 35 missing labels"),
        (X, pd.Series(["R", pd.NA] * 35, dtype="string"), ValueError, "y has 35 missing labels"),
        (X, np.linspace(0, 1, 70), ValueError, "continuous"),
        (X, np.eye(70)[:, :2], ValueError, "1d array"),
        (X, Y[:-1], ValueError, "inconsistent numbers of samples"),
        (X, None, ValueError, "requires y to be passed, but the target y is None"),
        (X[:, 0], Y, ValueError, "Expected 2D array"),
        (X[:0], Y[:0], ValueError, "0 sample"),
        (X[:, :0], Y, ValueError, "0 feature"),
        (sparse.csr_array(X), Y, TypeError, "Sparse data was passed.*dense data is required"),
        (np.full((70, 3), "peak"), Y, ValueError, "could not convert string to float: .*peak"),
        (TABLE, Y, ValueError, "columns of X that hold no numbers: 'Batch', 'Species'; pass the bins only"),
        (X + 1j, Y, ValueError, "Complex data not supported"),
    ],
)
def test_spectra_and_labels_that_cannot_be_trained_on(X, y, error, message):
    with pytest.raises(error, match=message):
        small().fit(X, y)


@pytest.mark.parametrize("use", ["predict", "predict_proba", "decision_function", "get_attention_weights", "as_tensor"])
def test_rows_that_do_not_fit_the_network(use):
    frame = pd.DataFrame(X).add_prefix("bin ")
    with pytest.raises(ValueError, match="X has 11 features, but MaldiMLPClassifier is expecting 12 features"):
        getattr(small().fit(X, Y), use)(X[:, 1:])
    with pytest.raises(ValueError, match="feature names should match"):
        getattr(small().fit(frame, Y), use)(frame[frame.columns[::-1]])
    with pytest.raises(ValueError, match="contains NaN"):
        getattr(small().fit(frame, Y), use)(frame * np.nan)


@pytest.mark.parametrize(
    "use",
    ["predict", "predict_proba", "decision_function", "get_attention_weights", "as_tensor", "save"],
)
def test_unfitted_use(use, tmp_path):
    with pytest.raises(NotFittedError, match="not fitted yet. Call 'fit'"):
        getattr(small(), use)(tmp_path / "model.npz" if use == "save" else X)
    clf = small()
    with pytest.raises(ValueError, match="only one class"):
        clf.fit(X, np.zeros(70))
    with pytest.raises(NotFittedError):
        getattr(clf, use)(tmp_path / "model.npz" if use == "save" else X)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"epochs": 0}, "epochs is a whole number, 1 or more, not 0"),
        ({"epochs": 2.5}, "epochs is a whole number, 1 or more, not 2.5"),
        ({"epochs": True}, "epochs is a whole number, 1 or more, not True"),
        ({"hidden_dim": -1}, "hidden_dim is a whole number, 1 or more, not -1"),
        ({"head_dims": (8, 0)}, r"head_dims is a sequence of whole numbers, each 1 or more, not \(8, 0\)"),
        ({"head_dims": 8}, "head_dims is a sequence of whole numbers, each 1 or more, not 8"),
        ({"use_attention": "no"}, "use_attention is True or False, not 'no'"),
        ({"gate": "none"}, "gate is one of 'learned', 'frozen', 'constant' .for none, set use_attention=False., not"),
        ({"gate": None}, "gate is one of .*, not None"),
        ({"dropout": 1}, "dropout is a number from 0 to below 1, or a sequence of one or more such numbers, not 1"),
        ({"dropout": (0.3, -0.1)}, r"dropout is .*, not \(0.3, -0.1\)"),
        ({"dropout": ()}, r"dropout is .*, not \(\)"),
        ({"learning_rate": 0}, "learning_rate is a finite number above 0, not 0"),
        ({"learning_rate": math.nan}, "learning_rate is a finite number above 0, not nan"),
        ({"weight_decay": -1e-3}, "weight_decay is a finite number, 0 or more, not -0.001"),
        ({"batch_size": 1}, "batch_size is a whole number, 2 or more .BatchNorm cannot .*, not 1"),
        ({"early_stopping": 3}, "early_stopping is True or False, not 3"),
        ({"patience": 0}, "patience is a whole number, 1 or more, not 0"),
        ({"validation_fraction": 1.0}, "validation_fraction is a number above 0 and below 1, not 1.0"),
        ({"validation_fraction": 0}, "validation_fraction is a number above 0 and below 1, not 0"),
        ({"standardize": None}, "standardize is True or False, not None"),
        ({"class_weight": "even"}, "class_weight is None, 'balanced' or a dict of label to weight, not 'even'"),
        ({"class_weight": {0: 1, 1: -1}}, "class_weight holds finite numbers above 0, and .* does not"),
        ({"num_threads": 0}, "num_threads is None or a whole number, 1 or more, not 0"),
        ({"device": 3}, "device is 'auto' or the name of a torch device, .*, not 3"),
        ({"device": "gpu"}, "device is 'auto', 'cpu', 'cuda', .*; 'gpu': Expected one of cpu, cuda"),
        ({"random_state": -1}, "random_state is None, a whole number, 0 or more, or a numpy RandomState, not -1"),
        ({"verbose": "yes"}, "verbose is True or False, not 'yes'"),
    ],
)
def test_impossible_parameters(options, message):
    with pytest.raises(ValueError, match=message):
        small(**options).fit(X, Y)


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU")
def test_a_device_that_is_not_there():
    with pytest.raises(ValueError, match="'cuda': PyTorch .* finds no cuda device here"):
        small(device="cuda").fit(X, Y)
    assert training.pick_device("auto").type in ("cpu", "mps")


@pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no GPU")
def test_a_gpu_learns_the_same(simulated):
    X, y, isolates = simulated
    train, test = next(GroupShuffleSplit(1, test_size=0.3, random_state=0).split(X, y, isolates))
    scores = []
    for device in ("cpu", "cuda"):
        clf = MaldiMLPClassifier(epochs=30, hidden_dim=256, device=device).fit(X.iloc[train], y.iloc[train])
        scores.append(roc_auc_score(y.iloc[test], clf.decision_function(X.iloc[test])))
        assert next(clf.model_.parameters()).device.type == "cpu"
    assert abs(scores[0] - scores[1]) < 0.06


def test_the_network_is_the_one_being_taught():
    clf = small().fit(X, Y)
    assert isinstance(clf.model_, SpectralAttentionMLP)
    logits = clf.model_(clf.as_tensor(X)).detach().numpy()
    np.testing.assert_allclose(logits[:, 1] - logits[:, 0], clf.decision_function(X), rtol=1e-4, atol=1e-5)
