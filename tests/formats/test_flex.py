"""Bruker flex: what the instrument's own numbers say, and every way in which an acquisition can be bad."""

import numpy as np
import pytest
from flex import DELAY, DW, ML1, ML2, acqus_of, axis, fid_of, time_of
from hypothesis import given
from hypothesis import strategies as st

from maldinb.formats.flex import mz_of, parameters, parse_flex
from maldinb.preprocessing import SpectrumError

COUNTS = np.arange(500) % 97
FID, ACQUS = fid_of(COUNTS), acqus_of(500)


def test_an_acquisition_is_calibrated_and_described():
    mz, y, about = parse_flex(FID, ACQUS)
    assert np.allclose(mz, axis(500), rtol=1e-12, atol=0) and np.array_equal(y, COUNTS)
    assert about == {"format": "Bruker flex", "instrument": "FLEX-PC", "date": "2018-11-15T11:22:31"}


def test_a_calibration_of_marisma_agrees_with_another_implementation():
    """The axis of a spectrum of MARISMa (2018, E. coli, 0018d75a), as maldiamrkit 0.22.1 computes it."""
    mz, _, _ = parse_flex(fid_of(np.zeros(20672)), acqus_of(20672))
    expected = [1999.7359462752509, 2439.2269792316697, 8363.906589228587, 19997.303868880426]
    assert np.allclose(mz[[0, 1000, 10000, -1]], expected, rtol=1e-12, atol=0)


@given(st.floats(1e5, 1e8), st.floats(-1e3, 1e3), st.floats(-0.02, 0.02))
def test_the_calibration_is_inverted(ml1, ml2, ml3):
    mz = np.linspace(1000, 20000, 50)
    s = np.sqrt(mz)
    assert np.allclose(mz_of(ml3 * s**2 + np.sqrt(1e12 / ml1) * s + ml2, ml1, ml2, ml3), mz, rtol=1e-6, atol=0)


def test_without_a_square_term_it_is_a_line():
    mz, _, _ = parse_flex(FID, acqus_of(500, ML3=0))
    assert np.allclose(mz, (DELAY + DW * np.arange(500) - ML2) ** 2 * ML1 / 1e12)


DIALECTS = {
    "big end first": (fid_of(COUNTS, ">"), acqus_of(500, BYTORDA=1)),
    "line feeds": (FID, ACQUS.replace(b"\r\n", b"\n")),
    "carriage returns": (FID, ACQUS.replace(b"\r\n", b"\r")),
    "UTF-16": (FID, ACQUS.decode().encode("utf-16")),
    "UTF-16 without a mark": (FID, ACQUS.decode().encode("utf-16-le")),
    "Latin-1": (FID, ACQUS.replace(b"XMASS", b"\xb5")),
    "exponents": (FID, acqus_of(500, ML1=f"{ML1:.14e}")),
    "without a mode": (FID, acqus_of(500, AQOP_m=None, SPType=None, PATH=r"<D:\a\0_C9\1\1SLin>")),
}


@pytest.mark.parametrize(("fid", "acqus"), DIALECTS.values(), ids=DIALECTS)
def test_every_dialect_gives_the_same_spectrum(fid, acqus):
    mz, y, about = parse_flex(fid, acqus)
    assert np.array_equal(y, COUNTS) and np.allclose(time_of(mz), DELAY + DW * np.arange(500), rtol=1e-13, atol=0)
    assert about["instrument"] == "FLEX-PC"


