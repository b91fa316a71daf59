"""The training loop behind `MaldiMLPClassifier`: fast, repeatable, and leaving no trace outside the model."""

import math
import warnings

import torch
from sklearn.exceptions import ConvergenceWarning
from torch import nn
from torch.nn import functional as F

from .model import Dropout


def pick_device(device):
    """The torch device of that name; "auto" is CUDA where there is one, else MPS, else CPU.

    Parameters
    ----------
    device : str or torch.device

    Returns
    -------
    torch.device

    Raises
    ------
    ValueError
        If this machine, or this build of PyTorch, has no such device.
    """
    usable = {"cuda": torch.cuda.is_available, "mps": torch.backends.mps.is_available, "cpu": lambda: True}
    if device == "auto":
        return torch.device(next(name for name, there in usable.items() if there()))
    try:
        chosen = torch.device(device)
        if not usable.get(chosen.type, lambda: True)():
            raise RuntimeError(f"PyTorch {torch.__version__} finds no {chosen.type} device here")
        torch.empty(0, device=chosen)
    except (RuntimeError, TypeError, AssertionError, NotImplementedError) as error:
        reason = str(error).splitlines()[0]
        raise ValueError(f"device is 'auto', 'cpu', 'cuda', 'cuda:1', 'mps', ...; {device!r}: {reason}") from error
    return chosen


class FusedAdam:
    """``torch.optim.Adam(fused=True)`` for the CPU, without its first call's import of PyTorch's compiler.

    Measured on two cores with 600 spectra of 6000 bins and 256 units, two epochs: the first fit of a process takes
    1.0 s, with PyTorch's Adam 3.9 s; later ones take the same time, and the weights are the same bits.
    """

    def __init__(self, params, lr, weight_decay):
        self.params = list(params)
        self.param_groups = [{"lr": lr, "weight_decay": weight_decay}]
        with torch.no_grad():
            self.mean, self.square = ([torch.zeros_like(p) for p in self.params] for _ in range(2))
            self.count = torch.zeros(())

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    @torch.no_grad()
    def step(self):
        gradients = [p.grad for p in self.params]
        self.count += 1
        torch._fused_adam_(
            self.params, gradients, self.mean, self.square, [], [self.count] * len(gradients), **self.param_groups[0],
            beta1=0.9, beta2=0.999, eps=1e-8, amsgrad=False, maximize=False,
        )  # fmt: skip


def adam(params, lr, weight_decay):
    """Adam for those parameters that are trained, on whatever device they are."""
    params = [p for p in params if p.requires_grad]
    device = params[0].device.type
    if device == "cpu" and hasattr(torch, "_fused_adam_"):
        return FusedAdam(params, lr, weight_decay)
    return torch.optim.Adam(params, lr=lr, weight_decay=weight_decay, fused=device in ("cpu", "cuda"))


def batches(order, size):
    """Split an order of rows into batches. BatchNorm cannot learn from one row: such a rest joins the batch before."""
    return torch.tensor_split(order, tuple(range(size, len(order) - 1, size)))


def train(model, X, y, validation=None, *, epochs, learning_rate, weight_decay, batch_size, patience, class_weight=None,
          order_seed=0, dropout_seed=0, on_epoch=lambda record: None):  # fmt: skip
    """Train a model in place, and leave it with its best weights and ready to classify.

    Validated and left is the network with exact statistics in its BatchNorms, see `use_exact_statistics`.

    Parameters
    ----------
    model : SpectralAttentionMLP
    X : Tensor, shape (n, n_bins)
        At least two rows, on the device of the model, like all tensors here.
    y : Tensor of int64, shape (n,)
    validation : (Tensor, Tensor), optional
        Rows and labels that decide which weights are best. Without them the last weights are kept.
    epochs, batch_size : int
    learning_rate : float
        Falls along half a cosine, one step an epoch, towards 0.
    weight_decay : float
    patience : int
        Epochs without a new best validation loss after which training ends.
    class_weight : Tensor, shape (n_classes,), optional
    order_seed, dropout_seed : int
    on_epoch : callable
        Called with what the epoch adds to the history.

    Returns
    -------
    history : list of dict
        For each finished epoch ``learning_rate``, ``train_loss`` (the mean over its rows as they were trained on, with
        dropout) and, with `validation`, ``val_loss``.
    best : int
        Index of the epoch whose weights are kept.

    Raises
    ------
    RuntimeError
        If the loss is no longer a finite number.
    KeyboardInterrupt
        If interrupted within the first epoch. Later, what has been learnt is kept, with a warning.
    """
    order_generator = torch.Generator().manual_seed(order_seed)  # on the CPU: the same order on every device
    dropout_generator = torch.Generator(X.device).manual_seed(dropout_seed)
    optimizer = adam(model.parameters(), learning_rate, weight_decay)
    history, best, lowest, kept, spare = [], -1, math.inf, None, None
    set_generator(model, dropout_generator)
    try:
        for epoch in range(epochs):
            rate = learning_rate * (1 + math.cos(math.pi * epoch / epochs)) / 2
            optimizer.param_groups[0]["lr"] = rate
            order = torch.randperm(len(X), generator=order_generator).to(X.device)
            record = {"learning_rate": rate}
            record["train_loss"] = train_epoch(model, optimizer, X, y, batches(order, batch_size), class_weight)
            if validation is not None:
                use_exact_statistics(model, X, dropout_seed)
                record["val_loss"] = evaluate(model, *validation, class_weight)
            history.append(record)
            if not all(map(math.isfinite, record.values())):
                raise RuntimeError(
                    f"training diverged: the loss is {record['train_loss']} in epoch {epoch + 1}. Lower learning_rate, "
                    f"which is {learning_rate:g}, or scale the rows of X, whose largest value is {X.abs().max():.3g}"
                )
            if validation is not None and record["val_loss"] < lowest:
                # Copied beside the best weights so far, then swapped: an interruption spoils neither.
                spare = snapshot(model, spare)
                kept, spare, best, lowest = spare, kept, epoch, record["val_loss"]
            on_epoch(record)
            if validation is not None and epoch - best >= patience:
                break
    except KeyboardInterrupt:
        if not history:
            raise
        which = "last" if validation is None else "best"
        warnings.warn(
            f"training was interrupted after epoch {len(history)}; the {which} weights are kept", stacklevel=3
        )
    finally:
        set_generator(model, None)
        optimizer.zero_grad()  # gradients are as large as the weights, and nobody needs the last ones
    if kept is not None:
        model.load_state_dict(kept)
    else:
        use_exact_statistics(model, X, dropout_seed)
        best, lowest = len(history) - 1, evaluate(model, X, y, class_weight)
    warn_of_guessing(lowest, y, validation, class_weight)
    return history, best


