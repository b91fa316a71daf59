"""The resistance peaks that are planted in world 0.

Heights are relative to the spectrum's baseline at 5 kDa. The seed of a simulation only draws new isolates and
measurements; other worlds have these peaks elsewhere.
"""

from typing import NamedTuple

from .species import CITIES

AMIKACIN, MEROPENEM = "Amikacin", "Meropenem"
BOTH = (AMIKACIN, MEROPENEM)


class PlantedPeak(NamedTuple):
    """A peak tied to resistance: the truth that an interpretation should find."""

    mz: float  # Da
    marker: str  # peaks of one marker come and go together
    antibiotics: tuple
    cities: tuple  # hospitals where it has to do with resistance; elsewhere everyone has the lower share
    share_s: float  # of susceptible isolates that show it
    share_r: float  # of resistant ones; of two antibiotics each counts for half
    height: float
    note: str

    @property
    def effect(self):
        """'up' if resistant isolates show the peak more often, 'down' if they lose it."""
        return "up" if self.share_r > self.share_s else "down"


REPORTED = "position seen in the MALDI-Kleb-AI spectra"
INVENTED = "invented"
DOUBLE = ", doubly charged"
KPC = "KPC/pKpQIL plasmid marker (Gaibani 2016, Cordovana 2018)"

PLANTED = tuple(
    PlantedPeak(*row)
    for row in [
        (3224.0, "3224", (AMIKACIN,), ("Rome",), 0.15, 0.40, 0.28, INVENTED),
        (3270.0, "3270", (AMIKACIN,), ("Milan",), 0.06, 0.68, 0.30, INVENTED),
        (3374.5, "6748", (AMIKACIN,), ("Catania",), 0.05, 0.92, 0.28, INVENTED + DOUBLE),
        (3484.0, "6967", (MEROPENEM,), ("Catania",), 0.05, 0.92, 0.28, INVENTED + DOUBLE),
        (3540.0, "3540", (MEROPENEM,), ("Milan",), 0.06, 0.68, 0.30, INVENTED),
        (3735.0, "3735", (MEROPENEM,), ("Rome",), 0.12, 0.45, 0.28, INVENTED),
        (3928.0, "3928", (AMIKACIN,), ("Catania",), 0.05, 0.92, 0.28, INVENTED),
        (3960.0, "3960", (MEROPENEM,), ("Rome",), 0.10, 0.40, 0.28, INVENTED),
        (4085.5, "8170", (MEROPENEM,), ("Rome",), 0.10, 0.42, 0.26, INVENTED + DOUBLE),
        (4258.0, "4258", BOTH, ("Catania",), 0.05, 0.92, 0.25, INVENTED),
        (4481.0, "4481", BOTH, ("Rome",), 0.10, 0.40, 0.30, REPORTED),
        (4523.0, "4523", BOTH, ("Rome",), 0.06, 0.34, 0.30, REPORTED),
        (4708.0, "4708", BOTH, ("Rome",), 0.12, 0.42, 0.50, REPORTED),
        (4851.5, "9702", (AMIKACIN,), ("Rome",), 0.15, 0.40, 0.20, INVENTED + DOUBLE),
        (4893.0, "4893", (MEROPENEM,), ("Milan",), 0.06, 0.68, 0.24, INVENTED),
        (5096.0, "5096", (MEROPENEM,), ("Catania",), 0.05, 0.92, 0.24, INVENTED),
        (5218.0, "5218", (AMIKACIN,), ("Milan",), 0.06, 0.68, 0.24, INVENTED),
        (5482.0, "5482", (AMIKACIN,), ("Rome",), 0.12, 0.38, 0.20, INVENTED),
        (5555.0, "pKpQIL", BOTH, ("Rome", "Milan"), 0.06, 0.55, 0.26, KPC + DOUBLE),
        (5639.0, "5639", BOTH, ("Catania",), 0.05, 0.92, 0.25, REPORTED),
        (5772.0, "5772", (MEROPENEM,), ("Rome",), 0.12, 0.45, 0.20, INVENTED),
        (5865.0, "5865", (AMIKACIN,), ("Catania",), 0.05, 0.92, 0.20, INVENTED),
        (6066.0, "6066", (AMIKACIN,), ("Rome",), 0.80, 0.50, 0.14, INVENTED),
        (6158.0, "6158", (MEROPENEM,), ("Rome",), 0.97, 0.68, 0.24, REPORTED),
        (6473.0, "6473", (AMIKACIN,), ("Rome",), 0.82, 0.52, 0.18, REPORTED),
        (6690.0, "6690", (AMIKACIN,), ("Milan",), 0.06, 0.68, 0.18, INVENTED),
        (6748.0, "6748", (AMIKACIN,), ("Catania",), 0.05, 0.92, 0.20, INVENTED),
        (6905.0, "6905", (MEROPENEM,), ("Rome",), 0.10, 0.42, 0.16, INVENTED),
        (6967.0, "6967", (MEROPENEM,), ("Catania",), 0.05, 0.92, 0.20, INVENTED),
        (7052.0, "7052", (MEROPENEM,), ("Catania",), 0.05, 0.92, 0.18, INVENTED),
        (7480.0, "7480", (MEROPENEM,), ("Rome",), 0.75, 0.42, 0.12, INVENTED),
        (7673.0, "7673", (AMIKACIN,), CITIES, 0.92, 0.62, 0.40, REPORTED),
        (8170.0, "8170", (MEROPENEM,), ("Rome",), 0.10, 0.42, 0.09, INVENTED),
        (8252.0, "8252", (AMIKACIN,), ("Rome",), 0.95, 0.65, 0.18, REPORTED),
        (8543.0, "8543", (AMIKACIN,), ("Catania",), 0.05, 0.92, 0.14, INVENTED),
        (8735.0, "8735", (MEROPENEM,), ("Milan",), 0.06, 0.68, 0.14, INVENTED),
        (9702.0, "9702", (AMIKACIN,), ("Rome",), 0.15, 0.40, 0.09, INVENTED),
        (9855.0, "9855", (MEROPENEM,), ("Rome",), 0.97, 0.65, 0.11, REPORTED),
        (10424.0, "10424", (AMIKACIN,), ("Milan",), 0.06, 0.68, 0.10, INVENTED),
        (10632.0, "10632", (MEROPENEM,), ("Milan",), 0.06, 0.68, 0.10, INVENTED),
        (11109.0, "pKpQIL", BOTH, ("Rome", "Milan"), 0.06, 0.55, 0.12, KPC),
    ]
)


def markers_of(peaks):
    """Names of the markers of some peaks, each once, in the order of the peaks."""
    return list(dict.fromkeys(peak.marker for peak in peaks))
