"""A fitted classifier in a file: a zip archive of one JSON text and one array for each tensor, and no pickle.

``numpy.load`` can open it. Reading takes the file for hostile: nothing in it is executed; what the text announces has
to fit into the file before a network is made of it; the text says how large each array must be, and only an array of
that size is read.
"""

import io
import json
import os
import zipfile
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch

from .parameters import check_parameters

FORMAT, VERSION = "maldinb.MaldiMLPClassifier", 1
HEADER = "maldinb.json"
LARGEST_HEADER = 2**24  # bytes; 6000 names of bins take a hundredth of it
DTYPES = {np.dtype(code).name for code in "?bhilqBHILQefd"} | {"str", "object"}  # of labels
ARRAY_HEADER = 2**12  # bytes that an array in NumPy's format may take beyond its numbers


class ModelFileError(ValueError):
    """A file from which no model can be loaded; the message says why."""


def save(classifier, path):
    """Write a fitted classifier, beside its place first, so that there is never half a file."""
    path = Path(path).expanduser()
    draft = path.with_name(f".{path.name}.{os.getpid()}.draft")
    try:
        write(classifier, draft)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return path


def write(classifier, file):
    """Write a fitted classifier to a path or an open file."""
    header = json.dumps(describe(classifier))
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(HEADER, header)
        for name, values in arrays(classifier).items():
            with archive.open(f"{name}.npy", "w") as out:
                np.lib.format.write_array(out, values, version=(1, 0), allow_pickle=False)


def arrays(classifier):
    """All numbers of a classifier by name; those of the network have PyTorch's names."""
    named = {name: value.numpy() for name, value in classifier.model_.state_dict().items()}
    if classifier.mean_ is not None:
        named |= {"mean_": classifier.mean_, "scale_": classifier.scale_}
    return named


def describe(classifier):
    """All else, as plain values that JSON can hold."""
    import maldinb

    names = getattr(classifier, "feature_names_in_", None)
    return {
        "format": FORMAT,
        "version": VERSION,
        "maldinb": maldinb.__version__,
        "parameters": {name: plain(name, value) for name, value in classifier.get_params(deep=False).items()},
        "classes": [plain("classes_", label) for label in classifier.classes_.tolist()],
        "dtype": "str" if classifier.classes_.dtype.kind == "U" else classifier.classes_.dtype.name,
        "n_features": classifier.n_features_in_,
        "feature_names": None if names is None else names.tolist(),
        "standardized": classifier.mean_ is not None,
        "history": classifier.history_,
        "best_epoch": classifier.best_epoch_,
    }


def plain(name, value):
    """A parameter or label as JSON can hold it. A dict becomes its items, since JSON's keys are always text."""
    if isinstance(value, (np.generic, np.ndarray)):
        value = value.tolist()
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, (list, tuple)):
        return [plain(name, item) for item in value]
    if isinstance(value, dict):
        return {"items": [[plain(name, key), plain(name, item)] for key, item in value.items()]}
    if isinstance(value, torch.device):
        return str(value)
    if isinstance(value, np.random.RandomState):
        return None  # it has moved on since the fit
    raise TypeError(f"cannot save: {name} holds {value!r}, of type {type(value).__name__}, and not text or numbers")


def load(cls, path):
    """Read a file that `save` wrote."""
    path = Path(path).expanduser()
    with open(path, "rb") as file:  # outside of try: a file that is not there is no damaged one
        try:
            return read(cls, file)
        except ModelFileError as error:
            raise ModelFileError(f"{path}: {error}") from error
        # Whatever a reader can raise on bytes that someone made up; there is one answer to all of it.
        except Exception as error:
            reason = f"{type(error).__name__}: {error}".splitlines()[0]
            raise ModelFileError(
                f"{path} is damaged, or not a file that MaldiMLPClassifier.save wrote ({reason})"
            ) from error


