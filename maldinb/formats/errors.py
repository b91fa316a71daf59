"""The error of whatever brings spectra in."""


class DatasetError(ValueError):
    """A data set that cannot be loaded; the message names the file or argument and says what to do.

    Attributes
    ----------
    errors : dict
        File name -> reason, for every spectrum that could not be used; empty when the cause lies elsewhere.
    """

    def __init__(self, message, errors=None):
        super().__init__(message)
        self.errors = dict(errors or {})
