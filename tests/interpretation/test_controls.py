"""The network that was set by hand does what is said of it, and nothing else."""

import numpy as np
import pytest

from maldinb import MaldiMLPClassifier
from maldinb import interpretation as ip

X, Y = ip.sign_task(400, random_state=1)


@pytest.mark.parametrize("sharpness", [0.1, 1.0, 4.0])
def test_only_the_gate_knows_the_second_number(sharpness):
    clf = ip.network_that_needs_its_gate(sharpness)
    opened, x1, x2 = ip.Opened(clf, X), X["x1"].to_numpy(), X["x2"].to_numpy()
    wanted = [x1, -x1, x1, -x1, x2, -x2]
    assert np.allclose(opened.hidden, np.maximum(wanted, 0).T, atol=1e-6)
    opens = 1 / (1 + np.exp(-sharpness * x2[:, None] * np.array([1, -1, -1, 1])))
    assert np.allclose(opened.gates[:, :4], opens, atol=1e-6) and np.allclose(opened.gates[:, 4:], 0.5)
    assert np.allclose(opened.log_odds(), x1 * np.tanh(sharpness * x2 / 2), atol=1e-5)
    table = ip.intervention_table(opened, Y, ["nowhere"] * len(Y))["auroc"]
    assert table["as is"] == 1.0 and table["one half"] == table["one"] == 0.5
    assert table.drop(["as is", "one half", "one", "swapped classes"]).between(0.35, 0.65).all()
    assert table["swapped classes"] < 0.65


def test_it_predicts_like_any_classifier(tmp_path):
    clf = ip.network_that_needs_its_gate()
    assert (clf.predict(X) == Y).all()
    again = MaldiMLPClassifier.load(clf.save(tmp_path / "network.npz"))
    assert (again.predict_proba(X) == clf.predict_proba(X)).all()


@pytest.mark.parametrize("sharpness", [0, -1, np.nan, "steep"])
def test_a_gate_that_follows_nothing(sharpness):
    with pytest.raises(ValueError, match="sharpness"):
        ip.network_that_needs_its_gate(sharpness)
