"""Bruker flex: an acquisition is a folder of counts (``fid``) and of how they were taken (``acqus``).

The time of a count gives its m/z, by the calibration that the instrument wrote beside it.
"""

import re

import numpy as np

from ..preprocessing import SpectrumError
from .text import decode

#: What is needed of ``acqus``: number of points; delay and width of a point in ns; calibration; order of bytes.
NEEDED = ("TD", "DELAY", "DW", "ML1", "ML2", "ML3", "BYTORDA")
_LINE = re.compile(r"(?m)^##\$?([^=\r\n]+)=(.*)")
_POINT = 4  # bytes
_HPC = (
    "the instrument asked for a high-precision calibration (HPClUse), which is not applied: m/z may differ from "
    "those of its own software"
)

_CTOF2 = (
    "the instrument was calibrated in another way (CTOF2, in NTBCal), which is not applied: m/z may differ from "
    "those of its own software"
)


def parse_flex(fid, acqus):
    r"""Read m/z and intensity from the two files of an acquisition.

    Parameters
    ----------
    fid : bytes
        Counts, signed whole numbers of 32 bits.
    acqus : bytes
        JCAMP-DX text, ``acqus`` or ``acqu``.

    Returns
    -------
    mz, intensity : ndarray of float64, shape (n_points,)
        m/z in Da and intensity in counts.
    about : dict
        ``format``; ``instrument`` and ``date``, where they are named; ``warning``, where the instrument asked for a
        calibration that is not applied: the high-precision one (HPC), or CTOF2.

    Raises
    ------
    SpectrumError
        If the spot is empty, `fid` does not hold what `acqus` announces, the calibration is missing or makes no sense,
        or the spectrum was not taken in linear mode.

    References
    ----------
    Gibb and Strimmer 2012, doi:10.1093/bioinformatics/bts447: their readBrukerFlexData found out what parameters mean

    Examples
    --------
    >>> acqus = b"##$TD= 2\n##$DELAY= 20000\n##$DW= 2\n##$BYTORDA= 1\n##$ML1= 5e6\n##$ML2= 0\n##$ML3= 0\n"
    >>> mz, intensity, about = parse_flex(bytes([0, 0, 0, 7, 0, 0, 0, 9]), acqus)
    >>> mz.round(1), intensity
    (array([2000. , 2000.4]), array([7., 9.]))
    """
    told = parameters(acqus)
    missing = [name for name in NEEDED if not told.get(name)]
    if missing:
        raise SpectrumError(f"acqus has no {', '.join(missing)}, without which no point has an m/z")
    _check_mode(told)
    points, order = _whole(told, "TD"), _whole(told, "BYTORDA")
    if order not in (0, 1):
        raise SpectrumError(f"acqus gives BYTORDA as {order}; the order of bytes is 0 (little) or 1 (big)")
    if not fid or points == 0:
        raise SpectrumError("the spot is empty: fid holds no points")
    if len(fid) != _POINT * points:
        raise SpectrumError(
            f"fid holds {len(fid)} bytes, and acqus announces (TD) {points} points of {_POINT}: the copy is "
            "incomplete, or the acquisition was stopped"
        )
    intensity = np.frombuffer(fid, dtype="<i4" if order == 0 else ">i4").astype(float)
    time = _number(told, "DELAY") + _number(told, "DW") * np.arange(points)  # ns
    mz = mz_of(time, *(_number(told, name) for name in ("ML1", "ML2", "ML3")))
    about = {"instrument": told.get("INSTRUM"), "date": told.get("AQ_DATE"), "warning": _warning(told)}
    return mz, intensity, {"format": "Bruker flex"} | {name: value for name, value in about.items() if value}


def parameters(acqus):
    r"""Names and values of a JCAMP-DX text, as text; angle brackets around a value are taken off.

    Parameters
    ----------
    acqus : bytes
        In Latin-1 or UTF-16.

    Returns
    -------
    dict

    Raises
    ------
    SpectrumError
        If it is no text.

    Examples
    --------
    >>> parameters(b"##$TD= 20672 \r\n##$INSTRUM= <FLEX-PC> \r\n")
    {'TD': '20672', 'INSTRUM': 'FLEX-PC'}
    """
    try:
        text = decode(acqus).decode("latin-1").replace("\r", "\n")
    except SpectrumError as error:
        raise SpectrumError(f"acqus: {error}") from None
    found = ((name.strip(), value.strip()) for name, value in _LINE.findall(text))
    return {name: value[1:-1].strip() if value[:1] + value[-1:] == "<>" else value for name, value in found}


def _check_mode(told):
    """Refuse what is no spectrum of whole proteins: these fly straight, and are not broken up."""
    reflected = told["AQOP_m"] == "1" if "AQOP_m" in told else told.get("PATH", "").endswith("SRef")
    if reflected:
        raise SpectrumError(
            "a reflector spectrum (AQOP_m); whole proteins of 2000-20000 Da are recorded in linear mode"
        )
    if told.get("SPType", "0") != "0":
        raise SpectrumError(
            f"acqus gives SPType as {told['SPType']}: a spectrum of fragments (PSD, LIFT), not of proteins"
        )


def _warning(told):
    """What the instrument's own software would have done beside; a file may ask for HPC and hold no polynomial."""
    if told.get("HPClUse", "").lower() == "yes" and told.get("HPClOrd") != "0":
        return _HPC
    return _CTOF2 if "CTOF2CalibrationConstants" in told.get("NTBCal", "") else None


def mz_of(time, ml1, ml2, ml3):
    """The m/z of ions that arrive after a time of flight.

    Parameters
    ----------
    time : ndarray, shape (n_points,)
        In ns.
    ml1, ml2, ml3 : float
        Calibration. ``s = sqrt(m/z)`` solves ``ml3 s^2 + sqrt(1e12 / ml1) s + ml2 - time = 0``.

    Returns
    -------
    ndarray, shape (n_points,)
        In Da.

    Raises
    ------
    SpectrumError
        If the calibration gives no m/z.

    Examples
    --------
    >>> mz_of(np.array([20000.0, 40000.0]), ml1=5e6, ml2=0.0, ml3=0.0).round()
    array([2000., 8000.])
    """
    if not ml1 > 0:
        raise SpectrumError(f"acqus gives ML1 as {ml1:g}, and a calibration takes a number above 0")
    with np.errstate(all="ignore"):  # what comes of senseless numbers is judged below
        slope, constant = np.sqrt(1e12 / ml1), ml2 - time
        # The other way to write the root divides by ml3, which may be 0 or nearly so.
        mz = (2 * constant / (slope + np.sqrt(slope**2 - 4 * ml3 * constant))) ** 2
    if not np.isfinite(mz).all():
        raise SpectrumError(f"the calibration (ML1 {ml1:g}, ML2 {ml2:g}, ML3 {ml3:g}) gives no m/z for some points")
    return mz


def _number(told, name):
    try:
        value = float(told[name])
    except ValueError:
        value = np.nan
    if not np.isfinite(value):
        raise SpectrumError(f"acqus gives {name} as {told[name]!r}, which is no number")
    return value


def _whole(told, name):
    value = _number(told, name)
    if value < 0 or value != int(value):
        raise SpectrumError(f"acqus gives {name} as {told[name]!r}, which is no whole number")
    return int(value)
