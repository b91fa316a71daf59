"""What is known of each data set before it is loaded: the one place where its numbers and addresses stand."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Record:
    """A data set as it was published.

    Attributes
    ----------
    name, title : str
        What `load_dataset` calls it, and what people do.
    spectra : mapping
        Number of spectra: batch -> n.
    counts : mapping
        Numbers of those with a label: antibiotic -> batch -> (S or I, R).
    licence, citation : str
    doi, paper_doi : str or None
        Of the data, and of the paper about them.
    file, md5 : str or None
        The archive and its hash.
    megabytes : int or None
        Its size, about.
    sources : tuple of str
        Where it is looked for, in this order.

    Examples
    --------
    >>> KLEB_AI.n_spectra, KLEB_AI.antibiotics, KLEB_AI.n_labelled("Amikacin")
    (743, ('Amikacin', 'Meropenem'), 741)
    """

    name: str
    title: str
    spectra: Mapping
    counts: Mapping
    licence: str
    citation: str
    doi: str | None = None
    paper_doi: str | None = None
    file: str | None = None
    md5: str | None = None
    megabytes: int | None = None
    sources: tuple = ()

    @property
    def n_spectra(self):
        """Number of spectra in all batches."""
        return sum(self.spectra.values())

    @property
    def antibiotics(self):
        """Names of the antibiotics with labels."""
        return tuple(self.counts)

    def n_labelled(self, antibiotic):
        """Number of spectra with a label for an antibiotic."""
        return sum(map(sum, self.counts[antibiotic].values()))

    def n_resistant(self, antibiotic):
        """Number of spectra labelled R for an antibiotic."""
        return sum(r for _, r in self.counts[antibiotic].values())

    def agrees(self, counts):
        """Whether the counts of `count_labels` are the published ones."""
        labelled = {
            antibiotic: {batch: (n["S"] + n["I"], n["R"]) for batch, n in batches.items()}
            for antibiotic, batches in counts.items()
        }
        totals = {sum(sum(n.values()) for n in batches.values()) for batches in counts.values()}
        return labelled == self.counts and totals == {self.n_spectra}


KLEB_AI = Record(
    name="kleb-ai",
    title="MALDI-Kleb-AI",
    spectra={"Rome": 472, "Milan": 184, "Catania": 87},
    counts={
        "Amikacin": {"Rome": (197, 273), "Milan": (159, 25), "Catania": (16, 71)},
        "Meropenem": {"Rome": (334, 133), "Milan": (154, 30), "Catania": (16, 71)},
    },
    licence="see the Zenodo record",
    citation=(
        "Rocchi, E., Nicitra, E., Calvo, M. et al. Combining mass spectrometry and machine learning models for "
        "predicting Klebsiella pneumoniae antimicrobial resistance: a multicenter experience from clinical isolates in "
        "Italy. BMC Microbiology (2026)."
    ),
    doi="10.5281/zenodo.17405072",
    paper_doi="10.1186/s12866-025-04657-2",
    file="maldi-tof.tar",
    md5="c14b6c6b4210553962faa7f1dc27d275",
    megabytes=370,
    sources=(
        "doi:10.5281/zenodo.17405072/maldi-tof.tar",
        "https://zenodo.org/records/17405072/files/maldi-tof.tar?download=1",
    ),
)

#: The twin has the counts of the real set, and nothing else of it.
SIMULATED = Record(
    name="simulated",
    title="simulated",
    spectra=KLEB_AI.spectra,
    counts=KLEB_AI.counts,
    licence="MIT, like the code that draws it",
    citation="maldinb (see CITATION.cff)",
)