BROKEN = {
    "an empty spot": (b"", ACQUS, "the spot is empty"),
    "no points": (b"", acqus_of(0), "the spot is empty"),
    "cut off": (FID[:-4], ACQUS, r"fid holds 1996 bytes, and acqus announces \(TD\) 500 points of 4: .* incomplete"),
    "too long": (FID + FID, ACQUS, "fid holds 4000 bytes"),
    "an unknown order": (FID, acqus_of(500, BYTORDA=2), "gives BYTORDA as 2; the order of bytes is 0 .little. or 1"),
    "no ML1": (FID, acqus_of(500, ML1=None), "acqus has no ML1, without which no point has an m/z"),
    "no calibration": (FID, acqus_of(500, ML1=None, ML2=None, ML3=""), "acqus has no ML1, ML2, ML3"),
    "ML1 of 0": (FID, acqus_of(500, ML1=0), "gives ML1 as 0, and a calibration takes a number above 0"),
    "a senseless ML3": (FID, acqus_of(500, ML3=-1e6), "calibration .ML1 .* gives no m/z for some points"),
    "a word": (FID, acqus_of(500, DW="two"), "gives DW as 'two', which is no number"),
    "half a point": (FID, acqus_of("500.5"), "gives TD as '500.5', which is no whole number"),
    "a reflector": (FID, acqus_of(500, AQOP_m=1), "a reflector spectrum .* recorded in linear mode"),
    "a reflector by its path": (FID, acqus_of(500, AQOP_m=None, PATH=r"<D:\a\0_C9\1\1SRef>"), "a reflector spectrum"),
    "fragments": (FID, acqus_of(500, SPType=2), "SPType as 2: a spectrum of fragments"),
    "empty acqus": (FID, b"", "acqus: the file is empty"),
    "half UTF-16": (FID, ACQUS.decode().encode("utf-16")[:-1], "acqus: looks like UTF-16 text but is not"),
    "something else": (FID, b"\x89PNG\r\n\x1a\n", "acqus has no TD, DELAY, DW"),
}


@pytest.mark.parametrize(("fid", "acqus", "message"), BROKEN.values(), ids=BROKEN)
def test_a_bad_acquisition_says_what_is_wrong(fid, acqus, message):
    with pytest.raises(SpectrumError, match=message):
        parse_flex(fid, acqus)


def test_a_calibration_that_is_not_applied_is_told():
    assert "HPClUse" in parse_flex(FID, acqus_of(500, HPClUse="yes", HPClOrd=10))[2]["warning"]
    assert "warning" not in parse_flex(FID, acqus_of(500, HPClUse="yes", HPClOrd=0))[2]  # no polynomial to apply
    other = "<V3.0CCalibrator 1 V1.0CTOF2CalibrationConstants 19632 2 > "
    assert "CTOF2" in parse_flex(FID, acqus_of(500, NTBCal=other))[2]["warning"]
    usual = "<V3.0CCalibrator 1 V3.0CTOFCalibrationConstants 19632 2 > "
    assert "warning" not in parse_flex(FID, acqus_of(500, NTBCal=usual))[2]


def test_a_value_keeps_its_own_brackets():
    assert parameters(b'##$CalStar= <<?xml version="1.0"?><cs></cs>> \r\n##$A= <>\r\n##.INLET=  DIRECT\r\n') == {
        "CalStar": '<?xml version="1.0"?><cs></cs>', "A": "", ".INLET": "DIRECT",
    }  # fmt: skip


@given(st.binary(max_size=60), st.dictionaries(st.sampled_from(["TD", "DW", "DELAY", "ML1", "ML2", "ML3"]), st.text()))
def test_anything_is_a_spectrum_or_a_clear_error(fid, changed):
    try:
        mz, y, _ = parse_flex(
            fid, acqus_of(len(fid) // 4, **{k: v.encode("ascii", "ignore").decode() for k, v in changed.items()})
        )
    except SpectrumError:
        return
    assert mz.shape == y.shape and np.isfinite(mz).all()


#: A real acquisition by maldiamrkit 0.22.1 (`maldiamrkit.io.readers`, source="fid"): the number of points;
#: position -> m/z in Da and counts; the sum of all counts.
REAL = (
    21331,
    {
        0: (1999.903753923907, 361), 1000: (2440.91755386073, 274), 10000: (8395.127500820552, 672),
        21330: (20997.64730825587, 7),
    },
    4450522,
)  # fmt: skip


def test_a_real_acquisition_agrees_with_another_implementation(real_spectra):
    folder = next(real_spectra.glob("bruker/**/1SLin"), None)
    if folder is None:
        pytest.skip("no Bruker folder beside the real spectra")
    mz, y, about = parse_flex((folder / "fid").read_bytes(), (folder / "acqus").read_bytes())
    n_points, points, total = REAL
    assert (len(mz), y.sum()) == (n_points, total) and about["instrument"] and "warning" not in about
    for i, (m, counts) in points.items():
        assert mz[i] == pytest.approx(m, rel=1e-9) and y[i] == counts
