"""MaldiMLPClassifier: the gated network as a scikit-learn estimator."""

import contextlib

import torch
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted
from tqdm.auto import tqdm

from . import saved, training
from .inputs import check_labels, check_rows, class_weights, draw_seeds, encode, moments, split, standardized
from .model import SpectralAttentionMLP
from .parameters import check_parameters
from .predictor import Predictor
from .threads import threads, torch_seeded


class MaldiMLPClassifier(Predictor, ClassifierMixin, BaseEstimator):
    """Classify binned mass spectra with a multilayer perceptron whose hidden units pass through a gate.

    The defaults are those with which scores on MALDI-Kleb-AI were published. After `fit` the network is on the CPU,
    wherever it was trained.

    Parameters
    ----------
    epochs : int, default=100
        Passes over the training spectra, at most.
    hidden_dim : int, default=512
        Units of the projection, and so the number of gates.
    head_dims : sequence of int, default=(256, 128)
        Widths of the layers between the gated units and the classes.
    use_attention : bool, default=True
        False makes a plain MLP of the same depth.
    gate : {"learned", "frozen", "constant"}, default="learned"
        Gates to compare the learned one with: "frozen" is a random layer that is not trained, "constant" is 1/2
        everywhere. Without `use_attention` there is none.
    dropout : float or sequence of float, default=(0.3, 0.3, 0.2)
        Share of the units that training switches off, after the projection and after each layer of the head in turn;
        the last number holds for all further layers, and surplus ones are not used.
    learning_rate : float, default=1e-3
        Of Adam, in the first epoch. It falls to 0 along half a cosine over `epochs`.
    weight_decay : float, default=0
        Strength of Adam's L2 penalty.
    batch_size : int, default=32
        Spectra in a training step.
    early_stopping : bool, default=True
        Hold `validation_fraction` of the spectra back; stop when their loss has not fallen for `patience` epochs; keep
        the weights with which it was lowest. Without, train on all spectra and for all epochs.
    patience : int, default=10
        Epochs.
    validation_fraction : float, default=0.1
        Share of every class, above 0 and below 1. A class with two or more spectra has at least one on either side; one
        with a single spectrum is trained on.
    standardize : bool, default=False
        Shift and scale each bin to mean 0 and variance 1 over the training spectra. The default leaves the rows as they
        are, as the published scores do. Rows that sum to 1 make the projection so small that BatchNorm's epsilon
        outweighs its variance, and gates then hardly move away from 1/2.
    class_weight : "balanced" or dict of label to float, optional
        Weights of the classes in the loss; "balanced" makes rare and frequent ones count the same.
    num_threads : int or None, default=1
        Threads that torch may use in `fit` and when it classifies; afterwards its own number is put back. The number
        decides the last bits of sums and so, in the end, the weights. One is about as fast as more for networks of this
        size, and lets several fits run side by side. None leaves torch's number alone.
    device : str or torch.device, default="auto"
        Where to train: "cpu", "cuda", "mps", ...; "auto" is CUDA if there is one, else MPS, else the CPU.
    random_state : int, RandomState or None, default=0
        Decides initial weights, validation split, order of the spectra and dropout. On the CPU an int makes fits
        identical, bit for bit, on one machine. None makes every fit another one. The global random states of NumPy
        and torch are neither used nor changed.
    verbose : bool, default=False
        Show a progress bar.

    Attributes
    ----------
    classes_ : ndarray, shape (n_classes,)
        The labels, sorted.
    n_features_in_ : int
        Number of bins.
    feature_names_in_ : ndarray of str, shape (n_features_in_,)
        Names of the bins, if `X` was a DataFrame whose columns have names.
    history_ : dict of list of float
        ``learning_rate``, ``train_loss`` and, with early stopping, ``val_loss``, a number for each epoch. The training
        loss is taken with dropout while the weights change, and so may lie above the validation loss.
    n_iter_ : int
        Epochs that were run.
    best_epoch_ : int
        Number of epochs after which the weights were as they are kept.
    mean_, scale_ : ndarray of float32, shape (n_features_in_,), or None
        What `standardize` subtracts from and divides each bin by.
    model_ : SpectralAttentionMLP
        The trained network. It takes what `as_tensor` returns.

    Notes
    -----
    Interrupting `fit` (the stop button of a notebook) after the first epoch leaves a fitted estimator with the best
    weights so far, and a warning.

    The network that is validated, kept and used has in each BatchNorm the mean and variance that all its training rows
    give there. The running averages that PyTorch would use lag behind: on rows that sum to 1 and fewer than some 200
    spectra they made all scores the same. On 40-100 simulated spectra this raises the AUROC by .03, on 200 and more by
    no more than chance might (benchmarks/README.md).

    Early stopping splits by class only. Where several spectra belong to one isolate, some of them may be trained on and
    others stop the training. That does no harm to a held-out score, as long as whole isolates are held out of `fit`.

    References
    ----------
    Rocchi et al. 2026, doi:10.1186/s12866-025-04657-2

    Examples
    --------
    >>> from maldinb import binary_labels, load_simulated
    >>> X, y = binary_labels(load_simulated())
    >>> clf = MaldiMLPClassifier(epochs=2, hidden_dim=16).fit(X, y)
    >>> clf.predict_proba(X[:5]).shape
    (5, 2)
    >>> clf.get_attention_weights(X[:5]).shape
    (5, 16)
    """

    def __init__(
        self,
        epochs=100,
        hidden_dim=512,
        head_dims=(256, 128),
        use_attention=True,
        gate="learned",
        dropout=(0.3, 0.3, 0.2),
        learning_rate=1e-3,
        weight_decay=0.0,
        batch_size=32,
        early_stopping=True,
        patience=10,
        validation_fraction=0.1,
        standardize=False,
        class_weight=None,
        num_threads=1,
        device="auto",
        random_state=0,
        verbose=False,
    ):
        self.epochs = epochs
        self.hidden_dim = hidden_dim
        self.head_dims = head_dims
        self.use_attention = use_attention
        self.gate = gate
        self.dropout = dropout
        self.learning_rate = learning_rate
        self.weight_decay = weight_decay
        self.batch_size = batch_size
        self.early_stopping = early_stopping
        self.patience = patience
        self.validation_fraction = validation_fraction
        self.standardize = standardize
        self.class_weight = class_weight
        self.num_threads = num_threads
        self.device = device
        self.random_state = random_state
        self.verbose = verbose

    def fit(self, X, y):
        """Train the network.

        Parameters
        ----------
        X : array_like or DataFrame, shape (n_spectra, n_bins)
            Intensities, finite numbers. They are used as float32.
        y : array_like, shape (n_spectra,)
            Labels of two or more classes: numbers, strings or bools.

        Returns
        -------
        MaldiMLPClassifier
            The estimator itself.

        Raises
        ------
        ValueError
            If a parameter is out of its range, or `X` or `y` cannot be trained on; the message says why.
        RuntimeError
            If training diverges.

        Warns
        -----
        ConvergenceWarning
            If the weights that are kept do no better than guessing: on the spectra held back to validate (without early
            stopping, on the training spectra) their loss is not below that of always saying the shares of the labels.
        """
        check_parameters(self)
        device = training.pick_device(self.device)
        X, y = check_rows(self, X, y=check_labels(y))
        classes, y = encode(y)
        split_seed, *seeds = draw_seeds(self.random_state)
        trained, held = split(y, self.validation_fraction if self.early_stopping else 0, split_seed)
        weight = class_weights(self.class_weight, classes, y)
        mean, scale = moments(X[trained]) if self.standardize else (None, None)

        X, y = torch.from_numpy(standardized(X, mean, scale)), torch.from_numpy(y)
        held = (X[held].to(device), y[held].to(device)) if len(held) else None
        with threads(self.num_threads), progress(self.epochs, self.verbose) as show:
            model = self.new_network(X.shape[1], len(classes), seed=seeds[0])
            history, best = training.train(
                model.to(device),
                X[trained].to(device),
                y[trained].to(device),
                held,
                epochs=self.epochs,
                learning_rate=self.learning_rate,
                weight_decay=self.weight_decay,
                batch_size=self.batch_size,
                patience=self.patience,
                class_weight=None if weight is None else torch.from_numpy(weight).to(device),
                order_seed=seeds[1],
                dropout_seed=seeds[2],
                on_epoch=show,
            )
        self.model_ = model.cpu().eval()
        self.classes_, self.mean_, self.scale_ = classes, mean, scale
        self.history_ = {key: [record[key] for record in history] for key in history[0]}
        self.n_iter_, self.best_epoch_ = len(history), best + 1
        return self

    def new_network(self, n_bins, n_classes=2, *, seed=0):
        """The network of these parameters as it is before training.

        Parameters
        ----------
        n_bins, n_classes : int
        seed : int
            Of its random weights. The global random state of torch is left as it was.

        Returns
        -------
        SpectralAttentionMLP

        Examples
        --------
        >>> MaldiMLPClassifier(hidden_dim=16).new_network(360).project[0]
        Linear(in_features=360, out_features=16, bias=True)
        """
        gate = self.gate if self.use_attention else "none"
        with torch_seeded(seed):
            return SpectralAttentionMLP(n_bins, self.hidden_dim, self.head_dims, n_classes, self.dropout, gate)

    def save(self, path):
        """Write the fitted estimator to a file, which holds numbers and text and nothing that could be executed.

        Parameters
        ----------
        path : path-like
            An existing file is replaced, and only once the new one is complete. The usual suffix is .npz, since
            ``numpy.load`` can open it to look at the weights.

        Returns
        -------
        Path
            The file.

        Raises
        ------
        TypeError
            If labels or parameters are of a type that cannot be written as text.
        """
        check_is_fitted(self, "model_")
        return saved.save(self, path)

    @classmethod
    def load(cls, path):
        """Read a fitted estimator that `save` wrote.

        Parameters
        ----------
        path : path-like

        Returns
        -------
        MaldiMLPClassifier

        Raises
        ------
        ModelFileError
            If the file is foreign, damaged or of a newer version of maldinb. It is a ValueError.
        """
        return saved.load(cls, path)


@contextlib.contextmanager
def progress(epochs, shown):
    """A progress bar, and the function that moves it on."""
    with tqdm(total=epochs, desc="training", unit="epoch", disable=not shown) as bar:

        def show(record):
            bar.set_postfix({name: f"{value:.3f}" for name, value in record.items() if "loss" in name}, refresh=False)
            bar.update()

        yield show
