"""What a fitted network says of spectra: the half of `MaldiMLPClassifier` that does not train."""

import numpy as np
import torch
from scipy.special import softmax
from sklearn.utils.validation import check_is_fitted

from .inputs import check_rows, standardized
from .threads import threads

#: Rows that are classified together. How sums are rounded depends on the number of rows and on where in memory they
#: start. Both are held fixed, so that the score of a spectrum does not depend on those that it is classified with. Only
#: where the width of a layer is no multiple of 4, and rows start at uneven places, the last bits still may.
BLOCK = 64


class Predictor:
    """Scores, probabilities, labels and gates from the `model_`, `classes_`, `mean_` and `scale_` of an estimator."""

    def logits(self, X):
        """What the network makes of rows: a number for each class, which softmax turns into probabilities.

        Parameters
        ----------
        X : array_like or DataFrame, shape (n_spectra, n_bins)

        Returns
        -------
        ndarray of float64, shape (n_spectra, n_classes)
            In the order of `classes_`.

        Examples
        --------
        >>> from maldinb import MaldiMLPClassifier, binary_labels, load_simulated
        >>> X, y = binary_labels(load_simulated(n_spectra=60, bin_width=50))
        >>> MaldiMLPClassifier(epochs=2, hidden_dim=16).fit(X, y).logits(X[:5]).shape
        (5, 2)
        """
        return self._in_blocks(X, lambda x: self.model_(x)).astype(np.float64)  # in float32 close ones would coincide

    def decision_function(self, X):
        """Scores of the classes before they become probabilities.

        Parameters
        ----------
        X : array_like or DataFrame, shape (n_spectra, n_bins)

        Returns
        -------
        ndarray of float64, shape (n_spectra,) or, with more than two classes, (n_spectra, n_classes)
            With two classes the logarithm of the odds for ``classes_[1]``, else logits.
        """
        logits = self.logits(X)
        return logits[:, 1] - logits[:, 0] if len(self.classes_) == 2 else logits

    def predict_proba(self, X):
        """Probabilities of the classes, as far as the network can be trusted with them: see whether it is calibrated.

        Parameters
        ----------
        X : array_like or DataFrame, shape (n_spectra, n_bins)

        Returns
        -------
        ndarray of float64, shape (n_spectra, n_classes)
            In the order of `classes_`; rows sum to 1.
        """
        return softmax(self.logits(X), axis=1)

    def predict(self, X):
        """The most probable label of each row.

        Parameters
        ----------
        X : array_like or DataFrame, shape (n_spectra, n_bins)

        Returns
        -------
        ndarray, shape (n_spectra,)
        """
        best = self.logits(X).argmax(axis=1)
        return self.classes_[best]

    def get_attention_weights(self, X):
        """The gates of each row: by how much the network turns each of its hidden units down.

        They belong to hidden units, not to bins, and whether they explain anything is a question of this course.

        Parameters
        ----------
        X : array_like or DataFrame, shape (n_spectra, n_bins)

        Returns
        -------
        ndarray of float32, shape (n_spectra, hidden_dim)
            Between 0 and 1.

        Raises
        ------
        RuntimeError
            If the network has no gate.
        """
        check_is_fitted(self, "model_")
        if self.model_.gate is None:
            raise RuntimeError(
                "there are no attention weights: this network was fitted with use_attention=False. "
                "Fit one with use_attention=True to look at its gates"
            )
        return self._in_blocks(X, lambda x: self.model_.gate(self.model_.project(x)))

    def training_distance(self, X):
        """How far spectra lie from those that the network was trained on, as its first layer sees them.

        A spectrum of another species or instrument, or one processed otherwise, gets a probability like any other. A
        large distance says that the network has not seen its like. A small one proves nothing, and makes no probability
        right: two spectra that differ in much can give the same sums.

        Parameters
        ----------
        X : array_like or DataFrame, shape (n_spectra, n_bins)

        Returns
        -------
        ndarray of float64, shape (n_spectra,)
            The root mean square, over hidden units, of how many standard deviations the sum that arrives at a unit lies
            from its mean over the training spectra. Units to which all of these gave the same are left out; without any
            other, distances are NaN.

        Notes
        -----
        BatchNorm keeps mean and variance over the training spectra (without those held back to validate). So the mean
        square of their own distances is 1, and by Markov's inequality no more than one in four of them can lie at 2 or
        beyond, whatever the data. With 256 units trained on 350 simulated spectra of one city, no other spectrum of
        that city lay there and 4 in 1000 of other cities, but all that were flat, noise, or had their bins exchanged.
        Real spectra did not stand out: 29 of them lay at no more than 1.6 for a network trained on all simulated ones.

        Examples
        --------
        >>> from maldinb import MaldiMLPClassifier, binary_labels, load_simulated
        >>> X, y = binary_labels(load_simulated(n_spectra=60, bin_width=50))
        >>> clf = MaldiMLPClassifier(epochs=2, hidden_dim=16, early_stopping=False).fit(X, y)
        >>> round(float((clf.training_distance(X) ** 2).mean()), 3)
        1.0
        """
        sums = self._in_blocks(X, lambda x: self.model_.project[0](x)).astype(np.float64)
        norm = self.model_.project[1]
        mean, variance = norm.running_mean.double().numpy(), norm.running_var.double().numpy()
        varies = variance > 0
        if not varies.any():
            return np.full(len(sums), np.nan)
        return np.sqrt(((sums - mean)[:, varies] ** 2 / variance[varies]).mean(axis=1))

    def as_tensor(self, X):
        """What `model_` takes: rows as a float32 tensor, standardized if the estimator does so.

        Parameters
        ----------
        X : array_like or DataFrame, shape (n_spectra, n_bins)

        Returns
        -------
        Tensor of float32, shape (n_spectra, n_bins)
        """
        check_is_fitted(self, "model_")
        return torch.from_numpy(standardized(check_rows(self, X), self.mean_, self.scale_))

    @torch.no_grad()
    def _in_blocks(self, X, function):
        """Apply a function of rows to blocks of rows, each copied to the same place and filled up to one number."""
        rows = self.as_tensor(X)
        place, results = torch.zeros(BLOCK, rows.shape[1]), []
        with threads(self.num_threads):
            for block in rows.split(BLOCK):
                place[: len(block)] = block
                results.append(function(place)[: len(block)])
        return torch.cat(results).numpy()
