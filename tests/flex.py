"""Bruker flex acquisitions, written: the inverse of what the reader does."""

import numpy as np

#: The calibration of an instrument, as its acqus files have it.
ML1, ML2, ML3 = 5434417.8964603, 464.43520545125, -0.0075702784055898
DELAY, DW = 19632, 2


def time_of(mz):
    """Time of flight in ns, by the calibration."""
    s = np.sqrt(mz)
    return ML3 * s**2 + np.sqrt(1e12 / ML1) * s + ML2


def acqus_of(n_points, **changed):
    """The text of an acqus file; a parameter that is None is left out."""
    told = dict(AQOP_m=0, BYTORDA=0, DELAY=DELAY, DW=DW, HPClOrd=0, HPClUse="no", ML1=ML1, ML2=ML2, ML3=ML3, SPType=0)
    told |= {"TD": n_points, "AQ_DATE": "<2018-11-15T11:22:31>", "INSTRUM": "<FLEX-PC>"} | changed
    lines = [f"##${name}= {value} " for name, value in told.items() if value is not None]
    return "\r\n".join(["##TITLE=  XMASS Parameter file", *lines, "##$D= (0..3) ", "0 0 0 0 ", "##END=", ""]).encode()


def fid_of(counts, order="<"):
    return np.asarray(counts).astype(f"{order}i4").tobytes()


def axis(n_points=20672):
    """The m/z of an acquisition's points, found by bisection: no formula that the reader could share."""
    low, high = np.full(n_points, 1000.0), np.full(n_points, 40000.0)
    time = DELAY + DW * np.arange(n_points)
    for _ in range(60):
        middle = (low + high) / 2
        below = time_of(middle) < time
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return (low + high) / 2


def acquisition(folder, counts, **changed):
    """Name -> bytes of the files of an acquisition."""
    return {f"{folder}/fid": fid_of(counts), f"{folder}/acqus": acqus_of(len(counts), **changed)}
