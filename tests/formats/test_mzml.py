"""mzML and mzXML: one profile spectrum a file, and a sentence for everything else."""

import gzip
import sys

import numpy as np
import pandas as pd
import pytest
from builders import as_text, assert_same_matrix, make_spectrum, write_folder, write_tar, write_zip
from hypothesis import given
from hypothesis import strategies as st
from mass_xml import CENTROID, PROFILE, mzml, mzxml

from maldinb import DatasetError, load_dataset, load_spectra, raw_spectrum
from maldinb.formats import read_spectrum
from maldinb.formats.mzml import parse_mzml, parse_mzxml
from maldinb.preprocessing import SpectrumError

MZ, Y = make_spectrum(1)
SMALL = (np.array([2000.25, 2001.5]), np.array([3.0, 4.0]))

GOOD = {
    "mzML": (parse_mzml, mzml((MZ, Y))),
    "mzML, packed arrays": (parse_mzml, mzml((MZ, Y), packed=True)),
    "mzML that does not say": (parse_mzml, mzml((MZ, Y), mark="")),
    "mzML, both kinds in the content": (parse_mzml, mzml((MZ, Y), content=CENTROID + PROFILE)),
    "mzXML": (parse_mzxml, mzxml((MZ, Y))),
    "mzXML, packed": (parse_mzxml, mzxml((MZ, Y), packed=True)),
    "mzXML that does not say": (parse_mzxml, mzxml((MZ, Y), centroided=None)),
}


@pytest.mark.parametrize(("parse", "data"), GOOD.values(), ids=GOOD)
def test_every_way_to_write_it_gives_the_same_spectrum(parse, data):
    mz, y, about = parse(data)
    assert np.array_equal(mz, MZ) and np.array_equal(y, Y) and mz.dtype == y.dtype == float
    assert about["format"] == ("mzML" if parse is parse_mzml else "mzXML")


PROCESSING = '<dataProcessing centroided="1"><software type="x" name="y" version="1"/></dataProcessing>'
BROKEN = {
    "centroid": (parse_mzml, mzml(SMALL, mark=CENTROID), "centroid data: a list of peaks"),
    "centroid by the content": (parse_mzml, mzml(SMALL, mark="", content=CENTROID), "centroid data"),
    "mzXML, centroid": (parse_mzxml, mzxml(SMALL, centroided="1"), "centroid data"),
    "mzXML, centroid by the run": (parse_mzxml, mzxml(SMALL, centroided=None, processing=PROCESSING), "centroid data"),
    "several": (parse_mzml, mzml(SMALL, SMALL, SMALL), "the mzML file holds 3 spectra; one spectrum a file"),
    "mzXML, several": (parse_mzxml, mzxml(SMALL, SMALL), "the mzXML file holds 2 spectra"),
    "none": (parse_mzml, mzml(), "the mzML file holds no spectra"),
    "no points": (parse_mzml, mzml(([], [])), "has 0 m/z and 0 intensities"),
    "unequal": (parse_mzml, mzml(([1.0, 2.0], [3.0])), "has 2 m/z and 1 intensities"),
    "cut off": (parse_mzml, mzml((MZ, Y))[:5000], "no whole mzML file: "),
    "mzXML, cut off": (parse_mzxml, mzxml((MZ, Y))[:-40], "no whole mzXML file: "),
    "empty": (parse_mzml, b"", "no whole mzML file: "),
    "text": (parse_mzml, b"2000 1\n2001 2\n", "no whole mzML file: "),
    "damaged array": (parse_mzml, mzml(SMALL).replace(b"<binary>AAAA", b"<binary>AA*"), "no whole mzML file: "),
    "a document type": (parse_mzml, mzml(SMALL).replace(b"<mzML", b"<!DOCTYPE a []><mzML"), "declares no DOCTYPE"),
}


