"""What the parameters of `MaldiMLPClassifier` may be, in one table, and the error that says so."""

import numpy as np
import torch

from ..arguments import is_real, is_whole
from .model import GATES


def is_list(value, ok, least):
    return isinstance(value, (list, tuple, np.ndarray)) and len(value) >= least and all(map(ok, value))


def is_count(value):
    return is_whole(value, 1)


def is_rate(value):
    return is_real(value, 0) and value < 1


def is_bool(value):
    return isinstance(value, (bool, np.bool_))


def is_class_weight(value):
    return value is None or isinstance(value, dict) or (isinstance(value, str) and value == "balanced")


ATTENTION_GATES = tuple(kind for kind in GATES if kind != "none")

#: name -> (what it is, in words; whether a value is that)
ALLOWED = {
    **dict.fromkeys(("epochs", "hidden_dim", "patience"), ("a whole number, 1 or more", is_count)),
    **dict.fromkeys(("use_attention", "early_stopping", "standardize"), ("True or False", is_bool)),
    "head_dims": ("a sequence of whole numbers, each 1 or more", lambda v: is_list(v, is_count, 0)),
    "gate": (
        f"one of {', '.join(map(repr, ATTENTION_GATES))} (for none, set use_attention=False)",
        lambda v: isinstance(v, str) and v in ATTENTION_GATES,
    ),
    "dropout": (
        "a number from 0 to below 1, or a sequence of one or more such numbers",
        lambda v: is_rate(v) or is_list(v, is_rate, 1),
    ),
    "learning_rate": ("a finite number above 0", lambda v: is_real(v, 0) and v > 0),
    "weight_decay": ("a finite number, 0 or more", lambda v: is_real(v, 0)),
    "batch_size": (
        "a whole number, 2 or more (BatchNorm cannot learn from a single spectrum)",
        lambda v: is_whole(v, 2),
    ),
    "validation_fraction": ("a number above 0 and below 1", lambda v: is_rate(v) and v > 0),
    "class_weight": ("None, 'balanced' or a dict of label to weight", is_class_weight),
    "num_threads": ("None or a whole number, 1 or more", lambda v: v is None or is_count(v)),
    "device": (
        "'auto' or the name of a torch device, such as 'cpu' or 'cuda'",
        lambda v: isinstance(v, (str, torch.device)),
    ),
    "random_state": (
        "None, a whole number, 0 or more, or a numpy RandomState",
        lambda v: v is None or is_whole(v, 0) or isinstance(v, np.random.RandomState),
    ),
    "verbose": ("True or False", lambda v: is_bool(v) or is_whole(v, 0)),
}


def check_parameters(estimator):
    """Refuse parameters that are out of range.

    Raises
    ------
    ValueError
        Names the parameter, its value and what it may be.
    """
    for name, (meaning, fits) in ALLOWED.items():
        value = getattr(estimator, name)
        if not fits(value):
            raise ValueError(f"{name} is {meaning}, not {value!r}")