def read(cls, file):
    with zipfile.ZipFile(file) as archive:
        header = json.loads(member(archive, HEADER, LARGEST_HEADER))
        if header["format"] != FORMAT:
            raise ValueError(f"its format is {header['format']!r}")
        if header["version"] != VERSION:
            raise ModelFileError(
                f"written in version {header['version']!r} of the format, by maldinb {header['maldinb']}; this maldinb "
                f"reads version {VERSION}. Install that one, or fit and save the model again"
            )
        members = archive.infolist()
        # Their sizes are announced, too: memory would be taken for what is not there.
        announced = sum(max(member.file_size, member.compress_size) for member in members)
        require(announced <= file.seek(0, os.SEEK_END), "the size of its members")
        classifier = restore(cls, header, members)
        expected = classifier.model_.state_dict()
        found = {name: torch.from_numpy(read_array(archive, name, like)) for name, like in expected.items()}
        for name in ("mean_", "scale_"):
            like = torch.empty(classifier.n_features_in_, device="meta")
            setattr(classifier, name, read_array(archive, name, like) if header["standardized"] else None)
    classifier.model_.load_state_dict(found, assign=True)
    return classifier


def restore(cls, header, members):
    """The classifier that a header describes, its network without memory: only shapes, to compare the arrays with."""
    parameters = {name: unplain(value) for name, value in header["parameters"].items()}
    classifier = cls(**parameters)
    check_parameters(classifier)
    classifier.classes_ = class_labels(header["classes"], header["dtype"])
    classifier.n_features_in_, names = header["n_features"], header["feature_names"]
    require(type(classifier.n_features_in_) is int and classifier.n_features_in_ > 0, "n_features")
    if names is not None:
        require(all_are(str, names) and len(names) == classifier.n_features_in_, "feature_names")
        classifier.feature_names_in_ = np.array(names, dtype=object)
    history = classifier.history_ = header["history"]
    require(all(all_are(float, losses) for losses in history.values()), "history")
    classifier.n_iter_, classifier.best_epoch_ = len(history["train_loss"]), header["best_epoch"]
    require(type(classifier.best_epoch_) is int, "best_epoch")
    require(fits(classifier, members), "the size of the file")
    with torch.device("meta"):
        classifier.model_ = classifier.new_network(classifier.n_features_in_, len(classifier.classes_)).eval()
    return classifier


def fits(classifier, members):
    """Whether the file has room for the network that it announces: even one without memory takes some to make."""
    widths = [classifier.hidden_dim, *classifier.head_dims, len(classifier.classes_)]
    numbers = classifier.n_features_in_ * widths[0] + sum(a * b for a, b in pairwise(widths))
    return len(widths) < len(members) and 4 * numbers <= sum(member.file_size for member in members)


def unplain(value):
    """The inverse of `plain`: sequences are tuples again, as in the signature."""
    if isinstance(value, list):
        return tuple(value)
    return dict(map(tuple, value["items"])) if isinstance(value, dict) else value


def class_labels(values, dtype):
    """Class labels of the type that they had."""
    require(all_are((str, bool, int, float), values), "classes")
    require(dtype in DTYPES, "dtype")
    classes = np.array(values, dtype=dtype)
    require(len(classes) > 1 and np.array_equal(np.unique(classes), classes), "classes")
    return classes


def all_are(kind, values):
    return isinstance(values, list) and all(isinstance(value, kind) for value in values)


def require(holds, name):
    if not holds:
        raise ValueError(f"{name} is not what it should be")


def member(archive, name, largest):
    """The bytes of one member, whose checksum zipfile compares. A packed or a larger one is none of ours."""
    info = archive.getinfo(name)
    if info.compress_type != zipfile.ZIP_STORED or info.file_size > largest:
        raise ValueError(f"{name} is packed, or takes {info.file_size} bytes where {largest} is the limit")
    return archive.read(info)


def read_array(archive, name, like):
    """One array, if it is of the shape and type of a tensor."""
    dtype = np.dtype(str(like.dtype).removeprefix("torch."))
    size, expected = like.numel() * dtype.itemsize, (tuple(like.shape), False, dtype)
    file = io.BytesIO(member(archive, f"{name}.npy", size + ARRAY_HEADER))
    require(np.lib.format.read_magic(file) == (1, 0), name)
    shape, fortran_order, found = np.lib.format.read_array_header_1_0(file)
    numbers = file.read()
    if (shape, fortran_order, found) != expected or len(numbers) != size:
        raise ValueError(f"{name} has shape {shape} and type {found}, not {tuple(like.shape)} and {dtype}")
    return np.frombuffer(bytearray(numbers), dtype).reshape(shape)  # bytearray: torch wants memory it may write to
