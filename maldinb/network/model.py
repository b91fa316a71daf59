"""The network that this course takes apart: a multilayer perceptron whose hidden units pass through a gate.

::

    z = Dropout(ReLU(BatchNorm(Linear(x))))      project    (n, n_bins)     -> (n, hidden_dim)
    g = sigmoid(Linear(z))                       gate       (n, hidden_dim) -> (n, hidden_dim), the "attention"
    logits = head(z * g)                         classify   (n, hidden_dim) -> (n, n_classes)

Each line is a part that can be called by itself, so that one can look in between, or put other gates in.
"""

from itertools import pairwise

import torch
from torch import nn

GATES = ("learned", "none", "frozen", "constant")


class SpectralAttentionMLP(nn.Module):
    """Classify rows of bins, with a gate on the hidden units.

    Parameters
    ----------
    n_bins : int
        Length of a row.
    hidden_dim : int
        Units of the projection, and so the number of gates.
    head_dims : sequence of int
        Widths of the layers between the gated units and the logits. May be empty.
    n_classes : int
        Number of logits.
    dropout : float or sequence of float
        Share of the units that training switches off, after the projection and after each layer of the head in turn.
        The last number holds for all further layers; surplus ones are not used.
    gate : {"learned", "none", "frozen", "constant"}
        "learned" trains the gate with the rest. The others are there to compare it with: "none" is a plain MLP of the
        same depth; "frozen" gates by a random layer that stays as it was made; "constant" sets every gate to 1/2,
        which is sigmoid(0), where learned gates start. Made with the same seed, all four start with the same
        projection and head.
    """

    def __init__(
        self, n_bins, hidden_dim=512, head_dims=(256, 128), n_classes=2, dropout=(0.3, 0.3, 0.2), gate="learned"
    ):
        super().__init__()
        if gate not in GATES:
            raise ValueError(f"gate is one of {', '.join(map(repr, GATES))}, not {gate!r}")
        widths = (hidden_dim, *head_dims)
        rates = [dropout] if isinstance(dropout, (int, float)) else list(dropout)
        rates += rates[-1:] * (len(widths) - len(rates))

        self.project = dense(n_bins, hidden_dim, rates[0])  # (n, n_bins) -> (n, hidden_dim)
        hidden = [dense(*shape, p) for shape, p in zip(pairwise(widths), rates[1:], strict=False)]
        head = nn.Sequential(*hidden, nn.Linear(widths[-1], n_classes))
        self.gate = make_gate(gate, hidden_dim)  # (n, hidden_dim) -> (n, hidden_dim); made last, see `gate` above
        self.classify = head  # (n, hidden_dim) -> (n, n_classes)

    def forward(self, x, return_gates=False):
        """Logits of rows, and on request the gates of this very pass.

        Parameters
        ----------
        x : Tensor, shape (n, n_bins)
        return_gates : bool

        Returns
        -------
        logits : Tensor, shape (n, n_classes)
        gates : Tensor, shape (n, hidden_dim), or None where the gate is "none"
            Only with ``return_gates=True``. Each lies between 0 and 1.
        """
        z = self.project(x)  # (n, hidden_dim)
        g = None if self.gate is None else self.gate(z)  # (n, hidden_dim)
        logits = self.classify(z if g is None else z * g)  # (n, n_classes)
        return (logits, g) if return_gates else logits


def dense(n_in, n_out, dropout):
    """A layer of units: weighted sums, rescaled over the batch, clipped at 0, some of them switched off."""
    return nn.Sequential(nn.Linear(n_in, n_out), nn.BatchNorm1d(n_out), nn.ReLU(), Dropout(dropout))


def make_gate(kind, hidden_dim):
    """The module from hidden units to gates, or None."""
    if kind == "none":
        return None
    if kind == "constant":
        return ConstantGate()
    gate = nn.Sequential(nn.Linear(hidden_dim, hidden_dim), nn.Sigmoid())
    return gate.requires_grad_(kind == "learned")


class ConstantGate(nn.Module):
    """All gates half open."""

    def forward(self, z):  # (n, hidden_dim) -> (n, hidden_dim)
        return torch.full_like(z, 0.5)


class Dropout(nn.Module):
    """`torch.nn.Dropout` that can draw from a random generator of its own, so that training disturbs no other draws.

    PyTorch's draws from the global generator. With it, and that generator's state put back after each fit, a fit alone
    gives the same bits and takes the same time (1.7 and 2.0 s for four small ones). But fits in two threads gave other
    bits than one by one, unless a lock let each wait for the one before.
    """

    def __init__(self, p):
        super().__init__()
        self.p = p
        self.generator = None  # the global one

    def forward(self, x):
        if not self.training or self.p == 0:
            return x
        kept = torch.empty_like(x).bernoulli_(1 - self.p, generator=self.generator)  # 0 or 1
        return x * kept.div_(1 - self.p)  # dividing keeps the expected sum

    def extra_repr(self):
        return f"p={self.p}"
