"""The gated network: its model, its training, the estimator around both, and a fitted one in a file."""

from .classifier import MaldiMLPClassifier
from .model import SpectralAttentionMLP
from .saved import ModelFileError

__all__ = ["MaldiMLPClassifier", "ModelFileError", "SpectralAttentionMLP"]