@torch.no_grad()
def use_exact_statistics(model, X, seed):
    """Give every BatchNorm the mean and variance, over all rows, of what arrives at it in training, dropout included.

    Its running averages start at a variance of 1 and move by a tenth with every batch. Rows that sum to 1 make sums
    whose variance is about 1e-8, and with few batches an epoch the averages do not get there before early stopping: the
    network that is judged gives all spectra one score, and is not the one that learns. The draws of dropout are those
    of `seed`; training draws its own.

    References
    ----------
    Wu and Johnson 2021, doi:10.48550/arXiv.2105.07576
    """

    def measure(norm, inputs, _):
        norm.running_mean.copy_(inputs[0].mean(dim=0))
        norm.running_var.copy_(inputs[0].var(dim=0, correction=0))

    norms = [module for module in model.modules() if isinstance(module, nn.BatchNorm1d)]
    hooks = [norm.register_forward_hook(measure) for norm in norms]
    before = set_generator(model, torch.Generator(X.device).manual_seed(seed))
    try:
        model.train()(X)
    finally:
        set_generator(model, before)
        for hook in hooks:
            hook.remove()


def warn_of_guessing(loss, y, validation, class_weight):
    """Warn if a network does no better than saying the shares of the labels for every spectrum."""
    judged, which = (y, "training spectra") if validation is None else (validation[1], "spectra held back to validate")
    weight = 1 if class_weight is None else class_weight
    n_classes = int(max(y.max(), judged.max())) + 1
    share = F.normalize((torch.bincount(y, minlength=n_classes) * weight).float(), p=1, dim=0)
    guess = F.cross_entropy(share.log().expand(len(judged), -1), judged, weight=class_weight).item()
    if loss >= guess:
        warnings.warn(
            f"the network does no better than guessing: its loss on the {len(judged)} {which} is {loss:.3f}, and that "
            f"of always saying the shares of the labels {guess:.3f}. Try standardize=True, more epochs or patience, or "
            "another learning_rate; it may also be that these spectra do not tell the labels",
            ConvergenceWarning,
            stacklevel=4,
        )


def train_epoch(model, optimizer, X, y, batches, class_weight):
    """One step for each batch of row numbers; the mean loss over the rows."""
    model.train()
    total = torch.zeros((), device=X.device)
    for rows in batches:
        loss = F.cross_entropy(model(X.index_select(0, rows)), y[rows], weight=class_weight)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.detach() * len(rows)  # not .item(): a GPU would have to wait for it
    return total.item() / len(X)


@torch.no_grad()
def evaluate(model, X, y, class_weight):
    """The loss without dropout."""
    model.eval()
    return F.cross_entropy(model(X), y, weight=class_weight).item()


@torch.no_grad()
def snapshot(model, into):
    """Copy the weights, into an older copy if there is one."""
    state = model.state_dict()
    if into is None:
        return {name: value.clone() for name, value in state.items()}
    for name, value in state.items():
        into[name].copy_(value)
    return into


def set_generator(model, generator):
    """Let the dropout of a model draw from a generator, and return the one before; None is the global one."""
    before = None
    for module in model.modules():
        if isinstance(module, Dropout):
            before, module.generator = module.generator, generator
    return before
