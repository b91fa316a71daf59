"""What makes notebooks a course: checked claims, pairs of files, runs, copies to work in and to hand out."""

from .claims import claim
from .verdicts import Verdicts

__all__ = ["Verdicts", "claim"]
