"""What every conclusion is made of."""

from typing import NamedTuple


class Conclusion(NamedTuple):
    """A sentence, whether it holds, and why.

    Attributes
    ----------
    sentence : str
        One line without a full stop, beginning in lower case.
    holds : bool or None
        None where the data cannot tell.
    why : str
        The numbers that decide, or the reason why nothing does.
    """

    sentence: str
    holds: bool | None
    why: str = ""

    @property
    def claimed(self):
        """Arguments of `maldinb.course.claim`."""
        return {"sentence": self.sentence, "holds": self.holds, "unknown": self.why if self.holds is None else ""}

    def denied(self, sentence):
        """The contrary, in words of its own."""
        return Conclusion(sentence, None if self.holds is None else not self.holds, self.why)