@pytest.mark.parametrize(("parse", "data", "message"), BROKEN.values(), ids=BROKEN)
def test_anything_else_is_refused_with_a_sentence(parse, data, message):
    with pytest.raises(SpectrumError, match=message):
        parse(data)


@given(st.sampled_from([parse_mzml, parse_mzxml]), st.binary(max_size=100), st.integers(0, 1500))
def test_any_bytes_are_a_spectrum_or_a_clear_error(parse, data, cut):
    whole = (mzml if parse is parse_mzml else mzxml)(SMALL)
    for attempt in (data, whole[:cut] + data + whole[cut:]):
        try:
            mz, y, _ = parse(attempt)
        except SpectrumError:
            continue
        assert mz.shape == y.shape


def test_every_source_of_them_gives_the_matrix_of_the_text(tmp_path):
    table = {"metadata.csv": b"ID,Drug\ns1,R\ns2,S\n"}
    text = {f"spectra/s{i}.txt": as_text(*make_spectrum(i)) for i in (1, 2)}
    first = {"s1.mzML": mzml(make_spectrum(1)), "deep/s2.mzML.gz": gzip.compress(mzml(make_spectrum(2)))}
    second = {"s1.mzXML": mzxml(make_spectrum(1)), "s2.MZXML": mzxml(make_spectrum(2))}
    expected = load_spectra(write_folder(tmp_path / "text", text | table), label="Drug")
    for name, files in (("mzml", first), ("mzxml", second)):
        for source in (
            write_folder(tmp_path / name, files | table),
            write_tar(tmp_path / f"{name}.tar", files | table),
            write_zip(tmp_path / f"{name}.zip", files | table),
        ):
            data = load_spectra(source, label="Drug")
            assert_same_matrix(data.X.sort_index(), expected.X)
            assert np.array_equal(raw_spectrum(data, "s2")[1], make_spectrum(2)[1])
            assert load_dataset(source, antibiotic="Drug").info["n_spectra"] == 2


def test_a_single_file_is_read_and_says_what_it_is(tmp_path):
    (tmp_path / "a.mzML.gz").write_bytes(gzip.compress(mzml((MZ, Y))))
    assert read_spectrum(tmp_path / "a.mzML.gz").about == {"format": "mzML"}
    (tmp_path / "c.mzXML.gz").write_bytes(gzip.compress(mzxml((MZ, Y)))[:500])
    with pytest.raises(DatasetError, match="c.mzXML.gz: damaged gzip file"):
        read_spectrum(tmp_path / "c.mzXML.gz")
    (tmp_path / "b.mzML").write_bytes(mzml(SMALL, SMALL))
    with pytest.raises(DatasetError, match="b.mzML: the mzML file holds 2 spectra"):
        read_spectrum(tmp_path / "b.mzML")


def test_where_half_of_pyteomics_is_missing_too(monkeypatch):
    xml = pytest.importorskip("pyteomics.xml")
    if not hasattr(xml, "_has_psims"):
        pytest.skip("pyteomics 4 does not ask for psims")
    monkeypatch.setattr(xml, "_has_psims", False)
    with pytest.raises(DatasetError, match=r"psims.*: pip install maldinb\[formats\]"):
        parse_mzml(mzml(SMALL))


@pytest.mark.parametrize("options", [{}, {"on_error": "skip"}])
def test_where_pyteomics_is_missing_the_error_says_what_to_install(tmp_path, monkeypatch, options):
    monkeypatch.setitem(sys.modules, "pyteomics.mzml", None)
    folder = write_folder(tmp_path / "x", {"a.mzML": mzml((MZ, Y)), "b.mzML": mzml((MZ, Y))})
    with pytest.raises(DatasetError, match=r"mzML files need pyteomics.*: pip install maldinb\[formats\]"):
        load_spectra(folder, pd.DataFrame({"ID": ["a", "b"]}), **options)
    with pytest.raises(DatasetError, match=r"pip install maldinb\[formats\]"):
        read_spectrum(folder / "a.mzML")
