"""Text files of every dialect give the same numbers; broken ones name the line."""

import gzip

import numpy as np
import pytest
from builders import as_text, make_spectrum
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from maldinb.formats.text import parse_spectrum
from maldinb.preprocessing import SpectrumError, preprocess

MZ, Y = make_spectrum()
PLAIN = as_text(MZ, Y)
COMMA = PLAIN.replace(b".", b",")

DIALECTS = {
    "format A": PLAIN,
    "format R": as_text(MZ, Y, "{:.6f}  \t{:.6f}", "# m/z   \tintensity \n"),
    "CRLF": PLAIN.replace(b"\n", b"\r\n"),
    "old Mac line ends": PLAIN.replace(b"\n", b"\r"),
    "comma": PLAIN.replace(b" ", b","),
    "comma and blank": PLAIN.replace(b" ", b", "),
    "semicolon": PLAIN.replace(b" ", b";"),
    "tab": PLAIN.replace(b" ", b"\t"),
    "decimal comma, semicolon": COMMA.replace(b" ", b";"),
    "decimal comma, tab": COMMA.replace(b" ", b"\t"),
    "decimal comma, blank": COMMA,
    "header of words": b"mass,intensity\n" + PLAIN.replace(b" ", b","),
    "header with blanks": b"m/z in Da; counts\n\n" + PLAIN.replace(b" ", b";"),
    "comments and blank lines": b"# a\n\n# b\n" + PLAIN.replace(b"\n", b"  # peak\n\n", 3),
    "leading blanks": b"  " + PLAIN.replace(b"\n", b"\n  ").rstrip(b" "),
    "no last line end": PLAIN.rstrip(b"\n"),
    "byte order mark": b"\xef\xbb\xbf" + PLAIN,
    "UTF-16": PLAIN.decode().encode("utf-16"),
    "UTF-16, big end first": b"\xfe\xff" + PLAIN.decode().encode("utf-16-be"),
    "UTF-16 without a mark": PLAIN.decode().encode("utf-16-le"),
    "gzip": gzip.compress(PLAIN),
    "Latin-1 header": "Masse \xb1 Fehler\n".encode("latin-1") + PLAIN,
    "quoted": as_text(MZ, Y, '"{:.3f}","{:.0f}"'),
    "quoted, with a header": as_text(MZ, Y, '"{:.3f}";"{:.0f}"', header='"mass";"intensity"\n'),
    "exponents": as_text(MZ, Y, "{:.7e} {:.3e}"),
}


@pytest.mark.parametrize("data", DIALECTS.values(), ids=DIALECTS)
def test_every_dialect_gives_the_same_spectrum(data):
    mz, y = parse_spectrum(data)
    assert np.array_equal(mz, MZ) and np.array_equal(y, Y)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("separator", [";", "\t", "  "])
def test_a_decimal_comma_may_be_missing_in_the_first_line(separator, end):
    lines = ["2000 10", "2000,5 11", "2001,25 12,5"]
    mz, y = parse_spectrum((end.join(lines) + end).replace(" ", separator).encode())
    assert mz.tolist() == [2000, 2000.5, 2001.25] and y.tolist() == [10, 11, 12.5]


@given(
    arrays(float, 30, elements=st.integers(2_000_000, 20_000_000).map(lambda k: k / 1000)),
    arrays(float, 30, elements=st.integers(-(10**6), 10**6)),
    st.sampled_from([("{:.3f} {:.0f}", "\n"), ("{:.6f}\t{:.6f}", "\r\n"), ("{:.3f};{:.1f}", "\n")]),
)
def test_numbers_come_back_exactly(mz, y, dialect):
    template, end = dialect
    read = parse_spectrum(as_text(mz, y, template, end=end))
    assert np.array_equal(read[0], mz) and np.array_equal(read[1], y)


def with_line(number, text):
    lines = PLAIN.split(b"\n")
    lines[number - 1] = text
    return b"\n".join(lines)


BROKEN = {
    "empty": (b"", "the file is empty"),
    "blank": (b" \n\n", "the file is empty"),
    "only a header": (b"m/z intensity\n", "no line of numbers after the header in line 1"),
    "prose": (b"dear all,\nplease find\nattached", "line 2 is not two finite numbers.*please find"),
    "one column": (PLAIN.replace(b" ", b"\n"), "line 2 is not two"),
    "three columns": (PLAIN.replace(b"\n", b" 7\n"), "line 2 is not two finite numbers"),
    "a word": (with_line(17, b"2050.1 n.d."), "line 17 is not two finite numbers.*n.d."),
    "a hole": (with_line(17, b"2050.1"), "line 17 is not two"),
    "an extra number": (with_line(17, b"2050.1 3 4"), "line 17 is not two"),
    "nan": (with_line(17, b"2050.1 nan"), "line 17 is not two finite numbers"),
    "inf": (with_line(17, b"2050.1 -inf"), "line 17 is not two finite numbers"),
    "NA": (with_line(17, b"2050.1 NA"), "line 17 is not two finite numbers"),
    "cut off": (PLAIN[:-9], "line 8067 is not two finite numbers.*'200'"),
    "damaged gzip": (gzip.compress(PLAIN)[:500], "damaged gzip"),
    "half UTF-16": (PLAIN.decode().encode("utf-16")[:-1], "UTF-16"),
    "binary": (bytes(range(1, 256)) * 40, "not two|no line of numbers"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(500), "not two|no line of numbers|UTF-16"),
}


@pytest.mark.parametrize(("data", "message"), BROKEN.values(), ids=BROKEN)
def test_a_broken_file_names_the_place(data, message):
    with pytest.raises(SpectrumError, match=message):
        parse_spectrum(data)


@given(st.binary(max_size=300))
def test_any_bytes_are_a_spectrum_or_a_clear_error(data):
    try:
        mz, y = parse_spectrum(data)
    except SpectrumError:
        return
    assert mz.shape == y.shape and np.isfinite(mz).all() and np.isfinite(y).all()


def test_all_real_spectra_are_read_in_both_formats(real_spectra):
    lengths = []
    for file in sorted((real_spectra / "spectra").glob("*.txt")):
        mz, y = parse_spectrum(file.read_bytes())
        assert preprocess(mz, y).sum() == pytest.approx(1)
        lengths.append(len(mz))
    assert len(lengths) == 29 and min(lengths) > 20000
