"""The gated network: its model, its training, the estimator around both, a look inside, and a file for it."""

from .classifier import MaldiMLPClassifier
from .kept import fitted
from .model import SpectralAttentionMLP
from .opened import Opened
from .saved import ModelFileError

__all__ = ["MaldiMLPClassifier", "ModelFileError", "Opened", "SpectralAttentionMLP", "fitted"]
