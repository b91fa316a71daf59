"""A blind challenge for a class: a sealed world, claims that are written before the truth is known, and an opening.

A random key draws spectra of three hospitals whose resistance peaks nobody has seen before. Students get the spectra,
the labels of two hospitals, and the hash of the key (the seal). They hand in a method and a claim, a list of m/z and
probabilities for the third hospital. Whoever has the key draws the same world again, and marks them.
"""

from ..offering import offered as _offered
from .claims import Claim, Limit, read_claim, seal_claim
from .folder import new_challenge
from .handed_in import HandIn, read_hand_in
from .key import Key
from .marking import mark_challenge
from .truth import Truth, open_challenge

__all__ = _offered(globals())
