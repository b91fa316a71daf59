"""The error of whatever brings spectra in, and its warning."""


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


class SpectrumWarning(UserWarning):
    """What should be known of one spectrum, and maybe of others.

    Attributes
    ----------
    text : str
        What all of them have in common.
    """

    def __init__(self, name, text):
        super().__init__(name, text)
        self.text = text

    def __str__(self):
        return f"{self.args[0]}, and maybe others: {self.text}; read_spectrum says it of each"
