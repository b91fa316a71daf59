"""The key: what draws a world, and the seal, which gives nothing of it away."""

import hashlib
import json
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from .. import __version__
from ..simulation import Simulation

_BITS = 128


@dataclass(frozen=True)
class Key:
    """All that is needed to draw a sealed world again.

    The simulator is public, so a world is secret only while nobody can guess the number that it is drawn from: one of
    2**128, from the operating system's source of randomness. The simulator's own generator (PCG64) is no cipher. That
    is enough for a class, and not for a prize.

    Attributes
    ----------
    number : str
        The random number, 32 hexadecimal digits.
    scenario : str
        What differs between the hospitals, see `maldinb.simulation.SCENARIOS`.
    antibiotic, abroad : str
        The label, and the hospital for which it is to be predicted.
    n_spectra : int
    version : str
        Of the package that drew the world first.
    world_hash : str
        SHA-256 of labels and planted peaks, by which another simulator is noticed.

    Examples
    --------
    >>> key = Key.draw("twin", "Amikacin", "Rome", 24)
    >>> len(key.number), key.seal == Key.of_text(key.text).seal, key.simulation().seed == key.simulation().seed
    (32, True, True)
    """

    number: str
    scenario: str
    antibiotic: str
    abroad: str
    n_spectra: int
    version: str
    world_hash: str

    @classmethod
    def draw(cls, scenario, antibiotic, abroad, n_spectra):
        """A new key.

        Parameters
        ----------
        scenario, antibiotic, abroad : str
        n_spectra : int

        Returns
        -------
        Key

        Raises
        ------
        ValueError
            If there is no such scenario, or `n_spectra` is too small for the simulator.
        """
        number = f"{secrets.randbits(_BITS):0{_BITS // 4}x}"
        simulation = _simulate(number, scenario, n_spectra)
        return cls(number, scenario, antibiotic, abroad, simulation.n_spectra, __version__, _world_hash(simulation))

    @classmethod
    def of_text(cls, text, name="the key"):
        """A key from the text of its file.

        Parameters
        ----------
        text : str
        name : str
            What to call it in messages.

        Returns
        -------
        Key

        Raises
        ------
        ValueError
            If it is no key.
        """
        try:
            return cls(**json.loads(text))
        except (ValueError, TypeError):
            raise ValueError(f"{name} is not a key that maldinb challenge new has written") from None

    @classmethod
    def read(cls, path):
        """A key from its file.

        Raises
        ------
        ValueError
            If it is none.
        OSError
            If it cannot be read.
        """
        try:
            return cls.of_text(Path(path).expanduser().read_text("utf-8"), str(path))
        except UnicodeDecodeError:
            return cls.of_text("", str(path))

    @property
    def text(self):
        """What stands in the key's file."""
        return json.dumps(asdict(self))

    @property
    def seal(self):
        """SHA-256 of the key's file, as ``sha256sum`` shows it: another key, or another design, has another one."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def simulation(self):
        """The world, drawn again.

        Returns
        -------
        Simulation

        Raises
        ------
        ValueError
            If the simulator of this version draws another one.
        """
        simulation = _simulate(self.number, self.scenario, self.n_spectra)
        if _world_hash(simulation) != self.world_hash:
            raise ValueError(
                f"this version of maldinb ({__version__}) draws another world from this key than the one that made it "
                f"({self.version}); open the challenge with that one"
            )
        return simulation


def _simulate(number, scenario, n_spectra):
    """Isolates and peaks from two numbers, of which the one tells nothing of the other."""
    seed, world = (int(hashlib.sha256(f"{what} {number}".encode()).hexdigest()[:32], 16) for what in ("seed", "world"))
    return Simulation(n_spectra, seed, scenario=scenario, world=world)


def _world_hash(simulation):
    """A hash of what is true; its secret is the key's, since labels of few isolates could be guessed."""
    tables = (table.to_csv(float_format="%.6g", lineterminator="\n") for table in (simulation.meta, simulation.planted))
    return hashlib.sha256("".join(tables).encode()).hexdigest()
