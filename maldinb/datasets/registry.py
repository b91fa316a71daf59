"""What is known of each data set before it is loaded: the one place where its numbers and addresses stand."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Record:
    """A data set as it was published.

    Attributes
    ----------
    name, title : str
        What `load_dataset` calls it, and what people do.
    licence, citation : str
    spectra : mapping
        Number of spectra: batch -> n. Empty for collections of which a part is loaded.
    counts : mapping
        Numbers of those with a label: antibiotic -> batch -> (S or I, R). Empty where `spectra` is.
    doi, paper_doi : str or None
        Of the data, and of the paper about them.
    file, md5 : str or None
        The archive and its hash.
    megabytes : int or None
        Its size, about.
    sources : tuple of str
        Where it is looked for, in this order.
    archives : mapping
        What whoever wants it has to fetch, where that is more than one file: name -> (GB, about; MD5 or None).

    Examples
    --------
    >>> KLEB_AI.n_spectra, KLEB_AI.antibiotics, KLEB_AI.n_labelled("Amikacin")
    (743, ('Amikacin', 'Meropenem'), 741)
    """

    name: str
    title: str
    licence: str
    citation: str
    spectra: Mapping = field(default_factory=dict)
    counts: Mapping = field(default_factory=dict)
    doi: str | None = None
    paper_doi: str | None = None
    file: str | None = None
    md5: str | None = None
    megabytes: int | None = None
    sources: tuple = ()
    archives: Mapping = field(default_factory=dict)

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

DRIAMS = Record(
    name="driams",
    title="DRIAMS",
    licence="CC0 1.0",
    citation=(
        "Weis, C., Cuénod, A., Rieck, B. et al. Direct antimicrobial resistance prediction from clinical MALDI-TOF "
        "mass spectra using machine learning. Nature Medicine 28, 164-174 (2022)."
    ),
    doi="10.5061/dryad.bzkh1899q",
    paper_doi="10.1038/s41591-021-01619-9",
    archives={
        "DRIAMS-A": (86, None),
        "DRIAMS-B": (3.7, None),
        "DRIAMS-C": (12.4, None),
        "DRIAMS-D": (42.6, None),
    },
)

MARISMA = Record(
    name="marisma",
    title="MARISMa",
    licence="CC BY 4.0",
    citation=(
        "Schmidt-Santiago, L., López-Mareca, I., Blázquez-Sánchez, M. et al. MARISMa: a routine MALDI-TOF MS dataset "
        "from 2018 to 2024 from Spain, version 2.0.0. Zenodo."
    ),
    doi="10.5281/zenodo.17201597",
    paper_doi="10.1101/2025.05.31.657186",
    archives={
        "MARISMa.zip": (16.8, "1af8137ec7f890f9b5f6e0aa82a0ace3"),
        "AMR.csv": (0.014, "9d8cc36ce213f4cd5254f906234779ca"),
    },
)
