"""What `MaldiMLPClassifier` does with spectra, labels and seeds before the training starts."""

import numpy as np
import pandas as pd
from sklearn.utils import check_array, check_X_y, compute_class_weight
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import validate_data


def check_rows(estimator, X, **labels):
    """Rows as contiguous float32 and, if ``y=`` is given, labels; or an error that says what is wrong with them."""
    fitting, numbers = "y" in labels, {"dtype": np.float32, "order": "C"}
    try:
        with np.errstate(over="ignore"):  # too large for float32 is infinite, and refused
            if not is_plain_table(X):
                return validate_data(estimator, X, **labels, reset=fitting, **numbers)
            # scikit-learn would look at each of 6000 columns, longer than it takes to classify the rows. Once the
            # names are compared, a table of one type is an array.
            validate_data(estimator, X, **labels, reset=fitting, skip_check_array=True)
            X, numbers = X.to_numpy(), numbers | {"estimator": estimator}
            return check_X_y(X, **labels, **numbers) if fitting else check_array(X, input_name="X", **numbers)
    except ValueError as error:
        text = [c for c, t in X.dtypes.items() if not pd.api.types.is_numeric_dtype(t)] if is_table(X) else []
        if text:
            names = ", ".join(map(repr, text[:5])) + (", ..." if len(text) > 5 else "")
            raise ValueError(f"columns of X that hold no numbers: {names}; pass the bins only") from error
        raise


def is_table(X):
    return isinstance(X, pd.DataFrame)


def is_plain_table(X):
    """A DataFrame whose columns are all of one of NumPy's types for real numbers."""
    types = set(X.dtypes) if is_table(X) else ()
    return len(types) == 1 and all(isinstance(t, np.dtype) and t.kind in "fiub" for t in types)


def check_labels(y):
    """Refuse labels of which some are missing."""
    missing = np.flatnonzero(pd.isna(np.asarray(y, dtype=object)))
    if y is not None and len(missing):
        raise ValueError(
            f"y has {len(missing)} missing labels, the first in row {missing[0]}; leave those spectra out, "
            "as binary_labels() does (a missing value is NaN, None or NA)"
        )
    return y


def encode(y):
    """The sorted classes, and the number of the class of each label."""
    check_classification_targets(y)
    classes, codes = np.unique(y, return_inverse=True)
    if len(classes) < 2:
        raise ValueError(f"y has only one class, {classes[0]!r}; a classifier needs two or more classes to tell apart")
    return classes, codes.astype(np.int64)


def draw_seeds(random_state):
    """Four seeds: for the split, the initial weights, the order and the dropout."""
    if isinstance(random_state, np.random.RandomState):
        random_state = random_state.randint(2**31)
    return [int(seed) for seed in np.random.SeedSequence(random_state).generate_state(4)]


def split(codes, fraction, seed):
    """Row numbers to train on and, if `fraction` is not 0, to hold back, at least one of each class if it has two."""
    if not fraction:
        return np.arange(len(codes)), np.arange(0)
    rng, held = np.random.default_rng(seed), []
    for code in np.unique(codes):
        rows = rng.permutation(np.flatnonzero(codes == code))
        held.append(rows[: min(max(1, round(fraction * len(rows))), len(rows) - 1)])
    held = np.sort(np.concatenate(held))
    if not len(held):
        raise ValueError(
            f"early stopping needs a class with two or more spectra, one to train on and one to hold back, and each of "
            f"the {len(codes)} spectra has a class of its own; set early_stopping=False or collect more"
        )
    return np.setdiff1d(np.arange(len(codes)), held), held


def class_weights(class_weight, classes, codes):
    """The weight of each class in the loss, as float32, or None."""
    if class_weight is None:
        return None
    weights = compute_class_weight(class_weight, classes=classes, y=classes[codes])
    if not (np.isfinite(weights) & (weights > 0)).all():
        raise ValueError(f"class_weight holds finite numbers above 0, and {class_weight!r} does not")
    return weights.astype(np.float32)


def moments(X):
    """Mean and standard deviation of each bin; 1 in place of 0, so that constant bins can be divided by it."""
    scale = X.std(axis=0, dtype=np.float64)
    return X.mean(axis=0, dtype=np.float64).astype(np.float32), np.where(scale > 0, scale, 1).astype(np.float32)


def standardized(X, mean, scale):
    """Rows that torch may share: a copy if they are shifted and scaled, or read-only."""
    if mean is not None:
        return (X - mean) / scale
    return X if X.flags.writeable else X.copy()
